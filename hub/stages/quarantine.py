"""Work on quarantine: what is suggested for a rejected record, trying again, and mends that a person accepts."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import zstandard

from hub.catalog import quarantine, runs
from hub.catalog.models import RawRecord, Rejection, Run, Source
from hub.catalog.quarantine import Mended
from hub.stages.normalize import normalize_pending
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.advice import Advice, advice
from schemas.format import Reading, find_format
from schemas.problem import Trouble

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rejected record, its bytes, and what to do about it."""

    rejection: Rejection
    raw: RawRecord
    body: bytes
    advice: Advice


def suggest(rejection: Rejection) -> Suggestion:
    """What to do about a rejected record (with its record and its source)."""
    raw = RawRecord.objects.get(pk=rejection.raw)
    body = unpacked(raw)
    source = rejection.record.source
    reading = Reading(**source.settings.get("reading", {}))
    found = advice(rejection.code, rejection.facts, body, find_format(source.format), reading)
    return Suggestion(rejection, raw, body, found)


def unpacked(raw: RawRecord, most: int = 0) -> bytes:
    """The bytes of a raw record as received; the first ``most`` where that is given."""
    packed = zstandard.ZstdDecompressor()
    if not most:
        return bytes(packed.decompress(bytes(raw.body)))
    with packed.stream_reader(bytes(raw.body)) as body:
        return bytes(body.read(most))


def retry(source: Source | None = None, *, progress: Progress = silent) -> StageReport:
    """Try everything rejected again, of one source or of all; what can be read now leaves quarantine."""
    with storing():
        waiting = Rejection.objects.filter(record__source=source) if source else Rejection.objects.all()
        tried = waiting.count()
        quarantine.forget_rules(source=source.pk if source else 0)
        normalize_pending(source.pk if source else 0, progress=progress)
        still = waiting.count()
    return StageReport("retry", {"tried": tried, "read": max(tried - still, 0), "rejected": still})


def waiting(source: str = "", code: str = "", record: int = 0) -> Iterator[Rejection]:
    """The rejected records of a source, of a kind, or the one of a number, with their sources, in order."""
    chosen = {"record__source__name": source, "code": code, "pk": record}
    found = Rejection.objects.filter(**{key: value for key, value in chosen.items() if value}).order_by("pk")
    last = 0
    while part := list(found.filter(pk__gt=last).select_related("record__source__library")[:AT_ONCE]):
        yield from part
        last = part[-1].pk


def repair(
    source: Source, rejections: Iterable[Rejection], *, by: str, dry_run: bool = False, progress: Progress = silent
) -> tuple[StageReport, Counter[str]]:
    """Accept what is suggested for rejected records of one source; how many by which rule.

    The mends are raw versions of a run of the kind "decision", which are read at once; what the source sent stays. With
    ``dry_run`` nothing is written. A decision needs the name of the person: :class:`Trouble` ``repair_nobody``.
    """
    if not by.strip() and not dry_run:
        raise Trouble("repair_nobody")
    mends = _mends(rejections)
    with storing():
        if dry_run:
            return _report(Counter(mend.rule for mend in mends), 0)
        first = list(islice(mends, AT_ONCE))
        return _mend(source, chain(first, mends), by.strip(), progress) if first else _report(Counter(), 0)


def _mend(source: Source, mends: Iterator[Mended], by: str, progress: Progress) -> tuple[StageReport, Counter[str]]:
    """The same, in a run of its own."""
    run, fence = runs.open_run(source, f"{socket.gethostname()}:{os.getpid()}", False, Run.Kind.DECISION)
    rules: Counter[str] = Counter()
    status: str = Run.Status.FAILED
    try:
        while part := list(islice(mends, AT_ONCE)):
            rules.update(mend.rule for mend in part)
            quarantine.keep_mended(run, fence, part, by)
        normalize_pending(source.pk, progress=progress)
        status = Run.Status.SUCCEEDED
    finally:
        runs.close_run(run, fence, status)
    run.refresh_from_db()
    return _report(rules, run.rejected)


def _report(rules: Counter[str], rejected: int) -> tuple[StageReport, Counter[str]]:
    return StageReport("repair", {"mended": rules.total() - rejected, "rejected": rejected}), rules


def _mends(rejections: Iterable[Rejection]) -> Iterator[Mended]:
    """What is suggested and can be accepted."""
    for rejection in rejections:
        found = suggest(rejection)
        if found.advice.body is not None:
            yield Mended(rejection.pk, rejection.raw, found.advice.rule, found.advice.body)
