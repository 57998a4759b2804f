"""For search engines and browsers: sitemaps, robots.txt, OpenSearch, and a search box for other sites.

https://www.sitemaps.org/protocol.html, https://github.com/dewitt/opensearch. A sitemap holds the records from one
number on, so it stays the same while the catalog grows behind it.
"""

from __future__ import annotations

from functools import lru_cache
from xml.sax.saxutils import escape

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import bulk
from hub.catalog.models import Union
from hub.catalog.reads import totals, union_uid

MOST = 50_000  # addresses of one sitemap
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
CLOSED = ("/tim?", "/tim/", "/r/*/tep/", "/api/", "/oai", "/sru", "/dang-nhap", "/*?lang=")


def _base() -> str:
    return settings.BASE_URL.rstrip("/")


@anyone
@require_safe
def sitemaps(request: HttpRequest) -> HttpResponse:
    """The sitemaps there are."""
    starts = _starts(str(connection.settings_dict["NAME"]), str(totals().updated))
    rows = (f"<sitemap><loc>{_base()}{reverse('sitemap', args=[start])}</loc></sitemap>" for start in starts)
    return _xml(f'<sitemapindex xmlns="{NAMESPACE}">{"".join(rows)}</sitemapindex>')


@lru_cache(maxsize=2)
def _starts(database: str, updated: str) -> list[int]:
    """The first number of each sitemap; looked for once after a change."""
    starts = [0]
    sql = f"SELECT id FROM {bulk.table(Union)} WHERE NOT deleted AND id >= %s ORDER BY id LIMIT 1 OFFSET {MOST}"
    while rows := bulk.query(sql, [starts[-1]]):
        starts.append(rows[0][0])
    return starts


@anyone
@require_safe
def sitemap(request: HttpRequest, start: int) -> HttpResponse:
    """The addresses of the records from a number on."""
    if start >= 2**63:
        raise Http404
    sql = f"SELECT id, datestamp FROM {bulk.table(Union)} WHERE NOT deleted AND id >= %s ORDER BY id LIMIT {MOST}"
    place = escape(_base() + reverse("record", args=["-"])).removesuffix("-")
    rows = (
        f"<url><loc>{place}{union_uid(number)}</loc><lastmod>{str(at)[:10]}</lastmod></url>"
        for number, at in bulk.query(sql, [start])
    )
    return _xml(f'<urlset xmlns="{NAMESPACE}">{"".join(rows)}</urlset>')


def _xml(text: str, media: str = "application/xml") -> HttpResponse:
    return HttpResponse(HEAD + text, content_type=f"{media}; charset=utf-8")


@anyone
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: the records, not every way of filtering them."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {_base()}{reverse('sitemaps')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@anyone
@require_safe
def open_search(request: HttpRequest) -> HttpResponse:
    """The description by which a browser offers the catalog as a search engine."""
    results = escape(f"{_base()}{reverse('results')}?q={{searchTerms}}")
    feed = escape(f"{_base()}{reverse('opds-books-1')}?query={{searchTerms}}")
    name, about = escape("Liên thông"), escape(_("Union catalog of the libraries of Hải Phòng"))
    return _xml(
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{name}</ShortName><Description>{about}</Description><InputEncoding>UTF-8</InputEncoding>"
        f'<Url type="text/html" template="{results}"/>'
        f'<Url type="application/atom+xml;profile=opds-catalog;kind=acquisition" template="{feed}"/>'
        "</OpenSearchDescription>",
        "application/opensearchdescription+xml",
    )


@anyone
@require_safe
def box(request: HttpRequest) -> HttpResponse:
    """A search box to be put into another site: a form in plain HTML, nothing is loaded from here."""
    return render(request, "box.html", {"action": _base() + reverse("results"), "site": _base()})
