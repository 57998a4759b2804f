"""A worker is killed again and again, each time at another point of a stage; the next one must end where nobody was
killed.

Run by itself: ``python -m tests.kill.drill STAGE POINTS [--whole]`` with the data folder (and the database) of a prepared store
in the environment. It prints one JSON object: how many workers were killed, how many ended, and what went wrong.

A point is a statement of the database (the worker dies just before it, or just after it and so before its commit), or
a moment within the stage's time. Each worker is a fork; it dies by SIGKILL or by a timer's signal without a handler.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import django

PAGE = 10
COUNT = 200 if "--whole" in sys.argv else 60  # records of each of the two sources
OUTCOMES = ("created", "updated", "unchanged", "deleted", "rejected")
DIES = 99  # exit status of a worker that raised

Point = tuple[str, float]  # ("before" | "after", number of the statement) or ("moment", share of the stage's time)


def main(stage: str, points: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
    os.environ["LIENTHONG_WORKERS"] = "1"
    django.setup()
    preload()
    base = Path(os.environ["LIENTHONG_HOME"])
    drill = Drill(base, os.environ.get("LIENTHONG_DATABASE_URL", ""))
    print(json.dumps(drill.run(stage, points)))


def preload() -> None:
    """Import what the forks need once."""
    for name in ("catalog.reads", "catalog.search", "stages.harvest", "stages.match", "stages.merge", "stages.publish"):
        import_module(f"hub.{name}")
    import_module("tests.kill.shelves")


class Drill:
    """A prepared store that is copied for each worker."""

    def __init__(self, base: Path, url: str) -> None:
        self.base = base
        self.url = url
        self.number = 0

    def run(self, stage: str, points: int) -> dict[str, Any]:
        work = STAGES[stage]
        for earlier in list(STAGES)[: list(STAGES).index(stage)]:
            assert self._forked(self.base, self.url, STAGES[earlier]) == 0, f"{earlier} did not end well"
        with self._copied() as (home, url):
            started = time.monotonic()
            statements = int(self._told(home, url, lambda: counted(work)))
            seconds = time.monotonic() - started
            self._finish(home, url, stage)
            expected = self._told(home, url, digest)
        faults: list[str] = []
        killed = 0
        for point in chosen(statements, points):
            with self._copied() as (home, url):
                killed += self._forked(home, url, lambda point=point: doomed(work, point, seconds)) != 0  # type: ignore[misc]
                self._finish(home, url, stage)
                found = self._told(home, url, digest)
                if found != expected:
                    faults.append(f"{point}: {differences(expected, found)}")
        return {"stage": stage, "statements": statements, "points": points, "killed": killed, "faults": faults}

    def _finish(self, home: Path, url: str, stage: str) -> None:
        last = "publish" if stage in FIRST else "unite"
        for name in list(STAGES)[list(STAGES).index(stage) : list(STAGES).index(last) + 1]:
            status = self._forked(home, url, STAGES[name])
            assert status == 0, f"{name} could not go on ({status})"

    @contextmanager
    def _copied(self) -> Iterator[tuple[Path, str]]:
        """The prepared store under another name."""
        self.number += 1
        home = self.base.with_name(f"{self.base.name}-{self.number}")
        shutil.copytree(self.base, home)
        url = ""
        if self.url:
            server, _, name = self.url.rpartition("/")
            url = f"{self.url}_{self.number}"
            administer(server, f"CREATE DATABASE {name}_{self.number} TEMPLATE {name}")
        try:
            yield home, url
        finally:
            shutil.rmtree(home)
            if url:
                administer(server, f"DROP DATABASE {name}_{self.number} WITH (FORCE)")

    def _forked(self, home: Path, url: str, work: Callable[[], object]) -> int:
        """Do the work in a fork; its exit status, or minus the signal that ended it."""
        child = os.fork()
        if child == 0:
            status = DIES
            try:
                connect(home, url)
                work()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _told(self, home: Path, url: str, work: Callable[[], str]) -> str:
        """What work in a fork returns."""
        path = self.base.with_name(f"{self.base.name}-told")
        status = self._forked(home, url, lambda: path.write_text(work(), encoding="utf-8"))
        assert status == 0
        return path.read_text(encoding="utf-8")


def administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def connect(home: Path, url: str) -> None:
    """This process's connection goes to that store."""
    from django.db import connections

    from hub.web import settings

    os.environ["LIENTHONG_HOME"] = str(home)
    os.environ.pop("LIENTHONG_DATABASE_URL", None)
    if url:
        os.environ["LIENTHONG_DATABASE_URL"] = url
    fresh = connections.configure_settings({"default": settings.database()})["default"]
    connections.settings["default"] = fresh
    if hasattr(connections._connections, "default"):
        del connections["default"]


