"""The profile of a file: its tables with what their columns are, its encoding; and keeping it as a source of its own.

A library's first file is looked at, its mapping shown and corrected (``lienthong import --dry-run``), and saved in the
folder of sources, so that every later file of that library is read the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from connectors.packed import members
from hub.home import sources_folder
from hub.sources import SourceConfig, SourceFile
from hub.stages.encoding import Sample
from schemas import encodings
from schemas.headings import letter, recognize, words
from schemas.problem import Trouble

SAMPLE_LINES = 2_000
SAMPLE_BYTES = 2**20
HEAD = "# Nhập từ tệp bằng «lienthong import --save-source»; sửa được. · Saved by “lienthong import --save-source”.\n"


class Column(NamedTuple):
    """A column of a table: its letter, its heading, and the field it is taken as ("": not taken)."""

    letter: str
    heading: str
    field: str


class Table(NamedTuple):
    """A table of a file. ``sheet`` is "" where it is the only one; ``guessed`` says that it has no headings."""

    sheet: str
    guessed: bool
    columns: tuple[Column, ...]


def tables_of(config: SourceConfig) -> list[Table]:
    """The tables of the file of ``config``; none where its format is no table.

    A column that the source names and no table has is a :class:`Trouble` ``column_missing``.
    """
    job = config.job({})
    if job.format.tables is None:
        return []
    found = []
    for _, stream in members(config.folder / config.options.model_dump()["path"]):
        for sheet in job.format.tables(stream, job.reading):
            named = [
                Column(letter(at), h, recognize(h, job.reading.columns)) for at, h in enumerate(sheet.header.headings)
            ]
            columns = tuple(column for column in named if column.field or column.heading != column.letter)
            found.append(Table(sheet.name, sheet.header.guessed, columns))
    _check_columns(job.reading.columns, found)
    return found


def _check_columns(named: dict[str, str], tables: Sequence[Table]) -> None:
    headings = [column.heading for table in tables for column in table.columns]
    known = {*headings, *map(words, headings)}
    for name in named:
        if name not in known and words(name) not in known:
            raise Trouble("column_missing", name=name, headings=", ".join(dict.fromkeys(headings)) or "–")


def encoding_of(config: SourceConfig, bodies: Sequence[bytes]) -> tuple[str, dict[str, Any]]:
    """The encoding of a file and what spoke for it; "" of workbooks, whose cells are text.

    It is told from the lines of a table of text, and from the ``bodies`` of records.
    """
    job = config.job({})
    if job.reading.encoding != "auto":
        return job.reading.encoding, {"rule": "given"}
    if job.format.tables is None:
        return encodings.detect(bodies) if bodies else ("", {})
    if job.format.name != "csv":
        return "", {}
    for _, stream in members(config.folder / config.options.model_dump()["path"]):
        return encodings.detect(stream.read(SAMPLE_BYTES).splitlines()[:SAMPLE_LINES])
    return "", {}


def encoding_told(config: SourceConfig) -> str:
    """The encoding of a file, told from its own records; "" where nothing tells it."""
    sample = Sample()
    if config.job({}).format.tables is None:
        for page in config.connector.pages(config.job({}, full=True)):
            for raw in page.records:
                sample.add(raw.body)
    return encoding_of(config, sample.bodies)[0]


def profile(config: SourceConfig, tables: Sequence[Table], encoding: str) -> SourceFile:
    """The source as its file turned out to be: every column that is taken, and its encoding where it is not UTF-8.

    Where a table has no headings its columns are named by their letters.
    """
    columns = {
        column.letter if table.guessed else column.heading: column.field
        for table in reversed(tables)
        for column in table.columns
        if column.field
    }
    reading: dict[str, Any] = {"columns": columns}
    if encoding not in ("", "unknown", "utf-8"):
        reading["encoding"] = encoding
    return config.entry.model_copy(update={"reading": config.entry.reading.model_copy(update=reading)})


def as_yaml(entry: SourceFile) -> str:
    """A source as its file says it, without what is the default."""
    content = entry.model_dump(exclude_defaults=True)
    return HEAD + str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110))


def path_of(name: str) -> Path:
    """Where the file of a new source goes; :class:`Trouble` where there is one, or no folder for it."""
    folder = sources_folder()
    path = folder / f"{name}.yaml"
    if not folder.is_dir():
        raise Trouble("sources_folder_missing", path=folder)
    if path.exists():
        raise Trouble("source_exists", name=name, path=path)
    return path


def save(name: str, entry: SourceFile) -> Path:
    """Write the file of a new source, which must not be there yet."""
    path = path_of(name)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(as_yaml(entry))
    except FileExistsError:
        raise Trouble("source_exists", name=name, path=path) from None
    return path
