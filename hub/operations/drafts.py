"""A source being set up: kept between the wizard's steps, and written as a source file at its end."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from hub.catalog import bulk
from hub.network.models import Library
from hub.operations import contacts, guess, requests, source_files
from hub.operations.models import Draft, Request
from hub.operations.phrases import parse
from hub.sources import SourceConfig, SourceFile, make_source, validated
from hub.stages import files, sample
from hub.stages.sample import Look, Sampled
from schemas.problem import Trouble

KEPT = timedelta(days=14)
PLACEHOLDER = "moi"


def begin(content: dict[str, Any], *, by: str) -> Draft:
    """A new draft; those that nobody has touched for long are forgotten with their files."""
    now = timezone.now()
    for old in Draft.objects.filter(at__lt=now - KEPT):
        drop(old)
    return Draft.objects.create(by=by, at=now, content=content)


def known(number: UUID, by: str) -> Draft | None:
    """The draft of a number, where it is this person's."""
    return Draft.objects.filter(pk=number, by=by).first()


def keep(draft: Draft, **values: Any) -> None:
    """Keep what was said at a step."""
    draft.content = {**draft.content, **values}
    draft.at = timezone.now()
    draft.save(update_fields=["content", "at"])


def drop(draft: Draft) -> None:
    """Forget a draft, and the file that was put here for it."""
    stored = draft.content.get("file", {}).get("stored", "")
    if stored:
        files.drop(stored)
    draft.delete()


def choose(draft: Draft, said: dict[str, Any]) -> None:
    """How the records arrive and are read; then the first of them are looked at."""
    keep(draft, choice={**draft.content["choice"], **said}, look=None)
    look = shown(sample.look(guess.brief(config_of(draft)), _library(draft)))
    if file := draft.content.get("file"):
        for one in look["records"]:  # the file by the name it was given, not by the one it is kept under
            one["place"] = one["place"].replace(file["stored"], file["name"])
    keep(draft, look=look)


def _library(draft: Draft) -> Library:
    said = draft.content.get("library", {})
    return Library(code=said.get("code") or "X", name_vi=said.get("vi") or "X", kind=said.get("kind") or "other")


def config_of(draft: Draft, name: str = PLACEHOLDER) -> SourceConfig:
    """The source as the draft describes it."""
    folder = files.folder() if draft.content["kind"] == "file" else Path()
    path = Path(f"{name}.yaml")
    entry: SourceFile = validated(SourceFile, _entry(draft), path)
    return make_source(name, entry, folder, path)


def _entry(draft: Draft, path: str = "") -> dict[str, Any]:
    content, choice = draft.content, draft.content["choice"]
    library = content.get("library") or {"code": "X", "vi": "X"}
    entry: dict[str, Any] = {
        "library": _library_entry(library),
        "connector": choice["connector"],
        "format": choice["format"],
    }
    for key in ("schedule", "trust"):
        if key in content:
            entry[key] = content[key]
    reading = {"encoding": choice["encoding"]} if choice.get("encoding", "auto") != "auto" else {}
    reading |= {key: choice[key] for key in ("columns", "sheet") if choice.get(key)}
    if reading:
        entry["reading"] = reading
    return entry | {"options": _options(content, choice, path)}


def _library_entry(said: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"code": said["code"]}
    if said.get("vi"):
        entry["name"] = {"vi": said["vi"], **({"en": said["en"]} if said.get("en") else {})}
        entry |= {key: said[key] for key in ("kind", "unit") if said.get(key)}
    return entry


def _options(content: dict[str, Any], choice: dict[str, Any], path: str) -> dict[str, Any]:
    if content["kind"] == "file":
        return {"path": path, "stable_seconds": 0} if path else {"path": content["file"]["stored"]}
    options: dict[str, Any] = {"url": content["url"]}
    if choice["connector"] == "oai_pmh":
        options |= {
            name: choice[key] for name, key in (("metadata_prefix", "prefix"), ("set", "set")) if choice.get(key)
        }
    if content.get("private"):
        options["allow_private"] = True
    return options


def shown(look: Look) -> dict[str, Any]:
    """The first records as JSON, for the page."""
    return {
        "records": [_record(one) for one in look.records],
        "bad": look.bad,
        "encoding": look.encoding,
        "removed": look.removed,
        "announced": look.announced,
        "notes": [{"code": note.code, "facts": note.facts} for note in look.notes[:5]],
    }


