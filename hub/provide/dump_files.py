"""Dumps: folders of files with the whole union catalog, or with what has changed since the dump before.

Each holds MARC 21, MARCXML and JSON lines (gzip), a manifest, and SHA-256 sums. A delta has the records that are new or
have changed as they are now, and those that are no more: in MARC with leader/05 d, in JSON with ``deleted`` and the
``survivor``. A full dump and the deltas after it, in their order, give the catalog. A folder appears under its name
only when it is whole (http://www.openarchives.org/rs/ serves the same files: :mod:`hub.provide.dump_pages`).
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson
from django.utils import timezone

from hub.catalog import bulk, selections
from hub.catalog.models import Union
from hub.catalog.reads import union_uid
from hub.catalog.selections import Row, moment
from hub.home import home
from hub.merge.merge import HUB
from hub.provide.dumps import as_json
from hub.provide.outgoing import parts_of, published
from schemas.marc21 import to_iso2709
from schemas.marcxml import NAMESPACE, to_marcxml
from schemas.problem import Trouble
from schemas.record import BLANK_LEADER
from schemas.record import Record as Content

NAME = re.compile(r"(\d{8}T\d{6}Z)-(full|delta)")
FILES = {
    "records.mrc.gz": "application/marc",
    "records.xml.gz": "application/marcxml+xml",
    "records.jsonl.gz": "application/x-ndjson",
}
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
BATCH = 1_000
LEVEL = 4  # of gzip
FULL_EVERY = timedelta(days=7)
KEPT = 2  # full dumps, with their deltas
MOST_REFUSED = 1_000  # names in the manifest
XML_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()


class Dump(NamedTuple):
    """A dump that is there, as its manifest says."""

    name: str
    kind: str
    since: list[int] | None  # [microseconds, number] of the last change of the dump before
    until: list[int]  # of the last change that is in it
    made_at: str
    records: int
    deletions: int
    refused: list[str]  # what MARC 21 cannot hold; it is in the other files
    files: list[dict[str, Any]]  # {"name", "bytes", "sha256", "type"}


def folder() -> Path:
    """Where dumps lie: ``LIENTHONG_HOME/dumps``."""
    return home() / "dumps"


def dumps() -> list[Dump]:
    """The dumps that are there, the oldest first."""
    found = []
    for path in sorted(folder().glob("*")) if folder().is_dir() else []:
        if NAME.fullmatch(path.name):
            try:
                found.append(Dump(**orjson.loads((path / MANIFEST).read_bytes())))
            except (OSError, ValueError, TypeError):
                continue  # somebody took its manifest away
    return sorted(found, key=lambda dump: dump.made_at)


def current(known: Sequence[Dump]) -> list[Dump]:
    """The latest full dump and the deltas after it."""
    starts = [place for place, dump in enumerate(known) if dump.kind == "full"]
    return list(known[starts[-1] :]) if starts else []


def make(*, full: bool = False, keep: int = KEPT) -> Dump | None:
    """Make the next dump: whole when that is asked for or due, else what has changed; ``None`` when nothing has.

    :class:`Trouble` ``dump_running`` while another process makes one.
    """
    with _alone():
        for left in folder().glob("*.part"):
            shutil.rmtree(left)
        known = dumps()
        until = _newest()
        last = known[-1] if known else None
        whole = full or last is None or _is_full_due(known)
        if until is None or (last and not whole and last.until >= until):
            return None
        made = _make("full" if whole else "delta", None if whole or last is None else last.until, until)
        _forget(keep)
        return made


@contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble("dump_running", path=folder()) from None
        yield


def _newest() -> list[int] | None:
    """The last change of the union catalog: what comes while a dump is made is in the next one."""
    last = Union.objects.order_by("-datestamp", "-id").values_list("datestamp", "id").first()
    return [selections.clock(last[0]), last[1]] if last else None


def _is_full_due(known: Sequence[Dump]) -> bool:
    starts = [dump.made_at for dump in known if dump.kind == "full"]
    return not starts or timezone.now() - datetime.fromisoformat(starts[-1]) >= FULL_EVERY


def _make(kind: str, since: list[int] | None, until: list[int]) -> Dump:
    now = timezone.now()
    last = max((dump.name for dump in dumps()), default="")
    while (name := f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}")[:16] <= last[:16]:  # never before one that is there
        now += timedelta(seconds=1)
    part = folder() / f"{name}.part"
    part.mkdir()
    rows = _changed(since, until) if since else _live(until)
    records, deletions, refused = _write(part, rows)
    files = [_described(part / file, form) for file, form in FILES.items()]
    made = Dump(name, kind, since, until, now.isoformat(), records, deletions, refused, files)
    (part / MANIFEST).write_bytes(orjson.dumps(made._asdict(), option=orjson.OPT_INDENT_2) + b"\n")
    sums = [(file["sha256"], file["name"]) for file in (*files, _described(part / MANIFEST, "application/json"))]
    (part / SUMS).write_text("".join(f"{digest}  {file}\n" for digest, file in sums))
    for path in (*part.iterdir(), part):
        _settle(path)
    part.rename(folder() / name)
    _settle(folder())
    return made


def _settle(path: Path) -> None:
    """What was written is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _live(until: list[int]) -> Iterator[list[Row]]:
    """All live union records, in the order of their numbers."""
    last = 0
    while True:
        found = list(
            Union.objects.filter(deleted=False, id__gt=last).order_by("id").values_list("id", "datestamp")[:BATCH]
        )
        if not found:
            return
        last = found[-1][0]
        yield [Row(number, selections.clock(stamp), False) for number, stamp in found]


