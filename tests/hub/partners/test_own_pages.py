"""A library's own pages: what they say, whose they are, and what cannot be done on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hub.accounts.models import AuditEvent
from hub.catalog.models import Bib, Correction, Quality, Record
from hub.catalog.reads import union_uid
from hub.match.description import Description
from hub.network.models import Library
from hub.partners import words
from hub.partners.models import Entry
from hub.partners.urls import urlpatterns
from hub.stages import entries, quality
from hub.stages.sheets import cell
from schemas.marcxml import to_marcxml
from schemas.record import RawRecord, data_field
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw

AsRole = Callable[..., Any]
OWN = [pattern for pattern in urlpatterns if "<str:code>" in str(pattern.pattern)]


def text(response: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.split())


def uid_of(identifier: str) -> str:
    return union_uid(Record.objects.get(identifier=identifier).member.union)


def test_of_your_records(libraries: Library, as_role: AsRole) -> None:
    response = as_role("partner_librarian", "HP-LL").get("/cua-toi", follow=True)
    assert response.redirect_chain[-1][0] == "/cua-toi/HP-LL"
    page = text(response)
    assert "Trong 3 biểu ghi của thư viện, 2 đã vào mục lục liên hợp ; 1 cần xem lại" in page
    assert "Điểm là tổng" in page
    assert response.headers["Cache-Control"] == "private, no-store"


def test_several_libraries_are_a_choice(libraries: Library, as_role: AsRole) -> None:
    page = as_role("it_staff").get("/cua-toi")
    assert page.status_code == 200
    assert all(code in page.content.decode() for code in ("HP-TP", "HP-LL", "HP-VU"))


def _address(pattern: Any, code: str) -> str:
    values = {"code": code, "kind": "isbn_none", "what": "trung", "form": "csv", "number": 1, "key": uuid4()}
    if "uuid:number" in str(pattern.pattern):
        values["number"] = uuid4()
    names = pattern.pattern.converters
    return reverse(pattern.name, kwargs={name: values[name] for name in names})


@pytest.mark.parametrize("pattern", OWN, ids=lambda pattern: pattern.name)
def test_another_library_is_not_there(libraries: Library, as_role: AsRole, pattern: Any) -> None:
    client = as_role("partner_librarian", "HP-LL")
    before = (Entry.objects.count(), Correction.objects.count(), Record.objects.count())
    for method in (client.get, client.post):
        assert method(_address(pattern, "HP-TP")).status_code == 404
    assert (Entry.objects.count(), Correction.objects.count(), Record.objects.count()) == before
    assert Client().get(_address(pattern, "HP-TP")).status_code == 302


def test_a_record_of_another_library_is_not_there_under_ones_own_address(libraries: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    foreign = Record.objects.get(identifier="2").pk
    assert client.get(f"/cua-toi/HP-LL/bieu-ghi/{foreign}").status_code == 404
    assert client.post(f"/cua-toi/HP-LL/bieu-ghi/{foreign}", {"title": "x"}).status_code == 404
    assert client.post(f"/cua-toi/HP-LL/sach/{foreign}", {"copies": "3"}).status_code == 404


def test_a_correction_on_the_page(libraries: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    number = Record.objects.get(identifier="S2").pk
    given = {"title": "Ngữ văn 6, tập một", "source_id": "1", "record": "1", "by": "somebody"}
    page = client.post(f"/cua-toi/HP-LL/bieu-ghi/{number}", given, follow=True)
    assert "Đã lưu" in text(page)
    assert Description.load(Bib.objects.get(pk=number).description).title.startswith("Ngữ văn 6")
    one = Correction.objects.get()
    assert (one.by, one.record_id) == (client.user.email, number)
    assert AuditEvent.objects.filter(act="record.corrected", by=client.user.email).count() == 1
    client.post(f"/cua-toi/HP-LL/ban-sua/{one.pk}/hoan-tac")
    assert Description.load(Bib.objects.get(pk=number).description).title == "Ngữ văn 6"
    wrong = client.post(f"/cua-toi/HP-LL/bieu-ghi/{number}", {"isbn": "9786042990012"})
    assert wrong.status_code == 400
    assert "không khớp số kiểm tra" in text(wrong)


def test_what_is_wrong_already_hinders_no_other_correction(libraries: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    damaged = book("D1", "Sách đỏ", isbn="9.78604E+12")
    arrive(Record.objects.get(identifier="S2").source, [raw(damaged)])
    record = Record.objects.get(identifier="D1")
    form = {"title": "Sách đỏ", "isbn": "9.78604E+12", "year": "2001"}
    page = client.post(f"/cua-toi/HP-LL/bieu-ghi/{record.pk}", form, follow=True)
    assert "Đã lưu" in text(page)
    assert [(one.field, one.new) for one in Correction.objects.filter(record=record)] == [("year", "2001")]


def test_who_may_only_look_corrects_nothing(libraries: Library, as_role: AsRole) -> None:
    client = as_role("deposit_clerk")
    number = Record.objects.get(identifier="S2").pk
    assert client.get(f"/cua-toi/HP-LL/bieu-ghi/{number}").status_code == 200
    assert client.post(f"/cua-toi/HP-LL/bieu-ghi/{number}", {"title": "x"}).status_code == 404
    assert client.post("/cua-toi/HP-LL/them/luu", {"title": "x"}).status_code == 403


def test_a_repeat_adds_nothing_twice(libraries: Library, as_role: AsRole) -> None:
    client = as_role("bookcase_owner", "HP-VU")
    key = str(uuid4())
    for _ in range(3):
        said = client.post("/cua-toi/HP-VU/them/luu", {"key": key, "uid": uid_of("1"), "copies": "2"})
        assert said.status_code == 302
    assert entries.totals(libraries) == (1, 2)
    client.post("/cua-toi/HP-VU/them/luu", {"key": str(uuid4()), "uid": uid_of("1"), "copies": "1"})
    assert entries.totals(libraries) == (1, 3), "the same book again is another copy"
    assert AuditEvent.objects.filter(act="copies.add").count() == 2


def test_a_key_of_another_bookcase_does_nothing(libraries: Library, as_role: AsRole) -> None:
    key = str(uuid4())
    as_role("bookcase_owner", "HP-VU").post("/cua-toi/HP-VU/them/luu", {"key": key, "uid": uid_of("1")})
    other = as_role("partner_librarian", "HP-LL")
    assert other.post("/cua-toi/HP-LL/them/luu", {"key": key, "uid": uid_of("2")}).status_code == 400
    assert other.post(f"/cua-toi/HP-LL/them/hoan-tac/{key}").status_code == 404
    assert entries.totals(libraries) == (1, 1)


def test_an_act_that_was_cut_is_done_by_its_repeat(
    libraries: Library, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("bookcase_owner", "HP-VU")
    client.raise_request_exception = False
    given = {"key": str(uuid4()), "uid": uid_of("1"), "copies": "2"}
    with monkeypatch.context() as cut:
        cut.setattr(entries, "put", lambda *a, **k: 1 / 0)
        assert client.post("/cua-toi/HP-VU/them/luu", given).status_code == 500
    assert entries.totals(libraries) == (0, 0)
    client.post("/cua-toi/HP-VU/them/luu", given)
    client.post("/cua-toi/HP-VU/them/luu", given)
    assert entries.totals(libraries) == (1, 2)


def test_add_change_remove_and_undo_each(libraries: Library, as_role: AsRole) -> None:
    client = as_role("bookcase_owner", "HP-VU")

    def undo() -> str:
        act = Entry.objects.order_by("-at").first()
        assert act is not None
        return client.post(f"/cua-toi/HP-VU/them/hoan-tac/{act.pk}").headers["Location"]

    client.post("/cua-toi/HP-VU/them/luu", {"key": str(uuid4()), "uid": uid_of("1")})
    number = Entry.objects.get().record
    client.post(f"/cua-toi/HP-VU/sach/{number}", {"key": str(uuid4()), "copies": "5"})
    assert entries.totals(libraries) == (1, 5)
    undo()
    assert entries.totals(libraries) == (1, 1)
    client.post(f"/cua-toi/HP-VU/sach/{number}", {"key": str(uuid4()), "act": "remove"})
    assert entries.totals(libraries) == (0, 0)
    undo()
    assert entries.totals(libraries) == (1, 1)
    assert (
        "wrong" in client.post(f"/cua-toi/HP-VU/them/hoan-tac/{Entry.objects.order_by('at')[1].pk}").headers["Location"]
    )


def test_a_book_nobody_has(libraries: Library, as_role: AsRole) -> None:
    client = as_role("bookcase_owner", "HP-VU")
    page = client.get("/cua-toi/HP-VU/them", {"q": "gia pha ho Vu"})
    assert "Chưa thư viện nào có" in text(page)
    given = {
        "key": str(uuid4()),
        "title": "Gia phả họ Vũ",
        "year": "2003",
        "copies": "1",
        "library": "HP-TP",
        "trust": "100",
    }
    client.post("/cua-toi/HP-VU/them/luu", given)
    record = Record.objects.get(source__library="HP-VU")
    assert record.source.trust == entries.TRUST
    assert client.post("/cua-toi/HP-VU/them/luu", {**given, "key": str(uuid4()), "year": "03"}).status_code == 400
    assert client.post("/cua-toi/HP-VU/them/luu", {**given, "key": str(uuid4()), "title": " "}).status_code == 400
    oai = client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "marcxml"})
    assert "Gia phả họ Vũ" in oai.content.decode()


@pytest.mark.parametrize(
    "query", ["9786042990011", "978 604 2 99001 1", "978604299001", "9786042990012", "ISBN 978-6O4-2-99OO1-1"]
)
def test_a_book_is_found_by_its_number_however_it_is_typed(libraries: Library, as_role: AsRole, query: str) -> None:
    page = as_role("bookcase_owner", "HP-VU").get("/cua-toi/HP-VU/them", {"q": query})
    assert "Dế Mèn phiêu lưu ký" in text(page)


def test_the_contact_of_a_bookcase_is_private_until_its_owner_says_otherwise(
    libraries: Library, as_role: AsRole
) -> None:
    client = as_role("bookcase_owner", "HP-VU")
    given = {"phone": "0225 123 456", "address": "12 ngõ Đình Đông", "shown": "no", "code": "HP-TP", "name_vi": "Khác"}
    client.post("/cua-toi/HP-VU/cai-dat", given)
    assert "ngõ Đình Đông" not in text(Client().get("/thu-vien/HP-VU"))
    client.post("/cua-toi/HP-VU/cai-dat", {**given, "shown": "yes"})
    assert "ngõ Đình Đông" in text(Client().get("/thu-vien/HP-VU"))
    libraries.refresh_from_db()
    assert libraries.name_vi == "Tủ sách dòng họ Vũ"
    assert client.post("/cua-toi/HP-VU/cai-dat", {"email": "no address"}).status_code == 400
    assert client.post("/cua-toi/HP-VU/cai-dat", {"website": "javascript:alert(1)"}).status_code == 400


def test_quality_is_the_sum_it_says(libraries: Library) -> None:
    found = quality.assess(Library.objects.get(pk="HP-LL"))
    assert (found.records, found.united) == (3, 2)
    assert found.score == round(sum(w * found.parts[p] / 3 for p, w in quality.WEIGHTS.items()), 1)
    assert set(found.faults) <= set(words.FAULTS)
    quality.assess(Library.objects.get(pk="HP-LL"))
    assert Quality.objects.filter(library="HP-LL").count() == 1, "one a day"
    assert not quality.is_due(Library.objects.get(pk="HP-LL"))


def test_files_are_harmless_in_a_spreadsheet(libraries: Library, as_role: AsRole) -> None:
    for evil in ("=HYPERLINK(1)", "+1+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1"):
        assert cell(evil).startswith("'")
    assert cell("Dế Mèn") == "Dế Mèn"
    client = as_role("partner_librarian", "HP-LL")
    for address in ("loi/isbn_none.csv", "chua-doc-duoc.csv", "tep/trung.csv", "tep/tot-hon.mrc", "tep/tot-hon.xml"):
        response = client.get(f"/cua-toi/HP-LL/{address}")
        assert response.status_code == 200, address
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert "S3" in client.get("/cua-toi/HP-LL/chua-doc-duoc.csv").content.decode()
    assert "S1,Dế Mèn phiêu lưu kí,Kho mượn,,B1" in client.get("/cua-toi/HP-LL/von-tai-lieu.csv").content.decode()


def test_a_number_without_its_last_figure_is_mended_with_one_button(libraries: Library, as_role: AsRole) -> None:
    arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(book("9", "Sông Cấm", isbn="978604299002"))])
    client = as_role("partner_librarian", "HP-TP")
    page = client.get("/cua-toi/HP-TP/loi/isbn_short").content.decode()
    full = re.search(r'name="isbn" value="(\d{13})"', page)
    assert full is not None
    number = Record.objects.get(identifier="9").pk
    client.post(f"/cua-toi/HP-TP/bieu-ghi/{number}", {"isbn": full[1]})
    assert Description.load(Bib.objects.get(pk=number).description).isbns == [full[1]]
    assert 'name="isbn"' not in client.get("/cua-toi/HP-TP/loi/isbn_short").content.decode()


@pytest.mark.django_db
def test_a_record_that_does_not_fit_into_the_form_is_told_of(as_role: Callable[..., Any]) -> None:
    long = book("1", "Toàn tập", isbn="9786042990011")
    notes = tuple(data_field("500", "  ", [("a", "chú thích " * 190)]) for _ in range(60))
    koha = source("koha", "HP-TP", "Thư viện thành phố")
    koha.format = "marcxml"
    koha.save()
    arrive(koha, [
        RawRecord("1", to_marcxml(replace(long, fields=(*long.fields, *notes))).encode(), "x"),
        RawRecord("2", to_marcxml(book("2", "Toàn tập", isbn="9786042990011")).encode(), "y"),
    ])  # fmt: skip
    client = as_role("partner_librarian", "HP-TP")
    page = client.get("/cua-toi/HP-TP/tep/trung.mrc").content.decode()
    assert "koha:1" in page
    assert (
        client.get("/cua-toi/HP-TP/tep/trung.mrc", {"rest": "1"}).headers["Content-Type"].startswith("application/marc")
    )
    whole = client.get("/cua-toi/HP-TP/tep/trung.xml").content.decode()
    assert whole.count("<record") == 2, "MARCXML has room for both"
