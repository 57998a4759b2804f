"""What the records of a source say together of their encoding and their damage, kept with the source.

It is weighed before pending records are read, on a sample of those not weighed before, and added to what earlier
records said. One short title proves nothing; a source does. When the conclusion changes, the records of the source are
read again. The evidence is stored, so a rebuild, which weighs nothing anew, gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import zstandard

from hub.catalog import bulk, writes
from hub.catalog.models import RawRecord, Record, Rejection, Source
from schemas.damage import RULES, Damage
from schemas.detection import IN_DOUBT, Tally
from schemas.format import Format, Reading, find_format

SAMPLED = 2_000  # records of a source that are weighed at a time
UNICODE = ("auto", "utf-8", "utf-16")  # with another encoding the source's file has decided


@dataclass(frozen=True, slots=True)
class Said:
    """What a source's evidence says to a person.

    ``encoding`` is ``""`` while nothing is beyond doubt; then ``nearest`` still names the best reading. ``examples``
    are texts as that reading has them, ``mended`` (rule, words, before, after) of each damage.
    """

    records: int
    foreign: int  # of them not in UTF-8
    encoding: str
    nearest: str
    score: float
    following: str
    margin: float
    words: int
    examples: tuple[str, ...]
    mended: tuple[tuple[str, int, str, str], ...]


def said(evidence: dict[str, Any]) -> Said | None:
    """The evidence of a source in words and numbers; ``None`` before its first records were weighed."""
    if not evidence:
        return None
    tally, damage = Tally.load(evidence["bytes"]), Damage.load(evidence["text"])
    found = tally.finding()
    mended = []
    for kind in damage.kinds():
        before, after = damage.examples[kind][0]
        mended.append((RULES[kind], damage.words[kind][0], before, after))
    return Said(
        records=tally.pieces,
        foreign=tally.other,
        encoding=evidence["encoding"] if evidence["encoding"] != IN_DOUBT else "",
        nearest=found.encoding,
        score=round(found.score, 3),
        following=found.following,
        margin=round(found.margin, 3),
        words=found.words,
        examples=tuple(tally.examples(found.encoding)),
        mended=tuple(mended),
    )


def reading_of(source: Source) -> Reading:
    """How the records of a source are read: as its file says, and where that leaves it open, as its records say."""
    reading = Reading(**source.settings.get("reading", {}))
    evidence = source.evidence
    if not evidence or reading.encoding not in UNICODE:
        return reading
    encoding = evidence["encoding"] if reading.encoding == "auto" else ""
    return replace(reading, evidence=encoding, damage=tuple(evidence["damage"]))


def weigh_pending(source_number: int = 0) -> None:
    """Weigh the pending records that were not weighed before, of one source or of each; not what arrived broken."""
    only = f" AND source_id = {source_number:d}" if source_number else ""
    sql = (
        f"SELECT source_id, raw FROM {bulk.table(Record)} WHERE state = 'pending'{only}"
        f" AND raw NOT IN (SELECT raw FROM {bulk.table(Rejection)} WHERE arrived) ORDER BY source_id, raw"
    )
    for number, rows in groupby(bulk.query(sql), key=itemgetter(0)):
        source = Source.objects.get(pk=number)
        fresh = [raw for _, raw in rows if raw > source.evidence.get("upto", 0)]
        if fresh and Reading(**source.settings.get("reading", {})).encoding in UNICODE:
            _weigh(source, fresh)


def stride(count: int) -> int:
    """Every how many-th of so many records is weighed: the smallest power of two that leaves SAMPLED or fewer."""
    return 1 << (max(-(-count // SAMPLED), 1) - 1).bit_length()


@dataclass(slots=True)
class Sample:
    """Of a row of bodies those that would be weighed (:func:`stride`), whose number is not known before its end."""

    bodies: list[bytes] = field(default_factory=list)
    every: int = 1
    seen: int = 0

    def add(self, body: bytes) -> None:
        """The next of the row."""
        if self.seen % self.every == 0:
            self.bodies.append(body)
        self.seen += 1
        if len(self.bodies) > SAMPLED:
            self.bodies = self.bodies[::2]
            self.every *= 2


def _weigh(source: Source, raws: Sequence[int]) -> None:
    """Add some raw versions (ascending) to the source's evidence."""
    reading = Reading(**source.settings.get("reading", {}))
    bodies = _bodies(raws[:: stride(len(raws))])
    writes.keep_evidence(
        source, {"upto": raws[-1], **weighed(source.evidence, bodies, find_format(source.format), reading)}
    )


def weighed(before: dict[str, Any], bodies: Sequence[bytes], form: Format, reading: Reading) -> dict[str, Any]:
    """The evidence of a source with that of some more raw bodies added; pure."""
    tally, damage = Tally.load(before.get("bytes", {})), Damage.load(before.get("text", {}))
    for body in bodies:
        tally.add(body)
    encoding = tally.evidence()
    reading = replace(reading, evidence=encoding)
    for body in bodies:
        with suppress(Exception):  # what cannot be read says nothing here, and is rejected where it is read
            damage.add(form.parse(body, reading))
    return {"encoding": encoding, "damage": list(damage.kinds()), "bytes": tally.dump(), "text": damage.dump()}


def _bodies(raws: Sequence[int]) -> list[bytes]:
    decompress = zstandard.ZstdDecompressor().decompress
    rows = bulk.among(f"SELECT id, body FROM {bulk.table(RawRecord)} WHERE id IN {{}}", raws)
    return [decompress(body) for _, body in sorted(rows)]
