"""The raw records within a file, plain or packed, in batches for pages."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from connectors.connector import Job
from connectors.deletions import deletions
from connectors.packed import members
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

PAGE_RECORDS = 2_000
PAGE_BYTES = 32 * 2**20
MEMBER_IN_MEMORY = 16 * 2**20  # a member of an archive beyond this goes through a file without a name
MEMBER_KEPT = 4 * 2**20  # of a member that is not of the format

Stamp = dict[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: a path where it can be read, its SHA-256, what it is called (for its suffix), its stamp.

    A stamp is what a server says of a file (size and time, ETag), so that what has not changed need not be fetched.
    """

    path: Path
    sha256: str
    name: str
    stamp: Stamp


def shown(name: str) -> str:
    """A file's name as it can be stored and read by people: bytes that are not UTF-8 are written as \\xNN."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def records(job: Job, name: str, content: Content, *, deleting: bool = False) -> Iterator[RawRecord]:
    """The raw records of a file, or of the members of an archive; their places are led by the file's name."""
    try:
        for member, stream in members(content.path, content.name):
            where = f"{name}/{member}" if member else name
            found = _member(job, stream, member or content.name, member, deleting)
            for raw in found:
                yield replace(raw, place=f"{where}, {raw.place}"[:300])
    except OSError as error:
        raise Trouble("file_unreadable", path=name, detail=error.strerror or error) from None


def _member(job: Job, stream: BinaryIO, name: str, member: str, deleting: bool) -> Iterator[RawRecord]:
    """The records of a stream; a member that is not of the source's format is rejected, not its archive."""
    if not member and not deleting:
        yield from job.format.split(stream, job.reading)
        return
    with tempfile.SpooledTemporaryFile(MEMBER_IN_MEMORY) as spool:
        shutil.copyfileobj(stream, spool)
        spool.seek(0)
        opened = cast(BinaryIO, spool)
        try:
            if deleting:
                yield from deletions(opened, name, job.format, job.reading)
            else:
                yield from job.format.split(opened, job.reading)
        except Trouble as trouble:
            if not member:
                raise
            spool.seek(0)
            body = spool.read(MEMBER_KEPT)
            yield RawRecord(key_of(body), body, "whole member", problem=trouble.problem)


def batches(found: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    """Records in lists for a page; what came before a problem is given before the problem is raised."""
    batch: list[RawRecord] = []
    size = 0
    try:
        for record in found:
            batch.append(record)
            size += len(record.body)
            if len(batch) >= PAGE_RECORDS or size >= PAGE_BYTES:
                yield batch
                batch, size = [], 0
    except Trouble:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def first_problems(job: Job, name: str, content: Content, *, deleting: bool = False) -> list[Problem]:
    """What is wrong with the first records of a file, for a check."""
    first = list(islice(records(job, name, content, deleting=deleting), 20))
    if not first:
        return [Problem("file_no_records", {"path": name})]
    problems = [record.problem for record in first if record.problem]
    sound = next((record for record in first if not record.problem and not record.deleted), None)
    if sound is not None:
        job.format.parse(sound.body, job.reading)
    return problems[:3]
