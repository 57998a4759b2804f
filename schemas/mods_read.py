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

from lxml import etree

from schemas.cells import clean, find_year, is_vietnamese_imprint, language_codes, read_isbns
from schemas.mods_codes import (
    AUDIENCES,
    CLASSES,
    CODE_OF_ROLE,
    CREATORS,
    FORMS,
    IDENTIFIERS,
    ISSUANCE,
    KINDS,
    MANUSCRIPTS,
    NOTE_CODES,
    NOTE_INDICATORS,
    NOTES,
    PARTS,
    PLACES,
    RELATED,
    RELATORS,
    SUBJECT_SCHEMES,
    XLINK,
)
from schemas.onix_codes import COUNTRIES
from schemas.problem import Trouble
from schemas.record import Field, Record, Subfield, data_field
from schemas.table_marc import fixed_field
from schemas.xml import local_name

Element = etree._Element
_CODED = ("marc", "w3cdtf", "iso8601", "edtf", "temper")
_CONTROLLED = re.compile(r"[a-z0-9-]+")


def to_marc(mods: Element, identifier: str = "") -> Record:
    """The record of a ``mods`` element; ``identifier`` is its 001 where recordInfo gives none."""
    people = _people(mods)
    main = any(tag < "200" for tag, _ in people)
    fields = [
        *_record_info(mods, identifier),
        ("008", _fixed(mods)),
        *people,
        *_titles(mods, main),
        *_origin(mods),
        *_languages(mods),
        *_physical(mods),
        *_texts(mods),
        *chain.from_iterable(_subject(element) for element in _all(mods, "subject")),
        *chain.from_iterable(_class(element) for element in _all(mods, "classification")),
        *chain.from_iterable(_related(element) for element in _all(mods, "relatedItem")),
        *chain.from_iterable(_identifier(element, _media(mods)) for element in _all(mods, "identifier")),
        *_locations(mods),
    ]
    if not any(tag == "245" for tag, _ in fields):
        raise Trouble("mods_no_title")
    fields = sorted(dict.fromkeys(fields), key=lambda f: f[0])
    return Record(f"00000n{_kind(mods)}{_level(mods)} a2200000   4500", tuple(fields))


# --- elements -------------------------------------------------------------------------------------------------------


def _all(element: Element, *names: str) -> list[Element]:
    """The children with one of the names, in order."""
    return [child for child in element if local_name(child) in names]


def _value(element: Element) -> str:
    return clean("".join(str(part) for part in element.itertext()))


def _values(element: Element, *names: str) -> list[str]:
    return [text for child in _all(element, *names) if (text := _value(child))]


def _text(element: Element, *names: str) -> str:
    """The text of the first child with one of the names, or ""."""
    return next(iter(_values(element, *names)), "")


def _below(element: Element, *path: str) -> list[Element]:
    """The elements at a path of names below."""
    found = [element]
    for name in path:
        found = [child for each in found for child in _all(each, name)]
    return found


def _get(element: Element, name: str) -> str:
    return clean(element.get(name) or "")


