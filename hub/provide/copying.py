"""Copy cataloging: the best record of a book by its ISBN or title, one by one or for a whole list."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.catalog import reads
from hub.catalog.query import isbn_key
from hub.catalog.reads import union_uid
from hub.catalog.search import search, with_isbn
from hub.normalize.text import fold
from hub.provide.writing import Written, contents_of
from hub.stages.sheets import cell
from schemas import xlsx
from schemas.csv import numbered_rows
from schemas.format import Reading
from schemas.isbn import figures, repairs
from schemas.problem import Trouble

MOST = 1_000  # lines of one list
LARGEST = 2 * 2**20  # bytes of one list
LOOKED_AT = 20  # records with one title among which the best is looked for
HEADINGS = ("isbn", "stt", "nhan de", "title", "ten sach", "tt", "no")
ISBN, MENDED, TITLE, NOTHING = "isbn", "mended", "title", ""
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Copied:
    """What was asked for, the record that was found for it (0: none), by what it was found, and its ISBN."""

    asked: str
    number: int = 0
    by: str = NOTHING
    isbn: str = ""


def copy_one(text: str) -> Copied:
    """The best record for a line: an ISBN, damaged or not, or a title."""
    text = " ".join(text.encode("utf-8", "replace").decode().replace("\x00", "").split())[:400]
    key = isbn_key(text) if figures(text) else ""
    if key and (found := _best(with_isbn([key]))):
        return Copied(text, found, ISBN, key)
    candidates = [*dict.fromkeys(number for group in repairs(text) for number in group)]
    if candidates and (found := _only(candidates)):
        return Copied(text, found, MENDED, _isbn_among(found, candidates))
    if any(map(str.isalpha, text)) and (found := _by_title(text)):
        return Copied(text, found, TITLE)
    return Copied(text)


def _only(candidates: Sequence[str]) -> int:
    """The record of the one work that has one of these ISBNs; 0 where none has, or several have."""
    found = with_isbn(candidates)
    titles = {fold(said.title) for said in reads.descriptions(found).values()}
    return _best(found) if len(titles) == 1 else 0


def _isbn_among(number: int, candidates: Sequence[str]) -> str:
    """Which of some ISBNs the record has."""
    said = reads.descriptions([number]).get(number)
    return next((isbn for isbn in candidates if said and isbn in map(isbn_key, said.isbns)), "")


def _by_title(text: str) -> int:
    hits = search(text, size=LOOKED_AT).hits
    wanted = fold(text)
    described = reads.descriptions([hit.union_id for hit in hits])
    whole = [
        number for number, it in described.items() if wanted in (fold(it.title), fold(f"{it.title} {it.subtitle}"))
    ]
    marked = [number for number in whole if described[number].title.lower() == text.lower()]
    return _best(marked or whole)


def _best(numbers: Sequence[int]) -> int:
    """The record that most libraries made together, then the fullest, then the oldest."""
    contents = contents_of(numbers[:LOOKED_AT])
    ranked = sorted(contents, key=lambda it: (-len(it.members), -len(it.record.fields), it.id))
    return ranked[0].id if ranked else 0


# Lists.


def lines_of(text: str) -> list[str]:
    """What is asked for in a text: one a line."""
    return _counted(line for line in text.replace("\r", "\n").split("\n"))


def lines_of_file(name: str, data: bytes) -> list[str]:
    """What is asked for in a spreadsheet or a text: of each row the ISBN, else the longest cell."""
    if len(data) > LARGEST:
        raise Trouble("copy_large", limit=LARGEST // 2**20)
    try:
        if data.startswith(SPREADSHEETS):
            rows: Iterable[list[str]] = xlsx.plain_rows(io.BytesIO(data))
            return _counted(map(_wanted, rows))
        return _counted(_wanted(row) for _, row in _rows(data))
    except Trouble as trouble:
        if trouble.problem.code.startswith("copy_"):
            raise
        raise Trouble("copy_unreadable", name=name[:100]) from None


def _rows(data: bytes) -> Iterable[tuple[int, list[str]]]:
    """The rows of a text; where it does not tell its encoding its figures can be read all the same."""
    try:
        return list(numbered_rows(data, Reading()))
    except Trouble as trouble:
        if not trouble.problem.code.startswith("encoding_"):
            raise
        return list(numbered_rows(data, Reading(encoding="latin-1")))


def _wanted(row: Sequence[str]) -> str:
    return next((cell for cell in row if figures(cell)), max(row, key=len, default=""))


def _counted(lines: Iterable[str]) -> list[str]:
    """The lines that say something; :class:`Trouble` for none or too many."""
    found: list[str] = []
    for at, line in enumerate(lines):
        if at > MOST * 20:
            raise Trouble("copy_many", count=f"> {MOST * 20}", most=MOST)
        if line.strip() and not (not found and fold(line) in HEADINGS):
            found.append(line.strip())
    if not found:
        raise Trouble("copy_none")
    if len(found) > MOST:
        raise Trouble("copy_many", count=len(found), most=MOST)
    return found


def copy_list(lines: Iterable[str]) -> list[Copied]:
    """The best record for each line; the same line is looked for once."""
    known: dict[str, Copied] = {}
    return [known.setdefault(line, copy_one(line)) if line not in known else known[line] for line in lines]


def records_of(copied: Iterable[Copied]) -> list[reads.UnionContent]:
    """The records that were found, each once, in the order of the list."""
    return contents_of([*dict.fromkeys(one.number for one in copied if one.number)])


def not_found(copied: Iterable[Copied]) -> str:
    """A table for people of what was not found."""
    return _table(("asked for",), ((one.asked,) for one in copied if not one.number))


def outcome(copied: Iterable[Copied], written: Written) -> str:
    """A table for people of every line and what became of it."""
    refused = {uid: problem.sentence("vi") for uid, problem in written.refused}
    rows = []
    for one in copied:
        uid = union_uid(one.number) if one.number else ""
        rows.append((one.asked, one.by or "not found", uid, one.isbn, refused.get(uid, "")))
    return _table(("asked for", "found by", "number", "ISBN", "not written because"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + stream.getvalue()


def packed(copied: Sequence[Copied], written: Written, name: str) -> bytes:
    """One file to take home: the records, what was not found, and what became of every line."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, written.data)
        archive.writestr("khong-tim-thay.csv", not_found(copied))
        archive.writestr("ket-qua.csv", outcome(copied, written))
    return stream.getvalue()
