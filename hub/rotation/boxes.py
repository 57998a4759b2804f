"""Boxes: what is in them, where they are, and what was handed over. The one writer of these tables.

A hand-over is kept as it was told; where each copy of the box is follows from all of them in the order in which they
were done (:func:`places`), whenever and in whatever order they arrive. So what comes twice, late or from a USB stick
leads to the same end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import bulk
from hub.catalog.models import Holding, Member
from hub.catalog.reads import descriptions
from hub.custody import custody
from hub.custody.models import Copy
from hub.network.models import Library
from hub.rotation.models import Box, BoxCopy, Handover
from schemas.problem import Trouble

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
HERE, DAMAGED, MISSING = "here", "damaged", "missing"
COUNTS = (HERE, DAMAGED, MISSING)
State = Copy.State
Act = Handover.Act


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs for the library, who carries, when it was done, under which key; ``by``: whose account."""

    name: str
    at: datetime
    key: str
    by: str
    carrier: str = ""
    note: str = ""


class Where(NamedTuple):
    """Who answers for a copy, and how it stands."""

    custodian: str
    state: str


def make(code: str, name: str, home: Library, bands: str = "", *, by: str) -> Box:
    """A new box at a library."""
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise Trouble("box_code", code=code[:40])
    if Box.objects.filter(pk=code).exists():
        raise Trouble("box_known", code=code)
    with transaction.atomic():
        bands = "".join(sorted(set(bands) & set("abcdefgj")))
        box = Box.objects.create(
            code=code, name=name.strip()[:200] or code, home=home, bands=bands, made_at=timezone.now()
        )
        audit.record(by, "box.made", code, home=home.pk)
    return box


def fill(box: Box, accessions: Iterable[str], *, by: str, at: datetime) -> int:
    """Put copies of the home library into a box that is at home; how many are new in it."""
    new = 0
    with transaction.atomic():
        _at_home(box)
        for accession in dict.fromkeys(text.strip()[:100] for text in accessions):
            if not accession:
                continue
            title, union = _described(box.home_id, accession)
            copy = custody.known(box.home_id, accession, title=title, union=union, at=at)
            inside = BoxCopy.objects.filter(pk=copy.pk).first()
            if inside is not None and inside.box_id == box.pk:
                continue
            if inside is not None or copy.custodian_id != box.home_id or copy.state != State.WITH:
                raise Trouble("box_copy_away", accession=accession, box=inside.box_id if inside else "–")
            BoxCopy.objects.create(copy=copy, box=box, since=at)
            custody.bind([copy.pk], box.pk)
            new += 1
        if new:
            audit.record(by, "box.filled", box.pk, copies=new)
    return new


def take_out(box: Box, copies: Iterable[int], *, by: str) -> int:
    """Take copies out of a box that is at home."""
    with transaction.atomic():
        _at_home(box)
        inside = BoxCopy.objects.filter(box=box, copy__in=list(copies))
        custody.bind(inside.values_list("copy_id", flat=True), "")
        gone, _ = inside.delete()
        if gone:
            audit.record(by, "box.emptied", box.pk, copies=gone)
    return gone


def _at_home(box: Box) -> None:
    if whereabouts(box) != Where(box.home_id, State.WITH):
        raise Trouble("box_away", box=box.pk, library=box.home_id)


def _described(library: str, accession: str) -> tuple[str, int | None]:
    """The title and the union record of a copy, by its accession number in the catalog."""
    rows = Holding.objects.filter(library=library, accessions__contains=accession).select_related("record")[:50]
    for row in rows:
        if accession in row.accessions.split("\n"):
            union = Member.objects.filter(record=row.record_id).values_list("union", flat=True).first()
            said = descriptions([union]).get(union) if union else None
            return (" ".join(filter(None, (said.title, said.part))) if said else ""), union
    return "", None


def whereabouts(box: Box) -> Where:
    """Where a box is: by the last thing that was done with it; one that has never left is at home."""
    last = _done(box)[-1:]
    if not last:
        return Where(box.home_id, State.WITH)
    return Where(last[0].library_id, State.WITH if last[0].act == Act.RECEIVED else State.ON_THE_WAY)


