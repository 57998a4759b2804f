"""Deposits: an upload through the real server, judging a large bag, reading kept files again; each beside a peer.

Peers, in the same run: the same bytes hashed and copied by ``sha256sum`` and ``cp`` (what no upload can beat), and for
bags ``bagit-python`` of the Library of Congress where it is installed.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

SIZE = 512 * 2**20
FILES, EACH = 2_000, 64 * 1024
PIECE = 2**20


def timed(act: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def told(what: str, seconds: float, peer: str, other: float, megabytes: float) -> None:
    """One line: megabytes a second of both, and the ratio of the times."""
    print(
        f"{what}: {megabytes / seconds:,.0f} MB/s; {peer}: {megabytes / other:,.0f} MB/s; ratio {seconds / other:.2f}"
    )


def large(path: Path) -> str:
    """A web archive of :data:`SIZE` bytes; its SHA-256."""
    chance, digest = random.Random(1), hashlib.sha256()
    with path.open("wb") as stream:
        for number in range(SIZE // PIECE):
            block = chance.randbytes(PIECE)
            block = b"WARC/1.0\r\n" + block[10:] if number == 0 else block
            stream.write(block)
            digest.update(block)
    return digest.hexdigest()


def upload(folder: Path, path: Path, digest: str) -> None:
    """The upload by tus, then judged and kept in two stores."""
    from connectors import tus
    from connectors.http import Client
    from flows.commands.serve import portal
    from tests.hub.provide.test_two_hubs import free_port, running

    with ExitStack() as stack:
        hub = stack.enter_context(running(folder, "hub", free_port(), module="deposit.hub_process"))
        number, secret = hub("declare", "VN-HP-NXB", "Chuyện biển", "978-604-4983-03-5"), hub("key", "VN-HP-NXB")
        port = free_port()
        os.environ["LIENTHONG_HOME"] = str(folder / "hub")
        stack.enter_context(portal("127.0.0.1", port, 1))
        client = stack.enter_context(Client(allow_private=True))
        said = {"filename": "web.warc", "sha256": digest, "publication": str(number)}
        url = f"http://127.0.0.1:{port}/deposit/VN-HP-NXB/files"

        def send() -> None:
            with path.open("rb") as stream:
                tus.send(client, url, secret, stream, SIZE, said)

        def copy() -> None:
            subprocess.run(["cp", path, folder / "copy"], check=True)
            subprocess.run(["sha256sum", folder / "copy"], check=True, stdout=subprocess.DEVNULL)

        sent, copied = timed(send), timed(copy)
        told("upload by tus, each piece checked", sent, "cp and sha256sum", copied, SIZE / 1e6)
        judged = timed(lambda: hub("work"))
        twice = timed(lambda: [copy(), copy()])
        told("judged and kept in two stores", judged, "twice cp and sha256sum", twice, SIZE / 1e6)
        assert hub("state")["deliveries"] == ["kept"]


def bag(folder: Path) -> None:
    """A bag of many files judged, beside bagit-python."""
    from schemas.bagit import check
    from schemas.bagit_stores import Folder

    place, chance, lines = folder / "bag", random.Random(2), []
    (place / "data").mkdir(parents=True)
    for number in range(FILES):
        body = chance.randbytes(EACH)
        (place / "data" / f"{number:05d}").write_bytes(body)
        lines.append(f"{hashlib.sha256(body).hexdigest()}  data/{number:05d}\n")
    (place / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (place / "manifest-sha256.txt").write_text("".join(lines))
    ours = timed(lambda: check(Folder(place)))
    try:
        import bagit
    except ImportError:
        print(f"bag of {FILES:,} files: {ours:.2f} s; bagit-python is not installed")
        return
    theirs = timed(lambda: bagit.Bag(str(place)).validate())
    told(f"bag of {FILES:,} files", ours, "bagit-python", theirs, FILES * EACH / 1e6)


def main() -> None:
    """Print the figures."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LIENTHONG_HOME"] = str(folder / "here")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
        import django

        django.setup()
        digest = large(folder / "web.warc")
        upload(folder, folder / "web.warc", digest)
        bag(folder)


if __name__ == "__main__":
    main()
