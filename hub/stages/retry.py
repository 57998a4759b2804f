"""What other rules had rejected is tried again by the present ones: read again, or cut anew from the bytes kept."""

from __future__ import annotations

import io
from functools import cache
from itertools import islice

import zstandard

from hub.catalog import quarantine
from hub.catalog.models import Source
from hub.catalog.quarantine import Cut
from schemas.format import Format, Reading, find_format
from schemas.record import RawRecord

AT_ONCE = 200
ROWS = b'{"rows":['  # the body of a row of a table: it was cut before, and cannot be cut again


def take_outdated(source: int = 0) -> int:
    """Records that other rules had rejected are pending again, where there is something to read; how many.

    Those of one source, or of all.
    """
    taken = quarantine.take_again(source)
    way = cache(_way)
    while rows := quarantine.arrived_before(AT_ONCE, source):
        taken += quarantine.keep_cuts([_cut(number, raw, body, *way(owner)) for number, raw, owner, body in rows])
    return taken


def _way(source: int) -> tuple[Format, Reading]:
    row = Source.objects.get(pk=source)
    return find_format(row.format), Reading(**row.settings.get("reading", {}))


def _cut(number: int, raw: int, packed: bytes, form: Format, reading: Reading) -> Cut:
    kept = zstandard.ZstdDecompressor().decompress(packed)
    found = one_record(kept, form, reading)
    return Cut(number, raw, found.identifier, found.body, found.body == kept) if found else Cut(number, raw)


def one_record(body: bytes, form: Format, reading: Reading) -> RawRecord | None:
    """The one sound record that ``body`` is when it is cut as a file of its own, or ``None``."""
    if body.startswith(ROWS):
        return None
    try:
        found = list(islice(form.split(io.BytesIO(body), reading), 2))
    except Exception:  # whatever its bytes are, it stays where it is
        return None
    return found[0] if len(found) == 1 and not found[0].problem and not found[0].deleted else None
