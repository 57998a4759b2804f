"""How the server behaves on every request: errors, POST, compression, the XML itself, its clock, its speed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from connectors.doctor.finding import Figures, Finding, found
from connectors.doctor.known import Known
from connectors.doctor.visit import Exchange
from connectors.oai_bytes import charset_of, within_root
from connectors.oai_dates import FORMS, instant_of
from schemas.encodings import detect

NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"
XML_TYPES = ("text/xml", "application/xml", "application/oai-pmh+xml")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)[\"']")
UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")
AHEAD, BEHIND = timedelta(minutes=15), timedelta(minutes=15)
SLOW_HOURS, SLOW_SECONDS = 6, 10
LARGE = 2_000  # bytes from which compression is worth it


def errors(known: Known) -> Iterator[Finding]:
    """Wrong requests get the errors of the protocol (section 3.6), with the status 200 (section 3.1.2)."""
    asked = [(wanted, known.visit.ask(arguments)) for wanted, arguments in _cases(known)]
    if known.bogus is not None and known.bogus.find("ListRecords") is None:
        asked.append((("badResumptionToken",), known.bogus))
    wrong: list[str] = []
    statuses: list[Exchange] = []
    first: Exchange | None = None
    for wanted, exchange in asked:
        if exchange.outcome not in wanted:
            wrong.append(f"{_in_short(exchange)}: {wanted[0]} → {exchange.outcome}")
            first = first or exchange
        elif exchange.status != 200:
            statuses.append(exchange)
    if first is not None:
        yield found("errors_wrong", first.evidence, cases="; ".join(wrong), count=len(wrong))
    else:
        yield found("errors_good")
    if statuses:
        codes = ", ".join(sorted({str(exchange.status) for exchange in statuses}))
        yield found("error_status", statuses[0].evidence, status=codes)


def _in_short(exchange: Exchange) -> str:
    """A request without what all of them have."""
    return urlencode({name: value for name, value in exchange.arguments.items() if name != "metadataPrefix"})


def _cases(known: Known) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    """The errors that are right, and a request for them."""
    yield ("badVerb",), {"verb": "NoSuchVerb"}
    yield ("badArgument",), {"verb": "ListRecords"}
    yield ("badArgument",), {"verb": "Identify", "extra": "1"}
    yield ("cannotDisseminateFormat",), {"verb": "ListRecords", "metadataPrefix": "no_such_format"}
    unknown = {"verb": "GetRecord", "metadataPrefix": known.prefix, "identifier": "oai:lienthong.invalid:none"}
    yield ("idDoesNotExist",), unknown
    yield ("badArgument",), known.listing(since="2026-99-99")
    backwards = ("2020-01-02", "2020-01-01")
    yield ("badArgument", "noRecordsMatch"), known.listing(since=backwards[0], until=backwards[1])


def future(known: Known) -> Iterator[Finding]:
    """Nothing can have changed after tomorrow."""
    later = (known.now or datetime.now(UTC)) + timedelta(days=2)
    since = later.strftime(FORMS[known.granularity])
    exchange = known.visit.ask(known.listing(since=since))
    listed = exchange.find("ListRecords")
    stamps = (
        [(e.text or "").strip() for e in listed.iterfind("{*}record/{*}header/{*}datestamp")] if _is(listed) else []
    )
    if stamps:
        code = "from_ignored" if min(stamps) < since else "future_records"
        facts = {"since": since, "seen": min(stamps)} if code == "from_ignored" else {"datestamp": min(stamps)}
        yield found(code, exchange.evidence, **facts)


def _is(element: object) -> bool:
    return element is not None


def post(known: Known) -> Iterator[Finding]:
    """The same by POST (section 3.1.1.2)."""
    exchange = known.visit.ask({"verb": "Identify"}, post=True)
    if exchange.find("Identify") is not None:
        yield found("post_good")
    else:
        yield found("no_post", exchange.evidence, got=exchange.outcome)


def clock(known: Known) -> Iterator[Finding]:
    """The server's time is where the next harvest starts: ahead of the truth it skips changes."""
    exchange = known.identify
    if exchange is None or exchange.root is None:
        return
    element = exchange.find("responseDate")
    written = (element.text or "").strip() if element is not None else ""
    instant = instant_of(written)
    if instant is None or not written.endswith(("Z", "z")):
        yield found("response_date", exchange.evidence, written=written or "–")
    if instant is None:
        return
    ahead = instant - datetime.now(UTC)
    minutes = int(abs(ahead).total_seconds() // 60)
    if ahead > AHEAD:
        yield found("clock_ahead", exchange.evidence, written=written, minutes=minutes)
    elif -ahead > BEHIND:
        yield found("clock_behind", exchange.evidence, written=written, minutes=minutes)
    else:
        yield found("clock_good")


def transfer(known: Known) -> Iterator[Finding]:
    """How the answers were packed and labelled, and whether their XML is as it must be."""
    read = [exchange for exchange in known.visit.exchanges if exchange.root is not None]
    for exchange in known.visit.passed[:1]:
        yield found("gzip_cut" if exchange.cut_packed else "flaky", exchange.evidence, exchange.problem)
    large = [exchange for exchange in read if len(exchange.body) > LARGE]
    if any(exchange.packed for exchange in large):
        yield found("gzip_good")
    elif large and known.visit.packed:
        yield found("no_gzip", large[0].evidence)
    judges = (_type, _charset, _declaration, _other_bytes, _namespace, _mark, _printed)
    wrong = [finding for examine in judges for finding in examine(read)]
    yield from wrong
    if read and not wrong:
        yield found("xml_good")


def _type(read: list[Exchange]) -> Iterator[Finding]:
    for exchange in read:
        written = exchange.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if written not in XML_TYPES:
            yield found("content_type", exchange.evidence, written=written or "–")
            return


def _charset(read: list[Exchange]) -> Iterator[Finding]:
    """The charset of HTTP says what the bytes are (RFC 7303 section 3)."""
    for exchange in read:
        said = CHARSET.search(exchange.headers.get("Content-Type", ""))
        if said and said[1].lower() not in UTF8 and not exchange.body.isascii() and _is_utf8(exchange.body):
            yield found("charset", exchange.evidence, written=said[1])
            return


def _declaration(read: list[Exchange]) -> Iterator[Finding]:
    """OAI-PMH answers are UTF-8 (section 3.2)."""
    for exchange in read:
        said = DECLARED.search(exchange.body)
        written = "UTF-16" if b"\0" in exchange.body[:4] else said[1].decode() if said else "UTF-8"
        if written.lower() not in UTF8:
            yield found("declared_encoding", exchange.evidence, written=written)
            return


def _other_bytes(read: list[Exchange]) -> Iterator[Finding]:
    """What is called UTF-8, or nothing, must be UTF-8."""
    for exchange in read:
        said = DECLARED.search(exchange.body)
        called = charset_of(exchange.headers) or (said[1].decode().lower() if said else "utf-8")
        if called in UTF8 and b"\0" not in exchange.body[:4] and not _is_utf8(exchange.body):
            yield found("other_bytes", exchange.evidence, seen=detect([exchange.body])[0])
            return


def _printed(read: list[Exchange]) -> Iterator[Finding]:
    """Nothing stands before the XML declaration (XML 1.0, section 2.8), and nothing but comments after the root."""
    for exchange in read:
        body = exchange.body.removeprefix(b"\xef\xbb\xbf")
        if b"\0" not in body[:4] and (not body.startswith(b"<") or within_root(body) not in (body, body.rstrip())):
            yield found("printed_around", exchange.evidence)
            return


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _namespace(read: list[Exchange]) -> Iterator[Finding]:
    for exchange in read:
        if not str(exchange.root.tag).startswith(NAMESPACE):
            yield found("namespace", exchange.evidence)
            return


def _mark(read: list[Exchange]) -> Iterator[Finding]:
    for exchange in read:
        if exchange.body.startswith(b"\xef\xbb\xbf"):
            yield found("byte_order_mark", exchange.evidence)
            return


def speed(known: Known, complete: Mapping[str, int]) -> tuple[Figures, list[Finding]]:
    """What was measured, and whether a whole harvest ends in a night."""
    times = [exchange.seconds for exchange in known.visit.exchanges if exchange.seconds]
    pages = [leaf for leaf in known.leaves if leaf.exchange.seconds and leaf.page.records]
    count, seconds = sum(len(leaf.page.records) for leaf in pages), sum(leaf.exchange.seconds for leaf in pages)
    announced = known.leaves[0].page.announced if known.leaves else None
    rate = count / seconds if seconds else None
    hours = announced / rate / 3600 if announced and rate else None
    figures = Figures(
        requests=known.visit.asked,
        milliseconds=round(1000 * median(times)) if times else 0,
        sample=len(known.records),
        page=len(known.leaves[0].page.records) if known.leaves else None,
        announced=announced,
        per_second=round(rate) if rate else None,
        minutes=round(hours * 60) if hours is not None else None,
        prefix=known.prefix,
        format=known.form.name if known.form else "",
        complete=dict(complete),
    )
    if (hours or 0) > SLOW_HOURS or (times and median(times) > SLOW_SECONDS):
        slow = {"milliseconds": figures.milliseconds, "hours": round(hours or 0)}
        return figures, [found("slow", pages[0].exchange.evidence if pages else None, **slow)]
    return figures, [found("speed_good", None, milliseconds=figures.milliseconds)] if pages else []
