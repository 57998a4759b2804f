"""A small EPUB of our own making, for the sample network: valid by EPUBCheck."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

MIMETYPE = "application/epub+zip"
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NAV = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub='
    '"http://www.idpf.org/2007/ops" lang="vi" xml:lang="vi"><head><title>Mục lục</title></head><body>'
    '<nav epub:type="toc">'
    '<ol><li><a href="chuong1.xhtml">Chương 1</a></li></ol></nav></body></html>'
)
CHAPTER = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
    'lang="vi" xml:lang="vi">'
    "<head><title>Chương 1</title></head><body><p>{text}</p></body></html>"
)
PACKAGE = (
    '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
    'unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:{isbn}</dc:identifier>'
    "<dc:title>{title}</dc:title><dc:language>vi</dc:language><dc:creator>{author}</dc:creator>"
    '<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="c1" href="chuong1.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c1"/></spine></package>'
)


def members(title: str, author: str, isbn: str, text: str) -> dict[str, str]:
    """The members of a book of one chapter; ``text`` may hold XHTML."""
    return {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": PACKAGE.format(title=escape(title), author=escape(author), isbn=isbn),
        "EPUB/nav.xhtml": NAV,
        "EPUB/chuong1.xhtml": CHAPTER.format(text=text),
    }


def epub(title: str, author: str, isbn: str, text: str) -> bytes:
    """The book: the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        for name, body in members(title, author, isbn, text).items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return stream.getvalue()
