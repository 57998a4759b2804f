"""Files a library puts down: one file, a folder, or a pattern; plain, gzip, or members of zip and tar.

A file whose content was read before is not read again, whatever it is called now. Members are streamed and never
written anywhere by their names. The checkpoint is ``{"files": {name: sha256}}`` and, within a file, how far it is read.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydantic import BaseModel, ConfigDict, Field

from connectors.connector import Connector, Job, Page
from connectors.packed import members
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

PAGE_RECORDS = 2_000
PAGE_BYTES = 32 * 2**20
MEMBER_IN_MEMORY = 16 * 2**20  # a member of an archive beyond this goes through a file without a name
MEMBER_KEPT = 4 * 2**20  # of a member that is not of the format


class Options(BaseModel):
    """``path`` is a file, a folder or a pattern, relative to the source file. A file changed less than
    ``stable_seconds`` ago is left for the next run: somebody may still be writing it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    stable_seconds: float = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file: its name within the source (part of the checkpoint), where it lies, and its stat before reading."""

    name: str
    path: Path
    stat: os.stat_result

    def digest(self) -> str:
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def check_unchanged(self) -> None:
        """:class:`Trouble` ``file_changed`` when somebody wrote to the file meanwhile."""
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.stat.st_size, self.stat.st_mtime_ns):
            raise Trouble("file_changed", path=self.name)


def find_files(path: str, folder: Path) -> list[_Found]:
    """The files ``path`` names, sorted by name; hidden ones are left out.

    :class:`Trouble` ``file_missing`` when there is none, ``file_denied`` when they may not be seen.
    """
    target = folder / path
    try:
        if target.is_dir():
            paths = [p for p in target.iterdir() if p.is_file() and not p.name.startswith(".")]
        elif target.exists():
            paths = [target]
        else:
            paths = [Path(p) for p in glob.glob(str(target), recursive=True) if Path(p).is_file()]
        found = [_Found(_name(p, target), p, p.stat()) for p in sorted(paths)]
    except PermissionError as error:
        raise Trouble("file_denied", path=error.filename or path) from None
    if not found:
        raise Trouble("file_missing", path=path)
    return found


def _name(path: Path, target: Path) -> str:
    """The path as far as it differs from the fixed part of what was asked for."""
    fixed = target if target.is_dir() else Path(*_until_pattern(target))
    return path.relative_to(fixed).as_posix() if path != target else path.name


def _until_pattern(target: Path) -> Iterator[str]:
    for part in target.parts:
        if glob.has_magic(part):
            return
        yield part


def pages(job: Job) -> Iterator[Page]:
    """The records of the files that are new or changed, up to 2,000 a page."""
    done: dict[str, str] = {} if job.full else dict(job.checkpoint.get("files", {}))
    reading: dict[str, Any] = {} if job.full else dict(job.checkpoint.get("reading") or {})
    notes: list[Problem] = []
    for file in find_files(job.options.path, job.folder):
        if problem := _not_now(file, job.options.stable_seconds):
            notes.append(problem)
            continue
        digest = _digest(file)
        if digest not in done.values():
            start = int(reading.get("records", 0)) if reading.get("sha256") == digest else 0
            for records, count in _read(job, file, start):
                position = {"name": file.name, "sha256": digest, "records": count}
                yield Page(records, {"files": dict(done), "reading": position}, notes=tuple(notes))
                notes.clear()
            if not count:
                notes.append(Problem("file_no_records", {"path": file.name}))
        done[file.name] = digest
    yield Page([], {"files": done}, complete=True, notes=tuple(notes))


def _digest(file: _Found) -> str:
    try:
        return file.digest()
    except OSError as error:
        raise Trouble("file_unreadable", path=file.name, detail=error.strerror) from None


def _not_now(file: _Found, stable_seconds: float) -> Problem | None:
    """Why a file is left for the next run."""
    if file.stat.st_size == 0:
        return Problem("file_empty", {"path": file.name})
    if stable_seconds and time.time() - file.stat.st_mtime < stable_seconds:
        return Problem("file_growing", {"path": file.name, "seconds": f"{stable_seconds:g}"})
    return None


def _read(job: Job, file: _Found, start: int) -> Iterator[tuple[list[RawRecord], int]]:
    """(records, how many of the file are read with them); at least one page, so that nothing read is said too."""
    count = start
    for records in _batches(islice(_records(job, file), start, None)):
        count += len(records)
        yield records, count
    file.check_unchanged()
    if count == start:
        yield [], count


def _records(job: Job, file: _Found) -> Iterator[RawRecord]:
    """The raw records of a file, their places led by the name of the file."""
    try:
        for member, stream in members(file.path):
            where = f"{file.name}/{member}" if member else file.name
            records = _member(job, stream) if member else job.format.split(stream, job.reading)
            for r in records:
                place = f"{where}, {r.place}"[:300]
                yield RawRecord(r.identifier, r.body, place, r.datestamp, r.deleted, r.problem, r.fingerprint)
    except OSError as error:
        raise Trouble("file_unreadable", path=file.name, detail=error.strerror or error) from None


def _member(job: Job, stream: BinaryIO) -> Iterator[RawRecord]:
    """The records of a member of an archive; one that is not of the source's format is rejected, not the archive."""
    with tempfile.SpooledTemporaryFile(MEMBER_IN_MEMORY) as spool:
        shutil.copyfileobj(stream, spool)
        spool.seek(0)
        try:
            yield from job.format.split(cast(BinaryIO, spool), job.reading)
        except Trouble as trouble:
            spool.seek(0)
            body = spool.read(MEMBER_KEPT)
            yield RawRecord(f"k{sha256(body).hexdigest()[:16]}", body, "whole member", problem=trouble.problem)


def _batches(records: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    batch: list[RawRecord] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.body)
        if len(batch) >= PAGE_RECORDS or size >= PAGE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def check(job: Job) -> list[Problem]:
    """Whether there are files and the first records of the first one can be read; what is wrong."""
    try:
        files = find_files(job.options.path, job.folder)
        problems = [problem for file in files if (problem := _not_now(file, 0))]
        for file in files:
            if file.stat.st_size:
                problems += _first_problems(job, file)
                break
    except Trouble as trouble:
        return [trouble.problem]
    return problems


def _first_problems(job: Job, file: _Found) -> list[Problem]:
    first = list(islice(_records(job, file), 20))
    if not first:
        return [Problem("file_no_records", {"path": file.name})]
    problems = [record.problem for record in first if record.problem]
    sound = next((record for record in first if not record.problem and not record.deleted), None)
    if sound is not None:
        job.format.parse(sound.body, job.reading)
    return problems[:3]


CONNECTOR = Connector(
    name="files",
    title={"vi": "Tệp: một tệp, một thư mục hoặc một mẫu tên", "en": "Files: one file, a folder or a pattern"},
    options=Options,
    pages=pages,
    check=check,
)
