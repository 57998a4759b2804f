"""Mends of XML that is not well-formed (XML 1.0, fifth edition, https://www.w3.org/TR/xml/).

Each mend changes only what XML forbids: characters outside Char (section 2.2), bytes that are not UTF-8 (4.3.3), names
of entities that are not declared and bare ampersands (4.1), a bare ``<`` (2.4). The last one closes what was left open.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable, Iterator, Sequence

from schemas import encodings
from schemas.likely import likely, western
from schemas.problem import Problem, Trouble
from schemas.xml import recover

CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
NUMBERED = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,9}));")
NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,31});")
AMPERSAND = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{0,31}|#\d{1,9}|#[xX][0-9a-fA-F]{1,8});)")
LESS_THAN = re.compile(rb"<(?![A-Za-z_:/!?])")
DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*>")
DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
TAG = re.compile(r"<[^<>]*>?")
SPACE = re.compile(r"\s+")

Counted = tuple[bytes, int]


def mends(body: bytes) -> Iterator[tuple[bytes, Sequence[Problem]]]:
    """The body mended step by step, each time with the mends so far."""
    steps: list[Problem] = []
    recoded, name = _bytes(body)
    if recoded != body:
        body = recoded
        steps.append(Problem("mend_xml_encoding", {"name": name}) if name else Problem("mend_xml_bytes"))
        yield body, list(steps)
    for code, mend in MENDS:
        body, count = mend(body)
        if count:
            steps.append(Problem(code, {"count": str(count)}))
            yield body, list(steps)
    closed = recover(body)
    if closed is not None and _kept(body, closed):
        yield closed, [*steps, Problem("mend_xml_tags")]


def _bytes(body: bytes) -> tuple[bytes, str]:
    """Bytes that are not the UTF-8 they should be: in a known encoding throughout, else single letters of CP1252."""
    declared = DECLARED.match(body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return body, ""
    found = likely([body])
    if found in ("unknown", "utf-8", "utf-16"):
        return body, ""
    if found == "western":
        return western(body), ""
    try:
        return encodings.decode(body, found).encode(), found
    except Trouble:
        return body, ""


def _outside(pattern: re.Pattern[bytes], put: Callable[[re.Match[bytes]], bytes], body: bytes) -> Counted:
    """Replace in the parts that are no CDATA section; how often that changed something."""
    count = 0

    def change(match: re.Match[bytes]) -> bytes:
        nonlocal count
        made = put(match)
        count += made != match[0]
        return made

    parts = CDATA.split(body)
    parts[::2] = [pattern.sub(change, part) for part in parts[::2]]
    return b"".join(parts), count


def _characters(body: bytes) -> Counted:
    body, raw = FORBIDDEN.subn(b"", body)
    body, numbered = _outside(NUMBERED, lambda m: m[0] if _allowed(m) else b"", body)
    return body, raw + numbered


def _allowed(reference: re.Match[bytes]) -> bool:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    plain = number in (9, 10, 13) or 0x20 <= number < 0xD800
    return plain or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000


def _entities(body: bytes) -> Counted:
    return _outside(NAMED, lambda m: _letter(m[1].decode()), body)


def _letter(name: str) -> bytes:
    return html.entities.html5.get(name + ";", f"&amp;{name};").encode()


def _ampersands(body: bytes) -> Counted:
    return _outside(AMPERSAND, lambda m: b"&amp;", body)


def _less_than(body: bytes) -> Counted:
    return _outside(LESS_THAN, lambda m: b"&lt;", body)


def _doctype(body: bytes) -> Counted:
    """A document type declaration that declares nothing itself is left out."""
    return DOCTYPE.subn(b"", body, count=1)


def _kept(before: bytes, after: bytes) -> bool:
    """Whether closing tags has lost no text."""
    return _text(before) == _text(after)


def _text(body: bytes) -> str:
    return SPACE.sub("", html.unescape(TAG.sub("", CDATA.sub(rb"", body).decode("utf-8", "replace"))))


MENDS: tuple[tuple[str, Callable[[bytes], Counted]], ...] = (
    ("mend_xml_characters", _characters),
    ("mend_xml_entity", _entities),
    ("mend_xml_ampersand", _ampersands),
    ("mend_xml_less_than", _less_than),
    ("mend_xml_doctype", _doctype),
)