def everywhere() -> dict[str, Where]:
    """Where every box is that has ever left, by its code, with one query."""
    rows = Handover.objects.order_by("at", "key").values_list("box_id", "act", "library_id")
    last = {box: (act, library) for box, act, library in rows}  # the last one counts
    return {
        box: Where(library, State.WITH if act == Act.RECEIVED else State.ON_THE_WAY)
        for box, (act, library) in last.items()
    }


def _done(box: Box) -> list[Handover]:
    return sorted(Handover.objects.filter(box=box), key=lambda one: (one.at, one.key))


def give(box: Box, library: str, to: str | None, counts: Mapping[int, str], signed: Signed) -> Handover:
    """A library gives a box away: counted, signed for."""
    return _keep(box, Act.GIVEN, library, to, counts, signed)


def receive(box: Box, library: str, counts: Mapping[int, str], signed: Signed) -> Handover:
    """A library receives a box: counted, signed for. It answers for what is there; what is missing is lost."""
    return _keep(box, Act.RECEIVED, library, None, counts, signed)


def _keep(
    box: Box, act: Handover.Act, library: str, other: str | None, counts: Mapping[int, str], signed: Signed
) -> Handover:
    if not signed.name.strip():
        raise Trouble("box_unsigned")
    with bulk.writing():
        Box.objects.select_for_update().get(pk=box.pk)
        known = Handover.objects.filter(key=signed.key).first()
        if known is not None:
            return known
        inside = list(BoxCopy.objects.filter(box=box).values_list("copy_id", flat=True))
        if not inside:
            raise Trouble("box_empty", box=box.pk)
        year = timezone.localdate(signed.at).year
        made = Handover.objects.create(
            box=box,
            act=act,
            library_id=library,
            other_id=other,
            counts={str(copy): counts[copy] if counts.get(copy) in COUNTS else HERE for copy in inside},
            signed=signed.name.strip()[:100],
            carrier=signed.carrier.strip()[:100],
            note=signed.note.strip()[:500],
            key=signed.key,
            at=signed.at,
            kept_at=timezone.now(),
            by=signed.by,
            year=year,
            number=_next_number(year),
        )
        _follow(box, inside, made)
        audit.record(signed.by, f"box.{act}", box.pk, library=library, number=f"{year}/{made.number}")
    return made


def _next_number(year: int) -> int:
    last = Handover.objects.select_for_update().filter(year=year).order_by("-number").first()
    return 1 + (last.number if last else 0)


def places(home: str, done: Sequence[Handover], copies: Iterable[int]) -> dict[int, Where]:
    """Where each copy is after all of these hand-overs, in the order in which they were done."""
    found = {copy: Where(home, State.WITH) for copy in copies}
    for one in sorted(done, key=lambda each: (each.at, each.key)):
        for copy, before in found.items():
            count = one.counts.get(str(copy))
            if count is None:
                continue
            if count == MISSING:
                found[copy] = Where(before.custodian, State.LOST)
            else:
                found[copy] = Where(one.library_id, State.WITH if one.act == Act.RECEIVED else State.ON_THE_WAY)
    return found


def _follow(box: Box, copies: Sequence[int], made: Handover) -> None:
    """Custody follows: each copy by the acts that lead from where it was to where it is."""
    wanted = places(box.home_id, _done(box), copies)
    now = {one.pk: one for one in Copy.objects.filter(pk__in=copies)}
    for copy, where in wanted.items():
        for number, (act, library) in enumerate(_way(now[copy].custodian_id, now[copy].state, where)):
            deed = custody.Deed("rotation", box.pk, f"box:{made.key}:{number}"[:120], made.by, made.at)
            if act == "lose":
                custody.lose([copy], deed)
            else:
                {"send": custody.send, "receive": custody.receive, "find": custody.find}[act]([copy], library, deed)


def _way(custodian: str, state: str, where: Where) -> list[tuple[str, str]]:
    """The acts of custody from one state to another."""
    if (custodian, state) == where:
        return []
    steps = []
    if state == State.LOST:
        steps.append(("find", where.custodian))
    elif custodian != where.custodian or (state == State.ON_THE_WAY and where.state != State.ON_THE_WAY):
        steps += [("send", custodian)] if state == State.WITH else []
        if where.state != State.LOST or custodian != where.custodian:
            steps.append(("receive", where.custodian))
    if where.state == State.ON_THE_WAY:
        steps.append(("send", where.custodian))
    elif where.state == State.LOST:
        steps.append(("lose", where.custodian))
    return steps
