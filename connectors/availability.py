"""Whether a library has a copy on its shelf now, as its own system says: Koha's REST API, OPAC records of SRU, Z39.50.

An honest "not known" is an answer: a system that is down, slow or says nothing of its copies is never shown as having
them, nor as having none. What is asked for is given in an address with ``{id}``, the record's number there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from lxml import etree

from connectors.http import Client
from connectors.server import PartnerOptions
from connectors.z3950_client import Client as SessionClient
from connectors.z3950_client import Target
from connectors.z3950_zoom import Diagnostic
from schemas.problem import Trouble
from schemas.xml import local_name, parse_document

Kind = Literal["koha", "opac", "z3950"]
State = Literal["available", "on_loan", "not_lent", "unknown"]
MOST_BYTES = 2**20
MOST = 500  # copies
NO_WAIT = timedelta()


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as its library's system tells of it now; ``due``: until when it is lent, where that is said."""

    place: str
    call_number: str
    state: State
    due: date | None = None


def ask(kind: Kind, url: str, number: str, *, allow_private: bool, seconds: float) -> list[Copy]:
    """The copies of a record now; :class:`Trouble` for a system that does not answer in so many seconds, or wrongly."""
    if kind == "z3950":
        return _of_z3950(url, number, allow_private, seconds)[:MOST]
    address = url.replace("{id}", quote(number, safe=""))
    with Client(
        allow_private=allow_private, max_bytes=MOST_BYTES, deadline_seconds=seconds, max_wait=NO_WAIT, tries=1
    ) as client:
        answer = client.get(address)
    if answer.status == 404:
        return []
    if answer.status != 200:
        raise Trouble("http_status", url=address, status=answer.status)
    return (of_koha if kind == "koha" else of_opac)(answer.body)[:MOST]


def _of_z3950(url: str, number: str, allow_private: bool, seconds: float) -> list[Copy]:
    """The holdings of the OPAC record with a local number (Bib-1 attribute 12) in ``z3950://host:210/database``."""
    parts = urlsplit(url)
    options = PartnerOptions(
        allow_private=allow_private, deadline=timedelta(seconds=seconds), tries=1, max_bytes=MOST_BYTES
    )
    session = {
        "implementationName": "Lienthong",
        "databaseName": parts.path.strip("/") or "Default",
        "preferredRecordSyntax": "opac",
        "count": "0",
        "piggyback": "0",
    }
    with SessionClient(Target(parts.hostname or "", parts.port or 210, session), options) as client:
        plain = number.replace("\\", "").replace('"', "")
        found = client.present(0, 1) if client.search(f'@attr 1=12 "{plain}"') else []
    if isinstance(found, Diagnostic):
        raise Trouble("availability_wrong", detail=found.message[:60])
    return [copy for one in found if one.body for copy in of_opac(one.body)]


def of_koha(body: bytes) -> list[Copy]:
    """The items of a record as Koha's REST API lists them (``/api/v1/public/biblios/{id}/items``)."""
    try:
        items = json.loads(body)
    except ValueError:
        raise Trouble("availability_wrong", detail=body[:60].decode("utf-8", "replace")) from None
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise Trouble("availability_wrong", detail=str(items)[:60])
    return [_item(one) for one in items if not _said(one, "withdrawn")]


def _item(item: dict[str, Any]) -> Copy:
    place = " ".join(filter(None, (_text(item, "holding_library_id"), _text(item, "location"))))
    due = _day(_text(item, "checked_out_date")) if _text(item, "checked_out_date") else None
    state: State = "available"
    if _said(item, "lost_status") or _said(item, "not_for_loan_status"):
        state = "not_lent"
    elif item.get("checked_out_date") or item.get("checkout"):
        state = "on_loan"
    elif "checked_out_date" not in item and "not_for_loan_status" not in item:
        state = "unknown"
    return Copy(place, _text(item, "callnumber") or _text(item, "call_number"), state, due)


def _said(item: dict[str, Any], name: str) -> bool:
    return item.get(name) not in (None, 0, "0", "", False)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def of_opac(body: bytes) -> list[Copy]:
    """The holdings of records in the OPAC syntax as XML (YAZ ``opacxml``: holding, circulations, availableNow)."""
    try:
        root = parse_document(body, limit=MOST_BYTES)
    except Trouble as trouble:
        raise Trouble("availability_wrong", detail=str(trouble)[:60]) from None
    return [copy for holding in root.iter("{*}holding") for copy in _copies(holding)]


def _copies(holding: etree._Element) -> list[Copy]:
    place = ", ".join(filter(None, (_child(holding, "localLocation"), _child(holding, "shelvingLocation"))))
    call = _child(holding, "callNumber")
    found = list(holding.iter("{*}circulation"))
    return [Copy(place, call, *_circulation(one)) for one in found] or [Copy(place, call, "unknown")]


def _circulation(circulation: etree._Element) -> tuple[State, date | None]:
    now = next((one.get("value", "") for one in circulation if local_name(one) == "availableNow"), "")
    due = _day(_child(circulation, "availabiltyDate") or _child(circulation, "availabilityDate"))
    if now == "1":
        return "available", None
    return ("on_loan" if now == "0" else "unknown"), due


def _child(element: etree._Element, name: str) -> str:
    text = next((one.text or "" for one in element if local_name(one) == name), "")
    return " ".join(text.split())[:200]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
