"""Dumps as the portal serves them: a list for programs, the files, and ResourceSync (ANSI/NISO Z39.99-2017).

https://www.openarchives.org/rs/1.1/resourcesync: the source description leads to the capability list, that to the
resource list (the files of the latest full dump) and the change list (those of the deltas after it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.provide.dump_files import FILES, MANIFEST, NAME, SUMS, Dump, current, dumps, folder
from hub.provide.oai_text import base_url, element

SITEMAP, RS = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.openarchives.org/rs/terms/"
RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
TYPES = {**dict.fromkeys(FILES, "application/gzip"), MANIFEST: "application/json", SUMS: "text/plain; charset=utf-8"}
CHUNK = 65_536


@anyone
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is, the oldest first: the latest full dump and the deltas after it are what one needs."""
    known = dumps()
    needed = {dump.name for dump in current(known)}
    listed = [
        {
            **{key: value for key, value in dump._asdict().items() if key not in ("since", "until", "refused")},
            "needed": dump.name in needed,
            "files": [{**file, "url": _address(dump, file["name"])} for file in dump.files],
            "sums": _address(dump, SUMS),
        }
        for dump in known
    ]
    more = {"resourcesync": base_url(reverse("resourcesync")), "changes": base_url("/api/v1/changes")}
    return JsonResponse({"dumps": listed, **more}, json_dumps_params={"ensure_ascii": False, "indent": 1})


@anyone
@require_safe
def file(request: HttpRequest, dump: str, name: str) -> HttpResponse:
    """A file of a dump; a part of it where a download goes on."""
    path = folder() / dump / name
    if not NAME.fullmatch(dump) or name not in TYPES or not path.is_file():
        raise Http404
    size = path.stat().st_size
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]), size - 1) if asked and asked[2] else size - 1
    if asked and (first > last or first >= size):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = FileResponse(_part(path, first, last), content_type=TYPES[name], status=206 if asked else 200)
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{dump}"'  # a dump never changes
    if asked:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response  # type: ignore[return-value]  # Django's types know no common name of the two


def _part(path: Path, first: int, last: int) -> Iterator[bytes]:
    stream: BinaryIO
    with path.open("rb") as stream:
        stream.seek(first)
        left = last - first + 1
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _address(dump: Dump, name: str) -> str:
    return base_url(reverse("dump-file", args=[dump.name, name]))


@anyone
@require_safe
def source_description(request: HttpRequest) -> HttpResponse:
    """Where synchronizing begins: ``/.well-known/resourcesync``."""
    return _document("description", [_url(_list("capabilitylist"), "capabilitylist")])


@anyone
@require_safe
def resource_lists(request: HttpRequest, name: str) -> HttpResponse:
    """The capability list, the resource list or the change list."""
    if name not in LISTS:
        raise Http404
    return LISTS[name]()


def _capabilities() -> HttpResponse:
    urls = [_url(_list(name), name) for name in ("resourcelist", "changelist")]
    return _document("capabilitylist", urls, up=base_url(reverse("resourcesync")))


def _resources() -> HttpResponse:
    found = current(dumps())[:1]
    at = _utc(found[0].made_at) if found else _now()
    return _document("resourcelist", [_files(dump) for dump in found], at=at, up=_list("capabilitylist"))


def _changes() -> HttpResponse:
    found = current(dumps())
    since = _utc(found[0].made_at) if found else _now()
    files = [_files(dump, "created") for dump in found[1:]]
    return _document("changelist", files, since=since, up=_list("capabilitylist"))


LISTS = {"capabilitylist": _capabilities, "resourcelist": _resources, "changelist": _changes}


def _document(capability: str, urls: list[str], *, up: str = "", at: str = "", since: str = "") -> HttpResponse:
    said = {"at": at, "from": since, "capability": capability}
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in said.items() if value)
    link = f'<rs:ln rel="up" href={quoteattr(up)}/>' if up else ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}" xmlns:rs="{RS}">'
    body = f"{head}{link}<rs:md{attributes}/>{''.join(urls)}</urlset>\n"
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _url(address: str, capability: str) -> str:
    return f"<url>{element('loc', address)}<rs:md capability={quoteattr(capability)}/></url>"


def _files(dump: Dump, change: str = "") -> str:
    made = _utc(dump.made_at)
    start = f' change="{change}" datetime="{made}"' if change else ""
    return "".join(
        f"<url>{element('loc', _address(dump, file['name']))}<lastmod>{made}</lastmod>"
        f'<rs:md{start} hash="sha-256:{file["sha256"]}" length="{file["bytes"]}" type={quoteattr(file["type"])}/></url>'
        for file in dump.files
    )


def _list(name: str) -> str:
    return base_url(reverse("resource-list", args=[name]))


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> str:
    return _utc(datetime.now(UTC).isoformat())
