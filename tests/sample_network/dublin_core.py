"""Dublin Core as a school's repository fills it in: translators among the creators, mixed identifiers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.sample_network.books import Book, Copy, direct
from tests.sample_network.words import cutter, hyphenated, subjects

OPEN = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
)
Element = tuple[str, str]


def full_title(book: Book) -> str:
    """Title, volume and the rest in one line."""
    head = book.title + (f" = {book.parallel}" if book.parallel else "")
    head += f" : {book.subtitle}" if book.subtitle else ""
    tail = ", ".join(part for part in (book.volume_words, book.part) if part)
    return f"{head}. {tail}" if tail else head


def elements(copy: Copy, address: str) -> list[Element]:
    """The elements of one record; ``address`` is the page where the repository shows it."""
    book = copy.said
    found: list[Element] = [("title", full_title(book))]
    for name, role in book.people:
        found.append(("creator", _creator(name, role, copy.number)))
    found += [("subject", subject) for subject in subjects(book)]
    date = (f"c{book.year}", str(book.year), f"{book.year}.")[copy.number % 3]
    found += [("publisher", book.publisher), ("date", date)]
    if book.form == "electronic":
        found += [("type", "Tài liệu số"), ("format", "application/pdf"), ("rights", "Dùng trong nhà trường")]
    else:
        pages = [("format", f"{book.pages} tr.")] if book.pages else []
        found += [("type", "Sách"), *pages]
    found += [("identifier", hyphenated(book.isbn))] if book.isbn else []
    if copy.number % 4:
        found.append(("identifier", f"{book.ddc[:8]} {cutter(book.title)}"))
    found += [("identifier", address), *[("language", code) for code in book.languages]]
    return [(name, value) for name, value in found if value]


def _creator(name: str, role: str, number: int) -> str:
    if role == "illustrator":
        return f"{direct(name)} minh họa"
    if role == "translator" and number % 2:
        return f"{direct(name)} (dịch)"
    return name if number % 3 else direct(name)


def oai_dc(found: list[Element]) -> str:
    """The elements as the metadata of an OAI-PMH record."""
    return OPEN + "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in found) + "</oai_dc:dc>"
