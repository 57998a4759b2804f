"""Files a library puts down: one file, a folder, or a pattern; plain, gzip, or members of zip and tar.

A file whose content was read before is not read again, whatever it is called now. Members are streamed and never
written anywhere by their names. A symbolic link that leads out of the folder is not followed.
"""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from connectors import file_pages
from connectors.connector import Connector, Job, Page
from connectors.file_pages import FolderOptions, Listing
from connectors.file_records import Content, Stamp, digest_of, first_problems, shown
from schemas.problem import Problem, Trouble


class Options(FolderOptions):
    """``path`` is a file, a folder or a pattern, relative to the source file."""

    path: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file: its name within the source, where it lies, and its stat before reading."""

    name: str
    path: Path
    stat: os.stat_result

    @contextmanager
    def content(self, known: Stamp) -> Iterator[Content | None]:
        """What the file holds; :class:`Trouble` where it may not be read or has gone."""
        try:
            digest = digest_of(self.path)
        except PermissionError:
            raise Trouble("file_denied", path=self.name) from None
        except FileNotFoundError:
            raise Trouble("file_changed", path=self.name) from None
        except OSError as error:
            raise Trouble("file_unreadable", path=self.name, detail=error.strerror) from None
        yield Content(self.path, digest, shown(self.path.name), {})

    def check_unchanged(self) -> None:
        """:class:`Trouble` ``file_changed`` when somebody wrote to the file meanwhile, or took it away."""
        try:
            now = self.path.stat()
        except OSError:
            raise Trouble("file_changed", path=self.name) from None
        if (now.st_size, now.st_mtime_ns) != (self.stat.st_size, self.stat.st_mtime_ns):
            raise Trouble("file_changed", path=self.name)


def list_files(job: Job) -> Listing:
    """The files ``path`` names, in order of their names; hidden ones are left out.

    :class:`Trouble` ``file_missing`` when there is none, ``file_denied`` when they may not be seen.
    """
    options: Options = job.options
    target = job.folder / options.path
    try:
        paths, single = _paths(target)
        base = target if target.is_dir() else Path(*_until_pattern(target))
        files = [
            file for path in sorted(paths) if (file := _look(path, shown(path.name) if single else _name(path, base)))
        ]
    except PermissionError as error:
        raise Trouble("file_denied", path=error.filename or options.path) from None
    if not files:
        raise Trouble("file_missing", path=options.path)
    refused = [] if single else [file for file in files if not _is_within(file.path, base)]
    waiting: list[Problem] = []
    entries = []
    for file in files:
        if file in refused or options.is_marker(file.name):
            continue
        if problem := _not_now(file, options, single):
            waiting.append(problem)
        else:
            entries.append(file)
    return Listing(entries, waiting, [Problem("file_outside", {"path": file.name}) for file in refused])


def _paths(target: Path) -> tuple[list[Path], bool]:
    """The files a path names, and whether it names a single one."""
    if target.is_dir():
        return [path for path in target.iterdir() if path.is_file() and not path.name.startswith(".")], False
    if target.exists():
        return [target], True
    return [path for found in glob.glob(str(target), recursive=True) if (path := Path(found)).is_file()], False


def _look(path: Path, name: str) -> LocalFile | None:
    """A file with its stat; ``None`` when it has gone meanwhile."""
    try:
        return LocalFile(name, path, path.stat())
    except FileNotFoundError:
        return None


def _name(path: Path, base: Path) -> str:
    """The path as far as it differs from the fixed part of what was asked for."""
    return shown(path.relative_to(base).as_posix())


def _until_pattern(target: Path) -> Iterator[str]:
    for part in target.parts:
        if glob.has_magic(part):
            return
        yield part


def _is_within(path: Path, base: Path) -> bool:
    """Whether a file lies below the folder, also when its symbolic links are followed."""
    return path.resolve().is_relative_to(base.resolve())


def _not_now(file: LocalFile, options: FolderOptions, single: bool) -> Problem | None:
    """Why a file is left for the next run."""
    marked = file.path.with_name(file.path.name + options.done_marker).is_file()
    age = time.time() - file.stat.st_mtime
    return options.not_now(file.name, file.stat.st_size, marked=marked, age=age, single=single)


def pages(job: Job) -> Iterator[Page]:
    """The records of the files, as :func:`connectors.file_pages.pages` says."""
    yield from file_pages.pages(job, list_files(job))


def check(job: Job) -> list[Problem]:
    """Whether there are files and the first records of the first one can be read; what is wrong."""
    try:
        listing = list_files(job)
        problems = [*listing.refused, *(p for p in listing.waiting if p.code == "file_empty")]
        for entry in listing.entries[:1]:
            with entry.content({}) as content:
                if content is not None:
                    problems += first_problems(job, entry.name, content, deleting=job.options.deletes(entry.name))
    except Trouble as trouble:
        return [trouble.problem]
    return problems


CONNECTOR = Connector(
    name="files",
    title={"vi": "Tệp: một tệp, một thư mục hoặc một mẫu tên", "en": "Files: one file, a folder or a pattern"},
    options=Options,
    pages=pages,
    check=check,
)
