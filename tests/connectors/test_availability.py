"""What libraries' systems say of their shelves now, and what they do not say."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest

from connectors.availability import Copy, ask, of_koha, of_opac
from schemas.problem import Trouble
from tests.connectors.partner import Reply, serving

KOHA = [
    {"holding_library_id": "CN1", "location": "Kho A", "callnumber": "895.9", "checked_out_date": None,
     "not_for_loan_status": 0, "lost_status": 0, "withdrawn": 0},
    {"holding_library_id": "CN1", "callnumber": "895.9", "checked_out_date": "2026-12-20", "not_for_loan_status": 0},
    {"holding_library_id": "CN2", "not_for_loan_status": 1, "checked_out_date": None},
    {"holding_library_id": "CN2", "lost_status": "1", "checked_out_date": None},
    {"holding_library_id": "CN3", "withdrawn": 1},
    {"holding_library_id": "CN3"},
]  # fmt: skip
OPAC = """<opacRecord><bibliographicRecord/><holdings>
<holding><localLocation>Tổng kho</localLocation><shelvingLocation>Tầng 2</shelvingLocation><callNumber>895.9 T452H</callNumber>
<circulations><circulation><availableNow value="1"/></circulation>
<circulation><availableNow value="0"/><availabiltyDate>2026-12-24</availabiltyDate></circulation></circulations></holding>
<holding><localLocation>Kho lưu</localLocation></holding></holdings></opacRecord>"""


def test_koha() -> None:
    assert of_koha(json.dumps(KOHA).encode()) == [
        Copy("CN1 Kho A", "895.9", "available"),
        Copy("CN1", "895.9", "on_loan", date(2026, 12, 20)),
        Copy("CN2", "", "not_lent"),
        Copy("CN2", "", "not_lent"),
        Copy("CN3", "", "unknown"),
    ]


def test_opac_records() -> None:
    assert of_opac(OPAC.encode()) == [
        Copy("Tổng kho, Tầng 2", "895.9 T452H", "available"),
        Copy("Tổng kho, Tầng 2", "895.9 T452H", "on_loan", date(2026, 12, 24)),
        Copy("Kho lưu", "", "unknown"),
    ]
    inside = f'<z:r xmlns:z="urn:z"><z:record xmlns="urn:opac">{OPAC}</z:record></z:r>'
    assert len(of_opac(inside.encode())) == 3, "in whatever the protocol wraps it"


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"<html>", b"\xff", b'{"error": "x"}'])
def test_what_cannot_be_read_is_not_known(body: bytes) -> None:
    with pytest.raises(Trouble, match="cannot be read"):
        of_koha(body)


@pytest.mark.parametrize("body", [b"", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"[]"])
def test_xml_that_is_none(body: bytes) -> None:
    with pytest.raises(Trouble):
        of_opac(body)


def test_a_real_server_is_asked_by_the_number_of_the_record() -> None:
    with serving(lambda said: json.dumps(KOHA[:1] if said["id"] == "a b/17" else []).encode()) as server:
        url = f"{server.url}/items?id={{id}}"
        assert [one.state for one in ask("koha", url, "a b/17", allow_private=True, seconds=5)] == ["available"]
        assert ask("koha", url, "9", allow_private=True, seconds=5) == []
    with serving(lambda said: Reply(b"", 404)) as server:
        assert ask("koha", f"{server.url}/{{id}}", "9", allow_private=True, seconds=5) == []
    with serving(lambda said: Reply(b"", 403)) as server, pytest.raises(Trouble, match="403"):
        ask("koha", f"{server.url}/{{id}}", "9", allow_private=True, seconds=5)


def test_who_is_slow_is_not_waited_for() -> None:
    late = threading.Event()
    with serving(lambda said: Reply(b"[" * 9, drip=late, cut=4)) as server:
        with pytest.raises(Trouble):
            ask("koha", f"{server.url}/{{id}}", "9", allow_private=True, seconds=1)
        late.set()


def test_a_private_address_is_asked_only_where_that_is_allowed() -> None:
    with serving(lambda said: b"[]") as server, pytest.raises(Trouble):
        ask("koha", f"{server.url}/{{id}}", "9", allow_private=False, seconds=5)


@pytest.fixture
def yaz() -> Iterator[int]:
    """YAZ's own test server, which gives OPAC records; it takes one session and ends."""
    program = shutil.which("yaz-ztest")
    if program is None:
        pytest.skip("yaz-ztest is not installed (package yaz)")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    child = subprocess.Popen([program, f"tcp:127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        yield port
    finally:
        child.kill()
        child.wait()


def test_opac_records_over_z3950_of_a_real_server(yaz: int) -> None:
    found = ask("z3950", f"z3950://127.0.0.1:{yaz}/Default", 'a"17', allow_private=True, seconds=10)
    assert [(one.state, bool(one.place), bool(one.call_number)) for one in found] == [("available", True, True)]
    with pytest.raises(Trouble):
        ask("z3950", "z3950://127.0.0.1:9/Default", "17", allow_private=True, seconds=2)
