"""Explanations from the store: pairs, clusters, what joins them and what keeps them apart."""

from __future__ import annotations

import json

import pytest

from flows.explain_report import lines
from hub.catalog.decisions import decide
from hub.catalog.models import FormerIdentifier, Source
from hub.stages import explain as explaining
from hub.stages import match as matching
from hub.stages.explain import explain_cluster, explain_pair
from schemas.problem import Trouble
from schemas.record import Record, data_field
from tests.hub.stages.books import book, raw
from tests.hub.stages.test_path import ISBN, arrive, unite

DE_MEN = book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN)
FOREST = book("9", "Đất rừng phương Nam", author="Đoàn Giỏi")


def brief(number: str, title: str) -> Record:
    """A record that says no more than title and author."""
    fields = (("001", number), data_field("100", "1 ", [("a", "Tô Hoài")]), data_field("245", "10", [("a", title)]))
    return Record("00000nam a2200000   4500", fields)


def said(told: dict[str, object], language: str = "vi") -> str:
    json.dumps(told, ensure_ascii=False)
    return "\n".join(lines(told, language))


def test_two_records_of_one_publication(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(book("7", "DẾ MÈN PHIÊU LƯU KÍ", publisher="NXB Kim Đồng", year=2021))])
    unite()
    told = explain_pair("a:1", "L-b:7")
    assert (told["together"], told["rules"]["verdict"], told["keys"]["compared"]) == (True, "SAME", True)
    assert {line["field"]: line["outcome"] for line in told["rules"]["evidence"]}["publisher"] == "equal"
    [step] = told["path"]
    assert (step["first"], step["second"], step["verdict"]) == ("a:1", "b:7", "SAME")
    text = said(told)
    assert "SAME: cùng một ấn phẩm (theo tổng điểm)." in text
    assert "«Kim Đồng»" in text
    assert "Cả hai ở trong LT-0000001." in text
    assert "the same publication" in said(told, "en")


def test_a_veto_and_what_would_be_without_it(store: str) -> None:
    arrive("a", [raw(book("1", "Kính vạn hoa", volume="1")), raw(book("2", "Kính vạn hoa", volume="2"))])
    unite()
    told = explain_pair("a:1", "a:2")
    assert (told["together"], told["rules"]["veto"], told["rules"]["without_vetoes"]) == (False, "volume", "SAME")
    assert (told["apart"]["why"], told["apart"]["blockers"]) == ("different", [])
    text = said(told)
    assert "Không có phủ quyết này thì là SAME." in text
    assert "A «1» · B «2»" in text


