"""Our OAI-PMH: pages of MARCXML a second with several clients, the slowest of them, and the last page beside the first.

``python -m benchmarks.oai`` makes a catalog of ``--records`` union records of different content, serves it as
``lienthong serve`` does (granian, two processes), and lets ``--clients`` processes each walk a part of the list for
``--seconds`` (different places, so that nothing is served from a cache of pages). It prints pages and records a second,
the median and the 99th percentile of a page, what a page costs the server in CPU (clients, and whoever else uses the
machine, take theirs), a page at the start beside one near the end of the whole list and of a set, and the server's
memory. ``--url`` asks a repository that is there already, for a comparison.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

DIFFERENT = 2_000  # records of different content; the rest are these under other numbers
TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)<")
START = "2020-01-01T00:00:00Z"


def fill(records: int) -> None:
    """A catalog, written by statements: books of their own, each of one library, with the sets they belong to."""
    from django.db import connection

    from benchmarks.books import book
    from hub.catalog import bulk, selections
    from hub.network.models import Library
    from hub.stages.normalize import normalize_pending
    from schemas.record import Record as Content
    from tests.hub.provide.network import source
    from tests.hub.stages.books import raw

    sender = source("thanh-pho", "HP-TP", "Thư viện thành phố")
    Library.objects.update(kind="public")
    from hub.catalog import arrivals, runs

    run, fence = runs.open_run(sender, "benchmark", False)
    books = [raw(Content(one.leader, one.fields)) for one in (book(5 * n) for n in range(min(DIFFERENT, records)))]
    arrivals.store_page(run, fence, books, {"done": True})
    normalize_pending()
    with connection.cursor() as cursor:
        for statement in _copies(records):
            cursor.execute(statement)
    with bulk.writing():
        selections.fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copies(records: int) -> list[str]:
    """The statements that make union records of the first books, and as many more as are wanted."""
    times = max(records // DIFFERENT, 1)
    far = f"{DIFFERENT} * n"
    moment = "strftime('%Y-%m-%d %H:%M:%S', 1577836800 + (b.record_id + {0}) * 60, 'unixepoch') || '.000000'"
    union = "id, marc, origins, description, digest, members, copies, work, datestamp, deleted, survivor"
    return [
        "PRAGMA synchronous=OFF",
        "CREATE TEMP TABLE nth (n INTEGER PRIMARY KEY)",
        "INSERT INTO nth WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n <"
        f" {times - 1}) SELECT n FROM up" + (" WHERE 0" if times == 1 else ""),
        "INSERT INTO catalog_record (id, source_id, identifier, datestamp, state, raw, good, fingerprint, due)"
        f" SELECT r.id + {far}, source_id, identifier || '.' || n, datestamp, 'live', raw, good, fingerprint, 0"
        " FROM catalog_record r, nth ORDER BY n, r.id",
        "INSERT INTO catalog_bib (record_id, marc, description, traits, repairs, digest, keys, copies)"
        f" SELECT record_id + {far}, marc, description, traits, repairs, digest, keys, copies"
        " FROM catalog_bib b, nth ORDER BY n, b.record_id",
        'INSERT INTO catalog_member (record_id, "union") SELECT record_id, record_id FROM catalog_bib',
        f"INSERT INTO catalog_union ({union}) SELECT record_id, '', '', '', digest, 1, copies, 0,"
        f" {moment.format(0)}, 0, NULL FROM catalog_bib b",
    ]


def page(session: Any, url: str, **arguments: str) -> tuple[float, bytes]:
    """(seconds, answer) of a request, as it was sent."""
    start = time.perf_counter()
    session.request("GET", f"{session.path}?{urlencode({'verb': 'ListRecords', **arguments})}", headers=session.wish)
    answer = session.getresponse()
    body = answer.read()
    taken = time.perf_counter() - start
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {body[:400]!r}")
    return taken, gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


def session_with(url: str, coding: str) -> Any:
    """A connection that stays, which asks for a coding: with as little work of the client as there can be."""
    parts = urlsplit(url)
    session: Any = http.client.HTTPConnection(parts.netloc, timeout=60)
    session.path, session.wish = parts.path, {"Accept-Encoding": coding}
    return session


def walk(url: str, since: str, seconds: float, coding: str) -> tuple[list[float], int]:
    """Go through the list from a day on for some time: the seconds of each page, and how many records came."""
    session = session_with(url, coding)
    taken: list[float] = []
    count, over = 0, time.monotonic() + seconds
    first = {"metadataPrefix": "marcxml", **({"from": since} if since else {})}
    arguments = first
    while time.monotonic() < over:
        took, body = page(session, url, **arguments)
        taken.append(took)
        count += body.count(b"<header")
        found = TOKEN.search(body, body.rfind(b"<resumptionToken"))
        arguments = {"resumptionToken": found[1].decode()} if found else first
    return taken, count


def depth(url: str, near_end: str, chosen: dict[str, str], times: int = 60) -> str:
    """A page at the start of a list beside one near its end, both by token, asked for in turns."""
    session, tokens = session_with(url, "identity"), []
    for since in (START, near_end):
        first = page(session, url, metadataPrefix="marcxml", **{"from": since}, **chosen)[1]
        match = TOKEN.search(first)
        if not match:
            return "the list is too short"
        tokens.append(match[1].decode())
    taken = [[page(session, url, resumptionToken=token)[0] for token in tokens] for _ in range(times)]
    start, end = (1_000 * statistics.median(column) for column in zip(*taken, strict=True))
    return f"{start:.1f} ms at the start, {end:.1f} ms near the end ({end / start:.2f}×)"


def children(parent: int) -> list[int]:
    """A process and its children."""
    found = [parent]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def processor(parent: int) -> float:
    """Seconds of CPU that a process and its children have used."""
    ticks = 0
    for number in children(parent):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(parent: int) -> float:
    """Resident MB of a process and its children, without what of files is mapped."""
    found = 0.0
    for number in children(parent):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        found += sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1_024
    return found


def measure(url: str, asked: argparse.Namespace, process: int) -> None:
    """Print what the clients found."""
    days = asked.records // 1_440  # a record a minute
    starts = [f"{2020 + part // 365}-{1 + part % 365 // 31:02d}-01" for part in _spread(days, asked.clients)]
    starts = starts if process else [""] * asked.clients  # of somebody else's repository nothing is known
    before = memory(process) if process else 0
    for coding in ("identity", "gzip"):
        start, used = time.perf_counter(), processor(process) if process else 0.0
        with ProcessPoolExecutor(asked.clients) as pool:
            work = [pool.submit(walk, url, since, asked.seconds, coding) for since in starts]
            results = [one.result() for one in work]
        spent = time.perf_counter() - start
        taken = sorted(1_000 * one for some, _ in results for one in some)
        print(
            f"{coding}: {len(taken) / spent:.0f} pages/s, {sum(count for _, count in results) / spent:.0f} records/s,"
            f" median {statistics.median(taken):.0f} ms, p99 {taken[int(0.99 * (len(taken) - 1))]:.0f} ms",
            flush=True,
        )
        if process:
            cost = 1_000 * (processor(process) - used) / len(taken)
            print(f"  {cost:.1f} ms of CPU of the server a page; memory {memory(process):.0f} MB", flush=True)
    if process:
        print(f"memory of the server: {before:.0f} MB before, {memory(process):.0f} MB after", flush=True)


def _spread(days: int, clients: int) -> list[int]:
    return [max(days - 31, 0) * part // clients for part in range(clients)]


def main() -> None:
    """Make the catalog, serve it, ask."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--port", type=int, default=8765)
    options.add_argument("--url", default="")
    options.add_argument("--home", default="", help="a folder to keep the catalog in, for another time")
    asked = options.parse_args()
    if asked.url:
        measure(asked.url, asked, 0)
        return
    with tempfile.TemporaryDirectory(prefix="lienthong-oai-") as folder:
        home = asked.home or folder
        known = (Path(home) / "lienthong.sqlite3").exists()
        os.environ["LIENTHONG_HOME"] = home
        from flows.ready import ready

        ready()
        start = time.perf_counter()
        if not known:
            fill(asked.records)
        print(f"{asked.records} union records, made in {time.perf_counter() - start:.0f} s", flush=True)
        environment = {**os.environ, "LIENTHONG_BASE_URL": f"http://127.0.0.1:{asked.port}"}
        command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(asked.port)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _ready(asked, server)
        finally:
            server.terminate()
            server.wait(30)


def _ready(asked: argparse.Namespace, server: subprocess.Popen[bytes]) -> None:
    import requests

    url = f"http://127.0.0.1:{asked.port}/oai"
    for _ in range(300):
        try:
            requests.get(url, {"verb": "Identify"}, timeout=30)
            break
        except requests.ConnectionError:
            time.sleep(0.2)
    measure(url, asked, next((number for number in children(server.pid) if number != server.pid), server.pid))
    days = asked.records // 1_440
    end = time.strftime("%Y-%m-%d", time.gmtime(1_577_836_800 + max(days - 2, 0) * 86_400))
    print(f"whole list: {depth(url, end, {})}", flush=True)
    print(f"one set: {depth(url, end, {'set': 'library:HP-TP'})}", flush=True)


if __name__ == "__main__":
    main()
