"""CDS/ISIS and WinISIS exports (ISO 2709 with tags of the database's own) → MARC 21.

A record has a leader of 24 characters, a directory and fields without indicators. Fields and records end with ``#``
(what CDS/ISIS writes unless told otherwise) or with the bytes 1E and 1D; classic exports break the lines after every 80
bytes, which the lengths do not count (UNESCO, CDS/ISIS for Windows Reference Manual; BIREME, "2709BR"). Subfields begin
with ``^a`` or with 1F and the code. A field repeats by another directory entry, or by ``%`` inside one.

What a tag means is the database's affair: ``reading.field_table`` says it, ``{"24": "245$a", "26^a": "260$a"}``.
A record to which the table gives no title, or that has no table, is taken as MARC 21 by its tags when it has a 245.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from schemas import encodings
from schemas.cells import clean, find_year, guess_language, is_vietnamese_imprint, language_codes, read_isbns
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.problem import Trouble
from schemas.record import DELIMITER, Field, RawRecord, Record, Subfield, data_field, is_control
from schemas.table_marc import fixed_field

LEADER, ENTRY, LINE = 24, 12, 80
SEVERAL = ("245", "260", "300", "852")  # in which one field may say a thing more than once
WINDOW = 2**18  # bytes to be seen ahead: more than the longest record with its line breaks
CHUNK = 2**20
BETWEEN = b"\r\n\t \x00\x1a"
SOURCE = re.compile(r"0{0,2}(\d{1,3})(?:[\^$]([a-z0-9]))?")
TARGET = re.compile(r"(\d{3})(?: ([ #\d])([ #\d]))?(?:\$([a-z0-9]))?")
_ENDS = (b"##", b"\x1e\x1d", b"#\x1d")
_NEXT = re.compile(rb"\x1d|#[\r\n]*#(?=[\r\n]+\d{5}|[\r\n\x1a ]*\Z)")
_MARK = re.compile(rb"[\^\x1f][A-Za-z0-9]")
_SUBFIELD = re.compile(r"\^([A-Za-z0-9])")
_REPEATED = re.compile(r"(?<!\d)%|%(?=\^)")
_TERMS = re.compile(r"\s*<([^<>]+)>\s*[;,.]?")
_INDICATORS = {"100": "1 ", "110": "1 ", "700": "1 ", "710": "1 ", "082": "04", "245": "00", "490": "0 ", "650": " 4"}
_INDICATORS |= {"246": "3 ", "651": " 4", "655": " 4", "856": "4 "}


class Target(NamedTuple):
    """A place in MARC 21: tag, indicators, subfield (``""`` in a control field), and its rank in the table."""

    tag: str
    indicators: str
    code: str
    rank: int


Table = Mapping[tuple[int, str], Target]


def read_table(table: Mapping[str, str]) -> Table:
    """A field table with its keys and values taken apart; :class:`Trouble` ``isis_table`` names the line."""
    found = {}
    for rank, (source, target) in enumerate(table.items()):
        left, right = SOURCE.fullmatch(source.lower()), TARGET.fullmatch(target.lower())
        if not left or not right or (right[4] is None) != is_control(right[1]):
            raise Trouble("isis_table", source=source, target=target)
        given = f"{right[2] or ''}{right[3] or ''}".replace("#", " ")
        indicators = given or _INDICATORS.get(right[1], "  ")
        found[int(left[1]), left[2] or ""] = Target(right[1], indicators, right[4] or "", rank)
    return found


# --- records of a file ----------------------------------------------------------------------------------------------


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file, each with its bytes as they stand; what is 001, by the table or itself, identifies it."""
    table = read_table(reading.field_table)
    numbers = {source for source, target in table.items() if target.tag == "001"} if table else {(1, "")}
    for offset, body in _bodies(stream):
        yield RawRecord(_identifier(body, numbers), body, f"byte {offset}", deleted=body[5:6] == b"d")


def _identifier(body: bytes, numbers: set[tuple[int, str]]) -> str:
    try:
        fields = _fields(body) if numbers else []
    except Trouble:
        fields = []
    for tag, content in fields:
        for code, value in _parts(content.decode("latin-1")):
            if (tag, code) in numbers and value and value.isprintable() and value.isascii():
                return value[:200]
    return key_of(body)


