"""What the bytes of an OAI-PMH answer are, before it is read: their encoding, and what does not belong to the document.

The charset of HTTP counts for more than a byte order mark, and that for more than the declaration (RFC 7303 section 3
has the mark first; servers that send a wrong mark are rarer than those that keep one from a file). None of them counts
against bytes that are UTF-8: text in a single-byte encoding is never UTF-8 by chance once it has a few letters beyond
ASCII. A source's own ``reading.encoding`` counts for more than all of them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

from schemas.encodings import decode
from schemas.problem import Trouble

BLANK = b" \t\r\n"
UNICODE = ("auto", "utf-8", "utf-16")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*?\?>")
_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_SINGLE_BYTE = re.compile(r"iso[-_]?8859[-_]\d+|latin-?\d+|windows-\d+|cp-?\d+|koi8-[ru]|tis-620", re.IGNORECASE)
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_STYLE = rb"(?:<\?xml-stylesheet\b[^>]*\?>\s*)*"
_START = re.compile(rb"<\?xml\b[^>]*\?>\s*" + _STYLE + rb"(?=<(?:[\w.-]+:)?OAI-PMH\b)|<(?:[\w.-]+:)?OAI-PMH\b")
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")


def charset_of(headers: Mapping[str, str]) -> str:
    """The charset that HTTP tells, in lower case; ``""`` when it tells none."""
    said = _CHARSET.search(headers.get("Content-Type", ""))
    return said[1].lower() if said else ""


def own_encoding(encoding: str) -> str:
    """A source's ``reading.encoding`` where it decides what the bytes of a page are, or ``""``."""
    return "" if encoding in UNICODE else encoding


def labelled(body: bytes, charset: str = "") -> bytes:
    """The page as the XML parser reads it: in UTF-8, or declared as what it is; without a mark or blanks before it.

    Bytes that their label does not fit stay as they are: they are for :func:`connectors.oai_page.salvage`.
    """
    wide = next((name for mark, name in _WIDE if body.startswith(mark)), "")
    if wide:
        try:
            return _DECLARATION.sub(b"", body.decode(wide).removeprefix("\ufeff").encode(), count=1).lstrip(BLANK)
        except UnicodeDecodeError:
            return body
    marked = body.startswith(codecs.BOM_UTF8)
    body = body.removeprefix(codecs.BOM_UTF8).lstrip(BLANK)
    if body.isascii():
        return body
    declared = _DECLARED.match(body)
    said = charset or ("utf-8" if marked else declared[1].decode() if declared else "utf-8")
    if not _SINGLE_BYTE.fullmatch(said) or is_mostly_utf8(body):
        return _undeclared(body) if declared and _is_narrow(declared[1].decode()) else body
    try:
        return _undeclared(body.decode(said).encode())
    except (LookupError, UnicodeDecodeError):
        return body


def _is_narrow(name: str) -> bool:
    """Whether an encoding cannot hold letters of UTF-8."""
    return bool(_SINGLE_BYTE.fullmatch(name)) or name.lower() in ("us-ascii", "ascii")


def _undeclared(body: bytes) -> bytes:
    return _DECLARATION.sub(b"", body, count=1).lstrip(BLANK)


def is_mostly_utf8(body: bytes) -> bool:
    """Whether most of what is beyond ASCII is letters of UTF-8: a page of UTF-8 with stray bytes is one all the same.

    Letters of a single-byte encoding are letters of UTF-8 by chance now and then, never for the greater part.
    """
    rest, letters = _UTF8_LETTER.subn(b"", body)
    return letters > len(_BEYOND_ASCII.findall(rest))


def decoded(body: bytes, encoding: str) -> bytes:
    """A page, or a part of one, that the source's file says is in ``encoding``, as UTF-8.

    What is UTF-8 already stays so, and so does what the encoding cannot read.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        try:
            return _undeclared(decode(body, encoding).encode())
        except Trouble:
            return body
    return body


def within_root(body: bytes) -> bytes:
    """The document alone, without what a server printed before or after it; the same bytes when there is nothing."""
    start, ends = _START.search(body), list(_END.finditer(body))
    if start is None or not ends or b"<!DOCTYPE" in body[: start.start()].upper():
        return body
    return body[start.start() : ends[-1].end()]