def _present(parts: Iterable[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]


def _made(tag: str, indicators: str, parts: Iterable[Subfield]) -> list[Field]:
    """A field, or none when no part has a value."""
    found = _present(parts)
    return [data_field(tag, indicators, found)] if found else []


# --- leader, 00X, 008 -----------------------------------------------------------------------------------------------


def _kind(mods: Element) -> str:
    for element in _all(mods, "typeOfResource"):
        code = KINDS.get(_value(element).lower().replace("sound recording - ", "sound recording-"))
        if code:
            return MANUSCRIPTS.get(code, code) if element.get("manuscript") == "yes" else code
    return "a"


def _level(mods: Element) -> str:
    """Leader/07: a collection, what issuance says, a part of something larger, or a monograph."""
    if any(element.get("collection") == "yes" for element in _all(mods, "typeOfResource")):
        return "c"
    said = [_value(element).lower() for element in _below(mods, "originInfo", "issuance")]
    for text in said:
        if text in ISSUANCE:
            return ISSUANCE[text]
    hosts = [item for item in _all(mods, "relatedItem") if item.get("type") == "host"]
    return "a" if any(_part(host) for host in hosts) else "m"


def _record_info(mods: Element, identifier: str) -> list[Field]:
    infos = _all(mods, "recordInfo")
    numbers = [element for info in infos for element in _all(info, "recordIdentifier") if _value(element)]
    fields = [("001", _value(numbers[0]))] if numbers else [("001", clean(identifier))] if identifier else []
    if numbers and (source := _get(numbers[0], "source")):
        fields.append(("003", source))
    changed = [re.sub(r"[^\d.]", "", text) for info in infos for text in _values(info, "recordChangeDate")]
    fields += [("005", f"{text[:14]:0<14}.0") for text in changed[:1] if len(text) >= 8]
    agency = next((text for info in infos for text in _values(info, "recordContentSource")), "")
    language = [code for info in infos for code in _codes(_below(info, "languageOfCataloging"))]
    rules = [("e", text) for info in infos for text in _values(info, "descriptionStandard")]
    return fields + _made("040", "  ", [("a", agency), *(("b", code) for code in language[:1]), *rules])


def _fixed(mods: Element) -> str:
    kind, first, second = _dates(mods)
    terms = _below(mods, "originInfo", "place", "placeTerm")
    codes = [_value(term) for term in terms if _get(term, "authority") == "marccountry"]
    codes += [
        COUNTRIES.get(_value(term).upper(), "") for term in terms if _get(term, "authority").startswith("iso3166")
    ]
    place = next((_value(term) for term in terms if term.get("type") != "code"), "")
    publisher = next((_value(element) for element in _below(mods, "originInfo", "publisher")), "")
    country = next(filter(None, codes), "vm" if is_vietnamese_imprint(place, publisher) else "")
    languages = _codes([element for element in _all(mods, "language") if not element.get("objectPart")])
    audience = [AUDIENCES[text] for text in map(str.lower, _values(mods, "targetAudience")) if text in AUDIENCES]
    forms = [FORMS[text] for e in _below(mods, "physicalDescription", "form") if (text := _value(e).lower()) in FORMS]
    basic = fixed_field(
        country=country,
        audience=next(iter(audience), " "),
        form=next(iter(forms), " "),
        language=next(iter(languages), ""),
    )
    entered = [_value(element) for element in _below(mods, "recordInfo", "recordCreationDate")]
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
        found = _below(mods, "originInfo", name)
        coded = [element for element in found if element.get("encoding") in _CODED]
        years = {e.get("point"): year for e in reversed(coded or found) if (year := _year(_value(e)))}
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


# --- titles and people ----------------------------------------------------------------------------------------------


def _titles(mods: Element, main: bool) -> Iterator[Field]:
    own = [element for element in _all(mods, "titleInfo") if _text(element, "title")]
    own.sort(key=lambda element: bool(element.get("type")))
    for number, element in enumerate(own):
        kind = element.get("type") or ""
        if number == 0:
            yield _title(mods, element, main)
        elif kind == "uniform":
            yield from _made("240" if main else "130", "10" if main else "0 ", _title_parts(element))
        elif kind == "abbreviated":
            yield from _made("210", "0 ", _title_parts(element))
        else:
            label = _get(element, "displayLabel")
            indicators = "31" if kind == "translated" else "3 "
            yield from _made("246", indicators, [("i", label), *_title_parts(element)])


def _title(mods: Element, element: Element, main: bool) -> Field:
    skipped = _non_sort(element)
    said = [_value(note) for note in _all(mods, "note") if note.get("type") == "statement of responsibility"]
    parts = _title_parts(element)
    if not any(code == "n" for code, _ in parts):
        parts[1:1] = [("n", number) for number in _values_at(mods, "part", "detail", "number")[:1]]
    parts += [("c", text) for text in said[:1] if text]
    return data_field("245", f"{int(main)}{min(len(skipped), 9)}", parts)


def _values_at(element: Element, *path: str) -> list[str]:
    return [text for found in _below(element, *path) if (text := _value(found))]


def _non_sort(element: Element) -> str:
    """What is not sorted, with the space behind it; an apostrophe joins without one."""
    text = _text(element, "nonSort")
    return text + ("" if text[-1:] in ("'", "’", "-") else " ") if text else ""


def _title_parts(element: Element) -> list[Subfield]:
    title = re.sub(r"\s*[:/=]$", "", _text(element, "title"))
    numbers, names = _values(element, "partNumber"), _values(element, "partName")
    parts = [("a", _non_sort(element) + title), *(("n", n) for n in numbers), *(("p", n) for n in names)]
    return _present([*parts, ("b", _text(element, "subTitle"))])


def _people(mods: Element) -> list[Field]:
    names = [(element, _roles(element)) for element in _all(mods, "name")]
    names = [pair for pair in names if _name_parts(pair[0])]
    main = _main_entry(names)
    fields: list[Field] = []
    for number, (element, roles) in enumerate(names):
        tag, indicators = _name_tag(element)
        moved = [("u", text) for text in _values(element, "affiliation")]
        parts = _name_parts(element) + roles[:] + moved + _uri(element)
        fields.append(data_field(("1" if number == main else "7") + tag, indicators, parts))
    return fields


def _main_entry(names: list[tuple[Element, list[Subfield]]]) -> int:
    """Which name is the main entry: the primary one, the first creator, else the first name if it has no role."""
    for number, (element, _) in enumerate(names):
        if element.get("usage") == "primary":
            return number
    for number, (element, roles) in enumerate(names):
        if any(value.lower() in CREATORS for _, value in roles) or "creator" in _role_terms(element):
            return number
    return 0 if names and not names[0][1] else -1


def _name_tag(element: Element) -> tuple[str, str]:
    kind = element.get("type") or "personal"
    if kind == "family":
        return "00", "3 "
    if kind in ("corporate", "conference"):
        return ("10", "2 ") if kind == "corporate" else ("11", "2 ")
    family = any(part.get("type") == "family" for part in _all(element, "namePart"))
    return "00", "1 " if family or "," in _text(element, "namePart") else "0 "


def _name_parts(element: Element) -> list[Subfield]:
    """$a name (family, given), further parts of a corporate name $b, $c terms of address, $d dates."""
    parts = [(part.get("type") or "", _value(part)) for part in _all(element, "namePart") if _value(part)]
    plain = [text for kind, text in parts if not kind]
    inverted = [" ".join(t for kind, t in parts if kind == wanted) for wanted in ("family", "given")]
    corporate = element.get("type") == "corporate"
    name = ", ".join(filter(None, inverted)) or ("" if not plain else plain[0] if corporate else " ".join(plain))
    name = name or _text(element, "displayForm")
    more = [("b", text) for text in plain[1:]] if corporate else []
    rest = [("c", text) for kind, text in parts if kind == "termsOfAddress"]
    rest += [("d", text) for kind, text in parts if kind == "date"]
    return [("a", name.rstrip(" ,")), *more, *rest] if name else []


def _role_terms(element: Element) -> list[str]:
    return [text.lower() for text in _values_at(element, "role", "roleTerm")]


def _roles(element: Element) -> list[Subfield]:
    """$e and $4 of the roles; a term that the list of relators knows gets its code, a code its term."""
    terms: list[Subfield] = []
    codes: list[Subfield] = []
    for role in _all(element, "role"):
        found = [(term.get("type") or "", _value(term)) for term in _all(role, "roleTerm")]
        code = next((text.lower()[:3] for kind, text in found if kind == "code"), "")
        said = next((text for kind, text in found if kind != "code" and text), "")
        if not code:
            code = said.lower() if said.lower() in RELATORS else CODE_OF_ROLE.get(said.lower(), "")
        said = "" if said.lower() in ("creator", *RELATORS) else said
        terms.append(("e", said or RELATORS.get(code, ("", ""))[0]))
        codes.append(("4", code if code != "cre" else ""))
    return list(dict.fromkeys(_present(terms + codes)))


def _uri(element: Element) -> list[Subfield]:
    uri = _get(element, "valueURI")
    return [("0", uri)] if uri else []


# --- origin, languages, description ---------------------------------------------------------------------------------


def _origin(mods: Element) -> Iterator[Field]:
    for origin in _all(mods, "originInfo"):
        places = [term for term in _below(origin, "place", "placeTerm") if term.get("type") != "code"]
        parts = [("a", _value(place)) for place in places] + [("b", text) for text in _values(origin, "publisher")]
        yield from _made("260", "  ", [*parts, *_printed_dates(origin)])
        for name, tag in (("edition", "250"), ("frequency", "310")):
            yield from ((tag, data_field(tag, "  ", [("a", text)])[1]) for text in _values(origin, name))


def _printed_dates(origin: Element) -> list[Subfield]:
    """260 $c as it is printed, else of the coded dates; $g is when something was made that was not issued."""
    for name, code in (("dateIssued", "c"), ("copyrightDate", "c"), ("dateCreated", "g")):
        found = [element for element in _all(origin, name) if _value(element)]
        printed = [_value(element) for element in found if not element.get("encoding")]
        if printed:
            return [(code, printed[0])]
        points = {element.get("point"): _value(element) for element in reversed(found)}
        start, end = points.get("start") or points.get(None, ""), points.get("end", "")
        if start or end:
            shown = f"{start}-{'' if end == '9999' else end}" if end else start
            return [(code, ("c" if name == "copyrightDate" else "") + shown)]
    return []


def _codes(languages: Iterable[Element]) -> list[str]:
    """MARC codes of languages: of each the code of ISO 639-2, else what its other terms say."""
    found: list[str] = []
    for language in languages:
        terms = _all(language, "languageTerm") or [language]
        coded = [_value(term).lower() for term in terms if _get(term, "authority") in ("iso639-2b", "iso639-2")]
        coded = [code for code in coded if re.fullmatch("[a-z]{3}", code)]
        found += coded[:1] or [code for term in terms for code in language_codes(_value(term))][:1]
    return list(dict.fromkeys(found))


def _languages(mods: Element) -> list[Field]:
    languages = _all(mods, "language")
    own = _codes(element for element in languages if not element.get("objectPart"))
    parts = [("a", code) for code in own]
    for element in languages:
        part = PARTS.get(_get(element, "objectPart").lower(), "")
        parts += [(part, code) for code in _codes([element]) if part]
    translated = any(code == "h" for code, _ in parts)
    fields = [data_field("041", "1 " if translated else "0 ", parts)] if len(parts) > 1 else []
    scripts = [_value(term) for term in _below(mods, "language", "scriptTerm")]
    return fields + [data_field("546", "  ", [("b", text)]) for text in scripts if text]


def _physical(mods: Element) -> Iterator[Field]:
    for element in _all(mods, "physicalDescription"):
        for extent in _values(element, "extent"):
            size, _, height = extent.partition(" ; ")
            pages, _, details = size.partition(" : ")
            yield from _made("300", "  ", [("a", pages), ("b", details), ("c", height)])
        yield from (data_field("500", "  ", [("a", text)]) for text in _values(element, "note"))


def _texts(mods: Element) -> Iterator[Field]:
    """Abstract, contents, audience, genre, notes, conditions."""
    kinds = {"review": "1 ", "scope and content": "2 ", "subject": "0 ", "content advice": "4 "}
    for element in _all(mods, "abstract"):
        yield from _made("520", kinds.get(_get(element, "type").lower(), "  "), [("a", _value(element))])
    for text in _values(mods, "tableOfContents"):
        yield data_field("505", "0 ", [("a", text)])
    for text in _values(mods, "targetAudience"):
        if text.lower() not in AUDIENCES:
            yield data_field("521", "  ", [("a", text)])
    for element in _all(mods, "genre"):
        scheme = _get(element, "authority")
        yield from _made(
            "655", " 7" if scheme else " 4", [("a", _value(element)), ("2", scheme)] if _value(element) else []
        )
    for element in _all(mods, "note"):
        kind = _get(element, "type")
        if kind != "statement of responsibility":
            tag = NOTES.get(kind, "500")
            yield from _made(tag, NOTE_INDICATORS.get(tag, "  "), [(NOTE_CODES.get(tag, "a"), _value(element))])
    for element in _all(mods, "accessCondition"):
        tag = "506" if "restriction" in _get(element, "type").lower() else "540"
        yield from _made(tag, "  ", [("a", _value(element))])


# --- subjects and classes -------------------------------------------------------------------------------------------

_HEADINGS = {"topic": "650", "geographic": "651", "temporal": "648", "titleInfo": "630", "occupation": "656"}
_HEADINGS |= {"genre": "655", "name": "600"}
_BELOW = {"topic": "x", "geographic": "z", "temporal": "y", "genre": "v", "occupation": "x"}


def _subject(subject: Element) -> Iterator[Field]:
    headings = [child for child in subject if local_name(child) in _HEADINGS and _value(child)]
    if len(headings) == 1 and local_name(headings[0]) == "topic" and "; " in _value(headings[0]):
        for topic in _value(headings[0]).split("; "):
            yield from _made("650", " 4", [("a", topic.strip())])
    elif headings:
        yield _heading(subject, headings)
    for place in _all(subject, "hierarchicalGeographic"):
        parts = [(code, text) for name, code in PLACES for text in _values(place, name)]
        yield from _made("662", "  ", sorted(parts, key=lambda part: part[0]))
    for code in _all(subject, "geographicCode"):
        letter = {"marcgac": "a", "iso3166": "c"}.get(_get(code, "authority"), "")
        yield from _made("043", "  ", [(letter, _value(code))] if letter else [])
    for map_data in _all(subject, "cartographics"):
        parts = [("a", _text(map_data, "scale")), ("b", _text(map_data, "projection"))]
        yield from _made("255", "  ", [*parts, ("c", _text(map_data, "coordinates"))])


def _heading(subject: Element, headings: list[Element]) -> Field:
    """The first child is the heading, the others subdivide it."""
    first, *others = headings
    name = local_name(first)
    scheme = (_get(subject, "authority") or _get(first, "authority")).lower()
    tag, indicator = _HEADINGS[name], " "
    if name == "name":
        kind, indicator = _name_tag(first)
        tag = "6" + kind
        parts = _name_parts(first) + _roles(first)
    elif name == "titleInfo":
        parts = _title_parts(first)
    else:
        parts = _divided(_value(first), _BELOW[name])
    for other in others:
        kind = local_name(other)
        if kind in _BELOW:
            parts.append((_BELOW[kind], _value(other)))
        else:
            code = "t" if kind == "titleInfo" and name == "name" else "x"
            parts.append((code, _text(other, "title", "namePart") or _value(other)))
    known = SUBJECT_SCHEMES.get(scheme, "7" if _CONTROLLED.fullmatch(scheme) else "4")
    if tag == "648" or tag in ("655", "656"):
        known = "7" if scheme else "4"
    parts += [("2", scheme)] if known == "7" else []
    return data_field(tag, f"{'0' if tag == '630' else indicator[0]}{known}", _present(parts))


def _divided(text: str, code: str) -> list[Subfield]:
    """«Gettysburg (Pa.) -- History» as a heading and its subdivisions."""
    first, *rest = [part.strip() for part in text.split(" -- ")]
    return [("a", first), *(("x", part) for part in rest)]


def _class(element: Element) -> list[Field]:
    number, scheme = _value(element), _get(element, "authority").lower()
    if not number:
        return []
    if scheme in ("sudocs", "candocs"):
        return [data_field("086", "0 " if scheme == "sudocs" else "1 ", [("a", number)])]
    if scheme not in CLASSES:
        return _made("084", "  ", [("a", number), ("2", scheme)])
    tag, indicators = CLASSES[scheme]
    head, mark, item = number.partition(" .") if tag in ("050", "060") else (number, "", "")
    return _made(tag, indicators, [("a", head), ("b", mark.strip() + item), ("2", _get(element, "edition"))])


# --- relations, identifiers, locations ------------------------------------------------------------------------------


def _related(item: Element) -> list[Field]:
    kind = item.get("type") or ""
    if kind == "series":
        return _series(item)
    tag, indicators = RELATED.get(kind, RELATED[""])
    names = [_name_parts(name) for name in _all(item, "name")]
    titles = [", ".join(v for _, v in _title_parts(t)[:1]) for t in _all(item, "titleInfo")]
    numbers = {code: _numbers(item, name) for name, code in (("issn", "x"), ("isbn", "z"))}
    origin = [text for path in ("publisher", "dateIssued") for text in _values_at(item, "originInfo", path)[:1]]
    link = clean(item.get(f"{{{XLINK}}}href") or "") or next(iter(_values_at(item, "location", "url")), "")
    parts = [
        ("a", names[0][0][1] if names and names[0] else ""),
        ("i", _get(item, "displayLabel") if tag != "510" else ""),
        ("t" if tag != "510" else "a", next(filter(None, titles), "")),
        ("d", ", ".join(origin) if tag != "510" else ""),
        ("g", _part(item) if tag != "510" else ""),
        *(("x", text) for text in numbers["x"]),
        *(("z", text) for text in numbers["z"] if tag != "510"),
        ("w", next(iter(_values_at(item, "recordInfo", "recordIdentifier")), "") if tag != "510" else ""),
        ("u", link),
    ]
    found = _present(parts)
    said = any(code in "tawxzu" for code, _ in found)
    return [data_field(tag, indicators, found)] if said else []


def _numbers(item: Element, kind: str) -> list[str]:
    return [_value(element) for element in _all(item, "identifier") if element.get("type") == kind and _value(element)]


def _series(item: Element) -> list[Field]:
    titles = _all(item, "titleInfo")
    parts = _title_parts(titles[0]) if titles else []
    name = ". ".join(value for code, value in parts if code in "ap")
    volume = [value for code, value in parts if code == "n"] or _values_at(item, "part", "detail", "number")
    moved = [("a", name), *(("x", text) for text in _numbers(item, "issn")), ("v", next(iter(volume), ""))]
    return _made("490", "0 ", moved) if name else []


def _part(item: Element) -> str:
    """773 $g: «vol. 3, no. 1 (Jan. 2003), tr. 53-57»."""
    found = []
    dates = []
    for part in _all(item, "part"):
        for detail in _all(part, "detail"):
            number = _text(detail, "number") or _text(detail, "title")
            found.append(f"{_text(detail, 'caption') or _CAPTIONS.get(_get(detail, 'type'), '')} {number}".strip())
        dates += _values(part, "date")
        for extent in _all(part, "extent"):
            pages = "-".join(filter(None, [_text(extent, "start"), _text(extent, "end")])) or _text(extent, "list")
            found.append(f"tr. {pages}" if pages and extent.get("unit") in ("page", "pages") else pages)
        found += _values(part, "text")
    shown = ", ".join(filter(None, found))
    return f"{shown} ({dates[0]})".strip() if dates else shown


_CAPTIONS = {"volume": "T.", "issue": "S.", "number": "S."}


def _media(mods: Element) -> list[Subfield]:
    return [("q", text) for text in _values_at(mods, "physicalDescription", "internetMediaType")[:1]]


def _identifier(element: Element, media: list[Subfield]) -> Iterator[Field]:
    kind, text = _get(element, "type").lower(), _value(element)
    invalid = element.get("invalid") == "yes"
    if not text:
        return
    if kind == "isbn":
        number, _, qualifier = text.partition("(")
        pairs = [("z", number.strip())] if invalid else read_isbns(number)
        more = [("q", qualifier.strip(" )"))] if qualifier else []
        yield from (data_field("020", "  ", [pair, *more]) for pair in pairs)
    elif kind in ("issn", "issn-l", "eissn"):
        yield data_field("022", "  ", [("z" if invalid else "l" if kind == "issn-l" else "a", text)])
    elif kind == "oclc":
        yield data_field("035", "  ", [("a", f"(OCoLC){text}")])
    elif kind == "uri" and re.match("(https?|ftp)://", text):
        yield data_field("856", "40", [("u", text), *media])
    elif kind in IDENTIFIERS:
        tag, indicators, code, _ = IDENTIFIERS[kind]
        yield data_field(tag, indicators, [("z" if invalid and tag in ("010", "024") else code, text)])
    else:
        yield data_field("024", "7 ", [("z" if invalid else "a", text), ("2", kind)])


def _locations(mods: Element) -> Iterator[Field]:
    for location in _all(mods, "location"):
        place = next((element for element in _all(location, "physicalLocation") if _value(element)), None)
        code = "a" if place is not None and place.get("authority") else "b"
        where = [(code, _value(place))] if place is not None else []
        copies = _below(location, "holdingSimple", "copyInformation")
        for copy in copies:
            yield from _copy(copy, where, location)
        if not copies:
            shelf = [("h", text) for text in _values(location, "shelfLocator")]
            yield from _made("852", "  ", [*where, *shelf])
        for url in _all(location, "url"):
            second = "2" if url.get("access") == "preview" else "0"
            parts = [("3", _get(url, "displayLabel")), ("u", _value(url)), *_media(mods)]
            yield from _made("856", "4" + second, [*parts, ("z", _get(url, "note"))] if _value(url) else [])


def _copy(copy: Element, where: list[Subfield], location: Element) -> Iterator[Field]:
    """852 of one copyInformation: $b place, $h shelf mark, $p items, $z notes; what is held goes to 866."""
    place = [("b", text) for text in _values(copy, "subLocation")]
    if place:
        where = [("a", value) for _, value in where]
    shelf = _values(copy, "shelfLocator") or _values(location, "shelfLocator")
    items = [("p", text) for text in _values(copy, "itemIdentifier")]
    notes = [("z", text) for text in _values(copy, "note")]
    yield from _made("852", "  ", [*where, *place, *(("h", text) for text in shelf), *items, *notes])
    yield from (data_field("856", "40", [("u", text)]) for text in _values(copy, "electronicLocator"))
    for volumes in _all(copy, "enumerationAndChronology"):
        tag = {"2": "867", "3": "868"}.get(volumes.get("unitType") or "", "866")
        yield from _made(tag, " 0", [("a", _value(volumes))])
