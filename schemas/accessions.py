"""Accession numbers (số ĐKCB) and numbers of copies, as libraries write them in 852, 949, 952 and in tables.

Lists are parted by commas, semicolons, bars or lines: "TN.00012, TN.00013". A range is short for its numbers:
"VV12.00345-47", "TN00012 - TN00015", "M 123 - 125". A blank belongs to the number ("TN 00012") unless the same
letters begin again behind it ("TN00012 TN00013").
"""

from __future__ import annotations

import re

from schemas.problem import Trouble

MAX_RANGE = 1_000  # numbers of one range; what spans more is no range but a number with a dash in it
MAX_NUMBERS = 20_000  # accession numbers of one record; a record that claims more is refused
MAX_COPIES = 1_000_000  # copies of one record, with and without accession numbers
_SEPARATOR = re.compile(r"[,;|\r\n\t]+")
_DASH = r"\s*[-‐‑–—]\s*"
_RANGE = re.compile(rf"(?P<start>.*?)(?P<first>[0-9]{{1,9}}){_DASH}(?P<again>.*?)(?P<last>[0-9]{{1,9}})")
_LOOSE_DASH = re.compile(rf"(?<=[0-9]){_DASH}(?=\S*[0-9])")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile("[0-9]")
_COUNT = re.compile(r"\s*([0-9]{1,5})(?![0-9])")


def accession_numbers(text: str, *, blanks: bool = False) -> list[str]:
    """The accession numbers of one subfield or cell, ranges written out.

    With ``blanks`` a blank parts two numbers even where they have no letters of their own (852 $j: "00345 00346").
    :class:`Trouble` ``copies_too_many`` above :data:`MAX_NUMBERS`.
    """
    numbers: list[str] = []
    bare = text.strip()
    for part in _SEPARATOR.split(bare.strip("()[] ") if bare[:1] in ("(", "[") else bare):
        for one in _parted(" ".join(part.split()), blanks):
            numbers += _written_out(one)
            check_number(len(numbers))
    return numbers


def check_number(copies: int, most: int = MAX_NUMBERS) -> None:
    """:class:`Trouble` ``copies_too_many`` for more copies than one record can have."""
    if copies > most:
        raise Trouble("copies_too_many", limit=f"{most:,}")


def count(text: str) -> int:
    """The number a text begins with («3», «3 cuốn»), at most 99,999; 0 when it begins with none («²», «ba»)."""
    found = _COUNT.match(text)
    return int(found[1]) if found else 0


def _parted(text: str, blanks: bool) -> list[str]:
    """The numbers of a text without separators: a range, one number with its letters, or several parted by blanks."""
    if " " not in text or _range(text):
        return [text] if any(map(str.isalnum, text)) else []
    groups: list[str] = []
    for token in _LOOSE_DASH.sub("-", text).split():
        if groups and not _DIGIT.search(groups[-1]):
            groups[-1] += " " + token
        else:
            groups.append(token)
    if len(groups) > 1 and not _DIGIT.search(groups[-1]):
        groups[-2:] = [" ".join(groups[-2:])]
    starts = {found[0] if (found := _LETTERS.match(group)) else "" for group in groups}
    several = len(groups) > 1 and (blanks or (len(starts) == 1 and "" not in starts))
    return groups if several else [text]


def _range(text: str) -> re.Match[str] | None:
    """A text that is one range: the letters of its end, where there are any, are those of its beginning."""
    found = _RANGE.fullmatch(text)
    if not found or re.search("[0-9] ", found["start"]) or _key(found["again"]) not in ("", _key(found["start"])):
        return None
    return found


def _written_out(number: str) -> list[str]:
    """The numbers of a range; a number that is none as it is."""
    found = _range(number)
    if not found:
        return [number]
    first, last = found["first"], found["last"]
    short = len(last) < len(first) and not found["again"]
    begin, end = int(first), int(first[: -len(last)] + last if short else last)
    if not 0 <= end - begin < MAX_RANGE:
        return [number]
    return [f"{found['start']}{n:0{len(first)}d}" for n in range(begin, end + 1)]


def _key(letters: str) -> str:
    """The letters before a number as they are compared."""
    return re.sub(r"[\W_]+", "", letters).casefold()
