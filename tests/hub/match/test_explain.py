"""Explanations: they say what the scorer says, in words, and what they promise comes true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import hub
from hub.match import wording
from hub.match.alter import ALTERATIONS
from hub.match.compare import FIELDS, VETOES, compare, traits
from hub.match.description import Description
from hub.match.explain import FAR, Explanation, as_json, explain
from hub.match.keys import texts
from hub.match.says import FIELDS_SAY, VETOES_SAY
from hub.sources import matching_rules

DE_MEN = Description(
    title="Dế Mèn phiêu lưu ký",
    people=[["Tô Hoài", "author"]],
    publisher="Kim Đồng",
    year=2020,
    pages=143,
    language="vie",
    isbns=["9786042990011"],
)
BARE = DE_MEN._replace(isbns=[])
OTHERS = {
    "reprint": BARE._replace(title="DẾ MÈN PHIÊU LƯU KÍ", year=2022),
    "brief": Description(title="De Men phieu luu ky", people=[["To Hoai", "author"]]),
    "volume": BARE._replace(part="T. 2", volume="2"),
    "language": BARE._replace(language="eng"),
    "other publisher": BARE._replace(publisher="Văn học", pages=210, year=2009),
    "other author": BARE._replace(people=[["Nguyễn Văn Tám", "author"]]),
    "series": BARE._replace(title="Chương một", series="Dế Mèn phiêu lưu ký ; 2", pages=40),
}


def explained(other: Description) -> Explanation:
    rules = matching_rules()
    return explain(traits(DE_MEN, rules), traits(other, rules), rules)


@pytest.mark.parametrize("name", OTHERS)
def test_the_verdict_is_the_scorers(name: str) -> None:
    rules = matching_rules()
    found = explained(OTHERS[name])
    verdict = compare(traits(DE_MEN, rules), traits(OTHERS[name], rules), rules)
    assert found.verdict == verdict
    assert round(sum(line.weight for line in found.lines), 2) == verdict.score
    assert [line.field for line in found.lines] == [field for field, _ in FIELDS]
    assert json.loads(json.dumps(as_json(found), ensure_ascii=False))["score"] == verdict.score


@pytest.mark.parametrize("name", OTHERS)
def test_what_would_change_it_is_another_verdict(name: str) -> None:
    found = explained(OTHERS[name])
    for change in found.changes:
        assert change.status != found.verdict.status
        assert 1 <= len(change.steps) <= 2
        assert all(
            step.outcome != line.outcome for step in change.steps for line in found.lines if line.field == step.field
        )


def test_pages_that_agreed_would_make_two_publishers_books_come_nearer() -> None:
    found = explained(BARE._replace(publisher="", pages=0, year=2019))
    steps = {(step.field, step.outcome): change.status for change in found.changes for step in change.steps}
    assert found.verdict.status == "FITS"
    assert steps["pages", "equal"] == "SAME"
    assert next(step.gain for change in found.changes for step in change.steps if step.field == "pages") == 1.5


def test_a_veto_says_what_both_sides_say_and_what_would_be_without_it() -> None:
    found = explained(OTHERS["volume"])
    [veto] = found.vetoes
    assert (veto.veto, veto.first, veto.second, veto.without) == ("volume", "", "2", "SAME")
    assert (found.verdict.status, found.freed) == ("ASK", "SAME"), "all else agrees: the volume may have been left out"
    assert [(change.steps[0].field, change.status) for change in found.changes] == [("number", "SAME")]


def test_every_name_has_words_in_both_languages() -> None:
    rules = matching_rules()
    missing = [name for name in rules.weights if name not in wording.FIELDS]
    missing += [
        f"{field}.{happened}"
        for field, weights in rules.weights.items()
        for happened in weights
        if happened not in wording.OUTCOMES.get(field, {})
    ]
    missing += [name for name in {*rules.vetoes, *VETOES} if name not in wording.VETOES or name not in VETOES_SAY]
    missing += [name for name, _ in FIELDS if name not in FIELDS_SAY or name not in ALTERATIONS]
    source = (Path(hub.__file__).parent / "match/compare.py").read_text(encoding="utf-8")
    missing += [name for name in re.findall(r'reason="(\w+)"', source) if name not in wording.REASONS]
    missing += [status for status in FAR if status not in wording.STATUSES]
    keys = (Path(hub.__file__).parent / "match/keys.py").read_text(encoding="utf-8")
    missing += [f"key {name}" for name in re.findall(r'f"(\w)\{', keys) if name not in wording.KEYS]
    assert missing == []
    tables = [wording.STATUSES, wording.REASONS, wording.FIELDS, wording.VETOES, wording.KEYS, wording.VALUES]
    tables += [wording.APART, wording.CONTRADICTIONS, *wording.OUTCOMES.values()]
    assert all(words["vi"] and words["en"] for table in tables for words in table.values())


def test_keys_begin_with_a_letter_that_has_words() -> None:
    found = texts(traits(DE_MEN._replace(numbers=["o123"], script="金雲翹傳", issns=["12345679"]), matching_rules()))
    assert {text[0] for text in found} <= wording.KEYS.keys()
