"""What the wizard finds out by itself: the doctor's visit to an address, and what a file is by its content.

Every request goes through :mod:`connectors.http`; a private address is asked only where the deployment names it.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors import private
from connectors.address import WEB_PORTS, resolve, split_url
from connectors.doctor.costs import Severity
from connectors.doctor.examine import Terms, clean_url, examine
from hub.normalize.text import fold
from hub.sources import SourceConfig, SourceFile, make_source
from hub.stages import files
from hub.stages.profile import tables_of
from schemas.format import formats
from schemas.problem import Trouble

TERMS = Terms(limit=20, seconds=40, interval=0.2)
AT_ONCE = threading.BoundedSemaphore(3)  # examinations of one process of the portal
BRIEF: dict[str, Any] = {
    "tries": 2,
    "deadline": timedelta(seconds=20),
    "max_wait": timedelta(),
    "pause": timedelta(seconds=0.2),
}
CONNECTORS = ("oai_pmh", "sru")  # those an address can be of
SRU_FORMATS = ("marcxml", "unimarc", "mods", "oai_dc")
NAME = re.compile(r"[^a-z0-9]+")


def needs_private(url: str) -> bool:
    """Whether an address can be asked only with ``allow_private``.

    :class:`Trouble` ``private_refused`` or ``http_port`` where the deployment does not allow it, ``http_no_host`` where
    nobody knows the name.
    """
    _, origin = split_url(url)
    allowed = private.allows(origin)
    try:
        resolve(origin, allow_private=False)
        inside = False
    except Trouble as trouble:
        if trouble.problem.code != "http_private":
            raise
        inside = True
    if inside and not allowed:
        raise Trouble("private_refused", host=f"{origin[0]}:{origin[1]}")
    if origin[1] not in WEB_PORTS and not allowed:
        raise Trouble("http_port", host=origin[0], port=origin[1])
    return inside or origin[1] not in WEB_PORTS


def of_address(text: str) -> dict[str, Any]:
    """What was found at an address, as JSON: the doctor's diagnosis, and the guesses; it takes up to a minute."""
    url = clean_url(text)
    inside = needs_private(url)
    if not AT_ONCE.acquire(blocking=False):
        raise Trouble("doctor_busy")
    try:
        diagnosis = examine(url, replace(TERMS, allow_private=inside))
        sru = diagnosis.worst is Severity.BLOCKS and _is_sru(url, inside)
    finally:
        AT_ONCE.release()
    figures = diagnosis.figures
    choice = {
        "connector": "sru" if sru else "oai_pmh",
        "format": "marcxml" if sru else figures.format or "marcxml",
        "prefix": "" if sru else figures.prefix,
        "set": "",
        "encoding": "auto",
    }
    return {
        "kind": "address", "url": url, "private": inside, "sru": sru, "diagnosis": diagnosis.to_json(),
        "choice": choice,
    }  # fmt: skip


def _is_sru(url: str, inside: bool) -> bool:
    """Whether an SRU server answers there."""
    content = {"connector": "sru", "format": "marcxml", "options": {"url": url, "allow_private": inside}}
    with suppress(Trouble):
        config = brief(_config("moi", content))
        return not config.connector.check(config.job({}))
    return False


def _config(name: str, content: dict[str, Any], folder: Path = Path()) -> SourceConfig:
    entry = SourceFile.model_validate({"library": {"code": "X"}, **content})
    return make_source(name, entry, folder, Path(f"{name}.yaml"))


def brief(config: SourceConfig) -> SourceConfig:
    """The source, asked with little patience: somebody waits for the page."""
    known = type(config.options).model_fields
    wanted = {key: value for key, value in BRIEF.items() if key in known}
    return replace(config, options=config.options.model_copy(update=wanted))


def of_file(kept: files.Kept) -> dict[str, Any]:
    """What a file that was put here is, as JSON: its format, and the columns of its tables."""
    choice = {"connector": "files", "format": kept.form, "encoding": "auto", "columns": {}, "sheet": ""}
    found = {"kind": "file", "file": {"stored": kept.stored, "name": kept.name, "size": kept.size}, "choice": choice}
    return found | {"tables": tables(kept.stored, kept.form)}


def tables(stored: str, form: str, sheet: str = "") -> list[dict[str, Any]]:
    """The tables of a file with their columns: (letter, heading, the field it is taken as)."""
    if formats()[form].tables is None:
        return []
    content = {
        "connector": "files", "format": form, "reading": {"sheet": sheet}, "options": {"path": stored},
    }  # fmt: skip
    found = tables_of(_config("moi", content, files.folder()))
    return [{"sheet": one.sheet, "guessed": one.guessed, "columns": [list(c) for c in one.columns]} for one in found]


def name_for(title: str) -> str:
    """A name of a source from that of its library: «Thư viện quận Lê Chân» → "thu-vien-quan-le-chan"."""
    return NAME.sub("-", fold(title).lower()).strip("-")[:40].strip("-")
