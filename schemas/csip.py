"""Judge E-ARK information packages by CSIP 2 (https://earkcsip.dilcis.eu/): METS 1.12 over a folder of files.

What the specification says MUST be is an error, what SHOULD be is a remark. Requirements CSIP1 to CSIP49 (the header
and the metadata sections) are judged one by one; of the file section that every file is there, with its size and
checksum. A problem names its requirement, so that it can be looked up.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from schemas.bagit import CHUNK, Store, is_inside
from schemas.problem import Problem, Trouble
from schemas.xml import local_name, parse_document

METS, LARGEST = "METS.xml", 64 * 2**20
XLINK = "{http://www.w3.org/1999/xlink}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
TYPES: tuple[str, ...] = (  # VocabularyContentCategory, as CSIP 2 names it and as its corpus does
    "Textual works – Print", "Textual works – Digital", "Textual works – Manuscripts",
    "Textual works – Electronic Serials",
    "Digital Musical Composition (score-based representations)", "Photographs – Print", "Photographs – Digital",
    "Other Graphic Images – Print", "Other Graphic Images – Digital", "Microforms",
    "Audio – On Tangible Medium (digital or analog)", "Audio – Media-independent (digital)",
    "Motion Pictures – Digital and Physical Media", "Video – File-based and Physical Media", "Software", "Datasets",
    "Geospatial Data", "Databases", "Websites", "Collection", "Event", "Interactive resource", "Physical object",
    "Mixed", "Other",
)  # fmt: skip
CONTENTS: tuple[str, ...] = (
    "ERMS",
    "SIARD1",
    "SIARD2",
    "SIARDDK",
    "GeoVectorGML",
    "GeoRasterGeoTIFF",
    "MIXED",
    "OTHER",
    "GeoData",
)
CONTENTS += ("citserms_v2_1", "cits_erms_v2_1", "citssiard_v1_0", "citsgeospatial_v3_0", "citspremis_v1_0")
PACKAGES = ("SIP", "AIP", "DIP", "AIU", "AIC")
STATUS = ("CURRENT", "SUPERSEDED")
MIME = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
)
KNOWN = {*mimetypes.types_map.values(), "text/xml"}
ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
DESCRIBED, PRESERVED, RIGHTS = range(17, 31), range(31, 45), range(45, 58)
Found = tuple[Problem, bool]  # a problem, and whether it is grave


def check(store: Store, package: str = "") -> list[Found]:
    """Judge a package; ``package`` is what its folder is called, where that is known."""
    return list(_Check(store, package).run())


class _Check:
    def __init__(self, store: Store, package: str) -> None:
        self.store = store
        self.package = package
        self.names = {name for name in store.names() if is_inside(name)}
        self.capitals = {name.lower(): name for name in sorted(self.names)}

    def run(self) -> Iterator[Found]:
        """The root's METS, then that of each representation."""
        outside = [name for name in self.store.names() if not is_inside(name)]
        if outside:
            yield _must(0, "name", outside[0])
            return
        if METS not in self.names:
            yield _must(0, "METS.xml", "—")
            return
        yield from self._document(METS, self.package)
        for name in sorted(self.names):
            if found := re.fullmatch(r"representations/([^/]+)/METS\.xml", name):
                yield from self._document(name, found[1])

    def _document(self, name: str, package: str) -> Iterator[Found]:
        with self.store.open(name) as stream:
            body = stream.read(LARGEST + 1)
        try:
            root = parse_document(body, limit=LARGEST)
        except Trouble as trouble:
            yield trouble.problem, True
            return
        folder = name.removesuffix(METS)
        yield from _head(root, package, representation=bool(folder))
        yield from _header(root)
        yield from self._sections(root, folder)
        yield from self._files(root, folder)

    def _sections(self, root: Any, folder: str) -> Iterator[Found]:
        described = _children(root, "dmdSec")
        there = self._within(f"{folder}metadata/descriptive/")
        if there and not described:
            yield _must(17, "dmdSec", there[0])
        if not described:
            yield _should(17, "dmdSec", "—")
        for one in described:
            if not one.get("CREATED"):
                yield _must(19, "dmdSec/@CREATED", one.get("ID", ""))
            yield from _status(one, 20)
            references = _children(one, "mdRef")
            if not references and there and not _children(one, "mdWrap"):
                yield _must(21, "dmdSec/mdRef", there[0])
            for reference in references:
                yield from self._reference(reference, folder, 22)
        sections = _children(root, "amdSec")
        there = self._within(f"{folder}metadata/preservation/")
        provenance = [one for section in sections for one in _children(section, "digiprovMD")]
        rights = [one for section in sections for one in _children(section, "rightsMD")]
        if not sections or not there:
            yield (_must if there else _should)(31, "amdSec", there[0] if there else "—")
        if not provenance or not there:
            yield _should(32, "amdSec/digiprovMD", "—")
        listed = {self._target(r, folder) for one in (*provenance, *rights) for r in _children(one, "mdRef")}
        missing = [name for name in there if name not in listed]
        if sections and missing and len(provenance) + len(rights) < len(there):
            yield _must(32, "amdSec/digiprovMD", missing[0])
        for found, first, what in ((provenance, 34, "digiprovMD"), (rights, 47, "rightsMD")):
            for one in found:
                yield from _status(one, first)
                references = _children(one, "mdRef")
                if not references:
                    yield _should(first + 1, f"{what}/mdRef", one.get("ID", ""))
                for reference in references:
                    yield from self._reference(reference, folder, first + 2)

    def _within(self, folder: str) -> list[str]:
        """The files of a folder, but those that only keep an empty folder there."""
        return sorted(n for n in self.names if n.startswith(folder) and not n.endswith((".gitkeep", ".keep")))

    def _target(self, reference: Any, folder: str) -> str:
        link = unquote(reference.get(f"{XLINK}href", "")).removeprefix("file:").lstrip("/").removeprefix("./")
        return link if link in self.names else folder + link

    def _reference(self, one: Any, folder: str, first: int) -> Iterator[Found]:
        """mdRef: CSIP22 to 30 for descriptive metadata, 36 to 44 for provenance, 49 to 57 for rights."""
        if one.get("LOCTYPE") != "URL":
            yield _must(first, "mdRef/@LOCTYPE", one.get("LOCTYPE", "—"))
        if one.get(f"{XLINK}type") != "simple":
            yield _must(first + 1, "mdRef/@xlink:type", one.get(f"{XLINK}type", "—"))
        if not one.get("MDTYPE"):
            yield _must(first + 3, "mdRef/@MDTYPE", "—")
        kind = one.get("MIMETYPE", "")
        if not MIME.fullmatch(kind) or len(kind) > 256:
            yield _must(first + 4, "mdRef/@MIMETYPE", kind[:60] or "—")
        elif kind not in KNOWN:
            yield _should(first + 4, "mdRef/@MIMETYPE", kind[:60])
        if not one.get("CREATED"):
            yield _must(first + 6, "mdRef/@CREATED", "—")
        if not one.get(f"{XLINK}href"):
            yield _must(first + 2, "mdRef/@xlink:href", "—")
            return
        yield from self._content(one, self._target(one, folder), first + 2, "mdRef")

    def _content(self, one: Any, name: str, first: int, what: str) -> Iterator[Found]:
        """That a file is there (requirement ``first``), of its size (+3), with its checksum (+5, +6)."""
        for name_of, number in (("SIZE", first + 3), ("CHECKSUM", first + 5), ("CHECKSUMTYPE", first + 6)):
            if not one.get(name_of):
                yield _must(number, f"{what}/@{name_of}", name)
        if name not in self.names:
            yield _must(first, f"{what}/@xlink:href", name)
            name = self.capitals.get(name.lower(), "")  # as a system that does not tell them apart has made it
            if not name:
                return
        size, digest = self._measured(name, ALGORITHMS.get(one.get("CHECKSUMTYPE", ""), ""))
        if one.get("SIZE", str(size)) != str(size):
            yield _must(first + 3, f"{what}/@SIZE", name)
        if one.get("CHECKSUMTYPE", "MD5") not in ALGORITHMS:
            yield _must(first + 6, f"{what}/@CHECKSUMTYPE", name)
        if digest and one.get("CHECKSUM", digest).lower() != digest:
            yield _must(first + 5, f"{what}/@CHECKSUM", name)

    def _measured(self, name: str, algorithm: str) -> tuple[int, str]:
        size, found = 0, hashlib.new(algorithm, usedforsecurity=False) if algorithm else None
        with self.store.open(name) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if found:
                    found.update(chunk)
        return size, found.hexdigest() if found else ""

    def _files(self, root: Any, folder: str) -> Iterator[Found]:
        """The file section: CSIP66 to 80."""
        for one in root.iter():
            if local_name(one) != "file":
                continue
            for place in _children(one, "FLocat"):
                if not place.get(f"{XLINK}href"):
                    yield _must(79, "FLocat/@xlink:href", one.get("ID", ""))
                else:
                    yield from self._content(one, self._target(place, folder), 66, "file")


