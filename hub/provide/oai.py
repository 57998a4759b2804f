"""The union catalog as an OAI-PMH 2.0 repository (http://www.openarchives.org/OAI/openarchivesprotocol.html).

Lists are walked by keyset over (datestamp, number), so that nothing is left out or given twice while records change,
and the last page costs what the first does. Tombstones are kept for ever and belong to every set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.accounts.access import anyone
from hub.catalog import reads
from hub.catalog.models import Union
from hub.provide.oai_token import LIFE, Token, moment, read_token
from schemas.marcxml import to_marcxml
from schemas.oai_dc import to_oai_dc

PAGE = 100
DAY, SECOND = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SET = re.compile(r"library:([A-Za-z0-9\-_.!~*'()]+)")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIST = ({"metadataPrefix"}, {"from", "until", "set"})
ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {  # verb: required, optional
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": LIST,
    "ListRecords": LIST,
}
FORMATS = {
    "oai_dc": (
        to_oai_dc,
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ),
    "marcxml": (
        to_marcxml,
        "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd",
        "http://www.loc.gov/MARC21/slim",
    ),
}
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
    "<responseDate>{date}</responseDate><request{attributes}>{base}</request>{body}</OAI-PMH>\n"
)


class Refusal(Exception):
    """One of the protocol's error codes and a sentence (section 3.6)."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@anyone
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """Answer one request; protocol errors are answers too (status 200)."""
    given = request.POST if request.method == "POST" else request.GET
    shown: Mapping[str, str] = {}
    try:
        arguments = _arguments({name: given.getlist(name) for name in given})
        shown = arguments
        body = VERBS[arguments["verb"]](arguments)
    except Refusal as refusal:
        shown = {} if refusal.code in ("badVerb", "badArgument") else shown
        body = f'<error code="{refusal.code}">{_xml(refusal.sentence)}</error>'
    attributes = "".join(f" {name}={quoteattr(NOT_XML.sub('', value))}" for name, value in shown.items())
    page = ENVELOPE.format(date=_utc(timezone.now()), attributes=attributes, base=_xml(_base()), body=body)
    return HttpResponse(page, content_type="text/xml; charset=utf-8")


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


def _xml(text: str) -> str:
    return escape(NOT_XML.sub("", text))


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _base() -> str:
    """The repository's address, from the configuration: what a request calls this host is not believed."""
    return f"{settings.BASE_URL.rstrip('/')}/oai"


def _identifier(uid: str) -> str:
    return f"oai:{settings.OAI_NAMESPACE}:{uid}"


