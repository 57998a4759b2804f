"""A letter in the morning, once a day, where something waits for a library."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail

from hub.accounts import post
from hub.lending import letters
from hub.network import officers
from hub.network.models import Library
from tests.hub.lending.conftest import CITY, NOW, SCHOOL, TITLE, act, asked


def letters_of() -> list[tuple[list[str], str]]:
    post.wait()
    return [(one.to, one.subject) for one in mail.outbox]


def test_who_looks_after_loans_is_told_once_a_day(three: str) -> None:
    for code in (CITY, SCHOOL):
        said = {"lending": {"email": f"muon@{code.lower()}.example"}}
        officers.keep(Library.objects.get(pk=code), said, by="Lan")
    loan = asked("PM-1")
    assert letters.send_daily(NOW - timedelta(hours=3)) == 0, "before seven"
    assert [letters.send_daily(NOW), letters.send_daily(NOW + timedelta(hours=5))] == [1, 0]
    assert letters_of() == [(["muon@hp-tp.example"], "1 phiếu mượn đang đợi Thư viện thành phố")]
    body = str(mail.outbox[0].body)
    assert f"- {TITLE} [PM-1]: trả lời có gửi được không, 10/09/2026" in body
    assert f"/muon/{loan.pk}" in body
    act(loan, "send")
    assert letters.send_daily(NOW + timedelta(days=1)) == 1
    assert letters_of()[-1][0] == ["muon@hp-ll.example"], "now it is the school's turn"
    act(act(loan, "receive"), "return")
    act(loan, "check_in")
    assert letters.send_daily(NOW + timedelta(days=2)) == 0
