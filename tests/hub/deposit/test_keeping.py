"""Files kept for good: every flipped bit found and repaired, nothing kept that is not what its sender says."""

from __future__ import annotations

import hashlib
import io
import os
import random
import resource
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from flows.commands.deposit import deposit as command
from hub.accounts.models import AuditEvent
from hub.accounts.verify import verify
from hub.deposit import keeping
from hub.deposit.models import Kept
from hub.deposit.stores import CHUNK, stores
from schemas.problem import Trouble

FULL = bool(os.environ.get("LIENTHONG_FULL"))
FLIPS = 1_000 if FULL else 100
LARGE = 2 * 2**30 if FULL else 48 * 2**20


def kept(body: bytes, name: str = "sach.epub", **values: str) -> Kept:
    return keeping.keep(io.BytesIO(body), name, None, by="Lan", **values)


def paths(one: Kept) -> list[Path]:
    return [Path(store.path(one.sha256)) for store in stores()]


def test_a_file_lies_in_every_store_under_its_content(store: str) -> None:
    one = kept(b"abc", "../../etc/passwd")
    assert one.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert [path.read_bytes() for path in paths(one)] == [b"abc", b"abc"]
    assert kept(b"abc", "other").pk == one.pk, "the same content is kept once"
    assert one.name == "../../etc/passwd"
    assert [path.name for where in stores() for path in Path(where.root).rglob("*") if path.is_file()] == [
        one.sha256
    ] * 2


def test_what_is_not_what_its_sender_says_is_not_kept(store: str) -> None:
    with pytest.raises(Trouble, match="not what its sender says"):
        kept(b"abc", sha256=hashlib.sha256(b"abd").hexdigest())
    with pytest.raises(Trouble, match="empty"):
        kept(b"")
    assert not Kept.objects.exists()
    assert [path for where in stores() for path in Path(where.root).rglob("*") if path.is_file()] == []
    assert kept(b"abc", sha256=hashlib.sha256(b"abc").hexdigest().upper()).size == 3


def test_a_sender_that_breaks_off_leaves_nothing(store: str) -> None:
    class Broken(io.RawIOBase):
        def __init__(self) -> None:
            self.left = 3

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            if not self.left:
                raise ConnectionResetError
            return b"x" * 100

    with pytest.raises(ConnectionResetError):
        keeping.keep(Broken(), "a", None, by="Lan")
    assert [path for where in stores() for path in Path(where.root).rglob("*") if path.is_file()] == []


def test_every_flipped_bit_is_found_and_repaired(store: str) -> None:
    chance = random.Random(3)
    files = [kept(chance.randbytes(chance.randint(1, 5_000)), f"{n}.pdf") for n in range(50)]
    found = repaired = 0
    while found < FLIPS:
        chosen = chance.sample(files, 25)
        for one in chosen:
            path = chance.choice(paths(one))
            body = bytearray(path.read_bytes())
            at = chance.randrange(len(body) * 8)
            body[at // 8] ^= 1 << at % 8
            path.write_bytes(bytes(body))
        report = keeping.check(timezone.now())
        assert (report.files, report.damaged, report.repaired, report.lost) == (50, 25, 25, [])
        found, repaired = found + report.damaged, repaired + report.repaired
    assert keeping.check(timezone.now()).damaged == 0
    assert found == repaired >= FLIPS
    assert AuditEvent.objects.filter(act="kept.repaired").count() == repaired
    verify()


def test_what_is_missing_comes_back_and_what_is_nowhere_is_said(store: str) -> None:
    first, second = kept(b"first", "a"), kept(b"second", "b")
    paths(first)[0].unlink()
    for path in paths(second):
        path.write_bytes(b"sec0nd")
    report = keeping.check(timezone.now())
    assert (report.damaged, report.repaired, report.lost) == (3, 1, ["b"])
    second.refresh_from_db()
    since = second.lost_at
    assert since is not None
    keeping.check(timezone.now())
    second.refresh_from_db()
    assert second.lost_at == since
    assert AuditEvent.objects.filter(act="kept.lost").count() == 1
    paths(second)[1].write_bytes(b"second")  # somebody finds a copy
    assert keeping.check(timezone.now()).repaired == 1
    second.refresh_from_db()
    assert second.lost_at is None
    assert paths(second)[0].read_bytes() == b"second"


def test_those_not_looked_at_longest_come_first(store: str) -> None:
    files = [kept(bytes([n]), str(n)) for n in range(5)]
    seen = set()
    for _ in range(3):
        keeping.check(timezone.now(), 2)
        seen |= set(Kept.objects.order_by("-checked_at").values_list("pk", flat=True)[:2])
    assert seen == {one.pk for one in files}


def test_the_drill_restores_from_the_last_store(store: str, tmp_path: Path) -> None:
    good, bad, gone = kept(b"good", "g"), kept(b"bad", "b"), kept(b"gone", "x")
    paths(bad)[1].write_bytes(b"b4d")
    paths(gone)[1].unlink()
    found = {one.name: whole for one, whole in keeping.restore(tmp_path / "back")}
    assert found == {"g": True, "b": False, "x": False}
    back = [path for path in (tmp_path / "back").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in back] == [b"good"]
    assert back[0].name == good.sha256


def test_one_store_is_not_enough(store: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for said in (str(tmp_path), f"{tmp_path},{tmp_path}"):
        monkeypatch.setenv("LIENTHONG_DEPOSIT_STORES", said)
        with pytest.raises(Trouble, match="at least two"):
            kept(b"abc")
    monkeypatch.setenv("LIENTHONG_DEPOSIT_STORES", f"{tmp_path / 'a'}, memory://luu-chieu,{tmp_path / 'c'}")
    one = kept(b"abc")
    assert [place.digest(one.sha256) == one.sha256 for place in stores()] == [True] * 3


def test_a_large_file_is_kept_in_little_memory(store: str) -> None:
    if store == "postgresql":
        pytest.skip("the database holds none of it")

    class Zeros:
        def __init__(self, size: int) -> None:
            self.left = size

        def read(self, size: int) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert keeping.keep(Zeros(LARGE), "lon.zip", None, by="Lan").size == LARGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * CHUNK // 1024


@pytest.fixture
def runner(catalog: Path) -> CliRunner:
    return CliRunner()


def test_the_commands(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "a.epub"
    file.write_bytes(b"abc")

    def run(*said: str) -> tuple[int, str]:
        found = runner.invoke(command, list(said), standalone_mode=False)
        return found.return_value or 0, found.output

    assert hashlib.sha256(b"abc").hexdigest() in run("add", str(file), "--by", "lan")[1]
    assert run("check")[0] == 0
    assert run("drill", str(tmp_path / "back"))[0] == 0
    for path in paths(Kept.objects.get()):
        path.write_bytes(b"x")
    assert run("check")[0] == 1
    assert run("drill", str(tmp_path / "again"))[0] == 1


def test_every_file_is_looked_at_each_thirty_days(store: str) -> None:
    one = kept(b"abc")
    now = timezone.now()
    assert keeping.check_due(now + timedelta(days=29)).files == 0
    paths(one)[0].write_bytes(b"abd")
    assert keeping.check_due(now + timedelta(days=31)).repaired == 1
    assert keeping.check_due(now + timedelta(days=32)).files == 0
