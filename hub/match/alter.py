"""Two records as they would be if one field agreed, were silent, or differed: what an explanation tries.

Each alteration takes the traits of both and gives both back; what only one of them says, the other is made to say too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hub.match.traits import Name, Traits

Alter = Callable[[Traits, Traits], tuple[Traits, Traits]]
NOBODY = Name("zzzz", "zzzz", ("zzzz",))
ELSE = "qqqq jjjj"  # what no record says


def _set(t: Traits, names: tuple[str, ...], values: tuple[Any, ...], told: bool) -> Traits:
    """The traits with some values replaced, or those of their description (``told``)."""
    given = dict(zip(names, values, strict=True))
    return t._replace(description=t.description._replace(**given)) if told else t._replace(**given)


def _get(t: Traits, names: tuple[str, ...], told: bool) -> tuple[Any, ...]:
    return tuple(getattr(t.description if told else t, name) for name in names)


def _agree(names: tuple[str, ...], told: bool, common: tuple[Any, ...], a: Traits, b: Traits) -> tuple[Traits, Traits]:
    """Both say what the first of them says, or what the second says, or something both of them did not say."""
    mine, theirs = _get(a, names, told), _get(b, names, told)
    values = mine if mine[0] else theirs if theirs[0] else common
    return _set(a, names, values, told), _set(b, names, values, told)


def _fall_silent(
    names: tuple[str, ...], told: bool, none: tuple[Any, ...], a: Traits, b: Traits
) -> tuple[Traits, Traits]:
    return a, _set(b, names, none, told)


def _differ(
    names: tuple[str, ...], told: bool, common: tuple[Any, ...], other: tuple[Any, ...], a: Traits, b: Traits
) -> tuple[Traits, Traits]:
    mine = _get(a, names, told)
    return _set(a, names, mine if mine[0] else common, told), _set(b, names, other, told)


def _field(names: tuple[str, ...], common: Any, none: Any, other: Any, *, told: bool = False) -> tuple[Alter, ...]:
    """The ways of a field: agree, be silent, differ; ``None`` where a field has no such way."""
    every = [partial(_agree, names, told, common)]
    if none is not None:
        every.append(partial(_fall_silent, names, told, none))
    if other is not None:
        every.append(partial(_differ, names, told, common, other))
    return tuple(every)


def _other_number(name: str, by: int, a: Traits, b: Traits) -> tuple[Traits, Traits]:
    """The second says a number far from the first's."""
    value = getattr(a.description, name) or 200
    return _set(a, (name,), (value,), True), _set(b, (name,), (value + by,), True)


TITLE = ("title", "folded", "squeezed", "full", "numbers", "script", "marked", "vietnamese", "generic")
ALTERATIONS: dict[str, tuple[Alter, ...]] = {  # the first of each makes the two agree
    "title": _field(TITLE, ("",) * len(TITLE), None, None),
    "author": _field(("names",), ((NOBODY,),), ((),), ((Name(ELSE, ELSE, (ELSE,)),),)),
    "subtitle": _field(("subtitle",), ("",), ("",), ("wwww",)),
    "number": _field(("numbers",), ((),), None, None),
    "part": _field(("part",), ("",), ("",), None),
    "whole": _field(("several",), (False,), None, None),
    "comic": _field(("comic",), (False,), (False,), None),
    "parallel": _field(("parallel",), ("",), None, None, told=True),
    "identifier": _field(("numbers",), (["o0"],), ([],), None, told=True),
    "isbn": _field(("isbns",), (["0"],), ([],), (["1"],), told=True),
    "publisher": _field(("publisher",), (ELSE,), ("",), ("wwww vvvv",)),
    "year": (*_field(("year",), (2000,), (0,), None, told=True), partial(_other_number, "year", -20)),
    "pages": (*_field(("pages", "volumes"), (200, 0), (0, 0), None, told=True), partial(_other_number, "pages", 300)),
    "edition": _field(("edition", "edition_words"), (1, frozenset()), (0, frozenset()), (99, frozenset({"edition"}))),
}
