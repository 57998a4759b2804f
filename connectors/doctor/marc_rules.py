"""Structural rules of MARC 21 bibliographic records: leader, 008, tags, indicators, what may not be repeated.

Source: MARC 21 Format for Bibliographic Data, https://www.loc.gov/marc/bibliographic/. Tags 09X, 59X, 69X and 9XX are
local and free, so are local indicators. Nothing here judges content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from schemas.record import Record, is_control, subfields

LEADER = re.compile(
    r"[0-9 ]{5}[acdnp][acdefgijkmoprt][abcdims][ a][ a][0-9 ]{2}[0-9 ]{5}[ 1234578uzIJKM][ aciunr][ abcr].{4}",
    re.DOTALL,
)
CONTROL = frozenset({"001", "003", "005", "006", "007", "008"})
_RANGES = (
    "010 013 015-018 020 022 024-028 030-038 040-048 050-052 055 060 061 066 070-072 074 080 082-086 088 "
    "100 110 111 130 210 222 240 242 243 245-247 250 251 254-258 260 263 264 270 300 306-310 321 334-388 "
    "490 500-502 504-508 510 511 513-516 518 520-522 524-526 530-536 538 540-542 544-547 550-556 561-563 565 567 "
    "580 581 583-586 588 600 610 611 630 647 648 650 651 653-658 662 688 700 710 711 720 730 740 751-758 760 762 765 "
    "767 770 772-777 780 785-788 800 810 811 830 841-845 850 852-856 857 863-868 876-878 880-887"
)
LOCAL = re.compile(r"(?:09|59|69|9\d)\d?")
ONCE = ("001", "003", "005", "008", "010", "100", "110", "111", "130", "240", "245")
INDICATORS = {  # tag: the first, the second indicators there are
    "020": (" ", " "), "041": (" 01", " 7"), "082": ("017 ", " 04"), "100": ("013", " "), "110": ("012", " "),
    "130": ("0123456789", " "), "245": ("01", "0123456789"), "246": ("0123", " 012345678"), "250": (" ", " "),
    "260": (" 23", " "), "264": (" 23", "01234"), "300": (" ", " "), "490": ("01", " "), "500": (" ", " "),
    "600": ("013", "01234567"), "650": (" 012", "01234567"), "651": (" ", "01234567"), "653": (" 012", " 0123456"),
    "700": ("013", " 2"), "710": ("012", " 2"), "852": (" 012345678", " 012"), "856": (" 012347", " 012348"),
}  # fmt: skip


def _tags(ranges: str) -> frozenset[str]:
    found = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found |= {f"{number:03}" for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


TAGS = CONTROL | _tags(_RANGES)


class Breach(NamedTuple):
    """A rule that a record breaks: the finding it belongs to, and what was seen."""

    code: str
    seen: str


def breaches(record: Record) -> Iterator[Breach]:
    """What of a record breaks the rules."""
    if not LEADER.fullmatch(record.leader):
        yield Breach("marc_leader", record.leader[:24].replace(" ", "#"))
    coded = [content for tag, content in record.fields if tag == "008"]
    if not coded or len(coded[0]) != 40:
        yield Breach("marc_008", f"{len(coded[0])}" if coded else "–")
    titles = record.contents("245")
    if not titles or not any(code == "a" and value.strip() for code, value in subfields(titles[0])):
        yield Breach("marc_title", "245" if not titles else "245 $a")
    if not record.control("001").strip():
        yield Breach("marc_numbers", "001")
    yield from _fields(record)


def _fields(record: Record) -> Iterator[Breach]:
    counted: dict[str, int] = {}
    for tag, content in record.fields:
        counted[tag] = counted.get(tag, 0) + 1
        if tag not in TAGS and not LOCAL.match(tag):
            yield Breach("marc_tags", tag)
        elif tag in INDICATORS and not is_control(tag) and not _right(content, *INDICATORS[tag]):
            yield Breach("marc_indicators", f"{tag} {content[:2].replace(' ', '#')}")
    yield from (Breach("marc_repeated", tag) for tag in ONCE if counted.get(tag, 0) > 1)


def _right(content: str, first: str, second: str) -> bool:
    return content[:1] in first and content[1:2] in second
