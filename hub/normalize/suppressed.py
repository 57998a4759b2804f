"""Whether a library keeps a record from the public: its system's own sign of it, such as Koha's 942 $n.

https://koha-community.org/manual/latest/en/html/cataloging.html (Suppress in OPAC). Which places are looked at is
configured for each source (``reading.suppressed``); what they say counts as yes unless it is empty or 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.record import Record, subfields

SUPPRESSED = "suppressed"  # what such a record is kept aside as
NO = ("", "0", "n", "no", "false")


def is_suppressed(record: Record, places: Sequence[str]) -> bool:
    """Whether one of the places (a tag and a subfield code) says so."""
    wanted = {(place[:3], place[3:]) for place in places}
    tags = {tag for tag, _ in wanted}
    return any(
        (tag, code) in wanted and value.strip().lower() not in NO
        for tag, content in record.fields
        if tag in tags
        for code, value in subfields(content)
    )
