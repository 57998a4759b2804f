"""Records that are no publication, kept beside the catalog, and the copies that holdings records bring.

A holdings record belongs to the oldest live bibliographic record of its source whose identifier or 001 is its 004.
Its copies are holdings of that record, whichever of the two comes first, for as long as both are there. A source
without holdings records pays one look for them; in one that has them, the bibliographic records that are listed under
another identifier than their 001 have a row here with that number (kind "number").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db import connection

from hub.catalog import bulk
from hub.catalog.models import Aside, Bib, Holding, Link, Member, Record, Source, Union
from hub.normalize.holdings import NO_HOLDINGS, Held, Items, all_holdings, item_fields
from schemas.record import FIELD_END
from schemas.record import Record as Content

ASIDE = ("record_id", "source_id", "kind", "key", "marc")
HOLDING = ("record_id", "library_id", "location", "call_number", "accessions", "copies", "status")
HEAD = FIELD_END + "001"
Row = tuple[Any, ...]
Keys = dict[int, set[str]]  # source → what holdings records may name


class Holder(NamedTuple):
    """How the copies of a source are read: whose they are, in which fields, whether one is implied."""

    library: str
    items: Items
    holds: bool
    seal: bytes  # what of it is not the default: a record read another way is another reading


def holder(source: Source) -> Holder:
    """How the copies of ``source`` (with its library) are read."""
    configured = source.settings.get("reading", {}).get("items") or {}
    holds = source.library.kind not in NO_HOLDINGS
    said = repr(sorted((tag, sorted(codes.items())) for tag, codes in configured.items())) if configured else ""
    return Holder(source.library_id, item_fields(configured), holds, said.encode()[:4096])


def digest_of(marc: str, seal: bytes, apart: Iterable[str] = ()) -> bytes:
    """The digest of what a record says: its own content, and that of the holdings records that belong to it."""
    found = blake2b(marc.encode(), digest_size=16)
    for part in (seal, *(text.encode() for text in apart)):
        if part:
            found.update(b"\x1d" + part)
    return found.digest()


def holding_rows(number: int, library: str, held: Iterable[Held]) -> list[Row]:
    """The rows of :class:`Holding` of a record."""
    return [
        (number, library, h.location[:300], h.call_number[:300], "\n".join(h.accessions), h.copies, h.status)
        for h in held
    ]


def settle(sources: Iterable[int], numbers: Sequence[int], rows: Sequence[Row]) -> None:
    """Records have been read (``numbers``, of ``sources``), of which ``rows`` are to be kept aside.

    What was kept aside of them before is replaced, and every bibliographic record whose copies change by it has its
    holdings made anew (inside :func:`hub.catalog.bulk.writing`, after the bibliographic records are stored).
    """
    known = {source for source in sources if _has(source)}
    if not known and not rows:
        return
    held_before = {source for source in known if _has(source, "holdings")}
    dirty = _forget_rows(numbers) if known else defaultdict(set)
    bulk.insert(Aside, ASIDE, rows)
    _mark([row[0] for row in rows])
    for _, source, kind, key, _ in rows:
        if kind == "holdings":
            dirty[source].add(key)
    for source in {row[1] for row in rows if row[2] == "holdings"} - held_before:
        _number(source)
    if held_before:
        _renumber(held_before, numbers, dirty)
    _hold(dirty)


def forget(numbers: Sequence[int]) -> None:
    """These records are no longer live: what was kept aside of them goes, and others may get their copies."""
    _hold(_forget_rows(numbers))


def _has(source: int, kind: str = "") -> bool:
    """Whether something of a source is kept aside."""
    sql = f"SELECT 1 FROM {bulk.table(Aside)} WHERE source_id = %s" + (" AND kind = %s" if kind else "")
    return bool(bulk.query(sql + " LIMIT 1", [source, kind] if kind else [source]))


def _forget_rows(numbers: Sequence[int]) -> Keys:
    """Delete the rows of some records; the keys under which other records may be touched by it, by source."""
    dirty: Keys = defaultdict(set)
    found = bulk.among(
        f"SELECT r.source_id, r.identifier, a.key FROM {bulk.table(Record)} r"
        f" LEFT JOIN {bulk.table(Aside)} a ON a.record_id = r.id WHERE EXISTS (SELECT 1 FROM {bulk.table(Aside)} o"
        " WHERE o.source_id = r.source_id AND o.kind = 'holdings') AND r.id IN {}",
        numbers,
    )
    for source, identifier, key in found:
        dirty[source] |= {identifier, key} - {None}
    bulk.touch(f"DELETE FROM {bulk.table(Aside)} WHERE record_id IN {{}}", numbers)
    return dirty


def _mark(numbers: Sequence[int]) -> None:
    """These records are aside; one that the union knows as a publication is due there, to be taken out."""
    record = bulk.table(Record)
    known = " OR ".join(
        f"EXISTS (SELECT 1 FROM {bulk.table(model)} k WHERE k.{column} = {record}.id{more})"
        for model, column, more in (
            (Member, "record_id", ""),
            (Union, "id", " AND NOT k.deleted"),
            (Link, "first", ""),
            (Link, "second", ""),
        )
    )
    due = f"CASE WHEN {known} THEN 1 ELSE 0 END"
    bulk.touch(f"UPDATE {record} SET state = 'aside', due = {due} WHERE id IN {{}}", numbers)


def _number(source: int) -> None:
    """Write down the 001 of each live record of a source that has another identifier."""
    sql = (
        f"SELECT b.record_id, r.source_id, r.identifier, b.marc FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE r.source_id = %s AND r.state = 'live'"
        " AND substr(b.marc, 25, length(r.identifier) + 5) <> %s || r.identifier || %s"
    )
    _store_numbers(bulk.query(sql, [source, HEAD, FIELD_END]))


def _renumber(sources: set[int], numbers: Sequence[int], dirty: Keys) -> None:
    """The same for records that have just been read, and what they may be named by."""
    sql = (
        f"SELECT b.record_id, r.source_id, r.identifier, b.marc FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE r.state = 'live' AND r.id IN {{}}"
    )
    rows = [row for row in bulk.among(sql, numbers) if row[1] in sources]
    for _, source, identifier, _ in rows:
        dirty[source].add(identifier)
    for _, source, _, key, _ in _store_numbers(rows):
        dirty[source].add(key)


def _store_numbers(rows: Iterable[Row]) -> list[Row]:
    found = []
    for number, source, identifier, marc in rows:
        key = _control_number(marc)
        if key and key != identifier:
            found.append((number, source, "number", key[:300], ""))
    bulk.upsert(Aside, ASIDE, found, ("record_id",))
    return found


def _control_number(marc: str) -> str:
    """The 001 of a packed record."""
    at = marc.find(HEAD)
    return marc[at + len(HEAD) :].partition(FIELD_END)[0].strip() if at >= 0 else ""


def _hold(dirty: Keys) -> None:
    """Make the holdings anew of the live bibliographic records that some keys may name."""
    for source, keys in dirty.items():
        named = _named(source, keys)
        numbers = sorted({number for found in named.values() for number in found})
        if numbers:
            _rehold(source, numbers)


def _named(source: int, keys: Iterable[str]) -> dict[str, list[int]]:
    """The live bibliographic records of a source by the keys that name them, as their identifier or their 001."""
    keys = sorted(keys)
    live = f"{bulk.table(Record)} r JOIN {bulk.table(Bib)} b ON b.record_id = r.id"
    by_identifier = (
        f"SELECT r.identifier, r.id FROM {live} WHERE r.source_id = %s AND r.state = 'live' AND r.identifier IN {{}}"
    )
    by_number = (
        f"SELECT a.key, r.id FROM {live} JOIN {bulk.table(Aside)} a ON a.record_id = r.id"
        " WHERE a.source_id = %s AND a.kind = 'number' AND r.state = 'live' AND a.key IN {}"
    )
    found: dict[str, list[int]] = {}
    for sql in (by_identifier, by_number):
        for key, number in bulk.among(sql, keys, [source]):
            found.setdefault(key, []).append(number)
    return found


def _rehold(source: int, numbers: Sequence[int]) -> None:
    """Write the holdings, the copies and the digest of records; those that have changed are due in the union.

    Where copies cannot be counted, the records are to be read again: no record stops the others from being stored.
    """
    way = holder(Source.objects.select_related("library").get(pk=source))
    sql = (
        f"SELECT b.record_id, b.marc, b.digest, r.identifier FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE b.record_id IN {{}}"
    )
    bibs = [(number, marc, bytes(digest), name) for number, marc, digest, name in bulk.among(sql, numbers)]
    apart = _apart(source, {number: {name, _control_number(marc)} - {""} for number, marc, _, name in bibs})
    changed, rows, again = [], [], []
    for number, marc, before, _ in bibs:
        mine = apart.get(number, {})
        digest = digest_of(marc, way.seal, mine.values())
        if digest == before:
            continue
        try:
            contents = [Content.unpack(text) for text in mine.values()]
            held = all_holdings(Content.unpack(marc), contents, way.items, holds=way.holds)
        except Exception:  # other rules had taken one of them: reading it again says which, and rejects it
            again += [number, *mine]
            continue
        rows += holding_rows(number, way.library, held)
        changed.append((sum(h.copies for h in held), digest, number))
    bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'pending' WHERE id IN {{}}", again)
    bulk.touch(f"DELETE FROM {bulk.table(Holding)} WHERE record_id IN {{}}", [row[2] for row in changed])
    bulk.insert(Holding, HOLDING, rows)
    if changed:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {bulk.table(Bib)} SET copies = %s, digest = %s WHERE record_id = %s", changed)
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 1 WHERE id IN {{}}", [row[2] for row in changed])


def _apart(source: int, names: dict[int, set[str]]) -> dict[int, dict[int, str]]:
    """The holdings records (number → packed) of some bibliographic records, each with the oldest that it names."""
    keys = {key for found in names.values() for key in found}
    owner = {key: min(found) for key, found in _named(source, keys).items()}
    sql = (
        f"SELECT record_id, key, marc FROM {bulk.table(Aside)}"
        " WHERE source_id = %s AND kind = 'holdings' AND key IN {} ORDER BY record_id"
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for number, key, marc in sorted(bulk.among(sql, sorted(keys), [source])):
        if key in owner:
            found[owner[key]][number] = marc
    return found
