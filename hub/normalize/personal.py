"""Personal data are taken out before anything is stored: names of staff in local fields, data of readers.

Which fields these are is configuration (``harvest_config/personal.yaml`` and ``reading.drop`` of a source). A change in
a field that is taken out is no change of the record: the fingerprint is that of what remains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from schemas.format import Format
from schemas.marc21 import key_of
from schemas.problem import Problem
from schemas.record import RawRecord

HEADER_END = re.compile(rb"</(?:[\w.-]+:)?header\s*>")  # of a record of OAI-PMH, whose header is not its content


class Cleared(NamedTuple):
    """Raw records without personal data, and in how many of them each field was taken out."""

    records: list[RawRecord]
    taken: Counter[str]


def clear(records: Iterable[RawRecord], form: Format, names: tuple[str, ...]) -> Cleared:
    """The records as they may be stored."""
    cleared, counts = [], Counter[str]()
    for raw in records:
        left, taken = without_personal(raw, form, names)
        cleared.append(left)
        counts.update(taken)
    return Cleared(cleared, counts)


def without_personal(raw: RawRecord, form: Format, names: tuple[str, ...]) -> tuple[RawRecord, list[str]]:
    """A raw record without the fields of these names, and the names of those it had."""
    if form.without is None or not raw.body:
        return raw, []
    body, taken = form.without(raw.body, names)
    if not taken:
        return raw, []
    identifier = key_of(body) if raw.identifier == key_of(raw.body) else raw.identifier
    fingerprint = None if raw.fingerprint is None else _fingerprint(body)
    return replace(raw, body=body, identifier=identifier, fingerprint=fingerprint), taken


def _fingerprint(body: bytes) -> bytes:
    """The SHA-256 of what follows the header, as the connector makes it."""
    header = HEADER_END.search(body)
    return sha256(body[header.end() :].strip() if header else body).digest()


def note(taken: Counter[str]) -> list[Problem]:
    """What a run says of it: which fields, in how many records; nothing where nothing was taken."""
    if not taken:
        return []
    fields = ", ".join(f"{name} ({count})" for name, count in sorted(taken.items()))
    return [Problem("personal_data_removed", {"fields": fields})]
