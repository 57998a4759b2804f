"""Holdings inside a bibliographic record: who keeps how many copies where, under which call number.

852 (MARC 21 Format for Holdings Data, https://www.loc.gov/marc/holdings/hd852.html), Koha's 952, and the spreadsheet
reader's 852 with the number of copies in $9.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.record import Record, subfields

SEPARATOR = re.compile(r"[,;\s]+")
RANGE = re.compile(r"^(.*?)(\d{1,7})\s*-\s*(\d{1,7})$")
MAX_RANGE = 2_000
ITEM_TAGS = ("852", "952")


class Held(NamedTuple):
    """Copies at one place: location, call number, accession numbers, number of copies."""

    location: str
    call_number: str
    accessions: tuple[str, ...]
    copies: int


def holdings(record: Record) -> list[Held]:
    """The holdings of a record, those at the same place under the same call number taken together, in order."""
    accessions: dict[tuple[str, str], list[str]] = {}
    copies: dict[tuple[str, str], int] = {}
    for tag, content in record.fields:
        if tag not in ITEM_TAGS:
            continue
        held = _item(content) if tag == "952" else _location(content)
        place = held[:2]
        accessions.setdefault(place, []).extend(held.accessions)
        copies[place] = copies.get(place, 0) + held.copies
    return [Held(*place, tuple(accessions[place]), copies[place]) for place in copies]


def _location(content: str) -> Held:
    """852: $b $c location, $h $i $k call number, $p and $j accession numbers, $9 copies."""
    location, call_number, accessions, copies = [], [], [], 0
    for code, value in subfields(content):
        if code in "bc":
            location.append(value)
        elif code in "khi":
            call_number.append(value)
        elif code in "pj":
            accessions += accession_numbers(value)
        elif code == "9" and value.isdigit():
            copies = int(value)
    return Held(", ".join(location), " ".join(call_number), tuple(accessions), copies or len(accessions) or 1)


def _item(content: str) -> Held:
    """952 of Koha: one copy; $b holding branch, $c shelving location, $o call number, $p barcode."""
    values = dict(subfields(content))
    location = ", ".join(values[code] for code in "bc" if values.get(code))
    accessions = (values["p"],) if values.get("p") else ()
    return Held(location, values.get("o", ""), accessions, 1)


def accession_numbers(text: str) -> list[str]:
    """The accession numbers of one subfield: a list ("VV.01, VV.02"), or a range ("VV12.00345-47")."""
    numbers: list[str] = []
    for part in SEPARATOR.split(text.strip(" ()[]")):
        if found := RANGE.match(part):
            start = int(found[2])
            end = int(found[2][: -len(found[3])] + found[3]) if len(found[3]) < len(found[2]) else int(found[3])
            if 0 <= end - start < MAX_RANGE:
                numbers += [f"{found[1]}{n:0{len(found[2])}d}" for n in range(start, end + 1)]
                continue
        if part:
            numbers.append(part)
    return numbers