def chosen(statements: int, points: int) -> list[Point]:
    """Points spread over the statements on both of their sides; the rest are moments."""
    at_statements: list[Point] = [(side, float(n)) for n in range(statements) for side in ("before", "after")]
    step = max(1.0, len(at_statements) / max(1, points * 3 // 4))
    taken = [at_statements[int(k * step)] for k in range(int(len(at_statements) / step))][:points]
    moments = points - len(taken)
    return taken + [("moment", (k + 0.5) / moments) for k in range(moments)]


def counted(work: Callable[[], object]) -> str:
    """Do the work and say how many statements it took."""
    from django.db import connection

    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        work()
    return str(seen)


def doomed(work: Callable[[], object], point: Point, seconds: float) -> None:
    """Do the work and die at the point."""
    from django.db import connection

    side, at = point
    if side == "moment":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, max(0.001, at * seconds))
        work()
        return
    seen = 0

    def kill(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        mine = seen == int(at) + 1
        if mine and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(kill):
        work()


def harvest() -> None:
    """Fetch every source; each goes on after its last stored page."""
    from hub.stages.harvest import fetch
    from tests.kill.shelves import shelves

    for shelf in shelves(COUNT, PAGE):
        fetch(shelf)


def normalize() -> None:
    from hub.catalog.models import Run, Source
    from hub.stages.harvest import finish
    from hub.stages.normalize import normalize_pending

    normalize_pending()
    for run in Run.objects.filter(status="running").order_by("id"):
        finish(run, Source.objects.get(pk=run.source_id).fence)


def match() -> None:
    from hub.stages.match import match

    match()


def merge() -> None:
    from hub.stages import merge as merging

    merging.BATCH = 20
    merging.merge_due()


def publish() -> None:
    from hub.stages import publish as publishing

    publishing.BATCH, publishing.COMMIT = 20, 40
    publishing.publish()


def sweep() -> None:
    """Sweep every source twice: what is missing is asked for, and asked for again before it is removed."""
    from hub.stages.harvest import sweep_source
    from tests.kill.shelves import shelves

    for shelf in shelves(COUNT, PAGE):
        for _ in range(2):
            sweep_source(shelf)


def unite() -> None:
    """What the sweep has changed and removed comes into the union catalog and into the index."""
    match()
    merge()
    publish()


FIRST: dict[str, Callable[[], None]] = {
    "harvest": harvest,
    "normalize": normalize,
    "match": match,
    "merge": merge,
    "publish": publish,
}
STAGES = FIRST | {"sweep": sweep, "unite": unite}


def digest() -> str:
    """What the store says, without the moments at which it came to say so; JSON."""
    from django.db import connection

    from hub.catalog import reads, search
    from hub.catalog.models import Bib, Holding, MatchKey, Member, RawRecord, Record, Rejection, Removal, Run, Union

    records = list(Record.objects.order_by("id").values_list("id", "identifier", "state", "raw", "good", "due"))
    unions = [
        (c.id, c.deleted, c.survivor, c.record.pack(), c.origins, [m.number for m in c.members])
        for c in reads.union_contents(Union.objects.order_by("id"))
    ]
    ledgers: dict[str, Counter[str]] = {"harvest": Counter(), "sweep": Counter()}
    for run in Run.objects.all():
        ledgers[run.kind].update({name: getattr(run, name) for name in ("received", *OUTCOMES)})
        assert run.received == sum(getattr(run, name) for name in OUTCOMES), run.pk
    again = ledgers["harvest"]["received"] - COUNT * 2
    assert 0 <= again <= PAGE, f"{again} records were read again"
    for kind, more in (("harvest", again), ("sweep", ledgers["sweep"]["unchanged"])):
        ledgers[kind].subtract(received=more, unchanged=more)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return json.dumps(
        {
            "records": records,
            "raws": [
                (row[0], row[1].hex() if isinstance(row[1], bytes) else bytes(row[1]).hex())
                for row in RawRecord.objects.order_by("id").values_list("record_id", "sha256")
            ],
            "unions": sha256(json.dumps(unions).encode()).hexdigest(),
            "ledgers": {kind: sorted(counts.items()) for kind, counts in ledgers.items()},
            "rows": {
                m.__name__: m.objects.count() for m in (Bib, Holding, MatchKey, Member, Rejection, Removal, Union)
            },
            "indexed": search.search("").total,
        }
    )


def differences(expected: str, found: str) -> str:
    one, other = json.loads(expected), json.loads(found)
    return "; ".join(f"{key}: {str(one[key])[:120]} ≠ {str(other[key])[:120]}" for key in one if one[key] != other[key])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