def _head(root: Any, package: str, *, representation: bool) -> Iterator[Found]:
    """The attributes of the root: CSIP1 to CSIP6."""
    if not root.get("OBJID", "").strip():
        yield _must(1, "mets/@OBJID", "—")
    elif package and root.get("OBJID") != package:
        yield _should(1, "mets/@OBJID", root.get("OBJID"))
    kind, other = root.get("TYPE"), root.get(f"{CSIP}OTHERTYPE")
    if kind is None or _plain(kind) not in {_plain(one) for one in TYPES}:
        yield _must(2, "mets/@TYPE", kind or "—")
    elif kind.upper() == "OTHER" and not (other or "").strip():
        yield _must(3, "mets/@csip:OTHERTYPE", "—")
    content, more = root.get(f"{CSIP}CONTENTINFORMATIONTYPE"), root.get(f"{CSIP}OTHERCONTENTINFORMATIONTYPE")
    if content is None:
        yield (_must if representation else _should)(4, "mets/@csip:CONTENTINFORMATIONTYPE", "—")
    elif content not in CONTENTS:
        yield _must(4, "mets/@csip:CONTENTINFORMATIONTYPE", content)
    elif content == "OTHER" and not (more or "").strip():
        yield _must(5, "mets/@csip:OTHERCONTENTINFORMATIONTYPE", "—")
    if not root.get("PROFILE", "").startswith(("https://", "http://")):
        yield _must(6, "mets/@PROFILE", root.get("PROFILE", "—"))


