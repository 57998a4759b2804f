"""The portal under many hands: how long its pages take when twenty people of mixed roles use it at once.

``LIENTHONG_HOME=DIR python -m benchmarks.portal`` serves the catalog of that folder as ``lienthong serve`` does, lets
``--users`` people sign in and open pages of their desks and the public ones for ``--seconds``, each with a pause of
about ``--pause`` seconds between two pages (0: none, which shows how much it can take), and prints for each page, and
in all, how many, and the 50th, 95th and 99th percentile in milliseconds. What it needs to know (records, pairs, runs,
words to search) it finds in the catalog. ``--alone`` opens each page by itself instead, and counts its queries.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

SAMPLE = 200  # examples of each kind
WARM = 5.0  # seconds before anything is measured
ROLES = (
    "cataloger", "cataloger", "cataloger", "it_staff", "partner_librarian", "bookcase_owner", "administrator",
    "", "", "",
)  # fmt: skip
Pick = Callable[[str], str]


@dataclass(slots=True)
class Examples:
    """What there is in the catalog to look at."""

    unions: list[str] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)
    records: dict[str, list[int]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    rejections: list[tuple[str, int]] = field(default_factory=list)


def spread(model: Any, name: str = "pk", **conditions: Any) -> list[Any]:
    """Values of rows from all over a table, without reading it."""
    rows = model.objects.filter(**conditions).order_by("pk")
    first, last = rows.values_list("pk", flat=True).first(), rows.values_list("pk", flat=True).last()
    if first is None:
        return []
    starts = sorted({random.randint(first, last) for _ in range(SAMPLE)})
    found = (rows.filter(pk__gte=start).values_list(name, flat=True).first() for start in starts)
    return list(dict.fromkeys(value for value in found if value is not None))


def examples() -> Examples:
    """Look them up."""
    from hub.catalog.models import Bib, Question, Record, Rejection, Run, Source, Union
    from hub.catalog.reads import union_uid

    found = Examples()
    found.unions = [union_uid(number) for number in spread(Union, deleted=False)]
    found.pairs = list(Question.objects.order_by("-gain", "first", "second").values_list("first", "second")[:SAMPLE])
    for description in spread(Bib, "description"):
        found.words += [word for word in description.split('"') if 3 < len(word) < 30 and " " in word][:2]
    for name, library in Source.objects.values_list("name", "library_id")[:40]:
        found.sources.append(name)
        numbers = spread(Record, source__name=name, state="live")[:20]
        if numbers:
            found.records.setdefault(library, []).extend(numbers)
    found.libraries = list(found.records)
    found.runs = list(Run.objects.order_by("-pk").values_list("pk", flat=True)[:SAMPLE])
    found.rejections = list(Rejection.objects.values_list("record__source__name", "pk")[:SAMPLE])
    return found


def pages(it: Examples) -> dict[str, tuple[str, Pick]]:
    """The pages by their names: a role (``""``: anybody, ``own``: of a library) and what gives an address."""
    from urllib.parse import quote

    one = random.choice
    found: dict[str, tuple[str, Pick]] = {
        "front page": ("", lambda _: "/"),
        "search": ("", lambda _: f"/tim?q={quote(one(it.words))}"),
        "search, a facet": ("", lambda _: f"/tim?q={quote(one(it.words))}&library={one(it.libraries)}"),
        "union record": ("", lambda _: f"/r/{one(it.unions)}"),
        "libraries": ("", lambda _: "/thu-vien"),
        "library": ("", lambda _: f"/thu-vien/{one(it.libraries)}"),
        "network": ("", lambda _: "/mang-luoi"),
        "review: queue": ("cataloger", lambda _: "/duyet"),
        "review: cluster": ("cataloger", lambda _: f"/duyet/cum/{one(it.unions)}"),
        "review: history": ("cataloger", lambda _: f"/duyet/lich-su/{one(it.unions)}"),
        "review: acts": ("cataloger", lambda _: "/duyet/viec-da-lam"),
        "review: contradictions": ("cataloger", lambda _: "/duyet/mau-thuan"),
        "harvesting": ("it_staff", lambda _: "/dieu-hanh"),
        "quarantine": ("it_staff", lambda _: "/dieu-hanh/cach-ly"),
        "contacts": ("it_staff", lambda _: "/dieu-hanh/lien-he"),
        "source": ("it_staff", lambda _: f"/nguon/{one(it.sources)}"),
        "source: records": ("it_staff", lambda _: f"/nguon/{one(it.sources)}/bieu-ghi"),
        "source: rejections": ("it_staff", lambda _: f"/nguon/{one(it.sources)}/tu-choi"),
        "source: coverage": ("it_staff", lambda _: f"/nguon/{one(it.sources)}/do-phu"),
        "run": ("it_staff", lambda _: f"/luot/{one(it.runs)}"),
        "holds": ("it_staff", lambda _: "/cho-duyet"),
        "accounts": ("administrator", lambda _: "/quan-tri/tai-khoan"),
        "audit trail": ("administrator", lambda _: "/quan-tri/nhat-ky"),
        "own library": ("own", lambda code: f"/cua-toi/{code}"),
        "own records": ("own", lambda code: f"/cua-toi/{code}/bieu-ghi"),
        "own record": ("own", lambda code: f"/cua-toi/{code}/bieu-ghi/{one(it.records[code])}"),
        "own duplicates": ("own", lambda code: f"/cua-toi/{code}/trung"),
        "own faults": ("own", lambda code: f"/cua-toi/{code}/loi/year_none"),
        "own corrections": ("own", lambda code: f"/cua-toi/{code}/ban-sua"),
        "own settings": ("own", lambda code: f"/cua-toi/{code}/cai-dat"),
        "bookcase: find": ("own", lambda code: f"/cua-toi/{code}/them?q={quote(one(it.words))}"),
        "bookcase: books": ("own", lambda code: f"/cua-toi/{code}/sach"),
        "my account": ("signed in", lambda _: "/tai-khoan"),
    }
    if it.pairs:
        found["review: pair"] = ("cataloger", lambda _: "/duyet/cap/{}/{}".format(*one(it.pairs)))
        found["review: alike"] = ("cataloger", lambda _: "/duyet/cap/{}/{}/cung-kieu".format(*one(it.pairs)))
    if it.rejections:
        found["rejected record"] = ("it_staff", lambda _: "/nguon/{}/tu-choi/{}".format(*one(it.rejections)))
    return found


def fits(wanted: str, role: str) -> bool:
    """Whether somebody with this role opens pages for that one."""
    own = role in ("partner_librarian", "bookcase_owner")
    return wanted == "" or wanted == role or (wanted == "own" and own) or (wanted == "signed in" and bool(role))


@dataclass(slots=True)
class Person:
    """Somebody at the portal, with a session."""

    role: str
    library: str = ""
    cookie: str = ""


@contextmanager
def people(count: int, libraries: list[str]) -> Iterator[list[Person]]:
    """Accounts with sessions; they are gone afterwards."""
    from django.utils import timezone

    from hub.accounts import sessions
    from hub.accounts.models import Grant, User
    from hub.accounts.roles import ROLES as KNOWN

    made, found = [], []
    for place in range(count):
        person = Person(ROLES[place % len(ROLES)])
        if person.role:
            address = f"benchmark-{place}-{os.getpid()}@lienthong.example"
            user = User.objects.create(email=address, name=address, made_at=timezone.now())
            made.append(user.pk)
            person.library = libraries[place % len(libraries)] if KNOWN[person.role].scoped else ""
            Grant.objects.create(user=user, role=person.role, library_code=person.library)
            person.cookie = f"{sessions.cookie()}={sessions.open_for(user)}"
        found.append(person)
    try:
        yield found
    finally:
        User.objects.filter(pk__in=made).delete()


class Visitor(threading.Thread):
    """A person who opens page after page over one connection."""

    def __init__(self, person: Person, port: int, choices: list[tuple[str, Pick]], until: float, pause: float) -> None:
        super().__init__(daemon=True)
        self.person, self.port, self.choices, self.until, self.pause = person, port, choices, until, pause
        self.took: list[tuple[str, float]] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        """Until the time is over."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.person.cookie} if self.person.cookie else {}
        while time.monotonic() < self.until:
            name, pick = random.choice(self.choices)
            address = pick(self.person.library)
            begun = time.perf_counter()
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            answer.read()
            self.took.append((name, 1000 * (time.perf_counter() - begun)))
            if answer.status != 200:
                self.wrong.append(f"{answer.status} {address}")
            if self.pause:
                time.sleep(random.expovariate(1 / self.pause))


