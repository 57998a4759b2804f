"""Any history ends as a rebuild would: links, clusters, union records and works are those of all records at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.catalog import bulk, decisions, writes
from hub.catalog.models import Bib, Decision, Link, MatchKey, Member, Record, Union
from hub.match.compare import judge, traits
from hub.match.description import Description
from hub.match.keys import texts
from hub.sources import matching_rules
from hub.stages import match as matching
from hub.stages import merge as merging
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_pending
from schemas.record import RawRecord, data_field
from schemas.record import Record as Content
from tests.hub.stages.books import raw
from tests.hub.stages.test_path import arrive

TITLE = "Đất rừng phương Nam"
ISBNS = ("9786042990011", "9786042990028")
SOURCES, NUMBERS = "abc", range(4)
SQLITE, POSTGRESQL = int(__import__("os").environ.get("N","60")), 6  # histories tried


@dataclass(frozen=True)
class Said:
    """What a library says of a book; empty where it is silent."""

    title: str
    author: str = ""
    publisher: str = ""
    year: str = ""
    pages: str = ""
    volume: str = ""
    isbn: str = ""

    def record(self, number: int) -> Content:
        """The record under this number."""
        parts = [("a", self.title)] + [("n", f"T. {self.volume}")] * bool(self.volume)
        imprint = [("b", self.publisher)] * bool(self.publisher) + [("c", self.year)] * bool(self.year)
        fields = [("001", str(number)), ("008", f"200101s{self.year or 'uuuu'}    vm            000 0 vie d")]
        for tag, values in (
            ("020", [("a", self.isbn)] * bool(self.isbn)),
            ("100", [("a", self.author)] * bool(self.author)),
            ("245", parts),
            ("260", imprint),
            ("300", [("a", f"{self.pages} tr.")] * bool(self.pages)),
        ):
            if values:
                fields.append(data_field(tag, "  ", values))
        return Content("00000nam a2200000   4500", tuple(fields))


def sometimes(*values: str) -> st.SearchStrategy[str]:
    """One of the values, or nothing."""
    return st.sampled_from(("", *values))


BOOKS = st.builds(
    Said,
    title=st.sampled_from((TITLE, TITLE, TITLE, "DAT RUNG PHUONG NAM", f"{TITLE} mùa nước nổi", "Toán 5")),
    author=sometimes("Đoàn Giỏi", "Đoàn Giỏi", "Giỏi Đoàn", "Sơn Nam"),
    publisher=sometimes("Kim Đồng", "Kim Đồng", "Nxb. Trẻ"),
    year=sometimes("2019", "2019", "2015"),
    pages=sometimes("143", "300"),
    volume=st.sampled_from(("", "", "", "1", "2")),
    isbn=sometimes("", *ISBNS),
)
SHOWN = st.tuples(st.sampled_from(NUMBERS), st.none() | BOOKS)  # nothing: the source says that it is deleted
HARVEST = st.tuples(st.just("harvest"), st.sampled_from(SOURCES), st.lists(SHOWN, min_size=1, max_size=4))
DECIDE = st.tuples(st.just("decide"), st.sampled_from(decisions.VERDICTS), st.tuples(st.integers(0), st.integers(0)))
STEP = st.tuples(st.sampled_from(("match", "unite", "unite", "unite", "undo")), st.just(""), st.just(()))
HISTORIES = st.lists(HARVEST | HARVEST | STEP | STEP | DECIDE, min_size=4, max_size=24)
Step = tuple[str, str, Any]


def take(step: Step) -> None:
    """One step of a history."""
    act, name, what = step
    if act == "harvest":
        arrive(name, list(records(what)))
    elif act == "decide":
        numbers = list(Record.objects.order_by("id").values_list("id", flat=True))
        one, other = (numbers[at % len(numbers)] for at in what) if numbers else (0, 0)
        if one != other:
            decisions.decide(one, other, name, by="Lan")
    elif act == "undo":
        if last := Decision.objects.filter(undone_at=None).order_by("-id").first():
            decisions.undo(last.pk, by="Lan")
    else:
        match()
        if act == "unite":
            merge_due()
            assert_united()


def assert_united() -> None:
    """The links are those of all live records compared at once, and the clusters those of all links at once."""
    rules, most = matching_rules(), matching.MAX_BLOCK
    known = {number: traits(Description.load(said), rules) for number, said in Bib.objects.values_list("pk", "description")}
    blocks: dict[str, list[int]] = {}
    for number, seen in sorted(known.items()):
        for key in dict.fromkeys(texts(seen)):
            blocks.setdefault(key, []).append(number)
    pairs = {pair for block in blocks.values() if len(block) <= most for pair in combinations(block, 2)}
    verdicts = {(a, b): judge(known[a], known[b], rules) for a, b in pairs}
    links = {(*pair, verdict.status, verdict.score) for pair, verdict in verdicts.items() if verdict}
    assert set(Link.objects.values_list("first", "second", "verdict", "score")) == links
    groups = merging._clusters(sorted(known))
    assert set(Member.objects.values_list("record_id", "union")) == {(n, f) for f, group in groups.items() for n in group}
    check_copies()


def records(shown: Sequence[tuple[int, Said | None]]) -> Iterator[RawRecord]:
    for number, said in dict(shown).items():
        yield raw((said or Said("Một")).record(number), deleted=said is None)


def stand() -> dict[str, set[Any]]:
    """What follows from the records as they are: links, members, live union records."""
    return {
        "links": set(Link.objects.values_list("first", "second", "verdict", "score", "evidence")),
        "members": set(Member.objects.values_list("record_id", "union")),
        "unions": {
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in Union.objects.filter(deleted=False).values_list(
                "id", "marc", "origins", "description", "digest", "members", "copies", "work", "survivor"
            )
        },
        "keys": set(MatchKey.objects.values_list("key", "record_id")),
    }


def ended() -> set[Any]:
    return set(Union.objects.filter(deleted=True).values_list("id", "survivor", "datestamp"))


def forget_everything() -> None:
    """An empty catalog again."""
    for model in reversed(list(apps.get_app_config("catalog").get_models())):
        bulk.execute(f"DELETE FROM {bulk.table(model)}")


def check(history: Sequence[Step]) -> None:
    """After the history, a little at a time, stands what a rebuild makes."""
    forget_everything()
    for step in [*history, ("unite", "", ())]:
        take(step)
    assert not Record.objects.filter(due__gt=0).exists()
    before, tombstones = stand(), ended()
    writes.clear_derived(by="test")
    normalize_pending()
    take(("unite", "", ()))
    after = stand()
    for part, found in before.items():
        assert (found - after[part], after[part] - found) == (set(), set()), part
    assert ended() == tombstones


def histories(store: str) -> settings:
    return settings(
        max_examples=SQLITE if store == "sqlite" else POSTGRESQL,
        deadline=None,
        derandomize=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@pytest.mark.parametrize("largest_block", [300, 3])
def test_any_history_ends_as_a_rebuild_would(store: str, monkeypatch: pytest.MonkeyPatch, largest_block: int) -> None:
    monkeypatch.setattr(matching, "MAX_BLOCK", largest_block)
    histories(store)(given(HISTORIES)(check))()
