"""What somebody typed or scanned to find a book: an ISBN, also a damaged one, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hub.normalize.identifiers import DASHES, isbn13
from hub.normalize.quality import full_isbn

LONGEST = 200
LOOKALIKES = str.maketrans("OoQIl|SsBZz", "00011155822")
LABEL = re.compile(r"^\s*(?:urn:)?(?:isbn|ean)(?:[- ]?1[03])?\s*[:.]?\s*", re.IGNORECASE)
NUMBER = re.compile(r"[\dOoQIl|SsBZz\s.\-–—]{9,40}[\dXxOoQIl|SsBZz]?(?:\s+\d{2}|\s+\d{5})?")
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
    digits = _digits(said)
    if not digits:
        return Typed(words=text)
    if number := isbn13(digits):
        return Typed(numbers=(number,), sound=True)
    return Typed(numbers=tuple(dict.fromkeys(_mended(digits))))


def _digits(text: str) -> str:
    """The figures of a text that looks like a number of a book; letters that look like figures are those."""
    if not NUMBER.fullmatch(text) or sum(c.isdigit() for c in text) < 7:
        return ""
    plain = re.sub(r"[\s.\-–—]", "", text.translate(LOOKALIKES)).upper()
    if found := EAN.match(plain):  # a barcode with its supplement of 2 or 5 figures
        return found[0]
    return plain if len(plain) in (9, 10, 12, 13) else ""


def _mended(digits: str) -> list[str]:
    """What a damaged number may be: with its last figure, with the right last figure, two neighbors changed back."""
    full = full_isbn(digits)
    found = [isbn13(full)] if full else []
    if len(digits) == 13:
        found += [isbn13(full_isbn(digits[:12]))]
        swapped = (digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(3, 12))
        found += [isbn13(one) for one in swapped]
    if len(digits) == 10:
        found += [isbn13(full_isbn(digits[:9]))]
    return [digits, *filter(None, found)]
