"""Blocking keys: two records that share one are compared; two that share none are not.

Keys are 64-bit numbers of short texts. They forgive what records differ in though they mean the same book: marks,
tone placement, case, the order of words and of names, a subtitle that stands in the title, a slip of the pen, no ISBN.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from hub.match.traits import Traits

MAX_BLOCK = 300  # a key that more records share says too little
FIRST_WORDS = 4
MANY_WORDS = 4  # of a title, from which on their first letters with the last word say something
VOWELS = re.compile("[aeiouy ]")
DOUBLED = re.compile(r"(.)\1+")


def keys(t: Traits) -> list[int]:
    """The keys of a record, without repetition."""
    return [number_of(text) for text in dict.fromkeys(texts(t))]


def texts(t: Traits) -> list[str]:
    """What the keys are made of, readable: the first letter says of which kind it is."""
    d = t.description
    found = [f"i{number}" for number in d.isbns[:8]]
    found += [f"n{number}" for number in d.numbers[:4]]
    found += [f"s{number}{d.volume}{d.year}" for number in d.issns[:2]]
    for view in (t, *t.alternates):
        found += _by_title(view)
    if t.script:
        found.append(f"o{t.script.replace(' ', '')[:40]}|{'.'.join(t.numbers)}")
    for name in t.names[:2]:
        if d.pages:
            found.append(f"a{name.folded}|{d.pages}")
        if t.publisher and d.year:
            found.append(f"p{name.folded}|{t.publisher[:12]}|{d.year}|{'.'.join(t.numbers)}")
    return found


def _by_title(t: Traits) -> list[str]:
    """The whole title, its first words with those of the subtitle, its consonants, and its longest word with a name."""
    if not t.squeezed:
        return []
    numbers = ".".join(t.numbers)
    words = t.folded.split()
    first = [*words, *t.subtitle.split()][:FIRST_WORDS]
    found = [f"t{t.squeezed[:60]}|{numbers}", f"b{''.join(first)}|{numbers}"]
    if t.description.pages:
        found.append(f"g{t.squeezed[:60]}|{t.description.pages}")
    skeleton = DOUBLED.sub(r"\1", VOWELS.sub("", t.folded))[:16]
    if len(skeleton) > 7:
        found.append(f"c{skeleton}|{numbers}")
    if len(words) >= MANY_WORDS:
        found.append(f"f{''.join(word[0] for word in words[:-1])}{words[-1]}|{numbers}")
    longest = max(words, key=lambda word: (len(word), word))
    return found + [f"w{name.folded}|{longest}|{words[0][0]}|{numbers}" for name in t.names[:2]]


def number_of(text: str) -> int:
    """A signed 64-bit number of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
