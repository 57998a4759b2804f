"""Descriptions as Dublin Core of a repository and as ONIX for Books 3.0 of a distributor."""

from __future__ import annotations

from xml.sax.saxutils import escape

from benchmarks.network.said import Said

DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
OAI = "http://www.openarchives.org/OAI/2.0/"
ONIX = "http://ns.editeur.org/onix/3.0/reference"
ROLES = {"author": "A01", "translator": "B06", "illustrator": "A12", "chief": "B01", "editor": "B01"}  # List 17
ROLES |= {"adapter": "B05", "compiler": "C01", "corporate": "A01"}
SPOKEN = {"translator": ("{} (dịch)", "{} dịch", "{}"), "illustrator": ("{} minh họa", "{}")}


def oai_dc(descriptions: list[tuple[Said, str]]) -> bytes:
    """An OAI-PMH ListRecords answer with the records."""
    inner = "\n".join(_record(said, identifier) for said, identifier in descriptions)
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{OAI}">'
    return f"{start}<ListRecords>\n{inner}\n</ListRecords></OAI-PMH>\n".encode()


def _record(said: Said, identifier: str) -> str:
    header = f"<header><identifier>{identifier}</identifier><datestamp>2025-01-01</datestamp></header>"
    inner = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in _elements(said, identifier) if value)
    return f"<record>{header}<metadata><oai_dc:dc {DC}>{inner}</oai_dc:dc></metadata></record>"


def _elements(said: Said, identifier: str) -> list[tuple[str, str]]:
    """The elements; who made a book stands among the creators whatever he did."""
    head = said.title + (f" = {said.parallel}" if said.parallel else "")
    head += f" : {said.subtitle}" if said.subtitle else ""
    head += f" / {said.statement}" if said.statement and said.number % 9 == 0 else ""
    found = [("title", head)]
    for name, role in said.people:
        forms = SPOKEN.get(role, ("{}",))
        found.append(("creator", forms[said.number % len(forms)].format(name)))
    found += [("publisher", said.publisher), ("date", said.year)]
    if said.publication.form == "electronic":
        found += [("type", "Tài liệu số"), ("format", "application/pdf")]
    elif said.publication.form == "sound":
        found += [("type", "Sound"), ("format", "audio/mpeg")]
    else:
        found += [("type", "Sách"), ("format", said.pages)]
    found += [("description", said.edition), ("relation", said.series)]
    found += [("identifier", isbn) for isbn in said.isbns]
    found += [("identifier", f"https://hoc-lieu.example/{identifier}")]
    return [*found, *[("language", code) for code in said.languages]]


def onix(descriptions: list[tuple[Said, str]]) -> bytes:
    """An ONIX message with the products."""
    products = "\n".join(_tag("Product", _product(said, identifier)) for said, identifier in descriptions)
    head = _tag("Header", _tag("Sender", _text("SenderName", "Nhà phát hành")) + _text("SentDateTime", "20250101"))
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.0" xmlns="{ONIX}">\n'
    return f"{start}{head}\n{products}\n</ONIXMessage>\n".encode()


def _product(said: Said, identifier: str) -> str:
    head = _text("RecordReference", identifier) + _text("NotificationType", "03")
    for isbn in said.isbns:
        head += _tag("ProductIdentifier", _text("ProductIDType", "15") + _text("IDValue", isbn.replace("-", "")))
    publisher = _tag("Publisher", _text("PublishingRole", "01") + _text("PublisherName", said.publisher))
    year = "".join(c for c in said.year if c.isdigit())[:4]
    date = _tag("PublishingDate", _text("PublishingDateRole", "01") + _text("Date", year)) if year else ""
    return (
        head
        + _tag("DescriptiveDetail", _detail(said))
        + _tag("PublishingDetail", publisher * bool(said.publisher) + date)
    )


def _detail(said: Said) -> str:
    form = {"sound": "AC", "electronic": "EA"}.get(said.publication.form, "BC")
    parts = [_text("ProductComposition", "00"), _text("ProductForm", form)]
    if said.series:
        element = (
            _text("TitleElementLevel", "02") + _text("PartNumber", said.series_volume) + _text("TitleText", said.series)
        )
        title = _tag("TitleDetail", _text("TitleType", "01") + _tag("TitleElement", element))
        parts.append(_tag("Collection", _text("CollectionType", "10") + title))
    subtitle = " = ".join(filter(None, [said.subtitle, said.parallel]))
    number = ", ".join(filter(None, [said.volume, said.part]))
    element = _text("TitleElementLevel", "01") + _text("PartNumber", number) + _text("TitleText", said.title)
    element += _text("Subtitle", subtitle)
    parts.append(_tag("TitleDetail", _text("TitleType", "01") + _tag("TitleElement", element)))
    for number_, (name, role) in enumerate(said.people, 1):
        who = (
            _text("SequenceNumber", str(number_))
            + _text("ContributorRole", ROLES[role])
            + _text("CorporateName" if role == "corporate" else "PersonName", name)
        )
        parts.append(_tag("Contributor", who))
    parts.append(_text("EditionStatement", said.edition))
    parts += [_tag("Language", _text("LanguageRole", "01") + _text("LanguageCode", code)) for code in said.languages]
    pages = "".join(c for c in said.pages if c.isdigit())
    if pages:
        extent = _text("ExtentType", "00") + _text("ExtentValue", pages) + _text("ExtentUnit", "03")
        parts.append(_tag("Extent", extent))
    return "".join(parts)


def _tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _text(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""