def _record(one: Sampled) -> dict[str, Any]:
    found: dict[str, Any] = {"place": one.place, "identifier": one.identifier, "copies": one.copies}
    if one.problem:
        found["problem"] = {"code": one.problem.code, "facts": one.problem.facts}
        found["advice"] = {lang: one.advice.sentence(lang) for lang in ("vi", "en")} if one.advice else {}
    found |= {"deleted": one.deleted, "aside": one.aside, "repairs": [list(map(_visible, r)) for r in one.repairs[:8]]}
    it = one.description
    if it:
        found["book"] = {
            "title": ": ".join(filter(None, (it.title, it.subtitle, it.part))),
            "by": it.responsibility or ", ".join(person[0] for person in it.people[:3]),
            "imprint": ", ".join(filter(None, (": ".join(filter(None, (it.place, it.publisher))), str(it.year or "")))),
            "pages": it.pages or 0,
            "isbns": list(it.isbns),
        }
    return found


def _visible(content: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in str(content).replace("\x1f", " $"))[:160]


def answer(draft: Draft, said: dict[str, str]) -> None:
    """Whose records these are, how often they are asked for, whom to tell; all of it checked."""
    library = _said_library(said)
    name = said.get("name", "").strip() or guess.name_for(library.get("vi") or library["code"])
    source_files.check_name(name, library["code"])
    contact = {key: said.get(key, "").strip() for key in ("contact", "email")}
    if contact["email"]:
        contacts.check({"name": contact["contact"] or contact["email"], "email": contact["email"]})
    phrase = said.get("schedule", "")
    values: dict[str, Any] = {
        "library": library, "name": name, "schedule": parse(phrase), "phrase": phrase,
        "trust": _trust(said.get("trust", "")), "contact": contact,
    }  # fmt: skip
    before = draft.content
    draft.content = {**before, **values}
    try:
        config_of(draft, name)
    except Trouble:
        draft.content = before
        raise
    keep(draft, **values)


def _said_library(said: dict[str, str]) -> dict[str, Any]:
    code = said.get("library", "").strip()
    if code:
        row = Library.objects.filter(pk=code).first()
        if row is None:
            raise Trouble("library_not_there", code=code[:40], known="…")
        return {"code": row.pk, "vi": row.name_vi, "en": row.name_en, "kind": row.kind, "unit": row.unit}
    new = {key: said.get(f"new_{key}", "").strip() for key in ("code", "vi", "en", "kind", "unit")}
    if not new["code"] or not new["vi"]:
        raise Trouble("draft_library")
    if Library.objects.filter(pk=new["code"]).exists():
        raise Trouble("library_there", code=new["code"])
    return new


def _trust(said: str) -> int:
    said = said.strip() or "50"
    if not (said.isascii() and said.isdigit() and int(said[:4]) <= 100):
        raise Trouble("draft_trust", value=said[:20])
    return int(said)


def as_text(draft: Draft) -> str:
    """The source file that would be written."""
    name = draft.content["name"]
    path = Path(f"{name}.yaml")
    where = str(source_files.received() / name) if draft.content["kind"] == "file" else ""
    entry: SourceFile = validated(SourceFile, _entry(draft, where), path)
    return source_files.written(make_source(name, entry, Path(), path))


def finish(draft: Draft, *, by: str) -> Request:
    """Write the source file, keep the contact, and ask for the first run."""
    name, text = draft.content["name"], as_text(draft)
    moved = _receive(draft, name)
    try:
        source_files.create(name, text, by=by)
    except Trouble:
        _give_back(moved)
        raise
    contact = draft.content.get("contact", {})
    if contact.get("email"):
        values = {"name": contact["contact"] or contact["email"], "email": contact["email"], "source": name}
        contacts.keep(values, by=by)
    with bulk.writing():
        asked = requests.ask(name, Request.Act.RUN, by=by)
        draft.delete()
    return asked


def _receive(draft: Draft, name: str) -> tuple[Path, Path] | None:
    """Put the file where the source reads it; (where it lay, where it lies)."""
    stored = draft.content.get("file", {}).get("stored", "")
    if not stored:
        return None
    lay = files.path_of(stored)
    folder = source_files.received() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lies = folder / stored
    os.replace(lay, lies)
    return lay, lies


def _give_back(moved: tuple[Path, Path] | None) -> None:
    if moved:
        os.replace(moved[1], moved[0])
