"""Fields taken out of a raw record before it is stored, every other byte left as it was.

A field is named by its tag ("912") or by its tag and a subfield ("952$x"). What is asked for is found by its structure
alone, whatever the encoding. In a record too damaged for that, the content is overwritten with spaces as far as it can
be told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import orjson

FIELD_END, DELIMITER, RECORD_END = b"\x1e", b"\x1f", b"\x1d"
LEADER = 24
ENTRY = 12
FIELD_NAME = r"^\d{3}(\$[0-9a-z])?$"

Taken = list[str]
Places = dict[bytes, frozenset[bytes]]  # tag → subfield codes; none: the whole field


@lru_cache(maxsize=256)
def _places(names: tuple[str, ...]) -> tuple[Places, re.Pattern[bytes]]:
    """The tags with their subfields, and what a directory that has one of them looks like."""
    places: dict[bytes, set[bytes]] = {}
    whole = {name for name in names if "$" not in name}
    for name in names:
        tag, _, code = name.partition("$")
        places.setdefault(tag.encode(), set()).update([code.encode()] if code and tag not in whole else [])
    pattern = re.compile(b"|".join(map(re.escape, places)) or rb"(?!)")
    return {tag: frozenset(codes) for tag, codes in places.items()}, pattern


def _name(tag: bytes, code: bytes = b"") -> str:
    return (tag + (b"$" + code if code else b"")).decode("ascii", "replace")


def from_iso2709(body: bytes, names: Collection[str]) -> tuple[bytes, Taken]:
    """Take fields out of an ISO 2709 record; the leader and the directory are made to fit."""
    places, pattern = _places(tuple(names))
    end = body.find(FIELD_END, LEADER)
    if end < 0 or not pattern.search(body, LEADER, end):
        return body, []
    entries = [body[at : at + ENTRY] for at in range(LEADER, end, ENTRY)]
    base = int(body[12:17]) if body[12:17].isdigit() else -1
    if (end - LEADER) % ENTRY or base != end + 1 or not all(_sound(entry, body, base) for entry in entries):
        return _blanked(body, entries, end, places)
    kept, taken = [], []
    for entry in entries:
        tag, length, start = entry[:3], int(entry[3:7]), int(entry[7:12])
        content = body[base + start : base + start + length]
        if tag in places:
            content, found = _without_subfields(tag, content, places[tag])
            taken += found
        if content:
            kept.append((tag, content))
    return (_rebuilt(body, kept), taken) if taken else (body, [])


def _sound(entry: bytes, body: bytes, base: int) -> bool:
    """Whether a directory entry points at a field that ends where it says."""
    if len(entry) != ENTRY or not entry[3:].isdigit():
        return False
    end = base + int(entry[7:12]) + int(entry[3:7])
    return int(entry[3:7]) > 0 and end <= len(body) and body[end - 1 : end] == FIELD_END


def _without_subfields(tag: bytes, content: bytes, codes: frozenset[bytes]) -> tuple[bytes, Taken]:
    """A field without some of its subfields (``b""`` when nothing is left), or nothing of it."""
    if not codes:
        return b"", [_name(tag)]
    indicators, *parts = content.removesuffix(FIELD_END).split(DELIMITER)
    left = [part for part in parts if part[:1] not in codes]
    taken = [_name(tag, part[:1]) for part in parts if part[:1] in codes]
    if not taken:
        return content, []
    return (DELIMITER.join([indicators, *left]) + FIELD_END if left else b""), taken


def _rebuilt(body: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    directory, data = bytearray(), bytearray()
    for tag, content in fields:
        directory += b"%s%04d%05d" % (tag, len(content), len(data))
        data += content
    base = LEADER + len(directory) + 1
    whole = base + len(data) + 1
    leader = b"%05d" % min(whole, 99_999) + body[5:12] + b"%05d" % base + body[17:LEADER]
    return bytes(leader + directory + FIELD_END + data + RECORD_END)


def _blanked(body: bytes, entries: list[bytes], end: int, places: Places) -> tuple[bytes, Taken]:
    """A damaged record whose fields are told by their order alone: contents overwritten, nothing moved."""
    parts = body[end + 1 :].split(FIELD_END)
    taken: Taken = []
    for number, entry in enumerate(entries[: len(parts)]):
        tag = entry[:3]
        if tag not in places:
            continue
        content, found = _without_subfields(tag, parts[number] + FIELD_END, places[tag])
        if found:
            taken += found
            parts[number] = content.removesuffix(FIELD_END).ljust(len(parts[number]))
    return (body[: end + 1] + FIELD_END.join(parts), taken) if taken else (body, [])


_DATAFIELD = re.compile(
    rb"<((?:[\w.-]+:)?)datafield\b[^>]*?\btag\s*=\s*[\"']([^\"']{1,3})[\"'][^>]*>(.*?)</\1datafield\s*>", re.DOTALL
)
_SUBFIELD = re.compile(
    rb"<((?:[\w.-]+:)?)subfield\b[^>]*?\bcode\s*=\s*[\"']([^\"'])[\"'][^>]*?(?:/>|>.*?</\1subfield\s*>)", re.DOTALL
)


def from_marcxml(body: bytes, names: Collection[str]) -> tuple[bytes, Taken]:
    """Take fields out of a MARCXML or marcxchange record, and of whatever stands around it."""
    places, pattern = _places(tuple(names))
    if not pattern.search(body):
        return body, []
    taken: Taken = []

    def cut(found: re.Match[bytes]) -> bytes:
        tag = found[2]
        if tag not in places:
            return found[0]
        if not places[tag]:
            taken.append(_name(tag))
            return b""

        def cut_subfield(part: re.Match[bytes]) -> bytes:
            if part[2] not in places[tag]:
                return part[0]
            taken.append(_name(tag, part[2]))
            return b""

        before = len(taken)
        inner = _SUBFIELD.sub(cut_subfield, found[3])
        if len(taken) == before:
            return found[0]
        head, tail = found[0][: found.start(3) - found.start()], found[0][found.end(3) - found.start() :]
        return head + inner + tail if _SUBFIELD.search(inner) else b""

    made = _DATAFIELD.sub(cut, body)
    return (made, taken) if taken else (body, [])


_LINE = re.compile(rb"^=(\w{3})[^\r\n]*(?:\r?\n(?!=|\r?\n)[^\r\n]*)*\r?\n?", re.MULTILINE)


def from_mrk(body: bytes, names: Collection[str]) -> tuple[bytes, Taken]:
    """Take fields out of a record in MARCMaker text."""
    places, _ = _places(tuple(names))
    taken: Taken = []

    def cut(found: re.Match[bytes]) -> bytes:
        tag = found[1]
        if tag not in places:
            return found[0]
        if not places[tag]:
            taken.append(_name(tag))
            return b""
        line = found[0].rstrip(b"\r\n")
        start, *parts = line.split(b"$")
        left = [part for part in parts if part[:1] not in places[tag]]
        if len(left) == len(parts):
            return found[0]
        taken.extend(_name(tag, part[:1]) for part in parts if part[:1] in places[tag])
        return b"$".join([start, *left]) + found[0][len(line) :] if left else b""

    made = _LINE.sub(cut, body)
    return (made, taken) if taken else (body, [])


def from_marcjson(body: bytes, names: Collection[str]) -> tuple[bytes, Taken]:
    """Take fields out of a MARC-in-JSON record; one that cannot be read as JSON is left to the quarantine as it is."""
    places, pattern = _places(tuple(names))
    if not pattern.search(body):
        return body, []
    try:
        record = orjson.loads(body)
        fields = record["fields"]
        taken: Taken = []
        record["fields"] = [left for field in fields if (left := _of_json(field, places, taken))]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return body, []
    return (orjson.dumps(record), taken) if taken else (body, [])


def _of_json(field: dict[str, Any], places: Places, taken: Taken) -> dict[str, Any]:
    """A field as it stays; ``{}`` when nothing does."""
    ((tag, content),) = field.items()
    codes = places.get(tag.encode())
    if codes is None:
        return field
    if not codes:
        taken.append(tag)
        return {}
    parts: Iterable[dict[str, str]] = content["subfields"]
    left = [part for part in parts if not {code.encode() for code in part} & codes]
    gone = [code for part in parts for code in part if code.encode() in codes]
    taken += [f"{tag}${code}" for code in gone]
    if not gone:
        return field
    return {tag: {**content, "subfields": left}} if left else {}


def from_marc(body: bytes, names: Collection[str]) -> tuple[bytes, Taken]:
    """Take fields out of a record that is ISO 2709 or, by its first character, XML."""
    return (from_marcxml if body.lstrip()[:1] == b"<" else from_iso2709)(body, names)
