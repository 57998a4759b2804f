"""Records that a whole list no longer names: asked for one by one, held when they are many, told apart from renamed
ones."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils import timezone

from hub.catalog import arrivals, bulk, removals, runs
from hub.catalog.models import Bib, Record, Run, Source
from hub.normalize.identifiers import isbn13
from hub.sources import SourceConfig
from hub.stages.normalize import normalize_pending
from hub.stages.personal import Personal
from schemas.problem import Problem
from schemas.record import RawRecord
from schemas.record import Record as Marc

ASKED = 1_000  # single records asked for in one run
AT_ONCE = 100
Answer = tuple[str, RawRecord | None]
RENAMED = 0.2  # share of a source that must vanish before a renaming is thought of


def find_missing(source: Source, seen: array[int]) -> list[int]:
    """The numbers of the records that are there and were not seen."""
    shown = iter(sorted(seen))
    found, ahead = [], next(shown, None)
    states = ", ".join(f"'{state}'" for state in removals.PRESENT)
    sql = f"SELECT id FROM {bulk.table(Record)} WHERE source_id = {source.pk:d} AND state IN ({states}) ORDER BY id"
    for (number,) in bulk.stream(sql):
        while ahead is not None and ahead < number:
            ahead = next(shown, None)
        if ahead != number:
            found.append(number)
    return found


def compared(config: SourceConfig, run: Run, fence: int, seen: array[int]) -> list[Problem]:
    """What follows from a whole list that has shown the records ``seen``; what to note.

    The source counts as swept when nothing that is missing has still to be asked for the first time.
    """
    notes, rest = judge(config, run, fence, find_missing(run.source, seen))
    runs.swept(run, fence, whole=not rest)
    return notes


def judge(config: SourceConfig, run: Run, fence: int, missing: Sequence[int]) -> tuple[list[Problem], bool]:
    """Decide about records missing from a whole list: renamed, too many to be believed, or to be asked for alone.

    Returns what to note, and whether there are more to be asked for than one run asks.
    """
    live = removals.present(run.source)
    if not missing:
        return [], False
    pairs = []
    if len(missing) > RENAMED * live:
        normalize_pending(run.source_id)  # what came under new identifiers must be read to be recognized
        pairs = find_renamed(run.source, missing)
    if 2 * len(pairs) >= len(missing):
        return [removals.hold_missing(run, fence, missing, pairs)], False
    if not config.guard.allows(len(missing), live):
        return [removals.hold_missing(run, fence, missing)], False
    if config.connector.sweeping is None:
        _not_listed(config, run, fence, missing)
        return [], False
    known = removals.known(run.source)
    doubtful = [number for number in missing if number not in known]
    answered = ask_alone(config, run, fence, _named(doubtful[:ASKED]))
    return [], len(doubtful) > ASKED and answered > 0


def _not_listed(config: SourceConfig, run: Run, fence: int, missing: Sequence[int]) -> None:
    """Records missing from the list of a source that cannot be asked for single ones.

    A server's list is only its answer of today (an index half rebuilt gives half): a second one must lack them too,
    long enough after it. Files that are everything say what is gone at once.
    """
    if hasattr(config.options, "confirm_after"):
        removals.miss(run, fence, missing, confirm_after(config))
    else:
        removals.gone(run, fence, missing)


def confirm(config: SourceConfig, run: Run, fence: int) -> None:
    """Ask again for records that were missing in an earlier run, long enough ago."""
    if config.connector.sweeping is None:
        return
    before = min(run.started_at, timezone.now() - confirm_after(config))
    ask_alone(config, run, fence, removals.to_confirm(run.source, before, ASKED))


def confirm_after(config: SourceConfig) -> timedelta:
    """How long two questions for a missing record, or two lists without it, must lie apart."""
    return getattr(config.options, "confirm_after", timedelta())


def _named(numbers: Sequence[int]) -> list[tuple[int, str]]:
    sql = f"SELECT id, identifier FROM {bulk.table(Record)} WHERE id IN {{}}"
    return [(number, identifier) for number, identifier in bulk.among(sql, numbers)]


def ask_alone(config: SourceConfig, run: Run, fence: int, rows: Sequence[tuple[int, str]]) -> int:
    """Ask for single records, known by number and identifier: what is given is stored, what is gone is written down.

    Returns how many were answered.
    """
    sweeping = config.connector.sweeping
    if sweeping is None or not rows:
        return 0
    numbers = {identifier: number for number, identifier in rows}
    source, personal = run.source, Personal(config)
    answers = sweeping.get(config.job(source.checkpoint), list(numbers))
    answered = 0
    for part in _parts(answers):
        answered += len(part)
        found = personal.removed(raw for _, raw in part if raw is not None)
        source.refresh_from_db(fields=["checkpoint"])
        if found:
            arrivals.store_page(run, fence, found, source.checkpoint, asked=True)
        gone = [numbers[identifier] for identifier, raw in part if raw is None and identifier in numbers]
        removals.miss(run, fence, gone, confirm_after(config))
    return answered


def _parts(items: Iterator[Answer]) -> Iterator[list[Answer]]:
    part: list[Answer] = []
    for item in items:
        part.append(item)
        if len(part) >= AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def find_renamed(source: Source, missing: Sequence[int]) -> list[tuple[int, int]]:
    """(record that vanished, record that came) pairs: those that share a control number or an ISBN with one other."""
    gone = set(missing)
    old: dict[str, list[int]] = {}
    new: dict[str, list[int]] = {}
    sql = (
        f"SELECT b.record_id, b.marc FROM {bulk.table(Bib)} b JOIN {bulk.table(Record)} r ON r.id = b.record_id"
        f" WHERE r.source_id = {source.pk:d} AND r.state = 'live'"
    )
    for number, marc in bulk.stream(sql):
        for key in _names(marc):
            (old if number in gone else new).setdefault(key, []).append(number)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key, numbers in old.items():
        others = new.get(key, [])
        if len(numbers) == len(others) == 1 and others[0] not in taken:
            taken.add(others[0])
            pairs.setdefault(numbers[0], others[0])
    return sorted(pairs.items())


def _names(packed: str) -> set[str]:
    """What tells a record from others whatever its identifier: 001 and ISBN."""
    record = Marc.unpack(packed)
    numbers = {f"001 {record.control('001')}"} if record.control("001") else set()
    return numbers | {f"020 {isbn}" for value in record.values("020", "a") if (isbn := isbn13(value))}
