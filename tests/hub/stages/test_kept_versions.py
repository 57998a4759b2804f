"""A new version that cannot be read waits in quarantine; what the record said before stays in the catalog."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest

from hub.catalog import arrivals, quarantine, removals, runs, undoing, waits, writes
from hub.catalog.models import Aside, Bib, Listed, Member, Record, Rejection, Run, Source, Union
from hub.network.models import Library
from hub.provide import dumps
from hub.stages import encoding, lists
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_idle, normalize_pending
from hub.stages.publish import publish
from hub.stages.quarantine import repair, waiting
from schemas.format import Format, find_format
from schemas.marcxml import to_marcxml
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord as Arrived
from schemas.record import Record as Content
from schemas.record import data_field
from tests.hub.stages.books import book

PARTS = ("created", "updated", "unchanged", "deleted", "rejected")
BROKEN = Problem("xml_broken", {"line": "1", "detail": "?"})


def source(name: str = "a") -> Source:
    library, _ = Library.objects.get_or_create(code=f"L-{name}", defaults={"name_vi": f"Thư viện {name}"})
    values = {"library": library, "connector": "files", "format": "marcxml"}
    return Source.objects.get_or_create(name=name, defaults=values)[0]


def arrive(records: Sequence[Arrived], name: str = "a", *, full: bool = False, read: bool = True) -> Run:
    """One harvest of a source; its run."""
    owner = source(name)
    run, fence = runs.open_run(owner, "test", full)
    arrivals.store_page(run, fence, records, {"done": True})
    if read:
        normalize_pending(owner.pk)
        finish(run, fence)
        run.refresh_from_db()
    return run


def sound(key: str, title: str = "Dế Mèn phiêu lưu ký") -> Arrived:
    return Arrived(key, to_marcxml(book(key, title)).encode(), f"record {key}")


def bare(key: str, title: str = "Hoa & lá") -> Arrived:
    """A version with a bare ampersand."""
    body = to_marcxml(book(key, "TITLE")).encode().replace(b"TITLE", title.encode())
    return Arrived(key, body, f"record {key}")


def torn(key: str) -> Arrived:
    """A version that was broken as it arrived."""
    return Arrived(key, b"<record><leader>", f"record {key}", problem=BROKEN)


WAYS = {"read and refused": bare, "broken as it arrived": torn}


def unite() -> None:
    match()
    merge_due()
    check_copies()
    publish()


def balanced() -> bool:
    return all(
        run.received == sum(getattr(run, part) for part in PARTS) and min(getattr(run, part) for part in PARTS) >= 0
        for run in Run.objects.all()
    )


def titles() -> dict[str, str]:
    rows = Bib.objects.filter(record__state="live").order_by("pk").values_list("record__identifier", "marc")
    return {identifier: marc.split("\x1fa")[2].split("\x1e")[0] for identifier, marc in rows}


def state() -> tuple[object, ...]:
    """Everything that a rebuild must give again."""
    records = Record.objects.order_by("id").values_list("id", "state", "raw", "good", "due")
    unions = Union.objects.filter(deleted=False).order_by("id").values_list("id", "digest", "copies", "members")
    refused = Rejection.objects.order_by("pk").values_list("pk", "raw", "code", "arrived")
    return list(records), [(n, bytes(d), *rest) for n, d, *rest in unions], list(refused), titles()


def rebuilt() -> tuple[object, ...]:
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    return state()


@pytest.mark.parametrize("way", WAYS)
class TestKept:
    def test_the_record_stays_as_it_was(self, store: str, way: str) -> None:
        arrive([sound("1"), sound("2", "Đất rừng phương Nam")])
        unite()
        published = list(Union.objects.order_by("id").values())
        run = arrive([WAYS[way]("1")])
        assert (run.updated, run.rejected, run.status) == (0, 1, "succeeded")
        assert [note["code"] for note in run.notes] == ["versions_kept"]
        unite()
        assert titles()["1"].startswith("Dế Mèn")
        assert list(Union.objects.order_by("id").values()) == published
        assert waits.kept(source()) == 1
        assert state() == rebuilt()
        assert list(Union.objects.order_by("id").values()) == published
        assert balanced()

    def test_sent_again_unchanged_it_is_still_rejected(self, store: str, way: str) -> None:
        arrive([sound("1")])
        for _ in range(2):
            run = arrive([WAYS[way]("1")])
            assert (run.received, run.rejected) == (1, 1)
        assert Record.objects.get().state == "live"
        assert Rejection.objects.count() == 1
        assert balanced()

    def test_mended_at_the_source_it_is_read_as_new(self, store: str, way: str) -> None:
        arrive([sound("1")])
        arrive([WAYS[way]("1")])
        run = arrive([sound("1", "Dế Mèn, bản in mới")])
        assert (run.updated, run.rejected) == (1, 0)
        assert titles() == {"1": "Dế Mèn, bản in mới"}
        assert not Rejection.objects.exists()
        assert arrive([sound("1", "Dế Mèn, bản in mới")]).unchanged == 1
        assert balanced()

    def test_a_second_version_that_cannot_be_read_keeps_the_first_good_one(self, store: str, way: str) -> None:
        arrive([sound("1")])
        arrive([WAYS[way]("1")])
        arrive([bare("1", "Cỏ & hoa")])
        assert titles()["1"].startswith("Dế Mèn")
        unite()
        assert state() == rebuilt()
        assert balanced()

    def test_it_may_be_deleted_and_brought_back(self, store: str, way: str) -> None:
        arrive([sound(str(n)) for n in range(9)])
        arrive([WAYS[way]("1")])
        unite()
        run = arrive([Arrived("1", b"", "record 1", deleted=True)])
        assert "1" not in titles()
        assert not Rejection.objects.exists()
        removals.undo(run, "Lan")
        normalize_pending()
        unite()
        assert titles()["1"].startswith("Dế Mèn")
        assert state() == rebuilt()
        assert balanced()

    def test_what_was_never_read_is_rejected(self, store: str, way: str) -> None:
        run = arrive([WAYS[way]("1"), sound("2")])
        assert Record.objects.get(identifier="1").state == "rejected"
        assert (run.created, run.rejected, run.notes) == (1, 1, [])
        unite()
        assert state() == rebuilt()

    def test_the_first_version_may_still_be_unread_when_the_second_comes(self, store: str, way: str) -> None:
        arrive([sound("1")])
        unite()
        arrive([sound("1", "Dế Mèn, bản in mới")], read=False)
        arrive([WAYS[way]("1")])
        assert titles()["1"].startswith("Dế Mèn"), "what was read last"
        unite()
        assert state() == rebuilt()
        assert balanced()

    def test_the_union_is_made_while_it_waits_to_be_read(self, store: str, way: str) -> None:
        arrive([sound("1")])
        arrive([sound("1")], "b")
        arrive([WAYS[way]("1")], read=False)
        arrive([sound("1", "Dế Mèn phiêu lưu ký, in lần hai")], "b")
        unite()
        assert Member.objects.count() == 2
        normalize_pending()
        unite()
        assert Member.objects.count() == 2
        assert state() == rebuilt()

    def test_all_of_them_at_once(self, store: str, way: str) -> None:
        keys = [str(n) for n in range(60)]
        arrive([sound(key, f"Truyện số {key}") for key in keys])
        unite()
        run = arrive([WAYS[way](key) for key in keys], full=True)
        assert (run.rejected, run.status) == (60, "failed")
        assert {"nothing_read", "versions_kept"} == {note["code"] for note in run.notes}
        unite()
        assert len(titles()) == 60
        assert Union.objects.filter(deleted=False).count() == 60


def test_a_mend_of_the_newer_version_is_taken(store: str) -> None:
    arrive([sound("1")])
    arrive([bare("1")])
    report, _ = repair(source(), waiting("a"), by="Lan")
    assert report.counts == {"mended": 1, "rejected": 0}
    assert titles() == {"1": "Hoa & lá"}
    assert Record.objects.get().good == Record.objects.get().raw
    assert arrive([bare("1")]).unchanged == 1
    unite()
    assert state() == rebuilt()
    assert balanced()


def test_better_rules_read_the_newer_version(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive([sound("1")])
    run = arrive([bare("1")])

    def lenient(name: str) -> Format:
        form = find_format(name)
        return replace(form, parse=lambda body, reading: form.parse(body.replace(b" & ", b" &amp; "), reading))

    monkeypatch.setattr("hub.stages.normalize.find_format", lenient)
    monkeypatch.setattr(quarantine, "rules", lambda: "2")
    normalize_idle()
    assert titles() == {"1": "Hoa & lá"}
    run.refresh_from_db()
    assert (run.updated, run.rejected) == (1, 0)
    assert not Rejection.objects.exists()


def test_a_torn_version_that_is_cut_again_replaces_the_earlier_one(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive([sound("1")])
    later = sound("1", "Hoa và lá")
    arrive([Arrived("1", b"\n" + later.body + b"\n", "record 1", problem=BROKEN)])
    assert titles()["1"].startswith("Dế Mèn")
    monkeypatch.setattr(quarantine, "rules", lambda: "2")
    normalize_pending()
    assert titles() == {"1": "Hoa và lá"}
    assert not Rejection.objects.exists()
    assert balanced()


def test_rules_that_can_no_longer_read_the_earlier_version_reject_the_record(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive([sound("1")])
    arrive([torn("1")])
    unite()

    def strict(name: str) -> Format:
        def parse(body: bytes, reading: object) -> object:
            raise Trouble("marc_unreadable", detail="?")

        return replace(find_format(name), parse=parse)

    monkeypatch.setattr("hub.stages.normalize.find_format", strict)
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert Record.objects.get().state == "rejected"
    assert (Rejection.objects.get().code, Rejection.objects.get().arrived) == ("xml_broken", True)
    assert not Union.objects.filter(deleted=False).exists()
    assert balanced()


def test_the_export_of_raw_records_gives_the_newest_as_rejected(store: str) -> None:
    arrive([sound("1")])
    arrive([bare("1")])
    stream = io.BytesIO()
    dumps.raw("a", stream)
    line = orjson.loads(stream.getvalue())
    assert (line["status"], " & " in line["raw"], bool(line["reason"])) == ("rejected", True, True)


def test_what_the_program_stumbled_over_is_tried_by_every_other_program(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles = True

    def clumsy(name: str) -> Format:
        form = find_format(name)

        def parse(body: bytes, reading: object) -> object:
            return form.parse(body, reading) if not stumbles else {}["nobody thought of this"]

        return replace(form, parse=parse)

    monkeypatch.setattr("hub.stages.normalize.find_format", clumsy)
    arrive([sound("1"), bare("2")])
    assert set(Rejection.objects.values_list("code", flat=True)) == {"record_unreadable"}
    normalize_idle()
    assert set(Rejection.objects.values_list("tries", flat=True)) == {1}, "the same program is not asked twice"
    monkeypatch.setattr(quarantine, "_program", lambda: "another")
    stumbles = False
    normalize_idle()
    assert list(titles()) == ["1"]
    assert Rejection.objects.get().code == "xml_broken"
    assert balanced()


def test_a_holdings_record_keeps_its_place_beside_the_catalog(store: str) -> None:
    fields = (("001", "h"), ("004", "1"), data_field("852", "  ", [("b", "Kho đọc")]))
    holdings = to_marcxml(Content("00000nx  a2200000   4500", fields)).encode()
    arrive([sound("1"), Arrived("h", holdings, "record h")])
    before = list(Aside.objects.values())
    assert len(before) == 1
    arrive([torn("h")])
    assert list(Aside.objects.values()) == before
    unite()
    assert state() == rebuilt()


def test_a_version_that_says_the_same_does_not_keep_a_record_from_the_union(store: str) -> None:
    arrive([sound("1")])  # to be matched, and not matched yet
    arrive([replace(sound("1"), body=sound("1").body + b"\n")])
    unite()
    assert Member.objects.count() == 1
    assert state() == rebuilt()


def test_what_arrived_broken_says_nothing_of_the_encoding(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive([sound("1")])
    weighed: list[int] = []
    monkeypatch.setattr(encoding, "_weigh", lambda source, raws: weighed.extend(raws))
    arrive([torn("1")])
    assert weighed == []


def test_undoing_a_run_keeps_the_content_of_the_version_that_could_be_read(store: str) -> None:
    arrive([sound("1")])
    arrive([bare("1")])
    undone = arrive([bare("1", "Hoa & lá & cỏ")])
    assert undoing.take_back(undone, by="Lan").restored == 1
    normalize_pending()
    assert titles() == {"1": "Dế Mèn phiêu lưu ký"}
    unite()
    assert state() == rebuilt()


def test_undoing_a_good_version_brings_back_what_stood_before_it(store: str) -> None:
    arrive([sound("1")])
    arrive([bare("1")])
    undone = arrive([sound("1", "Quê nội")])
    assert titles() == {"1": "Quê nội"}
    undoing.take_back(undone, by="Lan")
    normalize_pending()
    assert titles() == {"1": "Dế Mèn phiêu lưu ký"}
    assert Rejection.objects.get().raw == Record.objects.get().raw
    unite()
    assert state() == rebuilt()


def test_what_can_be_read_later_comes_into_its_librarys_own_list(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive([bare("1"), torn("2")])
    arrive([sound("3")])
    lists.follow()
    assert Listed.objects.filter(gone=False).values("item").distinct().count() == 1

    def lenient(name: str) -> Format:
        form = find_format(name)
        return replace(form, parse=lambda body, reading: form.parse(body.replace(b" & ", b" &amp; "), reading))

    monkeypatch.setattr("hub.stages.normalize.find_format", lenient)
    monkeypatch.setattr(quarantine, "rules", lambda: "2")
    normalize_idle()
    lists.follow()
    given = set(Listed.objects.filter(gone=False).values_list("item", flat=True))
    assert given == set(Record.objects.filter(state="live").values_list("pk", flat=True))
    assert len(given) == 2
