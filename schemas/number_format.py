"""Number formats of spreadsheets (ECMA-376 Part 1, 18.8.31), where they say more than the number does.

«000000» keeps the zeros of an accession number, «"TN."000000» its letters, «000-0-00-000000-0» the parts of an ISBN:
the number alone is not what the library wrote. Thousands, decimals, percent, currency, exponents, dates and conditions
are how a number looks: of them the number is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<skipped>_.|\*.|\[(?:Color ?\d+|[A-Za-z]+)\])|(?P<digit>[0#?])'
    r"|(?P<sign>[-+():!^&'~{}<>= $])|(?P<end>;)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_TIME = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
LONGEST = 255  # characters of a format code in Excel


class NumberFormat(NamedTuple):
    """A format as a row of parts: (a character, whether a digit stands there: 0 always, # and ? where there is one)."""

    parts: tuple[tuple[str, bool], ...]

    def text(self, number: int) -> str:
        """A number of 0 or more as the format shows it: 345 as «TN.000345»."""
        left = str(number)
        made: list[str] = []
        first = next(at for at, (_, is_digit) in enumerate(self.parts) if is_digit)
        for at in range(len(self.parts) - 1, -1, -1):
            character, is_digit = self.parts[at]
            if not is_digit:
                made.append(character)
            elif at == first:
                made.append(left or ("0" if character == "0" else ""))
            else:
                made.append(left[-1:] or ("0" if character == "0" else ""))
                left = left[:-1]
        return "".join(reversed(made)).strip()


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat | None:
    """The format of positive numbers that a code stands for; ``None`` where the number alone says as much."""
    if len(code) > LONGEST or _TIME.search(code):
        return None
    parts: list[tuple[str, bool]] = []
    for token in _TOKEN.finditer(code):
        if token["end"]:
            break
        if token["other"]:
            return None
        if not token["skipped"]:
            is_digit = token["digit"] is not None
            text = token["digit"] or token["quoted"] or token["escaped"] or token["sign"] or ""
            parts += [(character, is_digit) for character in text]
    digits = [character for character, is_digit in parts if is_digit]
    says_more = digits.count("0") > 1 or any(not is_digit and not character.isspace() for character, is_digit in parts)
    return NumberFormat(tuple(parts)) if digits and says_more else None
