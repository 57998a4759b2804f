"""The shapes of what the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from hub.provide.copying import MOST

Code = Annotated[str, StringConstraints(max_length=200)]
Codes = Annotated[list[Code], Field(max_length=50)]
Cursor = Annotated[str, StringConstraints(max_length=2000)]


class SearchFor(Schema):
    """What is searched for."""

    q: Annotated[str, StringConstraints(max_length=400)] = ""
    library: Codes = []
    unit: Codes = []
    kind: Codes = []
    audience: Codes = []
    language: Codes = []
    decade: Codes = []
    form: Codes = []
    availability: Codes = []
    first_year: int = Field(0, ge=0, le=9999, alias="from")
    last_year: int = Field(0, ge=0, le=9999, alias="to")
    sort: Literal["best", "newest"] = "best"
    by: Literal["work", "edition"] = "edition"
    page: int = Field(1, ge=1, le=10_000)
    size: int = Field(20, ge=1, le=100)
    facets: bool = True


class Walk(Schema):
    """A page of a list: behind the cursor of the page before."""

    cursor: Cursor = ""
    limit: int = Field(100, ge=1, le=500)


class ChangesOf(Walk):
    """Which changes are walked."""

    since: datetime | None = None
    set: Code = ""


class CopyOf(Schema):
    """A book whose record is wanted."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    format: Literal["marc21", "marcxml", "mrk"] = "marc21"
    encoding: Literal["utf-8", "tcvn3", "vni", "viscii", "cp1258"] = "utf-8"
    local: bool = False


class CopyList(Schema):
    """Books whose records are wanted: ISBNs or titles."""

    asked: Annotated[list[Annotated[str, StringConstraints(max_length=400)]], Field(min_length=1, max_length=MOST)]
    format: Literal["marc21", "marcxml", "mrk"] = "marc21"
    encoding: Literal["utf-8", "tcvn3", "vni", "viscii", "cp1258"] = "utf-8"
    local: bool = False


class Person(Schema):
    """Somebody who made the work, and as what."""

    name: str
    role: str


class Place(Schema):
    """A library that has a record; ``code`` is empty where it is not named, ``copies`` where it does not say."""

    code: str
    name: str
    location: str = ""
    call_number: str = ""
    copies: int | None = None


class Brief(Schema):
    """A union record in a list."""

    id: str
    url: str
    title: str
    subtitle: str = ""
    part: str = ""
    responsibility: str = ""
    people: list[Person] = []
    publisher: str = ""
    year: int | None = None
    language: str = ""
    form: str = ""
    audience: str = ""
    isbns: list[str] = []
    copies: int = 0
    libraries: list[str] = []
    work: str = ""
    editions: int = 1


class Full(Brief):
    """A union record."""

    parallel: str = ""
    edition: str = ""
    volume: str = ""
    place: str = ""
    pages: int | None = None
    languages: list[str] = []
    issns: list[str] = []
    series: str = ""
    subjects: list[str] = []
    summary: str = ""
    links: list[str] = []
    changed: datetime
    holdings: list[Place] = []
    former: list[str] = []


class Value(Schema):
    """A value of a facet and how often it occurs."""

    value: str
    count: int


class Found(Schema):
    """What was found; ``folded``: marks were let go, ``fuzzy``: letters were."""

    total: int
    works: int
    page: int
    pages: int
    folded: bool
    fuzzy: bool
    did_you_mean: list[str]
    records: list[Brief]
    facets: dict[str, list[Value]]


class Records(Schema):
    """A page of all records, by number."""

    records: list[Full]
    cursor: str | None = None


class Change(Schema):
    """A union record that is new, has changed or is gone."""

    id: str
    url: str
    at: datetime
    deleted: bool
    survivor: str | None = None


class Changes(Schema):
    """A page of changes; ``cursor`` goes on behind them, now or when there are more."""

    changes: list[Change]
    cursor: str
    more: bool


class Work(Schema):
    """A work: its editions, volumes, translations."""

    id: str
    editions: list[Brief]


class LibraryShape(Schema):
    """A library of the network; ``titles`` is empty where it does not show what it has."""

    code: str
    name: str
    name_en: str
    kind: str
    area: str
    titles: int | None = None


class Libraries(Schema):
    """The libraries of the network, by code."""

    libraries: list[LibraryShape]
    cursor: str | None = None


class CopiedOne(Schema):
    """A line of a list and what was found for it: by "isbn", "mended" or "title"."""

    asked: str
    by: str
    id: str = ""
    isbn: str = ""


class CopiedList(Schema):
    """What was found for a list; ``data`` is the file in base64."""

    lines: list[CopiedOne]
    not_found: list[str]
    refused: dict[str, str]
    media: str
    data: str


class ProblemShape(Schema):
    """Why there is no other answer."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    detail_vi: str
    detail_en: str
