"""Dublin Core → MARC 21: the crosswalk of simple (oai_dc) and of qualified Dublin Core (qdc).

title → 245/246; creator → 100/700; contributor → 700 $e; publisher → 260 $b; date → 260 $c and 008; identifier → 020,
022, 024, 852 $h, 856 $u; language → 008/041; type → leader/06 and 655; format → 300 or 856 $q; subject → 082 or 653;
description → 520; source → 786; relation → 787; coverage → 522; rights → 540. The refinements of DCMI Metadata Terms
(https://www.dublincore.org/specifications/dublin-core/dcmi-terms/) go where :data:`REFINED` says. Both follow the
Library of Congress crosswalk (https://www.loc.gov/marc/dccross.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.cells import (
    clean,
    find_year,
    guess_language,
    is_body,
    is_vietnamese_imprint,
    language_codes,
    name_and_role,
    read_isbns,
    split_names,
    split_subtitle,
    split_volume,
)
from schemas.problem import Trouble
from schemas.record import Field, Record, Subfield, data_field
from schemas.table_marc import fixed_field

Values = dict[str, list[str]]  # the texts of each element or refinement, by its name in small letters
_TYPES = {"image": "k", "stillimage": "k", "movingimage": "g", "video": "g", "sound": "i", "audio": "i", "map": "e"}
_CALL_NUMBER = re.compile(r"\d{3}(?:\.\d+)?\s*[/ ]\s*[A-ZĐ][\w.-]*\d?[\w.-]*$")
_ROLE = re.compile(r"(.+?) \(([^\W\dA-ZĐ][^()\d]{1,30})\)")  # a contributor with what he did: «Lê Thu (hướng dẫn)»
_PEOPLE = (
    ("creator", "tác giả"), ("author", "tác giả"), ("contributor", ""), ("editor", "biên soạn"),
    ("translator", "dịch"), ("illustrator", "minh họa"), ("advisor", "hướng dẫn"),
)  # fmt: skip
PLAIN = (  # element, tag, indicators, subfield
    ("type", "655", " 4", "a"), ("description", "520", "  ", "a"), ("source", "786", "0 ", "n"),
    ("relation", "787", "0 ", "n"), ("coverage", "522", "  ", "a"), ("rights", "540", "  ", "a"),
)  # fmt: skip
REFINED = (
    ("alternative", "246", "33", "a"), ("abstract", "520", "3 ", "a"), ("tableofcontents", "505", "0 ", "a"),
    ("extent", "300", "  ", "a"), ("medium", "340", "  ", "a"), ("audience", "521", "  ", "a"),
    ("educationlevel", "521", "  ", "a"), ("spatial", "651", " 4", "a"), ("temporal", "648", " 4", "a"),
    ("bibliographiccitation", "524", "  ", "a"), ("accessrights", "506", "  ", "a"), ("license", "540", "  ", "f"),
    ("rightsholder", "542", "  ", "d"), ("provenance", "561", "  ", "a"), ("degree", "502", "  ", "a"),
    ("sponsorship", "536", "  ", "a"), ("ispartofseries", "490", "0 ", "a"), ("ispartof", "773", "0 ", "t"),
    ("haspart", "774", "0 ", "t"), ("isversionof", "775", "0 ", "t"), ("hasversion", "775", "0 ", "n"),
    ("isformatof", "776", "0 ", "t"), ("hasformat", "776", "0 ", "n"), ("replaces", "780", "00", "t"),
    ("isreplacedby", "785", "00", "t"), ("isreferencedby", "510", "0 ", "a"), ("references", "787", "0 ", "t"),
    ("lcsh", "650", " 0", "a"), ("mesh", "650", " 2", "a"), ("lcc", "050", " 4", "a"), ("udc", "080", "  ", "a"),
)  # fmt: skip


def to_marc(values: Values, identifier: str = "") -> Record:
    """The record of what the elements say; ``identifier`` is its 001. :class:`Trouble` without a title."""
    if not values.get("title"):
        raise Trouble("dc_no_title")
    languages = [code for text in values.get("language", []) for code in language_codes(text)]
    languages = list(dict.fromkeys(languages)) or [c for c in [guess_language(*values["title"])] if c]
    people = _people(values)
    fields = [
        ("008", _fixed(values, languages)),
        *people,
        *_titles(values, any(tag < "200" for tag, _ in people)),
        *_imprint(values),
    ]
    if identifier:
        fields.append(("001", identifier))
    if len(languages) > 1:
        fields.append(data_field("041", "0 ", [("a", code) for code in languages]))
    fields += _identifiers(values) + _subjects(values) + _placed(values)
    fields.sort(key=lambda f: f[0])
    return Record(f"00000n{_type(values)}m a22000007  4500", tuple(fields))


def _type(values: Values) -> str:
    for text in values.get("type", []):
        if code := _TYPES.get(re.sub(r"\W", "", text.rpartition("/")[2]).lower()):
            return code
    return "a"


def _date(values: Values) -> str:
    """The date of publication: where a repository adds its own timestamps, the one without a time of day."""
    said = next((values[name] for name in ("issued", "date", "created", "available") if values.get(name)), [])
    dates = [text for text in said if find_year(text)]
    return min(dates, key=lambda text: ("T" in text, len(text)), default="")


def _fixed(values: Values, languages: list[str]) -> str:
    publisher = " ".join(values.get("publisher", []))
    place, _, name = publisher.rpartition(" : ")
    digital = any("/" in text for text in values.get("format", []))
    return fixed_field(
        year=find_year(_date(values)),
        country="vm" if is_vietnamese_imprint(place, name, " ".join(values.get("identifier", []))) else "",
        form="s" if digital else " ",
        language=languages[0] if languages else "",
    )


def _people(values: Values) -> list[Field]:
    fields: list[Field] = []
    for element, role in _PEOPLE:
        for text in values.get(element, []):
            for part in split_names(text):
                name, found = name_and_role(part, role)
                if not found and (said := _ROLE.fullmatch(name)):
                    name, found = said[1], said[2]
                main = (
                    found == "tác giả"
                    and element in ("creator", "author")
                    and not any(tag < "200" for tag, _ in fields)
                )
                tag = ("1" if main else "7") + ("10" if is_body(name) else "00")
                fields.append(data_field(tag, "1 ", _present([("a", name), ("e", found)])))
    return fields


def _titles(values: Values, added: bool) -> list[Field]:
    first, *others = values["title"]
    title, slash, responsibility = first.partition(" / ")
    title, number, part = split_volume(title if slash and title else first)
    title, rest = split_subtitle(title)
    parts = [("a", title), ("n", number), ("p", part), ("b", rest), ("c", responsibility if slash else "")]
    fields = [data_field("245", f"{int(added)}0", _present(parts))]
    return fields + [data_field("246", "33", [("a", other)]) for other in others]


def _imprint(values: Values) -> list[Field]:
    parts: list[Subfield] = []
    for text in values.get("publisher", []):
        place, _, name = text.rpartition(" : ")
        parts += [("a", place), ("b", name)]
    date = _date(values)
    parts.append(("c", find_year(date) if len(date) > 8 else date))
    fields = [data_field("260", "  ", _present(parts))] if _present(parts) else []
    pages = [text for text in values.get("format", []) if "/" not in text]
    return fields + [data_field("300", "  ", [("a", text)]) for text in pages]


def _identifiers(values: Values) -> list[Field]:
    media = [text for text in values.get("format", []) if "/" in text]
    return [_identifier(text, media) for text in values.get("identifier", [])]


def _identifier(text: str, media: list[str]) -> Field:
    lower = text.lower()
    if lower.startswith(("http://", "https://", "ftp://")):
        return data_field("856", "40", [("u", text)] + [("q", kind) for kind in media[:1]])
    if "isbn" in lower or re.fullmatch(r"(97[89][- ]?)?[\d -]{9,13}[\dXx]", text):
        pairs = read_isbns(text)
        if pairs and (pairs[0][0] == "a" or "isbn" in lower):
            return data_field("020", "  ", pairs[:1])
    if found := re.search(r"\b(\d{4}-\d{3}[\dXx])\b", text) if "issn" in lower or len(text) == 9 else None:
        return data_field("022", "  ", [("a", found[1].upper())])
    if found := re.match(r"(?:doi:\s*)?(10\.\d{4,}/\S+)$", text, re.IGNORECASE):
        return data_field("024", "7 ", [("a", found[1]), ("2", "doi")])
    if _CALL_NUMBER.match(text):
        return data_field("852", "  ", [("h", text)])
    return data_field("024", "8 ", [("a", text)])


def _subjects(values: Values) -> list[Field]:
    fields = []
    for text in values.get("subject", []):
        if found := re.match(r"(?:ddc\s*:?\s*)?(\d{3}(?:\.\d+)?)$", text, re.IGNORECASE):
            fields.append(data_field("082", "04", [("a", found[1])]))
        else:
            fields += [data_field("653", "  ", [("a", part)]) for part in map(clean, text.split(";")) if part]
    return fields


def _placed(values: Values) -> list[Field]:
    """What each has a place of its own for."""
    return [
        data_field(tag, indicators, [(code, text)])
        for name, tag, indicators, code in (*PLAIN, *REFINED)
        for text in dict.fromkeys(values.get(name, []))
        if not (tag == "655" and text.lower() == "text")
    ]


def _present(parts: Iterable[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]
