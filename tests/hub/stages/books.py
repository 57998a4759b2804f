"""Small records for the tests of the stages."""

from __future__ import annotations

from schemas.marc21 import to_iso2709
from schemas.record import RawRecord, Record, data_field


def book(number: str, title: str, *, author: str = "Tô Hoài", year: int = 2020, **more: str) -> Record:
    """A record of a book; ``more`` may give isbn, publisher, pages, volume, place, note and copies."""
    fields = [("001", number), ("008", f"200101s{year}    vm            000 0 vie d")]
    if more.get("isbn"):
        fields.append(data_field("020", "  ", [("a", more["isbn"])]))
    fields.append(data_field("100", "1 ", [("a", author)]))
    parts = [("a", title)] + ([("n", f"T. {more['volume']}")] if more.get("volume") else [])
    fields.append(data_field("245", "10", parts))
    imprint = [("a", more.get("place", "H.")), ("b", more.get("publisher", "Kim Đồng")), ("c", str(year))]
    fields.append(data_field("260", "  ", imprint))
    fields.append(data_field("300", "  ", [("a", f"{more.get('pages', '143')} tr.")]))
    if more.get("note"):
        fields.append(data_field("500", "  ", [("a", more["note"])]))
    for accession in more.get("copies", "").split():
        fields.append(data_field("852", "  ", [("b", "Kho mượn"), ("p", accession)]))
    return Record("00000nam a2200000   4500", tuple(fields))


def raw(record: Record, *, deleted: bool = False) -> RawRecord:
    """The record as it arrives."""
    number = record.control("001")
    return RawRecord(number, to_iso2709(record), f"record {number}", deleted=deleted)
