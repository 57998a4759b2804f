"""Files as publishers bring them, whole, damaged and hostile; all of our own making."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

import pikepdf

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NAV = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub='
    '"http://www.idpf.org/2007/ops" lang="vi" xml:lang="vi"><head><title>Mục lục</title></head><body><nav epub:type="toc">'
    '<ol><li><a href="chuong1.xhtml">Chương 1</a></li></ol></nav></body></html>'
)
CHAPTER = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" lang="vi" xml:lang="vi">'
    "<head><title>Chương 1</title></head><body><p>{text}</p></body></html>"
)


def package(title: str, isbn: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:isbn:{isbn}</dc:identifier><dc:title>{title}</dc:title><dc:language>vi</dc:language>'
        '<dc:creator>Trần Văn Tí</dc:creator><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="c1" href="chuong1.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c1"/></spine></package>'
    )


def epub(title: str = "Chuyện biển", isbn: str = "9786044983035", text: str = "Biển.", more: Mapping[str, str | bytes] | None = None,
         without: str = "") -> bytes:  # fmt: skip
    """An EPUB that EPUBCheck finds nothing in; ``more`` adds or replaces members."""
    members: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": package(title, isbn),
        "EPUB/nav.xhtml": NAV,
        "EPUB/chuong1.xhtml": CHAPTER.format(text=text),
    } | dict(more or {})
    return zipped({name: body for name, body in members.items() if name != without}, first=b"application/epub+zip")


def zipped(members: Mapping[str, str | bytes], *, first: bytes = b"", links: tuple[str, ...] = ()) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, body in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, body)
    return stream.getvalue()


def pdf(
    title: str = "Chuyện biển", *, pages: int = 1, password: str = "", owner: str = "", script: bool = False
) -> bytes:
    """A PDF; ``password`` to open it, ``owner`` to be allowed everything."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    made.docinfo["/Title"] = title
    if script:
        action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
        made.Root.OpenAction = made.make_indirect(action)
    stream = io.BytesIO()
    locked = pikepdf.Encryption(user=password, owner=owner or password) if password or owner else False
    made.save(stream, encryption=locked)
    return stream.getvalue()
