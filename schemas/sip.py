"""An E-ARK submission package of a publication's files: METS by CSIP 2, PREMIS 3, the description in MARCXML.

https://earksip.dilcis.eu/, https://www.loc.gov/standards/premis/. Only the small documents are made here, of facts that
the caller has; the files stay where they are and lie in ``representations/rep1/data`` of the package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

METS, XLINK = "http://www.loc.gov/METS/", "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PREMIS, XSI = "http://www.loc.gov/premis/v3", "http://www.w3.org/2001/XMLSchema-instance"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
MARC_NAME, PREMIS_NAME = "metadata/descriptive/marc.xml", "metadata/preservation/premis.xml"
DATA = "representations/rep1/data/"


@dataclass(frozen=True, slots=True)
class Content:
    """A file of the package: its name in ``DATA``, what it was called, its facts; ``at``: an ISO 8601 moment."""

    name: str
    original: str
    size: int
    sha256: str
    media: str
    at: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a file, for PREMIS: https://id.loc.gov/vocabulary/preservation/eventType.html."""

    kind: str
    at: str
    outcome: str
    sha256: str


def premis(contents: Sequence[Content], events: Sequence[Event], agent: tuple[str, str]) -> bytes:
    """The PREMIS document; ``agent`` is the (name, version) of the software that acted."""
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={None: PREMIS, "xsi": XSI}, version="3.0")
    for one in contents:
        _object(root, one)
    for number, event in enumerate(events, 1):
        made = _sub(root, "event")
        _identifier(made, "event", f"event-{number}")
        _sub(made, "eventType", event.kind)
        _sub(made, "eventDateTime", event.at)
        _sub(_sub(made, "eventOutcomeInformation"), "eventOutcome", event.outcome)
        linked = _sub(made, "linkingAgentIdentifier")
        _sub(linked, "linkingAgentIdentifierType", "local")
        _sub(linked, "linkingAgentIdentifierValue", agent[0])
        linked = _sub(made, "linkingObjectIdentifier")
        _sub(linked, "linkingObjectIdentifierType", "sha256")
        _sub(linked, "linkingObjectIdentifierValue", event.sha256)
    made = _sub(root, "agent")
    _identifier(made, "agent", agent[0])
    _sub(made, "agentName", agent[0])
    _sub(made, "agentType", "software")
    _sub(made, "agentVersion", agent[1])
    return _written(root)


def _object(root: etree._Element, one: Content) -> None:
    made = _sub(root, "object")
    made.set(f"{{{XSI}}}type", "file")
    _identifier(made, "object", one.sha256, "sha256")
    facts = _sub(made, "objectCharacteristics")
    _sub(facts, "compositionLevel", "0")
    fixity = _sub(facts, "fixity")
    _sub(fixity, "messageDigestAlgorithm", "SHA-256")
    _sub(fixity, "messageDigest", one.sha256)
    _sub(facts, "size", str(one.size))
    _sub(_sub(_sub(facts, "format"), "formatDesignation"), "formatName", one.media)
    _sub(made, "originalName", one.original)


def _identifier(parent: etree._Element, what: str, value: str, kind: str = "local") -> None:
    made = _sub(parent, f"{what}Identifier")
    _sub(made, f"{what}IdentifierType", kind)
    _sub(made, f"{what}IdentifierValue", value)


def mets(
    package: str,
    label: str,
    made: str,
    agent: tuple[str, str],
    documents: Mapping[str, bytes],
    files: Sequence[Content],
) -> bytes:
    """The METS of a package with the documents :data:`MARC_NAME` and :data:`PREMIS_NAME`."""
    root = etree.Element(f"{{{METS}}}mets", nsmap={None: METS, "xlink": XLINK, "csip": CSIP})
    said = {"OBJID": package, "LABEL": label, "TYPE": "Textual works – Digital", "PROFILE": PROFILE}
    for name, value in said.items():
        root.set(name, value)
    root.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    header = _mets(root, "metsHdr", CREATEDATE=made)
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    who = _mets(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _mets(who, "name").text = agent[0]
    note = _mets(who, "note")
    note.set(f"{{{CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    note.text = agent[1]
    described = _mets(root, "dmdSec", ID="dmd-marc", CREATED=made, STATUS="CURRENT")
    _reference(described, MARC_NAME, "MARC", documents[MARC_NAME], made)
    section = _mets(root, "amdSec", ID="amd")
    kept = _mets(section, "digiprovMD", ID="amd-premis", STATUS="CURRENT")
    _reference(kept, PREMIS_NAME, "PREMIS", documents[PREMIS_NAME], made)
    group = _mets(_mets(root, "fileSec", ID="files"), "fileGrp", ID="files-rep1", USE="Representations/rep1")
    group.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    for number, one in enumerate(files, 1):
        file = _mets(
            group, "file", ID=f"file-{number}", MIMETYPE=one.media, SIZE=str(one.size), CREATED=one.at,
            CHECKSUM=one.sha256, CHECKSUMTYPE="SHA-256",
        )  # fmt: skip
        _located(_mets(file, "FLocat", LOCTYPE="URL"), DATA + one.name)
    whole = _mets(
        _mets(root, "structMap", ID="map", TYPE="PHYSICAL", LABEL="CSIP"), "div", ID="map-root", LABEL=package
    )
    _mets(whole, "div", ID="map-metadata", LABEL="Metadata", DMDID="dmd-marc", ADMID="amd-premis")
    shown = _mets(whole, "div", ID="map-rep1", LABEL="Representations/rep1")
    _mets(shown, "fptr", FILEID="files-rep1")
    return _written(root)


def _reference(parent: etree._Element, name: str, kind: str, body: bytes, made: str) -> None:
    digest = hashlib.sha256(body).hexdigest()
    _located(
        _mets(
            parent, "mdRef", LOCTYPE="URL", MDTYPE=kind, MIMETYPE="application/xml", SIZE=str(len(body)), CREATED=made,
            CHECKSUM=digest, CHECKSUMTYPE="SHA-256",
        ),
        name,
    )  # fmt: skip


def _located(element: etree._Element, name: str) -> None:
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", name)


def _mets(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{METS}}}{name}", attributes)


def _sub(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    made = etree.SubElement(parent, f"{{{PREMIS}}}{name}")
    if text:
        made.text = text
    return made


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
