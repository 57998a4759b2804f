"""A raw record without some of its fields, before anything is stored: names of staff, data of readers.

Fields are named by tag ("912") or by tag and subfield ("952$x"). Every other byte stays, but for what a format must
count anew (lengths, directory). What is so damaged that its fields cannot be told apart has its text blanked as a
whole: it could not be read anyway, and is refused with what is left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from schemas.problem import Trouble
from schemas.xml import parse_document

LEADER, ENTRY = 24, 12
FIELD_END, DELIMITER = b"\x1e", b"\x1f"
TEXT = re.compile(rb"[^\x1d-\x1f]")
Names = list[str]  # of what was taken, one for each time
Taken = tuple[bytes, Names]


class Wanted(NamedTuple):
    """What is to go: whole fields, subfields by tag, and patterns that find a record that may have any of them."""

    fields: frozenset[str]
    subfields: dict[str, frozenset[str]]
    tags: bytes
    entry: re.Pattern[bytes]
    element: re.Pattern[bytes]
    line: re.Pattern[bytes]
    quoted: re.Pattern[bytes]

    def name(self, tag: str, code: str) -> str:
        """How a field or a subfield is called, or ``""`` where it stays."""
        if tag in self.fields:
            return tag
        return f"{tag}${code}" if code in self.subfields.get(tag, ()) else ""


@lru_cache(maxsize=64)
def wanted(names: tuple[str, ...]) -> Wanted | None:
    """The names made ready; ``None`` where there are none."""
    parts = [name.split("$") for name in names]
    if not parts:
        return None
    subfields: dict[str, set[str]] = {}
    for tag, *code in parts:
        if code:
            subfields.setdefault(tag, set()).update(code)
    tags = "|".join(sorted({re.escape(part[0]) for part in parts})).encode()
    return Wanted(
        frozenset(part[0] for part in parts if len(part) == 1),
        {tag: frozenset(codes) for tag, codes in subfields.items()},
        tags,
        re.compile(rb"(?:" + tags + rb")[0-9 ]{9}"),
        re.compile(
            rb"\s*<(?P<p>(?:[\w.-]+:)?)(?P<n>datafield|controlfield)(?=[^>]*?\stag\s*=\s*[\"']\s*(?P<tag>"
            + tags
            + rb")\s*[\"'])[^>]*?(?:/>|>.*?</(?P=p)(?P=n)\s*>)",
            re.DOTALL,
        ),
        re.compile(rb"=(" + tags + rb")(?:\s|$)"),
        re.compile(rb"\"(" + tags + rb")\""),
    )


def _found(names: Collection[str]) -> Wanted | None:
    return wanted(names if isinstance(names, tuple) else tuple(names))


# ISO 2709


class _Entry(NamedTuple):
    """A directory entry, where its field begins and ends in the body, and its tag."""

    tag: str
    start: int
    end: int


def from_iso2709(body: bytes, names: Collection[str]) -> Taken:
    """A record of ISO 2709 without fields: directory, record length and base address are made to fit again."""
    going = _found(names)
    base = body.find(FIELD_END, LEADER) + 1
    if going is None or not base or not going.entry.search(body, LEADER, base):
        return body, []
    directory = [body[at : at + ENTRY] for at in range(LEADER, base - 1, ENTRY)]
    tags = [entry[:3].decode("latin-1") for entry in directory]
    if len(directory[-1]) == ENTRY and not any(tag in going.fields or tag in going.subfields for tag in tags):
        return body, []
    entries = _by_directory(body, base, directory) if body[12:17] == b"%05d" % base else None
    return _rebuilt(body, base, entries, going) if entries else _blanked(body, base, tags, going)


def _by_directory(body: bytes, base: int, directory: list[bytes]) -> list[_Entry] | None:
    """The fields where the directory says, each ending with its terminator and none within another."""
    entries = []
    for entry in directory:
        if len(entry) < ENTRY or not entry[3:].isdigit():
            return None
        start = base + int(entry[7:])
        end = start + int(entry[3:7])
        if end <= start or body[end - 1 : end] != FIELD_END or FIELD_END in body[start : end - 1]:
            return None
        entries.append(_Entry(entry[:3].decode("latin-1"), start, end))
    spans = sorted((entry.start, entry.end) for entry in entries)
    apart = all(after[0] >= before[1] for before, after in pairwise(spans))
    return entries if apart and sum(end - start for start, end in spans) == len(body[base:].rstrip(b"\x1d")) else None


def _blanked(body: bytes, base: int, tags: list[str], going: Wanted) -> Taken:
    """A damaged record: contents overwritten, nothing moved. The fields are told by their order.

    Where there are not as many as entries, nobody can say whose name stands where, and all of them are overwritten.
    """
    contents = body[base:].rstrip(b"\x1d").removesuffix(FIELD_END).split(FIELD_END)
    end = body[base + len(FIELD_END.join(contents)) :]
    if len(contents) != len(tags):
        return body[:base] + TEXT.sub(b" ", body[base:]), sorted({*going.fields, *going.subfields})
    taken: Names = []
    made = []
    for tag, content in zip(tags, contents, strict=True):
        before = len(taken)
        left = _content(tag, content + FIELD_END, going, taken)
        made.append(left.removesuffix(FIELD_END).ljust(len(content)) if len(taken) > before else content)
    return (body[:base] + FIELD_END.join(made) + end, taken) if taken else (body, [])


def _rebuilt(body: bytes, base: int, entries: list[_Entry], going: Wanted) -> Taken:
    """The record of what remains, in the order in which the data stood; the directory keeps its own order."""
    kept: dict[int, bytes] = {}
    taken: Names = []
    for place, entry in enumerate(entries):
        content = body[entry.start : entry.end]
        remains = _content(entry.tag, content, going, taken)
        if remains:
            kept[place] = remains
    if not taken:
        return body, []
    data, starts = bytearray(), {}
    for place in sorted(kept, key=lambda place: entries[place].start):
        starts[place] = len(data)
        data += kept[place]
    directory = b"".join(_entry(entries[place].tag, len(kept[place]), starts[place]) for place in kept)
    end = b"\x1d" if body.endswith(b"\x1d") else b""
    base = LEADER + len(directory) + 1
    length = min(base + len(data) + len(end), 99_999)
    leader = b"%05d" % length + body[5:12] + b"%05d" % min(base, 99_999) + body[17:LEADER]
    return leader + directory + FIELD_END + bytes(data) + end, taken


def _entry(tag: str, length: int, start: int) -> bytes:
    return tag.encode("latin-1") + b"%04d%05d" % (min(length, 9_999), min(start, 99_999))


def _content(tag: str, content: bytes, going: Wanted, taken: Names) -> bytes:
    """What remains of a field; a field that loses its last subfield goes as a whole."""
    if tag in going.fields:
        taken.append(tag)
        return b""
    if tag not in going.subfields:
        return content
    start, *parts = content.removesuffix(FIELD_END).split(DELIMITER)
    rest = [part for part in parts if part[:1].decode("latin-1") not in going.subfields[tag]]
    if len(rest) == len(parts):
        return content
    taken += [f"{tag}${part[:1].decode('latin-1')}" for part in parts if part not in rest]
    return DELIMITER.join([start, *rest]) + FIELD_END if rest else b""


# XML


def from_marcxml(body: bytes, names: Collection[str]) -> Taken:
    """MARCXML or marcxchange without the elements of some fields, and without the blanks before them."""
    going = _found(names)
    if going is None:
        return body, []
    if b"\x00" in body[:4] or b"<![CDATA[" in body:
        return _by_tree(body, going)
    taken: Names = []
    made = going.element.sub(lambda found: _element(found, going, taken), body) if b"field" in body else body
    return (made, taken) if taken else (body, [])


def _element(found: re.Match[bytes], going: Wanted, taken: Names) -> bytes:
    tag = found["tag"].decode()
    if tag in going.fields:
        taken.append(tag)
        return b""
    made = found[0]
    for code in going.subfields[tag]:
        pattern = _subfield(code)
        made, count = pattern.subn(b"", made)
        taken += [f"{tag}${code}"] * count
    return made if made == found[0] or re.search(rb"<[\w.:-]*subfield\b", made) else b""


@lru_cache(maxsize=64)
def _subfield(code: str) -> re.Pattern[bytes]:
    said = re.escape(code).encode()
    return re.compile(
        rb"\s*<(?P<p>(?:[\w.-]+:)?)subfield(?=[^>]*?\scode\s*=\s*[\"']" + said + rb"[\"'])[^>]*?"
        rb"(?:/>|>.*?</(?P=p)subfield\s*>)",
        re.DOTALL,
    )


def _by_tree(body: bytes, going: Wanted) -> Taken:
    """The same by the XML parser, for documents in UTF-16 or with CDATA; one that it cannot read stays, in blanks."""
    from lxml import etree

    try:
        root = parse_document(body)
    except Trouble:
        tags = [tag for tag in (*going.fields, *going.subfields) if tag.encode() in body.replace(b"\x00", b"")]
        return (re.sub(rb"[^<>\s\x00]", b" ", body), tags) if tags else (body, [])
    taken: Names = []
    for element in [e for e in root.iter("{*}datafield", "{*}controlfield") if e.get("tag")]:
        tag = element.get("tag", "").strip()
        if going.name(tag, ""):
            taken.append(tag)
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for child in [c for c in element if isinstance(c.tag, str) and going.name(tag, c.get("code") or "")]:
            taken.append(f"{tag}${child.get('code')}")
            element.remove(child)
    return (etree.tostring(root, encoding="utf-8"), taken) if taken else (body, [])


def from_marc(body: bytes, names: Collection[str]) -> Taken:
    """Either form, as UNIMARC comes in both."""
    is_xml = body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return from_marcxml(body, names) if is_xml else from_iso2709(body, names)


# MARC-in-JSON


def from_marcjson(body: bytes, names: Collection[str]) -> Taken:
    """MARC-in-JSON without some fields; the object is written anew where anything was taken.

    An object that cannot be read has everything blanked from the first such tag to the next other one.
    """
    going = _found(names)
    if going is None or not going.quoted.search(body):
        return body, []
    taken: Names = []
    try:
        value = json.loads(body, strict=False)
        changed = _members(value, going, taken)
    except (ValueError, RecursionError):
        return _blanked_json(body, going)
    return (json.dumps(changed, ensure_ascii=False).encode("utf-8", "replace"), taken) if taken else (body, [])


def _members(value: Any, going: Wanted, taken: Names) -> Any:
    """The object without what goes, in the form of Singer and in the form with lists of fields."""
    if not isinstance(value, dict):
        return value
    made = dict(value)
    for name in ("fields", "datafield", "controlfield"):
        listed = value.get(name)
        if isinstance(listed, dict):
            listed = [listed]
        if isinstance(listed, list):
            made[name] = [left for item in listed if (left := _member(item, going, taken)) is not None]
    return made


def _member(item: Any, going: Wanted, taken: Names) -> Any:
    """One member of a list of fields without what goes; ``None`` when nothing of it remains."""
    if not isinstance(item, dict):
        return item
    if isinstance(item.get("tag"), str):
        return _field_left(item["tag"], item, "subfield", lambda part: part.get("code"), going, taken)
    left = {
        tag: made
        for tag, content in item.items()
        if (made := _field_left(tag, content, "subfields", lambda part: next(iter(part), ""), going, taken)) is not None
    }
    return left or None


def _field_left(tag: str, content: Any, key: str, code_of: Callable[[Any], Any], going: Wanted, taken: Names) -> Any:
    if tag in going.fields:
        taken.append(tag)
        return None
    if tag not in going.subfields or not isinstance(content, dict):
        return content
    parts = content.get(key)
    parts = parts if isinstance(parts, list) else [parts]
    gone = [part for part in parts if isinstance(part, dict) and going.name(tag, str(code_of(part)))]
    taken += [f"{tag}${code_of(part)}" for part in gone]
    rest = [part for part in parts if part not in gone]
    return {**content, key: rest} if rest else None


def _blanked_json(body: bytes, going: Wanted) -> Taken:
    taken: Names = []

    def blank(found: re.Match[bytes]) -> bytes:
        taken.append(found["tag"].decode())
        return b'"' + found["tag"] + b'"' + re.sub(rb"[^\s{}\[\],:\"]", b" ", found["rest"])

    pattern = re.compile(rb'"(?P<tag>' + going.tags + rb')"(?P<rest>.*?)(?="\w{3}"\s*:|\Z)', re.DOTALL)
    return pattern.sub(blank, body), taken


# MARCMaker


def from_mrk(body: bytes, names: Collection[str]) -> Taken:
    """MARCMaker text without the lines of some fields, and what runs on from them."""
    going = _found(names)
    if going is None or not going.line.search(body):
        return body, []
    taken: Names = []
    kept: list[bytes] = []
    for field in re.split(rb"(?:(?<=\n)|(?<=\r)(?!\n)|^)(?==)", body):
        found = going.line.match(field)
        tag = found[1].decode() if found else ""
        if tag in going.fields:
            taken.append(tag)
        elif tag:
            kept.append(_line(tag, field, going, taken))
        else:
            kept.append(field)
    return (b"".join(kept), taken) if taken else (body, [])


def _line(tag: str, line: bytes, going: Wanted, taken: Names) -> bytes:
    """A field without some subfields; what ends the line stays."""
    text = line.rstrip(b"\r\n")
    start, *parts = text.split(b"$")
    rest = [part for part in parts if not going.name(tag, part[:1].decode("latin-1"))]
    if len(rest) == len(parts):
        return line
    taken += [f"{tag}${part[:1].decode('latin-1')}" for part in parts if part not in rest]
    return b"$".join([start, *rest]) + line[len(text) :] if rest else b""
