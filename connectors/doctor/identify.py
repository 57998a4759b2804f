"""Identify: is it there, is it OAI-PMH 2.0, and is what it says of itself true (OAI-PMH 2.0, section 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from connectors.doctor.finding import Finding, found
from connectors.doctor.known import Known
from connectors.doctor.visit import Exchange
from connectors.oai_dates import DAYS, FORMS, SECONDS, UNITS, instant_of

REQUIRED = (
    "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity",
)  # fmt: skip
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
POLICIES = ("no", "transient", "persistent")
BEFORE_LIBRARIES = 1960  # no catalog has a record with an older datestamp
STATUSES = {401: "forbidden", 403: "forbidden", 404: "address_wrong", 410: "address_wrong"}
CUT = frozenset({"http_cut", "http_encoding", "http_bomb", "http_too_long"})
READING = {"xml_doctype": "doctype", "xml_broken": "identify_broken", "xml_too_long": "identify_broken"}


def identify(known: Known) -> Iterator[Finding]:
    """Ask Identify; a finding that blocks ends the visit."""
    exchange = known.visit.ask({"verb": "Identify"})
    known.identify = exchange
    if (failure := silence(exchange)) is not None:
        yield failure
        return
    if exchange.error is not None or exchange.find("Identify") is None:
        yield found("identify_error", exchange.evidence, got=exchange.outcome)
        return
    said = {name: _said(exchange, name) for name in REQUIRED}
    if said["protocolVersion"] != "2.0":
        yield found("version", exchange.evidence, version=said["protocolVersion"] or "–")
        return
    known.deletions, known.earliest = said["deletedRecord"].lower(), said["earliestDatestamp"]
    wrong = [*_names(known, exchange, said), *_granularity(known, exchange, said), *_earliest(known, exchange)]
    yield from wrong
    if not wrong:
        yield found("identify_good", name=said["repositoryName"])
    yield from _address(known, exchange, said["baseURL"])


def silence(exchange: Exchange) -> Finding | None:
    """Why an exchange is no answer of OAI-PMH, or ``None``."""
    problem, evidence = exchange.problem, exchange.evidence
    if problem is None:
        return None
    if problem.code == "http_busy":
        return found("busy", evidence, until=problem.facts["until"])
    if exchange.status in STATUSES:
        return found(STATUSES[exchange.status], evidence, status=exchange.status)
    if exchange.status >= 500 or problem.code == "http_failing":
        return found("failing", evidence, status=exchange.status)
    if problem.code == "http_private":
        return found("private_address", None, host=problem.facts["host"])
    if problem.code == "http_port":
        return found("unusual_port", None, host=problem.facts["host"], port=problem.facts["port"])
    if problem.code == "http_tls":
        return found("tls", None, problem)
    if problem.code == "oai_not_oai":
        return found("not_oai", evidence, status=exchange.status)
    if problem.code in READING:
        return found(READING[problem.code], evidence, problem)
    return found("cut" if problem.code in CUT else "unreachable", None, problem)


def _said(exchange: Exchange, name: str) -> str:
    return (exchange.find("Identify").findtext(f"{{*}}{name}") or "").strip()


def _names(known: Known, exchange: Exchange, said: dict[str, str]) -> Iterator[Finding]:
    missing = [name for name in REQUIRED if not said[name] and name not in ("repositoryName", "adminEmail")]
    if missing:
        yield found("identify_incomplete", exchange.evidence, names=", ".join(missing))
    if not said["repositoryName"]:
        yield found("repository_name", exchange.evidence)
    emails = [(e.text or "").strip() for e in exchange.find("Identify").iterfind("{*}adminEmail")]
    wrong = [email for email in emails if not EMAIL.fullmatch(email.removeprefix("mailto:"))]
    if wrong or not emails:
        yield found("admin_email", exchange.evidence, email=", ".join(wrong) or "–")


def _granularity(known: Known, exchange: Exchange, said: dict[str, str]) -> Iterator[Finding]:
    """The granularity, which must be one of two words, exactly."""
    written = said["granularity"]
    known.granularity = SECONDS if "ss" in written.lower() else DAYS
    if written in FORMS or not written:
        return
    code = "granularity_case" if written.upper() in (SECONDS.upper(), DAYS.upper()) else "granularity_unknown"
    yield found(code, exchange.evidence, written=written)


def _earliest(known: Known, exchange: Exchange) -> Iterator[Finding]:
    instant = instant_of(known.earliest)
    if known.earliest and instant is None:
        yield found("earliest_illegal", exchange.evidence, written=known.earliest)
    elif instant is not None and (instant.year < BEFORE_LIBRARIES or instant > (known.now or datetime.now(UTC))):
        yield found("earliest_odd", exchange.evidence, written=known.earliest)


def _address(known: Known, exchange: Exchange, said: str) -> Iterator[Finding]:
    """The baseURL it gives, where it really answers, and whether the way is protected."""
    asked, answered = _place(known.visit.url), _place(exchange.came_from)
    if answered != asked:
        yield found("moved", exchange.evidence, url=exchange.came_from.split("?")[0])
        known.visit.url = exchange.came_from.split("?")[0]
    if said and _place(said) not in (asked, answered):
        yield found("base_url", exchange.evidence, written=said, asked=known.visit.url)
    if urlsplit(known.visit.url).scheme == "http":
        yield found("plain_http")


def _place(url: str) -> tuple[str, int | None, str]:
    """Host, port and path: http and https, and a slash at the end, are no difference."""
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port not in (80, 443) else None
    except ValueError:
        return url, None, ""
    return (parts.hostname or "").lower(), port, parts.path.rstrip("/")


def earliest(known: Known) -> Iterator[Finding]:
    """Whether there are records before ``earliestDatestamp``: a harvest that starts there loses them."""
    instant = instant_of(known.earliest)
    if instant is None or instant.year < BEFORE_LIBRARIES or not known.prefix:
        return
    before = (instant - UNITS[known.granularity]).strftime(FORMS[known.granularity])
    older = [r for r in known.records if (stamp := instant_of(r.datestamp)) and stamp < instant - timedelta(days=1)]
    if older:
        yield found("earliest_late", known.leaves[0].exchange.evidence, written=known.earliest, seen=older[0].datestamp)
        return
    exchange = known.visit.ask({"verb": "ListIdentifiers", "metadataPrefix": known.prefix, "until": before})
    if (headers := exchange.find("ListIdentifiers")) is None:
        return
    stamps = [(e.text or "").strip() for e in headers.iterfind("{*}header/{*}datestamp")]
    early = [stamp for stamp in stamps if (at := instant_of(stamp)) and at < instant]
    if early:
        yield found("earliest_late", exchange.evidence, written=known.earliest, seen=min(early))
    elif stamps:
        yield found("until_ignored", exchange.evidence, until=before, seen=max(stamps))
