"""ListMetadataFormats and ListSets: which format serves the union catalog best, and what can be asked for apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.doctor.finding import Finding, found
from connectors.doctor.identify import silence
from connectors.doctor.known import Known
from schemas.format import Format, formats

BEST = ("marcxml", "unimarc", "marcjson", "mods", "oai_dc")  # the richest first
NAMESPACES = {
    "http://www.loc.gov/MARC21/slim": "marcxml",
    "info:lc/xmlns/marcxchange-v1": "marcxml",
    "info:lc/xmlns/marcxchange-v2": "marcxml",
    "http://www.loc.gov/mods/v3": "mods",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "oai_dc",
}
WITH_COPIES = ("holding", "item")  # what the prefix of records with their copies has in its name
MARC = ("marcxml", "unimarc", "marcjson")


@dataclass(frozen=True, slots=True)
class Offer:
    """A format a repository offers, and the one of ours that reads it (``""``: none)."""

    prefix: str
    namespace: str
    format: str


def choose(known: Known) -> Iterator[Finding]:
    """Ask ListMetadataFormats and choose what to harvest."""
    exchange = known.visit.ask({"verb": "ListMetadataFormats"})
    listed = exchange.find("ListMetadataFormats")
    offers = [_offer(element) for element in listed.iterfind("{*}metadataFormat")] if listed is not None else []
    if not offers:
        failure = silence(exchange)
        yield found("no_formats", exchange.evidence, failure.problem if failure else None, got=exchange.outcome)
        return
    names = ", ".join(offer.prefix for offer in offers)
    best = min((offer for offer in offers if offer.format), key=_rank, default=None)
    if best is None:
        yield found("no_readable_format", exchange.evidence, names=names)
        return
    known.prefix, known.form = best.prefix, formats()[best.format]
    if best.format in MARC:
        yield found("format_good", exchange.evidence, prefix=best.prefix, names=names)
    else:
        yield found("only_dublin_core", exchange.evidence, prefix=best.prefix, names=names)
    if "oai_dc" not in (offer.prefix for offer in offers):
        yield found("no_dublin_core", exchange.evidence, names=names)


def _offer(element: Any) -> Offer:
    prefix = (element.findtext("{*}metadataPrefix") or "").strip()
    namespace = (element.findtext("{*}metadataNamespace") or "").strip()
    return Offer(prefix, namespace, _format(prefix, namespace))


def _format(prefix: str, namespace: str) -> str:
    """The format that reads what is offered: by its prefix, else by its namespace (some write several)."""
    known: dict[str, Format] = formats()
    for name, form in known.items():
        if prefix.lower() in form.prefixes:
            return name
    return next((NAMESPACES[part] for part in namespace.split() if NAMESPACES.get(part) in known), "")


def _rank(offer: Offer) -> tuple[int, int]:
    copies = any(word in offer.prefix.lower() for word in WITH_COPIES)
    return BEST.index(offer.format) if offer.format in BEST else len(BEST), 0 if copies else 1


def sets(known: Known) -> Iterator[Finding]:
    """Ask ListSets, and for the first set a page of identifiers."""
    exchange = known.visit.ask({"verb": "ListSets"})
    listed = exchange.find("ListSets")
    if listed is None:
        if exchange.outcome == "noSetHierarchy":
            yield found("no_sets")
        else:
            yield found("set_broken", exchange.evidence, name="ListSets", got=exchange.outcome)
        return
    names = [(e.text or "").strip() for e in listed.iterfind("{*}set/{*}setSpec")]
    if not names:
        yield found("no_sets")
        return
    asked = {"verb": "ListIdentifiers", "metadataPrefix": known.prefix, "set": names[0]}
    one = known.visit.ask(asked)
    if one.outcome in ("OK", "noRecordsMatch"):
        yield found("sets_good", None, count=len(names), names=", ".join(names[:5]) + (" …" if len(names) > 5 else ""))
    else:
        yield found("set_broken", one.evidence, name=names[0], got=one.outcome)