def percentile(values: list[float], share: float) -> float:
    """A percentile of values in order."""
    return values[min(len(values) - 1, int(share * len(values)))]


def line(name: str, values: list[float]) -> str:
    """A line of the table."""
    values = sorted(values)
    marks = "".join(f"{percentile(values, share):8.0f}" for share in (0.5, 0.95, 0.99))
    return f"{name:28}{len(values):7}{marks}{values[-1]:8.0f}"


def under_load(it: Examples, users: int, seconds: float, pause: float, workers: int) -> None:
    """Everybody at once."""
    from flows.commands.serve import portal

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    known = pages(it)
    with portal("127.0.0.1", port, workers), people(users, it.libraries) as everybody:
        warm_up(everybody, port, known)
        until = time.monotonic() + seconds
        visitors = [
            Visitor(one, port, [(n, pick) for n, (role, pick) in known.items() if fits(role, one.role)], until, pause)
            for one in everybody
        ]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    report([took for visitor in visitors for took in visitor.took], seconds)
    wrong = [text for visitor in visitors for text in visitor.wrong]
    print(f"{len(wrong)} answers other than 200 {wrong[:5]}" if wrong else "all answers 200")


def warm_up(everybody: list[Person], port: int, known: dict[str, tuple[str, Pick]]) -> None:
    """Every process has read its code, its templates and its index before anything is measured."""
    choices = [(name, pick) for name, (role, pick) in known.items() if role == ""]
    visitors = [Visitor(Person(""), port, choices, time.monotonic() + WARM, 0) for _ in everybody]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()


