"""Uploads from the file to the catalog and back: recognized, mapped, tried, imported, undone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from hub.catalog import bulk, runs, writes
from hub.catalog.models import Run, Source
from hub.catalog.runs import COUNTERS
from hub.catalog.undoing import Taken
from hub.network.models import Library
from hub.normalize.quality import Fault, faults
from hub.partners import mapping
from hub.partners.models import Upload
from hub.sources import SourceConfig
from hub.stages import files, harvest, soon, uploads
from hub.stages.trial import Looked, Trial, try_import
from hub.stages.uploads import Wanted
from schemas.encodings import NAMES
from schemas.format import find_format
from schemas.problem import Problem, Trouble

Act = Callable[..., None]
LOG = logging.getLogger(__name__)
AT_ONCE = 1_000  # records that are imported while the page waits; more are imported in the background
ROWS = 20
LONG = timedelta(minutes=5)
WAITS = timedelta(days=7)
OPEN = (Upload.State.WAITING, Upload.State.FAILED)


def arrive(library: Library, name: str, chunks: Iterable[bytes], *, by: str) -> Upload:
    """Keep a file that somebody has sent, with what it is. One with data of readers is not kept for a moment longer."""
    _tidy()
    kept = files.keep(name, chunks)
    try:
        if find_format(kept.form).tables is not None:
            mapping.tables(files.path_of(kept.stored), kept.form, "auto", {})
    except Trouble as trouble:
        if trouble.problem.code == "table_reader_data":
            files.drop(kept.stored)
            raise
    with bulk.writing():
        upload = Upload.objects.create(
            library=library, name=kept.name, stored=kept.stored, size=kept.size, sha256=kept.sha256, format=kept.form,
            by=by, at=timezone.now(),
        )  # fmt: skip
        writes.audit(by, "upload.arrived", library.pk, upload=str(upload.pk), size=kept.size, sha256=kept.sha256)
    return upload


def _tidy() -> None:
    """Files that nobody came back to are gone after a while."""
    old = Upload.objects.filter(state=Upload.State.WAITING, at__lt=timezone.now() - WAITS)
    for stored in old.values_list("stored", flat=True):
        files.drop(stored)
    old.update(state=Upload.State.DROPPED)


def is_table(upload: Upload) -> bool:
    """Whether the file is a table, whose columns have to be mapped."""
    return find_format(upload.format).tables is not None


def seen(upload: Upload) -> list[mapping.Seen]:
    """The tables of the file with what their columns are taken as: as chosen, as remembered, or as they are called."""
    path = files.path_of(upload.stored)
    known = upload.columns or uploads.remembered_columns(upload.library)
    found = mapping.tables(path, upload.format, upload.encoding, known, upload.sheet)
    if upload.columns:
        return found
    guess = mapping.guessed(found, known)
    return mapping.tables(path, upload.format, upload.encoding, guess, upload.sheet) if guess else found


def choose(upload: Upload, given: Mapping[str, str], *, by: str) -> None:
    """Keep how the file is to be read, from a form; only what is known gets through."""
    encoding = given.get("encoding", "auto")
    upload.encoding = encoding if encoding in ("auto", *NAMES) else "auto"
    upload.whole = given.get("whole") == "yes"
    if is_table(upload):
        upload.columns = mapping.chosen_of(seen(upload), given)
    with bulk.writing():
        upload.save(update_fields=["encoding", "whole", "columns"])
        facts = {"encoding": upload.encoding, "whole": upload.whole, "columns": upload.columns}
        writes.audit(by, "upload.mapped", upload.library_id, upload=str(upload.pk), **facts)


def wanted(upload: Upload) -> Wanted:
    """How the file is to be read."""
    path = files.path_of(upload.stored)
    return Wanted(path, upload.format, upload.encoding, upload.columns, upload.sheet, upload.whole)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A record as it will look, with what its library could mend."""

    looked: Looked
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do."""

    trial: Trial
    rows: tuple[PreviewRow, ...]


def preview(upload: Upload) -> Preview:
    """The dry run: counts, and the first records one by one."""
    trial = try_import(uploads.config_of(upload.library, wanted(upload)), upload.library, store=True, rows=ROWS)
    rows = tuple(PreviewRow(one, _faults(one)) for one in trial.rows)
    if upload.state == Upload.State.WAITING:
        upload.counts = dict(trial.counts)
        upload.save(update_fields=["counts"])
    return Preview(trial, rows)


def _faults(one: Looked) -> tuple[Fault, ...]:
    return tuple(faults(one.content, one.copies)) if one.content else ()


def bring(upload: Upload, *, by: str) -> None:
    """Import the file: at once when it is small, else in the background. Asked twice, it is done once.

    What an earlier try had brought in part is taken back first; one whose process has died is gone on with.
    """
    stuck = is_stuck(upload)
    if upload.state == Upload.State.FAILED and upload.run:
        _take_back(upload, by)
    config = uploads.config_of(upload.library, wanted(upload), remembered=True)
    values: dict[str, Any] = {"state": Upload.State.IMPORTING, "source": config.name, "problem": {}, "by": by}
    if not stuck:
        values["before"] = uploads.before(config.name)
    open_states = (*OPEN, Upload.State.IMPORTING) if stuck else OPEN
    same = Upload.objects.filter(pk=upload.pk, state__in=open_states, done_at=upload.done_at)
    with bulk.writing():
        if not same.update(**values, done_at=timezone.now()):
            raise Trouble("upload_state")
        writes.audit(by, "upload.started", upload.library_id, upload=str(upload.pk), source=config.name)
    upload.refresh_from_db()
    if upload.counts.get("read", 0) > AT_ONCE:
        threading.Thread(target=_in_background, args=(upload, config, by), daemon=True).start()
    else:
        _bring(upload, config, by)


def is_stuck(upload: Upload) -> bool:
    """Whether the process that imported the file is no more: it has been long, and nobody holds the source."""
    if upload.state != Upload.State.IMPORTING or upload.done_at is None:
        return False
    source = Source.objects.filter(name=upload.source).first()
    held = source is not None and source.pk not in runs.idle()
    return timezone.now() - upload.done_at > LONG and not held


def _in_background(upload: Upload, config: SourceConfig, by: str) -> None:
    try:
        _bring(upload, config, by)
    finally:
        connection.close()


def _bring(upload: Upload, config: SourceConfig, by: str) -> None:
    """Import; whatever becomes of it, the upload says so."""
    state, problem = Upload.State.FAILED, Problem("upload_failed")
    counts: dict[str, Any] = {}
    try:
        run = uploads.bring(config, by=by)
        counts = {name: getattr(run, name) for name in COUNTERS}
        if run.status == Run.Status.SUCCEEDED:
            state = Upload.State.IMPORTED
        elif run.notes:
            problem = Problem(run.notes[0]["code"], run.notes[0]["facts"])
    except Trouble as trouble:
        problem = trouble.problem
    except Exception:
        LOG.exception("an upload could not be imported")
    runs_since = Run.objects.filter(source__name=config.name, started_at__gte=upload.at, kind=Run.Kind.HARVEST)
    made = None if state == Upload.State.FAILED and problem.code in harvest.NOT_BEGUN else runs_since.last()
    upload.state, upload.run, upload.done_at = state, made.pk if made else None, timezone.now()
    upload.counts = counts or upload.counts
    upload.problem = {} if state == Upload.State.IMPORTED else {"code": problem.code, "facts": problem.facts}
    upload.save(update_fields=["state", "run", "done_at", "counts", "problem"])
    if state == Upload.State.IMPORTED:
        files.drop(upload.stored)  # its records are kept as raw records, without the columns that are not stored
    soon.soon()


def undo(upload: Upload, *, by: str) -> None:
    """Take the upload back: the catalog is as it was before it. Also what was imported in part can be undone."""
    if upload.state not in (Upload.State.IMPORTED, Upload.State.FAILED) or not upload.run:
        raise Trouble("upload_state")
    taken = _take_back(upload, by)
    upload.state, upload.undo_run, upload.undone_by = Upload.State.UNDONE, taken.run.pk, by
    upload.undone_at = timezone.now()
    upload.save(update_fields=["state", "undo_run", "undone_by", "undone_at"])
    soon.soon()


def _take_back(upload: Upload, by: str) -> Taken:
    run = Run.objects.select_related("source").get(pk=upload.run or 0)
    others = Upload.objects.filter(library=upload.library, state=Upload.State.UNDONE, run__isnull=False)
    return uploads.take_back(run, upload.before, by=by, undone=[other.run or 0 for other in others])


def drop(upload: Upload, *, by: str) -> None:
    """Put a file aside that was not imported; nothing of it stays on the server."""
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING).update(state=Upload.State.DROPPED):
        raise Trouble("upload_state")
    files.drop(upload.stored)
    with bulk.writing():
        writes.audit(by, "upload.dropped", upload.library_id, upload=str(upload.pk))
