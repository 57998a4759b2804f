"""From files to pages of records, wherever the files come from: a folder, a web server, an SFTP server.

A connector says which files there are (:class:`Listing`) and brings the content of one (:class:`Entry`); what is new,
what was read before, and what a reading means (``content``) is said here, once for all of them.

The checkpoint is ``{"files": {name: content}, "stamps": {name: stamp}}`` and, within a file, how far it is read. The
content is its SHA-256: content that was read before is not read again, whatever it is called now. A stamp is what a
server says of a file (size and time, ETag), so that what has not changed need not be fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any, Literal, Protocol, cast
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, Field

from connectors.connector import Job, Page
from connectors.deletions import is_named
from connectors.file_records import Content, Stamp, batches, records
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

NAMES_KEPT = 5_000  # names of files that are no longer there, kept to know their content again
DELETIONS = "deletions "  # before the digest of content that was read as deletions
STOPPING = ("http_", "sftp_")  # problems of a server, not of one of its files
NO_SUCH_FILE = "http_status"
STABLE_SECONDS = 60.0  # of files in a folder, where others may be writing


class ContentOptions(BaseModel):
    """What the files of a source mean together.

    ``changes``: each file brings records that are new or changed. ``full``: the files together are everything the
    source has, so a record they do not name is gone. ``deletes``: each file names records that are gone. A file whose
    name fits ``delete_pattern`` names what is gone in any case.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    content: Literal["changes", "full", "deletes"] = "changes"
    delete_pattern: str = ""

    def deletes(self, name: str) -> bool:
        """Whether a file names what is gone. Case and Unicode form of its name do not matter."""
        if self.content == "deletes":
            return True
        plain, pattern = (normalize("NFC", text).casefold() for text in (name, self.delete_pattern))
        return bool(pattern) and fnmatchcase(plain.rpartition("/")[2], pattern)


class FolderOptions(ContentOptions):
    """When a file of a folder is whole.

    A file changed less than ``stable_seconds`` ago is left for the next run: somebody may still be writing it. Without
    it that is 60 for the files of a folder and 0 for a single file. With ``done_marker`` (".done") a file counts only
    when there is another one of its name and the marker (``a.mrc`` and ``a.mrc.done``).
    """

    stable_seconds: float | None = Field(default=None, ge=0, le=3600)
    done_marker: str = Field(default="", pattern=r"^(|[^/\x00]{1,40})$")

    def patience(self, *, single: bool) -> float:
        """Seconds a file must have been left alone."""
        if self.stable_seconds is not None:
            return self.stable_seconds
        return 0.0 if single or self.done_marker else STABLE_SECONDS

    def is_marker(self, name: str) -> bool:
        """Whether a file only says that another one is whole."""
        return bool(self.done_marker) and name.endswith(self.done_marker)

    def not_now(self, name: str, size: int, *, marked: bool, age: float, single: bool) -> Problem | None:
        """Why a file of so many bytes, changed so many seconds ago, is left for the next run."""
        if self.done_marker and not marked:
            return Problem("file_not_done", {"path": name, "marker": name.rpartition("/")[2] + self.done_marker})
        if size == 0:
            return Problem("file_empty", {"path": name})
        patience = self.patience(single=single)
        if patience and age < patience:
            return Problem("file_growing", {"path": name, "seconds": f"{patience:g}"})
        return None


class Entry(Protocol):
    """A file of a source. ``name`` is its own within the source: in places and in the checkpoint."""

    @property
    def name(self) -> str: ...

    def content(self, known: Stamp) -> AbstractContextManager[Content | None]:
        """The content while the block lasts; ``None`` when it is still what the stamp ``known`` stands for."""

    def check_unchanged(self) -> None:
        """:class:`Trouble` ``file_changed`` when somebody has written to the file since it was listed."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that can be read now; why others must wait for the next run, and why some are never read."""

    entries: Sequence[Entry]
    waiting: Sequence[Problem] = ()
    refused: Sequence[Problem] = ()


def pages(job: Job, listing: Listing) -> Iterator[Page]:
    """The records of the files that are new or changed, up to 2,000 a page.

    A file that cannot be read does not keep the others from being read: the run fails after them. In ``full`` nothing
    is taken to be everything unless all files could be read from their beginning in this run.
    """
    reading = _Reading(job, listing)
    deleting = [entry for entry in listing.entries if job.options.deletes(entry.name)]
    if job.options.content != "full":
        yield from reading.changes(listing.entries)
    else:
        yield from reading.changes(deleting)
        yield from reading.full([entry for entry in listing.entries if entry not in deleting])
    yield from reading.end()


