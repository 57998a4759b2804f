"""Packages between two hubs over HTTP, and large uploads to the real server: whole, once, in constant memory."""

from __future__ import annotations

import hashlib
import io
import os
from base64 import b64encode
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors import tus
from connectors.http import Client
from flows.commands.serve import portal
from schemas.problem import Trouble
from tests.hub.provide.test_two_hubs import free_port, running

FULL = bool(os.environ.get("LIENTHONG_FULL"))
LARGE = (2 * 2**30 if FULL else 160 * 2**20) + 12_345
MODULE = "deposit.hub_process"
NXB, OURS, THEIRS = "VN-HP-NXB", "HUB-A", "HUB-B"
MEBIBYTE = 2**20


def test_a_package_goes_to_another_hub_once(tmp_path: Path) -> None:
    port_a, port_b = free_port(), free_port()
    start = partial(running, tmp_path, module=MODULE)
    with ExitStack() as stack:
        a = stack.enter_context(start("a", port_a))
        number = a("declare", NXB, "Chuyện biển", "978-604-4983-03-5")
        assert a("bring", number, "Biển.") == "kept"
        with start("b", port_b) as b:
            secret = b("key", OURS)
            a("partner", THEIRS, f"http://127.0.0.1:{port_b}/deposit/{OURS}/files", secret)
        first = a("post", number, THEIRS)
        assert a("post", number, THEIRS) == first
        assert a("work") == {"judged": 0, "sent": 0, "waiting": 1}, "the other hub is down"
        b = stack.enter_context(start("b", port_b))
        a("work", 30)
        assert b("state")["deliveries"] == ["arrived"]
        assert a("state")["parcels"] == ["sent"], "not acknowledged before it was judged"
        b("work")
        assert a("work", 60)["sent"] == 1
        assert a("state")["parcels"] == ["acknowledged"]
        there, here = b("state"), a("state")
        assert there["kept"] == here["kept"]
        assert there["publications"] == [["Chuyện biển", "9786044983035", f"Thư viện {NXB}", "public"]]
        a("again")
        assert a("post", number, THEIRS) == first
        a("work", 90)
        b("work")
        assert b("state") == there, "nothing twice"
        assert a("bring", number, "Biển xanh.") == "kept"
        a("post", number, THEIRS)
        a("work", 90)
        b("work")
        a("work", 120)
        assert a("state")["parcels"] == ["acknowledged", "acknowledged"]
        assert b("state")["kept"] == a("state")["kept"]
        assert len(b("state")["publications"]) == 1


class Made(io.RawIOBase):
    """A web archive of any length that nobody has to keep: what stands at a place follows from the place."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = (0, self.at, self.size)[whence] + offset
        return self.at

    def read(self, count: int = -1) -> bytes:
        count = min(count if count >= 0 else self.size, self.size - self.at)
        first, parts = self.at // 32, []
        for block in range(first, (self.at + count) // 32 + 1):
            parts.append(hashlib.sha256(block.to_bytes(8, "big")).digest() if block else b"WARC/1.0\r\n".ljust(32))
        start = self.at - first * 32
        self.at += count
        return b"".join(parts)[start : start + count]


def peak(process: int) -> int:
    """The most memory a process and its children have had, in bytes (VmHWM)."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(lines["Pid"]) == process or int(lines["PPid"]) == process:
            found = max(found, int(lines.get("VmHWM", "0 kB").split()[0]) * 1024)
    return found


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """(the address of uploads, a key, the hub's acts, the server's process), with the server that users run."""
    port = free_port()
    with running(tmp_path, "hub", free_port(), module=MODULE) as hub:
        number = hub("declare", NXB, "Chuyện biển", "978-604-4983-03-5")
        secret = hub("key", NXB)
        monkeypatch.setenv("LIENTHONG_HOME", str(tmp_path / "hub"))
        with portal("127.0.0.1", port, 1) as child:
            yield f"http://127.0.0.1:{port}/deposit/{NXB}/files", secret, hub, child, number


def test_a_large_upload_streams_in_constant_memory(server: Any) -> None:
    url, secret, hub, child, number = server
    source, digest = Made(LARGE), hashlib.sha256()
    while chunk := source.read(MEBIBYTE):
        digest.update(chunk)
    with Client(allow_private=True) as client:
        said = {"filename": "web.warc", "sha256": digest.hexdigest(), "publication": str(number)}
        small = io.BytesIO(b"WARC/1.0\r\n")
        tus.send(client, url, secret, small, 10, {"filename": "a.warc", "publication": str(number)})
        before = peak(child.pid)
        place = tus.send(client, url, secret, Made(LARGE), LARGE, said)  # type: ignore[arg-type]
        assert peak(child.pid) - before < 64 * MEBIBYTE
        hub("work")
        found = tus.status(client, place, secret)
    assert (found["state"], found["sha256"], found["size"]) == ("kept", digest.hexdigest(), LARGE), found


