"""The demonstration's network at work: boxes that travel by a plan, loans that stand at different points.

Everything is made once: where there is a box or a loan already, nothing is done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from flows import sample_deposits
from hub.catalog.models import Holding, Member
from hub.lending import loans
from hub.lending.models import Loan
from hub.network.models import Library
from hub.rotation import boxes, making
from hub.rotation.models import Box
from hub.stages import soon
from schemas.problem import Trouble

BY = "lienthong demo"
LENDER, BORROWERS = "VN-HP-0003", ("VN-HP-0005", "VN-HP-0004", "VN-HP-0002", "VN-HP-0007")
BOXES = (("H-01", "Truyện cổ tích", "ab"), ("H-02", "Truyện thiếu nhi Việt Nam", "bc"), ("H-03", "Khoa học vui", "bcd"))
EACH = 8  # copies in a box
STAND = (  # of each sample loan: what was done, how many days ago
    (),
    (("agree", 1),),
    (("agree", 9), ("send", 8)),
    (("agree", 20), ("send", 19), ("receive", 17)),
    (("agree", 40), ("send", 39), ("receive", 37), ("return", 12), ("check_in", 10)),
    (("refuse", 2),),
)


def set_going() -> None:
    """Boxes with a plan in force, loans, deposits."""
    now = timezone.now()
    if not Box.objects.exists() and Library.objects.filter(pk=LENDER).exists():
        _boxes(now)
    if not Loan.objects.exists():
        _loans(now)
    sample_deposits.set_going(now, [LENDER, *BORROWERS])
    soon.unite()


def _boxes(now: datetime) -> None:
    home = Library.objects.get(pk=LENDER)
    texts = Holding.objects.filter(library=home).order_by("pk").values_list("accessions", flat=True)
    numbers = [number for text in texts for number in text.split("\n") if number]
    for index, (code, name, bands) in enumerate(BOXES):
        box = boxes.make(code, name, home, bands, by=BY)
        boxes.fill(box, numbers[index * EACH : (index + 1) * EACH], by=BY, at=now)
    day = timezone.localdate(now)
    plan = making.make("Luân chuyển mẫu", BORROWERS, day, day + timedelta(days=180), 4, [], by=BY)
    making.put_in_force(plan, by=BY)


def _loans(now: datetime) -> None:
    rows = Member.objects.filter(record__source__library=LENDER).order_by("union").values_list("union", flat=True)
    unions = list(dict.fromkeys(rows))[60 : 60 + len(STAND)]
    for number, (union, acts) in enumerate(zip(unions, STAND, strict=False)):
        ago = max((days for _, days in acts), default=0) + 1
        requester = BORROWERS[number % len(BORROWERS)]
        loan = loans.ask(requester, loans.wish(union), by=BY, at=now - timedelta(days=ago))
        for act, days in acts:
            library = loan.requester_id if act in ("receive", "return") else str(loan.supplier_id)
            try:
                loan = loans.do(loan.pk, loans.Deed(act, library, BY, now - timedelta(days=days), f"demo:{act}"))
            except Trouble:  # nobody has the book: the request shows that
                break
