"""Normalization of a record: few rules, each named, each change reported with what stood before.

The rules look at the whole packed record first and touch fields only where something is to be done.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.normalize.identifiers import isbn13
from schemas.record import DELIMITER, FIELD_END, Field, Record, subfields

Repair = tuple[str, str, str, str]  # rule, tag, before, after
INVISIBLE = re.compile("[\x00-\x1d\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
ETH = str.maketrans("Ðð", "Đđ")
HORN = str.maketrans("Ƣƣ", "Ưư")
ISBN_LIKE = re.compile(r"[\dXx][\dXx\- .]{7,}")


class Normalized(NamedTuple):
    """A record said the hub's way, the same packed, and the repairs made."""

    record: Record
    packed: str
    repairs: list[Repair]


def normalize(record: Record) -> Normalized:
    """Apply the rules; normalizing twice changes nothing more."""
    repairs: list[Repair] = []
    packed = record.pack()
    fields = record.fields
    for rule, needed, change in RULES:
        if needed(packed):
            fields = _each(fields, rule, change, repairs)
    if FIELD_END + "020" in packed:
        fields = _isbns(fields, repairs)
    if not repairs:
        return Normalized(record, packed, repairs)
    made = Record(record.leader, fields)
    return Normalized(made, made.pack(), repairs)


def _each(fields: Iterable[Field], rule: str, change: Callable[[str], str], repairs: list[Repair]) -> tuple[Field, ...]:
    made = []
    for tag, content in fields:
        after = change(content)
        if after != content:
            repairs.append((rule, tag, content, after))
        made.append((tag, after))
    return tuple(made)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _eth(text: str) -> str:
    """Ð and ð (eth) stand for Đ and đ in Vietnamese text typed on a Western keyboard."""
    return text.translate(ETH) if _vietnamese(text) else text


def _horn(text: str) -> str:
    """Ƣ ƣ (gha) stand for Ư ư in text converted by a faulty table."""
    return text.translate(HORN)


def _vietnamese(text: str) -> bool:
    return any("\u1ea0" <= c <= "\u1ef9" or c in "ăâêôơưđĂÂÊÔƠƯĐ" for c in text) or "ð" not in text


def _visible(text: str) -> str:
    return INVISIBLE.sub("", text)


def _decomposed(packed: str) -> bool:
    return not packed.isascii() and not unicodedata.is_normalized("NFC", packed)


def _has_eth(packed: str) -> bool:
    return not packed.isascii() and ("ð" in packed or "Ð" in packed)


def _has_gha(packed: str) -> bool:
    return not packed.isascii() and ("ƣ" in packed or "Ƣ" in packed)


def _has_invisible(packed: str) -> bool:
    """The cheap test first: what is printable throughout holds nothing invisible."""
    plain = packed.replace(DELIMITER, "").replace(FIELD_END, "")
    return not plain.isprintable() and INVISIBLE.search(packed) is not None


RULES: tuple[tuple[str, Callable[[str], bool], Callable[[str], str]], ...] = (
    ("nfc", _decomposed, _nfc),
    ("eth", _has_eth, _eth),
    ("gha", _has_gha, _horn),
    ("invisible", _has_invisible, _visible),
)


def _isbns(fields: tuple[Field, ...], repairs: list[Repair]) -> tuple[Field, ...]:
    """020 $a that holds no valid ISBN moves to $z (invalid ISBN), so that it never identifies anything."""
    made: list[Field] | None = None
    for position, (tag, content) in enumerate(fields):
        if tag != "020" or DELIMITER + "a" not in content:
            continue
        after = content[:2] + "".join(DELIMITER + _checked(code, value) for code, value in subfields(content))
        if after != content:
            made = made if made is not None else list(fields)
            made[position] = (tag, after)
            repairs.append(("isbn", tag, content, after))
    return tuple(made) if made is not None else fields


def _checked(code: str, value: str) -> str:
    return ("z" if code == "a" and ISBN_LIKE.search(value) and not isbn13(value) else code) + value