def test_records_that_share_no_key_were_never_compared(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive(
        "b", [raw(book("9", "Totto-chan bên cửa sổ", author="Kuroyanagi Tetsuko", pages="355", publisher="Văn học"))]
    )
    unite()
    told = explain_pair("a:1", "b:9")
    assert (told["keys"]["compared"], told["keys"]["shared"], told["apart"]["why"]) == (False, [], "different")
    assert f"i{ISBN.replace('-', '')}" in [row["key"] for row in told["keys"]["first"]]
    assert "chưa từng được so" in said(told)
    assert "never compared" in said(told, "en")


def test_records_that_are_the_same_but_share_only_keys_that_too_many_have(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (matching, explaining):
        monkeypatch.setattr(module, "MAX_BLOCK", 1)
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    unite()
    told = explain_pair("a:1", "b:1")
    assert (told["rules"]["verdict"], told["keys"]["compared"]) == ("SAME", False)
    assert {row["records"] for row in told["keys"]["shared"]} == {2}
    assert (told["together"], told["apart"]["why"]) == (False, "never_compared")
    assert "Each key they share has more than 1 records" in said(told, "en")


def test_the_path_that_joins_two_records_without_a_link(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    arrive("c", [raw(FOREST)])
    decide(2, 3, "SAME", by="Lan", reason="bản thảo")
    unite()
    told = explain_pair("a:1", "c:9")
    assert (told["together"], told["rules"]["verdict"]) == (True, "DIFFERENT")
    assert [(step["first"], step["second"]) for step in told["path"]] == [("a:1", "b:1"), ("b:1", "c:9")]
    assert told["path"][1]["decision"]["by"] == "Lan"
    cluster = explain_cluster("LT-0000001")
    assert [record["record"] for record in cluster["records"]] == ["a:1", "b:1", "c:9"]
    assert cluster["bridges"]["records"] == ["b:1"]
    assert [(edge["first"], edge["second"]) for edge in cluster["bridges"]["links"]] == [("a:1", "b:1"), ("b:1", "c:9")]
    assert [(one["kind"], one["second"]) for one in cluster["contradictions"]] == [("rules_different", "c:9")]
    text = said(cluster)
    assert "Biểu ghi làm cầu: b:1" in text
    assert "Mâu thuẫn (b:1 · c:9)" in text
    assert "quyết định của Lan" in said(told)


def test_what_was_nearly_in_the_cluster(store: str) -> None:
    other = book("2", "Dế Mèn phiêu lưu ký", publisher="Văn học", pages="210", year=2009)
    arrive("a", [raw(DE_MEN), raw(other), raw(book("3", "Dế Mèn phiêu lưu ký", volume="2"))])
    arrive("b", [raw(brief("5", "Dế Mèn phiêu lưu ký"))])
    unite()
    told = explain_cluster("b:5")
    assert (told["asked"], len(told["records"]), told["links"]) == ("b:5", 1, [])
    assert {one["union"] for one in told["near"]} == {"LT-0000001", "LT-0000002"}
    assert {one["apart"]["why"] for one in told["near"]} == {"several"}
    assert "LT-0000002" in told["near"][0]["apart"]["others"] + told["near"][1]["apart"]["others"]
    assert "vừa với nhiều ấn phẩm nên chờ" in said(told)
    whole = explain_cluster("LT-0000001")
    assert ("LT-0000003", "volume") in [(one["union"], one["veto"]) for one in whole["kept_away"]]
    assert "Đủ điểm nhưng có phủ quyết:" in said(whole)


def test_a_person_keeps_two_apart(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    decide(1, 2, "DIFFERENT", by="Lan")
    unite()
    told = explain_pair("LT-0000001", "LT-0000002")
    assert (told["rules"]["verdict"], told["apart"]["why"]) == ("SAME", "decision")
    assert [one["kind"] for one in told["contradictions"]] == ["rules_same"]
    assert [(one["union"], one["apart"]["why"]) for one in explain_cluster("a:1")["near"]] == [
        ("LT-0000002", "decision")
    ]


def test_a_vetoed_member_keeps_two_clusters_apart(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    arrive("c", [raw(DE_MEN)])
    decide(1, 2, "DIFFERENT", by="Lan")
    unite()
    told = explain_pair("b:1", "c:1")
    assert told["together"] is False, "the third record is with the first"
    assert told["apart"]["why"] == "decision"
    assert told["apart"]["blockers"][0]["second"] == "a:1"


def test_before_the_union_records_wait(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    told = explain_cluster("a:1")
    assert (told["union"], told["waiting"]) == ("", True)
    assert "lienthong union" in said(told)


@pytest.mark.usefixtures("catalog")
class TestIdentifiers:
    def shelf(self) -> None:
        arrive("a", [raw(DE_MEN), raw(FOREST)])
        arrive("b", [raw(DE_MEN)])
        unite()

    def test_a_merged_record_stands_for_its_survivor(self) -> None:
        arrive("a", [raw(DE_MEN)])
        arrive("b", [raw(book("1", "Một cuốn khác", author="Ai đó"))])
        unite()
        arrive("b", [raw(DE_MEN)])
        unite()
        assert explain_cluster("LT-0000002")["union"] == "LT-0000001"

    def test_unions_and_former_identifiers(self) -> None:
        self.shelf()
        FormerIdentifier.objects.create(
            source=Source.objects.get(name="b"), identifier="cũ", record_id=3, at="2026-01-01T00:00Z"
        )
        assert explain_cluster("b:cũ")["asked"] == "b:1"
        told = explain_pair("LT-0000001", "a:9")
        assert (told["first"]["union"], told["second"]["record"]) == ("LT-0000001", "a:9")

    @pytest.mark.parametrize("name", ["x:1", "a:77", "LT-0000099", "LT-1", "", "a"])
    def test_unknown(self, name: str) -> None:
        self.shelf()
        with pytest.raises(Trouble, match="There is no record"):
            explain_cluster(name)

    def test_not_in_the_catalog_any_more(self) -> None:
        self.shelf()
        arrive("a", [raw(FOREST, deleted=True)])
        unite()
        with pytest.raises(Trouble, match="state deleted"):
            explain_cluster("a:9")
        with pytest.raises(Trouble, match="no longer in the catalog"):
            explain_cluster("LT-0000002")

    def test_one_and_the_same(self) -> None:
        self.shelf()
        for pair in (("a:1", "L-a:1"), ("LT-0000001", "LT-0000001")):
            with pytest.raises(Trouble, match="one and the same"):
                explain_pair(*pair)

    def test_two_sources_of_one_library(self) -> None:
        self.shelf()
        Source.objects.filter(name="b").update(library="L-a")
        with pytest.raises(Trouble, match="a:1, b:1"):
            explain_cluster("L-a:1")
