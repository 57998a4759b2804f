"""The union catalog as an SRU server, 1.1, 1.2 and 2.0: explain, searchRetrieve and scan in one address.

Whatever is wrong with a request is a diagnostic with the status 200, as the standard has it. Result sets are not kept:
every request searches anew, and says so by naming none.
"""

from __future__ import annotations

import logging

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.accounts.access import anyone
from hub.network.shown import hidden
from hub.provide import sru_answers as answers
from hub.provide.cql import Cql, Name, parse
from hub.provide.cql_indexes import INDEXES, find_index
from hub.provide.cql_scan import scan
from hub.provide.cql_sort import Way, sort_keys, ways_of
from hub.provide.cql_words import ANY, ONE
from hub.provide.sru_diagnostics import Diagnostic
from hub.provide.sru_explain import explain
from hub.provide.sru_records import entries, schema_of
from hub.provide.sru_request import (
    EXPLAIN,
    MOST_ASKED,
    MOST_RECORDS,
    MOST_TERMS,
    SCAN,
    SEARCH,
    Request,
    checked,
    guessed,
)
from hub.provide.sru_search import find

RECORDS, TERMS, FACET_VALUES = 10, 20, 10  # given when nothing else is asked for
MOST_FACET_VALUES = 100
logger = logging.getLogger(__name__)


@anyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def server(request: HttpRequest) -> HttpResponse:
    """Answer one request."""
    try:
        parameters = request.POST if request.method == "POST" else request.GET
        given = {name: parameters.getlist(name) for name in parameters}
    except SuspiciousOperation:
        given = {}
        body = refused(guessed(given), Diagnostic(6, "too many parameters, or too long"))
    else:
        body = answered(given)
    wanted = given.get("httpAccept", [""])[0] or request.headers.get("Accept", "")
    kind = "application/sru+xml" if "application/sru+xml" in wanted else "text/xml"
    return HttpResponse(body, content_type=f"{kind}; charset=utf-8")


def answered(given: dict[str, list[str]]) -> str:
    """The answer to a request with these parameters."""
    try:
        request = checked(given)
        return OPERATIONS[request.operation](request)
    except Diagnostic as diagnostic:
        return refused(guessed(given), diagnostic)
    except Exception:
        logger.exception("An SRU request that nobody foresaw")
        return refused(guessed(given), Diagnostic(1))


def refused(request: Request, diagnostic: Diagnostic) -> str:
    """An answer that is a diagnostic; explain says what the server is all the same."""
    if request.operation == SEARCH:
        return answers.answer(request, answers.found(request, 0, [], 0, False), [diagnostic])
    if request.operation == SCAN:
        return answers.answer(request, [], [diagnostic])
    return answers.answer(request, [_explained(request, False)], [diagnostic])


def _explained(request: Request, escaped: bool) -> str:
    entry = answers.Entry(answers.ZEEREX, explain(request.version), 0)
    return answers.record_element(request, entry, escaped)


def say_explain(request: Request) -> str:
    """What this server is."""
    return answers.answer(request, [_explained(request, request.is_escaped())])


def search_retrieve(request: Request) -> str:
    """Records that a query finds."""
    start = request.number("startRecord", 1)
    asked = request.number("maximumRecords", RECORDS, least=0)
    if asked > MOST_ASKED:
        raise Diagnostic(6, f"maximumRecords: {MOST_RECORDS} at most are given at once")
    request.number("resultSetTTL", 0, least=0)
    if request.given.get("recordXPath"):
        raise Diagnostic(72)
    schema, escaped = schema_of(request.given.get("recordSchema", "")), request.is_escaped()
    facets = _facets_asked(request)
    query = _query(request)
    fields = {INDEXES[key].facet: count for key, count in facets.items()}
    secret = hidden()
    result = find(query, _ways(request, query), start, min(asked, MOST_RECORDS), fields, secret)
    if start > max(result.total, 1):
        raise Diagnostic(61, str(result.total))
    found = entries(request, result.numbers, start, schema)
    following = start + len(found) if found and start + len(found) <= result.total else 0
    counted = {
        key: (INDEXES[key].title, [row for row in result.facets.get(INDEXES[key].facet, []) if row[0] not in secret])
        for key in facets
    }
    parts = answers.found(request, result.total, found, following, escaped)
    return answers.answer(request, parts, more=answers.faceted(counted))


def _query(request: Request) -> Cql:
    """The query in its language: CQL, or the words of ``searchTerms`` (2.0)."""
    kind = request.given.get("queryType", "") or "cql"
    text = request.given["query"]
    if kind == "cql":
        return parse(text)
    if kind != "searchTerms":
        raise Diagnostic(11, f"{kind[:60]}; there are cql, searchTerms")
    words = text.replace(ANY, " ").replace(ONE, " ")
    for special in '\\"*?^':
        words = words.replace(special, f"\\{special}")
    return parse(f'cql.anywhere all/unmasked "{words}"')


def _ways(request: Request, query: Cql) -> tuple[Way, ...]:
    keys = request.given.get("sortKeys", "")
    if keys and query.sort:
        raise Diagnostic(9, "sortKeys and sortby")
    return sort_keys(keys) if keys else ways_of(query.sort)


def _facets_asked(request: Request) -> dict[str, int]:
    """Index → how many values, from ``facetLimit``: ``10``, or ``10:language,5:library``."""
    text = request.given.get("facetLimit", "")
    asked: dict[str, int] = {}
    every = [key for key, index in INDEXES.items() if index.facet]
    for part in text.split(",") if text else []:
        count, _, name = part.strip().partition(":")
        if not (count.isascii() and count.isdigit() and len(count) < 4 and int(count) <= MOST_FACET_VALUES):
            raise Diagnostic(6, f"facetLimit: a number up to {MOST_FACET_VALUES}, a colon and an index")
        keys = [_facet(name)] if name else every
        asked |= {key: int(count) for key in keys if int(count)}
    return asked


def _facet(text: str) -> str:
    prefix, _, name = text.rpartition(".")
    key, index = find_index(Name(prefix, name))
    if not index.facet:
        raise Diagnostic(16, f"no facets of {text[:60]}")
    return key


def scan_terms(request: Request) -> str:
    """Terms of an index."""
    most = request.number("maximumTerms", TERMS)
    if most > MOST_TERMS:
        raise Diagnostic(121, f"at most {MOST_TERMS}")
    position = request.number("responsePosition", 1, least=0)
    if position > most + 1:
        raise Diagnostic(120, f"at most maximumTerms + 1, here {most + 1}")
    return answers.answer(request, answers.terms(scan(request.given["scanClause"], position, most, hidden())))


OPERATIONS = {SEARCH: search_retrieve, SCAN: scan_terms, EXPLAIN: say_explain}
