"""Other ways to match, written down after their descriptions, to be measured on the same records. Never used to merge.

Gold Rush key of Reservoir (goldrush2024, https://github.com/folio-org/mod-reservoir); the rules of RecordManager
(``DedupHandler``, https://github.com/NatLibFi/RecordManager); equal ISBNs; and the comparison that one would write
first: folded title and author with rapidfuzz in one year.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from hub.match import peer_splink
from hub.match.description import Description
from hub.normalize.text import fold
from schemas.record import Record

LARGEST_BLOCK = 200
ALIKE = 90.0
CANDIDATES = 101  # RecordManager looks at so many a rule
ARTICLES = ("a ", "an ", "the ")
NUMBER_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
FOUR = re.compile(r"\d{4}")
FIRST_NUMBER = re.compile(r"\d{1,4}")


class Known(NamedTuple):
    """A record with its number, the source it comes from and what it says."""

    number: int
    source: int
    record: Record
    description: Description


Clusters = dict[int, int]  # record number → the lowest number of its cluster


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way to match; ``missing`` names the package that it needs and that is not installed."""

    name: str
    cluster: Callable[[Sequence[Known]], Clusters]
    missing: str = ""


def joined(records: Iterable[int], pairs: Iterable[tuple[int, int]]) -> Clusters:
    """The connected components of the pairs."""
    leader = {record: record for record in records}

    def find(record: int) -> int:
        while leader[record] != record:
            leader[record] = leader[leader[record]]
            record = leader[record]
        return record

    for first, second in pairs:
        low, high = sorted((find(first), find(second)))
        leader[high] = low
    return {record: find(record) for record in leader}


def by_key(records: Sequence[Known], keys: Callable[[Known], Iterable[str]]) -> Clusters:
    """The records that share a key, whatever else they say."""
    first: dict[str, int] = {}
    pairs = []
    for known in records:
        for key in keys(known):
            pairs.append((first.setdefault(key, known.number), known.number))
    return joined((known.number for known in records), pairs)


# --- goldrush2024 -----------------------------------------------------------------------------------------------------


def goldrush_key(record: Record) -> str:
    """The key of fixed widths: title 70, year, pages, edition 3, publisher 5, type, part 30, number 10, author 5, form.

    Letters that Unicode does not decompose (đ) stay as they are, and other marks fall away, as there.
    """
    date = record.control("008")[7:11]
    year = date if FOUR.fullmatch(date) else _found(FOUR, record.first("264", "c") or record.first("260", "c"))
    return "".join(
        (
            _squeezed(_without_article("".join(_bare(value) for value in record.values("245", "abp"))), 70),
            year or "0000",
            _found(FIRST_NUMBER, record.first("300", "a")).rjust(4, "0"),
            _goldrush_edition(record.first("250", "a")),
            _squeezed(record.first("264", "b") or record.first("260", "b"), 5),
            record.leader[6:7],
            _squeezed((record.values("245", "p") or [""])[-1], 30),
            _squeezed(record.first("245", "n"), 10),
            _squeezed(next(filter(None, (record.first(tag, "a") for tag in ("100", "110", "111", "130"))), ""), 5),
            _squeezed(record.first("245", "f"), 15),
            _squeezed(record.first("086", "a"), 15),
            "e" if record.control("008")[23:24] in ("o", "s", "q") or record.control("007")[:1] == "c" else "p",
        )
    )


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _without_article(text: str) -> str:
    return next((text.removeprefix(article) for article in ARTICLES if text.startswith(article)), text)


def _squeezed(text: str, width: int) -> str:
    return re.sub(r"[\W_]+", "", _bare(text))[:width].ljust(width, "_")


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _goldrush_edition(text: str) -> str:
    if number := _found(FIRST_NUMBER, text):
        return number[:3].ljust(3, "_")
    words = re.findall(r"[^\W\d_]+", _bare(text))
    for word in words:
        if word in NUMBER_WORDS:
            return str(NUMBER_WORDS.index(word) + 1).ljust(3, "_")
    return (words[0][:3] if words else "1").ljust(3, "_")


def _goldrush(records: Sequence[Known]) -> Clusters:
    return by_key(records, lambda known: [goldrush_key(known.record)])


def _isbn(records: Sequence[Known]) -> Clusters:
    return by_key(records, lambda known: known.description.isbns)


# --- RecordManager ----------------------------------------------------------------------------------------------------


