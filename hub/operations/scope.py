"""Whose sources a reader sees: of all libraries, or of their own; what belongs to another library is not there."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest

from hub.accounts.access import reader_of, scoped
from hub.accounts.roles import Permission
from hub.catalog.models import Source
from hub.network.models import Library
from hub.sources import SourceFile, read_source, source_files
from schemas.problem import Problem, Trouble


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


def paths() -> list[Path]:
    """The source files; none where there is no folder for them, which :func:`no_folder` says."""
    try:
        return source_files()
    except Trouble:
        return []


def no_folder() -> Problem | None:
    """That there is no folder of sources."""
    try:
        source_files()
    except Trouble as trouble:
        return trouble.problem
    return None


@lru_cache(maxsize=2048)
def _read(path: Path, changed: int, size: int) -> SourceFile | Problem:
    """A source file as it says, or what is wrong with it; read again when it has changed."""
    try:
        return read_source(path).entry
    except Trouble as trouble:
        return trouble.problem


def _files() -> dict[str, SourceFile | Problem]:
    """Every source file by its name."""
    found: dict[str, SourceFile | Problem] = {}
    for path in paths():
        with suppress(OSError):
            stat = path.stat()
            found[path.stem] = _read(path, stat.st_mtime_ns, stat.st_size)
    return found


def of_file(name: str) -> Source | None:
    """A source that was set up and never harvested, from its file."""
    entry = _files().get(name)
    return _unstored(name, entry) if isinstance(entry, SourceFile) else None


def _unstored(name: str, entry: SourceFile) -> Source:
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
    found = _files().items()
    return [_unstored(name, entry) for name, entry in found if name not in besides and isinstance(entry, SourceFile)]


def broken_files() -> list[tuple[str, Problem]]:
    """Source files that are wrong: (name, why)."""
    return [(name, problem) for name, problem in _files().items() if isinstance(problem, Problem)]
