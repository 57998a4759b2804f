"""A package of another hub, taken apart: its declaration becomes a publication here, its files are kept one by one.

The bag and the E-ARK package in it were judged valid before. Each file in it is judged like any other that comes; one
that is refused refuses the package. Nothing is owed here for what another library passes on.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from hub.deposit import arriving, deposits, keeping
from hub.deposit.access import LEVELS
from hub.deposit.models import Delivery, Kept, Publication
from hub.deposit.stores import chunks
from schemas.bagit_stores import Zipped
from schemas.content_type import MEDIA
from schemas.findings import Findings
from schemas.problem import Trouble
from schemas.sip import DATA

FACTS, LARGEST = "facts.json", 2**20


def is_ours(findings: Findings, path: Path) -> bool:
    """Whether a judged package is one that a hub made (:mod:`hub.deposit.packages`)."""
    return findings.format == "bag" and bool(findings.facts.get("package")) and FACTS in Zipped(path).names()


def unfold(delivery: Delivery, path: Path, package: str, judge: Callable[[Path], Findings]) -> list[Kept]:
    """Keep what is in the package; ``judge`` says of each file what it is."""
    store = Zipped(path)
    said = _facts(store)
    inside = f"data/{package}/{DATA}"
    names = [name for name in store.names() if name.startswith(inside)]
    with tempfile.TemporaryDirectory(dir=arriving.folder()) as folder:
        brought = []
        for number, name in enumerate(names):
            target = Path(folder) / str(number)
            with store.open(name) as stream, target.open("wb") as written:
                for chunk in chunks(stream):
                    written.write(chunk)
            found = judge(target)
            if found.refused:
                raise Trouble("package_member", name=name.removeprefix(inside)[:100], why=_why(found))
            brought.append((target, name.removeprefix(inside), found))
        publication = _publication(delivery, said)
        kept = []
        for target, name, found in brought:
            kind = found.format
            with target.open("rb") as stream:
                one = keeping.keep(stream, name, publication, by=delivery.by, sha256=_digest_in(name, kind), kind=kind)
            _note(delivery, publication, one, found)
            kept.append(one)
    delivery.publication = publication
    return kept


def _note(package: Delivery, publication: Publication, kept: Kept, found: Findings) -> None:
    """Each file of the package is a delivery of its own, noted once."""
    if not kept.deliveries.filter(publication=publication).exists():
        now = timezone.now()
        Delivery.objects.create(
            token=secrets.token_hex(16), library=package.library, publication=publication, name=kept.name,
            size=kept.size, sha256=kept.sha256, offset=kept.size, door="package",
            state=Delivery.State.KEPT, format=kept.format,
            report=found.dump(), kept=kept, version=1, at=now, by=package.by, changed_at=now,
        )  # fmt: skip


def _why(found: Findings) -> str:
    return next((problem.sentence("vi") for problem, grave in found.problems if grave), "")


def _digest_in(name: str, kind: str) -> str:
    """The SHA-256 that a name of ours has; "" for another name."""
    stem = name.removesuffix(f".{kind}") if kind in MEDIA else name
    return stem if len(stem) == 64 and all(sign in "0123456789abcdef" for sign in stem) else ""


def _facts(store: Zipped) -> dict[str, Any]:
    try:
        with store.open(FACTS) as stream:
            found = json.loads(stream.read(LARGEST))
    except (ValueError, KeyError, OSError):
        raise Trouble("package_facts") from None
    if not isinstance(found, dict):
        raise Trouble("package_facts")
    return found


def _publication(delivery: Delivery, said: dict[str, Any]) -> Publication:
    """The publication of the declaration: known by its ISBN and form, or by title and day, or new."""
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    declared = deposits.checked(texts)
    mine = Publication.objects.filter(publisher=delivery.library, form=declared.facts.form)
    known = mine.filter(isbn=declared.isbn) if declared.isbn else mine.filter(
        isbn="", title=declared.title, release=declared.facts.release
    )  # fmt: skip
    here = known.first()
    if here is not None:
        return here  # who may read it is settled here since then
    imprint = texts.get("imprint", "") or delivery.library.name_vi
    made = deposits.declare(delivery.library, declared, by=delivery.by, imprint=imprint)
    level = texts.get("level", "")
    flags = {name: "1" for name in ("room", *deposits.BARRIERS) if said.get(name) is True}
    access = {"level": level if level in LEVELS else "restricted", "terms": texts.get("terms", "")}
    deposits.settle(made, access | {"embargo": texts.get("embargo", "")} | flags, by=delivery.by)
    made.refresh_from_db()
    return made
