"""The publisher's products in ONIX for Books 3.0, short tags (https://www.editeur.org/93/Release-3.0-Downloads/)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.sample_network.books import Book, Copy, direct

NAMESPACE = "http://ns.editeur.org/onix/3.0/short"
ROLES = {
    "author": "A01",
    "corporate": "A01",
    "illustrator": "A12",
    "translator": "B06",
    "editor": "B01",
    "chief": "B01",
    "reviser": "B01",
    "adapter": "B05",
    "compiler": "C01",
}  # List 17
AGES = {"a": (3, 6), "b": (6, 8), "c": (9, 13), "d": (15, 17), "j": (6, 11)}  # years; List 30, code 17
AUDIENCES = {"e": "01", "g": "01", "d": "03"}  # List 28; children are 02
WITHDRAWN = (901, 902)
FORTHCOMING_YEAR = 2026


def reference(number: int) -> str:
    """The RecordReference (a001) of the publisher's product ``number``."""
    return f"vn.nxbhaiphong.{number:04d}"


def message(copies: list[Copy]) -> bytes:
    """The message: a header, the products, and two deletions of products announced before."""
    products = [*map(_product, copies), *map(_deletion, WITHDRAWN)]
    sender = _tag("sender", _text("x298", "Nhà xuất bản Hải Phòng"))
    head = _tag("header", sender + _text("x307", "20260401T080000"))
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<ONIXmessage release="3.0" xmlns="{NAMESPACE}">\n'
    return (start + "\n".join([head, *products]) + "\n</ONIXmessage>\n").encode()


def _deletion(number: int) -> str:
    reason = _text("a199", "Sách không xuất bản")
    return _tag("product", _text("a001", reference(number)) + _text("a002", "05") + reason)


def _product(copy: Copy) -> str:
    """A block each: identification, description, publishing, supply."""
    book = copy.said
    announced = book.year >= FORTHCOMING_YEAR
    head = _text("a001", reference(copy.number)) + _text("a002", "02" if announced else "03")
    if book.isbn:
        head += _tag("productidentifier", _text("b221", "15") + _text("b244", book.isbn))
    body = [_tag("descriptivedetail", _description(book)), _tag("publishingdetail", _publishing(copy, announced))]
    return _tag("product", head + "".join(body) + _tag("productsupply", _supply(book, announced)))


def _description(book: Book) -> str:
    parts = [_text("x314", "00"), _text("b012", "BC")]
    parts.append(_tag("measure", _text("x315", "01") + _text("c094", str(book.size * 10)) + _text("c095", "mm")))
    if book.series:
        element = _tag("titleelement", _text("x409", "02") + _text("b203", book.series))
        parts.append(_tag("collection", _text("x329", "10") + _tag("titledetail", _text("b202", "01") + element)))
    parts += [_title(book), *_contributors(book)]
    parts += [_tag("language", _text("b253", "01") + _text("b252", code)) for code in book.languages]
    if book.pages:
        parts.append(_tag("extent", _text("b218", "00") + _text("b219", str(book.pages)) + _text("b220", "03")))
    parts.append(_tag("subject", _text("b067", "01") + _text("b069", book.ddc)))
    return "".join([*parts, _audience(book)])


def _title(book: Book) -> str:
    """A volume is the product's own part number; its title element names the work (List 149)."""
    part = _text("x410", book.volume_words or book.part) if book.volume or book.part else ""
    rest = _text("b029", book.subtitle) if book.subtitle else ""
    element = _tag("titleelement", _text("x409", "01") + part + _text("b203", book.title) + rest)
    return _tag("titledetail", _text("b202", "01") + element)


def _contributors(book: Book) -> list[str]:
    if not book.people:
        return [_text("n339", "")]
    found = []
    for number, (name, role) in enumerate(book.people, 1):
        if name == "Nhiều tác giả":
            who = _text("b249", "04")
        else:
            who = _text("b047" if role == "corporate" else "b036", direct(name))
        found.append(_tag("contributor", _text("b034", str(number)) + _text("b035", ROLES[role]) + who))
    return found


def _audience(book: Book) -> str:
    """The audience by List 28; for children the interest age in years (List 30, 17) and the mark on the cover."""
    coded = _tag("audience", _text("b204", "01") + _text("b206", AUDIENCES.get(book.audience, "02")))
    if book.audience not in AGES:
        return coded
    low, high = AGES[book.audience]
    marked = _tag("audience", _text("b204", "02") + _text("b205", "Độ tuổi in trên bìa") + _text("b206", f"{low}+"))
    ages = _text("b075", "03") + _text("b076", str(low)) + _text("b075", "04") + _text("b076", str(high))
    return coded + marked + _tag("audiencerange", _text("b074", "17") + ages)


def _publishing(copy: Copy, announced: bool) -> str:
    book = copy.said
    publisher = _tag("publisher", _text("b291", "01") + _text("b081", f"Nhà xuất bản {book.publisher}"))
    day = f"{book.year}{copy.number % 6 + 5:02d}20"
    dated = _tag("publishingdate", _text("x448", "01") + f'<b306 dateformat="00">{day}</b306>')
    status = _text("b394", "02" if announced else "04")
    return publisher + _text("b209", book.place) + _text("b083", "VN") + status + dated


def _supply(book: Book, announced: bool) -> str:
    """The price in VND; 0 for local history that is given away."""
    supplier = _tag("supplier", _text("j292", "01") + _text("j137", "Nhà xuất bản Hải Phòng"))
    amount = "0" if book.ddc.startswith("959.735") and book.pages > 400 else str(book.price)
    price = _tag("price", _text("x462", "02") + _text("j151", amount) + _text("j152", "VND"))
    return _tag("supplydetail", supplier + _text("j396", "10" if announced else "20") + price)


def _tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _text(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value or name != "n339" else "<n339/>"
