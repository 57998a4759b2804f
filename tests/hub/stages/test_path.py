"""The path of a record through the store, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from hub.catalog import arrivals, bulk, runs, writes
from hub.catalog.models import Bib, Decision, Holding, Member, Record, Rejection, Run, Source, Union
from hub.network.models import Library
from hub.provide import dumps
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_pending
from hub.stages.publish import publish
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from tests.hub.stages.books import book, raw

ISBN = "978-604-2-99001-1"


def source(name: str, trust: int = 50) -> Source:
    library, _ = Library.objects.get_or_create(code=f"L-{name}", defaults={"name_vi": f"Thư viện {name}"})
    return Source.objects.get_or_create(
        name=name, defaults={"library": library, "connector": "files", "format": "marc21", "trust": trust}
    )[0]


def arrive(name: str, records: Sequence[RawRecord], *, trust: int = 50) -> dict[str, int]:
    """One whole harvest of a source, its ledger back."""
    run, fence = runs.open_run(source(name, trust), "test", False)
    arrivals.store_page(run, fence, records, {"done": True})
    normalize_pending()
    return finish(run, fence).counts


def unite() -> None:
    match()
    merge_due()
    publish()


def exported(table: str) -> list[dict[str, str]]:
    stream = io.BytesIO()
    dumps.table(table, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode())))


def union_file() -> bytes:
    stream = io.BytesIO()
    dumps.records("marcxml", stream)
    return stream.getvalue()


def clusters() -> set[frozenset[tuple[str, str]]]:
    groups: dict[str, set[tuple[str, str]]] = {}
    for row in exported("clusters"):
        groups.setdefault(row["cluster"], set()).add((row["library"], row["identifier"]))
    return {frozenset(group) for group in groups.values()}


def test_ledger_balances_and_a_second_harvest_changes_nothing(store: str) -> None:
    good = [raw(book("1", "Dế Mèn phiêu lưu ký")), raw(book("2", "Đất rừng phương Nam", author="Đoàn Giỏi"))]
    broken = RawRecord("3", b"rubbish", "byte 900", problem=Problem("marc_leader"))
    unreadable = RawRecord("4", b"00030nam a2200025   4500\x1e\x1d", "byte 950")
    first = arrive("a", [*good, broken, unreadable])
    assert first == {"received": 4, "created": 2, "updated": 0, "unchanged": 0, "deleted": 0, "rejected": 2}
    before = list(Record.objects.order_by("id").values())
    second = arrive("a", [*good, broken, unreadable])
    assert second == {"received": 4, "created": 0, "updated": 0, "unchanged": 2, "deleted": 0, "rejected": 2}
    assert list(Record.objects.order_by("id").values()) == before
    third = arrive("a", [raw(book("1", "Dế Mèn phiêu lưu kí")), raw(book("2", ""), deleted=True)])
    assert third == {"received": 2, "created": 0, "updated": 1, "unchanged": 0, "deleted": 1, "rejected": 0}


def test_rejected_bytes_and_every_version_are_kept(store: str) -> None:
    arrive("a", [RawRecord("x", b"\xff\xfe not marc", "byte 17", problem=Problem("marc_leader"))])
    arrive("a", [raw(book("1", "Một"))])
    arrive("a", [raw(book("1", "Hai"))])
    stream = io.BytesIO()
    dumps.raw("a", stream)
    lines = stream.getvalue().decode().splitlines()
    assert all(part in lines[0] for part in ('"status":"rejected"', '"encoding":"base64"', "byte 17"))
    assert all(part in lines[1] for part in ('"status":"stored"', "Hai"))
    assert len(bulk.query("SELECT 1 FROM catalog_rawrecord")) == 3
    assert exported("rejected")[0]["code"] == "marc_leader"


def test_a_record_that_is_mended_leaves_quarantine(store: str) -> None:
    arrive("a", [RawRecord("1", b"rubbish", "byte 0", problem=Problem("marc_leader"))])
    assert Rejection.objects.count() == 1
    ledger = arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký"))])
    assert ledger["updated"] == 1
    assert Rejection.objects.count() == 0
    assert Bib.objects.count() == 1


def test_the_same_book_of_two_libraries_becomes_one_with_both_holdings(store: str) -> None:
    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN, copies="VV1 VV2"))])
    arrive("b", [raw(book("9", "DẾ MÈN PHIÊU LƯU KÍ", isbn=ISBN, note="Sách hay", copies="X1"))], trust=90)
    unite()
    assert clusters() == {frozenset({("L-a", "1"), ("L-b", "9")})}
    union = Union.objects.get(deleted=False)
    assert (union.id, union.members, union.copies) == (1, 2, 3)
    assert sum(int(row["copies"]) for row in exported("holdings")) == 3
    assert "DẾ MÈN PHIÊU LƯU KÍ" in union_file().decode(), "the more trusted source leads"


def test_volumes_marks_and_other_books_stay_apart(store: str) -> None:
    arrive("a", [raw(book("1", "Kính vạn hoa", volume="1")), raw(book("2", "Bố ơi")), raw(book("3", "Toán 4"))])
    arrive("b", [raw(book("1", "Kính vạn hoa", volume="2")), raw(book("2", "Bò ơi")), raw(book("3", "Toán 5"))])
    unite()
    assert all(len(cluster) == 1 for cluster in clusters())


def test_union_numbers_survive_changes_and_tombstones_point_to_the_survivor(store: str) -> None:
    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    arrive("b", [raw(book("1", "Một cuốn khác hẳn", author="Ai đó"))])
    unite()
    assert set(Union.objects.filter(deleted=False).values_list("id", flat=True)) == {1, 2}
    arrive("b", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    unite()
    gone = Union.objects.get(id=2)
    assert (gone.deleted, gone.survivor) == (True, 1)
    arrive("a", [raw(book("1", ""), deleted=True)])
    unite()
    assert Union.objects.get(id=1).deleted
    assert Union.objects.get(id=1).survivor == 2
    back = Union.objects.get(id=2)
    assert (back.deleted, back.survivor, back.members) == (False, None, 1)


def test_a_changed_record_leaves_its_cluster(store: str) -> None:
    same = [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))]
    arrive("a", same)
    arrive("b", same)
    arrive("c", same)
    unite()
    assert len(clusters()) == 1
    arrive(
        "b",
        [raw(book("1", "Totto-chan bên cửa sổ", author="Kuroyanagi Tetsuko", pages="355", publisher="Hội Nhà văn"))],
    )
    unite()
    assert sorted(len(cluster) for cluster in clusters()) == [1, 2]
    check_copies()


def test_a_persons_decision_outranks_the_rules(store: str) -> None:
    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    arrive("b", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    from django.utils import timezone

    Decision.objects.create(first_id=1, second_id=2, verdict="DIFFERENT", by="cataloger", at=timezone.now())
    unite()
    assert len(clusters()) == 2


def test_rebuild_gives_the_same_union_catalog_byte_for_byte(store: str) -> None:
    titles = ["Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Kính vạn hoa", "Hoàng tử bé", "Toán 5", "Toán 4"]
    for name in "abc":
        arrive(name, [raw(book(str(n), title, copies=f"{name}{n}")) for n, title in enumerate(titles)])
        unite()
    arrive("b", [raw(book("2", ""), deleted=True), raw(book("3", "Hoàng tử bé", pages="300"))])
    unite()
    before, numbers = union_file(), set(Union.objects.values_list("id", "deleted", "survivor"))
    writes.clear_derived(by="test")
    assert not Member.objects.exists()
    assert not Holding.objects.exists()
    normalize_pending()
    match()
    merge_due()
    publish(fresh=True)
    assert union_file() == before
    assert set(Union.objects.values_list("id", "deleted", "survivor")) == numbers


def test_increments_give_what_one_go_gives(store: str) -> None:
    titles = ["Dế Mèn phiêu lưu ký", "De men phieu luu ky", "Đất rừng phương Nam", "Kính vạn hoa"]
    records = [(name, raw(book(str(n), title))) for name in "abc" for n, title in enumerate(titles)]
    for name, record in records:
        arrive(name, [record])
        unite()
    little_by_little = clusters()
    for record in Record.objects.all():
        record.due = 1
        record.save()
    bulk.execute("DELETE FROM catalog_member")
    unite()
    assert clusters() == little_by_little


def test_a_late_worker_stores_nothing(store: str) -> None:
    mine = source("a")
    run, fence = runs.open_run(mine, "worker 1", False)
    Source.objects.filter(pk=mine.pk).update(lease_expires=run.started_at)
    other, later = runs.open_run(mine, "worker 2", False)
    assert (other.pk, later) == (run.pk, fence + 1), "the new worker goes on with the same run"
    with pytest.raises(Trouble, match="taken over"):
        arrivals.store_page(run, fence, [raw(book("1", "Một"))], {})
    assert not Record.objects.exists()
    arrivals.store_page(other, later, [raw(book("1", "Một"))], {})
    assert Record.objects.count() == 1


def test_a_held_source_is_refused_with_its_holders_name(store: str) -> None:
    runs.open_run(source("a"), "worker 1", False)
    with pytest.raises(Trouble, match="worker 1"):
        runs.open_run(source("a"), "worker 2", False)


def test_a_first_harvest_without_a_record_is_no_success(store: str) -> None:
    run, fence = runs.open_run(source("a"), "test", False)
    arrivals.store_page(run, fence, [], {})
    report = finish(run, fence)
    assert report.problems[0].code == "nothing_received"
    assert Run.objects.get().status == Run.Status.EMPTY


def test_copies_that_do_not_add_up_stop_the_publication(store: str) -> None:
    arrive("a", [raw(book("1", "Một", copies="A B"))])
    unite()
    Union.objects.update(copies=1)
    with pytest.raises(Trouble, match="add up"):
        publish()


def test_a_rebuild_under_other_rules_ends_the_union_records_that_are_no_more(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.sources import matching_rules
    from hub.stages import match as matching
    from hub.stages import merge as merging

    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    arrive("b", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    strict = matching_rules().model_copy(update={"same": 1_000.0, "fits": 1_000.0})
    with monkeypatch.context() as patched:
        patched.setattr(matching, "matching_rules", lambda: strict)
        patched.setattr(merging, "matching_rules", lambda: strict)
        unite()
    assert set(Union.objects.filter(deleted=False).values_list("id", flat=True)) == {1, 2}
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert list(Union.objects.order_by("id").values_list("id", "deleted", "survivor")) == [
        (1, False, None),
        (2, True, 1),
    ]


def test_a_changed_source_is_audited_and_what_it_touches_is_done_again(store: str) -> None:
    from hub.accounts.models import AuditEvent

    arrive("a", [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    arrive("b", [raw(book("1", "DẾ MÈN PHIÊU LƯU KÝ", isbn=ISBN))])
    unite()
    assert "Dế Mèn" in union_file().decode()
    old = Source.objects.get(name="b")
    values = {"library": old.library, "connector": "files", "format": "marc21", "schedule": "", "settings": {}}
    assert writes.keep_source("b", {**values, "trust": 50}, by="test").trust == 50
    assert not AuditEvent.objects.exists(), "nothing changed"
    writes.keep_source("b", {**values, "trust": 90}, by="test")
    unite()
    assert "DẾ MÈN" in union_file().decode(), "the source that is trusted more now leads"
    event = AuditEvent.objects.get()
    assert (event.act, event.about, event.facts) == ("source.changed", "b", {"keys": ["trust"]})
    writes.keep_source("b", {**values, "trust": 90, "settings": {"reading": {"encoding": "utf-8"}}}, by="test")
    assert list(Record.objects.filter(state="pending").values_list("source__name", flat=True)) == ["b"]
    normalize_pending()
    unite()
    check_copies()


def test_a_union_cut_in_the_middle_goes_on_where_it_stopped(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.stages import merge as merging

    titles = ["Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Kính vạn hoa", "Hoàng tử bé"]
    for name in "ab":
        arrive(name, [raw(book(str(n), title, copies=f"{name}{n}")) for n, title in enumerate(titles)])
    monkeypatch.setattr(merging, "BATCH", 2)
    stored = writes.store_unions
    calls = []

    def cut(rows: Sequence[tuple[object, ...]]) -> None:
        calls.append(len(rows))
        if len(calls) == 3:
            raise KeyboardInterrupt
        stored(rows)

    with monkeypatch.context() as patched:
        patched.setattr(writes, "store_unions", cut)
        with pytest.raises(KeyboardInterrupt):
            unite()
    assert 0 < Union.objects.count() < len(titles), "what was finished before the cut is kept, the cut batch is not"
    unite()
    assert len(clusters()) == len(titles)
    assert Record.objects.filter(due__gt=0).count() == 0
    check_copies()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_ends_as_a_rebuild_would(catalog: object, seed: int) -> None:
    from random import Random

    random = Random(seed)
    titles = ["Dế Mèn phiêu lưu ký", "DE MEN PHIEU LUU KY", "Dế Mèn phiêu lưu kí", "Bố ơi", "Bò ơi", "Toán 4", "Toán 5"]
    for _ in range(25):
        record = book(
            str(random.randrange(4)),
            random.choice(titles),
            isbn=random.choice(["", "", ISBN]),
            pages=random.choice(["143", "144", "300"]),
            volume=random.choice(["", "", "1", "2"]),
            copies="A B"[: random.choice([1, 3])],
        )
        arrive(random.choice("abc"), [raw(record, deleted=random.random() < 0.2)])
        if random.random() < 0.6:
            unite()
    unite()
    check_copies()
    history, live = clusters(), set(Union.objects.filter(deleted=False).values_list("id", "digest", "copies", "work"))
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert clusters() == history
    assert set(Union.objects.filter(deleted=False).values_list("id", "digest", "copies", "work")) == live