def identify(arguments: Mapping[str, str]) -> str:
    """Who this repository is."""
    parts = {
        "repositoryName": "Liên thông · Mục lục liên hợp thành phố Hải Phòng",
        "baseURL": _base(),
        "protocolVersion": "2.0",
        "adminEmail": settings.ADMIN_EMAIL,
        "earliestDatestamp": _utc(reads.earliest() or datetime(2020, 1, 1, tzinfo=UTC)),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    return "<Identify>" + "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in parts.items()) + "</Identify>"


def list_metadata_formats(arguments: Mapping[str, str]) -> str:
    """The formats; every record can be had in each."""
    if "identifier" in arguments:
        _found(arguments["identifier"])
    rows = (
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
        for prefix, (_, schema, namespace) in FORMATS.items()
    )
    return f"<ListMetadataFormats>{''.join(rows)}</ListMetadataFormats>"


def list_sets(arguments: Mapping[str, str]) -> str:
    """A set for each library that sends records; all in one page."""
    if "resumptionToken" in arguments:
        raise Refusal("badResumptionToken", "The list of sets is never cut: there are no tokens for it.")
    libraries = [lib for lib in reads.contributing_libraries() if SET.fullmatch(f"library:{lib.code}")]
    if not libraries:
        raise Refusal("noSetHierarchy", "There is no library yet.")
    rows = (
        f"<set><setSpec>library:{lib.code}</setSpec><setName>{_xml(lib.name_vi)}</setName></set>" for lib in libraries
    )
    return f"<ListSets>{''.join(rows)}</ListSets>"


def get_record(arguments: Mapping[str, str]) -> str:
    """One record, or its tombstone."""
    _prefix(arguments["metadataPrefix"])
    content = _found(arguments["identifier"])
    return f"<GetRecord>{_record(content, arguments['metadataPrefix'])}</GetRecord>"


def _prefix(prefix: str) -> None:
    if prefix not in FORMATS:
        raise Refusal("cannotDisseminateFormat", "The formats are: " + ", ".join(FORMATS))


def _found(identifier: str) -> reads.UnionContent:
    start = _identifier("")
    number = reads.union_number(identifier[len(start) :]) if identifier.startswith(start) else None
    content = reads.union_content(number) if number else None
    if content is None:
        raise Refusal("idDoesNotExist", "There is no such record here.")
    return content


def _header(content: reads.UnionContent) -> str:
    sets = (f"<setSpec>library:{code}</setSpec>" for code in content.libraries if SET.fullmatch(f"library:{code}"))
    status = ' status="deleted"' if content.deleted else ""
    name, date = _xml(_identifier(content.uid)), _utc(content.datestamp)
    return f"<header{status}><identifier>{name}</identifier><datestamp>{date}</datestamp>{''.join(sets)}</header>"


def _record(content: reads.UnionContent, prefix: str) -> str:
    if content.deleted:
        return f"<record>{_header(content)}</record>"
    metadata = FORMATS[prefix][0](content.published())
    return f"<record>{_header(content)}<metadata>{metadata}</metadata></record>"


def list_records(arguments: Mapping[str, str]) -> str:
    """A page of records, or of headers."""
    verb = arguments["verb"]
    token = _go_on(arguments["resumptionToken"], verb) if "resumptionToken" in arguments else _start(arguments)
    last = moment(token.datestamp)
    unions = reads.changes(
        after=(last, token.number) if last else None,
        since=moment(token.since),
        until=moment(token.until),
        library=token.library,
        limit=PAGE + 1,
    )
    if not unions:
        raise Refusal("noRecordsMatch", "Nothing matches from, until and set.")
    contents = reads.union_contents(unions[:PAGE])
    rows = [_header(c) if verb == "ListIdentifiers" else _record(c, token.prefix) for c in contents]
    return f"<{verb}>{''.join(rows)}{_resumption(token, unions)}</{verb}>"


def _go_on(text: str, verb: str) -> Token:
    token = read_token(text, verb)
    if token is None:
        raise Refusal("badResumptionToken", "The token is not ours, too old, or of another verb. Start the list again.")
    return token


def _start(arguments: Mapping[str, str]) -> Token:
    """The token of a list's first page."""
    _prefix(arguments["metadataPrefix"])
    since, until = _period(arguments.get("from", ""), arguments.get("until", ""))
    library = ""
    if "set" in arguments:
        found = SET.fullmatch(arguments["set"])
        library = found[1] if found else ""
        if not found:
            raise Refusal("noRecordsMatch", "There is no such set.")
    total = reads.count_changes(since=since, until=until, library=library)
    start, end = (value.isoformat() if value else "" for value in (since, until))
    return Token(arguments["verb"], arguments["metadataPrefix"], library, start, end, total=total)


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
        return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise Refusal("badArgument", "There is no such date.") from None


def _resumption(token: Token, unions: Iterable[Union]) -> str:
    """The token for what follows this page; an empty one ends a list that was cut, a short list has none."""
    unions = list(unions)
    counts = f'completeListSize="{max(token.total, token.given + len(unions))}" cursor="{token.given}"'
    if len(unions) <= PAGE:
        return f"<resumptionToken {counts}/>" if token.given else ""
    last = unions[PAGE - 1]
    following = replace(token, datestamp=last.datestamp.isoformat(), number=last.id, given=token.given + PAGE)
    expires = _utc(timezone.now() + LIFE)
    return f'<resumptionToken expirationDate="{expires}" {counts}>{following.sign()}</resumptionToken>'


VERBS = {
    "Identify": identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
}
