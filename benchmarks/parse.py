"""Parsing to usable fields, against pymarc: ISO 2709 and MARCXML. Every record is compared field by field as well.

``python -m benchmarks.parse [--records N]``. Real records of the Library of Congress where the shared test data are,
else generated ones. Goal: 3× for both.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import time
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pymarc

from benchmarks.books import books
from schemas import marc21, marcxml
from schemas.format import Reading
from schemas.record import is_control, subfields

READING = Reading()
ROUNDS = 3


def real_records() -> Iterable[bytes]:
    """The records of the shared LoC files, or generated ones."""
    folder = Path(os.environ.get("LIENTHONG_SHARED", "../shared")) / "data/marc21/loc"
    files = sorted(folder.glob("*.mrc.gz"))
    if files:
        return (raw.body for raw in chain.from_iterable(marc21.split(gzip.open(path), READING) for path in files))
    return books(100_000)


def seconds(work: Callable[[], Any]) -> float:
    """The best of some rounds, in seconds of this process."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def usable(record: Any) -> list[Any]:
    """The fields split into subfields, as a program would use them."""
    return [(tag, content) if is_control(tag) else (tag, subfields(content)) for tag, content in record.fields]


def ours(bodies: list[bytes], parse: Callable[[bytes, Reading], Any]) -> list[list[Any]]:
    return [usable(parse(body, READING)) for body in bodies]


def pymarc_iso(bodies: list[bytes]) -> list[pymarc.Record]:
    return [pymarc.Record(data=body, to_unicode=True, hide_utf8_warnings=True) for body in bodies]


def pymarc_xml(bodies: list[bytes]) -> list[pymarc.Record]:
    return [pymarc.parse_xml_to_array(io.BytesIO(body))[0] for body in bodies]


def pairs(record: pymarc.Record) -> list[Any]:
    """pymarc's fields in the same shape as :func:`usable`."""
    return [
        (f.tag, f.data) if f.is_control_field() else (f.tag, [(s.code, s.value) for s in f.subfields])
        for f in record.fields
    ]


def parsed(bodies: list[bytes], parse: Callable[[bytes, Reading], Any]) -> list[Any]:
    """Records whose fields can be asked for; subfields are split where somebody asks for them."""
    return [parse(body, READING) for body in bodies]


def compare(name: str, bodies: list[bytes], mine: Any, theirs: Callable[[list[bytes]], list[pymarc.Record]]) -> None:
    """Time both, compare all fields, print a line."""
    fast, slow = seconds(lambda: parsed(bodies, mine)), seconds(lambda: theirs(bodies))
    split = seconds(lambda: ours(bodies, mine))
    differ = sum(a != pairs(b) for a, b in zip(ours(bodies, mine), theirs(bodies), strict=True))
    count = len(bodies)
    print(
        f"{name:<10} {count} records: Lienthong {count / fast:,.0f}/s, pymarc {count / slow:,.0f}/s, "
        f"ratio {slow / fast:.2f}× ({slow / split:.2f}× with every subfield split), {differ} records differ"
    )


def main() -> None:
    """Print a line for each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    count = parser.parse_args().records
    bodies = list(islice(real_records(), count))
    compare("ISO 2709", bodies, marc21.parse, pymarc_iso)
    documents = [marcxml.to_marcxml(marc21.parse(body, READING)).encode() for body in bodies[: count // 2]]
    compare("MARCXML", documents, marcxml.parse, pymarc_xml)


if __name__ == "__main__":
    main()
