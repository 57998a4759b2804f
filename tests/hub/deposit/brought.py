"""Files as publishers bring them, whole, damaged and hostile; all of our own making."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

import pikepdf

from flows.sample_book import members


def epub(title: str = "Chuyện biển", isbn: str = "9786044983035", text: str = "Biển.", more: Mapping[str, str | bytes] | None = None,
         without: str = "") -> bytes:  # fmt: skip
    """An EPUB that EPUBCheck finds nothing in; ``more`` adds or replaces members."""
    found: dict[str, str | bytes] = {**members(title, "Trần Văn Tí", isbn, text), **(more or {})}
    return zipped({name: body for name, body in found.items() if name != without}, first=b"application/epub+zip")


def zipped(inside: Mapping[str, str | bytes], *, first: bytes = b"", links: tuple[str, ...] = ()) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, body in inside.items():
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
