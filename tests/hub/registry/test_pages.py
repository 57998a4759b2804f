"""Pages of administrative units: any day, a unit's history, placing libraries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import AuditEvent
from hub.network import units
from hub.network.models import Library, Place, Unit
from tests.hub.network.test_units import AFTER, BEFORE, library, table, unit


@pytest.fixture
def known(catalog: Path) -> Path:
    units.keep(table())
    return catalog


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_day_shows_the_units_of_that_day(known: Path) -> None:
    units.put(library("VN-HP-1", "Thư viện Một"), unit("11350", BEFORE), date(2023, 4, 10), by="Lan")
    units.settle(AFTER, by="x")
    then = text(Client().get("/mang-luoi/khu-vuc", {"on": "2023-12-31"}))
    assert "Quận Ngô Quyền 306 1" in then, "a district counts what is in its wards"
    assert "Phường Đông Khê 11350 1" in then
    assert "Phường Hoà Bình" not in then, "none there, so it is left out"
    assert "Phường Hoà Bình" in text(Client().get("/mang-luoi/khu-vuc", {"on": "2023-12-31", "all": "1"}))
    now = text(Client().get("/mang-luoi/khu-vuc", {"on": "2026-03-01"}))
    assert "Phường Gia Viên 11359 1" in now
    assert "Quận" not in now
    assert "Chưa biết đơn vị nào" in text(Client().get("/mang-luoi/khu-vuc", {"on": "1990-01-01"}))


@pytest.mark.parametrize("day", ["31/12/2023", "x", "2023-13-01", "9" * 400, "2023-12-31\x00"])
def test_what_is_no_day_is_said(known: Path, day: str) -> None:
    response = Client().get("/mang-luoi/khu-vuc", {"on": day})
    assert response.status_code == 400
    assert "Đó không phải là ngày" in text(response)


def test_a_unit_tells_where_it_came_from_and_what_became_of_it(known: Path) -> None:
    units.put(library("VN-HP-1", "Thư viện Một"), unit("11359", AFTER), date(2025, 7, 1), by="Lan")
    units.put(library("VN-HP-2", "Tủ sách Vũ", kind="family"), unit("11359", AFTER), date(2025, 7, 1), by="Lan")
    page = text(Client().get(f"/mang-luoi/khu-vuc/{unit('11359', AFTER).pk}"))
    assert "Phường Đông Khê 11350 " in page
    assert "Phường Hoà Bình 11353, một phần" in page
    assert "Thư viện Một" in page
    assert "Tủ sách Vũ" not in page
    assert "1 tủ sách riêng" in page
    before = text(Client().get(f"/mang-luoi/khu-vuc/{unit('11350', BEFORE).pk}"))
    assert "Trở thành Phường Gia Viên 11359" in before
    assert Client().get("/mang-luoi/khu-vuc/99999").status_code == 404


def test_a_coordinator_places_what_waits(known: Path, as_role: Callable[..., Any]) -> None:
    library("VN-HP-1", "Thư viện Một", unit="Gia Viên")
    library("VN-HP-2", "Thư viện Hai", unit="Ngã Ba")
    client = as_role("coordinator")
    assert client.post("/mang-luoi/xep", {"act": "settle"}).status_code == 302
    page = text(client.get("/mang-luoi/xep"))
    assert "Thư viện Hai" in page
    assert "Thư viện Một" not in page
    here = unit("10888", AFTER)
    refused = client.post("/mang-luoi/xep", {"library": "VN-HP-2", "unit": here.pk, "since": "2020-01-01"})
    assert refused.status_code == 400
    assert "Ngày 01/01/2020 không có đơn vị" in text(refused)
    for wrong in ({"unit": ""}, {"since": ""}, {"library": "X"}, {"unit": "9" * 30}):
        values = {"library": "VN-HP-2", "unit": here.pk, "since": "2025-07-01", **wrong}
        assert client.post("/mang-luoi/xep", values).status_code == 400
    client.post("/mang-luoi/xep", {"library": "VN-HP-2", "unit": here.pk, "since": "2025-07-01"})
    assert units.unit_of("VN-HP-2", AFTER) == here
    assert Place.objects.get(library="VN-HP-2").by == client.user.signature
    assert AuditEvent.objects.filter(act="network.placed", about="VN-HP-2").exists()
    assert "Thư viện nào cũng đã có đơn vị" in text(client.get("/mang-luoi/xep"))
    assert Library.objects.count() == 2
    assert Unit.objects.exists()
