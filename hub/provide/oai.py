"""Our OAI-PMH 2.0 repositories (http://www.openarchives.org/OAI/openarchivesprotocol.html): the protocol itself.

Lists are walked by keyset over (time, number), so that nothing is left out or given twice while records change, and the
last page costs what the first does. Deletions are kept for ever, also of what has left a set. What is in a repository
say :mod:`hub.provide.oai_union` (``/oai``) and :mod:`hub.provide.oai_own` (``/oai/CODE``, ``/oai-own``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.accounts.access import anyone
from hub.catalog import selections
from hub.catalog.selections import Row, clock
from hub.provide import oai_page
from hub.provide.oai_formats import FORMATS
from hub.provide.oai_identify import identify
from hub.provide.oai_own import OwnRecords
from hub.provide.oai_text import Refusal, base_url, element, envelope, utc, xml
from hub.provide.oai_token import LIFE, Token, read_token
from hub.provide.oai_union import UnionCatalog
from hub.provide.packing import packed

PAGE = 100
DAY, SECOND = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
LIST = ({"metadataPrefix"}, {"from", "until", "set"})
ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {  # verb: required, optional
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": LIST,
    "ListRecords": LIST,
}


class Repository(Protocol):
    """What the protocol asks of a repository; items are rows of :mod:`hub.catalog.selections`."""

    path: str

    def name(self) -> str: ...
    def sample(self) -> str: ...
    def earliest(self) -> datetime | None: ...
    def sets(self) -> list[tuple[str, str]]: ...
    def selection(self, spec: str) -> int | None: ...
    def find(self, name: str) -> Row | None: ...
    def headers(self, rows: Sequence[Row]) -> list[str]: ...
    def records(self, rows: Sequence[Row], prefix: str) -> list[str]: ...
    def neighbors(self) -> list[str]: ...


@anyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """The union catalog."""
    return _answer(request, UnionCatalog())


@anyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own_records(request: HttpRequest, code: str = "") -> HttpResponse:
    """The records of one library as it sent them, or of all; a library that shows nothing has no such address."""
    repository = OwnRecords(code)
    if code and code not in repository.shown:
        return HttpResponseNotFound("Không có thư viện này, hoặc thư viện không cho xem. · No such library.\n")
    return _answer(request, repository)


def _answer(request: HttpRequest, repository: Repository) -> HttpResponse:
    """Answer one request; protocol errors are answers too (status 200)."""
    shown: Mapping[str, str] = {}
    try:
        given = _given(request)
        arguments = _arguments({name: given.getlist(name) for name in given})
        shown = arguments
        body = VERBS[arguments["verb"]](repository, arguments)
    except Refusal as refusal:
        shown = {} if refusal.code in ("badVerb", "badArgument") else shown
        body = f'<error code="{refusal.code}">{xml(refusal.sentence)}</error>'
    answer = envelope(base_url(repository.path), shown, body).encode()
    response = (
        packed(request, oai_page.page(answer), "text/html; charset=utf-8")
        if oai_page.is_for_people(request)
        else packed(request, answer, "text/xml; charset=utf-8")
    )
    patch_vary_headers(response, ["Accept"])
    return response


def _given(request: HttpRequest) -> QueryDict:
    try:
        return request.POST if request.method == "POST" else request.GET
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError, RawPostDataException):
        raise Refusal("badArgument", "The request's arguments cannot be read.") from None


def _arguments(given: dict[str, list[str]]) -> dict[str, str]:
    """The request's arguments, each once, none missing, none too many."""
    verbs = given.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise Refusal("badVerb", "The verb is missing, repeated or none of: " + ", ".join(ARGUMENTS))
    repeated = [name for name, values in given.items() if len(values) > 1]
    if repeated:
        raise Refusal("badArgument", "Given more than once: " + ", ".join(repeated))
    arguments = {name: values[0] for name, values in given.items()}
    required, optional = ARGUMENTS[verbs[0]]
    names = arguments.keys() - {"verb"}
    if "resumptionToken" in names and (verbs[0].startswith("List") and verbs[0] != "ListMetadataFormats"):
        required, optional = {"resumptionToken"}, set()
    if strange := names - required - optional:
        raise Refusal("badArgument", f"Not allowed with {verbs[0]}: " + ", ".join(sorted(strange)))
    if missing := required - names:
        raise Refusal("badArgument", f"Missing with {verbs[0]}: " + ", ".join(sorted(missing)))
    return arguments


def list_metadata_formats(repository: Repository, arguments: Mapping[str, str]) -> str:
    """The formats; every record can be had in each."""
    if "identifier" in arguments:
        _found(repository, arguments["identifier"])
    rows = (
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{form.schema}</schema>"
        f"<metadataNamespace>{form.namespace}</metadataNamespace></metadataFormat>"
        for prefix, form in FORMATS.items()
    )
    return f"<ListMetadataFormats>{''.join(rows)}</ListMetadataFormats>"


