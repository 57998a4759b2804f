"""Libraries with copies, for tests of loans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.catalog.models import Union
from hub.lending import loans
from hub.lending.models import Loan
from hub.network.models import Library
from hub.stages.match import match
from hub.stages.merge import merge_due
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw

NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)  # 9 o'clock in Hải Phòng
CITY, SCHOOL, WARD = "HP-TP", "HP-LL", "HP-P"
TITLE = "Dế Mèn phiêu lưu ký"


@pytest.fixture
def three(store: str) -> str:
    """The city has two copies of a book, the ward one, the school none."""
    city = source("thanh-pho", CITY, "Thư viện thành phố")
    ward = source("phuong", WARD, "Phòng đọc phường")
    school = source("truong-le-loi", SCHOOL, "Trường Lê Lợi")
    arrive(city, [raw(book("1", TITLE, author="Tô Hoài", year=2020, copies="TP.1 TP.2"))])
    arrive(ward, [raw(book("1", TITLE, author="Tô Hoài", year=2020, copies="P.1"))])
    arrive(school, [raw(book("1", "Quê nội", author="Võ Quảng", year=2019, copies="LL.1"))])
    match()
    merge_due()
    Library.objects.filter(pk=CITY).update(latitude=20.86, longitude=106.68)
    Library.objects.filter(pk=WARD).update(latitude=20.72, longitude=107.05)
    Library.objects.filter(pk=SCHOOL).update(latitude=20.85, longitude=106.69)
    return store


def union_of(title: str = TITLE) -> int:
    return next(one.pk for one in Union.objects.filter(deleted=False) if title in loans.wish(one.pk).title)


def asked(number: str = "", **values: object) -> Loan:
    """The school asks for the book."""
    return loans.ask(SCHOOL, loans.wish(union_of(), number=number, **values), by="Lan", at=NOW)


def act(loan: Loan, name: str, library: str | None = None, days: int = 0, **facts: object) -> Loan:
    """Somebody does something on a page."""
    requester = name in ("cancel", "receive", "renew", "return", "find", "lose")
    code = library or (loan.requester_id if requester else str(loan.supplier_id))
    at = NOW + timedelta(days=days)
    return loans.do(loan.pk, loans.Deed(name, code, "Lan", at, f"{name}:{days}", facts))
