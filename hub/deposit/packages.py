"""Packages of publications: a bag (RFC 8493) around an E-ARK SIP, as one ZIP.

``data/PACKAGE/`` is the SIP (:mod:`schemas.sip`): the description in MARCXML, PREMIS, the files as they came. The same
publication with the same files gives the same bytes each time, so a package that is sent again is known again. Files
are copied a mebibyte at a time.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from hub.deposit.listing import record_of
from hub.deposit.models import Kept, Publication
from hub.deposit.shelf import files_of
from hub.deposit.stores import ERRORS, chunks, stores
from schemas.content_type import MEDIA
from schemas.marcxml import to_marcxml
from schemas.problem import Trouble
from schemas.sip import DATA, MARC_NAME, PREMIS_NAME, Content, Event, mets, premis

AGENT = "Lienthong"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every member: the same content is the same bytes
FACTS = "facts.json"  # a tag file: what the other hub's declaration needs and MARC has no place for


class Package(NamedTuple):
    """A package that was written: its name, its SHA-256, its bytes."""

    name: str
    sha256: str
    size: int


def write(publication: Publication, target: Path) -> Package:
    """Write the package of a publication; :class:`Trouble` ``package_empty`` without a whole file."""
    kept = list(files_of(publication).filter(lost_at=None))
    if not kept:
        raise Trouble("package_empty", title=publication.title[:100])
    contents = [_content(one) for one in kept]
    made = max(one.at for one in kept).astimezone(UTC).isoformat(timespec="seconds")
    marc = to_marcxml(record_of(publication, timezone.localdate(publication.at))).encode()
    name = f"lienthong-{publication.pk}-{_digest(marc, contents)[:12]}"
    agent = (AGENT, version("lienthong"))
    documents = {MARC_NAME: marc, PREMIS_NAME: premis(contents, [*_events(kept)], agent)}
    documents["METS.xml"] = mets(name, publication.title[:200], made, agent, documents, contents)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        _fill(archive, name, documents, list(zip(kept, contents, strict=True)), _facts(publication))
    digest, size = hashlib.sha256(), 0
    with target.open("rb") as stream:
        for chunk in chunks(stream):
            digest.update(chunk)
            size += len(chunk)
    return Package(name, digest.hexdigest(), size)


def _content(one: Kept) -> Content:
    ending = f".{one.format}" if one.format in MEDIA else ""
    at = one.at.astimezone(UTC).isoformat(timespec="seconds")
    return Content(
        one.sha256 + ending, one.name, one.size, one.sha256, MEDIA.get(one.format, "application/octet-stream"), at
    )


def _digest(marc: bytes, contents: list[Content]) -> str:
    return hashlib.sha256(marc + "".join(one.sha256 for one in contents).encode()).hexdigest()


def _events(kept: list[Kept]) -> Iterator[Event]:
    """What was done to the files: taken in, scanned, inspected."""
    for one in kept:
        yield Event("ingestion", _moment(one.at), "success", one.sha256)
        delivery = one.deliveries.filter(state="kept").order_by("pk").first()
        if delivery is None:
            continue
        if delivery.report.get("scanned"):
            yield Event("virus check", _moment(delivery.changed_at), "pass", one.sha256)
        remarks = ", ".join(row["code"] for row in delivery.report.get("problems", ()))
        yield Event("validation", _moment(delivery.changed_at), remarks or "pass", one.sha256)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _facts(one: Publication) -> bytes:
    """What was declared, as names and texts."""
    names = (
        "title",
        "author",
        "isbn",
        "registration",
        "decision",
        "licence",
        "form",
        "edition",
        "audience",
        "level",
        "terms",
    )
    said = {name: getattr(one, name) for name in names} | {"release": one.release.isoformat(), "room": one.room}
    said |= {"embargo": one.embargo.isoformat() if one.embargo else ""}
    said |= {
        "free": one.free,
        "lawful": one.lawful,
        "usable": one.usable,
        "imprint": one.imprint or one.publisher.name_vi,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _fill(
    archive: zipfile.ZipFile, name: str, documents: dict[str, bytes], files: list[tuple[Kept, Content]], facts: bytes
) -> None:
    sums = {}
    for inside, body in documents.items():
        path = f"data/{name}/{inside}"
        archive.writestr(_info(path), body)
        sums[path] = hashlib.sha256(body).hexdigest()
    for kept, content in files:
        path = f"data/{name}/{DATA}{content.name}"
        _copy(archive, path, kept)
        sums[path] = kept.sha256
    octets = sum(map(len, documents.values())) + sum(kept.size for kept, _ in files)
    info = f"Bag-Software-Agent: {AGENT}\nExternal-Identifier: {name}\nPayload-Oxum: {octets}.{len(sums)}\n".encode()
    manifest = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())).encode()
    tags = {"bagit.txt": DECLARATION, "bag-info.txt": info, FACTS: facts, "manifest-sha256.txt": manifest}
    for path, body in tags.items():
        archive.writestr(_info(path), body)
    lines = (f"{hashlib.sha256(body).hexdigest()}  {path}\n" for path, body in sorted(tags.items()))
    archive.writestr(_info("tagmanifest-sha256.txt"), "".join(lines))


def _info(path: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(path, EPOCH)


def _copy(archive: zipfile.ZipFile, path: str, kept: Kept) -> None:
    """A file out of a store that has it whole; :class:`Trouble` ``keep_gone`` where none has."""
    for store in stores():
        if store.digest(kept.sha256) != kept.sha256:
            continue
        try:
            with store.open(kept.sha256) as stream, archive.open(_info(path), "w", force_zip64=True) as member:
                for chunk in chunks(stream):
                    member.write(chunk)
        except ERRORS as error:
            raise Trouble("keep_gone", name=kept.name) from error
        return
    raise Trouble("keep_gone", name=kept.name)
