"""Sources whose schedules do nothing until somebody resumes them."""

from __future__ import annotations

from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.writes import audit
from hub.operations.models import Pause


def pause(source: str, *, by: str, reason: str = "") -> Pause:
    """Keep the schedule of a source from running; what runs now ends by itself, and a run asked for is done."""
    with bulk.writing():
        found, fresh = Pause.objects.get_or_create(
            source=source, defaults={"by": by, "since": timezone.now(), "reason": reason.strip()[:1000]}
        )
        if fresh:
            audit(by, "source.paused", source, reason=found.reason)
    return found


def resume(source: str, *, by: str) -> bool:
    """Let the schedule run again; whether it was paused."""
    with bulk.writing():
        gone, _ = Pause.objects.filter(source=source).delete()
        if gone:
            audit(by, "source.resumed", source)
    return bool(gone)


def paused(source: str) -> Pause | None:
    """The pause of a source."""
    return Pause.objects.filter(source=source).first()


def all_paused() -> dict[str, Pause]:
    """Every pause, by source."""
    return {row.source: row for row in Pause.objects.all()}
