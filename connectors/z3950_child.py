"""The process in which the Z39.50 client runs: one session, questions on standard input, answers on standard output.

It is started by :mod:`connectors.z3950_server`. Each question is a frame of JSON with the seconds it may take; an alarm
ends the process a little later, so that it goes even when nobody is left to end it. An answer is a frame of JSON, and
for records another one with their bytes one after the other.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from connectors.z3950_frames import LONGEST_MESSAGE, Ended, receive, send
from connectors.z3950_zoom import Connection, Diagnostic, Given, LibraryMissing, Refused, load

LATE = 5  # seconds after which the process ends by itself, when it was not ended
NOT_STARTED = "the session is not open"

Answer = tuple[dict[str, Any], bytes | None]


class Session:
    """What the process answers."""

    def __init__(self) -> None:
        self.connection: Connection | None = None

    def answer(self, asked: dict[str, Any]) -> Answer:
        """The answer to one question: what was asked for, or why not."""
        try:
            if asked["do"] == "open":
                self._open(asked)
                return {}, None
            if self.connection is None:
                raise ValueError(NOT_STARTED)
            if asked["do"] == "search":
                return {"hits": self.connection.search(asked["query"])}, None
            return _records(self.connection.present(asked["start"], asked["count"]), asked["limit"])
        except Refused as refused:
            return {"refused": asdict(refused.diagnostic)}, None
        except LibraryMissing:
            return {"missing": True}, None

    def _open(self, asked: dict[str, Any]) -> None:
        """Connect to the first of the addresses that answers, with no more memory than a broken server may take."""
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        library = load(asked["libraries"])
        refused = Refused(Diagnostic("ZOOM", 10000, "no address", ""))
        for address in asked["addresses"]:
            try:
                self.connection = Connection(library, address, asked["options"])
                self.connection.set("timeout", str(asked["timeout"]))
                return
            except Refused as error:
                refused = error
        raise refused


def _records(given: Iterable[Given], limit: int) -> Answer:
    """What is said of records, and their bytes; more than ``limit`` of them is said and not sent."""
    said, bodies = [], []
    for one in given:
        diagnostic = asdict(one.diagnostic) if one.diagnostic else None
        said.append({"length": len(one.body), "syntax": one.syntax, "diagnostic": diagnostic})
        bodies.append(one.body)
    total = sum(map(len, bodies))
    if total > limit:
        return {"long": total}, None
    return {"records": said}, b"".join(bodies)


def main() -> None:
    """Answer until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    questions, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # what the library prints is no answer
    session = Session()
    try:
        while True:
            signal.alarm(0)
            asked = json.loads(receive(questions, LONGEST_MESSAGE))
            signal.alarm(math.ceil(asked["seconds"]) + LATE)
            said, bodies = session.answer(asked)
            send(answers, json.dumps(said).encode())
            if bodies is not None:
                send(answers, bodies)
    except Ended:
        sys.exit(0)


if __name__ == "__main__":
    main()
