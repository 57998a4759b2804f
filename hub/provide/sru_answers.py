"""The XML of SRU answers: each version in its own namespaces and with its own elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hub.provide.cql_scan import Counted
from hub.provide.oai_text import element, xml
from hub.provide.sru_diagnostics import Diagnostic
from hub.provide.sru_request import EXPLAIN, SCAN, SEARCH, Request

SRW, SRW_DIAGNOSTIC = "http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"
OASIS = "http://docs.oasis-open.org/ns/search-ws"
SRU2, SRU2_DIAGNOSTIC = f"{OASIS}/sruResponse", f"{OASIS}/diagnostic"
SRU2_SCAN, SRU2_FACETS = f"{OASIS}/scan", f"{OASIS}/facetedResults"
DIAGNOSTICS_SCHEMA = "info:srw/schema/1/diagnostics-v1.1"
ZEEREX = "http://explain.z3950.org/dtd/2.0/"
NAMES = {SEARCH: "searchRetrieve", SCAN: "scan", EXPLAIN: "explain"}
ECHOED: dict[str, tuple[str, ...]] = {  # in the order of the schemas
    SEARCH: (
        "queryType", "query", "startRecord", "maximumRecords", "recordXMLEscaping", "recordPacking", "recordSchema",
        "resultSetTTL", "sortKeys",
    ),
    SCAN: ("scanClause", "responsePosition", "maximumTerms"),
    EXPLAIN: ("recordXMLEscaping", "recordPacking"),
}  # fmt: skip


class Entry(NamedTuple):
    """A record of an answer: its schema, its XML, its place in the result set, its name."""

    schema: str
    data: str
    place: int
    name: str = ""


def of_2(request: Request) -> bool:
    return request.version == "2.0"


def answer(request: Request, parts: Iterable[str], diagnostics: Iterable[Diagnostic] = (), more: str = "") -> str:
    """A whole answer: ``parts`` before the echo of the request, ``more`` behind the diagnostics."""
    name = NAMES.get(request.operation, "explain")
    space = SRU2 if of_2(request) else SRW
    inside = SRU2_SCAN if of_2(request) and name == SCAN else ""
    version = "" if of_2(request) else element("version", request.version)
    said = "".join(diagnostic_element(request, one) for one in diagnostics)
    body = "".join([*parts, _echo(request, name), f"<diagnostics>{said}</diagnostics>" if said else "", more])
    if inside:  # in 2.0 what stands in a scanResponse is of another namespace than itself
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<sru:scanResponse xmlns:sru="{space}" xmlns="{inside}">'
            f"{body}</sru:scanResponse>\n"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response xmlns="{space}">{version}{body}</{name}Response>\n'


def diagnostic_element(request: Request, diagnostic: Diagnostic) -> str:
    """A diagnostic, in the namespace of its version."""
    space = SRU2_DIAGNOSTIC if of_2(request) else SRW_DIAGNOSTIC
    details = element("details", diagnostic.details[:300]) if diagnostic.details else ""
    said = element("uri", diagnostic.uri) + details + element("message", diagnostic.message)
    return f'<diagnostic xmlns="{space}">{said}</diagnostic>'


def _echo(request: Request, name: str) -> str:
    """The request as it was understood; nothing of one that was not."""
    version = "" if of_2(request) else element("version", request.version)
    given = {known: request.given[known] for known in ECHOED[name] if request.given.get(known)}
    if (name == SEARCH and "query" not in given) or (name == SCAN and "scanClause" not in given):
        return ""
    numbers = ("startRecord", "maximumRecords", "responsePosition", "maximumTerms", "resultSetTTL")
    escaping = {"xml", "string"}
    sound = {
        known: value
        for known, value in given.items()
        if (known not in numbers or (value.isascii() and value.isdigit() and int(value[:19]) > 0))
        and (known != "recordXMLEscaping" or value in escaping)
    }
    body = version + "".join(element(known, value[:5000]) for known, value in sound.items())
    tag = f"echoed{name[:1].upper()}{name[1:]}Request"
    return f"<{tag}>{body}</{tag}>" if body else ""


def record_element(request: Request, entry: Entry, escaped: bool) -> str:
    """A ``record``: its data as XML, or as text."""
    schema, data = element("recordSchema", entry.schema), xml(entry.data) if escaped else entry.data
    how = "string" if escaped else "xml"
    packing = element("recordXMLEscaping" if of_2(request) else "recordPacking", how)
    name = element("recordIdentifier", entry.name) if request.version == "1.2" and entry.name else ""
    place = element("recordPosition", str(entry.place)) if entry.place else ""
    return f"<record>{schema}{packing}<recordData>{data}</recordData>{name}{place}</record>"


def surrogate(request: Request, place: int, diagnostic: Diagnostic) -> Entry:
    """A diagnostic where a record should be."""
    schema = SRU2_DIAGNOSTIC if of_2(request) else DIAGNOSTICS_SCHEMA
    return Entry(schema, diagnostic_element(request, diagnostic), place)


def found(request: Request, total: int, entries: list[Entry], following: int, escaped: bool) -> list[str]:
    """The parts of the answer to searchRetrieve."""
    records = "".join(record_element(request, entry, escaped) for entry in entries)
    return [
        element("numberOfRecords", str(total)),
        f"<records>{records}</records>" if records else "",
        element("nextRecordPosition", str(following)) if following else "",
    ]


def terms(rows: list[Counted]) -> list[str]:
    """The parts of the answer to scan."""
    listed = "".join(
        f"<term>{element('value', term)}{element('numberOfRecords', str(count))}</term>" for term, count in rows
    )
    return [f"<terms>{listed}</terms>" if listed else ""]


def faceted(counts: Mapping[str, tuple[str, list[Counted]]]) -> str:
    """Facets as 2.0 has them: index → its title and the values with their numbers of records."""
    listed = []
    for name, (title, values) in counts.items():
        each = "".join(
            f"<term>{element('actualTerm', value)}{element('query', _query(name, value))}"
            f"{element('count', str(count))}</term>"
            for value, count in values
        )
        head = element("facetDisplayLabel", title) + element("index", name)
        listed += [f"<facet>{head}<terms>{each}</terms></facet>"] if each else []
    if not listed:
        return ""
    source = f'<datasource xmlns="{SRU2_FACETS}"><facets>{"".join(listed)}</facets></datasource>'
    return f"<facetedResults>{source}</facetedResults>"


def _query(name: str, value: str) -> str:
    """The query that finds the records with a value of a facet."""
    if name == "year":
        return f'year within "{value} {int(value) + 9}"'
    return '{} == "{}"'.format(name, value.replace("\\", "\\\\").replace('"', '\\"'))
