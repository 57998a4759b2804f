"""Mends of ISO 2709 records: leader and directory made anew from the fields, another encoding, a record cut short.

What is built is the form of https://www.loc.gov/marc/specifications/specrecstruc.html; the field contents stay as they
came, byte for byte, unless the encoding is what is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas import encodings
from schemas.likely import likely, western
from schemas.marc21 import ENTRY, LEADER, MAX_FIELD, MAX_ISO2709
from schemas.problem import Problem, Trouble
from schemas.record import BLANK_LEADER

FIELD_END, RECORD_END = b"\x1e", b"\x1d"
DIRECTORY = re.compile(rb"((?:[0-9A-Za-z]{3}\d{9})+)\x1e")
ENTRY_LIKE = re.compile(rb"([0-9A-Za-z]{3})(\d{4})(\d{5})")
LONGEST_HEAD = 30_000
CODED = re.compile(rb"\x1f.")


class _Parts(NamedTuple):
    """A record taken apart: its leader, (tag, content) pairs, and of how many fields it is said to have been."""

    leader: bytes
    fields: list[tuple[bytes, bytes]]
    announced: int


def mends(body: bytes, encoding: str) -> Iterator[tuple[bytes, Sequence[Problem]]]:
    """Bodies that may be readable, each with its mends; ``encoding`` is what the source is said to send."""
    parts = _take_apart(body)
    if parts is None:
        return
    step = _structure(parts)
    whole = assemble(parts.leader, parts.fields)
    if whole is None:
        return
    if whole != body:
        yield whole, [step]
    before = [step] if whole[LEADER:] != body[LEADER:] else []
    for name, fields in _recoded(parts.fields, encoding):
        made = assemble(parts.leader[:9] + b"a" + parts.leader[10:], fields)
        if made is not None:
            mend = Problem("mend_encoding", {"name": name}) if name else Problem("mend_marc_bytes")
            yield made, [*before, mend]


def fields_of(body: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]] | None:
    """The leader and the (tag, content) pairs of a record; ``None`` where they cannot be paired."""
    parts = _take_apart(body)
    return (parts.leader, parts.fields) if parts else None


def _structure(parts: _Parts) -> Problem:
    kept = len(parts.fields)
    if kept < parts.announced:
        return Problem("mend_marc_cut", {"kept": str(kept), "of": str(parts.announced)})
    return Problem("mend_marc_directory", {"count": str(kept)})


def _take_apart(body: bytes) -> _Parts | None:
    """Leader, tags and contents, whatever the lengths say; ``None`` where tags and contents cannot be paired."""
    head = body[:LONGEST_HEAD]
    found = (DIRECTORY.search(head, LEADER) if _is_leader(body[:LEADER]) else None) or DIRECTORY.search(head)
    start = found.start(1) if found else LEADER
    end = found.end(1) if found else body.find(FIELD_END, LEADER)
    if end < 0:
        return None
    entries = _entries(body[start:end])
    data = body[end + 1 :]
    whole = data.endswith(FIELD_END + RECORD_END) or data.endswith(FIELD_END)
    contents = data.rstrip(RECORD_END).removesuffix(FIELD_END).split(FIELD_END)
    lengths = [int(length) for _, length, _ in entries]
    if len(contents) > len(entries):
        contents = _joined(contents, lengths)
    if contents and not whole and len(contents[-1]) + 1 < max(lengths[len(contents) - 1 : len(contents)], default=0):
        contents.pop()  # the field the record was cut in
    if not contents or len(contents) > len(entries):
        return None
    fields = [(entry[0], content) for entry, content in zip(entries, contents, strict=False)]
    return _Parts(_leader(body[:start]), fields, len(entries))


def _entries(directory: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """The entries of a directory; bytes that fit none are stepped over."""
    entries, at = [], 0
    while at + ENTRY <= len(directory):
        match = ENTRY_LIKE.match(directory, at)
        if match:
            entries.append((match[1], match[2], match[3]))
        at += ENTRY if match else 1
    return entries


def _joined(contents: list[bytes], lengths: list[int]) -> list[bytes]:
    """Contents cut by a terminator that is text of theirs, put together again by the lengths of the directory."""
    made, pieces = [], iter(contents)
    for length in lengths:
        content = next(pieces, None)
        while content is not None and len(content) + 1 < length:
            more = next(pieces, None)
            if more is None:
                break
            content += FIELD_END + more
        if content is not None:
            made.append(content)
    return made + list(pieces)


def _is_leader(head: bytes) -> bool:
    """Whether these are 24 characters with letters for status, type and level (leader/05-07)."""
    return head.isascii() and len(head) == LEADER and head[5:8].strip().isalpha()


def _leader(head: bytes) -> bytes:
    """The leader, or that of a printed monograph where there is none."""
    return head if _is_leader(head) else BLANK_LEADER.encode()


def assemble(leader: bytes, fields: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """A record of its leader and its (tag, content) pairs; ``None`` beyond what ISO 2709 holds."""
    directory, data = bytearray(), bytearray()
    for tag, content in fields:
        if len(content) + 1 > MAX_FIELD or len(data) > MAX_ISO2709:
            return None
        directory += b"%s%04d%05d" % (tag, len(content) + 1, len(data))
        data += content + FIELD_END
    base = LEADER + len(directory) + 1
    length = base + len(data) + 1
    if length > MAX_ISO2709:
        return None
    start = b"%05d%s22%05d%s4500" % (length, leader[5:10], base, leader[17:20])
    return start + bytes(directory) + FIELD_END + bytes(data) + RECORD_END


def _recoded(fields: Sequence[tuple[bytes, bytes]], encoding: str) -> Iterator[tuple[str, list[tuple[bytes, bytes]]]]:
    """The fields in UTF-8 (or in the encoding the source is said to send), by the encoding they are found to be in.

    Without a name, single bytes that are no UTF-8 are taken for letters of CP1252.
    """
    contents = [content for _, content in fields]
    found = likely([CODED.sub(b" ", content) for content in contents])
    target = "utf-8" if encoding in ("auto", "utf-8") else encoding
    if found not in ("unknown", "western", target):
        try:
            made = [b"\x1f".join(_again(part, found, target) for part in c.split(b"\x1f")) for c in contents]
        except Trouble:
            return
        yield found, [(tag, content) for (tag, _), content in zip(fields, made, strict=True)]
    elif found == "western" and target == "utf-8":
        yield "", [(tag, western(content)) for tag, content in fields]


def _again(part: bytes, found: str, target: str) -> bytes:
    text = encodings.decode(part, found)
    again = encodings.encode(text, target)
    if encodings.decode(again, target) != text:
        raise Trouble("encoding_unfit", name=target, letter=text[:1])
    return again
