"""The guided mapping of a table: its columns with samples of what stands in them, and what each is taken as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from schemas.format import Reading, find_format
from schemas.headings import FIELDS, is_staff, letter, recognize
from schemas.problem import Trouble
from schemas.table import Sheet

SAMPLES, LONG = 3, 80
MOST_COLUMNS = 60
ROWS = 200  # looked at for samples
SKIPPED = "ledger"  # the meaning that keeps a column out of the record
CHOICES: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        _("The book"),
        (
            ("title", _("Title")),
            ("author", _("Author")),
            ("author_title", _("Author and title in one column")),
            ("subtitle", _("Subtitle")),
            ("volume", _("Volume")),
            ("parallel", _("Title in another language")),
            ("original", _("Original title")),
            ("responsibility", _("Statement of responsibility")),
            ("contributor", _("Other authors")),
            ("corporate", _("Body as author")),
            ("translator", _("Translator")),
            ("illustrator", _("Illustrator")),
            ("editor", _("Editor, compiler")),
        ),
    ),
    (
        _("Publication"),
        (
            ("publisher", _("Publisher")),
            ("place", _("Place of publication")),
            ("year", _("Year of publication")),
            ("imprint", _("Place, publisher and year in one column")),
            ("edition", _("Edition")),
            ("isbn", _("ISBN")),
            ("issn", _("ISSN")),
            ("pages", _("Number of pages")),
            ("size", _("Size")),
            ("series", _("Series")),
        ),
    ),
    (
        _("Content"),
        (
            ("language", _("Language")),
            ("original_language", _("Language of the original")),
            ("class", _("Classification number")),
            ("subject", _("Subjects")),
            ("keyword", _("Keywords")),
            ("audience", _("For whom")),
            ("type", _("Kind of material")),
            ("summary", _("Summary")),
            ("note", _("Notes")),
            ("url", _("Web address")),
        ),
    ),
    (
        _("Copies"),
        (
            ("copies", _("Number of copies")),
            ("accession", _("Accession number")),
            ("call_number", _("Call number")),
            ("location", _("Where it stands")),
            ("price", _("Price")),
        ),
    ),
    (
        _("Other columns"),
        (
            ("id", _("The library's own number of the record")),
            ("number", _("Running number")),
            (SKIPPED, _("Do not take this column")),
        ),
    ),
)
MEANINGS: dict[str, Any] = {name: label for _group, rows in CHOICES for name, label in rows}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``key`` is what a mapping calls it; ``meaning`` what it is taken as ("": nothing)."""

    place: int
    key: str
    heading: str
    meaning: str
    samples: tuple[str, ...]
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A table of a file; ``headed`` says whether its headings were found."""

    sheet: str
    headed: bool
    columns: tuple[Column, ...]


def tables(path: Path, form: str, encoding: str, chosen: Mapping[str, str], sheet: str = "") -> list[Seen]:
    """The tables of a file with samples; a table without a known title column has its columns by their letters.

    Where the title's heading is one nobody knows, the row of the other headings is found all the same. :class:`Trouble`
    where the file cannot be opened or holds data of readers.
    """
    way = _Way(path, form, Reading(encoding=encoding, columns=dict(chosen), sheet=sheet), chosen)
    try:
        found = way.read()
    except Trouble as trouble:
        if trouble.problem.code != "table_no_title":
            raise
        return way.named_anew()
    anew = {table.sheet: table for table in (way.named_anew() if not all(one.headed for one in found) else ())}
    return [one if one.headed or not anew[one.sheet].headed else _both(anew[one.sheet], one) for one in found]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a file is looked at."""

    path: Path
    form: str
    reading: Reading
    chosen: Mapping[str, str]

    def read(self) -> list[Seen]:
        """The tables as an import would see them."""
        return [self._seen(sheet, sheet.header.headings, sheet.header.guessed) for sheet in self._sheets()]

    def named_anew(self) -> list[Seen]:
        """The tables with the row of headings in which a title is not known, or with letters where there is none.

        The row is found by naming a column as the title; that column's own heading is then read by naming another.
        """
        others = {sheet.name: sheet.header.headings for sheet in self._sheets("B")}
        found = []
        for sheet in self._sheets("A"):
            headings = (*others.get(sheet.name, sheet.header.headings)[:1], *sheet.header.headings[1:])
            plain = all(heading == letter(at) for at, heading in enumerate(headings[1:], 1))
            found.append(self._seen(sheet, sheet.header.headings if plain else headings, plain))
        return found

    def _sheets(self, title: str = "") -> Iterator[Sheet]:
        read = find_format(self.form).tables
        assert read is not None
        reading = replace(self.reading, columns={title: "title"}) if title else self.reading
        with self.path.open("rb") as stream:
            yield from read(stream, reading)

    def _seen(self, sheet: Sheet, headings: Sequence[str], plain: bool) -> Seen:
        rows = [row for _, row in islice(sheet.rows, ROWS)]
        columns = [_column(at, one, rows, self.chosen, plain) for at, one in enumerate(headings[:MOST_COLUMNS])]
        kept = tuple(column for column in columns if column.samples or column.heading != letter(column.place))
        return Seen(sheet.name, not plain, kept)


def _both(anew: Seen, guessed: Seen) -> Seen:
    """The columns by their headings; one whose heading says nothing is taken as what its content looks like."""
    told = {column.place: column.meaning for column in guessed.columns}
    taken = {column.meaning for column in anew.columns}
    columns = tuple(
        replace(column, meaning=told[column.place])
        if not column.meaning and told.get(column.place) and told[column.place] not in taken
        else column
        for column in anew.columns
    )
    return Seen(anew.sheet, True, columns)


def _column(at: int, heading: str, rows: list[list[str]], chosen: Mapping[str, str], plain: bool) -> Column:
    key = letter(at) if plain else heading
    values = (" ".join(row[at].split())[:LONG] for row in rows if at < len(row) and row[at].strip())
    samples = tuple(islice(dict.fromkeys(values), SAMPLES))
    meaning = chosen.get(key, "") if plain and key in chosen else recognize(heading, chosen)
    return Column(at, key, heading, meaning, samples, is_staff(heading))


def guessed(seen: list[Seen], remembered: Mapping[str, str]) -> dict[str, str]:
    """What the columns of a file are taken as at first: as in the library's earlier files, else by their headings."""
    columns = [column for table in seen for column in table.columns]
    return {
        column.key: meaning
        for column in reversed(columns)
        if not column.staff and (meaning := remembered.get(column.key) or column.meaning) in FIELDS
    }


def chosen_of(seen: list[Seen], given: Mapping[str, str]) -> dict[str, str]:
    """The mapping of a form: ``column-TABLE-PLACE`` → a meaning; a column left out of it is not taken.

    Nothing else than known columns and known meanings gets through. :class:`Trouble` ``upload_no_title_column``.
    """
    found: dict[str, str] = {}
    for number, table in enumerate(seen):
        for column in table.columns:
            meaning = given.get(f"column-{number}-{column.place}", "")
            if not column.staff:
                found.setdefault(column.key, meaning if meaning in MEANINGS else SKIPPED)
    if not {"title", "author_title"} & set(found.values()):
        raise Trouble("upload_no_title_column")
    return found
