"""Blocking keys: two records that share one are compared; two that share none are not.

Keys are 64-bit numbers of short texts. They forgive what records differ in though they mean the same book: marks,
tone placement, case, the order of words and of names, a subtitle that stands in the title, a slip of the pen, no ISBN.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from hub.match.description import Description
from hub.match.rules import Rules
from hub.match.traits import Traits, traits

MAX_BLOCK = 300  # a key that more records share says too little
FIRST_WORDS = 4
VOWELS = re.compile("[aeiouy ]")
DOUBLED = re.compile(r"(.)\1+")


def keys(description: Description, rules: Rules) -> list[int]:
    """The keys of a record, without repetition."""
    return [number_of(text) for text in dict.fromkeys(texts(traits(description, rules)))]


def texts(t: Traits) -> list[str]:
    """What the keys are made of, readable: the first letter says of which kind it is."""
    d = t.description
    found = [f"i{number}" for number in d.isbns[:8]]
    found += [f"n{number}" for number in d.numbers[:4]]
    found += [f"s{number}{d.volume}{d.year}" for number in d.issns[:2]]
    numbers = ".".join(t.numbers)
    if t.squeezed:
        found.append(f"t{t.squeezed[:60]}|{numbers}")
        words = t.folded.split()
        first = "".join(words[:FIRST_WORDS])
        if len(words) > FIRST_WORDS or t.subtitle:
            whole = [*words, *t.subtitle.split()]
            found.append(f"b{''.join(whole[:FIRST_WORDS])}|{numbers}")
        else:
            found.append(f"b{first}|{numbers}")
        skeleton = DOUBLED.sub(r"\1", VOWELS.sub("", t.folded))[:16]
        if len(skeleton) > 7:
            found.append(f"c{skeleton}|{numbers}")
        found += [f"a{max(name.words, key=len)}|{d.year}|{d.pages}" for name in t.names[:2] if d.year and d.pages]
        if t.names:
            found += [
                f"w{name.folded}|{max(words, key=lambda word: (len(word), word))}|{numbers}" for name in t.names[:2]
            ]
    if t.script:
        found.append(f"o{t.script.replace(' ', '')[:40]}|{numbers}")
    return found


def number_of(text: str) -> int:
    """A signed 64-bit number of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
