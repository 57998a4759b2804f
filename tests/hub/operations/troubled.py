"""A network in trouble: rejected records of several kinds, a mass deletion and a renaming on hold, a source that rests."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from hub.catalog import arrivals, runs
from hub.catalog.models import Hold, Rejection, Source
from hub.network.models import Library
from hub.stages.harvest import harvest
from hub.stages.normalize import normalize_pending
from schemas.marcxml import to_marcxml
from schemas.problem import Problem
from schemas.record import RawRecord
from tests.hub.stages.books import book
from tests.hub.stages.shelf import Shelf

MANY = [f"oai:thu-vien:{n}" for n in range(12)]


def fill() -> None:
    """Make it; what is rejected has waited for forty days."""
    _rejected()
    _deletions()
    _renaming()
    Source.objects.filter(name="tu-sach").update(
        not_before=timezone.now() + timedelta(hours=3), rest_reason={"code": "list_incomplete", "facts": {}}
    )


def _rejected() -> None:
    library = Library.objects.create(code="HP-XA", name_vi="Thư viện xã An Lão", kind="ward")
    sender = Source.objects.create(name="tu-sach", library=library, connector="files", format="marcxml")
    bare = to_marcxml(book("2", "Hoa và lá")).encode().replace("Hoa và lá".encode(), "Hoa & lá".encode())
    records = [
        RawRecord("1", to_marcxml(book("1", "Dế Mèn phiêu lưu ký")).encode(), "cu.xml, line 2, record 1"),
        RawRecord("2", bare, "cu.xml, line 9, record 2"),
        RawRecord("<b>3</b>", b"<record><note>\xff</note></record>", "cu.xml, line 17, record 3"),
    ]
    run, fence = runs.open_run(sender, "test", False)
    arrivals.store_page(run, fence, records, {})
    normalize_pending()
    runs.close_run(run, fence, "succeeded", [Problem("sweep_short")])
    Rejection.objects.update(rejected_at=timezone.now() - timedelta(days=40))


def _deletions() -> None:
    shelf = Shelf(name="ke-sach")
    shelf.put(*MANY, title="Truyện cổ tích, tập")
    harvest(shelf.config())
    shelf.delete(*MANY[:8])
    harvest(shelf.config())


def _renaming() -> None:
    shelf = Shelf(name="doi-ma")
    shelf.put(*MANY, title="Kính vạn hoa, tập")
    harvest(shelf.config())
    shelf.lose(*MANY)
    shelf.put(*[f"oai:moi:{n}" for n in range(12)], title="Kính vạn hoa, tập")
    harvest(shelf.config(), full=True)


def holds() -> dict[str, Hold]:
    """The holds by their kind."""
    return {hold.kind: hold for hold in Hold.objects.all()}
