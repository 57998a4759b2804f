"""What a file is, by its content: what it is called says nothing.

Of the kinds here some are publications (:data:`PUBLICATIONS`), some packages of them (:data:`PACKAGES`); the others are
told apart so that a refusal can say what the file is.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from schemas.problem import Trouble
from schemas.zip_members import opened

PUBLICATIONS = ("epub", "pdf", "mp3", "m4a", "ogg", "flac", "wav", "warc", "wacz")
PACKAGES = ("bag", "csip")
MEDIA = {
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "warc": "application/warc",
    "wacz": "application/wacz",
    "bag": "application/zip",
    "csip": "application/zip",
}
HEAD = 1024
EPUB = b"application/epub+zip"
STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"WARC/", "warc"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xd0\xcf\x11\xe0", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)


def content_type(path: Path) -> str:
    """One of the kinds above, "zip", "html", "text" or "unknown"; "empty" for no byte at all."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        if not head:
            return "empty"
        if head.startswith(b"PK\x03\x04"):
            return _zipped(path)
        for test in (_by_start, _riff, _mp4, _frames, _text):
            if found := test(head):
                return found
        stream.seek(0)
        return _gzipped(stream) if head.startswith(b"\x1f\x8b") else "unknown"


def _by_start(head: bytes) -> str:
    return next((kind for start, kind in STARTS if head.startswith(start)), "")


def _riff(head: bytes) -> str:
    return "wav" if head[:4] == b"RIFF" and head[8:12] == b"WAVE" else ""


def _mp4(head: bytes) -> str:
    brand = head[8:12]
    return ("m4a" if brand in (b"M4A ", b"M4B ") else "mp4") if head[4:8] == b"ftyp" else ""


def _frames(head: bytes) -> str:
    """MPEG audio without a tag: a frame's header (ISO/IEC 11172-3, 2.4.1.3), layer III."""
    whole = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return "mp3" if whole and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C else ""


def _text(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<svg")) or b"<html" in start:
        return "html"
    if b"%PDF-" in head:
        return "pdf"  # a reader of PDF looks for it in the first kilobyte; what stands before is said
    plain = b"\0" not in head and sum(byte < 32 and byte not in (9, 10, 13, 27) for byte in head) == 0
    return "text" if plain else ""


def _gzipped(stream: BinaryIO) -> str:
    try:
        start = gzip.GzipFile(fileobj=stream).read(5)
    except (OSError, EOFError, zlib.error):
        return "unknown"
    return "warc" if start == b"WARC/" else "gzip"


def _zipped(path: Path) -> str:
    try:
        with opened(path) as archive:
            names = archive.namelist()
            first = archive.infolist()[0] if names else None
            named = first is not None and first.filename == "mimetype" and first.file_size < 100
            if first is not None and named and archive.read(first).strip() == EPUB:
                return "epub"
    except Trouble:  # damaged: what it was meant to be its start says
        with path.open("rb") as stream:
            return "epub" if EPUB in stream.read(HEAD) else "zip"
    return _by_names(names)


def _by_names(names: list[str]) -> str:
    there = {name.partition("/")[2] if _one_folder(names) else name for name in names}
    tests: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("epub", lambda: "META-INF/container.xml" in names),
        ("bag", lambda: "bagit.txt" in there),
        ("csip", lambda: "METS.xml" in there),
        ("wacz", lambda: "datapackage.json" in names and any(name.startswith("archive/") for name in names)),
        ("docx", lambda: "[Content_Types].xml" in names),
        ("odt", lambda: "META-INF/manifest.xml" in names),
    )
    return next((kind for kind, test in tests if test()), "zip")


def _one_folder(names: list[str]) -> bool:
    return len({name.partition("/")[0] for name in names}) == 1 and all("/" in name for name in names)
