"""Blocking keys: two records that share one are compared; two that share none are not.

Keys are 64-bit numbers of short texts. They forgive what records differ in though they mean the same book: marks,
tone placement, case, the order of words and of names, a subtitle that one of them leaves out.
"""

from __future__ import annotations

from hashlib import blake2b

from hub.match.description import Description
from hub.normalize.text import fold

MAX_BLOCK = 100  # a key that more records share says too little ("Toán", "Truyện cổ tích")
TITLE_WORDS = 6


def keys(description: Description) -> list[int]:
    """The keys of a record: one for each ISBN, for its title proper with the volume, and for its words."""
    texts = [f"i{number}" for number in description.isbns[:8]]
    texts += [f"s{number}{description.volume}{description.year}" for number in description.issns[:2]]
    words = fold(description.title).split()
    if words:
        names = fold(description.people[0][0]).split() if description.people else []
        texts.append(f"t{''.join(words)[:60]}|{description.volume}")
        author = max(names, key=lambda word: (len(word), word)) if names else ""
        texts.append(f"w{' '.join(sorted(set(words))[:TITLE_WORDS])}|{author}|{description.volume}")
    return [number_of(text) for text in dict.fromkeys(texts)]


def number_of(text: str) -> int:
    """A signed 64-bit number of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