def _bodies(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes) of each record; what cannot be cut comes as it is, up to the next end of a record."""
    buffer, at, passed, ended = stream.read(CHUNK), 0, 0, False
    if buffer.strip(BETWEEN) and not re.match(rb"\d{5}", buffer.lstrip(BETWEEN + b"\xef\xbb\xbf")):
        raise Trouble("marc_not_iso2709", start=ascii(buffer[:20].decode("latin-1")))
    while True:
        if len(buffer) - at < WINDOW and not ended:
            chunk = stream.read(CHUNK)
            ended = not chunk
            buffer, passed, at = buffer[at:] + chunk, passed + at, 0
            continue
        while at < len(buffer) and buffer[at] in BETWEEN + b"\xef\xbb\xbf":
            at += 1
        if at < len(buffer):
            end = _end(buffer, at)
            yield passed + at, buffer[at:end]
            at = end
        elif ended:
            return


def _end(buffer: bytes, at: int) -> int:
    """Where the record at ``at`` ends: by its length, with or without the line breaks, else by the next terminator."""
    said = buffer[at : at + 5]
    length = int(said) if said.isdigit() else 0
    lengths = [length + len(b) * ((length - 1) // LINE) for b in (b"\r\n", b"\n", b"") if length]
    for candidate in lengths:
        body = buffer[at : at + candidate]
        if len(body) == candidate and _unbroken(body).endswith(_ENDS) and len(_unbroken(body)) == length:
            return at + candidate
    found = _NEXT.search(buffer, at)
    return found.end() if found else min(len(buffer), at + WINDOW)


def _unbroken(body: bytes) -> bytes:
    """A record without the breaks after every 80 bytes; one that has none is left as it is."""
    for mark in (b"\r\n", b"\n"):
        step = LINE + len(mark)
        if len(body) > LINE and all(body[n : n + len(mark)] == mark for n in range(LINE, len(body), step)):
            return b"".join(body[n : n + LINE] for n in range(0, len(body), step))
    return body


def _fields(body: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) of each field, by the directory, or by the terminators where the lengths do not fit them."""
    body = _unbroken(body.rstrip(BETWEEN))
    if len(body) < LEADER + ENTRY or not body[12:17].isdigit():
        raise Trouble("marc_leader")
    base = int(body[12:17])
    mark = body[base - 1 : base]
    if mark not in (b"#", b"\x1e") or (base - LEADER - 1) % ENTRY or not body[LEADER : base - 1].isdigit():
        raise Trouble("marc_directory")
    entries = [body[n : n + ENTRY] for n in range(LEADER, base - 1, ENTRY)]
    places = [(base + int(e[7:12]), base + int(e[7:12]) + int(e[3:7])) for e in entries]
    contents = [body[start : end - 1] for start, end in places]
    if any(body[end - 1 : end] != mark for _, end in places):
        contents = body[base:].rstrip(b"\x1d#").rstrip(mark).split(mark)
        if len(contents) != len(entries):
            raise Trouble("marc_directory")
    return [(int(entry[:3]), content) for entry, content in zip(entries, contents, strict=True)]


def _parts(content: str) -> list[Subfield]:
    """(code, value) of a field; what stands before the first subfield has the code ``""``."""
    first, *rest = _SUBFIELD.split(content.replace(DELIMITER, "^"))
    pairs = [("", first), *((code.lower(), value) for code, value in zip(rest[::2], rest[1::2], strict=True))]
    return [(code, text) for code, value in pairs if (text := clean(value))]


def without(body: bytes, names: Collection[str]) -> tuple[bytes, list[str]]:
    """A record without fields ("090") or subfields ("090$a"), its lengths counted anew and its lines unbroken.

    One whose fields cannot be told apart keeps its leader and directory only, where those name such a field.
    """
    going: dict[int, set[str]] = {}
    for tag, _, code in (name.partition("$") for name in names):
        if tag.isdigit():
            going.setdefault(int(tag), set()).add(code)
    try:
        fields = _fields(body)
    except Trouble:
        named = sorted({name for name in names if re.search(rb"%b\d{9}" % name[:3].encode(), body)})
        return (re.sub(rb"[^\d#\s\x1d-\x1f]", b" ", body), named) if named else (body, [])
    taken: list[str] = []
    kept = [(tag, _left(tag, content, going.get(tag, set()), taken)) for tag, content in fields]
    if not taken:
        return body, []
    return _written(_unbroken(body.rstrip(BETWEEN)), [(tag, content) for tag, content in kept if content]), taken


