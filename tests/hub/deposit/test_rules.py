"""Legal deposit: what is owed, to whom, by when; over days off and changes of the rules."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.deposit import rules as deposit
from hub.deposit.rules import (
    CONTENTS,
    EDITIONS,
    FORMS,
    LICENCES,
    Facts,
    off_days,
    owed,
    registration_number,
    working_day,
)
from schemas.problem import Trouble

RULES = deposit.rules()
DAY = date(2026, 10, 15)


def facts(**values: object) -> Facts:
    said = {"licence": "publisher", "form": "print", "edition": "new", "content": "open", "run": 1000, "release": DAY}
    return Facts(**(said | values))  # type: ignore[arg-type]


def told(one: Facts) -> list[tuple[str, str, int, str]]:
    return [(each.rule, each.recipient, each.copies, each.due.isoformat()) for each in owed(one, RULES)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [("LC-01", "mcst", 3, "2026-10-05"), ("LC-06", "nlv", 3, "2026-11-30")]),
        ({"run": 299}, [("LC-01", "mcst", 2, "2026-10-05"), ("LC-06", "nlv", 2, "2026-11-30")]),
        ({"run": 300}, [("LC-01", "mcst", 3, "2026-10-05"), ("LC-06", "nlv", 3, "2026-11-30")]),
        ({"licence": "province"}, [("LC-02", "province", 2, "2026-10-05"), ("LC-03", "mcst", 1, "2026-10-05"),
                                   ("LC-06", "nlv", 3, "2026-11-30")]),
        ({"edition": "reprint"}, [("LC-05", "mcst", 1, "2026-10-05"), ("LC-06", "nlv", 3, "2026-11-30")]),
        ({"content": "secret"}, [("LC-04", "mcst", 0, "2026-10-05")]),
        ({"form": "electronic"}, [("LC-07", "mcst", 1, "2026-10-15"), ("LC-07-nlv", "nlv", 1, "2026-10-15")]),
        ({"release": date(2025, 2, 28)}, [("LC-01-mic", "mic", 3, "2025-02-18"), ("LC-06", "nlv", 3, "2025-04-14")]),
        ({"release": date(2025, 3, 1)}, [("LC-01", "mcst", 3, "2025-02-19"), ("LC-06", "nlv", 3, "2025-04-15")]),
        ({"release": date(2012, 1, 1)}, []),
    ],
)  # fmt: skip
def test_what_is_owed(values: dict[str, object], expected: list[tuple[str, str, int, str]]) -> None:
    assert told(facts(**values)) == expected


def test_a_print_run_that_nobody_has_said_is_taken_as_the_larger_and_said_so() -> None:
    found = {one.rule: (one.copies, one.assumed) for one in owed(facts(run=None), RULES)}
    assert found == {"LC-01": (3, True), "LC-06": (3, True)}
    assert not any(one.assumed for one in owed(facts(run=None, edition="reprint"), RULES) if one.rule == "LC-05")


@pytest.mark.parametrize(
    ("release", "before", "after"),
    [
        (date(2026, 2, 26), "2026-02-13", "2026-04-13"),  # ten days before is in Tết: the Friday before it
        (date(2026, 1, 3), "2025-12-24", "2026-02-23"),  # 45 days after is in Tết: the first day of work
        (date(2026, 9, 12), "2026-08-31", "2026-10-27"),  # 2 September and the day before are off
        (date(2026, 3, 17), "2026-03-06", "2026-05-04"),  # 1 May is off, then a weekend
    ],
)
def test_days_off_move_a_deadline_to_the_side_that_is_right(release: date, before: str, after: str) -> None:
    assert [due for *_, due in told(facts(release=release))] == [before, after]


def test_every_rule_says_where_it_comes_from_and_that_nobody_has_verified_it() -> None:
    for name, rule in RULES.rules.items():
        assert rule.basis, name
        assert not rule.verified, name
        assert rule.until is None or rule.until > rule.since, name


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Facts,
        st.sampled_from(LICENCES),
        st.sampled_from(FORMS),
        st.sampled_from(EDITIONS),
        st.sampled_from(CONTENTS),
        st.none() | st.integers(1, 10**6),
        st.dates(date(2025, 3, 1), date(2030, 1, 1)),
    )
)
def test_whatever_is_published_is_owed_once_to_each(one: Facts) -> None:
    found = owed(one, RULES)
    assert found, "something is owed of every publication"
    assert len({each.recipient for each in found}) == len(found), "nobody is owed twice"
    off = off_days(RULES.days_off)
    for each in found:
        assert each.due.weekday() < 5
        assert each.due not in off
        assert abs(each.due - one.release) <= timedelta(days=60)
        assert (each.copies == 0) == (one.content == "secret")


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans())
def test_a_working_day_stays_and_another_moves_no_further_than_it_must(day: date, back: bool) -> None:
    off = off_days(RULES.days_off)
    found = working_day(day, off, back=back)
    step = timedelta(days=-1 if back else 1)
    while day != found:
        assert day.weekday() >= 5 or day in off
        day += step


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1328-2024/CXBIPH/3-98/ĐHKTQD", "1328-2024/CXBIPH/3-98/ĐHKTQD"),
        (" 850-2006 / CXB / 35-170 / nn ", "850-2006/CXB/35-170/NN"),
        ("1328-24/CXBIPH/3-98/KD", ""),
        ("1328-2024/XBIPH/3-98/KD", ""),
        ("", ""),
    ],
)
def test_numbers_of_registration(text: str, plain: str) -> None:
    assert registration_number(text) == plain


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deposit_rules.yaml"
    monkeypatch.setattr(deposit, "rules_file", lambda: path)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("recipient: nlv", "recipient: ai"), "recipients lack ai"),
        (("days: 45", "days: lâu"), "due.days"),
        (("form: [electronic]", "form: [giấy]"), "form"),
        (("since: 2013-07-01}", "since: 2013-07-01, trước: 1}"), "trước"),
        (("recipients:", "recipients: ["), "YAML"),
    ],
)
def test_a_wrong_file_is_said_in_one_sentence(file: Path, change: tuple[str, str], said: str) -> None:
    text = deposit.CONFIG.joinpath("deposit_rules.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(Trouble, match=said):
        deposit.rules()