def test_one_request_of_any_length_streams_too(server: Any) -> None:
    url, secret, _, child, number = server
    size = 150 * MEBIBYTE
    mine = {"Authorization": f"Bearer {secret}", "Tus-Resumable": "1.0.0"}
    name = f"filename {b64encode(b'web.warc').decode()},publication {b64encode(str(number).encode()).decode()}"
    made = requests.post(url, headers=mine | {"Upload-Length": str(size), "Upload-Metadata": name}, timeout=60)
    place = url.split("/deposit/")[0] + made.headers["Location"]
    before = peak(child.pid)
    headers = mine | {
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(size),
    }
    answer = requests.patch(place, data=Made(size), headers=headers, timeout=300)  # type: ignore[arg-type]
    assert answer.status_code == 204, answer.text
    assert peak(child.pid) - before < 64 * MEBIBYTE


def test_an_upload_that_is_cut_at_every_mebibyte_goes_on(server: Any) -> None:
    """The line breaks in the middle of each piece; the client asks where it stands and goes on from there."""
    url, secret, hub, _, number = server
    size = 6 * MEBIBYTE + 77
    mine = {"Authorization": f"Bearer {secret}", "Tus-Resumable": "1.0.0"}
    name = f"filename {b64encode(b'web.warc').decode()},publication {b64encode(str(number).encode()).decode()}"
    made = requests.post(url, headers=mine | {"Upload-Length": str(size), "Upload-Metadata": name}, timeout=60)
    assert made.status_code == 201
    base = url.split("/deposit/")[0]
    place, source, cuts = base + made.headers["Location"], Made(size), 0
    while True:
        head = requests.head(place, headers=mine, timeout=60)
        offset = int(head.headers["Upload-Offset"])
        if offset == size:
            break
        source.seek(offset)
        body = source.read(MEBIBYTE)
        _cut(
            place,
            mine | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"},
            body,
            size - offset,
        )
        cuts += 1
        assert cuts < 200
    assert cuts >= 6
    hub("work")
    found = requests.get(place, headers=mine, timeout=60).json()
    expected = hashlib.sha256()
    source = Made(size)
    while chunk := source.read(MEBIBYTE):
        expected.update(chunk)
    assert (found["state"], found["sha256"]) == ("kept", expected.hexdigest())
    for method, status in (("PATCH", 409), ("DELETE", 410)):
        headers = mine | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        assert requests.request(method, place, headers=headers, data=b"x", timeout=60).status_code == status


def _cut(place: str, headers: dict[str, str], body: bytes, promised: int) -> None:
    """Promise the rest of the file, send a piece of it, and hang up."""
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(place)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((parts.hostname, parts.port), 30) as line:
        line.sendall(
            f"PATCH {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}Content-Length: {promised}\r\n\r\n".encode()
            + body
        )
        if len(body) == promised:
            line.recv(1000)


def test_what_a_stranger_or_a_wrong_request_gets(server: Any) -> None:
    url, secret, _, _, number = server
    with Client(allow_private=True, tries=1) as client, pytest.raises(Trouble, match="401"):
        tus.send(client, url, "lt_wrong", io.BytesIO(b"x"), 1, {"filename": "a"})
    mine = {"Authorization": f"Bearer {secret}", "Tus-Resumable": "1.0.0"}
    other = url.replace(NXB, "HP-TP")
    assert requests.post(other, headers=mine | {"Upload-Length": "5"}, timeout=60).status_code == 401
    for length in ("", "-1", "abc", "9" * 20):
        assert requests.post(url, headers=mine | {"Upload-Length": length}, timeout=60).status_code == 400, length
    assert requests.post(url, headers=mine | {"Upload-Length": str(200 * 2**40)}, timeout=60).status_code in (400, 413)
    assert (
        requests.post(
            url, headers=mine | {"Upload-Length": "5", "Upload-Metadata": "filename ***"}, timeout=60
        ).status_code
        == 400
    )
    wrong = f"publication {b64encode(str(number + 1).encode()).decode()}"
    assert (
        requests.post(url, headers=mine | {"Upload-Length": "5", "Upload-Metadata": wrong}, timeout=60).status_code
        == 400
    )
    assert requests.options(url, headers=mine, timeout=60).headers["Tus-Extension"] == "creation,checksum,termination"
    assert requests.head(f"{url}/{'0' * 32}", headers=mine, timeout=60).status_code == 404
