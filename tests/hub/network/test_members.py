"""Who belongs to the network: in law, branches, groups, applications, and how one leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hub.accounts.models import AuditEvent, Grant, Invitation
from hub.catalog.models import Record, Union
from hub.custody import custody
from hub.network import groups
from hub.network.models import Application, Group, Library, Membership
from hub.network.types import BY_KIND, LEGAL, legal_type
from hub.sources import KINDS
from hub.stages import leaving, soon
from schemas.problem import Trouble
from tests.hub.lending.conftest import CITY, NOW, SCHOOL, WARD, act, asked, three

__all__ = ("three",)
DAY = date(2026, 11, 1)


def test_every_kind_is_something_in_law_or_said_not_to_be() -> None:
    assert set(BY_KIND) <= set(KINDS)
    assert set(KINDS) - set(BY_KIND) == {"digital", "other"}
    assert set(BY_KIND.values()) <= set(LEGAL)
    assert legal_type(Library(kind="clan")) == "point"
    assert legal_type(Library(kind="clan", legal="7")) == "7"


def test_a_library_leaves_with_tombstones_and_can_come_back(three: str) -> None:
    city = Library.objects.get(pk=CITY)
    before = Union.objects.filter(deleted=False).count()
    assert leaving.leave(city, DAY, Library.objects.get(pk=WARD), by="Lan") == 1
    soon.FOLLOWER.wait()
    assert set(Record.objects.filter(source__library=CITY).values_list("state", flat=True)) == {"deleted"}
    assert Union.objects.filter(deleted=False).count() == before, "the ward has the book too"
    city.refresh_from_db()
    assert (city.left_on, city.successor_id) == (DAY, WARD)
    with pytest.raises(Trouble, match="left already"):
        leaving.leave(city, DAY, None, by="Lan")
    leaving.come_back(city, by="Lan")
    assert Library.objects.get(pk=CITY).left_on is None


def test_who_has_books_of_others_leaves_when_they_are_home(three: str) -> None:
    loan = act(act(asked(), "send"), "receive")
    for code in (CITY, SCHOOL):
        with pytest.raises(Trouble, match="cannot leave yet"):
            leaving.leave(Library.objects.get(pk=code), DAY, None, by="Lan")
    assert Record.objects.filter(source__library=CITY, state="live").exists()
    act(act(loan, "return", days=2), "check_in", days=3)
    assert not custody.away(CITY).exists()
    leaving.leave(Library.objects.get(pk=CITY), DAY, None, by="Lan")
    soon.FOLLOWER.wait()


def test_a_group_has_its_liaison_library_and_its_time(three: str) -> None:
    made = groups.make("CUM-1", "Cụm Lê Chân", Library.objects.get(pk=CITY), "12/TT-2026", DAY, by="Lan")
    school = Library.objects.get(pk=SCHOOL)
    for _ in range(2):
        groups.join(made, school, DAY, by="Lan")
    assert [one.library_id for one in groups.present(made).order_by("library")] == [SCHOOL, CITY]
    groups.leave(made, school, date(2026, 11, 20), by="Lan")
    assert [one.library_id for one in groups.present(made)] == [CITY]
    assert Membership.objects.count() == 2, "that it was there stays known"
    for code, name in (("CUM-1", "x"), ("cụm", "x"), ("C", " ")):
        with pytest.raises(Trouble):
            groups.make(code, name, None, "", DAY, by="Lan")
    assert Group.objects.count() == 1


def form(**values: str) -> dict[str, str]:
    return {"name": "Tủ sách họ Vũ", "kind": "clan", "unit": "Xã Vĩnh Am", "email": "vu@ho.example", "phone": "",
            "note": "<b>x</b>", **values}  # fmt: skip


def test_somebody_asks_and_a_coordinator_answers(three: str, as_role: Callable[..., Any], client: Any) -> None:
    assert client.post("/tham-gia", form()).status_code == 302
    assert client.post("/tham-gia", form(email="x")).status_code == 400
    assert client.post("/tham-gia", form(kind="nhà")).status_code == 400
    asked_for = Application.objects.get()
    desk = as_role("coordinator")
    page = desk.get("/mang-luoi/don").content.decode()
    assert "Tủ sách họ Vũ" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    taken = desk.post("/mang-luoi/don", {"number": asked_for.pk, "act": "accept", "code": CITY})
    assert taken.status_code == 400
    assert not Invitation.objects.exists()
    answer = desk.post("/mang-luoi/don", {"number": asked_for.pk, "act": "accept", "code": "VN-HP-0050"})
    assert "/moi/" in answer.content.decode()
    made = Library.objects.get(pk="VN-HP-0050")
    assert (made.kind, made.name_vi) == ("clan", "Tủ sách họ Vũ")
    assert Invitation.objects.get().role == "bookcase_owner"
    again = desk.post("/mang-luoi/don", {"number": asked_for.pk, "act": "accept", "code": "VN-HP-0051"})
    assert again.status_code == 400
    assert groups.next_code() == "VN-HP-0051"
    assert not Grant.objects.filter(library_code="VN-HP-0050").exists(), "a link lets in, not an application"


def test_who_asks_too_often_waits(three: str, client: Any) -> None:
    answers = [client.post("/tham-gia", form()).status_code for _ in range(8)]
    assert answers[:5] == [302] * 5
    assert 400 in answers[5:]
    assert Application.objects.count() < 8


def test_refused_with_a_reason(three: str, client: Any, as_role: Callable[..., Any]) -> None:
    client.post("/tham-gia", form())
    number = Application.objects.get().pk
    as_role("coordinator").post("/mang-luoi/don", {"number": number, "act": "refuse", "why": "Đã có"})
    one = Application.objects.get()
    assert (one.state, one.why, one.library) == ("refused", "Đã có", None)
    assert AuditEvent.objects.filter(act="application.refused").exists()


def test_the_page_counts_branches_with_their_library_and_names_no_home(three: str, client: Any) -> None:
    Library.objects.filter(pk=WARD).update(kind="ward", parent=CITY)
    Library.objects.filter(pk=CITY).update(kind="public")
    Library.objects.create(code="HP-VU", name_vi="Tủ sách họ Vũ", kind="clan")
    page = client.get("/mang-luoi/thanh-vien").content.decode()
    assert "3 thành viên; 1 cơ sở" in page
    assert "Tủ sách họ Vũ" not in page
    assert "1 tủ sách riêng" in page
    assert page.count("<circle") == 2, "the city and the school are side by side"


def test_a_coordinator_says_what_a_library_is(three: str, as_role: Callable[..., Any]) -> None:
    desk = as_role("coordinator")
    values = {"legal": "7", "parent": CITY, "latitude": "20,5", "longitude": "999"}
    assert desk.post(f"/mang-luoi/thanh-vien/{WARD}", values).status_code == 302
    ward = Library.objects.get(pk=WARD)
    assert (ward.legal, ward.parent_id, ward.latitude, ward.longitude) == ("7", CITY, 20.5, None)
    desk.post(f"/mang-luoi/thanh-vien/{CITY}", {"parent": WARD})
    assert Library.objects.get(pk=CITY).parent is None, "a library with branches is no branch"
    page = desk.post(f"/mang-luoi/thanh-vien/{CITY}", {"act": "leave", "day": "2026-11-01", "successor": CITY})
    assert page.status_code == 400
    assert desk.get(f"/mang-luoi/thanh-vien/{CITY}").status_code == 200
    assert NOW


def test_a_library_says_where_it_serves_and_who_is_asked(three: str, as_role: Callable[..., Any]) -> None:
    own = as_role("partner_librarian", SCHOOL)
    address = f"/cua-toi/{SCHOOL}/diem-phuc-vu"
    assert own.post(address, {"act": "add", "name": "Phòng đọc khối 1"}).status_code == 302
    assert own.post(address, {"act": "add", "name": " "}).status_code == 400
    values = {"act": "officers", "lending-name": "Cô Hoa", "lending-phone": "0225 3 000", "systems-email": "x"}
    assert own.post(address, values).status_code == 400
    assert own.post(address, values | {"systems-email": "it@truong.example"}).status_code == 302
    school = Library.objects.get(pk=SCHOOL)
    assert {one.matter: (one.name, one.email) for one in school.officers.all()} == {
        "lending": ("Cô Hoa", ""), "systems": ("", "it@truong.example"),
    }  # fmt: skip
    loan = asked()
    page = as_role("partner_librarian", CITY).get(f"/muon/{loan.pk}").content.decode()
    assert "Cô Hoa" in page
    assert 'href="tel:02253000"' in page
    own.post(address, {"act": "remove", "point": str(school.points.get().pk)})
    own.post(address, {"act": "officers"})
    assert not school.points.exists()
    assert not school.officers.exists()
    assert own.get(f"/cua-toi/{CITY}/diem-phuc-vu").status_code == 404
