"""Traits and evidence as they are kept, so that matching reads them instead of working them out again.

Of the description only what comparison looks at is kept; whoever explains a verdict works from the whole description.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from hub.match.compare import Evidence
from hub.match.description import Description
from hub.match.evidence import FIELDS
from hub.match.rules import Rules
from hub.match.traits import Name, Traits

LOOKED_AT = ("parallel", "year", "pages", "volumes", "language", "form", "isbns", "numbers")
_BLANK = list(Description())
_PLACES = [Description._fields.index(name) for name in LOOKED_AT]
_AT = {name: at for at, name in enumerate(Traits._fields)}
_NAMES = [_AT[name] for name in ("names", "others", "translators")]
_NUMBERS, _WORDS, _ALTERNATES = _AT["numbers"], _AT["edition_words"], _AT["alternates"]
_DERIVED = [_AT["description"], _AT["squeezed"], _AT["full"]]  # not kept: worked out from the others


def dump(t: Traits) -> str:
    """The traits as JSON."""
    return orjson.dumps([[t.description[at] for at in _PLACES], _own(t), *map(_own, t.alternates)]).decode()


def _own(t: Traits) -> list[Any]:
    found: list[Any] = list(t)
    for at in _NAMES:
        found[at] = [(*name,) for name in found[at]]
    for at in _DERIVED:
        found[at] = 0
    found[_WORDS], found[_ALTERNATES] = sorted(t.edition_words), []
    return found


def load(text: str | bytes) -> Traits:
    """The traits of :func:`dump`."""
    looked_at, own, *alternates = orjson.loads(text)
    values = _BLANK.copy()
    for at, value in zip(_PLACES, looked_at, strict=True):
        values[at] = value
    description = Description._make(values)
    own[_ALTERNATES] = tuple([_made(description, each) for each in alternates])
    return _made(description, own)


def _made(description: Description, own: list[Any]) -> Traits:
    for at in _NAMES:
        if own[at]:
            own[at] = tuple([Name(toned, folded, tuple(words), *rest) for toned, folded, words, *rest in own[at]])
        else:
            own[at] = ()
    own[_NUMBERS], own[_WORDS] = tuple(own[_NUMBERS]), frozenset(own[_WORDS])
    if not own[_ALTERNATES]:
        own[_ALTERNATES] = ()
    folded, subtitle, part = own[_AT["folded"]], own[_AT["subtitle"]], own[_AT["part"]]
    own[_DERIVED[0]], own[_DERIVED[1]] = description, folded.replace(" ", "")
    own[_DERIVED[2]] = tuple(sorted(f"{folded} {subtitle} {part}".split()))
    return Traits._make(own)


def dump_evidence(evidence: Iterable[Evidence]) -> str:
    """What happened in each field, in the order of the fields; the weights stand in the rules."""
    return " ".join([happened for _, happened, _ in evidence])


def load_evidence(text: str, rules: Rules) -> tuple[Evidence, ...]:
    """The evidence of :func:`dump_evidence` with the weights of the rules; what they do not know weighs nothing."""
    pairs = zip((field for field, _ in FIELDS), text.split(" "), strict=False)
    return tuple((field, happened, rules.weights[field].get(happened, 0.0)) for field, happened in pairs)
