"""MODS 3.x → MARC 21, one small function an element (the tables are in :mod:`schemas.mods_codes`).

titleInfo → 245, 246, 240/130, 210; name → 1XX/7XX $e $4; typeOfResource → leader/06; genre → 655; originInfo → 260,
250, 310, 008; language → 008, 041; physicalDescription → 300; abstract → 520; tableOfContents → 505; targetAudience →
008/22, 521; note → 5XX; subject → 6XX, 043, 255, 662; classification → 08X; relatedItem → 490, 77X, 78X; identifier →
02X; location → 852, 856; accessCondition → 506, 540; recordInfo → 001, 003, 005, 040.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from schemas.cells import clean, find_year, is_vietnamese_imprint, language_codes
from schemas.mods_codes import (
    AUDIENCES,
    CREATORS,
    FORMS,
    ISSUANCE,
    KINDS,
    MANUSCRIPTS,
    NOTE_CODES,
    NOTE_INDICATORS,
    NOTES,
    PARTS,
)
from schemas.mods_elements import (
    Element,
    attribute,
    below,
    children,
    made,
    name_parts,
    name_tag,
    non_sort,
    role_terms,
    roles_of,
    text_of,
    title_parts,
    value,
    values,
    values_at,
)
from schemas.mods_read_access import (
    class_fields,
    identifier_fields,
    location_fields,
    media_of,
    part_of,
    related_fields,
    subject_fields,
)
from schemas.mods_scripts import linked, split_scripts
from schemas.onix_codes import COUNTRIES
from schemas.problem import Trouble
from schemas.record import Field, Record, Subfield, data_field
from schemas.table_marc import fixed_field

_CODED = ("marc", "w3cdtf", "iso8601", "edtf", "temper")


def to_marc(mods: Element, identifier: str = "") -> Record:
    """The record of a ``mods`` element; ``identifier`` is its 001 where recordInfo gives none."""
    mods, own, others = split_scripts(mods)
    fields = [*_record_info(mods, identifier), ("008", _fixed(mods)), *_fields(mods)]
    if not any(tag == "245" for tag, _ in fields):
        raise Trouble("mods_no_title")
    fields = linked(dict.fromkeys(fields), own, others, _fields)
    fields.sort(key=lambda f: f[0])
    return Record(f"00000n{_kind(mods)}{_level(mods)} a2200000   4500", tuple(fields))


def _fields(mods: Element) -> list[Field]:
    """The fields of what describes the publication."""
    people = _people(mods)
    main = any(tag < "200" for tag, _ in people)
    return [
        *people,
        *_titles(mods, main),
        *_origin(mods),
        *_languages(mods),
        *_physical(mods),
        *_texts(mods),
        *chain.from_iterable(subject_fields(element) for element in children(mods, "subject")),
        *chain.from_iterable(class_fields(element) for element in children(mods, "classification")),
        *chain.from_iterable(related_fields(element) for element in children(mods, "relatedItem")),
        *chain.from_iterable(identifier_fields(element, media_of(mods)) for element in children(mods, "identifier")),
        *location_fields(mods),
    ]


def _kind(mods: Element) -> str:
    for element in children(mods, "typeOfResource"):
        code = KINDS.get(value(element).lower().replace("sound recording - ", "sound recording-"))
        if code:
            return MANUSCRIPTS.get(code, code) if element.get("manuscript") == "yes" else code
    return "a"


def _level(mods: Element) -> str:
    """Leader/07: a collection, what issuance says, a part of something larger, or a monograph."""
    if any(element.get("collection") == "yes" for element in children(mods, "typeOfResource")):
        return "c"
    said = [value(element).lower() for element in below(mods, "originInfo", "issuance")]
    for text in said:
        if text in ISSUANCE:
            return ISSUANCE[text]
    hosts = [item for item in children(mods, "relatedItem") if item.get("type") == "host"]
    return "a" if any(part_of(host) for host in hosts) else "m"


def _record_info(mods: Element, identifier: str) -> list[Field]:
    infos = children(mods, "recordInfo")
    numbers = [element for info in infos for element in children(info, "recordIdentifier") if value(element)]
    fields = [("001", value(numbers[0]))] if numbers else [("001", clean(identifier))] if identifier else []
    if numbers and (source := attribute(numbers[0], "source")):
        fields.append(("003", source))
    changed = [re.sub(r"[^\d.]", "", text) for info in infos for text in values(info, "recordChangeDate")]
    fields += [("005", f"{text[:14]:0<14}.0") for text in changed[:1] if len(text) >= 8]
    agency = next((text for info in infos for text in values(info, "recordContentSource")), "")
    language = [code for info in infos for code in _codes(below(info, "languageOfCataloging"))]
    rules = [("e", text) for info in infos for text in values(info, "descriptionStandard")]
    return fields + made("040", "  ", [("a", agency), *(("b", code) for code in language[:1]), *rules])


def _fixed(mods: Element) -> str:
    kind, first, second = _dates(mods)
    terms = below(mods, "originInfo", "place", "placeTerm")
    codes = [value(term) for term in terms if attribute(term, "authority") == "marccountry"]
    codes += [
        COUNTRIES.get(value(term).upper(), "") for term in terms if attribute(term, "authority").startswith("iso3166")
    ]
    place = next((value(term) for term in terms if term.get("type") != "code"), "")
    publisher = next((value(element) for element in below(mods, "originInfo", "publisher")), "")
    country = next(filter(None, codes), "vm" if is_vietnamese_imprint(place, publisher) else "")
    languages = _codes([element for element in children(mods, "language") if not element.get("objectPart")])
    audience = [AUDIENCES[text] for text in map(str.lower, values(mods, "targetAudience")) if text in AUDIENCES]
    forms = [FORMS[text] for e in below(mods, "physicalDescription", "form") if (text := value(e).lower()) in FORMS]
    basic = fixed_field(
        country=country,
        audience=next(iter(audience), " "),
        form=next(iter(forms), " "),
        language=next(iter(languages), ""),
    )
    entered = [value(element) for element in below(mods, "recordInfo", "recordCreationDate")]
    return f"{_entered(entered)}{kind}{first}{second}{basic[15:]}"


def _entered(dates: list[str]) -> str:
    """008/00-05, yymmdd, of a date in any of the usual forms."""
    digits = re.sub(r"\D", "", next(iter(dates), ""))
    if len(digits) >= 8 and digits[:2] in ("19", "20"):
        return digits[2:8]
    return digits if len(digits) == 6 else "||||||"


def _dates(mods: Element) -> tuple[str, str, str]:
    """008/06 and the two dates: a coded date before one as it is printed, issued before the others."""
    for name in ("dateIssued", "copyrightDate", "dateCreated", "dateCaptured", "dateOther"):
        found = below(mods, "originInfo", name)
        coded = [element for element in found if element.get("encoding") in _CODED]
        years = {e.get("point"): year for e in reversed(coded or found) if (year := _year(value(e)))}
        start, end = years.get("start") or years.get(None, ""), years.get("end", "")
        if not start and not end:
            continue
        if end:
            serial = _level(mods) in "si"
            return ("c" if end == "9999" else "d") if serial else "m", start or "uuuu", end
        questionable = any(element.get("qualifier") == "questionable" for element in found)
        return "q" if questionable else "s", start, "    "
    return "n", "uuuu", "    "


def _year(text: str) -> str:
    found = re.match(r"\[?(\d{4}|\d{3}u|\d{2}uu)", text)
    return found[1] if found else find_year(text)


def _titles(mods: Element, main: bool) -> Iterator[Field]:
    own = [element for element in children(mods, "titleInfo") if text_of(element, "title")]
    own.sort(key=lambda element: bool(element.get("type")))
    for number, element in enumerate(own):
        kind = element.get("type") or ""
        if number == 0:
            yield _title(mods, element, main)
        elif kind == "uniform":
            yield from made("240" if main else "130", "10" if main else "0 ", title_parts(element))
        elif kind == "abbreviated":
            yield from made("210", "0 ", title_parts(element))
        else:
            label = attribute(element, "displayLabel")
            indicators = "31" if kind == "translated" else "3 "
            yield from made("246", indicators, [("i", label), *title_parts(element)])


def _title(mods: Element, element: Element, main: bool) -> Field:
    skipped = non_sort(element)
    said = [value(note) for note in children(mods, "note") if note.get("type") == "statement of responsibility"]
    parts = title_parts(element)
    if not any(code == "n" for code, _ in parts):
        parts[1:1] = [("n", number) for number in values_at(mods, "part", "detail", "number")[:1]]
    parts += [("c", text) for text in said[:1] if text]
    return data_field("245", f"{int(main)}{min(len(skipped), 9)}", parts)


def _people(mods: Element) -> list[Field]:
    names = [(element, roles_of(element)) for element in children(mods, "name")]
    names = [pair for pair in names if name_parts(pair[0])]
    main = _main_entry(names)
    fields: list[Field] = []
    for number, (element, roles) in enumerate(names):
        tag, indicators = name_tag(element)
        moved = [("u", text) for text in values(element, "affiliation")]
        parts = name_parts(element) + roles[:] + moved + _uri(element)
        fields.append(data_field(("1" if number == main else "7") + tag, indicators, parts))
    return fields


def _main_entry(names: list[tuple[Element, list[Subfield]]]) -> int:
    """Which name is the main entry: the primary one, the first creator, else the first name if it has no role."""
    for number, (element, _) in enumerate(names):
        if element.get("usage") == "primary":
            return number
    for number, (element, roles) in enumerate(names):
        if any(value.lower() in CREATORS for _, value in roles) or "creator" in role_terms(element):
            return number
    return 0 if names and not names[0][1] else -1


def _uri(element: Element) -> list[Subfield]:
    uri = attribute(element, "valueURI")
    return [("0", uri)] if uri else []


def _origin(mods: Element) -> Iterator[Field]:
    for origin in children(mods, "originInfo"):
        places = [term for term in below(origin, "place", "placeTerm") if term.get("type") != "code"]
        parts = [("a", value(place)) for place in places] + [("b", text) for text in values(origin, "publisher")]
        yield from made("260", "  ", [*parts, *_printed_dates(origin)])
        for name, tag in (("edition", "250"), ("frequency", "310")):
            yield from ((tag, data_field(tag, "  ", [("a", text)])[1]) for text in values(origin, name))


def _printed_dates(origin: Element) -> list[Subfield]:
    """260 $c as it is printed, else of the coded dates; $g is when something was made that was not issued."""
    for name, code in (("dateIssued", "c"), ("copyrightDate", "c"), ("dateCreated", "g")):
        found = [element for element in children(origin, name) if value(element)]
        printed = [value(element) for element in found if not element.get("encoding")]
        if printed:
            return [(code, printed[0])]
        points = {element.get("point"): value(element) for element in reversed(found)}
        start, end = points.get("start") or points.get(None, ""), points.get("end", "")
        if start or end:
            shown = f"{start}-{'' if end == '9999' else end}" if end else start
            return [(code, ("c" if name == "copyrightDate" else "") + shown)]
    return []


def _codes(languages: Iterable[Element]) -> list[str]:
    """MARC codes of languages: of each the code of ISO 639-2, else what its other terms say."""
    found: list[str] = []
    for language in languages:
        terms = children(language, "languageTerm") or [language]
        coded = [value(term).lower() for term in terms if attribute(term, "authority") in ("iso639-2b", "iso639-2")]
        coded = [code for code in coded if re.fullmatch("[a-z]{3}", code)]
        found += coded[:1] or [code for term in terms for code in language_codes(value(term))][:1]
    return list(dict.fromkeys(found))


def _languages(mods: Element) -> list[Field]:
    languages = children(mods, "language")
    own = _codes(element for element in languages if not element.get("objectPart"))
    parts = [("a", code) for code in own]
    for element in languages:
        part = PARTS.get(attribute(element, "objectPart").lower(), "")
        parts += [(part, code) for code in _codes([element]) if part]
    translated = any(code == "h" for code, _ in parts)
    fields = [data_field("041", "1 " if translated else "0 ", parts)] if len(parts) > 1 else []
    scripts = [value(term) for term in below(mods, "language", "scriptTerm")]
    return fields + [data_field("546", "  ", [("b", text)]) for text in scripts if text]


def _physical(mods: Element) -> Iterator[Field]:
    for element in children(mods, "physicalDescription"):
        for extent in values(element, "extent"):
            size, _, height = extent.partition(" ; ")
            pages, _, details = size.partition(" : ")
            yield from made("300", "  ", [("a", pages), ("b", details), ("c", height)])
        yield from (data_field("500", "  ", [("a", text)]) for text in values(element, "note"))


def _texts(mods: Element) -> Iterator[Field]:
    """Abstract, contents, audience, genre, notes, conditions."""
    kinds = {"review": "1 ", "scope and content": "2 ", "subject": "0 ", "content advice": "4 "}
    for element in children(mods, "abstract"):
        yield from made("520", kinds.get(attribute(element, "type").lower(), "  "), [("a", value(element))])
    for text in values(mods, "tableOfContents"):
        yield data_field("505", "0 ", [("a", text)])
    for text in values(mods, "targetAudience"):
        if text.lower() not in AUDIENCES:
            yield data_field("521", "  ", [("a", text)])
    for element in children(mods, "genre"):
        scheme = attribute(element, "authority")
        yield from made(
            "655", " 7" if scheme else " 4", [("a", value(element)), ("2", scheme)] if value(element) else []
        )
    for element in children(mods, "note"):
        kind = attribute(element, "type")
        if kind != "statement of responsibility":
            tag = NOTES.get(kind, "500")
            yield from made(tag, NOTE_INDICATORS.get(tag, "  "), [(NOTE_CODES.get(tag, "a"), value(element))])
    for element in children(mods, "accessCondition"):
        tag = "506" if "restriction" in attribute(element, "type").lower() else "540"
        yield from made(tag, "  ", [("a", value(element))])
