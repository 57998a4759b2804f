"""A harvest reads what it has brought itself, all of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.connector import Job, Page
from hub.catalog import arrivals, runs
from hub.catalog.models import Record, Rejection, Run, Source
from hub.stages import normalize
from hub.stages.harvest import harvest, sweep_source
from hub.stages.normalize import normalize_idle, normalize_pending
from schemas.limits import MAX_FIELD, MAX_FIELDS
from schemas.marc21 import to_iso2709
from schemas.marcxml import to_marcxml
from schemas.problem import Trouble
from schemas.record import RawRecord, data_field
from schemas.record import Record as Content
from tests.hub.stages.books import book
from tests.hub.stages.shelf import Shelf


def waiting(name: str) -> int:
    return Record.objects.filter(source__name=name, state="pending").count()


def live(name: str) -> int:
    return Record.objects.filter(source__name=name, state="live").count()


def under_way(name: str, count: int) -> Source:
    """A source whose run another process has begun: its records wait to be read."""
    shelf = Shelf(name=name)
    shelf.put(f"oai:{name}:first")
    harvest(shelf.config())
    source = Source.objects.get(name=name)
    run, fence = runs.open_run(source, "máy-khác:1", False)
    arrivals.store_page(run, fence, _books(name, count), {})
    return source


def _books(name: str, count: int) -> list[RawRecord]:
    return [RawRecord(f"oai:{name}:{n}", to_iso2709(book(f"{name}{n}", f"Truyện {n}")), "") for n in range(count)]


def test_a_harvest_leaves_the_records_of_others_alone(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normalize, "BATCH", 3)
    other = under_way("a", 10)
    shelf = Shelf(name="b")
    shelf.put(*[f"oai:b:{n}" for n in range(8)])
    harvest(shelf.config())
    run, fence = runs.open_run(other, "máy-khác:1", False)  # numbers of both are mixed
    arrivals.store_page(run, fence, [RawRecord("oai:a:z", to_iso2709(book("z", "Truyện z")), "")], {})
    shelf.put("oai:b:z")
    sweep_source(shelf.config())
    assert (waiting("a"), waiting("b")) == (11, 0)
    assert (live("a"), live("b")) == (1, 9)


def test_the_union_reads_what_nobody_is_about_to_read(store: str) -> None:
    under_way("a", 4)
    normalize_idle()
    assert waiting("a") == 4, "whoever harvests it does"
    Source.objects.update(lease_expires=timezone.now() - timedelta(seconds=1))  # it died
    assert normalize_idle().counts == {"read": 4, "rejected": 0}
    assert waiting("a") == 0


def test_what_a_failed_harvest_brought_is_read(store: str) -> None:
    shelf = Shelf()
    shelf.put(*[f"oai:x:{n}" for n in range(30)])
    good = shelf.pages

    def dies(job: Job) -> Iterator[Page]:
        pages = good(job)
        yield next(pages)
        yield next(pages)
        raise Trouble("http_failing", url="http://x.example/", status=500)

    shelf.pages = dies  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(Trouble, match="500"):
            harvest(shelf.config())
        assert (live("ke-sach"), waiting("ke-sach")) == (20, 0)
    run = Run.objects.order_by("pk").first()
    assert run is not None
    assert (run.status, run.created, [note["code"] for note in run.notes]) == ("failed", 20, ["http_failing"])
    assert Source.objects.get().lease_owner == ""


@pytest.mark.parametrize(
    ("form", "content", "code"),
    [
        ("marcxml", [data_field("500", "  ", [("a", "x" * (MAX_FIELD + 1))])], "field_too_long"),
        ("marcxml", [data_field("650", "  ", [("a", "x")])] * (MAX_FIELDS + 1), "fields_too_many"),
        ("marcxml", [data_field("500", "  ", [("a", "x" * 2**19)])] * 9, "record_too_long"),
        ("marcxml", [data_field("500", "  ", [("a", "đ" * (MAX_FIELD - 100))])], ""),
        ("mods", [("", "x" * (MAX_FIELD + 1))], "field_too_long"),
        ("oai_dc", [("", "x")] * (MAX_FIELDS + 1), "fields_too_many"),
        ("onix", [("", "x" * 2**19)] * 9, "record_too_long"),
    ],
)
def test_a_record_beyond_all_measure_is_rejected_whatever_its_format(
    store: str, form: str, content: list[tuple[str, str]], code: str
) -> None:
    shelf = Shelf()
    shelf.put("oai:x:1")
    harvest(shelf.config())
    Source.objects.update(format=form)
    source = Source.objects.get()
    run, fence = runs.open_run(source, "test", False)
    arrivals.store_page(run, fence, [RawRecord("oai:x:2", BODIES[form](content), "record 2")], {})
    normalize_pending(source.pk)
    runs.close_run(run, fence, Run.Status.SUCCEEDED)
    assert list(Rejection.objects.values_list("code", flat=True)) == ([code] if code else [])
    assert live("ke-sach") == (1 if code else 2)


def _marcxml(content: list[tuple[str, str]]) -> bytes:
    record = book("2", "Quá dài")
    return to_marcxml(Content(record.leader, (*record.fields, *content))).encode()


def _mods(content: list[tuple[str, str]]) -> bytes:
    notes = "".join(f"<note>{text}</note>" for _, text in content)
    title = "<titleInfo><title>Quá dài</title></titleInfo>"
    return f'<mods xmlns="http://www.loc.gov/mods/v3">{title}{notes}</mods>'.encode()


def _oai_dc(content: list[tuple[str, str]]) -> bytes:
    subjects = "".join(f"<dc:subject>{text}{n}</dc:subject>" for n, (_, text) in enumerate(content))
    names = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<oai_dc:dc {names}><dc:title>Quá dài</dc:title>{subjects}</oai_dc:dc>".encode()


def _onix(content: list[tuple[str, str]]) -> bytes:
    return b"<Product>" + b"".join(text.encode() for _, text in content) + b"</Product>"


BODIES = {"marcxml": _marcxml, "mods": _mods, "oai_dc": _oai_dc, "onix": _onix}