def _changed(since: list[int], until: list[int]) -> Iterator[list[Row]]:
    """Union records that changed after one change, up to another."""
    place = (since[0], since[1])
    while rows := selections.walk(None, after=place, since=None, until=None, limit=BATCH):
        place = (rows[-1].at, rows[-1].item)
        within = [row for row in rows if [row.at, row.item] <= until]
        if within:
            yield within
        if len(within) < len(rows):
            return


def _write(part: Path, batches: Iterator[list[Row]]) -> tuple[int, int, list[str]]:
    """Write the files of a dump; how many records and deletions, and what MARC 21 cannot hold."""
    records = deletions = 0
    refused: list[str] = []
    with ExitStack() as stack:
        marc, tree, lines = (stack.enter_context(_packing(part, name)) for name in FILES)
        tree.write(XML_HEAD)
        for number, gone, content in (one for rows in batches for one in _contents(rows)):
            records, deletions = records + (gone is None), deletions + (gone is not None)
            try:
                marc.write(to_iso2709(content))
            except Trouble:
                refused.append(union_uid(number))
            tree.write(to_marcxml(content).replace(f' xmlns="{NAMESPACE}"', "", 1).encode() + b"\n")
            lines.write(orjson.dumps({"id": union_uid(number), **(gone or as_json(content))}) + b"\n")
        tree.write(b"</collection>\n")
    return records, deletions, refused[:MOST_REFUSED]


def _contents(rows: Sequence[Row]) -> Iterator[tuple[int, dict[str, Any] | None, Content]]:
    """(number, what JSON says of one that is no more, the record or its deletion)."""
    stamps = {row.item: moment(row.at) for row in rows if not row.gone}
    contents = published(stamps, parts_of(stamps))
    gone = [row.item for row in rows if row.item not in contents]
    sql = f"SELECT id, survivor FROM {bulk.table(Union)} WHERE id IN {{}}"
    survivors = dict(bulk.among(sql, gone))
    for row in rows:
        if row.item in contents:
            yield row.item, None, contents[row.item]
        else:
            survivor = survivors.get(row.item)
            said = {"deleted": True, "survivor": union_uid(survivor) if survivor else None}
            yield row.item, said, _deletion(row)


def _deletion(row: Row) -> Content:
    """A record that is no more: leader/05 d and its number."""
    stamp = f"{moment(row.at).astimezone(UTC):%Y%m%d%H%M%S}.0"
    leader = f"{BLANK_LEADER[:5]}d{BLANK_LEADER[6:9]}a{BLANK_LEADER[10:]}"
    return Content(leader, (("001", union_uid(row.item)), ("003", HUB), ("005", stamp)))


@contextmanager
def _packing(part: Path, name: str) -> Iterator[BinaryIO]:
    with (part / name).open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as stream:
        yield stream  # type: ignore[misc]


def _described(path: Path, form: str) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest, "type": form}


def _forget(keep: int) -> None:
    """Take away what came before the oldest full dump that is kept."""
    known = dumps()
    starts = [place for place, dump in enumerate(known) if dump.kind == "full"]
    for dump in known[: starts[-keep]] if len(starts) > keep else []:
        shutil.rmtree(folder() / dump.name)
