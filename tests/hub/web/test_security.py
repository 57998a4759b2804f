"""What every page is sent with, whatever a record or a name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from hub.network.models import Library
from hub.web.security import keep_direction
from tests.hub.provide.network import fill

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_a_name_that_turns_the_writing_is_shown_as_what_it_is(catalog: Path) -> None:
    fill()
    Library.objects.filter(pk="HP-TP").update(name_vi="Thư viện \u202egnurt")
    page = Client().get("/thu-vien/HP-TP").content.decode()
    assert "Thư viện \ufffdgnurt" in page
    assert not set(TURNING) & set(page)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: HttpResponse(f"a{TURNING}b"), "a" + 9 * "\ufffd" + "b"),
        (lambda: HttpResponse("ế \u2019 \u2013 \u200f"), "ế \u2019 \u2013 \u200f"),
        (lambda: HttpResponse(TURNING, content_type="text/csv"), TURNING),
    ],
)
def test_only_those_signs_and_only_in_pages(answer: Callable[[], HttpResponse], expected: str) -> None:
    response = keep_direction(lambda _: answer())(RequestFactory().get("/"))
    assert response.content.decode() == expected


def test_what_is_streamed_is_let_through() -> None:
    answer: Any = StreamingHttpResponse([TURNING.encode()])
    assert keep_direction(lambda _: answer)(RequestFactory().get("/")) is answer
