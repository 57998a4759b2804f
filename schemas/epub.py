"""What an EPUB is, before it is kept: safe to look at, free of technical protection, what it says of itself.

EPUB 3.3, https://www.w3.org/TR/epub-33/; its container is OCF (section 4). Nothing is unpacked; scripts and remote
resources are told of, not run or fetched. Whether it is well made is EPUBCheck's to say.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from schemas import zip_members
from schemas.findings import Findings
from schemas.isbn import isbns
from schemas.problem import Problem, Trouble
from schemas.xml import local_name, parse_document

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
SIGNATURES = "META-INF/signatures.xml"
DRM = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # of fonts: no protection
LARGEST = 16 * 2**20  # bytes of a document that is read
PAGES = (".xhtml", ".html", ".htm", ".svg")
MOST_PAGES = 2_000
ACTIVE = re.compile(rb"<\s*(?:\w+:)?script[\s>]|\son[a-z]{3,20}\s*=\s*[\"']|href\s*=\s*[\"']\s*javascript:", re.I)
REMOTE = re.compile(rb"\ssrc\s*=\s*[\"']\s*https?://", re.I)


def inspect(path: Path) -> Findings:
    """Everything that can be said of the file without running it."""
    found = Findings("epub")
    try:
        with zip_members.opened(path) as archive:
            for problem in zip_members.unsafe(archive):
                found.grave(problem)
            if not found.refused:
                _look(archive, found)
    except Trouble as trouble:
        found.grave(trouble.problem)
    return found


def _look(archive: zipfile.ZipFile, found: Findings) -> None:
    names = set(archive.namelist())
    if nested := zip_members.nested(archive):
        found.note(Problem("zip_nested", {"name": zip_members.shown(nested[0])}))
    if any(one.flag_bits & 1 for one in archive.infolist()):
        found.grave(Problem("epub_password", {}))
        return
    _protection(archive, names, found)
    found.facts["signature"] = "unknown" if SIGNATURES in names else "none"
    if CONTAINER not in names:
        found.grave(Problem("epub_container", {}))
        return
    container = parse_document(zip_members.content(archive, CONTAINER, LARGEST))
    package = next((one.get("full-path", "") for one in container.iter() if local_name(one) == "rootfile"), "")
    if package not in names:
        found.grave(Problem("epub_package", {"name": zip_members.shown(package)}))
        return
    _package(archive, package, names, found)
    _active(archive, found)


def _protection(archive: zipfile.ZipFile, names: set[str], found: Findings) -> None:
    for name in DRM:
        if name in names:
            found.grave(Problem("epub_drm", {"name": name}))
    if ENCRYPTION not in names:
        return
    tree = parse_document(zip_members.content(archive, ENCRYPTION, LARGEST))
    for one in tree.iter():
        if local_name(one) == "EncryptionMethod" and one.get("Algorithm", "") not in OBFUSCATION:
            above = one.getparent()
            if above is not None and local_name(above) == "EncryptedData":
                found.grave(Problem("epub_drm", {"name": one.get("Algorithm", "")[:100]}))
                return


def _package(archive: zipfile.ZipFile, package: str, names: set[str], found: Findings) -> None:
    """The package document (EPUB 3.3, 5): what the book says of itself, whether all it lists is there."""
    try:
        tree = parse_document(zip_members.content(archive, package, LARGEST))
    except Trouble as trouble:  # EPUBCheck says whether it may be so
        found.note(trouble.problem)
        return
    found.facts["epub"] = tree.get("version", "")[:10]
    said: dict[str, list[str]] = {}
    for one in tree.iter():
        text = " ".join("".join(one.itertext()).split())[:500] if isinstance(one.tag, str) else ""
        if text and local_name(one) in ("title", "creator", "identifier", "language", "publisher"):
            said.setdefault(local_name(one), []).append(text)
    found.facts["title"] = said.get("title", [""])[0]
    found.facts["author"] = "; ".join(said.get("creator", [])[:5])
    found.facts["language"] = said.get("language", [""])[0][:20]
    found.facts["isbns"] = isbns(" ".join(said.get("identifier", [])))
    folder = posixpath.dirname(package)
    for one in tree.iter():
        if local_name(one) == "item" and (wanted := _inside(folder, one)) and wanted not in names:
            found.note(Problem("epub_missing", {"name": zip_members.shown(wanted)}))
            return


def _inside(folder: str, item: Any) -> str:
    """The name in the archive that an item of the manifest points to; "" for what is elsewhere."""
    link = item.get("href", "").partition("#")[0]
    if not link or re.match(r"[a-z][a-z0-9+.-]*:", link, re.I):
        return ""
    return posixpath.normpath(posixpath.join(folder, unquote(link)))


def _active(archive: zipfile.ZipFile, found: Findings) -> None:
    scripted = remote = ""
    for name in [name for name in archive.namelist() if name.lower().endswith(PAGES)][:MOST_PAGES]:
        body = zip_members.content(archive, name, LARGEST)
        scripted = scripted or (name if ACTIVE.search(body) else "")
        remote = remote or (name if REMOTE.search(body) else "")
    for code, name in (("epub_script", scripted), ("epub_remote", remote)):
        if name:
            found.note(Problem(code, {"name": zip_members.shown(name)}))
