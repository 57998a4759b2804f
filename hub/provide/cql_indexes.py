"""What a CQL query may search: the indexes, their kinds, their names in the context sets cql, dc, bath, bib and rec.

The same tables make explain, scan and the facets. Context sets: https://www.loc.gov/standards/sru/cql/contextSets/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from hub.provide.cql import Name
from hub.provide.sru_diagnostics import Diagnostic

Kind = Literal["text", "code", "number", "all"]


class Index(NamedTuple):
    """An index: its title for explain, the fields of the search index it looks into, its names (set, name)."""

    title: str
    kind: Kind
    fields: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    facet: str = ""  # the field whose values are counted


OURS = ""  # names without a context set
INDEXES: dict[str, Index] = {
    "any": Index(
        "Anywhere",
        "text",
        ("exact",),
        (
            ("cql", "serverChoice"), ("cql", "anywhere"), ("cql", "keywords"), ("cql", "anyIndexes"), (OURS, "any"),
            (OURS, "keywords"), (OURS, "anywhere"), (OURS, "serverChoice"), ("bath", "any"), ("bath", "anywhere"),
        ),
    ),
    "all": Index("All records", "all", (), (("cql", "allRecords"), (OURS, "allRecords"))),
    "title": Index(
        "Title",
        "text",
        ("title",),
        (("dc", "title"), ("bath", "title"), ("bath", "keyTitle"), (OURS, "title"), ("bib", "titleTranslated"),
         ("bib", "titleAlternative")),
    ),
    "author": Index(
        "Author and other people",
        "text",
        ("author",),
        (
            ("dc", "creator"), ("dc", "contributor"), (OURS, "author"), (OURS, "creator"), ("bath", "author"),
            ("bath", "name"), ("bath", "personalName"), ("bath", "personalAuthor"), ("bath", "corporateName"),
            ("bath", "corporateAuthor"), ("bib", "name"), ("bib", "namePersonal"), ("bib", "nameCorporate"),
        ),
    ),
    "subject": Index(
        "Subject",
        "text",
        ("subject",),
        (("dc", "subject"), (OURS, "subject"), ("bath", "subject"), ("bath", "topicalSubject"),
         ("bath", "geographicName"), ("bib", "subjectPlace"), ("bib", "subjectName")),
    ),
    "publisher": Index(
        "Publisher", "text", ("publisher",), (("dc", "publisher"), (OURS, "publisher"), ("bath", "publisher"))
    ),
    "isbn": Index("ISBN", "code", ("isbn",), (("bath", "isbn"), (OURS, "isbn"))),
    "issn": Index("ISSN", "code", ("issn",), (("bath", "issn"), (OURS, "issn"))),
    "identifier": Index(
        "ISBN, ISSN or record number",
        "code",
        ("isbn", "issn", "union"),
        (("dc", "identifier"), (OURS, "identifier"), ("bath", "standardIdentifier")),
    ),
    "year": Index(
        "Year of publication",
        "number",
        ("year",),
        (("dc", "date"), (OURS, "year"), (OURS, "date"), ("bib", "dateIssued"), ("bath", "dateOfPublication")),
        "decade",
    ),
    "language": Index(
        "Language (ISO 639-2/B)", "code", ("language",), (("dc", "language"), (OURS, "language")), "language"
    ),
    "library": Index(
        "Library that holds it, by its code",
        "code",
        ("library",),
        (("bath", "possessingInstitution"), (OURS, "library"), (OURS, "holding")),
        "library",
    ),
    "audience": Index(
        "Audience (MARC 21 008/22)", "code", ("audience",), (("bib", "audience"), (OURS, "audience")), "audience"
    ),
    "form": Index("Form (text, braille, sound, …)", "code", ("form",), (("dc", "type"), (OURS, "form")), "form"),
    "id": Index(
        "Number of the record", "number", ("union",), (("rec", "identifier"), ("rec", "id"), (OURS, "id"))
    ),
}  # fmt: skip
SETS: Mapping[str, str] = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "bath": "http://zing.z3950.org/cql/bath/2.0/",
    "bib": "info:srw/cql-context-set/1/bib-v1",
    "rec": "info:srw/cql-context-set/2/rec-1.1",
    "sort": "info:srw/cql-context-set/1/sort-v1.0",
}
BY_NAME = {(prefix, name.lower()): key for key, index in INDEXES.items() for prefix, name in index.names}
IDENTIFIED = {  # what identifiers of context sets begin with, in any version
    "info:srw/cql-context-set/1/cql-": "cql",
    "info:srw/context-sets/1/cql-": "cql",
    "info:srw/cql-context-set/1/dc-": "dc",
    "info:srw/context-sets/1/dc-": "dc",
    "http://purl.org/dc/": "dc",
    "http://zing.z3950.org/cql/bath/": "bath",
    "http://www.loc.gov/zing/cql/context-sets/bath/": "bath",
    "info:srw/cql-context-set/1/bib-": "bib",
    "info:srw/cql-context-set/2/rec-": "rec",
    "info:srw/cql-context-set/1/sort-": "sort",
    "http://docs.oasis-open.org/ns/search-ws/cql": "cql",
}


def set_of(name: Name) -> str:
    """The prefix of a name's context set as we write it; :class:`Diagnostic` 15 for a set that we do not know."""
    known = name.set.lower()
    if known in ("", *SETS):
        return known
    if known == "srw":
        return "cql"
    for start, prefix in IDENTIFIED.items():
        if known.startswith(start):
            return prefix
    raise Diagnostic(15, name.set)


def find_index(name: Name) -> tuple[str, Index]:
    """The index of a name, with its key; :class:`Diagnostic` 15, 16, or 50 for result sets, which are not kept."""
    prefix, wanted = set_of(name), name.name.lower()
    if prefix in ("cql", "") and wanted == "resultsetid":
        raise Diagnostic(50)
    key = BY_NAME.get((prefix, wanted))
    if key is None:
        raise Diagnostic(16, str(name))
    return key, INDEXES[key]
