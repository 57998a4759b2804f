"""An e-book of a feed, and where it can be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from hub.match.description import Description

KINDS = {
    ".epub": "application/epub+zip",
    ".pdf": "application/pdf",
    ".mobi": "application/x-mobipocket-ebook",
    ".azw3": "application/vnd.amazon.ebook",
    ".fb2": "text/fb2+xml",
    ".djvu": "image/vnd.djvu",
    ".cbz": "application/vnd.comicbook+zip",
    ".mp3": "audio/mpeg",
    ".m4b": "audio/mp4",
    ".txt": "text/plain",
}
PAGE = "text/html"
MOST = 10  # links of one book


@dataclass(frozen=True, slots=True)
class Book:
    """A union record with open links: (address, media type)."""

    uid: str
    description: Description
    updated: datetime
    links: tuple[tuple[str, str], ...]


def links_of(it: Description) -> tuple[tuple[str, str], ...]:
    """The links by which it can be had: plain http and https ones, each with its media type, e-books before pages."""
    found = [(link, kind_of(link)) for link in dict.fromkeys(it.links) if is_web(link)]
    return tuple(sorted(found, key=lambda link: link[1] == PAGE)[:MOST])


def is_web(link: str) -> bool:
    """Whether an address is a plain http or https one: nothing else is given to a reading app."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return link.isprintable() and " " not in link and parts.scheme in ("http", "https") and bool(parts.hostname)


def kind_of(link: str) -> str:
    """The media type that the ending of an address tells; a page where it tells none."""
    path = urlsplit(link).path.lower()
    return next((kind for ending, kind in KINDS.items() if path.endswith(ending)), PAGE)
