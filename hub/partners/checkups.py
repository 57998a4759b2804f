"""Examinations of endpoints: made, kept, and compared with the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from connectors.address import split_url
from connectors.doctor.examine import Terms, clean_url, examine
from connectors.doctor.finding import Diagnosis, Difference, Finding, compare, found
from hub.partners.gate import GATE, allowed_private
from hub.partners.models import Checkup

KEPT = 20  # examinations of one address
KEPT_IN_ALL = 5_000
OLDEST = timedelta(days=400)
TERMS = Terms()
SILENT = frozenset({"private_address", "unreachable"})  # what must not be told apart


def make(text: str) -> Checkup:
    """Examine the endpoint at the address somebody gave, and keep what was found.

    :class:`schemas.problem.Trouble` ``http_url`` or ``doctor_busy``.
    """
    url = clean_url(text)
    private = allowed_private(url)
    with GATE.through(split_url(url)[1][0]):
        diagnosis = examine(url, replace(TERMS, allow_private=private))
    if not private:
        diagnosis = replace(diagnosis, findings=tuple(_discreet(finding) for finding in diagnosis.findings))
    checkup = Checkup.objects.create(
        url=url[:500],
        at=timezone.now(),
        worst=diagnosis.worst.value,
        diagnosis=diagnosis.to_json(),
    )
    _forget(checkup)
    return checkup


def _discreet(finding: Finding) -> Finding:
    """A private host that answers, one that does not and a name that is unknown all look the same."""
    return found("unreachable") if finding.code in SILENT else finding


def _forget(newest: Checkup) -> None:
    """Keep the newest examinations only."""
    Checkup.objects.filter(at__lt=newest.at - OLDEST).delete()
    for rows, kept in ((history(newest), KEPT), (Checkup.objects.all(), KEPT_IN_ALL)):
        old = list(rows.order_by("-at").values_list("pk", flat=True)[kept : kept + KEPT])
        Checkup.objects.filter(pk__in=old).delete()


def history(checkup: Checkup) -> QuerySet[Checkup]:
    """Every examination of the same address, the newest first."""
    return Checkup.objects.filter(url=checkup.url).order_by("-at")


def diagnosis(checkup: Checkup) -> Diagnosis:
    """What was found."""
    return Diagnosis.from_json(checkup.diagnosis)


def difference(checkup: Checkup) -> Difference | None:
    """What changed since the examination before; ``None`` for the first."""
    before = history(checkup).filter(at__lt=checkup.at).first()
    return compare(diagnosis(before), diagnosis(checkup)) if before else None
