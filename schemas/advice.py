"""What would make a rejected record readable: a suggestion for a person, who accepts it or leaves it.

A suggestion is a list of mends, each a named rule with a version ("xml_ampersand@1"), and the body they make. It is
offered only when the source's own format and reading can read that body, so that reading it again gives the same
record for ever. Where no mend helps, it says what to ask the library for. Nothing is applied here.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import orjson

from schemas import encodings, mend_marc, mend_text, mend_xml
from schemas.advice_wording import SENTENCES
from schemas.format import Format, Reading, formats
from schemas.headings import recognize
from schemas.likely import likely
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble, say
from schemas.record import DELIMITER, Record

say(SENTENCES)

XML = frozenset({"marcxml", "mods", "oai_dc", "onix", "qdc", "unimarc"})
MARC = frozenset({"marc21", "unimarc"})
TABLES = frozenset({"csv", "xlsx"})
NO_TITLE = re.compile(r"_no_title$")
TOO_LARGE = frozenset({"record_too_long", "xml_too_long", "field_too_long", "fields_too_many"})
LARGE = 16 * 2**20  # bytes; a larger body is mended by its library
TRAILING = re.compile(rb",(\s*[}\]])")
CODED = re.compile(rb"\x1f.")
LINES = re.compile(rb"\r\n|\r|\n")

Mended = tuple[bytes, Sequence[Problem]]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a rejected record.

    ``steps`` are the mends in their order, or what to ask the library for. ``body`` is the mended record as the source
    would have sent it; without it there is nothing to accept. ``encoding`` is what the record's own bytes are in, where
    that is not what the source is said to send.
    """

    steps: tuple[Problem, ...]
    body: bytes | None = None
    encoding: str = ""

    @property
    def rule(self) -> str:
        """The names and versions of the mends: "xml_characters@1+xml_ampersand@1"; ``""`` without a body."""
        return "+".join(f"{step.code.removeprefix('mend_')}@1" for step in self.steps) if self.body is not None else ""

    def sentence(self, language: str = "vi") -> str:
        """What would be done, or what to ask for."""
        return " ".join(step.sentence(language) for step in self.steps)


def advice(code: str, facts: Mapping[str, str], body: bytes, form: Format, reading: Reading) -> Advice:
    """What to do about a record that was rejected for the problem ``code``, whose bytes are ``body``.

    Whatever the bytes are, there is an answer.
    """
    if len(body) > LARGE or code in TOO_LARGE:
        return _ask("ask_smaller")
    for mended, steps in _mends(code, facts, body, form, reading):
        if _read(mended, form, reading) is not None and _is_one(mended, form, reading):
            return Advice(tuple(steps), mended, _encoding(steps))
    if encoding := _only_encoding(body, form, reading):
        return Advice((Problem("ask_encoding", {"name": encoding}),), encoding=encoding)
    if other := _other_format(body, form):
        return _ask("ask_format", name=other)
    if NO_TITLE.search(code):
        return _ask("ask_title")
    return _ask("ask_whole" if code == "xml_cut_short" else "ask_again")


def _ask(code: str, **facts: str) -> Advice:
    return Advice((Problem(code, facts),))


def _encoding(steps: Sequence[Problem]) -> str:
    return next((step.facts["name"] for step in steps if step.code in ("mend_encoding", "mend_xml_encoding")), "")


def _read(body: bytes, form: Format, reading: Reading) -> Record | None:
    """The record of a body, or ``None`` when the format cannot read it or it has no title."""
    try:
        record = form.parse(body, reading)
        return record if record.first("245", "abnp").strip() else None
    except Exception:  # whatever is wrong with it, it is no suggestion
        return None


def _is_one(body: bytes, form: Format, reading: Reading) -> bool:
    """Whether a body holds one record: a mend that reads the first of many would lose the others."""
    if form.name in TABLES:
        return True
    try:
        return len(list(islice(form.split(io.BytesIO(body), reading), 2))) < 2
    except Trouble:
        return False


