"""The commands of deposit, as who keeps the files uses them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from flows.commands.deposit import deposit as command
from hub.deposit import arriving, deposits, judging, rounds
from hub.deposit.models import Delivery, Publication, Recipient
from hub.network.models import Library
from schemas.bagit import check
from schemas.bagit_stores import Zipped
from schemas.problem import Trouble
from tests.hub.deposit.brought import epub, pdf

NXB = "VN-HP-NXB"
FORM = {"title": "Chuyện biển", "isbn": "978-604-4983-03-5", "release": "2026-10-15", "form": "electronic"}
pytestmark = pytest.mark.usefixtures("store", "home")


@pytest.fixture
def made() -> Publication:
    publisher = Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")
    return deposits.declare(publisher, deposits.checked(FORM), by="Lan")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value or 0, done.output


def test_a_file_is_looked_at_and_nothing_kept(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.epub", tmp_path / "b.pdf"
    good.write_bytes(epub())
    bad.write_bytes(pdf(password="x"))
    assert run("inspect", str(good))[0] == 0
    status, said = run("inspect", str(bad))
    assert status == 1
    assert "mật khẩu" in said
    assert not Delivery.objects.exists()


def test_a_round_of_the_worker_and_a_package(made: Publication, tmp_path: Path) -> None:
    body = epub()
    arriving.bring(made.publisher, made, "a.epub", io.BytesIO(body), len(body), "page", by="Lan")
    assert "1 tệp đã xét" in run("work")[1]
    quiet = rounds.everything()
    assert {name: count for name, count in quiet.items() if count and name != "letters"} == {}
    run("package", str(made.pk), str(tmp_path / "goi.zip"))
    assert check(Zipped(tmp_path / "goi.zip")).valid
    with pytest.raises(Trouble, match="no publication"):
        run("package", "999", str(tmp_path / "x.zip"))


def test_a_cut_judgement_is_taken_up_again(made: Publication) -> None:
    body = pdf()
    found = arriving.bring(made.publisher, made, "a.pdf", io.BytesIO(body), len(body), "page", by="Lan")
    Delivery.objects.update(state="judging", changed_at=timezone.now())
    assert judging.judge_due(timezone.now()) == 0, "another process has it"
    assert judging.judge_due(timezone.now() + judging.STALE * 2) == 1
    found.refresh_from_db()
    assert found.state == "kept"


def test_where_another_hub_takes_packages(made: Publication) -> None:
    Library.objects.create(code="HUB-B", name_vi="Hub B", kind="public")
    place = "https://hub.example/deposit/HUB-A/files"
    assert place in run("partner", "HUB-B", place, "HUB_KEY")[1]
    assert Recipient.objects.get().secret == "HUB_KEY"
    for wrong in (("partner", "KHONG"), ("partner", "HUB-B", "ftp://x")):
        with pytest.raises(Trouble):
            run(*wrong)
    assert run("partner", "HUB-B", "--remove") == (0, "")
