"""Two hubs lend to each other over HTTP, also when one is down in between: both see the same, no copy is lost or doubled."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from tests.hub.lending.conftest import TITLE
from tests.hub.provide.test_two_hubs import Hub, free_port, running

MODULE = "lending.hub_process"
OURS, THEIRS = "HA-1", "HB-1"
BOOK = [["7", TITLE, "9786042990011", "B.1 B.2"]]


def introduce(a: Hub, b: Hub, port_a: int, port_b: int) -> None:
    """Each knows the libraries of the other, and where their messages go."""
    a("bring", OURS, [["1", "Quê nội", "", "A.1"]])
    a("bring", THEIRS, BOOK)
    b("bring", OURS, [])
    b("bring", THEIRS, BOOK)
    a("address", THEIRS, f"http://127.0.0.1:{port_b}/iso18626", b("key", OURS))
    b("address", OURS, f"http://127.0.0.1:{port_a}/iso18626", a("key", THEIRS))


def standing(hub: Hub) -> Any:
    return [one[1] for one in hub("state")["loans"]]


def test_a_loan_between_two_hubs(tmp_path: Path) -> None:
    port_a, port_b = free_port(), free_port()
    start = partial(running, tmp_path, module=MODULE)
    with ExitStack() as stack:
        a = stack.enter_context(start("a", port_a))
        with start("b", port_b) as b:
            introduce(a, b, port_a, port_b)
            assert a("ask", OURS, TITLE, "PM-1") == THEIRS
            assert a("send") == [1, 0]
            assert standing(a) == standing(b) == ["asked"]
            b("do", "PM-1", "agree", THEIRS)
            b("do", "PM-1", "send", THEIRS, {"accession": "B.2", "due": "2027-01-15"})
            assert b("send") == [2, 0]
            assert a("state")["loans"] == [["PM-1", "sent", "requester", "2027-01-15"]]
            a("do", "PM-1", "receive", OURS)
        assert a("send") == [0, 1], "the other hub is down"
        a("do", "PM-1", "renew", OURS)
        assert len(a("state")["waiting"]) == 2
        b = stack.enter_context(start("b", port_b))
        b("address", OURS, f"http://127.0.0.1:{port_a}/iso18626", a("key", THEIRS))
        assert a("send", 30) == [2, 0]
        assert standing(b) == ["renewal_asked"]
        b("do", "PM-1", "renew_yes", THEIRS, {"due": "2027-02-15"})
        b("send")
        assert [one[3] for one in a("state")["loans"]] == ["2027-02-15"]
        a("do", "PM-1", "return", OURS)
        a("send")
        b("do", "PM-1", "check_in", THEIRS)
        b("send")
        for hub in (a, b):
            found = hub("state")
            assert found["loans"] == [["PM-1", "done", "", "2027-02-15"]]
            assert found["copies"] == [["B.2", THEIRS, THEIRS, "with"]]
            assert found["waiting"] == []


def test_a_hub_that_cannot_lend_says_so(tmp_path: Path) -> None:
    port_a, port_b = free_port(), free_port()
    start = partial(running, tmp_path, module=MODULE)
    with start("a", port_a) as a, start("b", port_b) as b:
        introduce(a, b, port_a, port_b)
        a("ask", OURS, TITLE, "PM-1")
        a("send")
        b("do", "PM-1", "refuse", THEIRS, {"why": "damaged"})
        b("send")
        assert standing(a) == standing(b) == ["unfilled"]
        a("address", THEIRS, f"http://127.0.0.1:{port_b}/iso18626", "lt_wrong")
        a("ask", OURS, TITLE, "PM-2")
        assert a("send") == [0, 1]
        assert "401" in a("state")["waiting"][0]
        assert standing(b) == ["unfilled"]
