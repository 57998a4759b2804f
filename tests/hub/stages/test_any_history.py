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

from hub.catalog import arrivals, bulk, decisions, runs, writes
from hub.catalog.models import Bib, Decision, FullKey, Link, MatchKey, Member, Question, Record, Union
from hub.match.compare import judge, traits
from hub.match.description import Description
from hub.match.keys import texts
from hub.sources import matching_rules
from hub.stages import match as matching
from hub.stages import merge as merging
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_pending
from schemas.record import RawRecord, data_field
from schemas.record import Record as Content
from tests.hub.stages.books import raw
from tests.hub.stages.test_path import arrive, source

TITLE = "Đất rừng phương Nam"
ISBNS = ("9786042990011", "9786042990028")
SOURCES, NUMBERS = "abc", range(4)
SQLITE, POSTGRESQL = 40, 5  # histories tried


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


KNOWN = (  # that fit each other in many ways: editions, printings, what says too little to tell them apart
    Said(TITLE, "Đoàn Giỏi", "Kim Đồng", "2019", "143"),
    Said(TITLE, "Đoàn Giỏi", "Kim Đồng", "2015", "143"),
    Said(TITLE, "Đoàn Giỏi", "Nxb. Trẻ", "2015", "300"),
    Said(TITLE, "Đoàn Giỏi", "Nxb. Trẻ", pages="300"),
    Said(TITLE, "Đoàn Giỏi"),
    Said(TITLE, "Đoàn Giỏi", year="2015"),
    Said("DAT RUNG PHUONG NAM", "DOAN GIOI"),
    Said(TITLE),
    Said(TITLE, "Đoàn Giỏi", "Kim Đồng", "2019", "143", volume="1"),
    Said(f"{TITLE} mùa nước nổi", "Đoàn Giỏi", "Kim Đồng", "2019"),
)
ANY = st.builds(
    Said,
    title=st.sampled_from((TITLE, TITLE, "DAT RUNG PHUONG NAM", f"{TITLE} mùa nước nổi", "Toán 5")),
    author=sometimes("Đoàn Giỏi", "Đoàn Giỏi", "Sơn Nam"),
    publisher=sometimes("Kim Đồng", "Nxb. Trẻ"),
    year=sometimes("2019", "2015"),
    pages=sometimes("143", "300"),
    volume=sometimes("", "", "1", "2"),
    isbn=sometimes("", *ISBNS),
)
BOOKS = st.sampled_from(KNOWN) | ANY
SHOWN = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(KNOWN) | BOOKS | st.none())  # nothing: it is deleted
HARVEST = st.tuples(
    st.sampled_from(("harvest", "harvest", "harvest", "receive")),
    st.sampled_from(SOURCES),
    st.lists(SHOWN, min_size=1, max_size=4),
)
DECIDE = st.tuples(st.just("decide"), st.sampled_from(decisions.VERDICTS), st.tuples(st.integers(0), st.integers(0)))
STEP = st.tuples(st.sampled_from(("match", "unite", "unite", "unite", "undo")), st.just(""), st.just(()))
HISTORIES = st.lists(HARVEST | HARVEST | STEP | STEP | DECIDE, min_size=12, max_size=24)
Step = tuple[str, str, Any]
UNITE: Step = ("unite", "", ())


def take(step: Step) -> None:
    """One step of a history."""
    act, name, what = step
    if act == "harvest":
        arrive(name, list(records(what)))
    elif act == "receive":
        run, fence = runs.open_run(source(name), "test", False)
        arrivals.store_page(run, fence, list(records(what)), {})
        finish(run, fence)
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
    known = {
        number: traits(Description.load(said), rules) for number, said in Bib.objects.values_list("pk", "description")
    }
    blocks: dict[str, list[int]] = {}
    for number, seen in sorted(known.items()):
        for key in dict.fromkeys(texts(seen)):
            blocks.setdefault(key, []).append(number)
    pairs = {pair for block in blocks.values() if len(block) <= most for pair in combinations(block, 2)}
    verdicts = {(a, b): judge(known[a], known[b], rules) for a, b in pairs}
    links = {(*pair, verdict.status, verdict.score) for pair, verdict in verdicts.items() if verdict}
    assert set(Link.objects.values_list("first", "second", "verdict", "score")) == links
    groups = merging._clusters(sorted(known), decisions.verdicts(sorted(known)))
    assert set(Member.objects.values_list("record_id", "union")) == {
        (n, f) for f, group in groups.items() for n in group
    }
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
        "questions": set(Question.objects.values_list()),
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
    for step in history:
        take(step)
    normalize_pending()
    take(UNITE)
    assert not Record.objects.filter(due__gt=0).exists()
    before, tombstones = stand(), ended()
    writes.clear_derived(by="test")
    normalize_pending()
    take(UNITE)
    after = stand()
    for part, found in before.items():
        assert (found - after[part], after[part] - found) == (set(), set()), part
    assert ended() == tombstones


