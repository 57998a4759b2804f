"""ListRecords: the first pages with their resumption tokens (OAI-PMH 2.0, section 3.5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.doctor.finding import Finding, found
from connectors.doctor.identify import silence
from connectors.doctor.known import Known, Leaf
from connectors.doctor.visit import Exchange
from connectors.oai_bytes import charset_of
from connectors.oai_dates import instant_of
from connectors.oai_page import OaiPage, read_list
from connectors.oai_salvage import salvage
from schemas.problem import Trouble

PAGES = 5
SMALL, LARGE = 20, 1000  # records a page
MANY = 2_000  # records from which small pages hurt
LONG = 2_000  # characters of a token: longer ones do not fit into every URL
SOON = timedelta(minutes=10)
SPECIAL = re.compile(r"[^A-Za-z0-9._~-]")
BOGUS = "lienthong-no-such-token"


def walk(known: Known) -> Iterator[Finding]:
    """Up to five pages of the list in the chosen format."""
    exchange = known.visit.ask(known.listing())
    leaf = read_leaf(exchange, 1)
    if leaf is None:
        yield from _no_list(exchange)
        return
    known.leaves.append(leaf)
    if not leaf.page.records and not leaf.page.token:
        yield found("list_empty", exchange.evidence, prefix=known.prefix)
        return
    yield from _further(known)
    yield from _broken(known)
    known.seen_records = sum(len(leaf.page.records) for leaf in known.leaves)
    yield from _counted(known)
    yield from _identifiers(known)


def _no_list(exchange: Exchange) -> Iterator[Finding]:
    if exchange.outcome == "noRecordsMatch":
        yield found("list_empty", exchange.evidence, prefix=exchange.arguments["metadataPrefix"])
        return
    failure = silence(exchange)
    if failure is not None and failure.code == "identify_broken":
        yield found("page_cut", exchange.evidence, page=1)
    yield found("list_fails", exchange.evidence, exchange.problem, got=exchange.outcome)


def read_leaf(exchange: Exchange, number: int) -> Leaf | None:
    """A page of a list; of one that is broken as XML what can be saved. ``None`` when nothing can be read."""
    try:
        if exchange.root is None:
            broken = exchange.problem is not None and exchange.problem.code == "xml_broken"
            return Leaf(exchange, salvage(exchange.body, number, charset_of(exchange.headers))) if broken else None
        page = read_list(exchange.root, number)
    except Trouble:
        return None
    token = exchange.find("ListRecords").find("{*}resumptionToken")
    said = (
        {name: token.get(name) or "" for name in ("cursor", "completeListSize", "expirationDate")} if _is(token) else {}
    )
    return Leaf(
        exchange, page, said.get("cursor", ""), said.get("completeListSize", ""), said.get("expirationDate", "")
    )


def _is(element: Any) -> bool:
    return element is not None


def _further(known: Known) -> Iterator[Finding]:
    """The pages the tokens lead to."""
    seen = {known.leaves[0].page.token}
    while len(known.leaves) < PAGES and (token := known.leaves[-1].page.token):
        number = len(known.leaves) + 1
        exchange = known.visit.ask({"verb": "ListRecords", "resumptionToken": token})
        leaf = read_leaf(exchange, number)
        if leaf is None:
            yield _refused(exchange, number, token)
            return
        if _same(leaf.page, known.leaves[-1].page) or leaf.page.token in seen:
            yield found("token_circle", exchange.evidence, page=number)
            known.leaves.append(leaf)
            return
        seen.add(leaf.page.token)
        known.leaves.append(leaf)


def _refused(exchange: Exchange, number: int, token: str) -> Finding:
    if exchange.error is None:
        code = "page_cut" if exchange.problem and exchange.problem.code == "xml_broken" else "token_lost"
        return found(code, exchange.evidence, exchange.problem, page=number, got=exchange.outcome)
    characters = " ".join(sorted(set(SPECIAL.findall(token)))) or "–"
    return found("token_refused", exchange.evidence, page=number, got=exchange.outcome, characters=characters)


def _same(one: OaiPage, other: OaiPage) -> bool:
    names = [record.identifier for record in one.records]
    return bool(names) and names == [record.identifier for record in other.records]


def _broken(known: Known) -> Iterator[Finding]:
    """Records that break their page, and live ones without identifier or metadata."""
    records = [record for leaf in known.leaves for record in leaf.page.records]
    codes = Counter(record.problem.code for record in records if record.problem is not None)
    for code, name in (
        ("oai_record_broken", "page_broken"),
        ("oai_no_metadata", "records_without_metadata"),
        ("oai_no_identifier", "records_without_identifier"),
    ):
        if codes[code]:
            first = next(r for r in records if r.problem is not None and r.problem.code == code)
            at = next(leaf for leaf in known.leaves if first in leaf.page.records)
            example = first.identifier if code != "oai_no_identifier" else first.place
            yield found(name, at.exchange.evidence, first.problem, count=codes[code], of=len(records), example=example)


def _counted(known: Known) -> Iterator[Finding]:
    """What the tokens say of the list: its size, the place in it, how long they live."""
    first, last = known.leaves[0], known.leaves[-1]
    announced, ended = first.page.announced, not last.page.token
    if announced and ended and known.seen_records < announced * 0.98:
        yield found("list_ends_early", last.exchange.evidence, count=known.seen_records, size=announced)
    elif announced and (known.seen_records > announced or _shrinks(known)):
        yield found("size_wrong", last.exchange.evidence, count=known.seen_records, size=announced)
    empty = [leaf for leaf in known.leaves if leaf.page.token and not leaf.page.records]
    if 2 * len(empty) > len(known.leaves):
        yield found("pages_empty", empty[0].exchange.evidence, count=len(empty), of=len(known.leaves))
    if first.page.token and not announced:
        yield found("size_missing", first.exchange.evidence)
    yield from _tokens(known)
    size = len(first.page.records)
    if first.page.token and size < SMALL and (announced or 0) >= MANY:
        yield found("page_small", first.exchange.evidence, size=size)
    if size > LARGE:
        yield found("page_large", first.exchange.evidence, size=size)


def _shrinks(known: Known) -> bool:
    sizes = [int(leaf.size) for leaf in known.leaves if leaf.size.isascii() and leaf.size.isdigit()]
    return bool(sizes) and max(sizes) > 1.1 * min(sizes)


def _tokens(known: Known) -> Iterator[Finding]:
    before = 0
    for leaf in known.leaves:
        if leaf.cursor and leaf.cursor != str(before):
            yield found("cursor_wrong", leaf.exchange.evidence, cursor=leaf.cursor, count=before)
            break
        before += len(leaf.page.records)
    first = known.leaves[0]
    now, expires = instant_of(first.page.response_date), instant_of(first.expires)
    if first.page.token and now and expires and expires - now < SOON:
        minutes = max(0, int((expires - now).total_seconds() // 60))
        yield found("token_expires_soon", first.exchange.evidence, minutes=minutes)
    longest = max(len(leaf.page.token) for leaf in known.leaves)
    if longest > LONG:
        yield found("token_long", first.exchange.evidence, length=longest)


def _identifiers(known: Known) -> Iterator[Finding]:
    names = Counter(record.identifier for leaf in known.leaves for record in leaf.page.records)
    twice = [name for name, count in names.items() if count > 1]
    if twice and not (len(known.leaves) > 1 and _same(known.leaves[-1].page, known.leaves[-2].page)):
        yield found("identifiers_twice", known.leaves[0].exchange.evidence, count=len(twice), example=twice[0])
    if len(known.leaves) > 1 or not known.leaves[0].page.token:
        yield found("list_good", None, pages=len(known.leaves), count=known.seen_records)


def tokens(known: Known) -> Iterator[Finding]:
    """A token asked for twice gives the same page; one that nobody gave is refused."""
    if len(known.leaves) > 1:
        token, page = known.leaves[0].page.token, known.leaves[1].page
        exchange = known.visit.ask({"verb": "ListRecords", "resumptionToken": token})
        again = read_leaf(exchange, 2)
        if again is not None and (_same(again.page, page) or not page.records):
            yield found("token_good")
            if special := sorted(set(SPECIAL.findall(token))):
                yield found("characters_good", None, characters=" ".join(special))
        else:
            yield found("token_not_repeatable", exchange.evidence, exchange.problem, got=exchange.outcome)
    known.bogus = known.visit.ask({"verb": "ListRecords", "resumptionToken": BOGUS})
    if known.bogus.find("ListRecords") is not None:
        yield found("token_bogus_accepted", known.bogus.evidence)
