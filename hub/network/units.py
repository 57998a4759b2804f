"""Administrative units over time, and which of them a library is in: on any day, also one long ago."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from hub.network.models import Library, Place, Succession, Unit
from hub.network.unit_table import Row, Table
from hub.normalize.text import syllables
from schemas.problem import Trouble


@dataclass(slots=True)
class Kept:
    """What a table brought: units that are new, changed, as they were; successions; predecessors nobody knows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    successions: int = 0
    unknown: list[str] = field(default_factory=list)


def keep(table: Table) -> Kept:
    """Keep the units of a table. The same table again changes nothing; units that it lacks stay."""
    kept = Kept(unknown=list(table.unknown))
    with transaction.atomic():
        units = [_keep(row, kept) for row in table.rows]
        placed = _Parents(units)
        for row, unit in zip(table.rows, units, strict=True):
            parent = placed.of(row.parent, unit) if row.parent else None
            if unit.parent_id != (parent.pk if parent else None):
                unit.parent = parent
                unit.save(update_fields=["parent"])
        for before, after, whole in table.successions:
            _, new = Succession.objects.update_or_create(
                before=units[before], after=units[after], defaults={"whole": whole}
            )
            kept.successions += new
    return kept


class _Parents:
    """The unit of a code in whose time another one began."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._by_code[unit.code].append(unit)

    def of(self, code: str, unit: Unit) -> Unit | None:
        above = [one for one in self._by_code[code] if one.level != unit.level]
        return next((one for one in above if one.since <= unit.since and not _over(one, unit.since)), None) or next(
            (one for one in above if one.since <= (unit.until or date.max) and not _over(one, unit.since)), None
        )


def _over(unit: Unit, day: date) -> bool:
    return unit.until is not None and unit.until < day


def _keep(row: Row, kept: Kept) -> Unit:
    values = {name: getattr(row, name) for name in ("until", "level", "name", "spelled", "basis", "island")}
    code, since = row.code, row.since
    unit = Unit.objects.filter(code=code, since=since).first()
    if unit is None:
        kept.created += 1
        return Unit.objects.create(code=code, since=since, **values)
    if all(getattr(unit, name) == value for name, value in values.items()):
        kept.unchanged += 1
        return unit
    kept.changed += 1
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(values))
    return unit


def in_force(day: date, level: str = "") -> QuerySet[Unit]:
    """The units there were on a day."""
    found = Unit.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
    return found.filter(level=level) if level else found


def named(text: str, day: date) -> list[Unit]:
    """The communes of that name on a day, with or without the kind in front; marks count, «hoà» is «hòa»."""
    wanted = syllables(text)
    if not wanted:
        return []
    known = in_force(day, Unit.Level.COMMUNE)
    exact = list(known.filter(spelled=wanted))
    return exact or [unit for unit in known.filter(spelled__endswith=f" {wanted}") if _bare(unit) == wanted]


def _bare(unit: Unit) -> str:
    """The name without its kind: «Phường», «Xã», «Thị trấn», «Đặc khu»."""
    words = unit.spelled.split(" ")
    kinds = (syllables(kind).split(" ") for kind in ("Phường", "Xã", "Thị trấn", "Đặc khu"))
    skipped = next((len(kind) for kind in kinds if words[: len(kind)] == kind), 0)
    return " ".join(words[skipped:])


def places_on(codes: Iterable[str] | None, day: date) -> dict[str, Unit]:
    """In which unit each library was on a day (all libraries: ``None``); those that were in none are left out.

    A place lasts until the next one begins, or its unit ends.
    """
    rows = Place.objects.filter(since__lte=day).order_by("since").select_related("unit")
    if codes is not None:
        rows = rows.filter(library__in=list(codes))
    found = {row.library_id: row.unit for row in rows}  # the last one counts
    return {code: unit for code, unit in found.items() if not _over(unit, day)}


def unit_of(code: str, day: date) -> Unit | None:
    """In which unit a library was on a day."""
    return places_on([code], day).get(code)


def put(library: Library, unit: Unit, since: date, *, by: str) -> Place:
    """A library is in a unit from a day on; :class:`Trouble` ``place_outside`` when the unit is not there then."""
    if not by.strip():
        raise Trouble("decision_nobody")
    if unit.since > since or _over(unit, since):
        raise Trouble("place_outside", unit=unit.name, day=f"{since:%d/%m/%Y}")
    return Place.objects.update_or_create(library=library, since=since, defaults={"unit": unit, "by": by})[0]


@dataclass(slots=True)
class Settled:
    """Libraries that were given a place, moved on to a successor, and those that a person has to place."""

    placed: int = 0
    moved: int = 0
    waiting: list[tuple[str, str, list[str]]] = field(default_factory=list)  # (code, what it says, units it may be)


def settle(day: date, *, by: str) -> Settled:
    """Place libraries by the name of the unit they give, and move those whose unit has ended on to its one successor.

    Where several units may be meant, or a unit was divided, a person decides: it is told, never guessed.
    """
    done = Settled()
    with transaction.atomic():
        for library in Library.objects.order_by("code").prefetch_related("places__unit"):
            places = sorted((place for place in library.places.all() if place.since <= day), key=lambda one: one.since)
            if places:
                _move_on(library, places[-1].unit, day, by, done)
            elif library.unit:
                _place(library, day, by, done)
    return done


def _place(library: Library, day: date, by: str, done: Settled) -> None:
    found = named(library.unit, day)
    if len(found) == 1:
        put(library, found[0], found[0].since, by=by)
        done.placed += 1
    else:
        done.waiting.append((library.code, library.unit, [str(unit) for unit in found]))


def _move_on(library: Library, unit: Unit, day: date, by: str, done: Settled) -> None:
    while unit.until is not None and unit.until < day:
        after = [one.after for one in unit.into.select_related("after").order_by("after__code")]
        if len(after) != 1:
            done.waiting.append((library.code, unit.name, [str(one) for one in after]))
            return
        unit = after[0]
        put(library, unit, unit.since, by=by)
        done.moved += 1
