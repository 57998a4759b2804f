"""Quarantine on both databases: tried again when the rules improve, mended by a named person, nothing lost or twice."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest

from hub.accounts.models import AuditEvent
from hub.catalog import arrivals, quarantine, runs, waits, writes
from hub.catalog.models import Bib, RawRecord, Record, Rejection, Run, Source
from hub.network.models import Library
from hub.provide import dumps
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.normalize import normalize_pending
from hub.stages.quarantine import repair, retry, suggest, unpacked, waiting
from schemas.format import Format, find_format
from schemas.marcxml import to_marcxml
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord as Arrived
from tests.hub.stages.books import book

SOUND = to_marcxml(book("1", "Dế Mèn phiêu lưu ký")).encode()
BARE = to_marcxml(book("2", "Hoa và lá")).encode().replace("Hoa và lá".encode(), "Hoa & lá".encode())
HOPELESS = b"<record><note/></record>"
PARTS = ("created", "updated", "unchanged", "deleted", "rejected")


def source(name: str = "a") -> Source:
    library, _ = Library.objects.get_or_create(code=f"L-{name}", defaults={"name_vi": f"Thư viện {name}"})
    values = {"library": library, "connector": "files", "format": "marcxml"}
    return Source.objects.get_or_create(name=name, defaults=values)[0]


def arrive(records: Sequence[Arrived], name: str = "a") -> Run:
    """One harvest of a source; its run."""
    run, fence = runs.open_run(source(name), "test", False)
    arrivals.store_page(run, fence, records, {"done": True})
    normalize_pending()
    finish(run, fence)
    run.refresh_from_db()
    return run


def balanced() -> bool:
    """Whether every run's ledger balances and no count is below zero."""
    found = Run.objects.all()
    return all(
        run.received == sum(getattr(run, part) for part in PARTS) and min(getattr(run, part) for part in PARTS) >= 0
        for run in found
    )


def other_rules(monkeypatch: pytest.MonkeyPatch, version: str = "2") -> None:
    monkeypatch.setattr(quarantine, "rules", lambda: version)


def lenient(name: str) -> Format:
    """The format as it might be one day: a bare ampersand is no matter."""
    form = find_format(name)
    return replace(form, parse=lambda body, reading: form.parse(body.replace(b" & ", b" &amp; "), reading))


