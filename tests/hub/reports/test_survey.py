"""The survey of a real catalog, on both databases, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hub.catalog.models import Member, Record
from hub.network.models import Library
from hub.reports import survey
from hub.reports.models import Survey
from hub.stages.match import match
from hub.stages.merge import merge_due
from schemas.record import Record as Content
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw


def for_children(number: str, title: str, copies: str) -> Content:
    content = book(number, title, author="Tô Hoài", year=2020, copies=copies)
    fields = tuple((tag, f"{text[:22]}b{text[23:]}") if tag == "008" else (tag, text) for tag, text in content.fields)
    if not any(tag == "008" for tag, _ in fields):
        fields = (("008", "260101s2020    vm a   b      000 0 vie d"), *fields)
    return replace(content, fields=fields)


@pytest.fixture
def two_areas(store: str) -> str:
    """Two wards: the one has six copies of a book that the other lacks; both have another."""
    city = source("thanh-pho", "HP-TP", "Thư viện thành phố")
    school = source("truong-le-loi", "HP-LL", "Trường Lê Lợi")
    many = " ".join(f"A{n}" for n in range(6))
    arrive(city, [raw(for_children("1", "Dế Mèn phiêu lưu ký", many)), raw(for_children("2", "Quê nội", "B1"))])
    arrive(school, [raw(for_children("1", "Quê nội", "C1"))])
    match()
    merge_due()
    Library.objects.filter(pk=city.library_id).update(unit="Gia Viên")
    Library.objects.filter(pk=school.library_id).update(unit="Lê Chân")
    return store


def test_copies_are_counted_by_area_and_a_title_once(two_areas: str) -> None:
    body = survey.make("Lan").body
    assert body["looked_at"] == len(set(Member.objects.values_list("union", flat=True))) == 2
    assert body["areas"]["Gia Viên"]["titles"]["b"] == 2
    assert body["areas"]["Gia Viên"]["copies"]["b"] == 7
    assert body["areas"]["Lê Chân"]["titles"]["b"] == 1
    assert [(line[1], line[4], line[5]) for line in body["often"]] == [("Dế Mèn phiêu lưu ký", 6, "Gia Viên")]
    assert body["nobody"] == []


def test_the_same_catalog_gives_the_same_findings(two_areas: str) -> None:
    first = survey.make("Lan")
    assert survey.make("Hoa").digest == first.digest
    Record.objects.update(due=1)
    match()
    merge_due()
    assert survey.make("Lan").digest == first.digest


def test_books_are_read_in_parts(two_areas: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = survey.survey().dump()
    monkeypatch.setattr(survey, "BATCH", 1)
    assert survey.survey().dump() == whole


def test_old_surveys_go(two_areas: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "KEPT", 2)
    made = [survey.make("Lan").pk for _ in range(3)]
    assert set(Survey.objects.values_list("pk", flat=True)) == set(made[1:])


def test_the_page_shows_what_was_found_and_gives_it_as_tables(two_areas: str, as_role: Callable[..., Any]) -> None:
    client = as_role("department_officer")
    assert "Chưa ai xem" in client.get("/con-thieu").content.decode()
    assert client.post("/con-thieu/khao-sat").status_code == 302
    page = client.get("/con-thieu?area=Lê Chân").content.decode()
    assert "Dế Mèn phiêu lưu ký" in page
    assert "ở Gia Viên; 1 khu vực không có" in page
    table = client.get("/con-thieu/often.csv").content.decode("utf-8-sig")
    assert table.splitlines()[1].split(",")[1:] == ["Dế Mèn phiêu lưu ký", "Tô Hoài", "b", "6", "Gia Viên", "1"]
    assert client.get("/con-thieu/x.csv").status_code == 404


def test_a_large_catalog_is_surveyed_by_command(
    two_areas: str, as_role: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "LARGE", 1)
    client = as_role("department_officer")
    assert "lienthong gaps" in client.get("/con-thieu").content.decode()
    client.post("/con-thieu/khao-sat")
    assert not Survey.objects.exists()


def test_the_map_puts_areas_amid_their_libraries_and_private_ones_nowhere(two_areas: str) -> None:
    Library.objects.filter(pk="HP-TP").update(latitude=20.85, longitude=106.69)
    Library.objects.create(code="HP-X", name_vi="X", unit="Gia Viên", latitude=20.87, longitude=106.71)
    Library.objects.create(code="HP-V", name_vi="Họ Vũ", kind="clan", unit="Vĩnh Am", latitude=20.6, longitude=106.5)
    assert survey.places() == {"Gia Viên": (pytest.approx(20.86), pytest.approx(106.70))}
    Library.objects.create(code="HP-NXB", name_vi="NXB", kind="publisher", unit="Hồng Bàng")
    assert set(survey.areas_of().values()) == {"Gia Viên", "Lê Chân", "Vĩnh Am"}


def test_class_sets_of_textbooks_are_not_too_many(two_areas: str) -> None:
    school = source("truong-le-loi", "HP-LL", "Trường Lê Lợi")
    arrive(school, [raw(for_children("7", "Toán 5", " ".join(f"SGK-{n}" for n in range(30))))])
    assert [line[1] for line in survey.make("Lan").body["often"]] == ["Dế Mèn phiêu lưu ký"]
