"""A kept file, for who may read it: by the level of its publication, its embargo, the reading rooms.

``LIENTHONG_READING_ROOMS`` lists the networks of reading rooms, divided by commas (``10.20.0.0/16,203.0.113.7``).
A file is given as an attachment, typed by its content, and never shown in a page of the hub:
what is in it cannot act here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import IO
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone, reader_of
from hub.accounts.client import address_of
from hub.accounts.pages import sentence
from hub.accounts.rights import Reader as ReaderOfPage
from hub.accounts.roles import Permission
from hub.deposit import listing
from hub.deposit.access import Reader
from hub.deposit.listing import access_of
from hub.deposit.models import Kept, Publication
from hub.deposit.shelf import open_files, publications_of
from hub.deposit.stores import CHUNK, ERRORS, stores
from hub.network.own_pages import PRIVATE
from schemas.content_type import MEDIA
from schemas.problem import Trouble

OCTETS = "application/octet-stream"
RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
MOST_LISTED = 50_000  # addresses of one list (sitemaps.org)


@anyone
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """The content, as it came; 404 for who may not have it, as for what is not there."""
    sha256, dot, ending = name.partition(".")
    kept = Kept.objects.filter(sha256=sha256).first()
    if kept is None or (dot and ending != kept.format) or not may_read(request, kept):
        raise Http404
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]), kept.size - 1) if asked and asked[2] else kept.size - 1
    if asked and (first > last or first >= kept.size):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.size}"})
    try:
        stream = _opened(kept)
    except Trouble as trouble:
        return HttpResponse(sentence(trouble) + "\n", "text/plain; charset=utf-8", 503)
    kind = MEDIA.get(kept.format, OCTETS)
    response = StreamingHttpResponse(_part(stream, first, last), content_type=kind, status=206 if asked else 200)
    if asked:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{kept.size}"
    shown = kept.name if "." in kept.name else f"{kept.name}{dot}{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(shown, safe='')}"
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE
    response.headers["ETag"] = f'"{kept.sha256}"'
    return response  # type: ignore[return-value]  # Django's types know no common name of the two


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def may_read(request: HttpRequest, kept: Kept) -> bool:
    """Whether who asks may have a file now: as any of the publications that it is of allows."""
    who = reader_of(request)
    if who.is_authenticated and who.may(Permission.DEPOSIT_MANAGE):
        return True
    day, in_room = timezone.localdate(), in_reading_room(request)
    return any(
        one.content == "open" and access_of(one).may_read(_kind(who, one), day, in_room=in_room)
        for one in publications_of(kept)
    )


def _kind(who: ReaderOfPage, publication: Publication) -> Reader:
    if not who.is_authenticated:
        return Reader.ANYBODY
    if who.may(Permission.DEPOSIT_DECLARE, publication.publisher_id):
        return Reader.PUBLISHER
    return Reader.STAFF if who.may(Permission.LIBRARY_SEE) else Reader.ANYBODY


def in_reading_room(request: HttpRequest) -> bool:
    """Whether the request comes from a network of a reading room; where the setting is wrong nothing is one."""
    address = address_of(request)
    try:
        return address is not None and any(address in network for network in reading_rooms())
    except Trouble:
        return False


def reading_rooms() -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of LIENTHONG_READING_ROOMS; :class:`Trouble` ``reading_rooms`` for what is none."""
    return _networks(os.environ.get("LIENTHONG_READING_ROOMS", ""))


@lru_cache(maxsize=4)
def _networks(said: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in said.split(",") if part.strip())
    except ValueError:
        raise Trouble("reading_rooms", value=said[:100]) from None


def _opened(kept: Kept) -> IO[bytes]:
    """The content in the first store that has it; :class:`Trouble` ``keep_gone``."""
    for store in stores():
        try:
            return store.open(kept.sha256)
        except ERRORS:
            continue
    raise Trouble("keep_gone", name=kept.name)


def _part(stream: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    """A stream from one byte to another."""
    with stream:
        stream.seek(first)
        left = last - first + 1
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


@anyone
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What everybody may read, as a ResourceSync resource list (ANSI/NISO Z39.99-2017, 10) for who copies it all."""
    now = timezone.now()
    rows = open_files(timezone.localdate(now)).filter(format__in=MEDIA)[:MOST_LISTED]
    urls = "".join(
        f"<url><loc>{escape(listing.address_of(one))}</loc><lastmod>{_utc(one.at)}</lastmod>"
        f'<rs:md hash="sha-256:{one.sha256}" length="{one.size}" type={quoteattr(MEDIA[one.format])}/></url>'
        for one in rows
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:rs="http://www.openarchives.org/rs/terms/"><rs:md capability="resourcelist" at="{_utc(now)}"/>'
    )
    return HttpResponse(f"{head}{urls}</urlset>\n", content_type="application/xml; charset=utf-8")
