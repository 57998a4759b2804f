"""The commands for what libraries corrected, and for how good their records are."""

from __future__ import annotations

from hub.catalog.models import Bib, Record
from hub.match.description import Description
from hub.stages import corrections, soon
from tests.flows.conftest import Command
from tests.hub.provide.network import fill


def title() -> str:
    return Description.load(Bib.objects.get(record__identifier="S2").description).title


def test_list_and_undo(lienthong: Command) -> None:
    assert "no corrections" in lienthong("corrections", "list").sentence
    fill()
    record = Record.objects.select_related("source__library").get(identifier="S2")
    (made,) = corrections.correct_fields(record, {"title": "Ngữ văn lớp 6"}, by="lan@thu-vien.example")
    soon.FOLLOWER.wait()
    assert "Ngữ văn 6 → Ngữ văn lớp 6" in lienthong("corrections", "list", "--library", "HP-LL").out
    assert lienthong("corrections", "list", "--library", "HP-TP").out == ""
    (row,) = lienthong("corrections", "list", "--json").json
    assert (row["field"], row["old"], row["new"], row["by"]) == (
        "title", "Ngữ văn 6", "Ngữ văn lớp 6", "lan@thu-vien.example",
    )  # fmt: skip
    assert title() == "Ngữ văn lớp 6"
    assert lienthong("corrections", "undo", made.pk, "--by", "lan").status == 0
    assert title() == "Ngữ văn 6"
    answer = lienthong("corrections", "undo", made.pk, "--by", "lan")
    assert (answer.status, str(made.pk) in answer.sentence) == (1, True)
    assert len(lienthong("corrections", "list", "--all", "--json").json) == 1


def test_quality(lienthong: Command) -> None:
    fill()
    rows = lienthong("quality", "--json").json
    assert [(row["library"], row["records"], row["united"]) for row in rows] == [("HP-LL", 3, 2), ("HP-TP", 4, 4)]
    assert all(0 < row["score"] < 100 for row in rows)
    assert "HP-LL" in lienthong("quality", "--library", "HP-LL").out
    assert lienthong("quality", "--library", "NO").status == 1
