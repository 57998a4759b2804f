"""What somebody typed or scanned to find a book: an ISBN, also a damaged one, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hub.normalize.identifiers import DASHES, isbn13
from schemas.isbn import figures, repairs

LONGEST = 200
LABEL = re.compile(r"^\s*(?:urn:)?(?:isbn|ean)(?:[- ]?1[03])?\s*[:.]?\s*", re.IGNORECASE)
NUMBER = re.compile(r"[\dOoQDIl|LSsBZz\s.\-–—]{9,40}[\dXxOoQIl|SsBZz]?(?:\s+\d{2}|\s+\d{5})?")
EAN = re.compile(r"97[89]\d{10}")


@dataclass(frozen=True, slots=True)
class Typed:
    """``numbers`` are the ISBNs it may mean, the likeliest first; ``sound`` says that the first one checks.

    ``words`` is the query where it is none.
    """

    words: str = ""
    numbers: tuple[str, ...] = ()
    sound: bool = False

    @property
    def number(self) -> str:
        return self.numbers[0] if self.numbers else ""


def understand(text: str) -> Typed:
    """What was typed: «978 604 2 99001 1», «ISBN: 978-6O4-2-99OO1-l», «978604299001» without its last figure, words."""
    text = " ".join(text[:LONGEST].replace("\0", " ").split())
    said = LABEL.sub("", text).translate(DASHES)
    if number := isbn13(said):
        return Typed(numbers=(number,), sound=True)
    digits = figures(said) if NUMBER.fullmatch(said) else ""
    if found := EAN.match(re.sub(r"\D", "", said)):  # a barcode, perhaps with its supplement of 2 or 5 figures
        digits = found[0]
    if not digits:
        return Typed(words=text)
    if number := isbn13(digits):
        return Typed(numbers=(number,), sound=True)
    mended = [number for kind in repairs(digits) for number in kind]
    return Typed(numbers=tuple(dict.fromkeys([digits, *mended])))
