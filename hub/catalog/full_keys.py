"""Blocking keys that too many records share: which they are, and what follows when one becomes such a key or ceases to.

What is compared must follow from the records alone, not from the order in which they came. So a link that only a full
key had brought about goes when the key becomes full, and a key that is full no more is looked at again: whoever takes
keys from records marks the full ones among them as shrunk (:func:`hub.catalog.writes.forget_content`).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from hub.catalog import bulk
from hub.catalog.models import Bib, FullKey, Link, MatchKey, Record


def pack_keys(keys: Iterable[int]) -> bytes:
    """Blocking keys as bytes, 8 each."""
    packed = array("q", keys)
    if sys.byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


def unpack_keys(blob: bytes) -> array[int]:
    """The blocking keys of :func:`pack_keys`."""
    keys = array("q", bytes(blob))
    if sys.byteorder == "little":
        keys.byteswap()
    return keys


def full_keys() -> set[int]:
    """The keys that are full."""
    return {key for (key,) in bulk.query(f"SELECT key FROM {bulk.table(FullKey)}")}


def opened_keys(most: int) -> set[int]:
    """The full keys that have shrunk to at most so many records."""
    shrunk = [key for (key,) in bulk.query(f"SELECT key FROM {bulk.table(FullKey)} WHERE shrunk")]
    return {key for key in shrunk if not has_more(key, most)}


def has_more(key: int, most: int) -> bool:
    """Whether more records than ``most`` share a key; no more of them are counted."""
    some = f"SELECT 1 FROM {bulk.table(MatchKey)} WHERE key = %s LIMIT %s"
    return bool(bulk.query(f"SELECT COUNT(*) FROM ({some}) AS counted", [key, most + 1])[0][0] > most)


def leave(keys: Iterable[int]) -> None:
    """Records leave these keys: those that are full must be counted again (inside ``writing()``)."""
    bulk.touch(f"UPDATE {bulk.table(FullKey)} SET shrunk = TRUE WHERE NOT shrunk AND key IN {{}}", set(keys))


def settle(filled: Mapping[int, Sequence[int]], opened: Mapping[int, Sequence[int]], most: int) -> None:
    """Keep which keys are full, and cut the links that nothing but a full key brought about (inside ``writing()``).

    ``filled`` are keys found to be full, ``opened`` those found to be full no more, each with those of its records
    whose links were not looked for anew. Both are counted again: harvests go on while records are compared. A key that
    shrank meanwhile is looked at by the next matching.
    """
    shrunk = [key for (key,) in bulk.query(f"SELECT key FROM {bulk.table(FullKey)} WHERE shrunk")]
    full = {key for key in {*filled, *opened, *shrunk} if has_more(key, most)}
    rows = [(key, key not in full) for key in filled] + [(key, False) for key in shrunk if key in full]
    bulk.upsert(FullKey, ("key", "shrunk"), sorted(dict(rows).items()), ("key",))
    bulk.touch(f"DELETE FROM {bulk.table(FullKey)} WHERE key IN {{}}", sorted(opened.keys() - full))
    _cut([records for key, records in (*filled.items(), *opened.items()) if key in full])


def _cut(blocks: Sequence[Sequence[int]]) -> None:
    """Delete the links within blocks of full keys whose records share no other key; their clusters are due."""
    sql = f"SELECT first, second FROM {bulk.table(Link)} WHERE first IN {{}}"
    among = [(set(block), bulk.among(sql, block)) for block in blocks if len(block) > 1]
    links = {link for block, found in among for link in found if link[1] in block}
    if not links:
        return
    ends = {record for link in links for record in link}
    blobs = bulk.among(f"SELECT record_id, keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", ends)
    full = full_keys()
    keys = {record: set(unpack_keys(blob)) - full for record, blob in blobs}
    cut = [(a, b) for a, b in sorted(links) if a in keys and b in keys and keys[a].isdisjoint(keys[b])]
    if cut:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {bulk.table(Link)} WHERE first = %s AND second = %s", cut)
        due_for_merging({record for link in cut for record in link})


def due_for_merging(records: Iterable[int]) -> None:
    """The clusters of these records must be made again, besides those whose links are due (inside ``writing()``)."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 2 WHERE due = 0 AND id IN {{}}", sorted(records))
