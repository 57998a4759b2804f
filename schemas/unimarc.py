"""UNIMARC, in ISO 2709 and in XML → MARC 21.

What moves with its subfields is a table (:data:`schemas.unimarc_codes.MOVED`); the rest is a function a field:
010 ISBN, 100 codes → 008, 101 languages, 102 country, 200 title → 245, 60X persons as subjects, 7XX names
with their roles, 801 source. Characters that mark words not sorted (NSB, NSE) are taken out, and counted in the
second indicator of the title.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from schemas import marc21, marcxml
from schemas.cells import read_isbns
from schemas.format import Format, Reading
from schemas.onix_codes import COUNTRIES
from schemas.problem import Trouble
from schemas.record import Field, RawRecord, Record, Subfield, data_field, is_control, subfields
from schemas.table_marc import fixed_field
from schemas.taken_out import from_marc
from schemas.unimarc_codes import AUDIENCES, DATES, HEADINGS, KINDS, MOVED, NOTES, RELATORS

_CODED = re.compile(rb"\x1e[ -~]{2}\x1fa\d{8}[ -~]{18}([ -~]{8})")  # 100 $a: the date entered, and 26-33
_ESCAPE = re.compile(rb"\x1b[^HI]")
_NOT_SORTED = re.compile("(?:[\x88\x98]|\x1bH|<<)(.*?)(?:[\x89\x9c]|\x1bI|>>)")
_MARKS = re.compile("[\x88\x89\x98\x9c¬\x1d\x1e]|\x1b[HI]|<<|>>")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file, in XML where it begins with ``<``, else in ISO 2709."""
    head = stream.read(1024)
    rest = io.BufferedReader(_Chained(head, stream))
    is_xml = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    yield from marcxml.split(rest, reading) if is_xml else marc21.split(rest, reading)


def parse(body: bytes, reading: Reading) -> Record:
    """The record in MARC 21; :class:`Trouble` when the body cannot be read or holds no fields."""
    is_xml = body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    source = marcxml.parse(body, reading) if is_xml else marc21.parse_as(body, reading, _declared(body))
    if not source.fields:
        raise Trouble("unimarc_no_record")
    if source.contents("245") and not source.contents("200"):
        raise Trouble("unimarc_is_marc21")
    if source.leader[6:7] in ("x", "y", "z") and not source.control("004"):
        return _authority(source)
    own = reading.items  # what the source's own map reads stays as it is
    converted = (((tag, content),) if tag in own else _convert(tag, content) for tag, content in source.fields)
    fields = list(chain.from_iterable(converted))
    fields = [*_one_main_entry(fields), ("008", _fixed(source))]
    fields.sort(key=lambda f: f[0])
    return Record(_leader(source.leader), tuple(fields))


def _declared(body: bytes) -> str:
    """The character set of 100 $a/26-33 where it is one that can be read: ISO 5426; ``""`` for UTF-8 and all others.

    UNIMARC Manual, Bibliographic Format, 100: 01 is ISO 646, 03 ISO 5426, 50 ISO 10646; other sets come with escape
    sequences. Leader/09 says nothing in UNIMARC.
    """
    found = _CODED.search(body)
    sets = {found[1][at : at + 2] for at in range(0, 8, 2)} if found else set()
    others = _ESCAPE.search(body) is not None or not sets <= {b"01", b"03", b"  ", b"--", b"||"}
    return "iso-5426" if b"03" in sets and not others else ""


def _authority(source: Record) -> Record:
    """An authority record: its headings (2XX) as those of MARC 21 (UNIMARC Manual, Authorities Format)."""
    fields = [(tag, content) for tag, content in source.fields if tag in ("001", "003", "005")]
    for tag, content in source.fields:
        if tag in HEADINGS:
            parts = [(code, value) for code, value in _parts(content) if value]
            name = _personal(parts) if tag == "200" else [(code, value) for code, value in parts if code.isalpha()]
            fields.append(data_field(HEADINGS[tag], "1 " if tag == "200" else "  ", name))
    return Record("00000nz  a2200000n  4500", tuple(fields))


