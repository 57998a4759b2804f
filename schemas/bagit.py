"""BagIt packages (RFC 8493, and the drafts 0.93 to 0.97 before it): judged without being unpacked.

A bag is anything that lists names and opens them: a folder, the members of a ZIP. Names are compared as they stand and
never used as paths, so a name that leads out of the bag is a finding and no danger. What makes a bag invalid is an
error, what the standard advises against is a warning; each is a :class:`schemas.problem.Problem`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol
from unicodedata import normalize

from schemas.problem import Problem

ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
DECLARATION = re.compile(r"BagIt-Version: (\d+\.\d+)\r?\n?Tag-File-Character-Encoding: ([A-Za-z0-9._:-]+)\s*\Z")
LINES = re.compile(rb"\r\n|\n|\r")
MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9_-]+)\.txt")
ENTRY = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\*?)(.+)")
LABEL = re.compile(r"([^\s:](?:[^:]*[^\s:])?): ?(.*)")
LOOSE_LABEL = re.compile(r"\s*([^:]*?)\s*:\s*(.*)")  # before 1.0
OXUM = re.compile(r"(\d+)\.(\d+)")
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?")
SYSTEM = (".ds_store", "thumbs.db", "desktop.ini", ".spotlight-v100", ".trashes")
LARGEST_TAG_FILE = 16 * 2**20
LONGEST_NAME = 1000
MOST_FILES = 100_000
CHUNK = 2**20


class Store(Protocol):
    """Where a bag is: names with ``/`` between their parts, each with its bytes."""

    def names(self) -> Iterable[str]:
        """Every file of the bag by its name."""

    def open(self, name: str) -> BinaryIO:
        """The bytes of a file."""


@dataclass(slots=True)
class Report:
    """What was found: a bag without ``errors`` is valid. ``info`` is bag-info.txt, in its order."""

    version: str = ""
    encoding: str = "utf-8"
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    info: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    bytes: int = 0

    @property
    def valid(self) -> bool:
        """Whether nothing makes it invalid."""
        return not self.errors


def check(store: Store) -> Report:
    """Judge a bag: its declaration, names, manifests, every checksum."""
    return _Check(store).run()


class _Check:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.report = Report()
        self.names: list[str] = []
        self.there: set[str] = set()
        self.forms: dict[str, str] = {}  # normal form → the name as it stands
        self.capitals: dict[str, str] = {}  # in small letters → the name as it stands
        self.wanted: dict[str, dict[str, str]] = {}  # name → algorithm → checksum
        self.fetched: set[str] = set()

    def run(self) -> Report:
        """Everything, as far as it makes sense."""
        self._list()
        if self._declared():
            self._info()
            self._fetch()
            payload = self._manifests(tag=False)
            self._manifests(tag=True)
            self._complete(payload)
            self._sums()
        return self.report

    def _error(self, code: str, **facts: object) -> None:
        self.report.errors.append(Problem(code, {name: str(value)[:300] for name, value in facts.items()}))

    def _warn(self, code: str, **facts: object) -> None:
        self.report.warnings.append(Problem(code, {name: str(value)[:300] for name, value in facts.items()}))

    def _list(self) -> None:
        for name in self.store.names():
            if len(self.names) >= MOST_FILES:
                self._error("bag_files", most=MOST_FILES)
                break
            self.names.append(name)
        for name, count in Counter(self.names).items():
            if count > 1:
                self._error("bag_twice", name=name)
            if not is_inside(name):
                self._error("bag_name", name=name)
        self.there = {name for name in self.names if is_inside(name)}
        self.forms = {normalize("NFC", name): name for name in sorted(self.there)}
        self.capitals = {name.lower(): name for name in sorted(self.there)}
        for lowered, count in Counter(name.lower() for name in self.there).items():
            if count > 1:
                self._warn("bag_case", name=lowered)
        for name in sorted(self.there):
            last = name.rsplit("/", 1)[-1]
            if last.lower() in SYSTEM or RESERVED.fullmatch(last):
                self._warn("bag_system", name=name)

    def _text(self, name: str, encoding: str) -> str | None:
        """A tag file as text; what cannot be read is an error."""
        with self.store.open(name) as stream:
            body = stream.read(LARGEST_TAG_FILE + 1)
        if len(body) > LARGEST_TAG_FILE:
            self._error("bag_tag_file", name=name, detail=f"> {LARGEST_TAG_FILE // 2**20} MiB")
            return None
        try:
            return codecs.decode(body, encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError) as error:
            self._error("bag_tag_file", name=name, detail=str(error)[:80])
            return None

    def _declared(self) -> bool:
        """bagit.txt: two lines exactly, in UTF-8 without a mark (RFC 8493, 2.1.1)."""
        if "bagit.txt" not in self.there:
            self._error("bag_declaration", detail="bagit.txt")
            return False
        with self.store.open("bagit.txt") as stream:
            body = stream.read(1000)
        found = DECLARATION.match(LINES.sub(b"\n", body).decode("utf-8", "replace"))
        if found is None or found[1] not in VERSIONS:
            self._error("bag_declaration", detail=body[:80].decode("utf-8", "replace").strip())
            return False
        self.report.version, self.report.encoding = found[1], found[2]
        try:
            codecs.lookup(found[2])
        except LookupError:
            self._error("bag_declaration", detail=found[2])
            return False
        return True

    def _lines(self, name: str) -> Iterator[str]:
        text = self._text(name, self.report.encoding)
        for line in re.split(r"\r\n|\n|\r", text or ""):
            if line.strip():
                yield line

    def _info(self) -> None:
        """bag-info.txt, with its lines unfolded; the Payload-Oxum is compared."""
        name = "bag-info.txt" if "bag-info.txt" in self.there else "package-info.txt"
        if name not in self.there:
            return
        pattern = LABEL if self.report.version == "1.0" else LOOSE_LABEL
        for line in self._lines(name):
            if line[0] in " \t" and self.report.info:
                label, value = self.report.info[-1]
                self.report.info[-1] = (label, f"{value} {line.strip()}")
            elif found := pattern.fullmatch(line):
                self.report.info.append((found[1], found[2].strip()))
            else:
                self._error("bag_info", line=line)

    def _fetch(self) -> None:
        """fetch.txt: what it names may be missing here. Nothing is ever fetched."""
        if "fetch.txt" not in self.there:
            return
        self._warn("bag_fetch")
        for line in self._lines("fetch.txt"):
            parts = line.split(None, 2)
            name = _decoded(parts[2], self.report.version) if len(parts) == 3 else ""
            if not is_inside(name) or not name.startswith("data/"):
                self._error("bag_fetch_line", line=line)
            else:
                self.fetched.add(name)

    def _manifests(self, *, tag: bool) -> dict[str, set[str]]:
        """The names of each manifest, by its algorithm."""
        found: dict[str, set[str]] = {}
        for name in sorted(self.there):
            match = MANIFEST.fullmatch(name)
            if match is None or bool(match[1]) != tag:
                continue
            algorithm = re.sub(r"[^a-z0-9]", "", match[2].lower())
            if algorithm not in ALGORITHMS:
                self._error("bag_algorithm", name=name)
                continue
            found[algorithm] = self._manifest(name, algorithm, tag=tag)
        if not found and not tag:
            self._error("bag_no_manifest")
        return found

    def _manifest(self, manifest: str, algorithm: str, *, tag: bool) -> set[str]:
        names: set[str] = set()
        for line in self._lines(manifest):
            match = ENTRY.fullmatch(line)
            if match is None or len(match[1]) != hashlib.new(algorithm, usedforsecurity=False).digest_size * 2:
                self._error("bag_line", manifest=manifest, line=line)
                continue
            name = self._named(match[3], manifest, star=bool(match[2]), tag=tag)
            if name is None:
                continue
            before = self.wanted.setdefault(name, {}).get(algorithm)
            if before is not None and before != match[1].lower():
                self._error("bag_two_sums", manifest=manifest, name=name)
            elif before is not None and name in names:
                self._warn("bag_listed_twice", manifest=manifest, name=name)
            self.wanted[name][algorithm] = match[1].lower()
            names.add(name)
        return names

    def _named(self, text: str, manifest: str, *, star: bool, tag: bool) -> str | None:
        """The file that an entry means; one that leads out of the bag is an error."""
        if star:
            self._warn("bag_star", manifest=manifest)
        name = _decoded(text, self.report.version)
        if name.startswith("./"):
            self._warn("bag_relative", manifest=manifest, name=name)
            name = name[2:]
        if not is_inside(name) or name.startswith("data/") == tag:
            self._error("bag_outside", manifest=manifest, name=name)
            return None
        if name in self.there:
            return name
        plain = text.removeprefix("./")
        if plain in self.there:  # a name with a percent sign that was not escaped
            return plain
        same = self.forms.get(normalize("NFC", name))
        if same is not None:
            self._warn("bag_form", manifest=manifest, name=name)
            return same
        other = self.capitals.get(name.lower())
        if other is not None:  # as a system that does not tell them apart has made it; its checksum decides
            self._warn("bag_case", name=name)
            return other
        if name not in self.fetched:
            self._error("bag_missing", manifest=manifest, name=name)
        return name

    def _complete(self, manifests: dict[str, set[str]]) -> None:
        """Every payload file is listed: in each manifest (1.0), in some manifest before that."""
        payload = {name for name in self.there if name.startswith("data/")}
        self.report.files = len(payload)
        listed = list(manifests.values())
        every = set[str]().union(*listed) if listed else set()
        known = set.intersection(*listed) if listed and self.report.version == "1.0" else every
        for name in sorted(payload - known):
            self._error("bag_unlisted", name=name)

    def _sums(self) -> None:
        """Every checksum of every file, each file read once."""
        for name in sorted(self.there):
            sums = {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in self.wanted.get(name, {})}
            payload = name.startswith("data/")
            if not sums and not payload:
                continue
            with self.store.open(name) as stream:
                while chunk := stream.read(CHUNK):
                    self.report.bytes += len(chunk) if payload else 0
                    for one in sums.values():
                        one.update(chunk)
            for algorithm, one in sums.items():
                if one.hexdigest() != self.wanted[name][algorithm]:
                    self._error("bag_sum", name=name, algorithm=algorithm)
        said = next((value for label, value in self.report.info if label.lower() == "payload-oxum"), "")
        found = OXUM.fullmatch(said)
        here = f"{self.report.bytes}.{self.report.files}"
        if said and not self.fetched and (found is None or (int(found[1]), int(found[2])) != _pair(here)):
            self._error("bag_oxum", said=said, here=here)


def _pair(text: str) -> tuple[int, int]:
    octets, _, streams = text.partition(".")
    return int(octets), int(streams)


def _decoded(name: str, version: str) -> str:
    """The name of an entry: %0A, %0D and, since 1.0, %25 stand for what cannot be written (RFC 8493, 2.1.3)."""
    for code, sign in (("%0A", "\n"), ("%0a", "\n"), ("%0D", "\r"), ("%0d", "\r")):
        name = name.replace(code, sign)
    return name.replace("%25", "%") if version == "1.0" else name


def is_inside(name: str) -> bool:
    """Whether a name stays within the bag on every system."""
    parts = name.split("/")
    return (
        0 < len(name) <= LONGEST_NAME
        and "\0" not in name
        and "\\" not in name
        and not re.match(r"[A-Za-z]:|~|/", name)
        and not any(part in ("", ".", "..") for part in parts)
    )
