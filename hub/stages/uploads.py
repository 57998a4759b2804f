"""A file that a library puts on its page: imported as a source of its own, and taken back as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Max

from hub.catalog import bulk, undoing, writes
from hub.catalog.models import Run, Source
from hub.catalog.undoing import Taken
from hub.network.models import Library
from hub.sources import GuardEntry, LibraryEntry, ReadingEntry, SourceConfig, SourceFile, make_source
from hub.stages import harvest
from hub.stages.normalize import normalize_pending
from hub.stages.pool import in_this_process
from hub.stages.report import Progress, silent, storing
from schemas.problem import Trouble

KEPT = ("settings", "evidence", "checkpoint", "trust", "format")  # of a source, put back when an upload is undone


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be read, and whether it is everything the library has (what it lacks is then removed)."""

    path: Path
    form: str
    encoding: str = "auto"
    columns: Mapping[str, str] | None = None
    sheet: str = ""
    whole: bool = False


def source_name(library: str, form: str, encoding: str = "auto") -> str:
    """The name of the source that files of a library in a format are; the same as that of ``lienthong import``."""
    return "-".join((library, form, *([] if encoding == "auto" else [encoding])))


def config_of(library: Library, wanted: Wanted, *, remembered: bool = False) -> SourceConfig:
    """The file as a source of its library; ``remembered`` adds what earlier files taught about columns."""
    name = source_name(library.code, wanted.form, wanted.encoding)
    known = Source.objects.filter(name=name).first()
    columns = dict(wanted.columns or {})
    if remembered and known:
        columns = {**known.settings.get("reading", {}).get("columns", {}), **columns}
    entry = SourceFile(
        library=LibraryEntry(code=library.code),
        connector="files",
        format=wanted.form,
        trust=known.trust if known else 50,
        reading=ReadingEntry(encoding=wanted.encoding, columns=columns, sheet=wanted.sheet),
        guard=GuardEntry(share=1.0),  # a named person has seen how many would go, and said yes
        options={"path": str(wanted.path), "content": "full" if wanted.whole else "changes"},
    )
    return make_source(name, entry, wanted.path.parent, wanted.path)


def remembered_columns(library: Library) -> dict[str, str]:
    """What the columns of this library's earlier files were, by heading; of the newest file first."""
    found: dict[str, str] = {}
    sources = Source.objects.filter(library=library, connector="files").annotate(last=Max("runs__started_at"))
    for settings in sources.order_by("last", "pk").values_list("settings"):
        found.update(settings[0].get("reading", {}).get("columns", {}))
    return found


def before(name: str) -> dict[str, Any]:
    """What must be put back of a source when an upload is undone; empty where there is no source yet."""
    source = Source.objects.filter(name=name).first()
    return {key: getattr(source, key) for key in KEPT} if source else {}


def bring(config: SourceConfig, *, by: str, progress: Progress = silent) -> Run:
    """Import the file: a run with its ledger. A failure is a :class:`Trouble`; what came until then can be undone."""
    with in_this_process():
        opened = harvest.fetch(config, full=True, now=True, patient=False, progress=progress)
        harvest.read_and_finish(opened, progress)
    opened.run.refresh_from_db()
    with bulk.writing():
        writes.audit(by, "upload.imported", config.name, run=opened.run.pk, received=opened.run.received)
    return opened.run


def take_back(
    run: Run, earlier: Mapping[str, Any], *, by: str, undone: Sequence[int] = (), progress: Progress = silent
) -> Taken:
    """Undo an upload: the records and the source's settings are as they were before it.

    ``undone`` are runs that were taken back already. :class:`Trouble` ``upload_not_last`` where a later run has brought
    something to the same source.
    """
    source = run.source
    later = Run.objects.filter(source=source, pk__gt=run.pk, kind=Run.Kind.HARVEST, received__gt=0)
    if later.exclude(pk__in=undone).exists():
        raise Trouble("upload_not_last")
    with storing(), in_this_process():
        taken = undoing.take_back(run, by=by)
        with bulk.writing():
            _put_back(Source.objects.get(pk=source.pk), earlier, by)
        normalize_pending(source.pk, progress=progress)
    return taken


def _put_back(source: Source, earlier: Mapping[str, Any], by: str) -> None:
    values = {key: earlier[key] for key in KEPT if key in earlier}
    if not values:  # there was no source: nothing of it is left but its past
        Source.objects.filter(pk=source.pk).update(checkpoint={}, evidence={})
        return
    evidence, checkpoint = values.pop("evidence"), values.pop("checkpoint")
    writes.keep_source(source.name, values, by=by)
    if source.evidence != evidence:
        writes.read_source_again(source.pk)
    Source.objects.filter(pk=source.pk).update(evidence=evidence, checkpoint=checkpoint)
