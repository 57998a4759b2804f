"""The calendar of what was harvested: gaps are seen, what came later fills them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hub.operations.coverage import Day, Month, Told, counted, months, spans

TODAY = date(2026, 11, 22)


def run(day: int, status: str = "succeeded", *, month: int = 11, **more: object) -> Told:
    return Told(day, status, datetime(2026, month, day, 2, tzinfo=UTC), **more)  # type: ignore[arg-type]


def days(found: list[Month]) -> dict[int, Day]:
    return {day.date.day: day for week in found[0].weeks for day in week if day}


def test_days_after_the_last_success_are_gaps() -> None:
    found = days(months([run(10), run(11), run(12, "failed"), run(13, "failed")], TODAY))
    assert {n: found[n].word for n in (9, 10, 11, 12, 13, 21, 22, 23)} == {
        9: "", 10: "covered", 11: "covered", 12: "gap", 13: "gap", 21: "gap", 22: "open", 23: "",
    }  # fmt: skip
    assert found[12].status == "failed"


def test_a_later_success_fills_the_gap_and_the_failure_stays_seen() -> None:
    found = days(months([run(10), run(12, "failed"), run(14)], TODAY))
    assert {found[n].word for n in range(10, 15)} == {"covered"}
    assert (found[12].status, found[15].word) == ("failed", "gap")


def test_an_empty_run_covers_nothing() -> None:
    assert spans([run(10, "empty")]) == []
    assert days(months([run(10, "empty")], TODAY))[10].word == "gap"


def test_a_window_covers_its_days_only() -> None:
    window = run(20, window=(date(2026, 11, 12), date(2026, 11, 14)))
    found = days(months([run(10), window], TODAY))
    assert [found[n].word for n in (11, 12, 14, 15, 20)] == ["gap", "covered", "covered", "gap", "gap"]


def test_a_whole_list_covers_everything_before() -> None:
    runs = [run(5, "failed"), run(9, full=True)]
    assert counted(months(runs, TODAY)) == {"covered": 5, "gap": 12, "open": 1}


def test_months_go_back_to_the_first_run() -> None:
    assert [month.first.month for month in months([run(20, month=9), run(21)], TODAY)] == [11, 10, 9]
    assert [month.first.month for month in months([], TODAY)] == [11]
    assert all(len(week) == 7 for month in months([run(1)], TODAY) for week in month.weeks)
