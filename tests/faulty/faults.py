"""What goes wrong on servers: each fault with the rule it is met by."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from schemas.encodings import encode
from tests.faulty.exchange import Asked, Fault, Leaf, Reply, Version, Way

HTML = "<!DOCTYPE html><html><head><title>Bảo trì</title></head><body>Xin quay lại sau.</body></html>".encode()
HUGE = 11 * 2**20
EMPTY = 25  # pages
SPOILED = 20  # one record of so many
TITLE = re.compile(rb'(<subfield code="a">|<dc:title>)')

Change = Callable[[Asked, Reply], Reply]


def is_spoiled(number: int) -> bool:
    """Whether faults that break single records break this one."""
    return number % SPOILED == 7


# Transport


def _cut(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) * 2 // 3])


def _cut_gzip(asked: Asked, reply: Reply) -> Reply:
    if not asked.packed:
        return reply
    packed = gzip.compress(reply.body)
    headers = reply.headers | {"Content-Encoding": "gzip"}
    return replace(reply, body=packed[: len(packed) // 2], headers=headers, pack=False)


def _mislabelled(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, headers=reply.headers | {"Content-Encoding": "gzip"}, pack=False)


def _instead(body: bytes, kind: str, status: int = 200, **headers: str) -> Change:
    """Another document in the place of the answer."""
    given = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked, reply: Reply(body, status, dict(given))


def _busy(status: int, seconds: int) -> Change:
    return lambda asked, reply: Reply(b"", status, {"Retry-After": str(seconds)}, wait=seconds)


def _busy_until(status: int) -> Change:
    def change(asked: Asked, reply: Reply) -> Reply:
        now = datetime.now(UTC)
        until = now.replace(microsecond=0) + timedelta(seconds=1)
        headers = {"Retry-After": format_datetime(until, usegmt=True)}
        return Reply(b"", status, headers, wait=max(0.0, (until - now).total_seconds() - 0.01))

    return change


def _leaving(way: Way) -> Change:
    return lambda asked, reply: replace(reply, way=way, pack=False)


def _page_fails(asked: Asked, reply: Reply) -> Reply:
    """Every list of records fails where one of them is on the page; by itself it can be had."""
    return (
        replace(reply, body=b"", status=500)
        if re.search(rb"[:\s]7(?: &amp;[^<]*)?</[\w:]*identifier>", reply.body)
        else reply
    )


def _redirected(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, status=302, headers=reply.headers | {"Location": "/elsewhere"})


# Lists


def _is_list(asked: Asked) -> bool:
    return asked.is_list


def _is_continued(asked: Asked) -> bool:
    return asked.is_list and "resumptionToken" in asked.arguments


def _is_dated(asked: Asked) -> bool:
    return asked.is_list and any(len(asked.arguments.get(name, "")) > 10 for name in ("from", "until"))


def _is_list_of_records(asked: Asked) -> bool:
    return asked.verb == "ListRecords"


def _is_later_page_of_records(asked: Asked) -> bool:
    return _is_list_of_records(asked) and _is_continued(asked)


def _is_list_of_identifiers(asked: Asked) -> bool:
    return asked.verb == "ListIdentifiers"


def _refused(code: str) -> Callable[[Asked, Leaf], Leaf]:
    return lambda asked, leaf: replace(leaf, refused=code)


def _same_token(asked: Asked, leaf: Leaf) -> Leaf:
    return replace(leaf, onward=leaf.place) if leaf.onward else leaf


def _cycle(asked: Asked, leaf: Leaf) -> Leaf:
    """The third page's token leads back to the second page."""
    if leaf.place["page"] != 3 or not leaf.onward:
        return leaf
    return replace(leaf, onward=leaf.place | {"page": 2, "after": leaf.place["before"], "before": ["", ""]})


def _endless(asked: Asked, leaf: Leaf) -> Leaf:
    """After the end of a list ever new tokens, and the last records again."""
    if leaf.onward or not leaf.items:
        return leaf
    return replace(leaf, onward=leaf.place | {"turn": leaf.place.get("turn", 0) + 1})


def _empty_page(asked: Asked, leaf: Leaf) -> Leaf:
    """An empty page whose token gives what should have been here."""
    if leaf.place.get("emptied"):
        return leaf
    return replace(leaf, items=[], onward=leaf.place | {"emptied": True})


def _ends_early(asked: Asked, leaf: Leaf) -> Leaf:
    return replace(leaf, onward=None)


def _empty_pages(asked: Asked, leaf: Leaf) -> Leaf:
    """After the first page many empty ones, as where records may not be shown."""
    passed = leaf.place.get("passed", 0)
    if leaf.place["page"] != 2 or passed >= EMPTY:
        return leaf
    return replace(leaf, items=[], onward=leaf.place | {"passed": passed + 1})


def _leads_to_itself(asked: Asked, leaf: Leaf) -> Leaf:
    """The last page has a token too, which gives it again, for ever."""
    return leaf if leaf.onward or not leaf.items else replace(leaf, onward=leaf.place | {"again": True})


def _size_of_page(asked: Asked, leaf: Leaf) -> Leaf:
    """completeListSize is how many records the page has; and the third page's token leads back to the second."""
    return replace(_cycle(asked, leaf), size=len(leaf.items))


def _long_token(asked: Asked, leaf: Leaf) -> Leaf:
    return replace(leaf, token="x" * 70_000) if leaf.onward else leaf


def _no_records_at_the_end(asked: Asked, leaf: Leaf) -> Leaf:
    """A token on the last page too; it leads to noRecordsMatch."""
    if leaf.place.get("ended"):
        return replace(leaf, refused="noRecordsMatch")
    return leaf if leaf.onward or not leaf.items else replace(leaf, onward=leaf.place | {"ended": True})


