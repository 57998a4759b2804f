"""A table of administrative units over time, as JSON: eras, each with its units and whom they succeed.

``{"eras": [{"valid_from", "valid_to", "legal_basis", "province": {"code", "full_name"}, "districts": [{"code",
"full_name", "wards": [{"code", "full_name"}]}], "units": [{"code", "full_name", "valid_from", "legal_basis",
"predecessors…": [{"name", "district"}]}]}]}``. An era has districts (three tiers) or units (two), days are ISO 8601; a
unit that goes on unchanged from one era into the next is one unit. Predecessors are named with their district, as they
were on the day before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import orjson

from hub.normalize.text import syllables
from schemas.problem import Trouble

UNKNOWN = date.min  # a first day that the table does not tell
ISLANDS = ("đặc khu", "huyện đảo")  # kinds of unit that are islands
LARGEST = 20_000_000  # bytes
MOST = 100_000  # units


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the table; ``parent`` is the code of its district or province, "" where there is none."""

    code: str
    since: date
    until: date | None
    level: str
    name: str
    parent: str = ""
    basis: str = ""
    island: bool = False
    before: tuple[tuple[str, str], ...] = ()  # (name, district) of those it succeeds

    @property
    def spelled(self) -> str:
        """The name as it is compared: its syllables with their tones, «hoà» as «hòa»."""
        return syllables(self.name)


@dataclass(slots=True)
class Table:
    """The units, and for each succession (place of the one before, of the one after, whether all of it went there)."""

    rows: list[Row] = field(default_factory=list)
    successions: list[tuple[int, int, bool]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # predecessors that no era has


def read(body: bytes) -> Table:
    """The table of a file; :class:`Trouble` ``units_unreadable`` says what is wrong with it."""
    if len(body) > LARGEST:
        raise Trouble("units_unreadable", detail=f"> {LARGEST} bytes")
    try:
        eras = orjson.loads(body)["eras"]
        rows = _joined([row for era in eras for row in _era(era)])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble("units_unreadable", detail=f"{type(error).__name__}: {error}"[:200]) from None
    if not rows or len(rows) > MOST:
        raise Trouble("units_unreadable", detail=f"{len(rows)} units")
    table = Table(rows)
    _succeed(table)
    return table


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _era(era: dict[str, Any]) -> Iterator[Row]:
    since, until, basis = _day(era.get("valid_from")) or UNKNOWN, _day(era.get("valid_to")), era.get("legal_basis", "")
    province = era.get("province") or {}
    top = str(province.get("code", ""))
    if top:
        yield Row(top, since, until, "province", str(province["full_name"]), basis=basis)
    for district in era.get("districts", ()):
        code = str(district["code"])
        yield Row(code, since, until, "district", _name(district), top, basis, _is_island(district))
        for ward in district.get("wards", ()):
            yield Row(str(ward["code"]), since, until, "commune", _name(ward), code, basis, _is_island(district))
    for unit in era.get("units", ()):
        lists = (value for key, value in unit.items() if key.startswith("predecessors"))
        before = tuple((str(one["name"]), str(one.get("district", ""))) for found in lists for one in found)
        began = _day(unit.get("valid_from")) or since
        said = str(unit.get("legal_basis", basis))
        yield Row(str(unit["code"]), began, until, "commune", _name(unit), top, said, _is_island(unit), before)


def _name(unit: dict[str, Any]) -> str:
    name = str(unit["full_name"]).strip()
    if not name or len(name) > 200:
        raise ValueError(f"full_name of {unit.get('code')}")
    return name


def _is_island(unit: dict[str, Any]) -> bool:
    return bool(unit.get("island")) or str(unit["full_name"]).lower().startswith(ISLANDS)


def _joined(rows: list[Row]) -> list[Row]:
    """A unit that goes on unchanged from one era into the next as one."""
    found: list[Row] = []
    last: dict[str, int] = {}
    for row in sorted(rows, key=lambda one: (one.since, one.code)):
        at = last.get(row.code)
        known = found[at] if at is not None else None
        goes_on = known and known.until and known.until + timedelta(days=1) == row.since
        if known and goes_on and not row.before and (known.spelled, known.parent) == (row.spelled, row.parent):
            found[at or 0] = replace(known, until=row.until)
        else:
            last[row.code] = len(found)
            found.append(row)
    return found


def _succeed(table: Table) -> None:
    """Find the predecessors: by name and district, among the units that ended the day before."""
    districts = {(row.code, row.until): row for row in table.rows if row.level == "district"}
    ended: dict[tuple[str, str, date], int] = {}
    for place, row in enumerate(table.rows):
        if row.until is not None:
            above = districts.get((row.parent, row.until)) or (row if row.level == "district" else None)
            ended[row.spelled, above.spelled if above else "", row.until] = place
    found = []
    for after, row in enumerate(table.rows):
        for name, district in row.before:
            key = (syllables(name), syllables(district), row.since - timedelta(days=1))
            if (before := ended.get(key)) is None:
                table.unknown.append(f"{name}, {district}")
            else:
                found.append((before, after))
    into = Counter(before for before, _ in found)
    found += _went_on(table.rows)
    table.successions = [(before, after, into[before] < 2) for before, after in dict.fromkeys(found)]


def _went_on(rows: list[Row]) -> Iterator[tuple[int, int]]:
    """Units of one code and name that came to another district."""
    ended = {(row.code, row.spelled, row.until): place for place, row in enumerate(rows) if row.until}
    for after, row in enumerate(rows):
        if row.before or row.since == UNKNOWN:
            continue
        if (before := ended.get((row.code, row.spelled, row.since - timedelta(days=1)))) is not None:
            yield before, after
