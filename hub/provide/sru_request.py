"""The parameters of SRU requests: 1.1, 1.2 (https://www.loc.gov/standards/sru/sru-1-2.html), 2.0 (OASIS, part 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hub.provide.sru_diagnostics import Diagnostic

VERSIONS = ("1.1", "1.2", "2.0")
MOST_RECORDS, MOST_ASKED, MOST_TERMS = 100, 1000, 100  # given at once; asked for at once; terms of a scan
SEARCH, SCAN, EXPLAIN = "searchRetrieve", "scan", "explain"
COMMON = frozenset(
    {"operation", "version", "stylesheet", "renderedBy", "extraRequestData", "httpAccept", "responseType"}
)
ESCAPING = frozenset({"recordPacking", "recordXMLEscaping"})
PARAMETERS: dict[str, frozenset[str]] = {
    SEARCH: COMMON
    | ESCAPING
    | {
        "query", "queryType", "startRecord", "maximumRecords", "recordSchema", "recordXPath", "resultSetTTL",
        "sortKeys", "facetLimit", "facetStart", "facetSort", "facetRangeField", "facetLowValue", "facetHighValue",
        "facetCount",
    },
    SCAN: COMMON | {"scanClause", "responsePosition", "maximumTerms"},
    EXPLAIN: COMMON | ESCAPING,
}  # fmt: skip
OF_2 = frozenset({"queryType", "recordXMLEscaping", "httpAccept", "responseType", "facetLimit"})
XML_TYPES = ("application/sru+xml", "application/xml", "text/xml", "application/*", "text/*", "*/*")


class Request(NamedTuple):
    """A request understood as far as its operation and version."""

    version: str
    operation: str
    given: Mapping[str, str]

    def number(self, name: str, default: int, least: int = 1) -> int:
        """A parameter that is a number; :class:`Diagnostic` 6 for one that is none or too small."""
        text = self.given.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 18) or int(text) < least:
            raise Diagnostic(6, f"{name}: a number from {least} on")
        return int(text)

    def is_escaped(self) -> bool:
        """Whether records are wanted as text; :class:`Diagnostic` 71 for another way of packing.

        In 2.0 its name is recordXMLEscaping, and recordPacking (packed, unpacked) means something else that makes
        no difference here; what clients of 1.2 say there is understood all the same.
        """
        packing, escaping = self.given.get("recordPacking", ""), self.given.get("recordXMLEscaping", "")
        if packing in ("packed", "unpacked") and self.version == "2.0":
            packing = ""
        for value in (packing, escaping):
            if value not in ("", "xml", "string"):
                raise Diagnostic(71, value[:60])
        return (escaping or packing) == "string"


def guessed(given: Mapping[str, list[str]]) -> Request:
    """What a request is, whatever is wrong with it: so that even a refusal is in the form that was asked for.

    Without a version it is of 2.0, which alone knows no operation, else of 1.2; without an operation, what its query or
    scan clause says, else explain.
    """
    first = {name: values[0].strip() for name, values in given.items() if values}
    operation, version = first.get("operation", ""), first.get("version", "")
    if not operation:
        operation = SEARCH if "query" in first else SCAN if "scanClause" in first else EXPLAIN
    if not version:
        version = "1.2" if "operation" in first else "2.0"
    elif version not in VERSIONS:
        version = "1.2" if version.startswith(("0", "1")) else "2.0"
    return Request(version, operation, first)


def checked(given: Mapping[str, list[str]]) -> Request:
    """A request whose parameters are known and given once; :class:`Diagnostic` 4 to 8 for another one."""
    request = guessed(given)
    version = request.given.get("version", "")
    if version and version not in VERSIONS:
        raise Diagnostic(5, VERSIONS[-1])
    if request.operation not in PARAMETERS:
        raise Diagnostic(4, request.operation)
    for name, values in given.items():
        if name.startswith("x-"):
            continue
        if name not in PARAMETERS[request.operation] or (name in OF_2 and request.version != "2.0"):
            raise Diagnostic(8, name)
        if len(values) > 1:
            raise Diagnostic(6, f"{name}: given more than once")
    if request.given.get("stylesheet"):
        raise Diagnostic(110)
    accepted = request.given.get("httpAccept", "")
    if accepted and not any(kind in accepted for kind in XML_TYPES):
        raise Diagnostic(6, "httpAccept: answers are application/sru+xml")
    for operation, name in ((SEARCH, "query"), (SCAN, "scanClause")):
        if request.operation == operation and not request.given.get(name):
            raise Diagnostic(7, name)
    return request