class _Reading:
    """One run over the files of a source."""

    def __init__(self, job: Job, listing: Listing) -> None:
        kind = job.options.content
        stored = {} if job.full or job.checkpoint.get("content", "changes") != kind else job.checkpoint
        self.job = job
        self.listing = listing
        self.kind: dict[str, Any] = {} if kind == "changes" else {"content": kind}
        self.done: dict[str, str] = dict(stored.get("files", {}))
        self.stamps: dict[str, Stamp] = dict(stored.get("stamps", {}))
        self.position: dict[str, Any] = dict(stored.get("reading") or {})
        self.notes: list[Problem] = [*listing.waiting, *listing.refused]
        self.failures: list[Trouble] = []
        self.everything = self.finished = False
        self.doubtful = 0

    def changes(self, entries: Iterable[Entry]) -> Iterator[Page]:
        """The records of each file whose content is new."""
        for entry in entries:
            try:
                with entry.content(self._known(entry)) as content:
                    if content is not None:
                        yield from self._change(entry, content)
            except Trouble as trouble:
                if trouble.problem.code.startswith(STOPPING) and trouble.problem.code != NO_SUCH_FILE:
                    raise
                self.failures.append(trouble)

    def _known(self, entry: Entry) -> Stamp:
        """The stamp of a file that was read, as what it is read as now."""
        before = self.done.get(entry.name)
        same = before is not None and before.startswith(DELETIONS) == self.job.options.deletes(entry.name)
        return self.stamps.get(entry.name, {}) if same else {}

    def _change(self, entry: Entry, content: Content) -> Iterator[Page]:
        digest = self._digest(entry, content)
        if digest not in self.done.values():
            self._forget(entry.name)
            start = int(self.position.get("records", 0)) if self.position.get("sha256") == digest else 0
            count = start
            for batch in batches(islice(self._records(entry, content), start, None)):
                count += len(batch)
                self.position = {"name": entry.name, "sha256": digest, "records": count}
                yield self._page(batch)
            entry.check_unchanged()
            if not count:
                self.notes.append(Problem("file_no_records", {"path": entry.name}))
            self.position = {}
        self._keep(entry, digest, content.stamp)

    def full(self, entries: Sequence[Entry]) -> Iterator[Page]:
        """Every record of all files, when any of them has changed and none is still to come."""
        if waiting := len(self.listing.waiting) + len(self.failures):
            self.notes.append(Problem("full_waits", {"count": str(waiting)}))
            return
        with ExitStack() as stack:
            found = [stack.enter_context(entry.content(self._known(entry))) for entry in entries]
            if self._is_known(entries, found):
                return
            contents = [
                content or cast(Content, stack.enter_context(entry.content({})))
                for entry, content in zip(entries, found, strict=True)
            ]
            yield from self._whole(list(zip(entries, contents, strict=True)))

    def _is_known(self, entries: Sequence[Entry], found: Sequence[Content | None]) -> bool:
        """Whether the files have what they had when they were last read to the end; a renamed one keeps its name."""
        before = {name: digest for name, digest in self.done.items() if not digest.startswith(DELETIONS)}
        digests = [
            content.sha256 if content else before[entry.name] for entry, content in zip(entries, found, strict=True)
        ]
        if not before or set(digests) != set(before.values()):
            return False
        for name in before:
            del self.done[name]
        for entry, content, digest in zip(entries, found, digests, strict=True):
            self._keep(entry, digest, content.stamp if content else self.stamps.get(entry.name, {}))
        return True

    def _whole(self, files: Sequence[tuple[Entry, Content]]) -> Iterator[Page]:
        """All records, from the first of the first file: what a cut reading left is not taken to be read."""
        for name in [name for name, digest in self.done.items() if not digest.startswith(DELETIONS)]:
            self._forget(name)
        empty = False
        for entry, content in files:
            count = 0
            for batch in batches(self._records(entry, content)):
                count += len(batch)
                self.doubtful += sum(self._is_doubtful(raw) for raw in batch)
                yield self._page(batch)
            if not count:
                self.notes.append(Problem("file_no_records", {"path": entry.name}))
                empty = True
        for entry, _ in files:
            entry.check_unchanged()
        for entry, content in files:
            self._keep(entry, self._digest(entry, content), content.stamp)
        if self.doubtful:
            self.notes.append(Problem("full_doubtful", {"count": str(self.doubtful)}))
        self.everything = not self.doubtful and not empty

    def _is_doubtful(self, raw: RawRecord) -> bool:
        """Whether a record could be any of those that seem to be gone: it has no identifier and cannot be read."""
        if is_named(raw) or raw.problem:
            return not is_named(raw)
        try:
            self.job.format.parse(raw.body, self.job.reading)
        except Trouble:
            return True
        return False

    def end(self) -> Iterator[Page]:
        """The last page; after it the first failure of a file, if there was one."""
        present = {entry.name for entry in self.listing.entries}
        for name in [name for name in self.done if name not in present][:-NAMES_KEPT]:
            self._forget(name)
        if self.failures:
            if self.finished:
                yield self._page([])
            raise self.failures[0]
        page = self._page([])
        yield replace(page, complete=True, everything=self.everything)

    def _digest(self, entry: Entry, content: Content) -> str:
        return (DELETIONS if self.job.options.deletes(entry.name) else "") + content.sha256

    def _keep(self, entry: Entry, digest: str, stamp: Stamp) -> None:
        self.done[entry.name] = digest
        self.finished = True
        if stamp:
            self.stamps[entry.name] = stamp

    def _forget(self, name: str) -> None:
        self.done.pop(name, None)
        self.stamps.pop(name, None)

    def _page(self, records: list[RawRecord]) -> Page:
        kept: dict[str, Any] = self.kind | {"files": dict(self.done)}
        if self.stamps:
            kept["stamps"] = dict(self.stamps)
        if self.position:
            kept["reading"] = self.position
        notes, self.notes = tuple(self.notes), []
        return Page(records, kept, notes=notes)

    def _records(self, entry: Entry, content: Content) -> Iterator[RawRecord]:
        return records(self.job, entry.name, content, deleting=self.job.options.deletes(entry.name))
