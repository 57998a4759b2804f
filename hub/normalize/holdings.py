"""Holdings: who keeps how many copies where, under which call number.

Inside a bibliographic record they stand in 852 (MARC 21 Format for Holdings Data,
https://www.loc.gov/marc/holdings/hd852.html), in Koha's 952, in the spreadsheet reader's 852 with the number of copies
in $9, or in a local field that the source's configuration names (``reading.items``: 949 of Sierra and Horizon, 995 of
UNIMARC). A holdings record of its own (leader/06 u, v, x, y) says the same in 852, 853/863, 866 and 876.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from schemas.accessions import MAX_COPIES, accession_numbers, check_number, count
from schemas.problem import Trouble
from schemas.record import Record, subfields

ASIDE = {"u": "holdings", "v": "holdings", "x": "holdings", "y": "holdings", "z": "authority"}  # by leader/06
ITEM_KEYS = ("location", "call_number", "accession", "copies")  # what a field of items may be asked for
NO_HOLDINGS = ("publisher",)  # kinds of libraries that announce books and do not hold them
STATUS = {"0": "withdrawn", "1": "lost", "q": "on_loan", "7": "on_site"}  # of 952, what says most first
ITEMS = ("876", "877", "878")
ENUMERATION, CHRONOLOGY = "abcdefgh", "ijklm"


class Held(NamedTuple):
    """Copies at one place that stand the same: location, call number, accession numbers, number of copies, status.

    ``status``: ``lost``, ``withdrawn``, ``on_loan``, ``on_site`` (not lent), "" where nothing is said against them.
    """

    location: str
    call_number: str
    accessions: tuple[str, ...]
    copies: int
    status: str = ""


IMPLIED = Held("", "", (), 1)  # a library's record without items still says that the library has the book
Items = Mapping[str, Callable[[str], Held]]


def item_fields(configured: Mapping[str, Mapping[str, str]]) -> Items:
    """The fields that hold items, each with its reader: 852 and 952, and those of a source's ``reading.items``.

    ``configured`` maps a tag to the subfields of :data:`ITEM_KEYS`: ``{"949": {"location": "l", "accession": "i"}}``.
    A tag with nothing in it is not read, which is how 852 is switched off.
    """
    fields: dict[str, Callable[[str], Held]] = {"852": _location, "952": _item}
    for tag, codes in configured.items():
        fields.pop(tag, None)
        if any(codes.values()):
            fields[tag] = partial(_configured, dict(codes))
    return fields


def holdings(record: Record, items: Items | None = None) -> list[Held]:
    """The holdings of a record, those at the same place under the same call number and status together, in order."""
    items = ITEM_FIELDS if items is None else items
    return _together(_counted(items[tag](content) for tag, content in record.fields if tag in items))


def _counted(every: Iterable[Held]) -> Iterator[Held]:
    """The same, as long as it is not more than one record can hold."""
    numbers = copies = 0
    for held in every:
        numbers += len(held.accessions)
        copies += held.copies
        check_number(numbers)
        check_number(copies, MAX_COPIES)
        yield held


def _together(every: Iterable[Held]) -> list[Held]:
    accessions: dict[tuple[str, str, str], list[str]] = {}
    copies: dict[tuple[str, str, str], int] = {}
    for held in every:
        place = (held.location, held.call_number, held.status)
        accessions.setdefault(place, []).extend(held.accessions)
        copies[place] = copies.get(place, 0) + held.copies
    return [Held(*place[:2], tuple(accessions[place]), copies[place], place[2]) for place in copies]


def all_holdings(record: Record, apart: Sequence[Record], items: Items, *, holds: bool) -> list[Held]:
    """The holdings of a bibliographic record and of the holdings records kept beside it.

    Where a holdings record names the same place and call number as an item field, it is believed. With neither, a
    library that ``holds`` books has one copy somewhere.
    """
    if not apart:
        return holdings(record, items) or ([IMPLIED] if holds else [])
    separate = _together(held for other in apart for held in holdings_record(other))
    known = {held[:2] for held in separate}
    own = [held for held in holdings(record, items) if held[:2] not in known]
    return own + separate or ([IMPLIED] if holds else [])


def _location(content: str) -> Held:
    """852: $b $c location, $h $i $k call number, $p and $j accession numbers, $9 copies."""
    location, call_number, accessions, copies = [], [], [], 0
    for code, value in subfields(content):
        if code in "bc":
            location.append(value)
        elif code in "khi":
            call_number.append(value)
        elif code in "pj":
            accessions += accession_numbers(value, blanks=code == "j")
        elif code == "9":
            copies = max(copies, count(value))
    return _held(", ".join(location), " ".join(call_number), accessions, copies)


def _item(content: str) -> Held:
    """952 of Koha: $b holding branch, $c shelving location, $o call number, $p barcode; one copy, or a range.

    $0 withdrawn, $1 lost, $q on loan until a day, $7 not for loan: by the codes that are not 0.
    """
    values = dict(subfields(content))
    location = ", ".join(values[code] for code in "bc" if values.get(code))
    held = _held(location, values.get("o", ""), accession_numbers(values.get("p", "")))
    status = next((name for code, name in STATUS.items() if values.get(code, "").strip() not in ("", "0")), "")
    return held._replace(status=status) if status else held


def _configured(codes: Mapping[str, str], content: str) -> Held:
    """A field of items by the source's own map; several subfields of one thing are put together."""
    parts = [(code, value.strip()) for code, value in subfields(content) if value.strip()]
    found = {key: [value for letter in codes.get(key, "") for code, value in parts if code == letter] for key in codes}
    accessions = [number for value in found.get("accession", ()) for number in accession_numbers(value)]
    copies = count((found.get("copies") or [""])[0])
    return _held(", ".join(found.get("location", ())), " ".join(found.get("call_number", ())), accessions, copies)


