"""The pages of a bookcase, for a phone: scan or type, pick the book, say how many copies, the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.models import Record
from hub.catalog.search import search
from hub.match.description import Description
from hub.network.models import Library
from hub.partners import pages, photo, shelving, typed, words
from hub.partners.models import Entry
from hub.stages import entries
from schemas.problem import Trouble

SHOWN = 8
LIST = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A book of the union catalog that may be the one in hand; ``key`` is that of the act of adding it."""

    uid: str
    description: Description
    own: int
    key: UUID


@needs(Permission.COPIES_ENTER, library="code")
@require_safe
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Scan or type; what was found; the form for a book that nobody has yet."""
    library = pages.library_of(code)
    query = request.GET.get("q", "").replace("\0", "").strip()[: typed.LONGEST]
    wish = typed.understand(query)
    found = _candidates(library, wish) if query else []
    given = {"isbn": wish.number if wish.sound or not wish.words else "", "title": wish.words}
    return _page(request, library, query=query, found=found, wish=wish, given=given)


def _candidates(library: Library, wish: typed.Typed) -> list[Candidate]:
    """The union records that fit: by the likeliest number that is there, or by words with or without marks.

    Of those found together, the ones that say who published them, and when, come first: they are easier to recognize.
    """
    unions: list[int] = []
    for query in wish.numbers or (wish.words,):
        unions = [hit.union_id for hit in search(query, size=SHOWN).hits]
        if unions:
            break
    said, own = reads.descriptions(unions), shelving.own_copies(library, unions)
    unions.sort(key=lambda number: number not in said or not (said[number].publisher or said[number].year))
    return [Candidate(reads.union_uid(n), said[n], own.get(n, 0), uuid4()) for n in unions if n in said]


def _page(
    request: HttpRequest,
    library: Library,
    *,
    query: str = "",
    found: list[Candidate] | None = None,
    wish: typed.Typed | None = None,
    given: dict[str, str] | None = None,
    wrong: str = "",
) -> HttpResponse:
    last = _last(library, request.GET.get("saved", ""))
    books, copies = entries.totals(library)
    context = {
        **pages.frame(request, library, "enter"),
        "query": query,
        "found": found or [],
        "wish": wish,
        "mended": bool(found and wish and wish.numbers and not wish.sound),
        "given": given or {},
        "wrong": wrong,
        "last": last,
        "books": books,
        "copies": copies,
        "key": request.POST.get("key", "") or uuid4(),
        "number": request.POST.get("copies", "1"),
        "most": shelving.MOST,
    }
    return pages.private(render(request, "partners/add.html", context, status=400 if wrong else 200))


def _last(library: Library, key: str) -> Entry | None:
    """The act that has just been done, to be told and undone."""
    try:
        return Entry.objects.filter(library=library, pk=UUID(key)).exclude(record=0).first()
    except ValueError:
        return None


@needs(Permission.COPIES_ENTER, library="code")
@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a book: one picked from the union catalog (``uid``), or one in the owner's words."""
    library = pages.library_of(code)
    key, uid, by = shelving.key_of(request.POST.get("key", "")), request.POST.get("uid", ""), pages.signature(request)
    given = {name: request.POST.get(name, "") for name in shelving.FIELDS}
    try:
        copies = shelving.copies_of(request.POST.get("copies", "1"))
        if uid:
            act = shelving.add(library, key, uid, copies, by=by)
        else:
            act = shelving.add_new(library, key, given, copies, by=by)
    except Trouble as trouble:
        wrong = pages.sentence(trouble.problem)
        if _by_script(request):
            return JsonResponse({"wrong": wrong}, status=400)
        return _page(request, library, given=given, wrong=wrong)
    address = f"{reverse('library-add', args=[code])}?{urlencode({'saved': str(act.pk)})}"
    return JsonResponse({"next": address}) if _by_script(request) else redirect(address)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


@needs(Permission.COPIES_ENTER, library="code")
@require_POST
def read_photo(request: HttpRequest, code: str) -> HttpResponse:
    """A photo of a barcode, read here: for browsers that cannot read it themselves."""
    library = pages.library_of(code)
    given = request.FILES.get("photo")
    try:
        if given is None or isinstance(given, list):
            raise Trouble("upload_none")
        number = photo.number_in(cast(BinaryIO, given.file), given.size or 0)
    except Trouble as trouble:
        return _page(request, library, wrong=pages.sentence(trouble.problem))
    return redirect(f"{reverse('library-add', args=[code])}?{urlencode({'q': number})}")


@needs(Permission.COPIES_ENTER, library="code")
@require_safe
def books(request: HttpRequest, code: str) -> HttpResponse:
    """The books of the bookcase, the newest first."""
    library = pages.library_of(code)
    live = Record.objects.filter(source__library=library, source__connector=entries.CONNECTOR, state="live")
    page = Paginator(live.order_by("-raw"), LIST).get_page(request.GET.get("page", "1"))
    start = (page.number - 1) * LIST
    count, copies = entries.totals(library)
    context = {
        **pages.frame(request, library, "books"),
        "page": page,
        "rows": [(*row, uuid4()) for row in entries.books(library, start, LIST)],
        "books": count,
        "copies": copies,
        "last": _last(library, request.GET.get("saved", "")),
        "acts": Entry.objects.filter(library=library).exclude(record=0).order_by("-at")[:10],
        "names": words.ACTS,
        "most": shelving.MOST,
        "wrong": {"1": pages.sentence(Trouble("entry_changed").problem)}.get(request.GET.get("wrong", ""), ""),
        "oai": f"{settings.BASE_URL.rstrip('/')}/oai?verb=ListRecords&metadataPrefix=marcxml&set=library:{code}",
    }
    return pages.private(render(request, "partners/books.html", context))


@needs(Permission.COPIES_ENTER, library="code")
@require_POST
def change(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Another number of copies, or the book is there no more."""
    library = pages.library_of(code)
    book = entries.entered(library, number)
    if book is None or not book.there:
        raise Http404
    key, by = shelving.key_of(request.POST.get("key", "")), pages.signature(request)
    try:
        copies = 0 if request.POST.get("act") == "remove" else shelving.copies_of(request.POST.get("copies", ""))
        act = shelving.change(library, key, book, copies, by=by)
    except Trouble as trouble:
        return _page(request, library, wrong=pages.sentence(trouble.problem))
    return redirect(f"{reverse('library-books', args=[code])}?{urlencode({'saved': str(act.pk)})}")


@needs(Permission.COPIES_ENTER, library="code")
@require_POST
def undo(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """Take the last act about a book back."""
    library = pages.library_of(code)
    act = Entry.objects.filter(library=library, pk=key).exclude(record=0).first()
    if act is None:
        raise Http404
    back = "library-add" if request.POST.get("back") == "add" else "library-books"
    try:
        made = shelving.undo(library, act, by=pages.signature(request))
    except Trouble:
        return redirect(f"{reverse('library-books', args=[code])}?wrong=1")
    return redirect(f"{reverse(back, args=[code])}?{urlencode({'saved': str(made.pk)})}")
