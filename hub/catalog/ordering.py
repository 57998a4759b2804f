"""Text in the order of the Vietnamese alphabet: a, ă, â, b … d, đ, e, ê …; then by tone: huyền, hỏi, ngã, sắc, nặng."""

from __future__ import annotations

from hub.normalize.text import syllables

LONGEST = 80
AFTER = str.maketrans({"ă": "a{", "â": "a|", "đ": "d{", "ê": "e{", "ô": "o{", "ơ": "o|", "ư": "u{"})


def order_key(text: str) -> str:
    """What sorts by its characters as the text does in a catalog; ``""`` for a text without letters and figures."""
    return syllables(text[:LONGEST]).translate(AFTER)