def _held(location: str, call_number: str, accessions: Sequence[str], copies: int = 0) -> Held:
    """Copies at a place: as many as are said, or as there are accession numbers, at least one."""
    return Held(location, call_number, tuple(accessions), max(copies, len(accessions)) or 1)


# --- records that are no publication --------------------------------------------------------------------------------


def aside_key(kind: str, record: Record) -> str:
    """What a holdings record (the 004: the number of its bibliographic record) or an authority (the 001) is known by.

    A holdings record that does not say what it belongs to is a :class:`Trouble`.
    """
    key = record.control("004" if kind == "holdings" else "001").strip()
    if kind == "holdings" and not key:
        raise Trouble("holdings_without_004")
    return key[:300]


def checked_key(kind: str, record: Record, packed: str) -> str:
    """:func:`aside_key` of a record that can be stored and whose copies can be counted; what it raises refuses it.

    Copies are counted where holdings records are stored, together with others: there it is too late to refuse one.
    """
    key = aside_key(kind, record)
    packed.encode()
    if kind == "holdings":
        holdings_record(record)
    return key


def holdings_record(record: Record) -> list[Held]:
    """The holdings of a holdings record: its 852 with the items (876 to 878) and the volumes that belong to each.

    What is held of a work in parts (866, or 863 with the captions of 853) stands behind the location. Without items
    the copies are those of the 852, or for a single 852 the number of 008/17-19.
    """
    places = [content for tag, content in record.fields if tag == "852"] or ["  "]
    items = _by_place([content for tag, content in record.fields if tag in ITEMS], places)
    reported, volumes = count(record.control("008")[17:20]) if len(places) == 1 else 0, _volumes(record)
    return list(_counted(_at_place(place, items[at], reported, volumes) for at, place in enumerate(places)))


def _at_place(place: str, items: Sequence[str], reported: int, volumes: str) -> Held:
    """One 852 with its items; ``reported`` copies count where neither has accession numbers."""
    held = _location(place)
    barcodes = [text for item in items for code, text in subfields(item) if code == "p"]
    accessions = [number for text in barcodes for number in accession_numbers(text)]
    copies = max(len(items), len(accessions)) or max(held.copies, 0 if held.accessions else reported)
    shown = held.location + (f" — {volumes}" if volumes and held.location else volumes)
    return Held(shown, held.call_number, tuple(accessions) or held.accessions, copies)


def _by_place(items: Sequence[str], places: Sequence[str]) -> list[list[str]]:
    """The items of each 852: those with the same linking number ($8), and of the first all that name none."""
    links: dict[str, int] = {}
    for at, place in enumerate(places):
        links.setdefault(_link(place), at)
    found: list[list[str]] = [[] for _ in places]
    for item in items:
        link = _link(item)
        found[links.get(link, 0) if link else 0].append(item)
    return found


def _link(content: str) -> str:
    return next((value.partition(".")[0] for code, value in subfields(content) if code == "8"), "")


def _volumes(record: Record) -> str:
    """What is held, as text: 866 to 868, else 863 to 865 with their captions."""
    said = [value for tag in ("866", "867", "868") for value in record.values(tag, "a") if value.strip()]
    if said:
        return "; ".join(said)
    captions = {
        _link(content): dict(subfields(content)) for tag in ("853", "854", "855") for content in record.contents(tag)
    }
    return "; ".join(
        filter(
            None,
            (
                _numbered(dict(subfields(content)), captions.get(_link(content), {}))
                for tag in ("863", "864", "865")
                for content in record.contents(tag)
            ),
        )
    )


def _numbered(values: Mapping[str, str], captions: Mapping[str, str]) -> str:
    """«T.1-20(1990-2009)»: enumeration with its captions, the chronology in brackets (ANSI/NISO Z39.71)."""
    levels = [_caption(captions.get(code, "")) + values[code] for code in ENUMERATION if values.get(code)]
    dates = [values[code] for code in CHRONOLOGY if values.get(code)]
    return ":".join(levels) + (f"({':'.join(dates)})" if dates and levels else ":".join(dates))


def _caption(text: str) -> str:
    """A caption in brackets is not shown (853)."""
    return "" if text.startswith("(") else text


ITEM_FIELDS = item_fields({})
