"""The commands by which a named person decides: quarantine and holds."""

from __future__ import annotations

import pytest

from hub.catalog.models import Hold, Record, Rejection, Run
from tests.flows.conftest import Command
from tests.hub.operations.troubled import fill, holds


@pytest.fixture
def troubled(lienthong: Command) -> Command:
    fill()
    return lienthong


def number(identifier: str) -> int:
    return Rejection.objects.get(record__identifier=identifier, record__source__name="tu-sach").pk


class TestQuarantine:
    def test_list_and_show(self, troubled: Command) -> None:
        answer = troubled("quarantine", "list")
        assert "xml_broken" in answer.out
        assert str(number("2")) in answer.out
        rows = troubled("quarantine", "list", "tu-sach", "--code", "xml_broken", "--json").json
        assert {"2"} <= {row["identifier"] for row in rows}
        shown = troubled("quarantine", "show", number("2"))
        assert "cu.xml, line 9, record 2" in shown.out
        assert "3c 72 65 63" in shown.out
        assert f"lienthong quarantine repair {number('2')} --by NAME" in shown.out
        assert troubled("quarantine", "show", number("2"), "--json").json["rule"] == "xml_ampersand@1"
        assert troubled("quarantine", "list", "ke-sach").out == ""

    def test_repair_needs_a_name_and_a_dry_run_changes_nothing(self, troubled: Command) -> None:
        answer = troubled("quarantine", "repair", number("2"))
        assert (answer.status, "--by" in answer.sentence) == (1, True)
        answer = troubled("quarantine", "repair", "--source", "tu-sach", "--dry-run", "--json")
        assert answer.json == {"mended": 1, "rejected": 0, "rules": {"xml_ampersand@1": 1}, "dry_run": True}
        assert Rejection.objects.filter(record__source__name="tu-sach").count() == 2
        assert not Run.objects.filter(kind="decision").exists()

    def test_repair_by_number_and_by_kind(self, troubled: Command) -> None:
        mended = number("2")
        assert troubled("quarantine", "repair", mended, "--by", "Lan").status == 0
        assert Record.objects.get(pk=mended).state == "live"
        answer = troubled("quarantine", "repair", "--source", "tu-sach", "--code", "marcxml_no_record", "--by", "Lan")
        assert answer.status == 1, "nothing could be mended"

    def test_retry(self, troubled: Command) -> None:
        assert troubled("quarantine", "retry", "tu-sach", "--json").json == {"tried": 2, "read": 0, "rejected": 2}
        assert troubled("quarantine", "retry", "--all").status == 0
        assert troubled("quarantine", "retry").status == 2

    @pytest.mark.parametrize(
        "arguments",
        [("list", "nobody"), ("show", "9999"), ("retry", "nobody"), ("repair", "--source", "nobody", "--by", "L")],
    )
    def test_unknown(self, troubled: Command, arguments: tuple[str, ...]) -> None:
        assert troubled("quarantine", *arguments).status == 1

    def test_status_says_what_waits(self, troubled: Command) -> None:
        assert "Rejected: 2 records, the oldest since" in troubled("status").out
        state = troubled("status", "--json").json
        assert (state["rejected"], state["holds"]) == (2, 2)
        assert state["rejected_since"]


class TestHolds:
    def test_list_and_show(self, troubled: Command) -> None:
        assert {row["kind"] for row in troubled("holds", "list", "--json").json} == {"deletions", "renaming"}
        found = holds()
        shown = troubled("holds", "show", found["deletions"].pk)
        assert "8 of 12 records would be removed" in shown.out
        assert "Truyện cổ tích" in shown.out
        pairs = troubled("holds", "show", found["renaming"].pk, "--json").json["pairs"]
        assert {"old": "oai:thu-vien:3", "new": "oai:moi:3"} in pairs

    def test_release_and_undo(self, troubled: Command) -> None:
        hold = holds()["deletions"]
        answer = troubled("holds", "release", hold.pk, "--by", "Lan", "--reason", "thanh lý")
        assert answer.status == 0
        gone = Record.objects.filter(source__name="ke-sach", state="deleted")
        assert gone.count() == 8
        run = Run.objects.filter(kind="decision").get()
        assert troubled("holds", "undo", run.pk, "--by", "Lan").status == 0
        assert gone.count() == 0
        again = troubled("holds", "undo", run.pk, "--by", "Lan")
        assert (again.status, "nothing to bring back" in again.sentence) == (1, True)
        decided = troubled("holds", "release", hold.pk, "--by", "Lan")
        assert (decided.status, "Lan" in decided.sentence) == (1, True)

    def test_release_of_a_renaming_keeps_the_numbers(self, troubled: Command) -> None:
        before = Record.objects.get(identifier="oai:thu-vien:3", source__name="doi-ma").pk
        assert troubled("holds", "release", holds()["renaming"].pk, "--by", "Lan").status == 0
        after = Record.objects.get(identifier="oai:moi:3", source__name="doi-ma")
        assert (after.pk, after.state) == (before, "live")

    def test_refuse(self, troubled: Command) -> None:
        hold = holds()["deletions"]
        assert troubled("holds", "refuse", hold.pk, "--by", "Lan").status == 0
        assert Hold.objects.get(pk=hold.pk).verdict == "refused"
        assert not Record.objects.filter(source__name="ke-sach", state="deleted").exists()

    @pytest.mark.parametrize(
        "arguments",
        [
            ("show", "999"),
            ("release", "999", "--by", "L"),
            ("refuse", "999", "--by", "L"),
            ("undo", "999", "--by", "L"),
        ],
    )
    def test_unknown(self, troubled: Command, arguments: tuple[str, ...]) -> None:
        assert troubled("holds", *arguments).status == 1

    def test_a_decision_needs_a_name(self, troubled: Command) -> None:
        hold = holds()["deletions"]
        assert troubled("holds", "release", hold.pk).status == 2
        for command in ("release", "refuse"):
            answer = troubled("holds", command, hold.pk, "--by", " ")
            assert (answer.status, "--by" in answer.sentence) == (1, True)