def list_sets(repository: Repository, arguments: Mapping[str, str]) -> str:
    """The sets, all in one page."""
    if "resumptionToken" in arguments:
        raise Refusal("badResumptionToken", "The list of sets is never cut: there are no tokens for it.")
    sets = repository.sets()
    if not sets:
        raise Refusal("noSetHierarchy", "There are no sets here.")
    rows = (f"<set><setSpec>{spec}</setSpec>{element('setName', name)}</set>" for spec, name in sets)
    return f"<ListSets>{''.join(rows)}</ListSets>"


def get_record(repository: Repository, arguments: Mapping[str, str]) -> str:
    """One record, or its deletion."""
    _prefix(arguments["metadataPrefix"])
    row = _found(repository, arguments["identifier"])
    return f"<GetRecord>{repository.records([row], arguments['metadataPrefix'])[0]}</GetRecord>"


def _prefix(prefix: str) -> None:
    if not SPEC.fullmatch(prefix) or ":" in prefix:
        raise Refusal("badArgument", "This cannot be a metadataPrefix.")
    if prefix not in FORMATS:
        raise Refusal("cannotDisseminateFormat", "The formats are: " + ", ".join(FORMATS))


def _found(repository: Repository, name: str) -> Row:
    row = repository.find(name)
    if row is None:
        raise Refusal("idDoesNotExist", "There is no such record here.")
    return row


def list_records(repository: Repository, arguments: Mapping[str, str]) -> str:
    """A page of records, or of headers."""
    verb = arguments["verb"]
    if "resumptionToken" in arguments:
        token = read_token(arguments["resumptionToken"], repository.path, verb)
        if token is None:
            raise Refusal("badResumptionToken", "The token is not ours, too old, or of another list. Start it again.")
    else:
        token = _start(repository, arguments)
    rows = selections.walk(
        _selection(repository, token.spec, "badResumptionToken"),
        after=(token.at, token.item) if token.at >= 0 else None,
        since=token.since if token.since >= 0 else None,
        until=token.until if token.until >= 0 else None,
        limit=PAGE + 1,
    )
    if not rows:
        raise Refusal("noRecordsMatch", "Nothing matches from, until and set.")
    shown = rows[:PAGE]
    texts = repository.headers(shown) if verb == "ListIdentifiers" else repository.records(shown, token.prefix)
    return f"<{verb}>{''.join(texts)}{_resumption(token, rows)}</{verb}>"


def _selection(repository: Repository, spec: str, error: str) -> int | None:
    """The list that is walked; a set that is not, or no longer, to be had is refused."""
    try:
        return repository.selection(spec)
    except LookupError:
        raise Refusal(error, "There is no such set, or nothing in it.") from None


def _start(repository: Repository, arguments: Mapping[str, str]) -> Token:
    """The token of a list's first page."""
    _prefix(arguments["metadataPrefix"])
    since, until = _period(arguments.get("from", ""), arguments.get("until", ""))
    spec = arguments.get("set", "")
    if "set" in arguments and not SPEC.fullmatch(spec):
        raise Refusal("badArgument", "This cannot be a set.")
    selection = _selection(repository, spec, "noRecordsMatch")
    start, end = (max(clock(value), 0) if value else -1 for value in (since, until))
    total = _total(selection, start, end)
    return Token(repository.path, arguments["verb"], arguments["metadataPrefix"], spec, start, end, total=total)


def _total(selection: int | None, since: int, until: int) -> int:
    """How many items a list has; counted once for each change of it."""
    newest = selections.newest(selection)
    return _counted(str(connection.settings_dict["NAME"]), newest, selection, since, until)


@lru_cache(maxsize=512)
def _counted(database: str, newest: int, selection: int | None, since: int, until: int) -> int:
    bounds = (bound if bound >= 0 else None for bound in (since, until))
    return selections.count(selection, **dict(zip(("since", "until"), bounds, strict=True)))


def _period(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """``from`` and ``until`` as moments, the second one no longer belonging to the period."""
    if since and until and len(since) != len(until):
        raise Refusal("badArgument", "from and until must have the same granularity.")
    start, end = _moment(since), _moment(until)
    if start and end and start > end:
        raise Refusal("badArgument", "from must not be later than until.")
    step = timedelta(days=1) if DAY.fullmatch(until) else timedelta(seconds=1)
    try:
        return start, end + step if end else None
    except OverflowError:
        return start, None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    if not (DAY.fullmatch(text) or SECOND.fullmatch(text)):
        raise Refusal("badArgument", "Dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    try:
        return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z").astimezone(UTC)
    except ValueError:
        raise Refusal("badArgument", "There is no such date.") from None


def _resumption(token: Token, rows: Sequence[Row]) -> str:
    """The token for what follows this page; an empty one ends a list that was cut, a short list has none."""
    counts = f'completeListSize="{max(token.total, token.given + len(rows))}" cursor="{token.given}"'
    if len(rows) <= PAGE:
        return f"<resumptionToken {counts}/>" if token.given else ""
    last = rows[PAGE - 1]
    following = replace(token, at=last.at, item=last.item, given=token.given + PAGE)
    expires = utc(timezone.now() + LIFE)
    return f'<resumptionToken expirationDate="{expires}" {counts}>{following.sign()}</resumptionToken>'


VERBS: dict[str, Callable[[Repository, Mapping[str, str]], str]] = {
    "Identify": lambda repository, arguments: identify(repository),
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
}