def _header(root: Any) -> Iterator[Found]:
    """metsHdr: CSIP7 to CSIP16."""
    header = next(iter(_children(root, "metsHdr")), None)
    if header is None:
        yield _must(117, "metsHdr", "—")
        return
    if not header.get("CREATEDATE"):
        yield _must(7, "metsHdr/@CREATEDATE", "—")
    if (changed := header.get("LASTMODDATE")) and _ahead(changed):
        yield _must(8, "metsHdr/@LASTMODDATE", changed)
    if header.get(f"{CSIP}OAISPACKAGETYPE") not in PACKAGES:
        yield _must(9, "metsHdr/@csip:OAISPACKAGETYPE", header.get(f"{CSIP}OAISPACKAGETYPE", "—"))
    agents = _children(header, "agent")
    if not agents:
        yield _must(10, "metsHdr/agent", "—")
    elif not any(not list(_agent(one)) for one in agents):
        best = min((list(_agent(one)) for one in agents), key=len)
        yield from best


def _agent(one: Any) -> Iterator[Found]:
    """One agent must be the software that made the package."""
    for number, name, wanted in ((11, "ROLE", "CREATOR"), (12, "TYPE", "OTHER"), (13, "OTHERTYPE", "SOFTWARE")):
        if one.get(name) != wanted:
            yield _must(number, f"agent/@{name}", one.get(name, "—"))
    if not any((name.text or "").strip() for name in _children(one, "name")):
        yield _must(14, "agent/name", "—")
    notes = _children(one, "note")
    if len(notes) != 1 or not (notes[0].text or "").strip():
        yield _must(15, "agent/note", str(len(notes)))
    elif notes[0].get(f"{CSIP}NOTETYPE") != "SOFTWARE VERSION":
        yield _must(16, "agent/note/@csip:NOTETYPE", notes[0].get(f"{CSIP}NOTETYPE", "—"))


def _status(one: Any, number: int) -> Iterator[Found]:
    if one.get("STATUS") is None:
        yield _should(number, f"{local_name(one)}/@STATUS", "—")
    elif one.get("STATUS") not in STATUS:
        yield _must(number, f"{local_name(one)}/@STATUS", one.get("STATUS"))


def _ahead(text: str) -> bool:
    """Whether a moment is still to come; what is no moment counts so."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return True
    return (found if found.tzinfo else found.replace(tzinfo=UTC)) > datetime.now(UTC)


def _children(one: Any, name: str) -> list[Any]:
    return [child for child in one if isinstance(child.tag, str) and local_name(child) == name]


def _plain(text: str) -> str:
    return re.sub(r"[\s–—-]+", " ", text).strip().lower()


def _must(number: int, place: str, value: str) -> Found:
    return Problem("csip_must", {"rule": f"CSIP{number}", "place": place, "value": str(value)[:100]}), True


def _should(number: int, place: str, value: str) -> Found:
    return Problem("csip_should", {"rule": f"CSIP{number}", "place": place, "value": str(value)[:100]}), False
