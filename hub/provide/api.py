"""The JSON API for programs, at /api/v1: what the pages say, in shapes that OpenAPI describes.

Everybody may read; a key (``Authorization: Bearer lt_…``) lets a program ask more often, and see what its owner sees.
Lists are walked by keyset with signed cursors, so that nothing is left out while records change.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.responses import codes_4xx

from hub.catalog import bulk, reads, selections
from hub.catalog.models import Union
from hub.catalog.search import DEEPEST, search
from hub.network.models import Library
from hub.provide import api_cursor, copying
from hub.provide import api_shapes as shapes
from hub.provide.api_answers import briefs, fulls
from hub.provide.api_problems import Refused, problem
from hub.provide.asking import Asked
from hub.provide.copy_pages import own_libraries
from hub.provide.holders import going_out, unseen
from hub.provide.linked_data import address
from hub.provide.writing import MARC_FILES, contents_of, write_file
from schemas.marcjson import to_marcjson
from schemas.problem import Problem, Trouble

PROBLEMS = {codes_4xx: shapes.ProblemShape}
api = NinjaAPI(
    title="Liên thông", version="1", docs_url=None, openapi_url=None, urls_namespace="lienthong-api",
    description="The union catalog of the libraries of Hải Phòng, for programs.",
)  # fmt: skip


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problem(refused.status, refused.problem, refused.headers)


@api.exception_handler(Trouble)
def _trouble(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    return problem(400, trouble.problem)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, missing: Http404) -> HttpResponse:
    return problem(404, Problem("api_not_found"))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, Problem("api_wrong", {"what": str(error)[:200]}))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    said = ("{}: {}".format(".".join(map(str, one["loc"][1:])) or "?", one["msg"]) for one in invalid.errors[:5])
    return problem(422, Problem("api_wrong", {"what": "; ".join(said)[:500]}))


@api.get("/search", response={200: shapes.Found} | PROBLEMS, operation_id="search")
def find(request: HttpRequest, asked: Query[shapes.SearchFor]) -> shapes.Found:
    """Search with facets."""
    if asked.page * asked.size > DEEPEST:
        raise Refused(400, "api_deep", most=DEEPEST)
    away = unseen(request)
    names = ("library", "unit", "kind", "audience", "language", "decade", "form", "availability")
    filters = {name: [value for value in getattr(asked, name) if value] for name in names}
    filters["library"] = [code for code in filters["library"] if code not in away]
    years = (asked.first_year, asked.last_year) if asked.first_year or asked.last_year else None
    question = Asked(asked.q, filters, years, asked.sort == "newest", asked.by == "edition")
    found = question.find(asked.page, asked.size)
    listed = briefs([hit.union_id for hit in found.hits], away, found.editions)
    described = reads.descriptions([hit.union_id for hit in found.hits]).values()
    total = found.works if asked.by == "work" else found.total
    return shapes.Found(
        total=found.total,
        works=found.works,
        page=asked.page,
        pages=-(-min(total, DEEPEST) // asked.size),
        folded=found.folded,
        fuzzy=found.fuzzy,
        did_you_mean=question.other_wordings(found, list(described)),
        records=listed,
        facets=_facets(found.facets, away) if asked.facets else {},
    )


def _facets(counts: dict[str, list[tuple[str, int]]], away: frozenset[str]) -> dict[str, list[shapes.Value]]:
    return {
        name: [shapes.Value(value=v, count=n) for v, n in values if not (name == "library" and v in away)]
        for name, values in counts.items()
    }


@api.get("/records", response={200: shapes.Records} | PROBLEMS, operation_id="records")
def records(request: HttpRequest, walk: Query[shapes.Walk]) -> shapes.Records:
    """All live records, by number."""
    (last,) = api_cursor.read(walk.cursor, "records", [int]) if walk.cursor else (0,)
    sql = f"SELECT id FROM {bulk.table(Union)} WHERE NOT deleted AND id > %s ORDER BY id LIMIT {walk.limit + 1:d}"
    numbers = [row[0] for row in bulk.query(sql, [last])]
    page = numbers[: walk.limit]
    cursor = api_cursor.sign("records", page[-1]) if len(numbers) > walk.limit else None
    return shapes.Records(records=fulls(contents_of(page), unseen(request)), cursor=cursor)


@api.get("/records/{uid}", response={200: shapes.Full} | PROBLEMS, operation_id="record")
def record(request: HttpRequest, uid: str) -> Any:
    """One record; one that was merged leads to its survivor."""
    found = _content(uid, "")
    return found if isinstance(found, HttpResponse) else fulls([found], unseen(request))[0]


@api.get("/records/{uid}/marcjson", response={200: dict[str, Any]} | PROBLEMS, operation_id="record-marcjson")
def record_marcjson(request: HttpRequest, uid: str) -> Any:
    """One record as MARC-in-JSON."""
    found = _content(uid, "/marcjson")
    return found if isinstance(found, HttpResponse) else to_marcjson(going_out(found, unseen(request)).published())


@api.get("/records/{uid}/holdings", response={200: list[shapes.Place]} | PROBLEMS, operation_id="holdings")
def holdings(request: HttpRequest, uid: str) -> Any:
    """Who has a record: libraries, places, call numbers, copies."""
    found = _content(uid, "/holdings")
    return found if isinstance(found, HttpResponse) else fulls([found], unseen(request))[0].holdings


def _content(uid: str, rest: str) -> reads.UnionContent | HttpResponse:
    """The live record of a name, or the way to its survivor."""
    number = reads.union_number(uid)
    content = reads.union_content(number) if number else None
    if content is None:
        raise Refused(404, "api_not_found")
    if not content.deleted:
        return content
    survivor = reads.survivor(content.id)
    if survivor is None:
        raise Refused(410, "api_gone", uid=uid)
    there = address(reads.union_uid(survivor)).rpartition("/r/")
    return HttpResponse(status=301, headers={"Location": f"{there[0]}/api/v1/records/{there[2]}{rest}"})


@api.get("/works/{work}", response={200: shapes.Work} | PROBLEMS, operation_id="work")
def work(request: HttpRequest, work: str) -> shapes.Work:
    """A work with its editions, at most 200."""
    digits = work.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20) or not 0 < int(digits) < 2**63:
        raise Refused(404, "api_not_found")
    unions = Union.objects.filter(work=int(work), deleted=False).order_by("id")
    numbers = list(unions.values_list("id", flat=True)[: reads.EDITIONS])
    if not numbers:
        raise Refused(404, "api_not_found")
    return shapes.Work(id=work, editions=briefs(numbers, unseen(request)))


@api.get("/changes", response={200: shapes.Changes} | PROBLEMS, operation_id="changes")
def changes(request: HttpRequest, of: Query[shapes.ChangesOf]) -> shapes.Changes:
    """What is new, has changed or is gone, the oldest first."""
    selection = _selection(of.set, unseen(request))
    after, since = None, None
    if of.cursor:
        at, number = api_cursor.read(of.cursor, f"changes {of.set}", [int, int])
        after = (int(at), int(number))
    elif of.since:
        since = selections.clock(of.since if timezone.is_aware(of.since) else of.since.replace(tzinfo=UTC))
    since = None if since is None else min(max(since, 0), selections.clock(datetime(9999, 1, 1, tzinfo=UTC)))
    rows = selections.walk(selection, after=after, since=since, until=None, limit=of.limit + 1)
    page = rows[: of.limit]
    last = (page[-1].at, page[-1].item) if page else after or (since or 0, 0)
    survivors = dict(Union.objects.filter(id__in=[row.item for row in page]).values_list("id", "survivor"))
    return shapes.Changes(
        changes=[_change(row, survivors.get(row.item)) for row in page],
        cursor=api_cursor.sign(f"changes {of.set}", *last),
        more=len(rows) > of.limit,
    )


def _selection(spec: str, away: frozenset[str]) -> int | None:
    if not spec:
        return None
    number = selections.number_of(spec) if selections.is_set(spec) and "\x00" not in spec else None
    if number is None or (spec.startswith("library:") and spec.partition(":")[2] in away):
        raise Refused(404, "api_not_found")
    return number


def _change(row: selections.Row, survivor: int | None) -> shapes.Change:
    uid = reads.union_uid(row.item)
    other = reads.union_uid(survivor) if row.gone and survivor else None
    return shapes.Change(id=uid, url=address(uid), at=selections.moment(row.at), deleted=row.gone, survivor=other)


@api.get("/libraries", response={200: shapes.Libraries} | PROBLEMS, operation_id="libraries")
def libraries(request: HttpRequest, walk: Query[shapes.Walk]) -> shapes.Libraries:
    """The libraries of the network."""
    (last,) = api_cursor.read(walk.cursor, "libraries", [str]) if walk.cursor else ("",)
    rows = list(Library.objects.filter(code__gt=last).order_by("code")[: walk.limit + 1])
    page = rows[: walk.limit]
    cursor = api_cursor.sign("libraries", page[-1].code) if len(rows) > walk.limit else None
    return shapes.Libraries(libraries=_libraries(page, unseen(request)), cursor=cursor)


@api.get("/libraries/{code}", response={200: shapes.LibraryShape} | PROBLEMS, operation_id="library")
def library(request: HttpRequest, code: str) -> shapes.LibraryShape:
    """One library."""
    found = Library.objects.filter(code=code[:100].replace("\x00", "")).first()
    if found is None:
        raise Refused(404, "api_not_found")
    return _libraries([found], unseen(request))[0]


def _libraries(rows: list[Library], away: frozenset[str]) -> list[shapes.LibraryShape]:
    titles = dict(search("", size=1).facets.get("library", []))
    return [
        shapes.LibraryShape(
            code=row.code, name=row.name_vi, name_en=row.name_en, kind=row.kind, area=row.unit,
            titles=None if row.code in away else titles.get(row.code, 0),
        )
        for row in rows
    ]  # fmt: skip


@api.get("/copy", response=PROBLEMS, operation_id="copy")
def copy(request: HttpRequest, of: Query[shapes.CopyOf]) -> HttpResponse:
    """The best record for an ISBN, damaged or not, or a title, as a MARC file."""
    one = copying.copy_one(of.q)
    if not one.number:
        raise Refused(404, "api_not_found")
    written = _write(request, of, [one])
    if written.refused:
        return problem(400, written.refused[0][1])
    return HttpResponse(written.data, content_type=written.media)


@api.post("/copy", response={200: shapes.CopiedList} | PROBLEMS, operation_id="copy-list")
def copy_list(request: HttpRequest, of: shapes.CopyList) -> shapes.CopiedList:
    """The best records for a list of ISBNs or titles; nothing is changed by it."""
    copied = copying.copy_list(of.asked)
    written = _write(request, of, copied)
    return shapes.CopiedList(
        lines=[
            shapes.CopiedOne(
                asked=one.asked, by=one.by, id=reads.union_uid(one.number) if one.number else "", isbn=one.isbn
            )
            for one in copied
        ],
        not_found=[one.asked for one in copied if not one.number],
        refused={uid: said.sentence("en") for uid, said in written.refused},
        media=written.media,
        data=base64.b64encode(written.data).decode(),
    )


def _write(request: HttpRequest, of: shapes.CopyOf | shapes.CopyList, copied: list[copying.Copied]) -> Any:
    own = own_libraries(request) if of.local else frozenset()
    contents = copying.records_of(copied)
    kind = MARC_FILES[of.format]
    return write_file(kind, contents, unseen(request), encoding=of.encoding, local=of.local, own=own)