def _left(tag: int, content: bytes, codes: set[str], taken: list[str]) -> bytes:
    """What remains of a field."""
    if "" in codes:
        taken.append(f"{tag:03d}")
        return b""
    first, *rest = re.split(rb"(?=[\^\x1f][A-Za-z0-9])", content)
    left = [part for part in rest if chr(part[1]).lower() not in codes]
    taken += [f"{tag:03d}${chr(part[1]).lower()}" for part in rest if part not in left]
    return b"".join([first, *left])


def _written(body: bytes, fields: list[tuple[int, bytes]]) -> bytes:
    """A record of these fields, with the leader and the terminators of ``body``."""
    mark = body[int(body[12:17]) - 1 :][:1]
    end = b"\x1d" if body.endswith(b"\x1d") else mark
    directory, data = bytearray(), bytearray()
    for tag, content in fields:
        directory += b"%03d%04d%05d" % (tag, len(content) + 1, len(data))
        data += content + mark
    base = LEADER + len(directory) + 1
    return b"%05d%b%05d%b" % (base + len(data) + 1, body[5:12], base, body[17:LEADER]) + directory + mark + data + end


# --- what they say --------------------------------------------------------------------------------------------------


def parse(body: bytes, reading: Reading) -> Record:
    """The record by the field table; :class:`Trouble` where its bytes or its table do not give a title."""
    contents = _fields(body)
    words = b" ".join(_MARK.sub(b" ", content) for _, content in contents)
    encoding = encodings.encoding_of(words, reading)
    fields = [(tag, encodings.decode(content.replace(b"\x1f", b"^"), encoding)) for tag, content in contents]
    record = _mapped(fields, read_table(reading.field_table)) if reading.field_table else None
    if (record is None or not record.first("245", "a")) and any(tag == 245 for tag, _ in fields):
        record = _as_marc(fields)
    if record is None:
        raise Trouble("isis_no_table", tags=_tags(fields))
    if not record.first("245", "a"):
        raise Trouble("isis_no_title", tags=_tags(fields))
    return record


def _tags(fields: list[tuple[int, str]]) -> str:
    return ", ".join(str(tag) for tag in dict.fromkeys(tag for tag, _ in fields))


def _as_marc(fields: list[tuple[int, str]]) -> Record:
    """A database with the tags of MARC 21; indicators where the fields begin with them."""
    made: list[Field] = []
    for number, content in fields:
        tag = f"{number:03d}"
        if is_control(tag):
            made.append((tag, clean(content)))
            continue
        for text in _REPEATED.split(content):
            given = re.match(r"([ \d#_]{2})(?=[\^\x1f])", text)
            indicators = given[1].replace("#", " ").replace("_", " ") if given else _INDICATORS.get(tag, "  ")
            parts = [(code or "a", value) for code, value in _parts(text[given.end() :] if given else text)]
            made += [data_field(tag, indicators, parts)] if parts else []
    return _finished(made)


@dataclass(slots=True)
class _Growing:
    """A MARC 21 field while it is put together: its parts with their rank, and the ISIS fields they come from."""

    tag: str
    indicators: str
    parts: list[tuple[int, str, str]] = field(default_factory=list)
    origins: dict[int, int] = field(default_factory=dict)  # ISIS tag → which occurrence of it

    def lacks(self, code: str) -> bool:
        return all(code != mine for _, mine, _ in self.parts)


