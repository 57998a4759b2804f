"""``from`` and ``until``: inclusive at both ends, in the granularity of Identify (OAI-PMH 2.0, section 2.7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.doctor.finding import Finding, found
from connectors.doctor.known import Known
from connectors.doctor.lists import read_leaf
from connectors.doctor.visit import Exchange
from connectors.oai_dates import DAYS, FORMS, SECONDS, UNITS, instant_of
from schemas.record import RawRecord


def windows(known: Known) -> Iterator[Finding]:
    """The window from a record's datestamp to the same datestamp has the record in it."""
    record = known.live or next((r for r in known.records if instant_of(r.datestamp)), None)
    instant = instant_of(record.datestamp) if record else None
    if record is None or instant is None:
        return
    yield from _stamps(known)
    if instant > (known.now or datetime.now(UTC)) + timedelta(minutes=1):
        yield found("future_records", known.leaves[0].exchange.evidence, datestamp=record.datestamp)
        return
    stamp = instant.strftime(FORMS[known.granularity])
    exchange = known.visit.ask(known.listing(since=stamp, until=stamp))
    if exchange.outcome == "badArgument" and known.granularity == SECONDS:
        yield found("seconds_refused", exchange.evidence)
        known.granularity, stamp = DAYS, stamp[:10]
        exchange = known.visit.ask(known.listing(since=stamp, until=stamp))
    wrong = list(_judge(known, record, stamp, exchange))
    yield from wrong
    if not wrong:
        yield found("dates_good")
        yield from _days(known, stamp)


def _stamps(known: Known) -> Iterator[Finding]:
    """Datestamps of the records are written by the granularity too."""
    form = FORMS[known.granularity]
    for record in known.records:
        instant = instant_of(record.datestamp)
        if record.datestamp and (instant is None or instant.strftime(form) != record.datestamp):
            wanted = instant.strftime(form) if instant else form
            evidence = known.leaves[0].exchange.evidence
            yield found("datestamps_differ", evidence, written=record.datestamp, wanted=wanted)
            return


def _judge(known: Known, record: RawRecord, stamp: str, exchange: Exchange) -> Iterator[Finding]:
    """What the answer to a window of one unit says."""
    leaf = read_leaf(exchange, 1)
    if leaf is None and exchange.outcome != "noRecordsMatch":
        yield found("window_misses", exchange.evidence, exchange.problem, stamp=stamp, got=exchange.outcome)
        return
    inside = leaf.page.records if leaf else []
    yield from _outside(known, stamp, inside, exchange)
    if record.identifier not in {r.identifier for r in inside} and not (leaf and leaf.page.token):
        yield from _narrow(known, record, stamp, exchange)


def _outside(known: Known, stamp: str, inside: list[RawRecord], exchange: Exchange) -> Iterator[Finding]:
    written = [instant.strftime(FORMS[known.granularity]) for r in inside if (instant := instant_of(r.datestamp))]
    if written and min(written) < stamp:
        yield found("from_ignored", exchange.evidence, since=stamp, seen=min(written))
    if written and max(written) > stamp:
        yield found("until_ignored", exchange.evidence, until=stamp, seen=max(written))


def _narrow(known: Known, record: RawRecord, stamp: str, exchange: Exchange) -> Iterator[Finding]:
    """The record is missing: which of the ends is left out?"""
    instant = instant_of(stamp) or datetime.now(UTC)
    unit, form = UNITS[known.granularity], FORMS[known.granularity]
    later, sooner = (instant + unit).strftime(form), (instant - unit).strftime(form)
    for code, window in (
        ("until_exclusive", {"since": stamp, "until": later}),
        ("from_exclusive", {"since": sooner, "until": stamp}),
    ):
        other = known.visit.ask(known.listing(**window))
        leaf = read_leaf(other, 1)
        if leaf and record.identifier in {r.identifier for r in leaf.page.records}:
            yield found(code, exchange.evidence, stamp=stamp, example=record.identifier)
            return
    yield found("window_misses", exchange.evidence, stamp=stamp, got=exchange.outcome)


def _days(known: Known, stamp: str) -> Iterator[Finding]:
    """A repository with seconds must take days as well."""
    if known.granularity != SECONDS:
        return
    exchange = known.visit.ask(known.listing(since=stamp[:10], until=stamp[:10]))
    if exchange.outcome == "OK":
        yield found("days_good")
    else:
        yield found("days_refused", exchange.evidence, got=exchange.outcome)
