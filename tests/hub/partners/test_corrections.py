"""Corrections by the library's own people: kept through harvests and rebuilds, overtaken when the source changes."""

from __future__ import annotations

import pytest

from hub.catalog import writes
from hub.catalog.models import Bib, Correction, RawRecord, Record
from hub.match.description import Description
from hub.normalize.corrections import FIELDS, value_of, with_value
from hub.normalize.corrections import Correction as Standing
from hub.normalize.corrections import correct as apply
from hub.stages import corrections, soon
from hub.stages.normalize import normalize_pending
from schemas.problem import Trouble
from tests.hub.stages.books import book, raw
from tests.hub.stages.test_path import arrive, unite

BY = "lan@thu-vien.example"
SAMPLE = book("1", "De men phieu luu ki /", isbn="978-604-2-99001-1", volume="1", pages="143")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "soon", soon.unite)


def record(identifier: str = "1") -> Record:
    return Record.objects.select_related("source__library").get(identifier=identifier)


def said(identifier: str = "1") -> Description:
    return Description.load(Bib.objects.get(record__identifier=identifier).description)


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_can_be_set_and_emptied(field: str) -> None:
    new = {"language": "eng", "audience": "j", "isbn": "9786042990028", "year": "2019"}.get(field, "Chữ mới")
    made = with_value(SAMPLE, field, new)
    assert value_of(made, field) == new
    others = [other for other in FIELDS if other != field]
    assert [value_of(made, other) for other in others] == [value_of(SAMPLE, other) for other in others]
    emptied = with_value(made, field, "")
    assert value_of(emptied, field) == ""
    assert value_of(with_value(emptied, field, new), field) == new


def test_the_mark_before_the_next_subfield_stays() -> None:
    assert with_value(SAMPLE, "title", "Dế Mèn phiêu lưu ký").first("245", "a") == "Dế Mèn phiêu lưu ký /"


def test_what_the_source_changes_itself_counts() -> None:
    one = Standing(7, "title", "De men phieu luu ki", "De men phieu luu ki", "Dế Mèn phiêu lưu ký")
    assert value_of(apply(SAMPLE, SAMPLE, [one]).record, "title") == "Dế Mèn phiêu lưu ký"
    changed = with_value(SAMPLE, "title", "Dế Mèn")
    result = apply(changed, changed, [one])
    assert value_of(result.record, "title") == "Dế Mèn"
    assert result.overtaken == (7,)


def test_a_correction_survives_the_next_harvest_and_a_rebuild(store: str) -> None:
    arrive("a", [raw(book("1", "De men phieu luu ki"))])
    unite()
    made = corrections.correct_fields(record(), {"title": "Dế Mèn phiêu lưu ký", "year": "2021"}, by=BY)
    assert [one.field for one in made] == ["title", "year"]
    assert (said().title, said().year) == ("Dế Mèn phiêu lưu ký", 2021)
    bytes_before = [bytes(one.body) for one in RawRecord.objects.order_by("id")]
    arrive("a", [raw(book("1", "De men phieu luu ki", pages="150"))])
    unite()
    assert (said().title, said().pages) == ("Dế Mèn phiêu lưu ký", 150)
    content = Bib.objects.get(record__identifier="1").marc
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert Bib.objects.get(record__identifier="1").marc == content
    assert [bytes(one.body) for one in RawRecord.objects.order_by("id")][: len(bytes_before)] == bytes_before


def test_overtaken_agreed_and_undone(store: str) -> None:
    arrive("a", [raw(book("1", "De men phieu luu ki"))])
    corrections.correct_fields(record(), {"title": "Dế Mèn phiêu lưu ký"}, by=BY)
    state = {one.field: one.state for one in corrections.fields_of(record())}
    assert state["title"] == "corrected"
    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký"))])
    assert {one.field: one.state for one in corrections.fields_of(record())}["title"] == "agreed"
    arrive("a", [raw(book("1", "Dế mèn của Tô Hoài"))])
    assert {one.field: one.state for one in corrections.fields_of(record())}["title"] == "overtaken"
    assert said().title == "Dế mèn của Tô Hoài"
    corrections.correct_fields(record(), {"title": "Dế Mèn phiêu lưu ký"}, by=BY)
    assert said().title == "Dế Mèn phiêu lưu ký"
    corrections.undo(Correction.objects.get(undone_at=None).pk, by=BY)
    assert said().title == "Dế mèn của Tô Hoài"
    assert {one.field: one.state for one in corrections.fields_of(record())}["title"] == ""


def test_a_value_as_the_source_has_it_ends_the_correction(store: str) -> None:
    arrive("a", [raw(book("1", "De men phieu luu ki"))])
    corrections.correct_fields(record(), {"title": "Dế Mèn"}, by=BY)
    assert corrections.correct_fields(record(), {"title": "De men phieu luu ki"}, by=BY) == []
    assert said().title == "De men phieu luu ki"
    assert not Correction.objects.filter(undone_at=None).exists()
    with pytest.raises(Trouble, match="title"):
        corrections.correct_fields(record(), {"title": "  "}, by=BY)
