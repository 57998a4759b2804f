"""Settings of a source: the form keeps the comments, the difference comes first, and the desk may not write everything."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.accounts.models import AuditEvent
from hub.operations.models import Contact, Message
from hub.sources import load_source
from tests.connectors.partner import serving
from tests.hub.operations.test_desk import body
from tests.hub.operations.test_requests import OAI, sources
from tests.hub.operations.test_wizard import answer

assert sources
AsRole = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("catalog", "sources")
COMMENTED = OAI.replace("format: marcxml\n", 'format: marcxml   # bản đầy đủ\nschedule: "0 2 * * *"  # mỗi đêm\n')


def after(page: str) -> tuple[str, str]:
    """(the text that would be written, the digest of what it replaces)."""
    text = re.search(r"<textarea name=\"text\" hidden>\n?(.*?)</textarea>", page, re.S)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert text
    assert digest
    return entities.unescape(text[1]), digest[1]


def test_the_form_changes_one_value_and_keeps_the_comments(as_role: AsRole, sources: Path) -> None:
    (sources / "a.yaml").write_text(COMMENTED, encoding="utf-8")
    staff = as_role("it_staff")
    page = body(staff.get("/nguon/a/cai-dat"))
    assert 'value="hằng ngày lúc 02:00"' in page
    difference = body(
        staff.post("/nguon/a/cai-dat", {"act": "form", "schedule": "thứ hai hằng tuần 3:30", "options.set": "sach"})
    )
    assert "+ schedule: 30 3 * * 1  # mỗi đêm" in difference
    assert load_source("a").entry.schedule == "0 2 * * *", "nothing is written yet"
    text, digest = after(difference)
    assert staff.post("/nguon/a/cai-dat", {"act": "save", "text": text, "digest": digest}).status_code == 302
    assert load_source("a").entry.schedule == "30 3 * * 1"
    assert load_source("a").options.model_dump()["set"] == "sach"
    assert "# bản đầy đủ" in (sources / "a.yaml").read_text(encoding="utf-8")
    assert AuditEvent.objects.get(act="source.file.changed").by == staff.user.signature


def test_what_is_the_same_changes_nothing(as_role: AsRole, sources: Path) -> None:
    (sources / "a.yaml").write_text(COMMENTED, encoding="utf-8")
    given = {"act": "form", "schedule": "hằng ngày lúc 02:00", "trust": ""}
    assert "Không có gì thay đổi" in body(as_role("it_staff").post("/nguon/a/cai-dat", given))


def test_the_text_itself_with_windows_line_ends(as_role: AsRole) -> None:
    given = {"act": "text", "text": OAI.replace("marcxml", "oai_dc").replace("\n", "\r\n")}
    page = body(as_role("it_staff").post("/nguon/a/cai-dat", given))
    assert after(page)[0] == OAI.replace("marcxml", "oai_dc")


def test_somebody_was_faster(as_role: AsRole, sources: Path) -> None:
    staff = as_role("it_staff")
    text, digest = after(body(staff.post("/nguon/a/cai-dat", {"act": "form", "trust": "80"})))
    (sources / "a.yaml").write_text(OAI + "# người khác\n", encoding="utf-8")
    assert "vừa được người khác sửa" in body(
        staff.post("/nguon/a/cai-dat", {"act": "save", "text": text, "digest": digest}), 400
    )
    assert (sources / "a.yaml").read_text(encoding="utf-8").endswith("# người khác\n")


WRONG = {
    "unknown key": OAI + "tin_cay: 80\n",
    "no yaml": "library: {",
    "another private address": OAI.replace("127.0.0.1:9", "10.0.0.7:80"),
    "a path of the machine": OAI.replace("oai_pmh", "files").replace('{url: "http://127.0.0.1:9/oai", allow_private: true}', "{path: /etc/passwd}"),
    "a path that climbs": OAI.replace("oai_pmh", "files").replace('{url: "http://127.0.0.1:9/oai", allow_private: true}', "{path: ../../etc}"),
    "the hub's own key": OAI.replace("oai_pmh", "rest").replace("marcxml", "marcjson").replace(
        "allow_private: true", "allow_private: true, username: x, password_env: LIENTHONG_SECRET_KEY"),
    "too long": OAI + "#" * 200_001,
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_what_the_desk_may_not_write(why: str, as_role: AsRole, sources: Path) -> None:
    staff = as_role("it_staff")
    assert 'role="alert"' in body(staff.post("/nguon/a/cai-dat", {"act": "text", "text": WRONG[why]}), 400)
    digest = after(body(staff.post("/nguon/a/cai-dat", {"act": "form", "trust": "80"})))[1]
    body(staff.post("/nguon/a/cai-dat", {"act": "save", "text": WRONG[why], "digest": digest}), 400)
    assert (sources / "a.yaml").read_text(encoding="utf-8") == OAI


def test_what_an_operator_has_allowed_stays_allowed(as_role: AsRole) -> None:
    after(body(as_role("it_staff").post("/nguon/a/cai-dat", {"act": "form", "options.interval": "2s"})))


def test_a_broken_file_can_be_mended(as_role: AsRole, sources: Path) -> None:
    (sources / "a.yaml").write_text(OAI + "tin_cay: 80\n", encoding="utf-8")
    staff = as_role("it_staff")
    assert "tin_cay" in body(staff.get("/dieu-hanh"))
    assert "tin_cay" in body(staff.get("/nguon/a/cai-dat"))
    after(body(staff.post("/nguon/a/cai-dat", {"act": "text", "text": OAI})))


def test_the_partner_is_asked(as_role: AsRole, sources: Path) -> None:
    staff = as_role("it_staff")
    with serving(answer) as server:
        (sources / "a.yaml").write_text(OAI.replace("http://127.0.0.1:9/oai", server.url), encoding="utf-8")
        assert "Đối tác trả lời" in body(staff.post("/nguon/a/cai-dat/kiem-tra"))
    assert 'class="notes" role="status"' in body(staff.post("/nguon/a/cai-dat/kiem-tra"))


def test_unknown_and_by_get(as_role: AsRole) -> None:
    staff = as_role("it_staff")
    body(staff.get("/nguon/none/cai-dat"), 404)
    body(staff.get("/nguon/a/cai-dat/kiem-tra"), 405)
    body(as_role("cataloger").get("/nguon/a/cai-dat"), 403)
    body(as_role("partner_librarian", "TV-1").get("/nguon/a/cai-dat"), 403)


def test_contacts_are_added_tried_changed_and_removed(as_role: AsRole) -> None:
    staff = as_role("it_staff")
    given = {
        "name": "Chị Lan",
        "email": "lan@x.vn",
        "about": "source:a",
        "on_failure": "on",
        "digest": "daily",
        "language": "vi",
        "active": "on",
    }
    assert staff.post("/dieu-hanh/lien-he", given).status_code == 302
    made = Contact.objects.get()
    assert (made.source, made.on_failure, made.on_silence, made.digest) == ("a", True, False, "daily")
    staff.post(f"/dieu-hanh/lien-he/{made.pk}", {"act": "test"})
    assert Message.objects.get().kind == "test"
    staff.post(f"/dieu-hanh/lien-he/{made.pk}", given | {"name": "Anh Ba", "about": ""})
    made.refresh_from_db()
    assert (made.name, made.source) == ("Anh Ba", "")
    assert "Anh Ba" in body(staff.get(f"/dieu-hanh/lien-he/{made.pk}"))
    assert "thư điện tử" in body(staff.post("/dieu-hanh/lien-he", given | {"email": "x"}), 400)
    staff.post(f"/dieu-hanh/lien-he/{made.pk}", {"act": "remove"})
    assert not Contact.objects.exists()
    body(staff.get(f"/dieu-hanh/lien-he/{made.pk}"), 404)
