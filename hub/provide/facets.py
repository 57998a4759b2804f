"""The facets of a page of results: what can be chosen, how often it occurs, and where choosing it leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from hub.catalog.search import FACETS
from hub.network.models import Library

SHOWN = 8  # values of a facet before "more"
MOST = 50  # values of one facet that can be chosen
OLDEST, NEWEST = 1, 9999


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet; ``query`` is the address's query with the value chosen, or let go when it is chosen."""

    code: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values: the chosen and most frequent first, the rest folded away."""

    name: str
    shown: list[Value]
    rest: list[Value]


def chosen_values(query: QueryDict, unseen: Collection[str] = ()) -> dict[str, list[str]]:
    """The filters of an address: facet → values; a library that is not named cannot be chosen."""
    found = {name: _values(query, name, unseen) for name in FACETS}
    return {name: values for name, values in found.items() if values}


def _values(query: QueryDict, name: str, unseen: Collection[str]) -> list[str]:
    away = unseen if name == "library" else ()
    return [value for value in query.getlist(name) if value and "\x00" not in value and value not in away][:MOST]


def chosen_years(query: QueryDict) -> tuple[int, int] | None:
    """The years of an address, ``from`` and ``to``; 0 is open."""
    first, last = (_year(query.get(name, "")) for name in ("from", "to"))
    if first and last and first > last:
        first, last = last, first
    return (first, last) if first or last else None


def _year(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def facets(counts: dict[str, list[tuple[str, int]]], query: QueryDict, unseen: Collection[str] = ()) -> list[Facet]:
    """The facets that have something to choose."""
    chosen = chosen_values(query, unseen)
    libraries = [(code, count) for code, count in counts.get("library", []) if code not in unseen]
    counts = {**counts, "library": libraries}
    names = library_names([code for code, _ in libraries] + chosen.get("library", []))
    found = []
    for name in FACETS:
        counted = dict(counts.get(name, []))
        picked = chosen.get(name, [])
        ordered = [*dict.fromkeys(picked), *(code for code in _ordered(name, counted) if code not in picked)]
        values = [_value(name, code, counted.get(code, 0), code in picked, query, names) for code in ordered]
        if values:
            split = max(SHOWN, len(picked))
            found.append(Facet(name, values[:split], values[split:]))
    return found


def _ordered(name: str, counted: dict[str, int]) -> list[str]:
    """Decades from the newest, everything else by its count."""
    return sorted(counted, reverse=True) if name == "decade" else [*counted]


def _value(name: str, code: str, count: int, chosen: bool, query: QueryDict, names: dict[str, str]) -> Value:
    label = names.get(code, code) if name == "library" else code if name == "unit" else ""
    return Value(code, label, count, chosen, toggled(query, name, code))


def toggled(query: QueryDict, name: str, code: str) -> str:
    """The query of the address with one value added, or taken out when it is there; from the first page on."""
    changed = query.copy()
    changed.pop("page", None)
    values = changed.getlist(name)
    changed.setlist(name, [v for v in values if v != code] if code in values else [*values, code])
    return changed.urlencode()


def library_names(codes: Sequence[str]) -> dict[str, str]:
    """The names of libraries by their codes."""
    return dict(Library.objects.filter(code__in=codes).values_list("code", "name_vi"))
