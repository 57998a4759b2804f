"""Tables for people: CSV that a spreadsheet opens with its letters whole and without making formulas of texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from schemas import table

FORMULA = tuple(table.FORMULA)


def sheet(header: Iterable[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV in UTF-8 with the mark by which Excel knows it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([cell(one) for one in header])
    writer.writerows([cell(one) for one in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode()


def cell(value: object) -> object:
    """A cell that is text: what a spreadsheet would take for a formula begins with an apostrophe (CWE-1236)."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value
