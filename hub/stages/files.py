"""Files that libraries put here: what they are is told by their content, where they lie by a name of our own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from hub.home import home
from schemas.problem import Trouble

LARGEST = 64 * 2**20  # bytes
KEPT_NAME = 120  # characters of the name it had
HEAD = 2**16
STORED = re.compile(r"[0-9a-f]{32}\.[a-z]{2,4}")
ISO2709 = re.compile(rb"\s{0,4}\d{5}[\x20-\x7e]{5}\d\d\d{5}[\x20-\x7e]{7}")
OTHERS: tuple[tuple[bytes, str], ...] = (  # how files begin that are no lists of books
    (b"%PDF", "PDF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "EXE"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "WebP"),
    (b"{\\rtf", "RTF"),
)
PACKED = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
ROOTS: tuple[tuple[str, str], ...] = (  # within the first bytes of an XML file → its format
    ("MARC21/slim", "marcxml"),
    ("marcxchange", "marcxml"),
    ("/mods/v3", "mods"),
    ("ONIXMessage", "onix"),
    ("onixMessage", "onix"),
    ("oai_dc", "oai_dc"),
    ("purl.org/dc/terms", "qdc"),
    ("purl.org/dc/elements", "oai_dc"),
    ("<leader", "marcxml"),
)
SUFFIX = {"xlsx": "xlsx", "csv": "csv", "marc21": "mrc", "marcxml": "xml", "mrk": "mrk", "marcjson": "json"}


class Kept(NamedTuple):
    """A file that was stored: its cleaned name, where it lies, its size and digest, and its format."""

    name: str
    stored: str
    size: int
    sha256: str
    form: str


def folder() -> Path:
    """Where uploads lie."""
    path = home() / "uploads"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of(stored: str) -> Path:
    """The file of a stored name; :class:`Trouble` ``upload_lost`` where it is not there."""
    path = folder() / stored
    if not STORED.fullmatch(stored) or not path.is_file():
        raise Trouble("upload_lost")
    return path


def clean_name(name: str) -> str:
    """What a file was called, as text for people: no folders, no control or direction characters, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in last).split())
    return text[-KEPT_NAME:] or "–"


def keep(name: str, chunks: Iterable[bytes]) -> Kept:
    """Store a file under a name of our own; :class:`Trouble` where it is too large, empty or no list of books."""
    name = clean_name(name)
    number = uuid4().hex
    part = folder() / f"{number}.part"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with part.open("xb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise Trouble("upload_large", name=name, limit=LARGEST // 2**20)
                head = (head + chunk)[:HEAD] if len(head) < HEAD else head
                digest.update(chunk)
                stream.write(chunk)
        form = recognize(name, head, part)
        stored = f"{number}.{SUFFIX.get(form, 'xml')}"
        part.rename(folder() / stored)
    finally:
        part.unlink(missing_ok=True)
    return Kept(name, stored, size, digest.hexdigest(), form)


def drop(stored: str) -> None:
    """A file that nobody wants any more."""
    if STORED.fullmatch(stored):
        (folder() / stored).unlink(missing_ok=True)


def recognize(name: str, head: bytes, path: Path) -> str:
    """The format of a file by its content; :class:`Trouble` where it is none we read."""
    if not head:
        raise Trouble("upload_empty", name=name)
    if kind := next((kind for start, kind in OTHERS if head.startswith(start)), ""):
        raise Trouble("upload_kind", name=name, kind=kind)
    if head.startswith(PACKED):
        raise Trouble("upload_packed", name=name)
    if head.startswith(b"PK"):
        return _zipped(name, path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xlsx"
    if ISO2709.match(head):
        return "marc21"
    return _text(name, head)


def _zipped(name: str, path: Path) -> str:
    """A spreadsheet is a zip with a workbook in it; another zip is a packed file."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist()[:10_000])
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise Trouble("table_unreadable", detail="ZIP") from None
    if "xl/workbook.xml" in members or {"content.xml", "mimetype"} <= members:
        return "xlsx"
    if "word/document.xml" in members:
        raise Trouble("upload_kind", name=name, kind="Word")
    raise Trouble("upload_packed", name=name)


def _text(name: str, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    text = head.replace(b"\0", b"").decode("latin-1")
    if start[:1] == b"<" or head.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        lowered = text[:2000].lower()
        if "<!doctype html" in lowered or "<html" in lowered:
            raise Trouble("upload_kind", name=name, kind="HTML")
        found = next((form for sign, form in ROOTS if sign in text), "")
        if not found:
            raise Trouble("upload_kind", name=name, kind="XML")
        return found
    if re.match(rb"=(LDR|\d{3})", start):
        return "mrk"
    if start[:1] in (b"{", b"[") and b'"leader"' in head:
        return "marcjson"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Trouble("upload_kind", name=name, kind="–")
    return "csv"
