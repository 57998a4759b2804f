"""MARC-in-JSON (Ross Singer's form, as pymarc, Koha and YAZ write it), both directions.

``{"leader": "…", "fields": [{"001": "…"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "…"}]}}]}``. A file
may hold one record, an array, or one record a line. Read besides: the form with ``controlfield`` and ``datafield``
lists that XML converters write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson

from schemas import encodings
from schemas.format import Format, Reading
from schemas.limits import MAX_RECORD, too_long, within
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import BLANK_LEADER, DELIMITER, Field, RawRecord, Record, data_field, is_control, subfields
from schemas.taken_out import from_marcjson

MAX_FILE = 512 * 2**20
_BETWEEN = " \t\r\n,[]"
_CONTROLS = {0x1D: " ", 0x1E: " ", 0x1F: " "}


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file, wherever one JSON object follows another; a broken one costs only its own lines."""
    data = stream.read(MAX_FILE)
    try:
        text = _decode(data, reading.encoding)
    except Trouble as trouble:
        yield RawRecord(key_of(data), data, "byte 0", problem=trouble.problem)
        return
    decoder = json.JSONDecoder(strict=False)  # control characters inside strings are common
    at, number, line, counted = _skip(text, 0), 0, 1, 0
    while at < len(text):
        number += 1
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = decoder.raw_decode(text, at)
            problem = None if isinstance(value, dict) else Problem("marcjson_shape", {"detail": type(value).__name__})
            problem = too_long() if end - at > MAX_RECORD else problem
        except (ValueError, RecursionError) as error:
            value, end = None, _next_object(text, at)
            problem = Problem("marcjson_broken", {"detail": str(error)})
        body = text[at:end].encode("utf-8", "replace")
        yield RawRecord(_identifier(value) or key_of(body), body, f"line {line}, record {number}", problem=problem)
        at = _skip(text, end)


def _decode(data: bytes, encoding: str) -> str:
    """The text as it came; only a source that names another encoding has it changed."""
    if encoding not in ("auto", "utf-8"):
        return encodings.decode(data, encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        raise Trouble("encoding_broken", name="utf-8", offset=at, byte=data[at : at + 1].hex()) from None


def parse(body: bytes, reading: Reading) -> Record:
    """The record of one JSON object; :class:`Trouble` says what is wrong with its form."""
    try:
        value = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        raise Trouble("marcjson_broken", detail=error) from None
    if not isinstance(value, dict):
        raise Trouble("marcjson_shape", detail=type(value).__name__)
    try:
        fields = [_field(*pair) for pair in _pairs(value)]
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise Trouble("marcjson_shape", detail=str(error) or type(error).__name__) from None
    if not fields:
        raise Trouble("marcjson_shape", detail="fields: 0")
    leader = _text(value.get("leader", "") or BLANK_LEADER)
    return within(Record(leader[:24].ljust(24), tuple(fields)))


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BETWEEN:
        at += 1
    return at


def _next_object(text: str, at: int) -> int:
    """Where the next object begins on a line of its own, or the end."""
    found = [i for mark in ("\n{", "\n  {", '{"leader"') if (i := text.find(mark, at + 1)) > 0]
    return min(found, default=len(text))


def _identifier(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    try:
        return next((str(content).strip()[:200] for tag, content in _pairs(value) if tag == "001"), "")
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        return ""


def _pairs(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The (tag, content) pairs of either form."""
    if "fields" not in value and not ("controlfield" in value or "datafield" in value):
        raise KeyError("fields")
    for item in value.get("fields", []):
        yield from item.items()
    for item in _several(value.get("controlfield")):
        yield item["tag"], item["content"]
    for item in _several(value.get("datafield")):
        parts = [{part["code"]: part.get("content", "")} for part in _several(item.get("subfield"))]
        yield item["tag"], {**item, "subfields": parts}


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _field(tag: str, content: Any) -> Field:
    if not re.fullmatch("[0-9A-Za-z]{3}", tag):
        raise ValueError(f"tag {tag!r:.20}")
    if isinstance(content, (str, int, float)):
        return tag, _text(content) if is_control(tag) else f"  {DELIMITER}a{_text(content)}"
    parts = [(_code(code), _text(text)) for part in content["subfields"] for code, text in part.items() if code or text]
    if is_control(tag):
        return tag, " ".join(text for _, text in parts)
    indicators = [(_text(content.get(name) or " ") + " ")[0] for name in ("ind1", "ind2")]
    return data_field(tag, "".join(indicators), parts)


def _code(code: object) -> str:
    """The code of a subfield: one character, or the text under it would be lost."""
    if not isinstance(code, str) or len(code) != 1 or ord(code) in _CONTROLS:
        raise ValueError(f"code {code!r:.20}")
    return code


def _text(value: object) -> str:
    """A value as text that a record can hold: no separators of ISO 2709, no lone surrogates."""
    text = "" if value is None else str(value)
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode()


def to_marcjson(record: Record) -> dict[str, Any]:
    """The MARC-in-JSON object of a record."""
    fields: list[dict[str, Any]] = []
    for tag, content in record.fields:
        if is_control(tag):
            fields.append({tag: content})
        else:
            parts = [{code: value} for code, value in subfields(content)]
            fields.append({tag: {"ind1": content[:1] or " ", "ind2": content[1:2] or " ", "subfields": parts}})
    return {"leader": record.leader, "fields": fields}


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write one record a line; nothing is refused."""
    stream.writelines(orjson.dumps(to_marcjson(record)) + b"\n" for record in records)
    return []


FORMAT = Format(
    name="marcjson",
    title={"vi": "MARC trong JSON", "en": "MARC-in-JSON"},
    split=split,
    parse=parse,
    without=from_marcjson,
    write=write,
    prefixes=("marcjson",),
    suffixes=(".json", ".ndj", ".ndjson", ".jsonl"),
)