def _all_deleted(asked: Asked, items: dict[str, Version]) -> dict[str, Version]:
    stamp = asked.now.replace(minute=59, second=59)  # the same on each page
    return {name: replace(version, deleted=True, datestamp=stamp) for name, version in items.items()}


def _half(asked: Asked, items: dict[str, Version]) -> dict[str, Version]:
    return dict(list(items.items())[: len(items) // 2])


# Content


def _spoil(by: bytes) -> Callable[[int, bytes], bytes]:
    """Put something into the title of every so manieth record."""

    def change(number: int, written: bytes) -> bytes:
        return TITLE.sub(lambda found: found[1] + by, written, count=1) if is_spoiled(number) else written

    return change


def _recoded(asked: Asked, reply: Reply) -> Reply:
    """Everything in an encoding of Windows, declared as UTF-8."""
    return replace(reply, body=encode(reply.body.decode(), "cp1258"))


def _wide(asked: Asked, reply: Reply) -> Reply:
    """UTF-16, and declared so."""
    return replace(reply, body=reply.body.decode().replace('"UTF-8"', '"UTF-16"', 1).encode("utf-16"))


def _printed(asked: Asked, reply: Reply) -> Reply:
    """What a script prints around its answer."""
    return replace(reply, body=b"\n<br />\n<b>Notice</b>: x\n" + reply.body + b"<br />\n<b>Warning</b>: y\n")


def _declared(name: bytes) -> Change:
    return lambda asked, reply: replace(reply, body=reply.body.replace(b'"UTF-8"', b'"' + name + b'"', 1))


def _charset(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, headers={"Content-Type": "text/xml; charset=ISO-8859-1"})


def _unpacked(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, pack=False)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("xml_cut", "T1", "fails", _is_list, reply=_cut),
        Fault("gzip_cut", "T2", "read", reply=_cut_gzip),
        Fault("html", "T3", "fails", reply=_instead(HTML, "text/html")),
        Fault("html_as_xml", "T3", "fails", reply=_instead(HTML, "text/xml")),
        Fault("empty", "T4", "fails", reply=_instead(b"", "text/xml")),
        Fault("busy_seconds", "T5", "fails", reply=_busy(503, 1)),
        Fault("busy_date", "T6", "fails", reply=_busy_until(503)),
        Fault("too_many_requests", "T6", "fails", reply=_busy(429, 1)),
        Fault("failing", "T7", "fails", reply=_instead(b"<html>500</html>", "text/html", 500)),
        Fault("page_fails", "T7", "read", _is_list_of_records, reply=_page_fails),
        Fault("bad_gateway_with_answer", "T7", "fails", reply=lambda asked, reply: replace(reply, status=502)),
        Fault("reset", "T8", "fails", reply=_leaving(Way.RESET)),
        Fault("short_body", "T8", "fails", reply=_leaving(Way.SHORT)),
        Fault("stall", "T8", "fails", reply=_leaving(Way.STALL)),
        Fault("drip", "T8", "fails", reply=_leaving(Way.DRIP)),
        Fault("redirect", "T9", "read", reply=_redirected),
        Fault("content_encoding_lie", "T2", "fails", reply=_mislabelled),
        Fault("token_expires", "P1", "read", _is_continued, leaf=_refused("badResumptionToken")),
        Fault("token_repeats", "P2", "read", _is_continued, leaf=_same_token),
        Fault("token_cycle", "P2", "read", _is_list, leaf=_cycle),
        Fault("token_endless", "P2", "read", _is_list, leaf=_endless),
        Fault("token_too_long", "P6", "read", _is_list, leaf=_long_token),
        Fault("empty_page", "P3", "read", _is_continued, leaf=_empty_page),
        Fault("empty_pages", "P3", "read", _is_continued, leaf=_empty_pages),
        Fault("token_to_itself", "P2", "read", _is_list, leaf=_leads_to_itself),
        Fault("size_of_page", "P4", "read", _is_list, leaf=_size_of_page),
        Fault("list_ends_early", "P4", "read", _is_later_page_of_records, leaf=_ends_early),
        Fault("first_page_is_all", "P4", "swept", _is_list_of_records, leaf=_ends_early),
        Fault("unknown_error", "P5", "fails", _is_list, leaf=_refused("InternalException")),
        Fault("seconds_refused", "P11", "read", _is_dated, leaf=_refused("badArgument")),
        Fault("no_records_at_the_end", "P3", "read", _is_list, leaf=_no_records_at_the_end),
        Fault("control_character", "C1", "quarantine", record=_spoil(b"\x0b")),
        Fault("bare_ampersand", "C1", "quarantine", record=_spoil(b"Cha & con ")),
        Fault("unknown_entity", "C1", "quarantine", record=_spoil(b"&nbsp;")),
        Fault("stray_byte", "C1", "quarantine", record=_spoil(b"caf\xe9 ")),
        Fault("unclosed_element", "C1", "quarantine", record=_spoil(b"<b>")),
        Fault("declared_latin1", "C2", "read", reply=_declared(b"ISO-8859-1")),
        Fault("charset_latin1", "C2", "read", reply=_charset),
        Fault("not_as_declared", "C2", "read", reply=_recoded),
        Fault("utf16", "C2", "read", reply=_wide),
        Fault("printed_around", "C1", "read", reply=_printed),
        Fault("huge_record", "C6", "quarantine", record=_spoil("Truyện dài ".encode() * (HUGE // 14)), reply=_unpacked),
        Fault("all_deleted", "D3", "held", items=_all_deleted),
        Fault("half_listed", "D2", "held", _is_list, items=_half),
        Fault("half_swept", "D2", "read", _is_list_of_identifiers, items=_half),
    )
}
