"""Single records and deletions: the lists and GetRecord must say the same (OAI-PMH 2.0, sections 2.5.1 and 4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.doctor.finding import Finding, found
from connectors.doctor.identify import POLICIES
from connectors.doctor.known import Known
from connectors.doctor.visit import Exchange
from connectors.oai_page import read_headers, read_record
from schemas.format import Reading
from schemas.problem import Trouble
from schemas.record import RawRecord


def same_lists(known: Known) -> Iterator[Finding]:
    """ListIdentifiers names the records that ListRecords gives: the first page of both."""
    leaf = known.leaves[0]
    exchange = known.visit.ask(known.listing() | {"verb": "ListIdentifiers"})
    try:
        headers = read_headers(exchange.root, 1)
    except (Trouble, AttributeError):
        yield found("identifiers_differ", exchange.evidence, exchange.problem, got=exchange.outcome, example="–")
        return
    names, listed = [{r.identifier for r in page.records} for page in (leaf.page, headers)]
    smaller, larger = (names, listed) if len(names) <= len(listed) else (listed, names)
    whole = not leaf.page.token and not headers.token
    missing = (names ^ listed) if whole else (smaller - larger)
    if missing:
        yield found("identifiers_differ", exchange.evidence, got=len(missing), example=min(missing))
    else:
        yield found("same_lists_good")


def get(known: Known) -> Iterator[Finding]:
    """GetRecord gives a record as the list did."""
    record = known.live
    if record is None:
        return
    exchange = known.visit.ask(known.get(record.identifier))
    again = _record(exchange)
    if again is None or again.deleted:
        yield found("get_fails", exchange.evidence, exchange.problem, got=exchange.outcome, example=record.identifier)
    elif again.identifier != record.identifier or not _equal(known, record, again):
        yield found("get_differs", exchange.evidence, example=record.identifier)
    else:
        yield found("get_good")


def _record(exchange: Exchange) -> RawRecord | None:
    try:
        return read_record(exchange.root) if exchange.root is not None and exchange.error is None else None
    except Trouble:
        return None


def _equal(known: Known, one: RawRecord, other: RawRecord) -> bool:
    """Whether two say the same, byte for byte or when they are read."""
    if one.fingerprint == other.fingerprint or known.form is None:
        return True
    try:
        return known.form.parse(one.body, Reading()) == known.form.parse(other.body, Reading())
    except Trouble:
        return False


def deletions(known: Known) -> Iterator[Finding]:
    """What Identify says of deletions, and what is seen of them."""
    deleted = [record for leaf in known.leaves for record in leaf.page.records if record.deleted]
    evidence = known.identify.evidence if known.identify else None
    if known.deletions not in POLICIES:
        yield found("deletions_unknown", evidence, written=known.deletions or "–")
    elif known.deletions == "persistent":
        yield found("deletions_good", None, count=len(deleted))
    elif known.deletions == "no" and deleted:
        yield found("deletions_shown_all_the_same", evidence, example=deleted[0].identifier)
    else:
        yield found(f"deletions_{known.deletions}", evidence)
    if deleted:
        yield from _deleted(known, deleted)


def _deleted(known: Known, deleted: list[RawRecord]) -> Iterator[Finding]:
    exchange = known.visit.ask(known.get(deleted[0].identifier))
    again = _record(exchange)
    if again is not None and again.deleted:
        yield found("deleted_good", None, count=len(deleted))
    else:
        got = "OK" if again is not None else exchange.outcome
        yield found("deleted_gone", exchange.evidence, example=deleted[0].identifier, got=got)
    with_metadata = [record for record in deleted if b"metadata>" in record.body]
    if with_metadata:
        yield found("deleted_with_metadata", known.leaves[0].exchange.evidence, example=with_metadata[0].identifier)
