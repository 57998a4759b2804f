"""Where a record that came by OAI-PMH was harvested before: the provenance container, read and written.

Guidelines and schema: https://www.openarchives.org/OAI/2.0/guidelines-provenance.htm. Each harvester puts its own
``originDescription`` around the one that it found, so that the innermost names the repository a record was made in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from schemas.problem import Trouble
from schemas.xml import local_name, parse_document

NAMESPACE = "http://www.openarchives.org/OAI/2.0/provenance"
SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")
DEEPEST = 20  # harvests of harvests
MOST = 100  # containers of one record
LONGEST = 2_000  # characters of a value
_MARK = b"originDescription"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Origin(NamedTuple):
    """A repository that gave a record, under its identifier there, and ``before``: where that one had it from."""

    base_url: str
    identifier: str
    datestamp: str
    namespace: str
    harvested: str
    altered: bool = True
    before: Origin | None = None

    def chain(self) -> Iterator[Origin]:
        """This origin and those before it, the last harvest first."""
        here: Origin | None = self
        while here is not None:
            yield here
            here = here.before


def read(body: bytes) -> list[Origin]:
    """The origins that an OAI-PMH ``record`` element names; ``[]`` where it names none, or is no such element."""
    if _MARK not in body:
        return []
    try:
        root = parse_document(body)
    except Trouble:
        return []
    found = []
    for about in root.iter("{*}provenance"):
        found += [origin for child in about if (origin := _origin(child, 0))]
    return found[:MOST]


def _origin(element: Any, depth: int) -> Origin | None:
    if not isinstance(element.tag, str) or local_name(element) != "originDescription" or depth == DEEPEST:
        return None
    said: dict[str, str] = {}
    before = None
    for child in element:
        if isinstance(child.tag, str) and local_name(child) == "originDescription":
            before = _origin(child, depth + 1)
        elif isinstance(child.tag, str):
            said[local_name(child)] = (child.text or "").strip()[:LONGEST]
    if not said.get("identifier"):
        return before
    altered = (element.get("altered") or "").strip() not in ("false", "0")
    return Origin(
        base_url=said.get("baseURL", ""),
        identifier=said["identifier"],
        datestamp=said.get("datestamp", ""),
        namespace=said.get("metadataNamespace", ""),
        harvested=(element.get("harvestDate") or "").strip(),
        altered=altered,
        before=before,
    )


def write(origin: Origin) -> str:
    """The ``provenance`` element of an origin; what has no valid moment has that of the harvest."""
    head = f'<provenance xmlns="{NAMESPACE}" xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
    return f"{head}{_write(origin)}</provenance>"


def _write(origin: Origin) -> str:
    harvested = origin.harvested if MOMENT.fullmatch(origin.harvested) else "1970-01-01T00:00:00Z"
    datestamp = origin.datestamp if MOMENT.fullmatch(origin.datestamp) else harvested
    parts = {
        "baseURL": origin.base_url,
        "identifier": origin.identifier,
        "datestamp": datestamp,
        "metadataNamespace": origin.namespace,
    }
    inner = "".join(f"<{name}>{escape(_NOT_XML.sub('', value))}</{name}>" for name, value in parts.items())
    inner += _write(origin.before) if origin.before else ""
    altered = "true" if origin.altered else "false"
    return f'<originDescription harvestDate="{harvested}" altered="{altered}">{inner}</originDescription>'
