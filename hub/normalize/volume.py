"""Volumes: how a part is numbered, in one form, and never lost (R-07, R-16). Volumes must not merge.

The word that the publication itself uses stays (Tập, Quyển, Phần); only its abbreviation is spelled out and its number
written in Arabic figures.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hub.normalize.context import Context, within
from schemas.numerals import IN_WORDS, LAST_WORDS
from schemas.numerals import number as number_in
from schemas.record import DELIMITER, FIELD_END, Field

WORDS = {"t": "Tập", "tap": "Tập", "tập": "Tập", "q": "Quyển", "quyen": "Quyển", "quyển": "Quyển"}
WORDS |= {"p": "Phần", "ph": "Phần", "phan": "Phần", "phần": "Phần", "cuon": "Cuốn", "cuốn": "Cuốn", "#": ""}
_LONG = r"tập|tap|quyển|quyen|phần|phan|cuốn|cuon"
_FIGURES = r"(?![23]D\b)\d{1,4}(?:\s*[-–]\s*\d{1,4})?[A-Za-zĐđ]?(?!\w)"  # 2, 2A, 2-3; 2D is a drawing
_NUMBER = rf"(?:{_FIGURES}|[IVXL]{{1,7}}(?!\w)|(?:{IN_WORDS})(?!\w))"
_PART = (
    rf"(?:(?:{_LONG})\s*[.:]?\s*(?:thứ\s+)?{_NUMBER}|(?:ph|[tqp#])\s*[.:]?\s*{_FIGURES}"
    r"|(?:ph|[tqp])\s*\.\s*[IVXL]{1,7}(?!\w))"
)
_BETWEEN = r"(?:\s*[,.;:/]\s*|\s+[-–]\s+|\s+)"  # «Tập 1, quyển 2»
ONE_PART = re.compile(rf"(?P<word>{_LONG}|ph|[tqp#])\s*[.:]?\s*(?:thứ\s+)?(?P<number>{_NUMBER})", re.IGNORECASE)
VOLUME = re.compile(
    rf"^\s*[(\[]?\s*(?P<parts>{_PART}(?:{_BETWEEN}{_PART})*)(?P<rest>(?:\s*[,;:/=.)\]]*\s*)|\s*[,:]\s+\D.*)$",
    re.IGNORECASE,
)
_TITLE_PART = rf"(?:(?:{_LONG})\s*\.?\s*{_NUMBER}|(?:ph|[tqp])\s*\.\s*{_NUMBER}|[tq]{_FIGURES})"
IN_TITLE = re.compile(
    rf"^(?P<title>.{{2,}}?)\s*(?:[.,:;]|\s[-–]|\s*\()\s*(?P<volume>{_TITLE_PART}(?:{_BETWEEN}{_TITLE_PART})*)\)?"
    r"(?P<end>\s*[/:=;]?\s*)$",
    re.IGNORECASE,
)
NUMERALS = ("i", "v", "x", "l", *LAST_WORDS)
LETTER = re.compile(r"\d[A-Za-zĐđ]$")
LONE = re.compile(r"\x1e(?:490|440)..\x1fv[^\x1f\x1e]*(?=\x1e|$)")


def volume(content: str, context: Context) -> str:
    """R-07 in 245 $n: «T.2», «Tập II» → «Tập 2»; «Q.2» → «Quyển 2»; «#2» → «2»."""
    if not context.vietnamese:
        return content
    return within(content, "n", one_form)


def series_volume(content: str, context: Context) -> str:
    """R-07 in $v of 440, 490, 800 to 830."""
    if not context.vietnamese:
        return content
    return within(content, "v", one_form)


@lru_cache(maxsize=8192)
def one_form(value: str) -> str:
    """The number of a part in one form, and of a part of a part; what is no number of a part as it is."""
    found = VOLUME.match(value)
    if not found:
        return value
    said = ONE_PART.sub(_one_part, found["parts"])
    rest = found["rest"].replace(")", "").replace("]", "")
    return said.lstrip() + (rest if rest.strip() else "")


def _one_part(found: re.Match[str]) -> str:
    """«T.2A» → «Tập 2A», «Quyển II» → «Quyển 2», «Tập mười một» → «Tập 11»."""
    word, number = WORDS[found["word"].lower()], found["number"]
    if number[0].isdecimal():
        figures = re.sub(r"\d+", lambda each: str(int(each[0])), number)
        return f"{word} {figures}"
    return f"{word} {said}" if (said := number_in(number)) else found[0]


def title_volume(content: str, context: Context) -> str:
    """R-07 in 245 $a: a volume at the end of the title goes to $n: «Kính vạn hoa. T.2» → $a Kính vạn hoa. $n Tập 2."""
    if DELIMITER + "n" in content or DELIMITER + "p" in content or not context.vietnamese:
        return content
    start, *parts = content.split(DELIMITER)
    last = parts[0].rstrip(" /:=;)") if parts and parts[0][:1] == "a" else ""
    if not last[-1:].isdecimal() and not last.lower().endswith(NUMERALS) and not LETTER.search(last):
        return content
    found = IN_TITLE.match(parts[0][1:])
    said = one_form(found["volume"]) if found else ""
    if not found or not VOLUME.match(said):
        return content
    return DELIMITER.join(
        [start, f"a{found['title'].rstrip(' .,:;(-–')}.", f"n{said}{found['end'].rstrip()}", *parts[1:]]
    )


def has_lone_volume(packed: str) -> bool:
    """Whether a series statement has a number and no series."""
    return (FIELD_END + "4" in packed) and LONE.search(packed) is not None


class Numbered(NamedTuple):
    """The fields once the title is numbered, the title before and after, and the series statement that is gone."""

    fields: tuple[Field, ...]
    before: str
    after: str
    gone: Field


def lone_volume(fields: tuple[Field, ...]) -> Numbered | None:
    """R-16: 490 with a number in $v and no series in $a numbers the title itself: it goes to 245 $n, where none is."""
    lone = [field for field in fields if field[0] in ("490", "440") and LONE.fullmatch(FIELD_END + "".join(field))]
    titles = [field for field in fields if field[0] == "245"]
    if len(lone) != 1 or len(titles) != 1 or DELIMITER + "n" in titles[0][1] or DELIMITER + "a" not in titles[0][1]:
        return None
    value = lone[0][1].split(DELIMITER)[1][1:].strip()
    if not value:
        return None
    start, *parts = titles[0][1].split(DELIMITER)
    at = next(i for i, part in enumerate(parts) if part[:1] == "a") + 1
    title = "245", DELIMITER.join([start, *parts[:at], "n" + value, *parts[at:]])
    made = tuple(title if field is titles[0] else field for field in fields if field is not lone[0])
    return Numbered(made, titles[0][1], title[1], lone[0])
