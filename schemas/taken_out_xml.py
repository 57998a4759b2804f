"""A raw record in XML that is no MARC without some of its elements, before anything is stored.

Dublin Core in all its ways is named by element and qualifier, "description.provenance" or "dc:contributor" (with every
qualifier it has); MODS and ONIX by the path of names from above, "mods:note", "onix:Contributor.BiographicalNote";
where a message of ONIX has a short tag that has no name here, by that tag, "onix:contributor.x412".
Every other byte stays. Where an element does not end, the text from it on is blanked.

The deposit log of DSpace names who submitted and who approved, with e-mail addresses; where it comes as a plain
description it is known by the words it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import NamedTuple

from schemas.onix_codes import SHORT

DC_NAME = r"^(?:(?:dc|dcterms):)?[A-Za-z]{2,40}(?:\.[A-Za-z]{2,40})?$"
MODS_NAME = r"^mods:[A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,7}$"
ONIX_NAME = r"^onix:[A-Za-z0-9]{2,40}(?:\.[A-Za-z0-9]{2,40}){0,7}$"
DEPOSIT = "description.provenance"
MOST = 8  # names in a path
DEEPEST = 200  # elements within each other that are looked at
Taken = tuple[bytes, list[str]]

_PEOPLE = {  # short tags of what is said about people and how to reach them, beside those that are read
    "b044": "biographicalnote", "b045": "professionalposition", "b046": "affiliation", "b048": "contributordescription",
    "j270": "telephonenumber", "j271": "faxnumber", "j272": "emailaddress", "x299": "contactname",
}  # fmt: skip
_MARKUP = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"""|<(?P<close>/?)(?P<name>[^\s<>/!?="']++)(?P<attributes>(?:[^<>"'/]++|/(?!>)|"[^"<]*+"|'[^'<]*+')*+)(?P<empty>/?)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_TEXT = re.compile(rb"[^<>\s](?=[^<>]*(?:<|\Z))")
_LOG = re.compile(
    rb"\s*(?:Submitted by |Made available in DSpace|Approved for entry into archive|Rejected by |Item (?:withdrawn|"
    rb"reinstated|submitted) by |Step: \w+ - action:|No\. of bitstreams: )"
)


class Element(NamedTuple):
    """An element as its start tag says it: its local name, and its attributes by their names."""

    name: str
    attributes: dict[str, str]


Path = Sequence[Element]
Chosen = Callable[[Path, bytes], str]  # a path and the bytes within → what the element is called that goes, or ""


def from_dublin_core(body: bytes, names: Collection[str]) -> Taken:
    """oai_dc, qualified Dublin Core, dim and xoai without some statements."""
    pairs = {name: _dc_pair(name) for name in names}
    small = body.lower()
    there = any((qualifier or element).encode() in small for element, qualifier in pairs.values())
    if not there and not (DEPOSIT in pairs and _LOG.search(body)):
        return body, []
    return _cut(body, partial(_statement, wanted=pairs))


def from_mods(body: bytes, names: Collection[str]) -> Taken:
    """MODS without the elements at some paths."""
    return _by_path(body, names, "mods:", {})


def from_onix(body: bytes, names: Collection[str]) -> Taken:
    """ONIX without the elements at some paths, by reference names or by the short tags of the message."""
    return _by_path(body, names, "onix:", SHORT | _PEOPLE)


def _dc_pair(name: str) -> tuple[str, str]:
    element, _, qualifier = name.rpartition(":")[2].lower().partition(".")
    return element, qualifier


def _statement(path: Path, within: bytes, *, wanted: dict[str, tuple[str, str]]) -> str:
    """Which of the wanted statements an element is, whatever way it is written."""
    if any(element.name == "header" for element in path):
        return ""
    element, qualifier = _said(path)
    if element in ("description", "provenance") and not qualifier and DEPOSIT in wanted and _LOG.match(within):
        return DEPOSIT
    return next((name for name, (e, q) in wanted.items() if element and e == element and q in ("", qualifier)), "")


def _said(path: Path) -> tuple[str, str]:
    """(element, qualifier) of a statement of Dublin Core; ("", "") of what is none."""
    last = path[-1]
    if last.name == "field":
        schema = last.attributes.get("mdschema", "")
        pair = last.attributes.get("element", ""), last.attributes.get("qualifier", "")
        return (pair[0].lower(), pair[1].lower()) if schema in ("dc", "dcterms") else ("", "")
    names = [element.attributes.get("name", "") for element in path if element.name == "element"]
    if last.name == "element":  # xoai
        is_dc = names[:1] in (["dc"], ["dcterms"]) and len(names) > 1
        return (names[1].lower(), "".join(names[2:]).lower()) if is_dc else ("", "")
    element, _, qualifier = last.name.lower().partition(".")
    return element, qualifier


def _by_path(body: bytes, names: Collection[str], prefix: str, short: dict[str, str]) -> Taken:
    """Without the elements whose path ends in one of the names; ``short`` gives tags another name."""
    wanted = {name: name.removeprefix(prefix).lower().split(".") for name in names}

    def chosen(path: Path, within: bytes) -> str:
        said = [(tag := element.name.lower(), short.get(tag, tag)) for element in path[-MOST:]]
        for name, parts in wanted.items():
            last = said[-len(parts) :]
            if len(last) == len(parts) and all(part in pair for part, pair in zip(parts, last, strict=True)):
                return name
        return ""

    return _cut(body, chosen) if wanted else (body, [])


def _cut(body: bytes, chosen: Chosen) -> Taken:
    """The body without the chosen elements, and without the blanks before them."""
    kept, taken, at = bytearray(), list[str](), 0
    for start, end, name in _chosen(body, chosen):
        taken.append(name)
        if not end:
            return bytes(kept) + body[at:start] + _TEXT.sub(b" ", body[start:]), taken
        kept += body[at:start].rstrip(b" \t\r\n")
        at = end
    return (bytes(kept) + body[at:], taken) if taken else (body, [])


def _chosen(body: bytes, chosen: Chosen) -> list[tuple[int, int, str]]:
    """(start, end, name) of each chosen element, none within another; an end of 0 says that it does not end."""
    path: list[Element] = []
    starts: list[tuple[int, int, bytes]] = []  # of the open elements: where they and what is within begin, their names
    spans: list[tuple[int, int, str]] = []

    def close(inner: int, end: int) -> None:
        start, begins, _ = starts.pop()
        if len(path) <= DEEPEST and (name := chosen(path, body[begins:inner])):
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, end, name))
        path.pop()

    for tag in _MARKUP.finditer(body):
        if tag["name"] is None:
            continue
        if not tag["close"]:
            path.append(_element(tag))
            starts.append((tag.start(), tag.end(), tag["name"]))
        if tag["empty"]:
            close(tag.end(), tag.end())
        elif tag["close"] and any(name == tag["name"] for _, _, name in starts[-DEEPEST:]):
            while starts[-1][2] != tag["name"]:
                close(tag.start(), tag.start())
            close(tag.start(), tag.end())
    while starts:
        close(len(body), 0)
    return spans


def _element(tag: re.Match[bytes]) -> Element:
    pairs = _ATTRIBUTE.findall(tag["attributes"])
    attributes = {_local(name): (double or single).decode("utf-8", "replace") for name, double, single in pairs}
    return Element(_local(tag["name"]), attributes)


def _local(name: bytes) -> str:
    return name.rpartition(b":")[2].decode("utf-8", "replace")
