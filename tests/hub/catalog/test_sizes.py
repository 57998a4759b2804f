"""Rows beside records, by source; counts that are kept while nothing has run."""

from __future__ import annotations

from itertools import count

import pytest
from django.db.models import Count

from hub.catalog import sizes
from hub.catalog.models import Rejection, Source
from tests.hub.operations.troubled import fill


@pytest.mark.usefixtures("store")
def test_rows_beside_the_records_of_sources_and_libraries() -> None:
    fill()
    number = Source.objects.get(name="tu-sach").pk
    rejected = Rejection.objects.all()
    assert sizes.of_sources(rejected, [number]).count() == 2
    assert sizes.of_sources(rejected, [number + 100]).count() == 0
    assert sizes.of_library(rejected, "HP-XA").count() == 2
    assert sizes.in_states(rejected, ["live"]).count() == 0
    assert sizes.in_states(rejected, ["rejected"]).count() == 2
    by_source = sizes.of_sources(rejected, [number]).values("of").annotate(n=Count("pk"))  # type: ignore[misc]
    assert [(row["of"], row["n"]) for row in by_source] == [(number, 2)]


@pytest.mark.usefixtures("catalog")
def test_a_large_count_is_kept_until_something_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count(sizes.LARGE)
    asked = lambda run: sizes.kept(("records", run), lambda: next(numbers), lambda found: found)  # noqa: E731
    first = asked(1)
    assert asked(1) == first + 1, "one that is not large is counted each time"
    assert asked(1) == first + 1
    assert asked(2) == first + 2, "another run"
    monkeypatch.setattr(sizes, "monotonic", lambda: 10.0**12)
    assert asked(1) == first + 3, "too old"
