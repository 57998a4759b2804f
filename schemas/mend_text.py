"""A mend of text in doubt: every value of a raw record read as a damage would have it, as far as that is better.

It is offered for what :func:`schemas.damage.parse_mended` refuses. Markup, codes and numbers stay as they came; only an
ISO 2709 record has its lengths made anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape, unescape

import orjson

from schemas.mend_marc import assemble, fields_of
from schemas.mend_xml import DECLARED
from schemas.problem import Problem
from schemas.readings import VIEWS, likely_case

MARKUP = re.compile(r"(?<=>)[^<>]+(?=<)")
VALUE = re.compile(r"(?<=\$[a-z0-9])[^$\r\n]+")  # of MARCMaker
Mend = Callable[[str], str]


def mends(body: bytes, name: str) -> Iterator[tuple[bytes, Sequence[Problem]]]:
    """The body with the text of the damage ``name`` mended, where it is text that can be written again in UTF-8."""
    if name not in VIEWS:
        return
    try:
        made = _mended(body, lambda text: _better(text, name))
    except (UnicodeDecodeError, ValueError):
        return
    if made is not None and made != body:
        yield made, [Problem("mend_text", {"name": name})]


def _better(text: str, name: str) -> str:
    found = likely_case(text, (name,))
    return found.after if found else text


def _mended(body: bytes, mend: Mend) -> bytes | None:
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        if (said := DECLARED.match(body)) and said[1].lower() not in (b"utf-8", b"utf8"):
            return None
        return MARKUP.sub(lambda match: _in_markup(match[0], mend), body.decode()).encode()
    if start == b"{":
        return orjson.dumps(_in_values(orjson.loads(body), mend))
    if start == b"=":
        return VALUE.sub(lambda match: mend(match[0]), body.decode()).encode()
    parts = fields_of(body)
    return assemble(parts[0], [(tag, _in_field(content, mend)) for tag, content in parts[1]]) if parts else None


def _in_markup(text: str, mend: Mend) -> str:
    plain = unescape(text)
    made = mend(plain)
    return text if made == plain else escape(made, quote=False)


def _in_values(value: object, mend: Mend) -> object:
    """JSON with its strings mended; names of members stay."""
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list):
        return [_in_values(one, mend) for one in value]
    return {key: _in_values(one, mend) for key, one in value.items()} if isinstance(value, dict) else value


def _in_field(content: bytes, mend: Mend) -> bytes:
    head, *parts = content.decode().split("\x1f")
    return "\x1f".join([head, *(part[:1] + mend(part[1:]) for part in parts)]).encode()
