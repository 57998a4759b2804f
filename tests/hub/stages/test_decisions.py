"""People's decisions outrank the rules, outlive harvests and rebuilds, and are never overturned in silence."""

from __future__ import annotations

import pytest

from hub.accounts.models import AuditEvent
from hub.catalog import writes
from hub.catalog.decisions import decide, standing, undo
from hub.catalog.models import Record, Union
from hub.stages.contradictions import contradictions
from hub.stages.normalize import normalize_pending
from schemas.problem import Trouble
from tests.hub.stages.books import book, raw
from tests.hub.stages.test_path import ISBN, arrive, clusters, exported, unite

DE_MEN = book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN)
OTHER = book("1", "Đất rừng phương Nam", author="Đoàn Giỏi")


def rebuild() -> None:
    writes.clear_derived(by="test")
    normalize_pending()
    unite()


def kinds() -> list[tuple[str, bool]]:
    return [(one.kind, one.changed) for one in contradictions()]


def test_different_by_a_person_keeps_apart_what_the_rules_join(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    unite()
    assert len(clusters()) == 1
    decide(2, 1, "DIFFERENT", by="Lan", reason="hai bản in khác nhau")
    unite()
    assert len(clusters()) == 2
    assert kinds() == [("rules_same", False)]
    arrive("b", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN, note="Tái bản"))])
    unite()
    rebuild()
    assert len(clusters()) == 2, "the decision outlives a harvest and a rebuild"
    assert kinds() == [("rules_same", True)], "the rules called them one again after the record had changed"
    assert [event.act for event in AuditEvent.objects.exclude(act="rebuild")] == ["match.decided"]


def test_same_by_a_person_joins_what_a_veto_keeps_apart(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    decide(1, 2, "SAME", by="Lan")
    unite()
    assert (len(clusters()), kinds()) == (1, [])
    arrive("b", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN, volume="2"))])
    unite()
    assert len(clusters()) == 1, "a person's decision is not overturned"
    assert kinds() == [("veto", True)], "and what speaks against it is shown"
    [row] = exported("contradictions")
    assert (row["decision"], row["by"], row["kind"], row["veto"]) == ("SAME", "Lan", "veto", "volume")
    assert (row["library_a"], row["identifier_a"], row["changed"]) == ("L-a", "1", "yes")
    assert "phủ quyết" in row["why"]
    rebuild()
    assert len(clusters()) == 1


def test_same_by_a_person_where_the_rules_see_no_likeness(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(OTHER)])
    decide(1, 2, "SAME", by="Lan")
    unite()
    assert (len(clusters()), kinds()) == (1, [("rules_different", False)])


def test_a_third_record_joins_neither_side_of_a_decision_that_it_would_bridge(store: str) -> None:
    for name in "abc":
        arrive(name, [raw(DE_MEN)])
    decide(1, 2, "DIFFERENT", by="Lan")
    unite()
    assert sorted(map(len, clusters())) == [1, 2]
    assert all(len({library for library, _ in group} & {"L-a", "L-b"}) == 1 for group in clusters() if len(group) > 1)


def test_the_newest_decision_counts_and_undoing_it_brings_the_one_before_back(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(OTHER)])
    decide(1, 2, "SAME", by="Lan")
    unite()
    newer = decide(2, 1, "DIFFERENT", by="Hoa")
    unite()
    assert len(clusters()) == 2
    assert [(one.verdict, one.by) for one in standing([2])] == [("DIFFERENT", "Hoa")]
    undo(newer.pk, by="Hoa")
    unite()
    assert len(clusters()) == 1
    undo(standing()[0].number, by="Lan")
    unite()
    assert (len(clusters()), standing()) == (2, [])
    assert Union.objects.filter(deleted=False).count() == 2


def test_decisions_that_contradict_each_other_are_shown(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    arrive("c", [raw(DE_MEN)])
    decide(1, 2, "SAME", by="Lan")
    decide(2, 3, "SAME", by="Lan")
    decide(1, 3, "DIFFERENT", by="Hoa")
    unite()
    assert [kind for kind, _ in kinds()] == ["decisions"]


def test_a_record_that_goes_and_comes_back_keeps_its_decision(store: str) -> None:
    arrive("a", [raw(DE_MEN)])
    arrive("b", [raw(DE_MEN)])
    decide(1, 2, "DIFFERENT", by="Lan")
    unite()
    arrive("b", [raw(book("1", ""), deleted=True)])
    unite()
    assert (len(clusters()), kinds()) == (1, [])
    arrive("b", [raw(DE_MEN)])
    unite()
    assert Record.objects.get(source__name="b").pk == 2
    assert len(clusters()) == 2


def test_a_decision_needs_a_name(catalog: object) -> None:
    arrive("a", [raw(DE_MEN), raw(book("2", "Khác"))])
    with pytest.raises(Trouble, match="name of the person"):
        decide(1, 2, "SAME", by=" ")
    with pytest.raises(Trouble, match="There is no decision 7"):
        undo(7, by="Lan")
    with pytest.raises(ValueError, match="no decision"):
        decide(1, 1, "SAME", by="Lan")
