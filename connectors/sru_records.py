"""The raw records in what an SRU server gave for one place; what cannot be one is kept with the reason."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

from connectors.deletions import is_named
from connectors.sru_page import SRU2, SRW, Entry
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

SCHEMAS = {  # the usual short names (https://www.loc.gov/standards/sru/recordSchemas/) by the source's format
    "marcxml": "marcxml",
    "unimarc": "unimarcxml",
    "mods": "mods",
    "oai_dc": "dc",
    "qdc": "dc",
    "onix": "onix",
}
_MARC = ("http://www.loc.gov/marc", "http://www.loc.gov/standards/marcxml", "info:lc/xmlns/marcxchange")
_DC = (
    "http://purl.org/dc/", "http://www.openarchives.org/oai/2.0/", "http://www.loc.gov/zing/srw/dc",
    "info:srw/schema/1/dc", "http://dspace.org/",
)  # fmt: skip
NAMESPACES = {"marcxml": _MARC, "unimarc": _MARC, "mods": ("http://www.loc.gov/mods",), "oai_dc": _DC, "qdc": _DC}
OF_THE_PAGE = ("", SRW, SRU2)  # record data that declare no namespace of their own
_VERSION = re.compile(r"-v?\d[\d.]*$")


def raw_records(form: Format, reading: Reading, entry: Entry, asked: str, place: str) -> list[RawRecord]:
    """The raw records of an entry: one, unless its data hold several. ``asked`` is the schema that was asked for.

    A surrogate diagnostic, a broken record, one in another schema and data without a record have a problem.
    """
    if entry.diagnostic:
        facts = {"place": place, "number": entry.diagnostic.number, "message": entry.diagnostic.said}
        return [_without_record(entry, place, Problem("sru_record_refused", facts))]
    wrong = _in_place(entry.problem, place) or _other_schema(form, entry, asked, place)
    try:
        found = list(form.split(BytesIO(entry.data), reading))
    except Trouble as trouble:
        found, wrong = [], wrong or trouble.problem
    if not found:
        return [_without_record(entry, place, wrong or Problem("sru_no_record", {"place": place}))]
    if len(found) == 1 and entry.identifier and not is_named(found[0]):
        found = [replace(found[0], identifier=entry.identifier)]
    if wrong is None:
        return [replace(record, place=place) for record in found]
    return [replace(record, place=place, deleted=False, problem=wrong) for record in found]


def _without_record(entry: Entry, place: str, problem: Problem) -> RawRecord:
    """What stands where a record should be; without an identifier its place is what it is known by."""
    unnamed = key_of(place.encode() + entry.data)
    return RawRecord(entry.identifier or unnamed, entry.data, place, problem=problem)


def _in_place(problem: Problem | None, place: str) -> Problem | None:
    return problem and Problem(problem.code, {"place": place, **problem.facts})


def _other_schema(form: Format, entry: Entry, asked: str, place: str) -> Problem | None:
    """What is wrong with a record whose namespace is not known to be the format's, if it is not named as asked for."""
    known = NAMESPACES.get(form.name)
    if known is None or entry.namespace in OF_THE_PAGE or entry.namespace.lower().startswith(known):
        return None
    if _name(entry.schema) == _name(asked):
        return None
    facts = {"place": place, "schema": entry.schema or entry.namespace, "asked": asked}
    return Problem("sru_other_schema", facts)


def _name(schema: str) -> str:
    """A schema's name without its authority and version: "marcxml" of "info:srw/schema/1/marcxml-v1.1"."""
    return _VERSION.sub("", schema.lower().rstrip("/").rpartition("/")[2])
