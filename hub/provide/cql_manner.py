"""Relations of CQL and what their modifiers ask for, by the context set cql (https://www.loc.gov/standards/sru/cql/)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.provide.cql import Clause, Modifier
from hub.provide.cql_indexes import set_of
from hub.provide.sru_diagnostics import Diagnostic

SAME = frozenset({"=", "==", "scr", "exact", "adj"})
ORDERED = frozenset({"<", "<=", ">", ">=", "within"})
RELATIONS = SAME | ORDERED | {"any", "all", "<>", "encloses"}


class Manner(NamedTuple):
    """What the modifiers of a relation ask for. ``accents``: marks count, do not, or where they are given (None)."""

    accents: bool | None = None
    masks: bool = True
    whole: bool = False
    authority: str = ""


def relation_of(clause: Clause) -> str:
    """The relation by its name in the context set cql; :class:`Diagnostic` 19 for another one."""
    name = clause.relation.name.lower()
    if set_of(clause.relation) not in ("", "cql") or name not in RELATIONS:
        raise Diagnostic(19, str(clause.relation))
    return name


def manner_of(modifiers: Iterable[Modifier], key: str) -> Manner:
    """What modifiers ask for; :class:`Diagnostic` 20 for one that is not kept to, 21 for two that contradict."""
    manner = Manner()
    said: set[str] = set()
    for modifier in modifiers:
        name = modifier.name.name.lower()
        prefix = set_of(modifier.name)
        if prefix == "bib" and name == "identifierauthority" and key == "identifier":
            manner = manner._replace(authority=modifier.value.lower())
            continue
        change = MODIFIERS.get(name) if prefix in ("", "cql") else None
        if change is None:
            raise Diagnostic(20, str(modifier.name))
        said.add(name)
        manner = change(manner)
    for one, other in (("respectaccents", "ignoreaccents"), ("masked", "unmasked"), ("word", "string")):
        if {one, other} <= said:
            raise Diagnostic(21, f"{one}, {other}")
    return manner


def _as_is(manner: Manner) -> Manner:
    """So it is without being asked for."""
    return manner


MODIFIERS: dict[str, Callable[[Manner], Manner]] = {  # what each of the context set cql changes
    "respectaccents": lambda manner: manner._replace(accents=True),
    "ignoreaccents": lambda manner: manner._replace(accents=False),
    "ignorecase": _as_is,
    "masked": _as_is,
    "unmasked": lambda manner: manner._replace(masks=False),
    "word": _as_is,
    "string": lambda manner: manner._replace(whole=True),
    "relevant": _as_is,
    "isodate": _as_is,
    "number": _as_is,
}
