"""The page that asks whether a book is on the shelf now: kept for minutes, honest where nothing is known."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hub.catalog.models import Holding, Source
from hub.catalog.reads import union_uid
from hub.lending import suppliers
from hub.normalize.collections import collection
from hub.normalize.holdings import Held, holdings
from schemas.record import Record, data_field
from tests.connectors.partner import Reply, serving
from tests.hub.lending.conftest import CITY, WARD, three, union_of

__all__ = ("three",)


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    cache.clear()


def can_ask(code: str, url: str) -> None:
    source = Source.objects.get(library=code)
    source.settings["availability"] = {"kind": "koha", "url": url, "allow_private": True}
    source.save()


def page() -> str:
    return Client().get(f"/r/{union_uid(union_of())}/con-khong").content.decode()


def test_each_library_answers_for_itself_and_is_asked_once_in_five_minutes(three: str) -> None:
    item = {"holding_library_id": "Kho A", "callnumber": "<b>1</b>", "checked_out_date": None, "not_for_loan_status": 0}
    with serving(lambda said: json.dumps([item]).encode()) as server:
        can_ask(CITY, f"{server.url}/city?id={{id}}")
        can_ask(WARD, "http://127.0.0.1:9/{id}")
        text = page()
        assert ">còn trên giá<" in text
        assert "&lt;b&gt;1&lt;/b&gt;" in text
        assert text.count("Phần mềm của thư viện không trả lời được") == 1
        assert page().count(">còn trên giá<") == 1
        assert [one["id"] for one in server.asked] == ["1"], "the second answer is remembered"


def test_a_record_that_nobody_can_be_asked_about_has_no_such_page(three: str) -> None:
    record = Client().get(f"/r/{union_uid(union_of())}").content.decode()
    assert "con-khong" not in record
    assert Client().get(f"/r/{union_uid(union_of())}/con-khong").status_code == 404
    can_ask(CITY, "http://127.0.0.1:9/{id}")
    assert "con-khong" in Client().get(f"/r/{union_uid(union_of())}").content.decode()


def test_who_asks_without_end_waits(three: str) -> None:
    with serving(lambda said: Reply(b"[]")) as server:
        can_ask(CITY, f"{server.url}/{{id}}")
        address = f"/r/{union_uid(union_of())}/con-khong"
        answers = {Client().get(address).status_code for _ in range(40)}
    assert answers == {200, 429}


def koha(**values: str) -> tuple[str, str]:
    parts: list[Any] = [("b", "CN1"), ("o", "895.9"), *values.items()]
    return data_field("952", "  ", parts)


def test_items_of_koha_say_how_they_stand() -> None:
    fields = (
        koha(p="1"), koha(p="2", **{"7": "0", "1": "0"}), koha(p="3", **{"1": "1"}), koha(p="4", **{"0": "1", "1": "2"}),
        koha(p="5", q="2026-12-01"), koha(p="6", **{"7": "-1"}),
    )  # fmt: skip
    found = holdings(Record("00000nam a2200000   4500", fields))
    assert found == [
        Held("CN1", "895.9", ("1", "2"), 2),
        Held("CN1", "895.9", ("3",), 1, "lost"),
        Held("CN1", "895.9", ("4",), 1, "withdrawn"),
        Held("CN1", "895.9", ("5",), 1, "on_loan"),
        Held("CN1", "895.9", ("6",), 1, "on_site"),
    ]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [(["SGK.0012"], "textbook"), (["", "", "SNV-4"], "teacher"), (["Kho STK"], ""), (["STK 17"], "reference"),
     (["Truyện tranh"], "fiction"), (["REF 030"], "reference"), (["Rừng"], ""), ([], "")],
)  # fmt: skip
def test_what_stock_a_copy_belongs_to(texts: list[str], kind: str) -> None:
    assert collection(texts) == kind


def test_what_is_lost_or_lent_is_lent_to_nobody(three: str) -> None:
    Holding.objects.filter(library=CITY).update(status="on_loan")
    found = {one.pk: why for one, why in suppliers.choose("HP-LL", [union_of()], date(2026, 9, 7))}
    assert (found[CITY].why, found[WARD].why) == ("away", "")
