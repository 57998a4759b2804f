"""Source files written from the desk: validated before and after, whole or not at all, and never over another's work.

What may be written here is less than what a file may say: a private address only where the deployment names it, a path
only among the files put here, a secret only by the name of a variable that is a source's. What an operator has written
into the file by hand stays allowed.
"""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from connectors import private
from connectors.address import split_url
from hub.catalog import bulk
from hub.catalog.models import Source
from hub.catalog.writes import audit
from hub.home import home, sources_folder
from hub.sources import CODE, SourceConfig, parse_source, read_source, source_files
from hub.stages.profile import as_yaml, path_of
from schemas.problem import Trouble

RESERVED = frozenset({"moi"})  # names that are addresses of pages
OURS = ("LIENTHONG_", "PREFECT_", "DJANGO_", "PG")  # variables whose values are the hub's own
LONGEST = 200_000  # characters of a file
PATHS = ("path", "key_file", "ca_file")
HEAD = "# Lập trên bàn điều hành; sửa được. · Set up on the desk; may be edited.\n"


def received() -> Path:
    """Where files lie that sources of files read: a folder for each source."""
    return home() / "received"


def check_name(name: str, library: str = "") -> None:
    """A name of a new source: of the right form, free, and not another library's in the store."""
    if not re.fullmatch(CODE, name) or name.lower() in RESERVED:
        raise Trouble("source_name_web", name=name[:60])
    path_of(name)
    if name.lower() in {path.stem.lower() for path in source_files()}:
        raise Trouble("source_exists", name=name, path=f"{name}.yaml")
    found = Source.objects.filter(name=name).first()
    if found and library and found.library_id != library:
        raise Trouble("source_taken", name=name, library=found.library_id)


def text_of(name: str) -> str:
    """The file of a source as it is written; :class:`Trouble` ``source_unknown``."""
    path = sources_folder() / f"{name}.yaml"
    if not re.fullmatch(CODE, name) or not path.is_file():
        known = ", ".join(path.stem for path in source_files()) or "–"
        raise Trouble("source_unknown", name=name[:60], known=known)
    return path.read_text(encoding="utf-8")


def digest(text: str) -> str:
    """What a file must still be when it is written over."""
    return sha256(text.encode()).hexdigest()


def checked(name: str, text: str) -> SourceConfig:
    """The source that ``text`` would be, as far as the desk may write it."""
    if len(text) > LONGEST:
        raise Trouble("source_long", limit=LONGEST)
    path = sources_folder() / f"{name}.yaml"
    config = parse_source(text, path)
    _check(config, _options_of(path) if path.is_file() else {})
    return config


def _options_of(path: Path) -> dict[str, Any]:
    """The options of a file that is there, as far as they can be read: an operator has written them."""
    with suppress(Trouble):
        return _options(read_source(path))
    with suppress(OSError, ValueError, yaml.YAMLError):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        options = content.get("options") if isinstance(content, dict) else None
        return options if isinstance(options, dict) else {}
    return {}


def _check(config: SourceConfig, was: dict[str, Any]) -> None:
    said = _options(config)
    if said.get("allow_private") and said != was and not _same_place(said, was) and not _named(said):
        raise Trouble("private_refused", host=str(said.get("url") or said.get("host") or "")[:100])
    for key in PATHS:
        if said.get(key) and said[key] != was.get(key) and not _is_ours(config.folder / str(said[key])):
            raise Trouble("path_refused", key=key, path=str(said[key])[:100])
    for key, value in said.items():
        if key.endswith("_env") and value and value != was.get(key) and str(value).upper().startswith(OURS):
            raise Trouble("variable_refused", key=key, name=str(value)[:60])


def _options(config: SourceConfig) -> dict[str, Any]:
    return config.options.model_dump(mode="json")


def _same_place(said: dict[str, Any], was: dict[str, Any]) -> bool:
    """Whether a private address is the one that an operator has allowed."""
    places = ("url", "urls", "token_url", "host", "allow_private")
    same = all((said.get(key) or None) == (was.get(key) or None) for key in places)
    return bool(was.get("allow_private")) and same and said.get("port") == was.get("port", said.get("port"))


def _named(said: dict[str, Any]) -> bool:
    """Whether the deployment allows every address of these options."""
    if said.get("host"):
        return private.allows((str(said["host"]), int(said.get("port") or 0)))
    urls = [said.get("url"), said.get("token_url"), *(said.get("urls") or [])]
    return all(private.allows(split_url(str(url))[1]) for url in urls if url)


def _is_ours(path: Path) -> bool:
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in (received(), home() / "uploads"))


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """The lines of two texts, one under the other: ("+" | "-" | " ", the line), with some lines around each change."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [(line[0], line[1:]) for line in lines if line[:2] not in ("--", "++", "@@")]


def create(name: str, text: str, *, by: str) -> Path:
    """Write the file of a new source, and never over one that is there."""
    config = checked(name, text)
    check_name(name, config.entry.library.code)
    path = path_of(name)
    with _beside(path, text) as part:
        try:
            os.link(part, path)  # fails where there is one, whoever was faster
        except FileExistsError:
            raise Trouble("source_exists", name=name, path=path) from None
    try:
        read_source(path)
    except Trouble:
        path.unlink()
        raise
    with bulk.writing():
        audit(by, "source.file.created", name, digest=digest(text))
    return path


def replace(name: str, text: str, expected: str, *, by: str) -> None:
    """Write over the file of a source, unless it is no longer what was looked at (``expected``, a digest)."""
    path = sources_folder() / f"{name}.yaml"
    before = text_of(name)
    if digest(before) != expected:
        raise Trouble("source_changed", name=name)
    checked(name, text)
    with _beside(path, text) as part:
        os.replace(part, path)
    read_source(path)
    lines = [sign + line for sign, line in changes(before, text) if sign != " "]
    with bulk.writing():
        audit(by, "source.file.changed", name, before=expected, after=digest(text), lines=lines[:100])


class _beside:
    """A file with the text beside ``path``, whole on the disk; taken away afterwards."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.part = ""

    def __enter__(self) -> str:
        try:
            handle, self.part = tempfile.mkstemp(prefix=f".{self.path.stem}-", dir=self.path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(self.text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(self.part, 0o644)
        except OSError as error:
            raise Trouble("sources_unwritable", path=self.path.parent, detail=error.strerror or error) from None
        return self.part

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            os.unlink(self.part)


def written(config: SourceConfig) -> str:
    """A new source as its file says it."""
    return HEAD + as_yaml(config.entry).split("\n", 1)[1]
