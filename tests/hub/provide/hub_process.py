"""A hub as a process of its own, for tests in which hubs harvest each other: a real server, told what to do by lines.

``python -m tests.hub.provide.hub_process PORT`` reads one JSON list a line from standard input and answers with one
JSON value a line: ``["bring", [[number, title, isbn, copies], …]]``, ``["drop", number]``, ``["harvest"]``, ``["state"]``.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any
from wsgiref.simple_server import make_server

from tests.hub.provide.portal import _Server, _Silent


def main(acts: Mapping[str, Callable[..., Any]]) -> None:
    from flows.ready import ready

    ready()
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), _Server, _Silent) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        _say("ready")
        for line in sys.stdin:
            act, *arguments = json.loads(line)
            _say(acts[act](*arguments))
        listening.shutdown()


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def bring(books: list[list[str]]) -> int:
    from tests.hub.provide.network import arrive, source
    from tests.hub.stages.books import book, raw

    records = [raw(book(number, title, isbn=isbn, copies=copies)) for number, title, isbn, copies in books]
    arrive(source("cua-minh", "HP-TP", "Thư viện thành phố"), records)
    return len(records)


def drop(number: str) -> str:
    from tests.hub.provide.network import arrive, source
    from tests.hub.stages.books import book, raw

    arrive(source("cua-minh", "HP-TP", "Thư viện thành phố"), [raw(book(number, "x"), deleted=True)])
    return number


def harvest() -> dict[str, int]:
    """The ledger of the harvest of the other hub."""
    from flows.commands.run import union_here
    from hub.sources import load_source, source_files
    from hub.stages.harvest import harvest as once

    counts: dict[str, int] = {}
    for path in source_files():
        for report in once(load_source(path.stem)):
            for name, count in report.counts.items():
                counts[name] = counts.get(name, 0) + count
    union_here()
    return counts


def state() -> dict[str, Any]:
    """What must stand still, and what must be so."""
    from hub.catalog.models import Aside, Record, Union
    from hub.catalog.reads import union_contents
    from hub.provide.oai_origins import abouts
    from hub.provide.outgoing import parts_of

    live = list(Union.objects.filter(deleted=False).order_by("id"))
    parts = parts_of({union.id: None for union in live})
    beside = abouts(parts)
    return {
        "unions": [[u.id, u.description.title, str(u.datestamp)] for u in union_contents(live)],
        "copies": sum(union.copies for union in live),
        "records": sorted(Record.objects.filter(state="live").values_list("identifier", flat=True)),
        "echoes": Aside.objects.filter(kind="echo").count(),
        "origins": {str(number): text for number, text in beside.items()},
    }


ACTS = {"bring": bring, "drop": drop, "harvest": harvest, "state": state}

if __name__ == "__main__":
    main(ACTS)
