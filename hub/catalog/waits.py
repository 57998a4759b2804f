"""What waits for somebody: rejected records, changes on hold, deletions to be confirmed. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from hub.accounts.models import AuditEvent
from hub.catalog import bulk
from hub.catalog.models import Bib, Hold, RawRecord, Record, Rejection, Removal, Run, Source
from hub.catalog.removals import removed_by
from hub.catalog.sizes import in_states, of_sources
from hub.match.description import Description


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rejected records wait, and since when the oldest does."""

    count: int = 0
    oldest: datetime | None = None


NOBODY = Waiting()


def waiting() -> Waiting:
    """All of quarantine."""
    found = Rejection.objects.aggregate(count=Count("pk"), oldest=Min("rejected_at"))
    return Waiting(found["count"], found["oldest"])


def waiting_by_source(sources: Sequence[int] = ()) -> dict[int, Waiting]:
    """Quarantine by source: of all, or of those asked for."""
    rejected = of_sources(Rejection.objects.all(), sources or Source.objects.values_list("pk", flat=True))
    rows = rejected.order_by().values("of").annotate(count=Count("pk"), oldest=Min("rejected_at"))  # type: ignore[misc]
    return {row["of"]: Waiting(row["count"], row["oldest"]) for row in rows}


KEPT = ("live", "aside")  # states of a record that is in quarantine with its newest version only


def kept(source: Source) -> int:
    """How many of a source's rejected records stay in the catalog as an earlier version says them."""
    return of_sources(in_states(Rejection.objects.all(), KEPT), [source.pk]).count()


def kept_by(run: Run) -> int:
    """How many records the run brought a version of that cannot be read, while an earlier one stays in the catalog."""
    brought = RawRecord.objects.filter(id=OuterRef("raw"), run=run)
    return of_sources(in_states(Rejection.objects.filter(Exists(brought)), KEPT), [run.source_id]).count()


@dataclass(frozen=True, slots=True)
class Kind:
    """Rejected records of one source and one kind: how many, the oldest's time, an example's facts."""

    source: str
    code: str
    count: int
    oldest: datetime
    facts: dict[str, str]


def kinds(source: str = "") -> list[Kind]:
    """The kinds of problem in quarantine, the most frequent first."""
    rejected = Rejection.objects.all()
    if source:
        rejected = of_sources(rejected, Source.objects.filter(name=source).values_list("pk", flat=True))
    rows = list(
        rejected.order_by()
        .values("code", name=F("record__source__name"))
        .annotate(count=Count("pk"), oldest=Min("rejected_at"), example=Min("pk"))
        .order_by("-count", "name", "code")
    )
    facts = dict(Rejection.objects.filter(pk__in=[row["example"] for row in rows]).values_list("pk", "facts"))
    return [Kind(row["name"], row["code"], row["count"], row["oldest"], facts[row["example"]]) for row in rows]


def holds(*, undecided: bool = False, source: Source | None = None) -> QuerySet[Hold]:
    """Holds, those that are open first, then the latest."""
    found = Hold.objects.select_related("source__library", "run")
    found = found.filter(verdict=Hold.Verdict.OPEN) if undecided else found
    found = found.filter(source=source) if source else found
    return found.annotate(open=Count("pk", filter=Q(verdict=Hold.Verdict.OPEN))).order_by("-open", "-id")


def hold(number: int) -> Hold | None:
    """The hold of a number."""
    return holds().filter(pk=number).first() if number < 2**63 else None


class Titled(NamedTuple):
    """A record of a hold: its identifier and what it is called (``""`` when it is not live)."""

    number: int
    identifier: str
    title: str


def held(found: Hold, most: int) -> list[Titled]:
    """The first records a hold would remove; none once they are removed."""
    rows = found.removals.order_by("record_id").values_list("record_id", flat=True)[:most]
    return titled(rows)


def titled(numbers: Iterable[int]) -> list[Titled]:
    """Records by their numbers, with their titles, in the order asked."""
    wanted = list(numbers)
    names = dict(bulk.among(f"SELECT id, identifier FROM {bulk.table(Record)} WHERE id IN {{}}", wanted))
    said = bulk.among(f"SELECT record_id, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}", wanted)
    titles = {number: _title(Description.load(text)) for number, text in said}
    return [Titled(number, names[number], titles.get(number, "")) for number in wanted if number in names]


def _title(it: Description) -> str:
    """«Nhan đề / tác giả, năm»."""
    title = ": ".join(filter(None, (it.title, it.subtitle, it.part)))
    by = it.responsibility or ", ".join(person[0] for person in it.people[:2])
    return ", ".join(filter(None, (" / ".join(filter(None, (title, by))), str(it.year or ""))))


def pairs(found: Hold, most: int) -> list[tuple[Titled, Titled]]:
    """The first pairs of a renaming: the record that vanished and the one that came."""
    rows = [(old, new) for old, new in found.pairs[:most]]
    known = {one.number: one for one in titled({number for pair in rows for number in pair})}
    return [(known[old], known[new]) for old, new in rows if old in known and new in known]


def run_of(found: Hold) -> int | None:
    """The run that carried out a hold that was released."""
    event = AuditEvent.objects.filter(act="hold.released", facts__hold=found.pk).order_by("-number").first()
    return event.facts.get("run") if event else None


def undoable(found: Hold) -> int | None:
    """The run of :func:`run_of`, while something that it removed can be brought back."""
    number = run_of(found)
    run = Run.objects.filter(pk=number).first() if number else None
    return run.pk if run and removed(run) else None


def removed(run: Run) -> int:
    """How many records a run removed that are still removed and can be brought back."""
    return len(removed_by(run)) if run.deleted else 0


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Records missing from a source's list that must be asked for again before they are removed."""

    count: int = 0
    since: datetime | None = None


def unconfirmed(source: Source) -> Unconfirmed:
    """What of a source waits for its second confirmation."""
    found = Removal.objects.filter(source=source, raw=None, confirmed=None, hold=None)
    counted = found.aggregate(count=Count("pk"), since=Min("since"))
    return Unconfirmed(counted["count"], counted["since"])
