"""The desk: what its buttons do, who may press them, whose sources are seen, and what strangers do not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import AuditEvent
from hub.catalog.models import Record, Rejection, Run, Source
from hub.operations.models import Pause, Request
from tests.hub.operations.test_requests import sources
from tests.hub.operations.troubled import fill, holds

assert sources
AsRole = Callable[..., Any]


@pytest.fixture
def troubled(catalog: Path) -> Path:
    fill()
    return catalog


def body(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())


@pytest.mark.usefixtures("troubled")
class TestPublic:
    def test_strangers_see_how_the_network_is_and_nothing_of_what_waits(self) -> None:
        html = body(Client().get("/mang-luoi"))
        assert "Thư viện xã An Lão" in html
        for secret in ("/nguon/", "/cho-duyet", "/luot/", "tu-choi", "bị báo xóa"):
            assert secret not in html
        rejected = Rejection.objects.values_list("pk", flat=True)[0]
        for address in ("/dieu-hanh", "/nguon/tu-sach", f"/nguon/tu-sach/tu-choi/{rejected}", "/cho-duyet", "/luot/1"):
            assert Client().get(address)["Location"].startswith("/dang-nhap?next=")

    def test_a_partner_sees_the_own_sources_only(self, as_role: AsRole) -> None:
        partner = as_role("partner_librarian", "HP-XA")
        desk = body(partner.get("/dieu-hanh"))
        assert "tu-sach" in desk
        assert "ke-sach" not in desk
        assert "/viec" not in desk, "no buttons"
        body(partner.get("/nguon/tu-sach/tu-choi"))
        run = Run.objects.filter(source__name="ke-sach")[0].pk
        hold = holds()["deletions"].pk
        for address in (
            "/nguon/ke-sach",
            "/nguon/ke-sach/tu-choi",
            "/nguon/ke-sach/do-phu",
            f"/luot/{run}",
            f"/cho-duyet/{hold}",
        ):
            body(partner.get(address), 404)
        assert "bị báo xóa" not in body(partner.get("/cho-duyet"))
        body(partner.post("/nguon/tu-sach/viec", {"act": "run"}), 403)
        body(partner.post(f"/cho-duyet/{hold}/quyet-dinh", {"verdict": "release", "reason": "x"}), 403)
        assert "tu-sach" in body(partner.get("/dieu-hanh/cach-ly"))

    def test_a_cataloger_sees_and_does_not_run(self, as_role: AsRole) -> None:
        cataloger = as_role("cataloger")
        assert "/viec" not in body(cataloger.get("/dieu-hanh"))
        body(cataloger.post("/nguon/tu-sach/viec", {"act": "run"}), 403)
        body(cataloger.get("/nguon/moi"), 403)
        body(cataloger.get("/dieu-hanh/lien-he"), 403)


@pytest.mark.usefixtures("catalog", "sources")
class TestButtons:
    def test_run_now_once_pause_and_resume(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        assert "a" in body(staff.get("/dieu-hanh"))
        answer = staff.post("/nguon/a/viec", {"act": "run", "back": "desk"})
        assert answer["Location"] == "/dieu-hanh?done=asked"
        assert "Đã vào hàng đợi" in body(staff.get("/dieu-hanh?done=asked"))
        assert Request.objects.get().by == staff.user.signature
        assert "Không cần yêu cầu lần nữa" in body(staff.post("/nguon/a/viec", {"act": "run"}), 409)
        staff.post("/nguon/a/viec", {"act": "pause", "reason": "bảo trì"})
        assert Pause.objects.get().reason == "bảo trì"
        assert "bảo trì" in body(staff.get("/nguon/a"))
        staff.post("/nguon/a/viec", {"act": "resume"})
        assert not Pause.objects.exists()
        acts = list(AuditEvent.objects.order_by("number").values_list("act", flat=True))
        assert [act for act in acts if act.startswith(("run", "source"))] == [
            "run.asked.run",
            "source.paused",
            "source.resumed",
        ]

    def test_what_nobody_takes_up_is_said(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        staff.post("/nguon/a/viec", {"act": "run", "back": "desk"})
        assert "lienthong work" not in body(staff.get("/dieu-hanh"))
        Request.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
        assert "lienthong work" in body(staff.get("/dieu-hanh"))
        Request.objects.create(
            source="b", act="run", by="x", asked_at=timezone.now(), status=Request.Status.RUNNING,
            lease_expires=timezone.now() + timedelta(minutes=1),
        )  # fmt: skip
        assert "lienthong work" not in body(staff.get("/dieu-hanh")), "the worker has its hands full"

    def test_a_window_and_taking_it_back(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        staff.post("/nguon/a/viec", {"act": "window", "from": "2026-01-01", "until": "2026-01-31"})
        asked = Request.objects.get()
        assert asked.facts == {"from": "2026-01-01", "until": "2026-01-31"}
        assert "2026-01-31" in body(staff.get("/nguon/a"))
        body(staff.post("/nguon/a/viec", {"act": "window", "from": "2026-02-01", "until": "2026-01-31"}), 409)
        body(staff.post("/nguon/b/viec", {"act": "withdraw", "request": asked.pk}), 409)
        staff.post("/nguon/a/viec", {"act": "withdraw", "request": asked.pk})
        asked.refresh_from_db()
        assert asked.status == "withdrawn"

    def test_nothing_happens_by_get_without_token_or_by_an_unknown_act(self, as_role: AsRole) -> None:
        body(as_role("it_staff").get("/nguon/a/viec"), 405)
        body(as_role("it_staff", enforce_csrf_checks=True).post("/nguon/a/viec", {"act": "run"}), 403)
        body(as_role("it_staff").post("/nguon/a/viec", {"act": "explode"}), 409)
        body(as_role("it_staff").post("/nguon/none/viec", {"act": "run"}), 404)
        assert not Request.objects.exists()


@pytest.mark.usefixtures("catalog")
def test_without_a_folder_of_sources_the_desk_says_so(
    as_role: AsRole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIENTHONG_SOURCES", str(tmp_path / "none"))
    staff = as_role("it_staff")
    assert "Không có thư mục nguồn" in body(staff.get("/dieu-hanh"))
    body(staff.get("/dieu-hanh/lien-he"))
    body(staff.get("/nguon/x"), 404)
    body(staff.get("/nguon/x/cai-dat"), 404)


@pytest.mark.usefixtures("troubled")
class TestDecisions:
    def test_a_hold_is_released_with_a_reason_and_undone(self, as_role: AsRole) -> None:
        staff, hold = as_role("it_staff"), holds()["deletions"]
        address = f"/cho-duyet/{hold.pk}/quyet-dinh"
        assert "Chưa có lý do" in body(staff.post(address, {"verdict": "release", "reason": " "}), 409)
        live = Record.objects.filter(source__name="ke-sach", state="live")
        assert live.count() == 12
        assert staff.post(address, {"verdict": "release", "reason": "đã thanh lý"}).status_code == 302
        assert live.count() == 4
        html = body(staff.get(f"/cho-duyet/{hold.pk}"))
        assert staff.user.signature in html
        assert "đã thanh lý" in html
        assert staff.user.signature in body(staff.post(address, {"verdict": "refuse", "reason": "thôi"}), 409)
        staff.post(address, {"verdict": "undo", "reason": "nhầm"})
        assert live.count() == 12

    def test_a_hold_is_refused(self, as_role: AsRole) -> None:
        staff, hold = as_role("it_staff"), holds()["deletions"]
        staff.post(f"/cho-duyet/{hold.pk}/quyet-dinh", {"verdict": "refuse", "reason": "máy chủ lỗi"})
        hold.refresh_from_db()
        assert (hold.verdict, hold.decided_by, hold.reason) == ("refused", staff.user.signature, "máy chủ lỗi")

    def test_what_a_run_removed_comes_back(self, as_role: AsRole) -> None:
        staff, hold = as_role("it_staff"), holds()["deletions"]
        staff.post(f"/cho-duyet/{hold.pk}/quyet-dinh", {"verdict": "release", "reason": "x"})
        run = Run.objects.filter(kind="decision").latest("pk")
        assert staff.post(f"/luot/{run.pk}/hoan-lai", {"reason": "nhầm"}).status_code == 302
        assert Record.objects.filter(source__name="ke-sach", state="live").count() == 12
        body(staff.post(f"/luot/{run.pk}/hoan-lai", {"reason": "nhầm"}), 409)


@pytest.mark.usefixtures("troubled")
class TestQuarantine:
    def test_all_of_a_kind_are_looked_at_and_mended(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        assert "xml_broken" in body(staff.get("/dieu-hanh/cach-ly"))
        preview = body(staff.get("/nguon/tu-sach/tu-choi/xem-truoc?code=xml_broken"))
        assert "Hoa &amp;amp; lá" in preview
        assert Rejection.objects.count() == 2, "looking changes nothing"
        staff.post("/nguon/tu-sach/tu-choi/sua", {"code": "xml_broken"})
        assert Record.objects.get(identifier="2").state == "live"
        assert AuditEvent.objects.get(act="records.mended").by == staff.user.signature
        body(staff.get("/nguon/tu-sach/tu-choi/xem-truoc?code=none"), 404)
        body(staff.post("/nguon/tu-sach/tu-choi/sua", {"code": "none"}), 404)

    def test_one_is_mended_and_one_cannot_be(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        good = Rejection.objects.get(record__identifier="2").pk
        bad = Rejection.objects.exclude(record__identifier="2").get().pk
        assert staff.post(f"/nguon/tu-sach/tu-choi/{good}/sua").status_code == 302
        assert not Rejection.objects.filter(pk=good).exists()
        body(staff.post(f"/nguon/tu-sach/tu-choi/{bad}/sua"), 409)
        body(staff.post(f"/nguon/ke-sach/tu-choi/{bad}/sua"), 404)

    def test_read_again(self, as_role: AsRole) -> None:
        tries = Rejection.objects.get(record__identifier="2").tries
        assert as_role("it_staff").post("/nguon/tu-sach/tu-choi/thu-lai").status_code == 302
        assert Rejection.objects.get(record__identifier="2").tries == tries + 1

    def test_very_many_go_into_the_queue(self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hub.operations.waiting.AT_ONCE", 0)
        staff = as_role("it_staff")
        staff.post("/nguon/tu-sach/tu-choi/thu-lai")
        staff.post("/nguon/tu-sach/tu-choi/sua", {"code": "xml_broken"})
        assert [(r.act, r.facts) for r in Request.objects.order_by("pk")] == [
            ("retry", {}),
            ("repair", {"code": "xml_broken"}),
        ]
        from flows.asked import Worker

        assert Worker().once() == 2
        assert set(Request.objects.values_list("status", flat=True)) == {"done"}
        assert Record.objects.get(identifier="2").state == "live"


@pytest.mark.usefixtures("troubled")
class TestRun:
    def test_a_run_that_goes_on_is_live(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        run = Run.objects.filter(source__name="ke-sach").latest("pk")
        assert "live.js" not in body(staff.get(f"/luot/{run.pk}"))
        Run.objects.filter(pk=run.pk).update(status="running", announced=100)
        html = body(staff.get(f"/luot/{run.pk}"))
        assert "live.js" in html
        assert '<noscript><meta http-equiv="refresh"' in html
        part = staff.get(f"/luot/{run.pk}/tien-do")
        assert "<progress" in body(part)
        assert "no-store" in part["Cache-Control"]

    def test_it_leads_to_prefect_where_that_is_known(self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
        from hub.operations.journal import Journal

        run = Run.objects.filter(source__name="ke-sach").latest("pk")
        Journal("ke-sach", run.pk).say("prefect", flow_run="0a1b")
        staff = as_role("it_staff")
        assert "0a1b" not in body(staff.get(f"/luot/{run.pk}"))
        monkeypatch.setenv("LIENTHONG_PREFECT_URL", "http://127.0.0.1:4200/")
        assert 'href="http://127.0.0.1:4200/runs/flow-run/0a1b"' in body(staff.get(f"/luot/{run.pk}"))

    def test_the_log_is_capped_and_inert(self, as_role: AsRole) -> None:
        from hub.operations import journal
        from hub.operations.models import LogLine

        run = Run.objects.filter(source__name="ke-sach").latest("pk")
        log = journal.Journal("ke-sach", run.pk)
        log.technical("<script>alert(1)</script>\x00")
        for number in range(journal.MOST_LINES + 20):
            log.say("harvest", done=number)
        log.say("ended_failed")
        assert LogLine.objects.filter(run=run.pk).count() == journal.MOST_LINES
        html = body(as_role("it_staff").get(f"/luot/{run.pk}"))
        assert "&lt;script&gt;alert(1)" in html
        assert "Kết thúc không thành công" in html


@pytest.mark.usefixtures("troubled")
def test_the_calendar_has_words_for_every_day(as_role: AsRole) -> None:
    html = body(as_role("it_staff").get("/nguon/ke-sach/do-phu"))
    assert "<caption>" in html
    assert "đã thu hoạch" in html
    assert Source.objects.filter(name="ke-sach").exists()
