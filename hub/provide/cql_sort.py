"""In which order: ``sortby`` of CQL and ``sortKeys`` of SRU 1.1."""

from __future__ import annotations

from typing import NamedTuple

from hub.provide.cql import Modifier, Name, SortKey
from hub.provide.cql_indexes import find_index, set_of
from hub.provide.sru_diagnostics import Diagnostic

FIELDS = {"title": "title_order", "author": "author_order", "year": "year", "id": "union"}  # index → field that orders
MOST_KEYS, LONGEST = 4, 1000
SCHEMAS = frozenset({"", "dc", "marcxml", "mods", "cql", "info:srw/schema/1/dc-v1.1"})
KEPT_TO = frozenset({"ignorecase", "missinglow", "missingvalue"})  # what is so whatever is asked


class Way(NamedTuple):
    """The field of the search index that orders, and from which end; ``omit``: without records that lack it."""

    field: str
    descending: bool
    omit: bool = False


def ways_of(keys: tuple[SortKey, ...]) -> tuple[Way, ...]:
    """The order that ``sortby`` asks for; :class:`Diagnostic` 84, 88, 90, 91 or 92 for what cannot be kept to."""
    if len(keys) > MOST_KEYS:
        raise Diagnostic(84, f"at most {MOST_KEYS}")
    return tuple(Way(_field(key.index), *_manner(key.modifiers)) for key in keys)


def _field(name: Name) -> str:
    try:
        key, _ = find_index(name)
    except Diagnostic as diagnostic:
        raise Diagnostic(88, diagnostic.details) from None
    if key not in FIELDS:
        raise Diagnostic(88, str(name))
    return FIELDS[key]


def _manner(modifiers: tuple[Modifier, ...]) -> tuple[bool, bool]:
    """Whether from the end, and whether without records that lack the value."""
    said, omit = [], False
    for modifier in modifiers:
        name = modifier.name.name.lower()
        if set_of(modifier.name) not in ("", "sort", "cql"):
            raise Diagnostic(15, modifier.name.set)
        if name in ("ascending", "descending"):
            said.append(name == "descending")
        elif name == "missingomit":
            omit = True
        elif name in ("respectcase", "respectaccents", "ignoreaccents"):
            raise Diagnostic(91, name)
        elif name.startswith("missing") and name not in KEPT_TO:
            raise Diagnostic(92, name)
        elif name not in KEPT_TO:
            raise Diagnostic(82, name)
    if len(set(said)) > 1:
        raise Diagnostic(90, "ascending, descending")
    return bool(said and said[0]), omit


def sort_keys(text: str) -> tuple[Way, ...]:
    """The order of ``sortKeys``: ``path,schema,ascending,caseSensitive,missingValue``, keys parted by spaces."""
    if len(text) > LONGEST:
        raise Diagnostic(84, f"more than {LONGEST} characters")
    keys = text.split()
    if len(keys) > MOST_KEYS:
        raise Diagnostic(84, f"at most {MOST_KEYS}")
    return tuple(_way(key) for key in keys)


def _way(key: str) -> Way:
    path, schema, ascending, case, missing = (part.strip('"') for part in (key.split(",") + [""] * 5)[:5])
    if key.count(",") > 4:
        raise Diagnostic(82, key[:60])
    if schema not in SCHEMAS:
        raise Diagnostic(87, schema)
    if ascending not in ("", "0", "1", "true", "false"):
        raise Diagnostic(90, ascending)
    if case not in ("", "0", "false"):
        raise Diagnostic(91, case)
    if missing not in ("", "lowValue", "omit"):
        raise Diagnostic(92, missing)
    prefix, _, name = path.replace(":", ".").rpartition(".")
    return Way(_field(Name(prefix, name)), ascending in ("0", "false"), missing == "omit")
