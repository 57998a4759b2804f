"""From the tables to a plan and back: boxes and libraries as the planner knows them, and the plan as it is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from datetime import date
from math import cos, radians
from typing import Any

from django.db import transaction
from django.utils import timezone

from hub.accounts import audit
from hub.catalog.models import Member
from hub.network import units
from hub.network.geography import positions
from hub.network.models import Library
from hub.rotation import boxes, calendar
from hub.rotation.calendar import Closed, Period
from hub.rotation.models import Box, BoxCopy, Handover, Plan, Stop
from hub.rotation.planning import Crate, Place, Point, Reasons, plan
from hub.rotation.routes import Halt, Move, route
from schemas.problem import Trouble

DEGREE = 111.2  # km of a degree of latitude
BANDS = (  # whom a library serves, by its name
    (re.compile(r"mầm non|mẫu giáo|nhà trẻ", re.IGNORECASE), "a"),
    (re.compile(r"tiểu học", re.IGNORECASE), "b"),
    (re.compile(r"thcs|trung học cơ sở", re.IGNORECASE), "c"),
    (re.compile(r"thpt|trung học phổ thông", re.IGNORECASE), "d"),
)
JUVENILE = {"j": "abcd", "g": "abcd"}  # 008/22: what is for all children fits every age


def bands_of(name: str) -> frozenset[str]:
    """The ages a library serves; none known: everybody."""
    return frozenset(band for pattern, band in BANDS if pattern.search(name))


def spread(bands: Iterable[str]) -> frozenset[str]:
    """The bands of a box, those for all children spread over the ages."""
    return frozenset(one for band in bands for one in JUVENILE.get(band, band))


def make(
    name: str, libraries: Sequence[str], first: date, last: date, weeks: int, closed: Sequence[Closed], *, by: str
) -> Plan:
    """A draft of where each box is when; :class:`Trouble` where there is nothing to plan."""
    spans = calendar.periods(first, last, weeks, closed)
    start = time.perf_counter()
    crates, places = _crates(), _places(libraries, first)
    if not crates or not places:
        raise Trouble("rotation_nothing")
    made = plan(crates, places, len(spans))
    body = {
        "without": made.without,
        "resting": made.resting,
        "km": made.km,
        "seconds": round(time.perf_counter() - start, 2),
        "libraries": [one.code for one in places],
        "periods": [[str(one.first), str(one.last)] for one in spans],
        "start": {one.code: one.at for one in crates},
    }
    with transaction.atomic():
        kept = Plan.objects.create(
            name=name.strip()[:200] or f"{first:%d/%m/%Y} – {last:%d/%m/%Y}",
            first=first,
            last=last,
            weeks=weeks,
            closed=[[str(one.first), str(one.last), one.name] for one in closed],
            body=body,
            made_at=timezone.now(),
            made_by=by,
        )
        Stop.objects.bulk_create(_stop(kept, one.box, one.place, spans[one.period], one.reasons) for one in made.stops)
        audit.record(by, "rotation.planned", str(kept.pk), name=kept.name, stops=len(made.stops))
    return kept


def _stop(kept: Plan, box: str, place: str, span: Period, why: Reasons) -> Stop:
    said = {"km": why.km, "waited": why.waited, "island": why.island, "new": why.new, "kept": why.kept}
    return Stop(
        plan=kept, box_id=box, library_id=place, period=span.number, first=span.first, last=span.last, reasons=said
    )


def _crates() -> list[Crate]:
    rows = Box.objects.filter(retired_at=None, copies__isnull=False).distinct()
    titles: dict[str, set[int]] = {}
    for code, union in BoxCopy.objects.values_list("box_id", "copy__union"):
        if union is not None:
            titles.setdefault(code, set()).add(union)
    been: dict[str, set[str]] = {}
    for code, library in Handover.objects.filter(act=Handover.Act.RECEIVED).values_list("box_id", "library_id"):
        been.setdefault(code, set()).add(library)
    places = boxes.everywhere()
    at = {box.pk: places[box.pk].custodian if box.pk in places else box.home_id for box in rows}
    points, nothing = points_of(set(at.values())), set[int]()
    return [
        Crate(
            box.pk,
            at[box.pk],
            spread(box.bands),
            frozenset(titles.get(box.pk, nothing)),
            frozenset(been.get(box.pk, set[str]())),
            points.get(at[box.pk]),
        )
        for box in rows
    ]


def _places(codes: Sequence[str], day: date) -> list[Place]:
    points, held = points_of(codes), _held(codes)
    islands = {code for code, unit in units.places_on(list(codes), day).items() if unit.island}
    nothing = frozenset[int]()
    return [
        Place(one.pk, points.get(one.pk), one.pk in islands, bands_of(one.name_vi), titles=held.get(one.pk, nothing))
        for one in Library.objects.filter(pk__in=codes)
    ]


def points_of(codes: Iterable[str]) -> dict[str, Point]:
    """Where libraries lie, in kilometers on a plane."""
    return {
        code: Point(at.latitude * DEGREE, at.longitude * DEGREE * cos(radians(20.8)))
        for code, at in positions(codes).items()
    }


def _held(codes: Sequence[str]) -> dict[str, frozenset[int]]:
    """Which of the titles in boxes each library holds itself."""
    wanted = sorted({union for union in BoxCopy.objects.values_list("copy__union", flat=True) if union is not None})
    found: dict[str, set[int]] = {}
    for start in range(0, len(wanted), 500):
        rows = Member.objects.filter(union__in=wanted[start : start + 500], record__source__library__in=codes)
        for code, union in rows.values_list("record__source__library_id", "union"):
            found.setdefault(code, set()).add(union)
    return {code: frozenset(titles) for code, titles in found.items()}


def put_in_force(kept: Plan, *, by: str) -> None:
    """A draft becomes the plan; the one before it ends."""
    with transaction.atomic():
        Plan.objects.filter(state=Plan.State.IN_FORCE).exclude(pk=kept.pk).update(state=Plan.State.ENDED)
        Plan.objects.filter(pk=kept.pk).update(state=Plan.State.IN_FORCE)
        audit.record(by, "rotation.in_force", str(kept.pk), name=kept.name)


def moves(kept: Plan, period: int) -> list[Move]:
    """Which boxes change places at the beginning of a period; after the last one all go home."""
    before: dict[str, str] = dict(kept.body["start"])
    rows = list(kept.stops.order_by("period").values_list("box_id", "library_id", "period"))
    before.update({box: library for box, library, number in rows if number < period})
    if period >= len(kept.body["periods"]):
        after = dict(Box.objects.values_list("code", "home_id"))
    else:
        after = {box: library for box, library, number in rows if number == period}
    return [Move(box, at, after[box]) for box, at in before.items() if after.get(box, at) != at]


def round_of(kept: Plan, period: int) -> tuple[list[Halt], int]:
    """The round of a period: kept with the plan once it has been made."""
    known: dict[str, Any] = kept.body.get("rounds", {})
    if str(period) not in known:
        wanted = moves(kept, period)
        codes = {code for one in wanted for code in (one.before, one.after)}
        depot = Box.objects.filter(pk__in=[one.box for one in wanted]).values_list("home_id", flat=True).first() or ""
        halts, km = route(wanted, points_of(codes | {depot}), depot)
        known[str(period)] = {"halts": [[one.place, one.leaves, one.takes] for one in halts], "km": km, "depot": depot}
        kept.body["rounds"] = known
        kept.save(update_fields=["body"])
    found = known[str(period)]
    return [Halt(*row) for row in found["halts"]], int(found["km"])
