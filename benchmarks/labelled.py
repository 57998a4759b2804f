"""Labelled sets as files to import and a truth file."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.network.__main__ import write
from schemas import marcxml
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from schemas.record import Record

IDENTIFIERS = {"010", "011", "013", "015", "016", "017", "018", "019", "020", "022", "024", "027", "028", "030", "032"}
IDENTIFIERS |= {"035", "037", "074", "086", "088"}
READING = Reading()


@dataclass(frozen=True, slots=True)
class Given:
    """A library's file."""

    path: Path
    library: str
    format: str
    encoding: str = "auto"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled set: its files and its truth."""

    name: str
    files: tuple[Given, ...]
    truth: Path


def shared() -> Path:
    """The shared test data."""
    folder = Path(os.environ.get("LIENTHONG_SHARED", "../shared")) / "data"
    if not folder.is_dir():
        raise SystemExit("the shared test data are not here: set LIENTHONG_SHARED")
    return folder


def read(path: Path, form: str) -> Iterator[tuple[str, Record]]:
    """The (identifier, record) pairs of a file; what cannot be read is left out."""
    opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")
    with opened as stream:
        for raw in find_format(form).split(stream, READING):  # type: ignore[arg-type]
            with suppress(Trouble):
                if raw.problem is None:
                    yield raw.identifier, find_format(form).parse(raw.body, READING)


def without_identifiers(record: Record) -> Record:
    """The record without numbers that identify the publication."""
    return replace(record, fields=tuple(field for field in record.fields if field[0] not in IDENTIFIERS))


def named(identifier: str, record: Record) -> Record:
    """The record with ``identifier`` in 001."""
    return replace(record, fields=(("001", identifier), *(field for field in record.fields if field[0] != "001")))


def write_marcxml(records: Iterable[tuple[str, Record]], path: Path) -> Path:
    """A collection of MARCXML in which each record is known by its identifier."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n')
        for identifier, record in records:
            stream.write(marcxml.to_marcxml(named(identifier, record)) + "\n")
        stream.write("</collection>\n")
    return path


def stripped(given: Given, folder: Path) -> Given:
    """The file without identifiers, as MARCXML."""
    records = ((identifier, without_identifiers(record)) for identifier, record in read(given.path, given.format))
    path = write_marcxml(records, folder / f"{given.library}-without.xml")
    return Given(path, given.library, "marcxml")


def _labelled(name: str, files: list[Given], truth: Path, folder: Path, drop: bool) -> Labelled:
    return Labelled(name, tuple(stripped(one, folder) if drop else one for one in files), truth)


def network(folder: Path, records: int, libraries: int, seed: int, drop: bool) -> Labelled:
    """An invented network."""
    folder = folder / "network"
    folder.mkdir()
    write(folder, records, libraries, seed)
    return written(folder, folder, drop)


def written(source: Path, folder: Path, drop: bool) -> Labelled:
    """A network that has been written already."""
    listed = json.loads((source / "libraries.json").read_text(encoding="utf-8"))
    files = [Given(source / one["file"], one["library"], one["format"]) for one in listed]
    return _labelled("network", files, source / "truth.csv", folder, drop)


def write_truth(rows: Iterable[tuple[str, str, str]], path: Path) -> Path:
    """A truth file of (library, identifier, cluster)."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("library", "identifier", "cluster"))
        writer.writerows(rows)
    return path


def aco(folder: Path, drop: bool) -> Labelled:
    """Two universities' records against the WorldCat records that their catalogers chose; singletons are in it too."""
    source = shared() / "dedup/aco"
    files = [
        Given(source / "OCLC.mrc.gz", "OCLC", "marc21"),
        Given(source / "LeBAU.xml.gz", "LeBAU", "marcxml"),
        Given(source / "UaCaAUL.xml.gz", "UaCaAUL", "marcxml"),
    ]
    with (source / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        labels = {(row["institution"], row["control_number_001"]): row["oclc_cluster"] for row in csv.DictReader(stream)}
    rows = []
    for one in files:
        for identifier, _ in read(one.path, one.format):
            cluster = labels.get((one.library, identifier))
            if cluster is not None:
                rows.append((one.library, identifier, cluster))
    return _labelled("aco", files, write_truth(rows, folder / "aco.csv"), folder, drop)
