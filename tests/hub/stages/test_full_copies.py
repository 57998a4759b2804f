"""Full copies and lists of deletions in a folder, through the store, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import file_records
from hub.catalog import arrivals
from hub.catalog.models import Record
from hub.sources import SourceConfig, read_source
from hub.stages.harvest import harvest
from schemas.marc21 import to_iso2709
from tests.hub.stages.books import book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "gửi"
    found.mkdir()
    return found


def full(folder: Path) -> SourceConfig:
    path = folder.parent / "a.yaml"
    path.write_text(
        "library: {code: L-a, name: {vi: Thư viện a}}\nconnector: files\nformat: marc21\n"
        f"options: {{path: '{folder}', content: full, stable_seconds: 0, delete_pattern: '*xoa*'}}\n"
    )
    return read_source(path)


def put(folder: Path, name: str, *numbers: int) -> None:
    (folder / name).write_bytes(b"".join(to_iso2709(book(str(n), f"Sách {n}")) for n in numbers))


def live() -> set[str]:
    return set(Record.objects.exclude(state="deleted").values_list("identifier", flat=True))


def test_a_record_that_a_full_copy_lacks_is_gone(store: str, folder: Path) -> None:
    put(folder, "a.mrc", 1, 2, 3)
    put(folder, "b.mrc", 4)
    assert harvest(full(folder))[0].counts["created"] == 4
    assert harvest(full(folder))[0].counts["received"] == 0
    put(folder, "a.mrc", 1, 3)
    counts = harvest(full(folder))[0].counts
    assert (counts["received"], counts["unchanged"], counts["deleted"]) == (4, 3, 1)
    assert live() == {"1", "3", "4"}
    (folder / "xoa.txt").write_text("4\n")
    assert harvest(full(folder))[0].counts["deleted"] == 1
    assert live() == {"1", "3"}


def test_a_full_copy_cut_in_its_middle_takes_away_what_is_gone_when_it_is_read_again(
    store: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 1)
    put(folder, "a.mrc", 1, 2, 3)
    harvest(full(folder))
    put(folder, "a.mrc", 1, 3)
    kept = arrivals.store_page
    pages = iter([True])

    def dies(*arguments: object, **named: object) -> arrivals.Stored:
        if next(pages, False):
            return kept(*arguments, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(arrivals, "store_page", dies)
        with pytest.raises(KeyboardInterrupt):
            harvest(full(folder))
    harvest(full(folder))
    assert live() == {"1", "3"}