def report(took: list[tuple[str, float]], seconds: float) -> None:
    """Print the table."""
    by_page: dict[str, list[float]] = defaultdict(list)
    for name, milliseconds in took:
        by_page[name].append(milliseconds)
    print(f"{'milliseconds':28}{'n':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    for name in sorted(by_page, key=lambda name: -percentile(sorted(by_page[name]), 0.95)):
        print(line(name, by_page[name]))
    print(line("all", [milliseconds for _, milliseconds in took]))
    print(f"{len(took) / seconds:.1f} pages a second")


def alone(it: Examples, times: int) -> None:
    """Each page by itself, in this process: the quickest of some, and its queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"{'milliseconds, alone':28}{'median':>8}{'queries':>9}{'kB':>7}  slowest query")
    with people(len(ROLES), it.libraries) as everybody:
        for name, (wanted, pick) in pages(it).items():
            person = next(one for one in everybody if fits(wanted, one.role) and (wanted or not one.role))
            client = Client(headers={"cookie": person.cookie} if person.cookie else {}, SERVER_NAME="127.0.0.1")
            took = []
            for _ in range(times):
                begun = time.perf_counter()
                answer = client.get(pick(person.library))
                took.append(1000 * (time.perf_counter() - begun))
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(pick(person.library))
            slowest = max(
                asked.captured_queries, key=lambda query: float(query["time"]), default={"time": 0, "sql": ""}
            )
            size = len(answer.content) / 1000
            said = f"{slowest['time']} s {slowest['sql'][:90]}" if float(slowest["time"]) > 0.02 else ""
            status = "" if answer.status_code == 200 else f" ({answer.status_code})"
            print(f"{name + status:28}{sorted(took)[times // 2]:8.0f}{len(asked):9}{size:7.0f}  {said}", flush=True)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, default=20)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--pause", type=float, default=1.0)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--alone", action="store_true")
    asked = options.parse_args()
    from flows.ready import ready

    ready()
    random.seed(1)
    it = examples()
    print(f"{len(it.unions)} union records, {len(it.pairs)} pairs, {len(it.words)} titles, {len(it.sources)} sources")
    if asked.alone:
        alone(it, 5)
    else:
        under_load(it, asked.users, asked.seconds, asked.pause, asked.workers)


if __name__ == "__main__":
    main()
