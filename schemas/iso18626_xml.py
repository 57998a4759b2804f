"""ISO 18626 messages as XML: read strictly, written in the schema's order, nothing lost between the two.

What is not in the schema is a :class:`Trouble`, so that nothing a partner says is passed over in silence:
``iso18626_other`` (no such message), ``iso18626_element`` (an element the schema does not have), ``iso18626_missing``,
``iso18626_repeated`` and ``iso18626_value``, each with the path of the element; :mod:`schemas.iso18626_refusal` answers
them as the standard does.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import MISSING, Field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from lxml import etree

from schemas.iso18626 import MESSAGES, NAMESPACE, VERSION, Confirmation, Message
from schemas.iso18626_parts import Address, Moment, Pair
from schemas.problem import Trouble
from schemas.xml import local_name, parse_document

LARGEST = 2**20  # bytes of a message
LONGEST = 20_000  # letters of a text
SCHEME = f"{{{NAMESPACE}}}scheme"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_MONEY = re.compile(r"[+-]?(\d{1,18}(\.\d{0,9})?|\.\d{1,9})")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class Part(NamedTuple):
    """An element of a structure: the field, its XML name, the type of its content, how often it may stand."""

    field: str
    name: str
    kind: Any
    needed: bool
    most: int  # 0: as often as one likes
    many: bool


@cache
def parts(kind: Hashable) -> tuple[Part, ...]:
    """The elements of a structure in the schema's order."""
    assert isinstance(kind, type)
    hints = get_type_hints(kind)
    found = {one.name: _part(kind, one, hints[one.name]) for one in fields(kind)}
    return tuple(found[name] for name in getattr(kind, "ORDER", found))


def _part(kind: type, one: Field[Any], hint: Any) -> Part:
    many = get_origin(hint) is tuple
    content = get_args(hint)[0] if many else hint
    if isinstance(content, UnionType):
        content = next(other for other in get_args(content) if other is not NoneType)
    first, *rest = one.name.split("_")
    name = first + "".join(word.capitalize() for word in rest)
    most = getattr(kind, "MOST", {}).get(one.name, 0) if many else 1
    return Part(one.name, name, content, one.default is MISSING, most, many)


def read(body: bytes) -> Message | Confirmation:
    """The message of a document; whatever is wrong with it is a :class:`Trouble`."""
    root = parse_document(body, limit=LARGEST)
    if root.tag != f"{{{NAMESPACE}}}ISO18626Message" or len(root) != 1:
        raise Trouble("iso18626_other", name=local_name(root)[:100])
    _check_attributes(root, "ISO18626Message", "version")
    name = local_name(root[0])
    if name not in MESSAGES or root[0].tag != f"{{{NAMESPACE}}}{name}":
        raise Trouble("iso18626_other", name=name[:100])
    _check_attributes(root[0], name, "")
    found: Message | Confirmation = _structure(root[0], MESSAGES[name], name)
    return found


def _structure(element: etree._Element, kind: type, path: str) -> Any:
    known = {part.name: part for part in parts(kind)}
    values: dict[str, Any] = {}
    for child in element:
        name = local_name(child)
        here = f"{path}/{name[:60]}"
        part = known.get(name)
        if part is None or child.tag != f"{{{NAMESPACE}}}{name}":
            raise Trouble("iso18626_element", path=here)
        inner = value(child, part.kind, here)
        if part.many:
            values.setdefault(part.field, []).append(inner)
        elif part.field in values:
            raise Trouble("iso18626_repeated", path=here)
        else:
            values[part.field] = inner
        if part.many and 0 < part.most < len(values[part.field]):
            raise Trouble("iso18626_repeated", path=here)
    _check(element, kind, values, path)
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _check(element: etree._Element, kind: type, values: dict[str, Any], path: str) -> None:
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise Trouble("iso18626_value", path=path, value=(element.text or "").strip()[:60])
    for part in parts(kind):
        if part.needed and part.field not in values:
            raise Trouble("iso18626_missing", path=f"{path}/{part.name}")
    if kind is Address and len(values) != 1:
        raise Trouble("iso18626_missing", path=f"{path}/physicalAddress")


def value(element: etree._Element, kind: Any, path: str) -> Any:
    """What an element holds: a structure, a code or a plain value."""
    _check_attributes(element, path, "scheme" if kind is Pair else "")
    if kind not in _PLAIN and not issubclass(kind, StrEnum):
        return _structure(element, kind, path)
    text = element.text or ""
    if len(element) or len(text) > LONGEST:
        raise Trouble("iso18626_value", path=path, value=text[:60])
    if kind is Pair:
        return Pair(text, element.get(SCHEME, element.get("scheme")))
    try:
        return _PLAIN[kind](text) if kind in _PLAIN else kind(text.strip())
    except (ValueError, KeyError, InvalidOperation):
        raise Trouble("iso18626_value", path=path, value=text[:60]) from None


def _check_attributes(element: etree._Element, path: str, known: str) -> None:
    """What another namespace says of an element (``xsi:schemaLocation``) is no part of the message."""
    for name in element.keys():  # noqa: SIM118
        space, _, local = str(name).rpartition("}")
        if space in ("", "{" + NAMESPACE) and local != known:
            raise Trouble("iso18626_element", path=f"{path}/@{local[:60]}")


def _moment(text: str) -> Moment:
    made = Moment(text.strip())
    _ = made.at
    return made


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(text)
    return int(text)


def _money(text: str) -> Decimal:
    if not _MONEY.fullmatch(text.strip()):
        raise ValueError(text)
    return Decimal(text.strip())


_PLAIN: dict[Any, Any] = {
    str: str,
    Pair: None,
    Moment: _moment,
    int: _whole,
    Decimal: _money,
    bool: lambda text: _TRUTH[text.strip()],
}


def write(message: Message | Confirmation) -> bytes:
    """The document of a message, valid by the schema; what XML cannot hold is left out of texts."""
    root = etree.Element(f"{{{NAMESPACE}}}ISO18626Message", nsmap={None: NAMESPACE, "ill": NAMESPACE})
    root.set(f"{{{NAMESPACE}}}version", VERSION)
    name = next(name for name, kind in MESSAGES.items() if type(message) is kind)
    _put(etree.SubElement(root, f"{{{NAMESPACE}}}{name}"), message)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _put(element: etree._Element, structure: Any) -> None:
    kind: Any = type(structure)
    for part in parts(kind):
        value = getattr(structure, part.field)
        for one in value if part.many else () if value is None else (value,):
            child = etree.SubElement(element, f"{{{NAMESPACE}}}{part.name}")
            if isinstance(one, Pair):
                child.text = NOT_XML.sub("", one.value)
                if one.scheme is not None:
                    child.set(SCHEME, NOT_XML.sub("", one.scheme))
            elif part.kind in _PLAIN or isinstance(one, StrEnum):
                child.text = _text(one)
            else:
                _put(child, one)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    return f"{value:f}" if isinstance(value, Decimal) else NOT_XML.sub("", str(value))