def _mapped(fields: list[tuple[int, str]], table: Table) -> Record:
    """The fields by the table; those it does not name are only in the raw record."""
    grown: list[_Growing] = []
    controls: dict[str, str] = {}
    occurrence = 0
    for tag, content in fields:
        for text in _repeats(content):
            occurrence += 1
            for target, value in _targets(tag, text, table):
                if target.code:
                    _grow(grown, tag, occurrence, target, value)
                else:
                    controls.setdefault(target.tag, value)
    made = [
        data_field(g.tag, g.indicators, [(code, value) for _, code, value in sorted(g.parts, key=_rank)]) for g in grown
    ]
    return _finished([*controls.items(), *made])


def _rank(part: tuple[int, str, str]) -> int:
    return part[0]


def _repeats(content: str) -> list[str]:
    """The occurrences inside one field: by ``%``, or terms that each stand in ``<>``."""
    found: list[str] = []
    for text in _REPEATED.split(content):
        terms = _TERMS.findall(text)
        found += terms if terms and not _TERMS.sub("", text).strip() else [text]
    return found


def _targets(tag: int, text: str, table: Table) -> Iterator[tuple[Target, str]]:
    """A subfield goes where the table puts it; without a line for any of them, the whole field where it is put."""
    parts = _parts(text)
    whole = table.get((tag, ""))
    if not any(source[0] == tag and source[1] for source in table):
        yield from [(whole, " ".join(value for _, value in parts))] if whole and parts else []
        return
    for code, value in parts:
        target = table.get((tag, code)) or (whole or table.get((tag, "a")) if code in ("", "a") else None)
        if target:
            yield target, value


def _grow(grown: list[_Growing], tag: int, occurrence: int, target: Target, value: str) -> None:
    """Put a value where it belongs: with the rest of its own field, or with another field of the same publication."""
    part = (target.rank, target.code, value)
    mine = [g for g in grown if g.tag == target.tag]
    own = [g for g in mine if g.origins.get(tag) == occurrence and (target.tag in SEVERAL or g.lacks(target.code))]
    for g in own or [g for g in mine if tag not in g.origins and g.lacks(target.code)]:
        g.parts.append(part)
        g.origins[tag] = occurrence
        return
    if target.tag == "852" and target.code == "p" and mine:
        mine[-1].parts.append(part)
        return
    grown.append(_Growing(target.tag, target.indicators, [part], {tag: occurrence}))


def _finished(fields: list[Field]) -> Record:
    """One main entry, ISBNs that are ISBNs, codes of languages, and a 008 of what is known."""
    made: list[Field] = []
    main = False
    for tag, content in fields:
        if tag in ("100", "110", "111"):
            tag, main = ("7" + tag[1:], True) if main else (tag, True)
        made += _mended(tag, content)
    record = Record("00000nam a22000007  4500", tuple(made))
    if not record.control("008"):
        made.append(("008", _fixed(record)))
    made = [(tag, "1" + text[1:]) if tag == "245" and main and text[:1] == "0" else (tag, text) for tag, text in made]
    made.sort(key=lambda f: f[0])
    return Record(record.leader, tuple(made))


def _mended(tag: str, content: str) -> list[Field]:
    start, *parts = content.split(DELIMITER)
    if tag == "020":
        pairs = [(part[0], part[1:]) for part in parts]
        rest = [pair for pair in pairs if pair[0] != "a"]
        isbns = [[isbn] for code, value in pairs if code == "a" for isbn in read_isbns(value)]
        return [data_field(tag, start, found + rest * (n == 0)) for n, found in enumerate(isbns or [[]])]
    if tag == "041":
        codes = [code for part in parts for code in language_codes(part[1:])]
        return [data_field(tag, start, [("a", code) for code in codes])] if codes else []
    return [(tag, content)]


def _fixed(record: Record) -> str:
    place, publisher = record.first("260", "a"), record.first("260", "b")
    languages = record.values("041", "a")
    return fixed_field(
        year=find_year(record.first("260", "c")),
        country="vm" if is_vietnamese_imprint(place, publisher, record.first("020", "a")) else "",
        language=languages[0] if languages else guess_language(record.first("245", "a")),
    )


FORMAT = Format(
    name="isis",
    title={"vi": "CDS/ISIS, WinISIS (ISO 2709)", "en": "CDS/ISIS, WinISIS (ISO 2709)"},
    split=split,
    parse=parse,
    suffixes=(".iso", ".isis"),
    without=without,
)