class TestTriedAgain:
    def test_what_other_rules_refused_is_read_by_these(self, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
        run = arrive([Arrived("1", SOUND, "record 1"), Arrived("2", BARE, "record 2")])
        assert (run.created, run.rejected) == (1, 1)
        since = Rejection.objects.get().rejected_at
        normalize_pending()
        assert Rejection.objects.get().tries == 1, "the same rules are not tried twice"
        other_rules(monkeypatch)
        normalize_pending()
        again = Rejection.objects.get()
        assert (again.tries, again.rules, again.rejected_at) == (2, quarantine.rules(), since)
        run.refresh_from_db()
        assert (run.created, run.rejected) == (1, 1), "refused again is counted once"
        monkeypatch.setattr("hub.stages.normalize.find_format", lenient)
        other_rules(monkeypatch, "3")
        normalize_pending()
        assert not Rejection.objects.exists()
        assert Record.objects.get(identifier="2").state == "live"
        run.refresh_from_db()
        assert (run.created, run.rejected) == (2, 0)
        assert balanced()

    def test_what_arrived_broken_is_cut_again(self, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = Problem("xml_broken", {"line": "1", "detail": "?"})
        before = b"\n" + SOUND + b"\n"
        kept = Arrived("k0123456789abcdef", before, "record 1", problem=broken)
        run = arrive([kept, Arrived("9", HOPELESS[:-3], "record 2", problem=broken)])
        assert (run.created, run.rejected) == (0, 2)
        assert [one.tries for one in Rejection.objects.order_by("pk")] == [1, 1]
        other_rules(monkeypatch)
        normalize_pending()
        record = Record.objects.get(identifier="1")
        assert record.state == "live"
        assert unpacked(RawRecord.objects.get(record=record, pk__lt=record.raw)) == before
        [left] = Rejection.objects.all()
        assert (left.arrived, left.tries, left.rules) == (True, 2, quarantine.rules())
        run.refresh_from_db()
        assert run.rejected == 1
        assert balanced()

    def test_a_person_may_ask_for_it(self, store: str) -> None:
        arrive([Arrived("2", BARE, "record 2")])
        assert retry(source()).counts == {"tried": 1, "read": 0, "rejected": 1}
        assert Rejection.objects.get().tries == 2
        assert retry().counts["tried"] == 1
        assert balanced()

    def test_another_reading_of_the_source_leaves_no_row_behind(self, store: str) -> None:
        arrive([Arrived("1", SOUND, "record 1"), Arrived("2", BARE, "record 2")])
        values = {"library": source().library, "settings": {"reading": {"encoding": "utf-8"}}, "format": "marcxml"}
        writes.keep_source("a", values, by="test")
        normalize_pending()
        assert (Rejection.objects.count(), Record.objects.filter(state="rejected").count()) == (1, 1)
        assert balanced()


class TestMended:
    def test_an_accepted_mend_is_a_version_of_its_own(self, store: str) -> None:
        run = arrive([Arrived("1", SOUND, "record 1"), Arrived("2", BARE, "record 2")])
        report, rules = repair(source(), waiting("a"), by="Nguyễn Thị Lan")
        assert (report.counts, rules) == ({"mended": 1, "rejected": 0}, {"xml_ampersand@1": 1})
        record = Record.objects.get(identifier="2")
        first, second = RawRecord.objects.filter(record=record).order_by("pk")
        assert unpacked(first) == BARE
        assert second.place == f"repair xml_ampersand@1 of raw {first.pk} by Nguyễn Thị Lan"
        assert "Hoa & lá" in Bib.objects.get(record=record).marc
        assert (second.run.kind, second.run.received, second.run.updated) == ("decision", 1, 1)
        run.refresh_from_db()
        assert (run.created, run.rejected) == (1, 1), "what the source sent was refused"
        event = AuditEvent.objects.get(act="records.mended")
        assert (event.by, event.facts["count"]) == ("Nguyễn Thị Lan", 1)
        assert balanced()

    def test_sent_again_unchanged_it_stays_mended_and_changed_it_is_read(self, store: str) -> None:
        arrive([Arrived("2", BARE, "record 2")])
        repair(source(), waiting("a"), by="Lan")
        again = arrive([Arrived("2", BARE, "record 2")])
        assert (again.unchanged, again.rejected) == (1, 0)
        assert Record.objects.get().state == "live"
        fixed = to_marcxml(book("2", "Hoa và lá cỏ")).encode()
        assert arrive([Arrived("2", fixed, "record 2")]).updated == 1
        assert "lá cỏ" in Bib.objects.get().marc
        assert balanced()

    def test_what_the_source_sent_is_what_is_exported_raw(self, store: str) -> None:
        arrive([Arrived("2", BARE, "record 2"), Arrived("of raw 1", SOUND, "repair x of raw 1 by me")])
        repair(source(), waiting("a"), by="Lan")
        stream = io.BytesIO()
        dumps.raw("a", stream)
        lines = [orjson.loads(line) for line in stream.getvalue().splitlines()]
        assert [(line["raw"].encode(), line["place"]) for line in lines] == [
            (BARE, "record 2"),
            (SOUND, "repair x of raw 1 by me"),
        ]

    def test_a_rebuild_gives_the_same(self, store: str) -> None:
        arrive([Arrived("1", SOUND, "record 1"), Arrived("2", BARE, "record 2"), Arrived("3", HOPELESS, "record 3")])
        repair(source(), waiting("a"), by="Lan")
        match()
        merge_due()

        def everything() -> list[object]:
            bibs = [
                (row[0], row[1], bytes(row[2]))
                for row in Bib.objects.order_by("pk").values_list("pk", "marc", "digest")
            ]
            return [bibs, list(Rejection.objects.values()), list(Run.objects.order_by("pk").values())]

        before = everything()
        writes.clear_derived(by="test")
        normalize_pending()
        assert everything() == before

    def test_a_dry_run_writes_nothing_and_a_mend_needs_a_name(self, store: str) -> None:
        arrive([Arrived("2", BARE, "record 2")])
        report, rules = repair(source(), waiting("a"), by="", dry_run=True)
        assert (report.counts["mended"], rules.total()) == (1, 1)
        with pytest.raises(Trouble) as stopped:
            repair(source(), waiting("a"), by="  ")
        assert stopped.value.problem.code == "repair_nobody"
        assert (RawRecord.objects.count(), Run.objects.count(), Rejection.objects.count()) == (1, 1, 1)

    def test_what_nobody_can_mend_stays(self, store: str) -> None:
        arrive([Arrived("3", HOPELESS, "record 3")])
        [one] = waiting("a")
        assert suggest(one).advice.body is None
        report, _ = repair(source(), [one], by="Lan")
        assert report.counts == {"mended": 0, "rejected": 0}
        assert not Run.objects.filter(kind="decision").exists(), "no run for nothing"

    def test_a_version_that_came_meanwhile_is_not_overwritten(self, store: str) -> None:
        arrive([Arrived("2", BARE, "record 2")])
        chosen = list(waiting("a"))
        suggested = suggest(chosen[0])
        arrive([Arrived("2", SOUND, "record 2")])
        run, fence = runs.open_run(source(), "test", False, Run.Kind.DECISION)
        mend = quarantine.Mended(chosen[0].pk, chosen[0].raw, "xml_ampersand@1", suggested.advice.body or b"")
        assert quarantine.keep_mended(run, fence, [mend], "Lan") == 0
        runs.close_run(run, fence, Run.Status.SUCCEEDED)
        assert "Dế Mèn" in Bib.objects.get().marc
        assert balanced()


def test_what_waits_is_counted_by_source_and_kind(store: str) -> None:
    arrive([Arrived("2", BARE, "record 2"), Arrived("3", HOPELESS, "record 3")])
    arrive([Arrived("2", BARE, "record 2")], "b")
    everything = waits.waiting()
    assert everything.count == 3
    assert everything.oldest == Rejection.objects.order_by("rejected_at")[0].rejected_at
    by_source = waits.waiting_by_source()
    assert [by_source[source(name).pk].count for name in "ab"] == [2, 1]
    assert {(kind.source, kind.code, kind.count) for kind in waits.kinds()} == {
        ("a", "xml_broken", 1),
        ("a", "marcxml_no_record", 1),
        ("b", "xml_broken", 1),
    }
