"""Dublin Core (oai_dc) ↔ MARC 21.

In: title → 245/246; creator → 100/700; contributor → 700 $e; publisher → 260 $b; date → 260 $c and 008; identifier →
020, 022, 024, 852 $h, 856 $u; language → 008/041; type → leader/06 and 655; format → 300 or 856 $q; subject → 082 or
653; description → 520; source → 786; relation → 787; coverage → 522; rights → 540. Out: the Library of Congress
crosswalk (https://www.loc.gov/marc/marc2dc.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

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
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.problem import Trouble
from schemas.record import Field, RawRecord, Record, Subfield, data_field, is_control, subfields
from schemas.table_marc import fixed_field
from schemas.xml import local_name, parse_document, split_elements

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
_TYPES = {"image": "k", "stillimage": "k", "movingimage": "g", "video": "g", "sound": "i", "audio": "i", "map": "e"}
_TERMS = {
    "alternative": "title", "issued": "date", "created": "date", "abstract": "description", "extent": "format",
    "ispartof": "relation", "tableofcontents": "description", "medium": "format", "spatial": "coverage",
}  # fmt: skip
_HEADER_ID = re.compile(rb"<(?:[\w.-]+:)?header[^>]*>\s*<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]+?)\s*<")
_DC_ID = re.compile(rb"<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]+?)\s*<")
_DELETED = re.compile(rb"""<(?:[\w.-]+:)?header[^>]*\sstatus\s*=\s*["']deleted["']""")
_CALL_NUMBER = re.compile(r"\d{3}(?:\.\d+)?\s*[/ ]\s*[A-ZĐ][\w.-]*\d?[\w.-]*$")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Values = dict[str, list[str]]


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file: OAI-PMH ``record`` elements, or ``dc`` elements that stand alone."""
    for number, piece in enumerate(split_elements(stream, frozenset({"record", "dc"}), reading), 1):
        found = _HEADER_ID.search(piece.body) or _DC_ID.search(piece.body)
        identifier = clean(found[1].decode("utf-8", "replace"))[:200] if found else ""
        place = f"{piece.place}, record {number}"
        deleted = piece.problem is None and bool(_DELETED.search(piece.body))
        yield RawRecord(identifier or key_of(piece.body), piece.body, place, deleted=deleted, problem=piece.problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The record of an oai_dc element, alone or inside an OAI-PMH ``record``."""
    root = parse_document(body, reading.encoding)
    values = _values(_find(root))
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
    if identifier := _oai_identifier(root):
        fields.append(("001", identifier))
    if len(languages) > 1:
        fields.append(data_field("041", "0 ", [("a", code) for code in languages]))
    fields += _identifiers(values) + _subjects(values) + _rest(values)
    fields.sort(key=lambda f: f[0])
    return Record(f"00000n{_type(values)}m a22000007  4500", tuple(fields))


def _find(root: etree._Element) -> etree._Element:
    """The element that holds the Dublin Core: ``dc``, or the first one with a title or creator in it."""
    for element in root.iter("{*}dc"):
        return element
    for element in root.iter("*"):
        if any(_is_dc(child) and local_name(child) in ("title", "creator") for child in element):
            return element
    raise Trouble("dc_no_record")


def _is_dc(element: etree._Element) -> bool:
    """Whether an element is Dublin Core: by its namespace, or without any."""
    return str(element.tag).startswith("{http://purl.org/dc/") or not str(element.tag).startswith("{")


def _values(element: etree._Element) -> Values:
    values: Values = {}
    for child in element:
        name = local_name(child).lower()
        if text := clean("".join(str(part) for part in child.itertext())):
            values.setdefault(_TERMS.get(name, name), []).append(text)
    return values


def _oai_identifier(root: etree._Element) -> str:
    for header in root.iter("{*}header"):
        for child in header:
            if local_name(child) == "identifier":
                return clean(child.text or "")
    return ""


def _type(values: Values) -> str:
    for text in values.get("type", []):
        if code := _TYPES.get(re.sub(r"\W", "", text.rpartition("/")[2]).lower()):
            return code
    return "a"


def _date(values: Values) -> str:
    """The date of publication: where a repository adds its own timestamps, the one without a time of day."""
    dates = [text for text in values.get("date", []) if find_year(text)]
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
    for element, role in (("creator", "tác giả"), ("contributor", "")):
        for text in values.get(element, []):
            for part in split_names(text):
                name, found = name_and_role(part, role)
                main = found == "tác giả" and element == "creator" and not any(tag < "200" for tag, _ in fields)
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


def _rest(values: Values) -> list[Field]:
    places = (
        ("type", "655", " 4", "a"),
        ("description", "520", "  ", "a"),
        ("source", "786", "0 ", "n"),
        ("relation", "787", "0 ", "n"),
        ("coverage", "522", "  ", "a"),
        ("rights", "540", "  ", "a"),
    )
    return [
        data_field(tag, indicators, [(code, text)])
        for name, tag, indicators, code in places
        for text in dict.fromkeys(values.get(name, []))
        if not (tag == "655" and text.lower() == "text")
    ]


def _present(parts: Iterable[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]


# --- out ------------------------------------------------------------------------------------------------------------

_KINDS = {"a": "Text", "t": "Text", "c": "Notated music", "e": "Image", "g": "MovingImage", "i": "Sound", "j": "Sound"}
_KINDS |= {"k": "Image", "m": "Software", "o": "Collection", "r": "PhysicalObject"}
_AUTHOR = {"", "tác giả", "author", "aut"}
_NAMESPACES = (
    f'xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"'
)
_OUT = (
    ("description", {"500", "502", "505", "511", "520", "521"}, "a"),
    ("coverage", {"522", "651"}, "az"),
    ("relation", {"440", "490", "773", "780", "785", "787", "830"}, "tavgn"),
    ("source", {"534", "786"}, "tn"),
    ("rights", {"506", "540"}, "a"),
)


def to_oai_dc(record: Record) -> str:
    """The ``oai_dc:dc`` element of a record, namespaces declared; a record without a title gets none of its own."""
    lines = []
    for name, value in _statements(record):
        if text := escape(_NOT_XML.sub("", value).strip()):
            lines.append(f"<dc:{name}>{text}</dc:{name}>")
    return f"<oai_dc:dc {_NAMESPACES}>{''.join(lines)}</oai_dc:dc>"


def _statements(record: Record) -> Iterator[tuple[str, str]]:
    """The (element, text) pairs of a record in the order of the crosswalk."""
    for tag, content in record.fields:
        if tag == "245":
            yield "title", _joined(content, "anpb")
        elif tag == "246":
            yield "title", _joined(content, "anp")
        elif tag in ("100", "110", "111", "700", "710", "711", "720"):
            yield _person(tag, content)
        elif tag.startswith("6") and tag not in ("651", "655"):
            yield "subject", " -- ".join(_trim(value) for code, value in subfields(content) if code in "abcdtxyz")
    yield from _publication(record)
    kind = _KINDS.get(record.leader[6:7])
    yield from (("type", text) for text in [kind, *record.values("655", "a")] if text)
    yield from (("format", _joined(content, "ac")) for content in record.contents("300"))
    yield from _numbers(record)
    for name, tags, codes in _OUT:
        for tag, content in record.fields:
            if tag in tags and not is_control(tag):
                yield name, _joined(content, codes)


def _person(tag: str, content: str) -> tuple[str, str]:
    parts = list(subfields(content))
    name = _trim(" ".join(value for code, value in parts if code in "abcdq"))
    role = _trim(next((value for code, value in parts if code == "e"), ""))
    if tag.startswith("1"):
        return "creator", name
    return ("creator", name) if role in _AUTHOR - {""} else ("contributor", f"{name} ({role})" if role else name)


def _publication(record: Record) -> Iterator[tuple[str, str]]:
    fixed = record.control("008")
    for tag in ("260", "264"):
        yield from (("publisher", _trim(value)) for value in record.values(tag, "b"))
    said = record.first("260", "c") or record.first("264", "c")
    year = find_year(fixed[7:11]) or find_year(said) or _trim(said)
    yield "date", year
    codes = [fixed[35:38], *record.values("041", "a")]
    for code in dict.fromkeys(code for code in codes if re.fullmatch("[a-z]{3}", code)):
        yield "language", code


def _numbers(record: Record) -> Iterator[tuple[str, str]]:
    yield from (("identifier", f"urn:ISBN:{value.split()[0]}") for value in record.values("020", "a") if value.strip())
    yield from (("identifier", f"urn:ISSN:{value.split()[0]}") for value in record.values("022", "a") if value.strip())
    yield from (("identifier", value) for value in record.values("856", "u"))
    yield from (("subject", f"DDC {value}") for value in record.values("082", "a"))


def _joined(content: str, codes: str) -> str:
    """The subfields as one text: $n after a full stop, $p after a comma, $b after a colon, as ISBD shows them."""
    text = ""
    for code, value in subfields(content):
        if code not in codes or not (value := _trim(value)):
            continue
        mark = {"n": ". ", "p": ", ", "b": " : ", "c": " ; "}.get(code, " ")
        text += (" " if value.startswith("= ") else mark) + value if text else value
    return text


def _trim(value: str) -> str:
    """Without the ISBD marks that precede what follows."""
    return re.sub(r"\s*[/:;,=]\s*$", "", value.strip())


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write the records as ``oai_dc:dc`` elements in one document; nothing is refused."""
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n')
    stream.writelines(to_oai_dc(record).encode() + b"\n" for record in records)
    stream.write(b"</records>\n")
    return []


FORMAT = Format(
    name="oai_dc",
    title={"vi": "Dublin Core (oai_dc)", "en": "Dublin Core (oai_dc)"},
    split=split,
    parse=parse,
    write=write,
    prefixes=("oai_dc", "dc"),
)
