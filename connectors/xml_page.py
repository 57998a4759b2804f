"""Pages of XML that partners send: their encoding, and what is left of a page that one of its records has broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from schemas.xml import parse_document

PREFIX = rb"(?:[\w.-]+:)?"

_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>")
_RECORD_END = re.compile(rb"</" + PREFIX + rb"record\s*>")
_SINGLE_BYTE = re.compile(
    rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"'](iso-8859-\d+|latin-?1|windows-\d+|cp\d+|us-ascii)[\"']", re.I
)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A page that is broken as XML, in pieces: the bytes of each record, what stands before them and after them.

    With the ``declaration``, the root's start tag (``opening``) and its end tag (``closing``) a piece is a document.
    """

    declaration: bytes
    opening: bytes
    closing: bytes
    head: bytes
    records: list[bytes]
    tail: bytes

    def alone(self, piece: bytes) -> Any:
        """The first element of a piece; :class:`Trouble` ``xml_broken``, :class:`IndexError` where there is none."""
        return parse_document(self.declaration + self.opening + piece + self.closing)[0]

    def find(self, pattern: re.Pattern[bytes], part: bytes) -> Any:
        """An element of a part by its pattern, ``None`` where there is none; :class:`Trouble` where it is broken."""
        found = pattern.search(part)
        return None if found is None else self.alone(found[0])


def honest(body: bytes) -> bytes:
    """A page that declares a single-byte encoding and is UTF-8 all the same, declared as UTF-8.

    Text in a single-byte encoding is never valid UTF-8 by chance once it has more than a few letters beyond ASCII.
    """
    declared = _SINGLE_BYTE.match(body)
    if declared is None or body.isascii():
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    return body[: declared.start(1)] + b"UTF-8" + body[declared.end(1) :]


def is_no_xml(body: bytes) -> bool:
    """Whether an answer is empty, a page for people, or no markup at all."""
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or not start.startswith(b"<")


def beginning(body: bytes, length: int = 200) -> str:
    """The first bytes of an answer on one line, for a person to see."""
    return " ".join(body[:length].decode("utf-8", "replace").split())


def take_apart(body: bytes, root: bytes, record: re.Pattern[bytes], after: re.Pattern[bytes]) -> Pieces | None:
    """A page cut at its records; ``None`` when it does not end with its root, or holds no record that can be told.

    ``record`` finds where a record begins, ``after`` what can follow the last one if that one is not closed.
    """
    opened = re.search(rb"<" + PREFIX + root + rb"\b[^>]*>", body)
    closed = re.search(rb"</(" + PREFIX + root + rb")\s*>\s*(?:<!--[^>]*-->\s*)*\Z", body)
    starts = [found.start() for found in record.finditer(body)]
    if opened is None or closed is None or not starts or _DOCTYPE.search(body, 0, opened.start()):
        return None
    spans = [body[a:b] for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
    records = [_cut(span, after) for span in spans]
    declared = _DECLARATION.match(body)
    return Pieces(
        declaration=declared[0] if declared else b"",
        opening=opened[0],
        closing=b"</" + closed[1] + b">",
        head=body[opened.end() : starts[0]],
        records=records,
        tail=spans[-1][len(records[-1]) :],
    )


def _cut(span: bytes, after: re.Pattern[bytes]) -> bytes:
    """A record up to its last end tag; one without an end tag reaches to what follows the records."""
    ends = [found.end() for found in _RECORD_END.finditer(span)]
    if ends:
        return span[: ends[-1]]
    following = after.search(span)
    return span[: following.start()] if following else span
