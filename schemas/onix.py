"""ONIX for Books 3.0 and 2.1, reference names and short tags → MARC 21.

RecordReference → 001; ISBN → 020 $a with form ($q) and price ($c); titles → 245/246; contributors → 100/700 $e $4;
publisher, city, date → 260; edition → 250; extent and size → 300; collection, series → 490; languages → 008/041;
audience (lists 28 to 31) → 008/22 and 521; subjects → 050, 072, 082, 650, 653; text → 520.
NotificationType 05 is a deletion. Specifications: https://www.editeur.org/93/Release-3.0-and-3.1-Downloads/.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from schemas.cells import age_code, clean, find_year, is_vietnamese_imprint, read_isbns, split_subtitle, split_volume
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.onix_codes import AUDIENCES, COUNTRIES, FORMS, ROLES, SCHEMES, SHORT
from schemas.problem import Trouble
from schemas.record import Field, RawRecord, Record, Subfield, data_field
from schemas.table_marc import fixed_field
from schemas.taken_out_xml import ONIX_NAME, from_onix
from schemas.xml import local_name, parse_document, readable, split_elements

_REFERENCE = re.compile(rb"<(?:[\w.-]+:)?(?:RecordReference|a001)(?:\s[^>]*)?>\s*([^<]+?)\s*<")
_NOTIFICATION = re.compile(rb"<(?:[\w.-]+:)?(?:NotificationType|a002)(?:\s[^>]*)?>\s*05\s*<")
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Node:
    """An element whose children are asked for by their reference names, whatever tags the message uses."""

    element: etree._Element

    def all(self, *names: str) -> list[Node]:
        """The children with one of the names, in order."""
        wanted = {name.lower() for name in names}
        return [Node(child) for child in self.element if _name(child) in wanted]

    def below(self, *names: str) -> list[Node]:
        """The descendants with one of the names, in order."""
        wanted = {name.lower() for name in names}
        return [Node(child) for child in self.element.iter("*") if _name(child) in wanted]

    def text(self, *names: str) -> str:
        """The text of the first child with one of the names, in the order of the names; or ""."""
        for name in names:
            for node in self.all(name):
                if text := node.value():
                    return text
        return ""

    def value(self) -> str:
        """All text below, without the markup that messages put into it."""
        text = "".join(str(part) for part in self.element.itertext())
        return clean(html.unescape(_MARKUP.sub(" ", text))) if "<" in text or "&" in text else clean(text)


def _name(element: etree._Element) -> str:
    name = local_name(element).lower()
    return SHORT.get(name, name)


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The products of a message; NotificationType 05 marks a deletion."""
    for number, piece in enumerate(split_elements(stream, frozenset({"Product", "product"})), 1):
        found = _REFERENCE.search(piece.body)
        identifier = html.unescape(clean(found[1].decode("utf-8", "replace")))[:200] if found else key_of(piece.body)
        deleted = piece.problem is None and bool(_NOTIFICATION.search(piece.body))
        place = f"{piece.place}, record {number}"
        yield RawRecord(identifier, piece.body, place, deleted=deleted, problem=piece.problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The record of a ``Product``; :class:`Trouble` where there is none, or more than one."""
    root = Node(parse_document(readable(body, reading)))
    products = root.below("Product")
    if not products:
        raise Trouble("onix_no_product")
    if len(products) > 1:
        raise Trouble("onix_several", count=len(products))
    product = products[0]
    description = (product.all("DescriptiveDetail") or [product])[0]
    titles, collections = _titles(description)
    if not titles:
        raise Trouble("onix_no_title")
    people = _people(description)
    languages, originals = _languages(description)
    audience, audience_fields = _audience(description)
    form = description.text("ProductForm")
    fields = [("001", clean(product.text("RecordReference"))), ("008", _fixed(product, form, audience, languages))]
    fields += (
        _numbers(product, description, form)
        + people
        + _title_fields(titles, any(tag < "200" for tag, _ in people))
        + audience_fields
    )
    if originals or len(languages) > 1:
        parts = [("a", code) for code in languages] + [("h", code) for code in originals]
        fields.append(data_field("041", "1 " if originals else "0 ", parts))
    fields += _edition(description) + _imprint(product) + _extent(description) + collections
    fields += _subjects(description) + _texts(product)
    fields = sorted((field for field in fields if field[1]), key=lambda f: f[0])
    status = "d" if product.text("NotificationType") == "05" else "n"
    return Record(f"00000{status}{_kind(form)}m a22000007  4500", tuple(fields))


def _kind(form: str) -> str:
    if form.startswith("A"):
        return "i"
    if form.startswith("V"):
        return "g"
    return "r" if form.startswith("Z") and form != "ZZ" else "a"


def _detail(product: Node) -> Node:
    return (product.all("PublishingDetail") or [product])[0]


# --- titles ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Title:
    kind: str
    text: str
    subtitle: str = ""
    number: str = ""
    part: str = ""


def _titles(description: Node) -> tuple[list[_Title], list[Field]]:
    """The titles, the distinctive one first, and 490 of the collections."""
    series: list[Field] = []
    titles = []
    for detail in description.all("TitleDetail"):
        title, collection = _composed(detail)
        titles.append(title)
        if collection:
            series.append(_series(collection, ""))
    for detail in description.all("Title"):
        titles.append(_Title(detail.text("TitleType"), _whole(detail), detail.text("Subtitle")))
    if text := description.text("DistinctiveTitle"):
        titles.append(_Title("01", text, description.text("Subtitle")))
    for group in description.all("Collection", "Series"):
        for element in [*group.below("TitleElement"), *group.all("Title"), group]:
            if name := _whole(element) or element.text("TitleOfSeries"):
                number = element.text("PartNumber") or group.text("NumberWithinSeries", "PartNumber")
                series.append(_series(name, number))
                break
    titles = [title for title in titles if title.text]
    titles.sort(key=lambda title: title.kind != "01")
    return titles, list(dict.fromkeys(series))


def _composed(detail: Node) -> tuple[_Title, str]:
    """A title of its elements: collection with part number and product title make $a $n $p; or a series apart."""
    kind = detail.text("TitleType")
    own = upper = number = upper_number = subtitle = ""
    for element in detail.all("TitleElement"):
        if element.text("TitleElementLevel") in ("02", "03") and not upper:
            upper, upper_number = _whole(element), element.text("PartNumber")
        else:
            own, number = own or _whole(element), number or element.text("PartNumber")
            subtitle = subtitle or element.text("Subtitle")
    if upper and (upper_number or number or not own):
        return _Title(kind, upper, subtitle, upper_number or number, own), ""
    return _Title(kind, own, subtitle, number), upper


def _whole(element: Node) -> str:
    """The title of an element, its prefix put before it."""
    if text := element.text("TitleText"):
        return text
    return clean(f"{element.text('TitlePrefix')} {element.text('TitleWithoutPrefix')}")


def _series(name: str, number: str) -> Field:
    return data_field("490", "0 ", _present([("a", name), ("v", number)]))


def _title_fields(titles: list[_Title], added: bool) -> list[Field]:
    first, *others = titles
    text, number, part = first.text, first.number, first.part
    if not number:
        text, number, part = split_volume(text)
    elif _is_number(number):
        number = f"Tập {number}"
    main, rest = split_subtitle(text)
    rest = " : ".join(filter(None, [rest, first.subtitle]))
    parts = [("a", main), ("n", number), ("p", part), ("b", rest)]
    fields = [data_field("245", f"{int(added)}0", _present(parts))]
    for other in others:
        label = [("i", "Nhan đề gốc")] if other.kind == "03" else []
        fields.append(data_field("246", "3 ", label + _present([("a", other.text), ("b", other.subtitle)])))
    return fields


# --- the rest -------------------------------------------------------------------------------------------------------


def _people(description: Node) -> list[Field]:
    fields: list[Field] = []
    people = description.all("Contributor")
    people.sort(key=lambda person: int(number) if (number := person.text("SequenceNumber")[:6]).isdecimal() else 999)
    for person in people:
        name, corporate = _person(person)
        for role in person.all("ContributorRole") or [person]:
            term, code = ROLES.get(role.value(), ("", "")) if role is not person else ("", "")
            if not name:
                continue
            main = term == "tác giả" and not any(tag < "200" for tag, _ in fields)
            tag = ("1" if main else "7") + ("10" if corporate else "00")
            fields.append(data_field(tag, "1 ", _present([("a", name), ("e", term), ("4", code)])))
    return fields


def _person(person: Node) -> tuple[str, bool]:
    """The name as it is shown, and whether it is a corporate body."""
    parts = clean(f"{person.text('NamesBeforeKey')} {person.text('KeyNames')}")
    if name := person.text("PersonName") or parts or person.text("PersonNameInverted"):
        return name, False
    return person.text("CorporateName"), True


def _languages(description: Node) -> tuple[list[str], list[str]]:
    """The languages of the text, and the originals of a translation (ISO 639-2/B, as MARC)."""
    text: list[str] = []
    original: list[str] = []
    for language in description.all("Language"):
        code = language.text("LanguageCode").lower()[:3]
        {"01": text, "02": original, "07": original}.get(language.text("LanguageRole"), []).append(code)
    text += [node.value().lower()[:3] for node in description.all("LanguageOfText")]
    original += [node.value().lower()[:3] for node in description.all("OriginalLanguage")]
    text, original = ([code for code in dict.fromkeys(codes) if code] for codes in (text, original))
    return text, [code for code in original if code not in text]


def _audience(description: Node) -> tuple[str, list[Field]]:
    """The code of 008/22, the ages before the audience code; and 521."""
    fields, code = [], " "
    for kind, value in _audience_codes(description):
        if kind == "01" and value in AUDIENCES:
            code, label = AUDIENCES[value]
            fields.append(data_field("521", "  ", [("a", label)]))
        elif kind == "22" and value not in ("", "00", "01"):
            fields.append(data_field("521", "8 ", [("a", f"Nội dung cần cảnh báo (ONIX 203: {value})")]))
    if ages := _ages(description):
        code = age_code(ages[0])
        label = f"{ages[0]}–{ages[1]} tuổi" if ages[1] else f"Từ {ages[0]} tuổi"
        fields.append(data_field("521", "1 ", [("a", label)]))
    return code, fields


def _audience_codes(description: Node) -> Iterator[tuple[str, str]]:
    yield from (("01", node.value()) for node in description.all("AudienceCode"))
    for audience in description.all("Audience"):
        yield audience.text("AudienceCodeType"), audience.text("AudienceCodeValue")


def _ages(description: Node) -> tuple[int, int] | None:
    """(from, to) in years of qualifiers 17 and 18 (16 is in months); ``to`` is 0 when it is open."""
    low = high = -1
    for area in description.all("AudienceRange"):
        unit = {"16": 12, "17": 1, "18": 1}.get(area.text("AudienceRangeQualifier"))
        pairs = zip(area.all("AudienceRangePrecision"), area.all("AudienceRangeValue"), strict=False)
        for precision, value in pairs:
            if unit is None or not re.fullmatch(r"\d{1,3}", value.value()):
                continue
            age = int(value.value()) // unit
            kind = precision.value()
            low = age if kind in ("01", "03") else low
            high = age if kind in ("01", "04") else high
    return (max(low, 0), max(high, 0)) if max(low, high) >= 0 else None


def _numbers(product: Node, description: Node, form: str) -> list[Field]:
    isbns = [node.text("IDValue") for node in product.all("ProductIdentifier") if node.text("ProductIDType") in _ISBN]
    isbns += [node.value() for node in product.all("ISBN", "EAN13")]
    extra = _present([("q", FORMS.get(form, "")), ("c", _price(product))])
    pairs = list(dict.fromkeys(pair for isbn in isbns for pair in read_isbns(isbn)))
    pairs.sort(key=lambda pair: -len(pair[1]))
    fields = [data_field("020", "  ", [pair, *(extra if at == 0 else [])]) for at, pair in enumerate(pairs)]
    return fields or ([data_field("020", "  ", extra)] if extra else [])


_ISBN = ("02", "15", "03")


def _price(product: Node) -> str:
    """The price with its currency; one that includes tax before the others."""
    prices = product.below("Price")
    prices.sort(key=lambda price: price.text("PriceType", "PriceTypeCode") not in ("02", "04"))
    for price in prices:
        if amount := price.text("PriceAmount"):
            return clean(f"{amount} {price.text('CurrencyCode')}")
    return ""


def _fixed(product: Node, form: str, audience: str, languages: list[str]) -> str:
    detail = _detail(product)
    country = COUNTRIES.get(detail.text("CountryOfPublication").upper(), "")
    if not country and is_vietnamese_imprint(detail.text("CityOfPublication"), _publisher(detail)):
        country = "vm"
    digital = "s" if form.startswith("E") or form == "DG" else " "
    language = languages[0] if languages else ""
    return fixed_field(year=_year(detail), country=country, audience=audience, form=digital, language=language)


def _publisher(detail: Node) -> str:
    """The publisher of role 01, or the first, or the imprint."""
    publishers = detail.all("Publisher")
    publishers.sort(key=lambda publisher: publisher.text("PublishingRole") != "01")
    names = [publisher.text("PublisherName") for publisher in publishers]
    names += [imprint.text("ImprintName") for imprint in detail.all("Imprint")]
    return next(filter(None, names), detail.text("PublisherName", "ImprintName"))


def _year(detail: Node) -> str:
    dates = [(node.text("PublishingDateRole"), node.text("Date")) for node in detail.all("PublishingDate")]
    dates.sort(key=lambda pair: pair[0] not in ("01", "11"))
    said = [date for role, date in dates if role in ("", "01", "11", "19")]
    said += [detail.text("PublicationDate"), detail.text("CopyrightYear")]
    return next((year for text in said if (year := find_year(text[:4]))), "")


def _imprint(product: Node) -> list[Field]:
    detail = _detail(product)
    parts = [("a", detail.text("CityOfPublication")), ("b", _publisher(detail)), ("c", _year(detail))]
    return [data_field("260", "  ", _present(parts))] if _present(parts) else []


def _edition(description: Node) -> list[Field]:
    said = description.text("EditionStatement")
    number = description.text("EditionNumber")
    if not said and number:
        said = f"Lần {number}"
    return [data_field("250", "  ", [("a", said)])] if said else []


def _extent(description: Node) -> list[Field]:
    extents = {
        (extent.text("ExtentType"), extent.text("ExtentUnit")): extent.text("ExtentValue")
        for extent in description.all("Extent")
    }
    pages = next((extents[kind, "03"] for kind in ("00", "06", "07", "05", "11", "08") if (kind, "03") in extents), "")
    pages = pages or description.text("NumberOfPages")
    minutes = extents.get(("09", "05"), "")
    shown = f"{pages} tr." if _is_number(pages) and int(pages) else f"{minutes} phút" if minutes else ""
    parts = _present([("a", shown), ("b", description.text("IllustrationsNote")), ("c", _height(description))])
    return [data_field("300", "  ", parts)] if parts else []


def _height(description: Node) -> str:
    """The height in whole centimeters, rounded up as catalogers do."""
    for measure in description.all("Measure"):
        if measure.text("MeasureType", "MeasureTypeCode") == "01":
            found = re.fullmatch(r"(\d{1,4})(?:\.\d+)?", measure.text("Measurement"))
            unit = {"mm": 10, "cm": 1}.get(measure.text("MeasureUnitCode").lower())
            if found and unit:
                return f"{-(-int(found[1]) // unit)} cm"
    return ""


def _subjects(description: Node) -> list[Field]:
    fields = []
    for subject in description.all("Subject", "MainSubject"):
        scheme = subject.text("SubjectSchemeIdentifier", "MainSubjectSchemeIdentifier")
        fields += _subject(scheme, subject.text("SubjectCode"), subject.text("SubjectHeadingText"))
    fields += _subject("10", description.text("BASICMainSubject"), "")
    fields += _subject("12", description.text("BICMainSubject"), "")
    return list(dict.fromkeys(fields))


def _subject(scheme: str, code: str, heading: str) -> list[Field]:
    if scheme == "20":
        words = [clean(word) for word in re.split(r"[;,]", heading or code)]
        return [data_field("653", "  ", [("a", word)]) for word in words if word]
    if scheme in ("01", "03") and code:
        return [data_field("082" if scheme == "01" else "050", "04" if scheme == "01" else " 4", [("a", code)])]
    fields = [data_field("650", " 0" if scheme == "04" else " 4", [("a", heading)])] if heading else []
    if code and scheme in SCHEMES:
        fields.append(data_field("072", " 7", [("a", code), ("2", SCHEMES[scheme])]))
    return fields


def _texts(product: Node) -> list[Field]:
    """520 of the main description, or the short one."""
    texts: dict[str, str] = {}
    for text in product.below("TextContent", "OtherText"):
        texts.setdefault(text.text("TextType", "TextTypeCode"), text.text("Text"))
    said = next((texts[kind] for kind in ("03", "01", "02") if texts.get(kind)), "")
    return [data_field("520", "  ", [("a", said)])] if said else []


def _is_number(text: str) -> bool:
    """Whether a text is a number in ASCII digits: «²» is a digit and none that can be counted with."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def _present(parts: list[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]


FORMAT = Format(
    name="onix",
    title={"vi": "ONIX (nhà xuất bản)", "en": "ONIX for Books"},
    split=split,
    parse=parse,
    without=from_onix,
    droppable=ONIX_NAME,
    suffixes=(".onix",),
)
