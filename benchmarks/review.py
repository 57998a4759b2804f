"""The catalogers' desk: how long a page of the queue and a pair take in a large catalog, and a pair by keyboard.

``python -m benchmarks.review`` makes a catalog of ``--records`` records (two small libraries of the tests, copied row
by row), asks for pages ``--pages`` times each, and lets a browser decide ``--pairs`` pairs by one key each, from the
key to the next pair on the screen. It says the median and the 95th percentile in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

KEYS = "tkt?k"
COPIED = {  # table: columns that are, or point to, a number of a record or a union record
    "catalog_record": ("id", "raw"),
    "catalog_bib": ("record_id",),
    "catalog_member": ("record_id", "union"),
    "catalog_union": ("id",),
    "catalog_holding": ("id", "record_id"),
    "catalog_link": ("first", "second"),
    "catalog_question": ("first", "second", "cluster", "other"),
}
STEP = 1_000


def fill(records: int) -> None:
    """The two libraries of the tests, copied until there are so many records."""
    from django.db import connection

    from tests.hub.review import asked

    asked.fill()
    times = records // (2 * len(asked.TITLES))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("CREATE TEMP TABLE nth (n INTEGER PRIMARY KEY)")
        cursor.execute(
            "INSERT INTO nth WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < %s)"
            " SELECT n FROM up",
            [times - 1],
        )
        for table, moved in COPIED.items():
            cursor.execute(f"PRAGMA table_info({table})")
            names = [row[1] for row in cursor.fetchall()]
            every = ",".join(f'"{name}"' for name in names)
            values = ",".join(_copied(table, name, moved) for name in names)
            some = " WHERE n % 3 = 0" if table == "catalog_question" else ""
            cursor.execute(f"INSERT INTO {table} ({every}) SELECT {values} FROM {table} t, nth{some}")
        cursor.execute("ANALYZE")


def _copied(table: str, name: str, moved: tuple[str, ...]) -> str:
    if name in moved:
        return f't."{name}" + n * {STEP}'
    if (table, name) == ("catalog_record", "identifier"):
        return "t.identifier || '.' || n"
    if (table, name) == ("catalog_question", "gain"):
        return "t.gain * (1 + (n % 997) / 997.0)"
    return f't."{name}"'


def said(name: str, took: list[float]) -> None:
    """Median and 95th percentile, in milliseconds."""
    took = sorted(1_000 * seconds for seconds in took)
    print(
        f"{name}: median {statistics.median(took):.0f} ms, p95 {took[int(0.95 * (len(took) - 1))]:.0f} ms", flush=True
    )


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def seen(client: Any, where: str) -> None:
    """Ask for a page, which must be there."""
    if client.get(where).status_code != 200:
        raise SystemExit(f"{where} is not there")


def pages(count: int) -> None:
    """Pages asked for by a client of this process."""
    from hub.catalog.models import Question
    from tests.accounts_in_tests import client_of, somebody

    client = client_of(somebody("cataloger"), SERVER_NAME="localhost")
    every = list(
        Question.objects.order_by("-gain", "first", "second").values_list("first", "second")[: 40 * count : 40]
    )
    filters = ("", "?library=HP-LL", "?doubt=year&language=vie", "?page=40", "?mine=1")
    seen(client, "/duyet")
    for where in filters:
        said(f"queue {where or '(all)'}", [timed(partial(seen, client, "/duyet" + where)) for _ in range(count)])
    said("pair", [timed(partial(seen, client, f"/duyet/cap/{first}/{second}")) for first, second in every])
    took = []
    where = client.post("/duyet/tiep").headers["Location"]
    for place in range(count):
        start = time.perf_counter()
        where = client.post(where.partition("?")[0], {"act": "same" if place % 2 else "different"}).headers["Location"]
        seen(client, where)
        took.append(time.perf_counter() - start)
    said("a decision, until the next pair is made", took)


def keyboard(count: int) -> None:
    """Pairs decided in a browser by one key each."""
    from playwright.sync_api import expect, sync_playwright

    from tests.accounts_in_tests import sign_in
    from tests.hub.provide.portal import serving

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        sign_in(tab, address, "cataloger")
        tab.goto(f"{address}/duyet")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/duyet/cap/**")
        took = []
        for place in range(count):
            before, start = tab.url, time.perf_counter()
            tab.keyboard.press(KEYS[place % len(KEYS)])
            tab.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
            expect(tab.locator("#say")).not_to_be_empty()
            took.append(time.perf_counter() - start)
        browser.close()
    said(f"{count} pairs by keyboard, from a key to the next pair", took)


def main() -> None:
    """Make the catalog, ask, decide."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--pages", type=int, default=40)
    options.add_argument("--pairs", type=int, default=200)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lienthong-review-") as home:
        os.environ["LIENTHONG_HOME"] = home
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        from flows.ready import ready

        ready()
        from hub.catalog.models import Question, Record

        print(f"made in {timed(lambda: fill(asked.records)):.0f} s", flush=True)
        print(f"{Record.objects.count()} records, {Question.objects.count()} questions", flush=True)
        pages(asked.pages)
        keyboard(asked.pairs)


if __name__ == "__main__":
    main()
