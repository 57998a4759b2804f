"""Whose sources a reader sees: of all libraries, or of their own; what belongs to another library is not there."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from hub.accounts.access import reader_of, scoped
from hub.accounts.roles import Permission
from hub.catalog.models import Source
from hub.network.models import Library
from hub.sources import read_source, source_files
from schemas.problem import Trouble


def libraries(request: HttpRequest, permission: Permission = Permission.SOURCES_SEE) -> frozenset[str] | None:
    """The codes of the libraries whose sources the reader sees; ``None`` for all."""
    return reader_of(request).libraries(permission)


def known(request: HttpRequest, name: str, permission: Permission = Permission.SOURCES_SEE) -> Source:
    """The source of a name, as far as the reader may see it; one that only has a file is not stored (``pk`` None)."""
    found = Source.objects.select_related("library").filter(name=name).first() or of_file(name)
    if found is None:
        raise Http404
    scoped(reader_of(request), permission, found.library_id)
    return found


def of_file(name: str) -> Source | None:
    """A source that was set up and never harvested, from its file."""
    path = next((path for path in source_files() if path.stem == name), None)
    if path is None:
        return None
    try:
        entry = read_source(path).entry
    except Trouble:
        return None
    library = Library.objects.filter(pk=entry.library.code).first()
    if library is None:
        title = entry.library.name.vi if entry.library.name else entry.library.code
        library = Library(code=entry.library.code, name_vi=title, kind=entry.library.kind)
    return Source(
        name=name, library=library, connector=entry.connector, format=entry.format, schedule=entry.schedule,
        trust=entry.trust,
    )  # fmt: skip


def unharvested(besides: set[str]) -> list[Source]:
    """The sources that have a file and no row yet."""
    found = (of_file(path.stem) for path in source_files() if path.stem not in besides)
    return [source for source in found if source is not None]


def broken_files() -> list[tuple[str, Trouble]]:
    """Source files that are wrong: (name, why)."""
    found = []
    for path in source_files():
        try:
            read_source(path)
        except Trouble as trouble:
            found.append((path.stem, trouble))
    return found
