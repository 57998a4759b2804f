"""Original scripts in MODS: the 880 of MARC 21 as elements of one altRepGroup, and back.

An 880 is written as the element that its linked field would be, with the script (ISO 15924) and the language; it and
the element of the field it belongs to have the number of $6 as ``altRepGroup``, "00" where there is no such field. Read
back, an element with a script beside one without, or alone in "00", is an 880.
https://www.loc.gov/standards/mods/userguide/attributes.html#altRepGroup, MARC 21 Appendix A, Control Subfields: $6.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy

from lxml import etree

from schemas.mods_elements import Element
from schemas.record import DELIMITER, Field, Record, is_control
from schemas.xml import local_name

CODES = {"(3": "Arab", "(4": "Arab", "(B": "Latn", "$1": "Hani", "(N": "Cyrl", "(Q": "Cyrl", "(S": "Grek", "(2": "Hebr"}
_MARC = {"Arab": "(3/r", "Hebr": "(2/r", "Cyrl": "(N", "Grek": "(S", "Latn": "(B", "Hani": "$1"}
_MARC |= dict.fromkeys(("Hans", "Hant", "Hang", "Hira", "Kana", "Jpan", "Kore"), "$1")
_NAMES = {"ARABIC": "Arab", "HEBREW": "Hebr", "CYRILLIC": "Cyrl", "GREEK": "Grek", "LATIN": "Latn", "CJK": "Hani"}
_NAMES |= {"HIRAGANA": "Hani", "KATAKANA": "Hani", "HANGUL": "Hani", "THAI": "Thai", "LAO": "Laoo", "KHMER": "Khmr"}
_NAMES |= {"DEVANAGARI": "Deva", "BENGALI": "Beng", "TAMIL": "Taml", "ARMENIAN": "Armn", "GEORGIAN": "Geor"}
_LINK = re.compile(r"(\d{3})-(\d{2})(?:/([^/\x1f]+))?")
_OURS = frozenset({"typeOfResource", "recordInfo"})  # elements that no single field makes


# --- out ------------------------------------------------------------------------------------------------------------


def add_scripts(mods: Element, record: Record, make: Callable[[Record], Element]) -> None:
    """The elements of the 880 fields, after those of the others; ``make`` writes a record."""
    language = record.control("008")[35:38]
    for content in record.contents("880"):
        link = _LINK.match(_value_of_6(content))
        if link is None:
            continue
        tag, number = link[1], link[2]
        script = CODES.get(link[3] or "", "") or _script(content)
        for element in _elements(tag, content, make):
            element.set("altRepGroup", number)
            element.set("script", script or "Zyyy")
            if re.fullmatch("[a-z]{3}", language):
                element.set("lang", language)
            mods.append(element)
        if number != "00":
            _mark(mods, record, tag, number, make)


def _elements(tag: str, content: str, make: Callable[[Record], Element]) -> list[Element]:
    """What one field alone is in MODS."""
    alone = Record(" " * 24, ((tag, _without_6(content)),))
    return [child for child in list(make(alone)) if local_name(child) not in _OURS]


def _mark(mods: Element, record: Record, tag: str, number: str, make: Callable[[Record], Element]) -> None:
    """The number on the elements of the field that the 880 belongs to."""
    for content in record.contents(tag):
        link = _LINK.match(_value_of_6(content))
        if link and link[1] == "880" and link[2] == number:
            for element in _elements(tag, content, make):
                found = _like(mods, element)
                if found is not None:
                    found.set("altRepGroup", number)
            return


def _like(mods: Element, wanted: Element) -> Element | None:
    """The first element that has the texts of another and no number yet."""
    texts = _texts(wanted)
    for element in mods:
        if element.tag == wanted.tag and not element.get("altRepGroup") and texts <= _texts(element):
            return element
    return None


def _texts(element: Element) -> set[str]:
    return {str(text) for text in element.itertext()}


def _script(content: str) -> str:
    """The script of the first letter that is not Latin, else ``""``."""
    for letter in content[2:]:
        if not letter.isascii() and letter.isalpha():
            name = _NAMES.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")
            if name and name != "Latn":
                return name
    return ""


# --- in -------------------------------------------------------------------------------------------------------------


def split_scripts(mods: Element) -> tuple[Element, dict[str, list[Element]], dict[str, list[Element]]]:
    """The record without its alternative scripts; by their numbers, the elements that have them and these.

    A record that is in another script throughout has none: without them it would have no title.
    """
    others: defaultdict[str, list[Element]] = defaultdict(list)
    own: defaultdict[str, list[Element]] = defaultdict(list)
    left = deepcopy(mods)
    for element, copied in zip(list(mods), list(left), strict=True):
        if not (number := element.get("altRepGroup")):
            continue
        if element.get("script") in (None, "", "Latn"):
            own[number].append(element)
        else:
            others[number].append(element)
            left.remove(copied)
    if not any(local_name(element) == "titleInfo" for element in left):
        return mods, {}, {}
    return left, {number: own[number] for number in others}, dict(others)


def linked(
    fields: Iterable[Field],
    own: dict[str, list[Element]],
    others: dict[str, list[Element]],
    read: Callable[[Element], list[Field]],
) -> list[Field]:
    """The fields with their $6, and the 880 fields; ``read`` gives the fields of some elements."""
    made = list(fields)
    for number in sorted(others, key=lambda number: (number == "00", number)):
        firsts = [_link_to(made, field, number) for field in _read(own[number], read)]
        for place, (tag, content) in enumerate(_read(others[number], read)):
            script = others[number][0].get("script") or ""
            if place < len(firsts) and _kin(firsts[place]) == _kin(tag):
                tag = firsts[place]
            elif number != "00":
                tag = _link_alone(made, tag, number)
            code = "" if script == "Zyyy" else f"/{_MARC.get(script, script)}"
            made.append(("880", f"{content[:2]}{DELIMITER}6{tag}-{number}{code}{content[2:]}"))
    return made


def _read(elements: list[Element], read: Callable[[Element], list[Field]]) -> list[Field]:
    """The fields of some elements; a title of another kind stays one, though no title proper is among them."""
    root = etree.Element("mods")
    kinds = [element.get("type") or "" for element in elements if local_name(element) == "titleInfo"]
    lacking = bool(kinds) and "" not in kinds
    if lacking:
        etree.SubElement(etree.SubElement(root, "titleInfo"), "title").text = "-"
    root.extend(deepcopy(element) for element in elements)
    fields = read(root)
    return [field for field in fields if field[0] != "245"] if lacking else fields


def _link_alone(fields: list[Field], tag: str, number: str) -> str:
    """Put $6 into the one field an 880 can belong to, where its element has the number of another; its tag."""
    kin = [at for at, (other, _) in enumerate(fields) if _kin(other) == _kin(tag)]
    found = [at for at in kin if f"{DELIMITER}6" not in fields[at][1]]
    if len(found) != 1:
        return tag
    other, content = fields[found[0]]
    fields[found[0]] = other, f"{content[:2]}{DELIMITER}6880-{number}{content[2:]}"
    return other


def _link_to(fields: list[Field], wanted: Field, number: str) -> str:
    """Put $6 into the field that is the wanted one, whatever its first digit; its tag."""
    for at, (tag, content) in enumerate(fields):
        if _kin(tag) == _kin(wanted[0]) and content[2:] == wanted[1][2:] and not is_control(tag):
            fields[at] = tag, f"{content[:2]}{DELIMITER}6880-{number}{content[2:]}"
            return tag
    return wanted[0]


def _kin(tag: str) -> str:
    """What a tag is whose digits depend on the rest of the record: a name, a uniform title; what is one tag in MODS."""
    for name, tags in (("uniform", ("130", "240")), ("series", ("440", "490", "830")), ("imprint", ("260", "264"))):
        if tag in tags:
            return name
    return "name" + tag[1:] if tag[0] in "17" and tag[1:] in ("00", "10", "11") else tag


def _value_of_6(content: str) -> str:
    return next((part[1:] for part in content.split(DELIMITER)[1:] if part[:1] == "6"), "")


def _without_6(content: str) -> str:
    head, *parts = content.split(DELIMITER)
    return DELIMITER.join([head, *(part for part in parts if part[:1] != "6")])
