"""The quick way to read MARCXML that is written plainly, as most systems write it.

Plain is a ``record`` whose fields stand one after the other with their attributes in the order of the schema
(tag, ind1, ind2), in double quotes, without prefixes, comments or references, alone or in an OAI-PMH ``record``. Every
character from the first to the last belongs to a pattern, so nothing is passed over. Everything else, also what is not
well-formed, is left to the XML parser.
"""

from __future__ import annotations

import re

from schemas.record import BLANK_LEADER, DELIMITER, Field, Record, is_control

MAX_BYTES = 2**20
MARC = "http://www.loc.gov/MARC21/slim"
OAI = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

_NOT_PLAIN = bytes({*range(0x20), ord("&")} - {ord("\t"), ord("\n")})
_OPEN = '<subfield code="'
_CLOSE = "</subfield>"
_VALUE_END = -len(_CLOSE)
_SPACE_BETWEEN = re.compile(_CLOSE + r"\s++")
_TAG = 'tag="([0-9A-Za-z]{3})"'
_SUBFIELD = rf'\s*+{_OPEN}[^"<\s]">[^<]*+{_CLOSE}'
_FIELD = re.compile(
    rf'\s*+<(?:datafield {_TAG} ind1="([^"<\t\n])" ind2="([^"<\t\n])">((?:{_SUBFIELD})*+)\s*+</datafield'
    rf"|controlfield {_TAG}>([^<]*+)</controlfield|leader>([^<]*+)</leader)>"
)
_LOCATION = rf' xmlns:xsi="{re.escape(XSI)}" xsi:schemaLocation="[^"<]*+"'
_XMLNS = f' xmlns="{re.escape(MARC)}"'
_START = re.compile(
    rf'(?P<frame><record xmlns="{re.escape(OAI)}"(?: xmlns:xsi="{re.escape(XSI)}")?+>\s*+<header>'
    r"(?:\s*+<(identifier|datestamp|setSpec)>[^<]*+</\2>)*+\s*+</header>\s*+<metadata>)?+"
    rf"\s*+<record(?:{_XMLNS}(?:{_LOCATION})?+|{_LOCATION}{_XMLNS})>"
)
_END = re.compile(r"\s*+</record>\s*+(?P<frame></metadata>\s*+</record>\s*+)?+")


def read_plain(body: bytes) -> Record | None:
    """The record of a plain document; ``None`` when the XML parser must read it."""
    text = _plain_text(body)
    start = _START.match(text)
    if start is None:
        return None
    leader, fields, at = "", list[Field](), start.end()
    for found in iter(_FIELD.scanner(text, at).match, None):  # type: ignore[attr-defined]
        at = found.end()
        tag, ind1, ind2, inner, control, content, said = found.groups()
        if tag and tag >= "010":
            fields.append((tag, ind1 + ind2 + _subfields(inner)))
        elif control and is_control(control):
            fields.append((control, content))
        elif said is not None:
            leader = said
        else:
            return None
    end = _END.fullmatch(text, at)
    if end is None or (end["frame"] is None) != (start["frame"] is None):
        return None
    return Record(leader[:24].ljust(24) if leader.strip() else BLANK_LEADER, tuple(fields))


def _plain_text(body: bytes) -> str:
    """The text of a document without the space after its subfields; ``""`` when it has what plain ones have not."""
    if len(body) > MAX_BYTES or len(body.translate(None, _NOT_PLAIN)) < len(body):
        return ""
    if b"]]>" in body or b"\xef\xbf\xbe" in body or b"\xef\xbf\xbf" in body:
        return ""
    try:
        return _SPACE_BETWEEN.sub(_CLOSE, body.decode())
    except UnicodeDecodeError:
        return ""


def _subfields(inner: str) -> str:
    """``<subfield code="a">x</subfield>…`` without space between them as delimiter, code and value of each."""
    return "".join([DELIMITER + part[0] + part[3:_VALUE_END] for part in inner.split(_OPEN)[1:]])
