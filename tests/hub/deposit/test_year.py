"""A year of publishers and publications with a known truth: obligations, due days and overdue lists exactly right.

The truth is worked out here by another way, day by day from the text of the law as we have it. 40 publishers and 3,000
publications by ``LIENTHONG_FULL=1``, else a tenth.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest

from hub.deposit import deposits
from hub.deposit.models import Duty
from hub.deposit.rules import rules
from hub.network.models import Library

FULL = bool(os.environ.get("LIENTHONG_FULL"))
PUBLISHERS, PUBLICATIONS = (40, 3_000) if FULL else (10, 300)
TET = [date(2026, 2, 14) + timedelta(days=n) for n in range(9)]
OFF = {date(2026, 1, 1), *TET, date(2026, 4, 26), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1),
       date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 1), *(date(2027, 2, n) for n in range(4, 11))}  # fmt: skip


def works(day: date) -> bool:
    return day.weekday() not in (5, 6) and day not in OFF


def before(release: date, days: int) -> date:
    """The last working day that is at least so many days earlier."""
    return next(day for n in range(60) if works(day := release - timedelta(days=days + n)))


def after(release: date, days: int) -> date:
    return next(day for n in range(60) if works(day := release + timedelta(days=days + n)))


def truth(licence: str, form: str, edition: str, run: int | None, release: date) -> Counter[tuple[str, int, date]]:
    """(recipient, copies, due) of a publication for the public in 2026."""
    large = run is None or run >= 300
    if form == "electronic":
        return Counter({("mcst", 1, before(release, 0)): 1, ("nlv", 1, before(release, 0)): 1})
    found = Counter({("nlv", 3 if large else 2, after(release, 45)): 1})
    ten = before(release, 10)
    if edition == "reprint":
        found[("mcst", 1, ten)] += 1
        found.update({("province", 1, ten): 1} if licence == "province" else {})
    elif licence == "province":
        found.update({("province", 2 if large else 1, ten): 1, ("mcst", 1, ten): 1})
    else:
        found[("mcst", 3 if large else 2, ten)] += 1
    return found


def test_a_year_of_publications(store: str) -> None:
    if store == "postgresql" and not FULL:
        pytest.skip("on PostgreSQL by LIENTHONG_FULL=1")
    chance = random.Random(2026)
    houses = [
        Library.objects.create(code=f"NXB-{n:02}", name_vi=f"Nhà xuất bản {n}", kind="publisher")
        for n in range(PUBLISHERS)
    ]
    wanted: dict[int, Counter[tuple[str, int, date]]] = {}
    for number in range(PUBLICATIONS):
        licence = chance.choice(("publisher", "publisher", "ministry", "province"))
        form, edition = chance.choice(("print", "print", "electronic")), chance.choice(("new", "changed", "reprint"))
        run = chance.choice((None, 50, 299, 300, 5000))
        release = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        said = {"title": f"Sách {number}", "licence": licence, "form": form, "edition": edition, "content": "open",
                "run": str(run or ""), "release": release.isoformat()}  # fmt: skip
        made = deposits.declare(chance.choice(houses), deposits.checked(said), by="Lan")
        wanted[made.pk] = truth(licence, form, edition, run, release)
    kept: dict[int, Counter[tuple[str, int, date]]] = {number: Counter() for number in wanted}
    for publication, recipient, copies, due in Duty.objects.values_list("publication", "recipient", "copies", "due"):
        kept[publication][(recipient, copies, due)] += 1
    assert kept == wanted

    met, waived = set[int](), set[int]()
    for day in (date(2026, 3, 2), date(2026, 6, 30), date(2026, 12, 31), date(2027, 3, 1)):
        for duty in chance.sample(list(Duty.objects.filter(deposits.is_open())), PUBLICATIONS // 5):
            if chance.random() < 0.9:
                deposits.deposited(duty.pk, None, day, "", by="Lan")
                met.add(duty.pk)
            else:
                deposits.waive(duty.pk, "lý do", by="Lan")
                waived.add(duty.pk)
        late = {
            (publication, key)
            for publication, found in wanted.items()
            for key in found
            if key[2] < day
        } - {
            (one.publication_id, (one.recipient, one.copies, one.due))
            for one in Duty.objects.filter(pk__in=met | waived)
        }  # fmt: skip
        assert {(one.publication_id, (one.recipient, one.copies, one.due)) for one in deposits.overdue(day)} == late
    assert len(rules().rules) == 11