def _mends(code: str, facts: Mapping[str, str], body: bytes, form: Format, reading: Reading) -> Iterator[Mended]:
    """Bodies that may be readable, the least changed first, each with the mends that made it."""
    if code in ("text_in_doubt", "converted_in_doubt"):
        yield from mend_text.mends(body, facts.get("name", ""))
        return
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if form.name in XML and head == b"<":
        yield from mend_xml.mends(body)
    if form.name in MARC and head != b"<":
        yield from mend_marc.mends(body, reading.encoding)
    if form.name == "marcjson":
        yield from _json(body)
    if form.name in ("mrk", "marcjson"):
        yield from _recoded(body, reading)
    if form.name == "mrk":
        yield from _lines(body)
    if form.name in TABLES and code == "table_id_twice":
        yield from _own_number(body, facts, reading)
    yield from _converted(body, form, reading)


def _recoded(body: bytes, reading: Reading) -> Iterator[Mended]:
    """Text in another encoding, written in UTF-8, or in the one the source is said to send."""
    found = likely([body])
    if found in ("unknown", "western", reading.encoding):
        return
    try:
        text = encodings.decode(body, found)
        target = "utf-8" if reading.encoding == "auto" else reading.encoding
        again = encodings.encode(text, target)
    except Trouble:  # a letter the source's encoding lacks: nothing to offer
        return
    if again != body and encodings.decode(again, target) == text:
        yield again, [Problem("mend_encoding", {"name": found})]


def _json(body: bytes) -> Iterator[Mended]:
    """JSON with a comma too many, or cut short within its last field."""
    mended = TRAILING.sub(rb"\1", body)
    if mended != body:
        yield mended, [Problem("mend_json_comma")]
    for end in (b"]}", b"}]}", b'"}]}}]}'):
        cut = mended.rstrip().rstrip(b",")
        if _is_json(cut + end):
            yield cut + end, [Problem("mend_json_end")]


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(body: bytes) -> Iterator[Mended]:
    """MARCMaker lines before the first field, which belong to none, are left out."""
    lines = LINES.split(body)
    first = next((at for at, line in enumerate(lines) if line.startswith(b"=")), 0)
    if first:
        yield b"\n".join(lines[first:]), [Problem("mend_mrk_lines", {"count": str(first)})]


def _own_number(body: bytes, facts: Mapping[str, str], reading: Reading) -> Iterator[Mended]:
    """A row whose number stands for another title gets a number of its own: that number and a key of the row."""
    try:
        rows = [dict(row) for row in orjson.loads(body)["rows"]]
    except (ValueError, KeyError, TypeError):
        return
    number = f"{facts.get('identifier', '')}-{key_of(body)[1:5]}"
    for row in rows:
        row |= {heading: number for heading in row if recognize(str(heading), reading.columns) == "id"}
    yield orjson.dumps({"rows": rows}), [Problem("mend_own_number", {"number": number})]


def _converted(body: bytes, form: Format, reading: Reading) -> Iterator[Mended]:
    """A record of another format, written in the source's own."""
    other = _other_format(body, form)
    if not other or form.write is None:
        return
    record = formats()[other].parse(body, Reading())
    stream = io.BytesIO()
    refused = form.write([record], stream)
    again = _read(_alone(stream.getvalue(), form), form, reading)
    if not refused and again is not None and _said(again) == _said(record):
        yield _alone(stream.getvalue(), form), [Problem("mend_format", {"name": other})]


def _alone(written: bytes, form: Format) -> bytes:
    """The one record of a file of one."""
    return next((raw.body for raw in form.split(io.BytesIO(written), Reading())), b"")


def _said(record: Record) -> list[tuple[str, str]]:
    return [(tag, content.replace(DELIMITER, "$").strip()) for tag, content in record.fields]


def _other_format(body: bytes, form: Format) -> str:
    """The name of another format the body is in, or ``""``."""
    for name, other in formats().items():
        if name != form.name and name not in TABLES and _read(body, other, Reading()) is not None:
            return name
    return ""


def _only_encoding(body: bytes, form: Format, reading: Reading) -> str:
    """The encoding in which the body can be read though it cannot be written so that the source's reading takes it."""
    if form.name not in MARC and form.name != "mrk":
        return ""
    found = likely([CODED.sub(b" ", body)])
    if found in ("unknown", "western", "utf-8", reading.encoding):
        return ""
    return found if _read(body, form, replace(reading, encoding=found)) is not None else ""
