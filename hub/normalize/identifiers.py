"""ISBN and ISSN: what is valid, in one form (ISBN-13 of 13 digits), and what only looks like one (R-10, R-21)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from stdnum import issn as stdnum_issn
from stdnum.exceptions import ValidationError

from hub.normalize.context import Context
from hub.normalize.price import dong
from schemas.record import DELIMITER

ISBN = re.compile(r"(?<!\d)(?:97[89](?:[- ]*\d){10}|\d(?:[- ]*\d){8}[- ]*[\dXx])(?!\d)")
JOINERS = str.maketrans("", "", "- ")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
FLOAT = re.compile(r"(\d[.,]\d+)[eE]\+?12")
AFTER = re.compile(r"\s*[:;,]?\s*((?:giá\s*:?\s*)?\d[\d.,\s]*\s*(?:đồng|đ|₫|vnđ|vnd))\.?\s*$", re.IGNORECASE)
LEFT_BY_EXCEL = re.compile(r"^\.0+$")
LABEL = re.compile(r"^\s*(?:urn:)?isbn(?:[- ]?1[03])?(?![^\W\d_])\s*[:.]?\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
ISBD_END = re.compile(r"\s*[:;,]*\s*$")


@lru_cache(maxsize=65536)
def isbn13(text: str) -> str:
    """The ISBN-13 (13 digits) of a text such as "604-2-01234-5 (bìa mềm)", or ``""`` when it holds no valid ISBN.

    Check digits after the ISBN Users' Manual, 7th edition, section 4.
    """
    found = ISBN.search(text if text.isascii() else text.translate(DASHES))
    return _number(found[0]) if found else ""


def _number(found: str) -> str:
    digits = found.translate(JOINERS).upper()
    if not digits.isascii():  # figures of another script
        digits = "".join(str(int(digit)) if digit.isdecimal() else digit for digit in digits)
    if len(digits) == 10 and _valid10(digits):
        digits = "978" + digits[:9]
        return digits + _check13(digits)
    return digits if len(digits) == 13 and digits.isdigit() and digits[12] == _check13(digits) else ""


def _valid10(digits: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return "X" not in digits[:9] and sum((10 - place) * value for place, value in enumerate(values)) % 11 == 0


def _check13(digits: str) -> str:
    odd, even = digits[0:12:2], digits[1:12:2]
    return str(-(sum(map(int, odd)) + 3 * sum(map(int, even))) % 10)


def issn(text: str) -> str:
    """The ISSN (8 characters without hyphen) of a text, or ``""`` when it holds no valid ISSN."""
    try:
        return str(stdnum_issn.validate(text.strip()[:9]))
    except ValidationError:
        return ""


def isbn_field(content: str, context: Context) -> str:
    """R-10: 020 $a as 13 digits; what is no valid ISBN goes to $z, so that it never identifies anything; a price to $c.

    What stands beside the number, as «(bìa mềm)», is its qualifying information and goes to $q
    (https://www.loc.gov/marc/bibliographic/bd020.html); the word ISBN is left out.
    A number that Excel has made "9.78604E+12" of is lost and goes to $z; where all its digits are there it is mended.
    """
    start, *parts = content.split(DELIMITER)
    made: list[str] = []
    for part in parts:
        if part[:1] == "a":
            made += [code + value for code, value in _checked(part[1:])]
        else:
            made.append(part)
    return DELIMITER.join([start, *made])


@lru_cache(maxsize=65536)
def _checked(value: str) -> tuple[tuple[str, str], ...]:
    """The subfields that one 020 $a becomes."""
    plain = value if value.isascii() else value.translate(DASHES)
    if ("đ" in plain or "₫" in plain or "VN" in plain.upper()) and (price := AFTER.search(plain)):
        if not ISBN.search(plain) and not price.start():
            return (("c", dong(price[1])),)
        if ISBN.search(plain[: price.start()]):
            return (*_checked(value[: price.start()]), ("c", dong(price[1])))
    if plain[1:2] in (".", ",") and (exact := FLOAT.fullmatch(plain.strip())):
        digits = str(int(Decimal(exact[1].replace(",", ".")) * 10**12))
        return (("a", digits),) if len(exact[1]) > 13 and isbn13(digits) == digits else (("z", value),)
    found = ISBN.search(plain)
    number = _number(found[0]) if found else ""
    if found and number:
        rest = LEFT_BY_EXCEL.sub("", value[found.end() :])
        return _qualified(number, LABEL.sub("", value[: found.start()]), rest)
    return (("z" if any(c.isdigit() for c in value) else "a", value),)


def _qualified(number: str, before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The number in $a, what stands beside it in $q; the mark of ISBD before the next subfield stays at the end."""
    end = ISBD_END.search(after)
    mark = end[0] if end else ""
    beside = f"{before} {after[: len(after) - len(mark)]}"
    if ISBN.search(beside):
        return (("a", before + number + after),)
    loose = IN_BRACKETS.sub(" ", beside).strip(" .:;,-–")
    said = [*map(str.strip, IN_BRACKETS.findall(beside)), loose]
    parts = [("a", number), *(("q", text) for text in said if text)]
    parts[-1] = parts[-1][0], parts[-1][1] + mark.rstrip()
    return tuple(parts)


def issn_field(content: str, context: Context) -> str:
    """R-21: 022 $a with its hyphen: «18591234» → «1859-1234»; what is no valid ISSN goes to $y (incorrect ISSN)."""
    start, *parts = content.split(DELIMITER)
    return DELIMITER.join([start, *(_issn(part[1:]) if part[:1] == "a" else part for part in parts)])


def _issn(value: str) -> str:
    found = issn(value)
    if found:
        rest = value.strip()[9 if "-" in value.strip()[:9] else 8 :]
        return f"a{found[:4]}-{found[4:]}{rest}"
    return ("y" if any(c.isdigit() for c in value) else "a") + value
