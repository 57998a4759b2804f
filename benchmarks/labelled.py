"""Labelled sets as files to import and a truth file."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.network.__main__ import write
from schemas import marcxml
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from schemas.record import Record, data_field

IDENTIFIERS = {"010", "011", "013", "015", "016", "017", "018", "019", "020", "022", "024", "027", "028", "030", "032"}
IDENTIFIERS |= {"035", "037", "074", "086", "088"}


@dataclass(frozen=True, slots=True)
class Given:
    """A library's file. It is imported without its ``encoding``, as a library would, though it is known here."""

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


def read(path: Path, form: str, encoding: str = "auto") -> Iterator[tuple[str, Record]]:
    """The (identifier, record) pairs of a file; what cannot be read is left out."""
    reading = Reading(encoding=encoding)
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        for raw in find_format(form).split(stream, reading):  # type: ignore[arg-type]
            with suppress(Trouble):
                if raw.problem is None:
                    yield raw.identifier, find_format(form).parse(raw.body, reading)


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
    records = (
        (identifier, without_identifiers(record))
        for identifier, record in read(given.path, given.format, given.encoding)
    )
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
    files = [Given(source / one["file"], one["library"], one["format"], one["encoding"]) for one in listed]
    return _labelled("network", files, source / "truth.csv", folder, drop)


def write_truth(rows: Iterable[tuple[str, str, str, str]], path: Path) -> Path:
    """A truth file of (library, identifier, cluster, kind)."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("library", "identifier", "cluster", "kind"))
        writer.writerows(rows)
    return path


def aco(folder: Path, drop: bool) -> Labelled:
    """A university's records against the WorldCat records that its catalogers chose.

    Another university's records are imported beside them and not measured: no cataloger has chosen theirs, and the
    WorldCat numbers that they give are others than those of the same books here.
    """
    source = shared() / "dedup/aco"
    files = [
        Given(source / "OCLC.mrc.gz", "OCLC", "marc21"),
        Given(source / "UaCaAUL.xml.gz", "UaCaAUL", "marcxml"),
        Given(source / "LeBAU.xml.gz", "LeBAU", "marcxml"),
    ]
    with (source / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        labels = {
            (row["institution"], row["control_number_001"]): row["oclc_cluster"] for row in csv.DictReader(stream)
        }
    known = {identifier.lstrip("ocmn0"): identifier for identifier, _ in read(files[0].path, files[0].format)}
    rows = [
        (library, known[identifier.lstrip("0")] if library == "OCLC" else identifier, cluster, "")
        for (library, identifier), cluster in labels.items()
    ]
    return _labelled("aco", files, write_truth(rows, folder / "aco.csv"), folder, drop)


def princeton(folder: Path, drop: bool) -> Labelled:
    """Pairs of records that people called a match or distinct; the records are given as their main elements."""
    source = shared() / "dedup/princeton_pymarc_dedupe"
    records: dict[str, dict[str, str]] = {}
    matches = []
    training = json.loads((source / "for_comparison/data_matching_training.json").read_text(encoding="utf-8"))
    for label, pairs in training.items():
        for pair in pairs:
            first, second = pair["__value__"]
            records |= {first["id"]: first, second["id"]: second}
            matches += [(first["id"], second["id"])] * (label == "match")
    fixtures = source / "tests/fixtures"
    with (fixtures / "train_short_output.csv").open(encoding="utf-8", newline="") as stream:
        records |= {row["id"]: row for row in csv.DictReader(stream)}
    with (fixtures / "train_short_labels.csv").open(encoding="utf-8", newline="") as stream:
        matches += [(row["id1"], row["id2"]) for row in csv.DictReader(stream) if row["label"] == "1"]
    matches = [pair for pair in matches if records.keys() >= set(pair)]
    cluster = _components(records, matches)
    made = [(identifier, _of_elements(elements)) for identifier, elements in records.items()]
    given = Given(write_marcxml(made, folder / "princeton.xml"), "PUL", "marcxml")
    rows = [("PUL", identifier, cluster[identifier], "") for identifier in records]
    return _labelled("princeton", [given], write_truth(rows, folder / "princeton.csv"), folder, drop)


def _components(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cluster of each name: the connected components of the pairs."""
    cluster = {name: name for name in names}
    for first, second in pairs:
        old, new = cluster[second], cluster[first]
        cluster |= {name: new for name, found in cluster.items() if found == old}
    return cluster


def _of_elements(elements: dict[str, str]) -> Record:
    """A MARC record of title, author, year, pagination, edition, publisher and parts."""
    title, _, subtitle = elements["title"].partition(" : ")
    year = elements["publication_year"] or ""
    parts: list[tuple[str, str | None]] = [
        ("a", title),
        ("n", elements.get("title_number")),
        ("p", elements.get("title_part")),
        ("b", subtitle),
    ]
    places: list[tuple[str, list[tuple[str, str | None]]]] = [
        ("100", [("a", elements["author"])]),
        ("245", parts),
        ("250", [("a", elements["edition"])]),
        ("260", [("b", elements["publisher_name"]), ("c", year)]),
        ("300", [("a", elements["pagination"])]),
    ]
    fields = [("008", f"000101s{year or 'uuuu':.4}    xx            000 0 und d")]
    for tag, values in places:
        if present := [(code, value) for code, value in values if value]:
            fields.append(data_field(tag, "  ", present))
    return Record("00000nam a2200000   4500", tuple(fields))


def hcmut(folder: Path, drop: bool) -> Labelled:
    """A university's list, a row for each copy: rows that say the same are one publication. Nobody has labelled it.

    Recall is that of repeats; what else is joined is not wrong for that, but worth a look.
    """
    source = shared() / "vietnamese/hcmut"
    files, rows = [], []
    for part in (0, 1):
        name = f"HCMUT{part}"
        records = list(read(source / f"book3part{part}final.mrc.gz", "marc21"))
        path = write_marcxml(((one, without_identifiers(record)) for one, record in records), folder / f"{name}.xml")
        files.append(Given(path, name, "marcxml"))
        for identifier, record in records:
            said = [record.first("245", "a"), *record.values("100", "a"), record.first("260", "c")]
            said += record.values("490", "av")
            rows.append((name, identifier, " ".join(" ".join(said).casefold().split()), ""))
    return _labelled("hcmut", files, write_truth(rows, folder / "hcmut.csv"), folder, drop)
