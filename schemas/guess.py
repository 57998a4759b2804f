"""A table without headings: what each column is, told from what stands in it.

Only a table that is plainly a list of books is taken: a title column and at least two of author, year, class, ISBN and
accession number. The columns then get the usual Vietnamese headings, as if the library had written them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from schemas.cells import read_isbns
from schemas.headings import FIELDS, Header, letter

SAMPLE = 300  # rows looked at
FEWEST = 5
TELLING = ("author", "year", "class", "isbn", "accession")
NUMBER = re.compile("[0-9]{1,9}")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
CLASS = re.compile(r"\d{2,3}(?:\.\d+)*(?:\s*[A-ZĐ][\w-]*)?|\d{3}(?:\.[\d ]+)?\s+\S+")
ACCESSION = re.compile(r"[A-Za-zĐđ]{0,6}[.\-/ ]?\d{3,14}")
VOLUME = re.compile(r"(?:t|tập|q|quyển|vol|v|ph|phần)?\.?\s*\d{1,3}(?:\s*[/-]\s*\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Column:
    """The cells of one column of the sample, without the empty ones."""

    cells: tuple[str, ...]
    of: int

    @cached_property
    def filled(self) -> float:
        return len(self.cells) / self.of

    @cached_property
    def distinct(self) -> float:
        return len(set(self.cells)) / max(len(self.cells), 1)

    @cached_property
    def length(self) -> float:
        return sum(map(len, self.cells)) / max(len(self.cells), 1)

    def share(self, test: Callable[[str], object]) -> float:
        return sum(1 for cell in self.cells if test(cell)) / max(len(self.cells), 1)

    @cached_property
    def text(self) -> bool:
        """Words rather than numbers."""
        return self.share(lambda cell: sum(c.isalpha() for c in cell) > len(cell) / 2) >= 0.8

    @cached_property
    def counts(self) -> bool:
        """A running number."""
        numbers = [int(cell) for cell in self.cells if NUMBER.fullmatch(cell)]
        steps = sum(1 for a, b in pairwise(numbers) if b - a == 1)
        return len(numbers) > 0.9 * self.of and steps > 0.8 * len(numbers)


def guess_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The header a table without headings should have had, or ``None`` when it does not look like a list of books."""
    rows = [row for row in rows[:SAMPLE] if any(cell.strip() for cell in row)]
    if len(rows) < FEWEST:
        return None
    width = max(map(len, rows))
    columns = [_Column(tuple(c for row in rows if (c := _cell(row, at))), len(rows)) for at in range(width)]
    found = _numbers(columns) | _texts(columns)
    if "title" not in found.values() or len(set(found.values()) & set(TELLING)) < 2:
        return None
    return Header(tuple(_heading(found[at]) if at in found else letter(at) for at in range(width)), 0, guessed=True)


def _cell(row: Sequence[str], at: int) -> str:
    return " ".join(row[at].split()) if at < len(row) else ""


def _heading(field: str) -> str:
    first = FIELDS[field].split("|")[0]
    return (first[:1].upper() + first[1:]).replace("đkcb", "ĐKCB").replace("Isbn", "ISBN")


def _numbers(columns: Sequence[_Column]) -> dict[int, str]:
    """Columns of numbers: year, ISBN, class, accession number, volume; each at most once, the surest first."""
    tests: tuple[tuple[str, float, Callable[[_Column], bool]], ...] = (
        ("year", 0.5, lambda c: c.share(YEAR.fullmatch) >= 0.85),
        ("isbn", 0.2, lambda c: c.share(lambda cell: any(a == "a" for a, _ in read_isbns(cell))) >= 0.6),
        ("class", 0.5, lambda c: c.share(CLASS.fullmatch) >= 0.6 and c.distinct < 0.9),
        ("accession", 0.7, lambda c: c.share(ACCESSION.fullmatch) >= 0.9 and c.distinct >= 0.9),
        ("volume", 0.005, lambda c: c.filled < 0.6 and c.share(VOLUME.fullmatch) >= 0.7),
    )
    found: dict[int, str] = {}
    for field, least, test in tests:
        for at, column in enumerate(columns):
            running = column.counts and field != "year"
            if at not in found and column.filled >= least and not running and test(column):
                found[at] = field
                break
    return found


def _texts(columns: Sequence[_Column]) -> dict[int, str]:
    """Columns of words: the longest and most various is the title, names are the author, a few values the location."""
    words = {at: column for at, column in enumerate(columns) if column.text and column.filled >= 0.5}
    titles = [at for at, column in words.items() if column.length >= 12 and column.distinct >= 0.6]
    if not titles:
        return {}
    found = {max(titles, key=lambda at: words[at].length): "title"}
    for at, column in words.items():
        if at in found:
            continue
        if column.distinct <= 0.25:
            found.setdefault(at, "location")
        elif "author" not in found.values() and column.share(_like_names) >= 0.5:
            found[at] = "author"
    return found


def _like_names(cell: str) -> bool:
    """Two to a dozen words of which most begin with a capital."""
    words = [word for word in cell.split() if word[:1].isalpha()]
    return 2 <= len(words) <= 12 and sum(word[0].isupper() for word in words) >= len(words) * 0.6