class _Chained(io.RawIOBase):
    """What was read already, and then the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _convert(tag: str, content: str) -> Iterable[Field]:
    if is_control(tag):
        return [(tag, _MARKS.sub("", content))] if tag in ("001", "003", "004", "005") else []
    parts = [(code, value) for code, value in _parts(content) if value]
    if not parts:
        return []
    if tag in _FUNCTIONS:
        return _FUNCTIONS[tag](content, parts)
    if tag in MOVED:
        return _moved(*MOVED[tag], parts)
    if tag in NOTES:
        return [data_field("500", "  ", [("a", " ".join(value for code, value in parts if code.isalpha()))])]
    return []


def _parts(content: str) -> Iterator[Subfield]:
    """The subfields without sorting marks; those embedded in a $1 (4XX) come as their own."""
    for code, value in subfields(content):
        if code != "1":
            yield code, _MARKS.sub("", value).strip()


def _moved(tag: str, indicators: str, pairs: str, parts: list[Subfield]) -> list[Field]:
    letters = {pair[0]: pair[1] for pair in pairs.split()}
    moved = [(letters[code], value) for code, value in parts if code in letters]
    source = [value for code, value in parts if code == "2"]
    if source and tag in ("650", "651", "655", "630"):
        indicators, moved = indicators[0] + "7", [*moved, ("2", source[0])]
    return [data_field(tag, indicators, moved)] if moved else []


# --- one function a field -------------------------------------------------------------------------------------------


def _isbn(content: str, parts: list[Subfield]) -> list[Field]:
    pairs = [pair for code, value in parts if code == "a" for pair in read_isbns(value)]
    extra = [({"b": "q", "d": "c", "z": "z"}[code], value) for code, value in parts if code in "bdz"]
    return [data_field("020", "  ", [*pairs, *extra])]


def _language(content: str, parts: list[Subfield]) -> list[Field]:
    moved = [({"a": "a", "b": "k", "c": "h", "d": "b"}[code], value) for code, value in parts if code in "abcd"]
    if len([code for code, _ in moved if code in "akh"]) < 2:
        return []
    return [data_field("041", "0 " if content[:1] == "0" else "1 ", moved)]


def _title(content: str, parts: list[Subfield]) -> list[Field]:
    """245: further $a and $e go to $b, $d is parallel, $f and $g the responsibility, $h number, $i part."""
    main: list[Subfield] = []
    rest: list[str] = []
    said: list[str] = []
    for code, value in parts:
        if code == "a" and not main:
            main.append(("a", value))
        elif code in ("h", "i"):
            main.append(({"h": "n", "i": "p"}[code], value))
        elif code in ("a", "d", "e"):
            mark = {"a": "; ", "d": "= ", "e": ""}[code]
            rest.append(mark + value.removeprefix("= "))
        elif code in ("c", "f", "g"):
            said.append(value)
    statement = [("b", " : ".join(rest).replace(" : = ", " = ").replace(" : ; ", " ; "))] if rest else []
    statement += [("c", " ; ".join(said))] if said else []
    return [data_field("245", f"0{_nonfiling(content)}", main + statement)]


def _nonfiling(content: str) -> int:
    """How many characters of the title are not sorted (0 to 9)."""
    first = next((value for code, value in subfields(content) if code == "a"), "")
    found = _NOT_SORTED.match(first)
    return min(len(found[1]), 9) if found else 0


def _name(tag: str) -> Callable[[str, list[Subfield]], list[Field]]:
    """A 7XX or 60X name to ``tag``: surname and forename joined, dates to $d, the relator code as $e and $4."""

    def convert(content: str, parts: list[Subfield]) -> list[Field]:
        corporate = tag[1:] in ("10", "11")
        if corporate and content[:1] == "1" and tag[0] != "6":
            return [data_field(tag[0] + "11", "2 ", _corporate(parts) + _role(parts))]
        name = _corporate(parts) if corporate else _personal(parts)
        if not name:
            return []
        if tag[0] == "6":
            letters = {"x": "x", "y": "z", "z": "y"}
            name += [(letters[code], value) for code, value in parts if code in letters]
            return [data_field(tag, "14", name)]
        return [data_field(tag, "2 " if corporate else f"{content[1:2].strip() or '0'} ", name + _role(parts))]

    return convert


def _personal(parts: list[Subfield]) -> list[Subfield]:
    found = dict(reversed(parts))
    surname, forename = found.get("a", ""), found.get("b", "")
    surname = surname.rstrip(" ,")
    forename = forename.lstrip(" ,")
    name = f"{surname}, {forename}" if surname and forename else surname or forename
    moved = [("a", name), ("b", found.get("d", "")), ("c", found.get("c", "")), ("d", found.get("f", ""))]
    return [(code, value) for code, value in moved if value] if name else []


def _corporate(parts: list[Subfield]) -> list[Subfield]:
    letters = {"a": "a", "b": "b", "c": "c", "d": "n", "e": "c", "f": "d"}
    return [(letters[code], value) for code, value in parts if code in letters]


def _role(parts: list[Subfield]) -> list[Subfield]:
    roles = []
    for code, value in parts:
        if code == "4":
            term, relator = RELATORS.get(value[:3], ("", ""))
            roles += [pair for pair in (("e", term), ("4", relator)) if pair[1]]
    return roles


def _source(content: str, parts: list[Subfield]) -> list[Field]:
    agency = [value for code, value in parts if code == "b"]
    return [data_field("040", "  ", [("a", agency[0])])] if agency and content[1:2] in "0 " else []


def _linked(tag: str) -> Callable[[str, list[Subfield]], list[Field]]:
    """A 4XX: the title of $t, or of the field 200 embedded in $1."""

    def convert(content: str, parts: list[Subfield]) -> list[Field]:
        embedded, own = "", []
        for code, value in subfields(content):
            value = _MARKS.sub("", value).strip()
            if code == "1":
                embedded = value[:3]
            elif embedded == "200" and code in "av":
                own.append(("t" if code == "a" else "v", value))
            elif embedded == "011" and code == "a":
                own.append(("x", value))
            elif not embedded:
                own.append((code, value))
        if not any(code == "t" for code, _ in own):
            return []
        return _moved(*MOVED[tag], [pair for pair in own if pair[1]])

    return convert


_FUNCTIONS: dict[str, Callable[[str, list[Subfield]], list[Field]]] = {
    "010": _isbn,
    "101": _language,
    "200": _title,
    "600": _name("600"),
    "601": _name("610"),
    "602": _name("600"),
    "700": _name("100"),
    "701": _name("700"),
    "702": _name("700"),
    "710": _name("110"),
    "711": _name("710"),
    "712": _name("710"),
    "720": _name("100"),
    "721": _name("700"),
    "722": _name("700"),
    "801": _source,
} | {tag: _linked(tag) for tag in MOVED if tag[0] == "4"}


def _one_main_entry(fields: list[Field]) -> list[Field]:
    """One 1XX at most; the title says whether there is one."""
    out: list[Field] = []
    main = False
    for tag, content in fields:
        if tag in ("100", "110", "111"):
            tag, main = ("7" + tag[1:], True) if main else (tag, True)
        out.append((tag, content))
    return [("245", ("1" if main else "0") + content[1:]) if tag == "245" else (tag, content) for tag, content in out]


def _fixed(source: Record) -> str:
    """008 of 100 $a (dates, audience), 101 $a and 102 $a."""
    coded = source.first("100", "a").ljust(36)
    country = source.first("102", "a").upper()[:2]
    language = source.first("101", "a").lower()[:3]
    basic = fixed_field(
        country=COUNTRIES.get(country, ""),
        audience=AUDIENCES.get(coded[17], " "),
        language=language if re.fullmatch("[a-z]{3}", language) else "",
    )
    entered = coded[2:8] if re.fullmatch(r"\d{6}", coded[2:8]) else "||||||"
    first, second = (re.sub(r"[^0-9]", "u", date) if date.strip(" |") else "" for date in (coded[9:13], coded[13:17]))
    kind = DATES.get(coded[8], "s") if first else "n"
    return f"{entered}{kind}{first or 'uuuu'}{second or '    '}{basic[15:]}"


def _leader(leader: str) -> str:
    leader = leader.ljust(24)
    kind = KINDS.get(leader[6], leader[6]) if leader[6].isalpha() else "a"
    level = leader[7] if leader[7] in "acims" else "m"
    status = leader[5] if leader[5] in "cdnp" else "n"
    return f"00000{status}{kind}{level} a2200000   4500"


FORMAT = Format(
    name="unimarc",
    title={"vi": "UNIMARC (ISO 2709, XML)", "en": "UNIMARC (ISO 2709, XML)"},
    split=split,
    parse=parse,
    without=from_marc,
    prefixes=("unimarc",),
    suffixes=(".unimarc", ".uni"),
)
