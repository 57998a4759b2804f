"""The network as files: who has what, what each says of it, in the library's format, and the truth."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from benchmarks.network import feeds, marc, tables
from benchmarks.network.invent_sets import SetInventor
from benchmarks.network.publication import Printing, Publication
from benchmarks.network.said import Profile, Said, profiles
from benchmarks.network.say import say
from benchmarks.network.truth import judge
from benchmarks.network.words import Words
from schemas.format import Reading, find_format

PUBLICATIONS = 0.45  # invented for each record
SUFFIXES = {"marc21": "mrc", "marcxml": "xml", "oai_dc": "xml", "onix": "onix.xml", "csv": "csv", "xlsx": "xlsx"}
ROW = re.compile(r"\brows? (\d+)")
Held = tuple[Publication, Printing]


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A library's file: its records are those of ``descriptions``, each under its identifier."""

    profile: Profile
    body: bytes
    descriptions: list[tuple[Said, str]]

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.profile.code}.{SUFFIXES[self.profile.format]}"


def network(records: int, libraries: int, seed: int) -> list[LibraryFile]:
    """The files of a network of about ``records`` records."""
    publications = SetInventor(Words(seed)).publications(max(60, round(records * PUBLICATIONS)))
    units: dict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        if publication.unit:
            units[publication.unit].append(publication)
        if publication.printings[0].isbn:
            units[""].append(publication)
    chosen = profiles(libraries)
    total = sum(profile.rates["weight"] for profile in chosen)
    fame = _fame(publications, Random(f"fame {seed}"))
    files = []
    for profile in chosen:
        random = Random(f"{seed} {profile.code}")
        size = max(1, round(records * profile.rates["weight"] / total))
        held = _shelves(publications, fame, profile, size, random)
        said = [say(*copy, number, profile, random, units) for number, copy in enumerate(held, 1)]
        files.append(_write(profile, said))
    return files


def _fame(publications: list[Publication], random: Random) -> dict[str, float]:
    """How likely a library is to have a publication; the volumes of a set share much of it."""
    units: dict[str, float] = {}
    found = {}
    for p in publications:
        unit = units.setdefault(p.unit or p.key, random.lognormvariate(0, 1.1))
        found[p.key] = unit * random.lognormvariate(0, 0.25)
    return found


def _shelves(
    publications: list[Publication], fame: dict[str, float], profile: Profile, size: int, random: Random
) -> list[Held]:
    """What a library has: drawn by fame and taste, whole sets mostly together; some of it described twice."""
    luck: dict[str, float] = {}
    ranked = []
    for p in publications:
        printings = [printing for printing in p.printings if printing.year >= profile.recent]
        if profile.format == "onix" and p.form == "braille":  # is not sold
            continue
        taste = profile.tastes.get(p.kind, 1.0)
        if printings and taste:
            wait = luck.setdefault(p.unit or p.key, -math.log(1 - random.random())) * random.uniform(0.75, 1.33)
            ranked.append((wait / (fame[p.key] * taste), p.key, p, printings))
    ranked.sort(key=lambda row: row[:2])
    held = []
    for _, _, p, printings in ranked[:size]:
        held.append((p, _printing(printings, random)))
        if random.random() < profile.rates["repeat"]:
            held.append((p, _printing(printings, random)))
    random.shuffle(held)
    return held[:size]


def _printing(printings: list[Printing], random: Random) -> Printing:
    return random.choices(printings, [1 / (place + 1) for place in range(len(printings))])[0]


def _write(profile: Profile, said: list[Said]) -> LibraryFile:
    """The file; where a table has no identifiers they are those that the format gives its rows."""
    named = [(one, _identifier(profile, one.number)) for one in said]
    if profile.format in ("csv", "xlsx"):
        body, owners = tables.table(named, profile)
        if profile.layout in tables.WITHOUT_IDENTIFIERS:
            named = _by_rows(profile.format, body, owners, said)
        return LibraryFile(profile, body, named)
    if profile.is_marc:
        records = (marc.record(one, identifier, profile) for one, identifier in named)
        body = marc.in_marcxml(records) if profile.format == "marcxml" else marc.in_iso2709(records, profile.encoding)
        return LibraryFile(profile, body, named)
    return LibraryFile(profile, feeds.onix(named) if profile.format == "onix" else feeds.oai_dc(named), named)


def _identifier(profile: Profile, number: int) -> str:
    if profile.format == "oai_dc":
        return f"oai:{profile.code.lower()}.example:{number}"
    return f"{profile.code[3:]}-{number:06d}"


def _by_rows(form: str, body: bytes, owners: list[int], said: list[Said]) -> list[tuple[Said, str]]:
    """The records of a table, each with the description its first row is of."""
    found = []
    for raw in find_format(form).split(io.BytesIO(body), Reading()):
        first = ROW.search(raw.place)
        if first and raw.problem is None:
            found.append((said[owners[int(first[1]) - 1]], raw.identifier))
    return found


def truth(files: list[LibraryFile]) -> str:
    """The truth as CSV: library, identifier, cluster, work, kind (the variations, one space between them)."""
    rows = [(file.profile.code, identifier, said) for file in files for said, identifier in file.descriptions]
    judged = judge([(f"{library}-{identifier}", said) for library, identifier, said in rows])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["library", "identifier", "cluster", "work", "kind"])
    twice = _repeated(rows)
    for (library, identifier, said), verdict in zip(rows, judged, strict=True):
        kinds = (
            said.kinds
            | set(said.publication.traits)
            | ({"repeated"} if (library, said.publication.key) in twice else set())
        )
        kinds |= {"ambiguous"} if verdict.ambiguous else set()
        writer.writerow([library, identifier, verdict.cluster, said.publication.work, " ".join(sorted(kinds))])
    return text.getvalue()


def _repeated(rows: list[tuple[str, str, Said]]) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    found = set()
    for library, _, said in rows:
        key = (library, said.publication.key)
        if key in seen:
            found.add(key)
        seen.add(key)
    return found