def histories(store: str) -> settings:
    return settings(
        max_examples=SQLITE if store == "sqlite" else POSTGRESQL,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@pytest.mark.parametrize("largest_block", [300, 3])
def test_any_history_ends_as_a_rebuild_would(store: str, monkeypatch: pytest.MonkeyPatch, largest_block: int) -> None:
    monkeypatch.setattr(matching, "MAX_BLOCK", largest_block)
    if store == "sqlite":
        bulk.execute("PRAGMA synchronous = OFF")  # nothing is cut off here
    histories(store)(given(HISTORIES)(check))()


def test_a_brief_record_joins_when_one_publication_alone_is_left(store: str) -> None:
    one, other, brief = KNOWN[0], KNOWN[2], KNOWN[4]
    told: list[Step] = [("harvest", "a", [(0, one)]), ("harvest", "b", [(0, other)]), ("harvest", "c", [(0, brief)])]
    for step in [*told, UNITE]:
        take(step)
    assert members() == [1, 2, 3], "it fits two publications"
    take(("harvest", "b", [(0, None)]))
    take(UNITE)
    assert members() == [1, 1]
    take(("harvest", "b", [(0, other)]))
    take(UNITE)
    assert members() == [1, 2, 3]
    take(("harvest", "b", [(0, Said("Toán 5"))]))
    take(UNITE)
    assert members() == [1, 2, 1]


def test_a_key_becomes_full_and_is_full_no_more(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MAX_BLOCK", 3)
    same = Said(TITLE, publisher="Kim Đồng", year="2019")
    take(("harvest", "a", [(0, same), (1, same)]))
    take(("harvest", "b", [(0, Said(TITLE, publisher="Lao Động", year="1981"))]))
    take(UNITE)
    assert (members(), full()) == ([1, 1, 3], [])
    take(("harvest", "b", [(1, Said(TITLE, publisher="Văn học", year="1992"))]))
    take(UNITE)
    assert (members(), full()) == ([1, 2, 3, 4], [False] * 4), "too many share the keys of the title"
    take(("harvest", "b", [(1, Said(TITLE, publisher="Văn học", year="1993"))]))
    assert full() == [True] * 4
    take(UNITE)
    assert (members(), full()) == ([1, 2, 3, 4], [False] * 4), "it left them and came again"
    take(("harvest", "b", [(0, None)]))
    report = match()
    assert (report.counts["stale"], full()) == (1, [])
    merge_due()
    assert members() == [1, 1, 4]


def test_a_decision_about_a_record_that_waits_to_be_read_again(catalog: object) -> None:
    take(("harvest", "a", [(0, KNOWN[0])]))
    take(("harvest", "b", [(0, KNOWN[0])]))
    take(UNITE)
    Record.objects.filter(pk=2).update(state=Record.State.PENDING)
    decisions.decide(1, 2, "DIFFERENT", by="Lan")
    normalize_pending()
    take(UNITE)
    assert members() == [1, 2]


def members() -> list[int]:
    """The union number of each live record, in the order of the records."""
    return list(Member.objects.order_by("record_id").values_list("union", flat=True))


def full() -> list[bool]:
    """Of each full key, whether it must be counted again."""
    return list(FullKey.objects.values_list("shrunk", flat=True))


def test_keys_read_in_one_pass_give_the_same_links(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, books in zip(SOURCES, (KNOWN[:4], KNOWN[4:8], KNOWN[8:]), strict=True):
        take(("harvest", name, list(enumerate(books))))
    take(UNITE)
    links = list(
        Link.objects.order_by("first", "second").values_list("first", "second", "verdict", "score", "evidence")
    )
    before = members()
    monkeypatch.setattr(matching, "WHOLE", 1)
    monkeypatch.setattr(merging, "WHOLE", 1)
    bulk.execute(f"UPDATE {bulk.table(Record)} SET due = 1")
    take(UNITE)
    again = Link.objects.order_by("first", "second").values_list("first", "second", "verdict", "score", "evidence")
    assert links
    assert (list(again), members()) == (links, before)