def record_manager_keys(d: Description) -> list[str]:
    """Its blocking keys: the ISBNs, and where there is an author the first long words of the title with the surname."""
    keys = [f"i{number}" for number in d.isbns]
    author = _main_author(d)
    if d.title and author:
        key = ""
        long = 0
        for word in d.title.split():
            key += word
            long += len(word) > 3
            if long > 3 or len(key) > 35:
                break
        keys.append(f"t{_letters(key)} {_letters(author.partition(',')[0])}")
    return keys


def _main_author(d: Description) -> str:
    return next((name for name, role in d.people if role == "author"), "")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", _bare(text))


def record_manager_match(a: Description, b: Description) -> bool:
    """Its comparison; the first difference decides."""
    if a.form != b.form:
        return False
    if set(a.isbns) & set(b.isbns):
        return True
    if a.issns and b.issns and not set(a.issns) & set(b.issns):
        return False
    if (a.year and b.year and a.year != b.year) or (a.pages and b.pages and abs(a.pages - b.pages) > 10):
        return False
    if _letters(a.series) != _letters(b.series):
        return False
    first, second = (_letters(f"{d.title}{d.subtitle}{d.part}").encode()[:255] for d in (a, b))
    if not first or Levenshtein.distance(first, second) >= len(first) * 0.1:
        return False
    return _record_manager_authors(_main_author(a), _main_author(b))


def _record_manager_authors(a: str, b: str) -> bool:
    if bool(a) != bool(b):
        return False
    x, y = fold(a), fold(b)
    if x.startswith(y) or y.startswith(x):
        return True
    first, second = x.split(), y.split()
    if first[:1] == second[:1] and [word[0] for word in first] == [word[0] for word in second]:
        return True
    return bool(Levenshtein.distance(x, y) <= 0.2 * len(x))


def _record_manager(records: Sequence[Known]) -> Clusters:
    """In the order of arrival: each joins the first group that fits and has no record of its source yet."""
    known = {one.number: one for one in records}
    blocks: dict[str, list[int]] = defaultdict(list)
    group: Clusters = {}
    sources: dict[int, set[int]] = {}
    for one in records:
        candidates = [other for key in record_manager_keys(one.description) for other in blocks[key][:CANDIDATES]]
        home = next(
            (
                group[other]
                for other in dict.fromkeys(candidates)
                if one.source not in sources[group[other]]
                and record_manager_match(one.description, known[other].description)
            ),
            one.number,
        )
        group[one.number] = home
        sources.setdefault(home, set()).add(one.source)
        for key in record_manager_keys(one.description):
            blocks[key].append(one.number)
    return group


# --- folded title, author and year -----------------------------------------------------------------------------------


def _blocks(records: Sequence[Known], volumes: bool) -> Iterator[list[tuple[Known, str]]]:
    """The records of one year whose titles begin alike, in blocks of bounded size."""
    found: dict[tuple[object, ...], list[tuple[Known, str]]] = defaultdict(list)
    for known in records:
        d = known.description
        title = fold(f"{d.title} {d.subtitle}")
        key = (d.year, title[:4], *((d.volume,) if volumes else ()))
        found[key].append((known, f"{title} {fold(_main_author(d))}"))
    for block in found.values():
        for start in range(0, len(block), LARGEST_BLOCK):
            yield block[start : start + LARGEST_BLOCK]


def _folded(records: Sequence[Known], volumes: bool) -> Clusters:
    pairs = [
        (a.number, b.number)
        for block in _blocks(records, volumes)
        for (a, first), (b, second) in combinations(block, 2)
        if ratio(first, second, score_cutoff=ALIKE)
    ]
    return joined((known.number for known in records), pairs)


def _splink(records: Sequence[Known], volumes: bool) -> Clusters:
    return joined((known.number for known in records), peer_splink.linked_pairs(records, volumes))


def peers() -> list[Peer]:
    """All of them; Splink where it is installed."""
    missing = "" if peer_splink.installed() else "splink"
    return [
        Peer("goldrush", _goldrush),
        Peer("isbn", _isbn),
        Peer("recordmanager", _record_manager),
        Peer("folded", lambda records: _folded(records, volumes=False)),
        Peer("folded+volume", lambda records: _folded(records, volumes=True)),
        Peer("splink", lambda records: _splink(records, volumes=False), missing),
        Peer("splink+volume", lambda records: _splink(records, volumes=True), missing),
    ]
