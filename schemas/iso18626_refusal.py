"""The answer to what cannot be read: a confirmation that says ERROR, with what the message said of itself.

ISO 18626 has five kinds of error. A confirmation names the message by its timestamp and its numbers, so these are
looked for in the worst of documents; where no timestamp is found the moment of arrival stands for it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from lxml import etree

from schemas.iso18626 import (
    Confirmation,
    RequestConfirmation,
    RequestingAgencyMessageConfirmation,
    SupplyingAgencyMessageConfirmation,
)
from schemas.iso18626_codes import Action, ErrorType, MessageStatus, Reason
from schemas.iso18626_parts import ConfirmationHeader, ErrorData, Header, Moment
from schemas.iso18626_xml import LARGEST, NOT_XML, parts, value
from schemas.problem import Problem, Trouble
from schemas.xml import local_name, parse_document, recover

KINDS = {
    "iso18626_element": ErrorType.UNKNOWN_ELEMENT,
    "iso18626_value": ErrorType.UNKNOWN_VALUE,
}
SAID = ("path", "value", "name", "detail")
LONGEST = 200  # letters of an error value


def error_of(problem: Problem) -> ErrorData:
    """What is wrong with a message, as a confirmation says it: the kind of error, and where."""
    said = [problem.facts[name] for name in SAID if problem.facts.get(name)]
    return error(KINDS.get(problem.code, ErrorType.BADLY_FORMED), ": ".join(said) or problem.code)


def error(kind: ErrorType, said: str) -> ErrorData:
    """An error with its explanation, no longer than it has to be."""
    return ErrorData(kind, NOT_XML.sub("", said)[:LONGEST])


def refusal(body: bytes, wrong: ErrorData, received: datetime) -> Confirmation:
    """The confirmation that refuses a document, of the kind the document asks for as far as it can be made out."""
    message = _message(body) if len(body) <= LARGEST else None
    name = "" if message is None else local_name(message)
    known = _header(message)
    header = ConfirmationHeader(
        known.pop("timestamp", Moment.of(received)), Moment.of(received), MessageStatus.ERROR, **known
    )
    if name == "supplyingAgencyMessage":
        return SupplyingAgencyMessageConfirmation(header, _code(message, "reasonForMessage", Reason), wrong)
    if name == "requestingAgencyMessage":
        return RequestingAgencyMessageConfirmation(header, _code(message, "action", Action), wrong)
    return RequestConfirmation(header, wrong)


def _message(body: bytes) -> etree._Element | None:
    """What may be the message of a document: the element in its root, of a document that was cut too."""
    for whole in (body, recover(body)):
        try:
            return next(iter(parse_document(whole or b"", limit=LARGEST)), None)
        except Trouble:
            continue
    return None


def _header(message: etree._Element | None) -> dict[str, Any]:
    """The fields of the header that can be read, by the names of a confirmation's."""
    header = None if message is None else _find(message, "header")
    known: dict[str, Any] = {}
    wanted = {one.name for one in fields(ConfirmationHeader)}
    for part in parts(Header) if header is not None else ():
        found = _find(header, part.name)
        if part.field in wanted and found is not None:
            try:
                known[part.field] = value(found, part.kind, part.name)
            except Trouble:
                continue
    return known


def _code(message: etree._Element | None, name: str, codes: type[StrEnum]) -> Any:
    found = None if message is None else _find(message, name)
    try:
        return None if found is None else value(found, codes, name)
    except Trouble:
        return None


def _find(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first element of that name beneath, in any namespace."""
    return None if element is None else next(iter(element.iter(f"{{*}}{name}")), None)
