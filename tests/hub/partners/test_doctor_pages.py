"""The doctor's pages: a letter with an address of its own, a re-test with its differences, and no scanner of ports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from connectors.doctor.examine import Terms
from flows.sample_partners import Repository, serve
from hub.partners import checkups
from hub.partners.gate import AT_ONCE, MANY, REST, WITHIN, Gate, allowed_private
from hub.partners.models import Checkup
from schemas.problem import Trouble
from tests.connectors.partner import Reply, Server, identify, oai, serving
from tests.connectors.test_doctor import item


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkups, "TERMS", Terms(interval=0))
    monkeypatch.setattr(checkups, "GATE", Gate(clock=iter(range(0, 10**6, 100)).__next__))


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_DOCTOR_PRIVATE", "1")


@pytest.fixture
def partner() -> Iterator[str]:
    with serve({"x": Repository("x", [item(n) for n in range(40)])}) as base:
        yield f"{base}/x"


def text(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def examined(url: str, client: Client | None = None) -> tuple[str, str]:
    """The address and the words of the letter on ``url``."""
    client = client or Client()
    response = client.post("/bac-si", {"url": url})
    assert response.status_code == 302, text(response.content)
    address = response.headers["Location"]
    page = client.get(address)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    return address, text(page.content)


def test_the_form_asks_and_changes_nothing(catalog: Path) -> None:
    page = Client().get("/bac-si?url=https://x.example/oai%22%3E%3Cscript%3E")
    assert page.status_code == 200
    assert b"<script" not in page.content
    assert "Địa chỉ máy chủ OAI-PMH" in page.content.decode()
    assert Checkup.objects.count() == 0


def test_a_letter_in_both_languages(catalog: Path, private: None, partner: str) -> None:
    address, words = examined(partner)
    assert "Thu hoạch được trọn vẹn." in words
    assert "Địa chỉ là http, không bảo mật." in words
    assert "marcxml (marcxml)" in words
    client = Client()
    client.cookies["language"] = "en"
    english = text(client.get(address).content)
    assert "It can be harvested whole." in english
    assert "How to mend it:" in english


def test_after_mending_the_letter_says_what_was_mended(catalog: Path, private: None) -> None:
    answer: dict[str, Callable[[dict[str, str]], Reply | bytes]] = {"now": lambda _: Reply(b"<html/>", 500)}
    with serving(lambda asked: answer["now"](asked)) as server:
        _, first = examined(server.url)
        assert "Máy chủ báo lỗi của chính nó (HTTP 500)." in first
        assert "So với lần khám trước" not in first
        answer["now"] = lambda _: b"<html>x</html>"
        _, second = examined(server.url)
    assert "So với lần khám trước" in second
    assert second.count("Máy chủ báo lỗi của chính nó") == 1
    assert "Mới" in second
    assert Checkup.objects.count() == 2


def test_a_letter_nobody_wrote(catalog: Path) -> None:
    assert Client().get(f"/bac-si/{uuid4()}").status_code == 404
    assert Client().get("/bac-si/1").status_code == 404


def test_another_site_cannot_make_a_visitor_examine(catalog: Path, private: None, partner: str) -> None:
    assert Client(enforce_csrf_checks=True).post("/bac-si", {"url": partner}).status_code == 403
    assert Checkup.objects.count() == 0


@pytest.mark.parametrize(
    "url", ["", "ftp://x.example/", "http://a@x.example/", "gopher://x", "http://x.example:22/oai"]
)
def test_what_is_no_address_is_said(catalog: Path, url: str) -> None:
    page = Client().post("/bac-si", {"url": url})
    assert page.status_code == 400
    assert "Hãy ghi địa chỉ http:// hoặc https:// đầy đủ" in page.content.decode()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/oai", "http://[::1]/oai", "http://10.0.0.1/oai", "http://169.254.169.254/latest", "http://no-such-host.invalid/oai"]
)  # fmt: skip
def test_private_hosts_and_unknown_ones_look_the_same(catalog: Path, url: str) -> None:
    _, words = examined(url)
    host = url.split("/")[2]
    again = words.replace(url, "").replace(host, "").replace(host.strip("[]"), "")
    assert "Không nhận được câu trả lời nào từ địa chỉ này. Hậu quả" in again
    assert "nội bộ" not in again
    assert "kết nối được" not in again


def test_a_private_host_that_answers_is_not_asked(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: identify()) as server:
        page = Client().post("/bac-si", {"url": server.url})
        assert page.status_code == 400  # a port that is not usual
        monkeypatch.setattr("hub.partners.gate.WEB_PORTS", frozenset({int(server.url.split(":")[2].split("/")[0])}))
        _, words = examined(server.url)
        assert server.asked == []
    assert "Không nhận được câu trả lời nào từ địa chỉ này." in words


def source(folder: Path, server: Server, *, private: bool) -> None:
    (folder / "mot.yaml").write_text(
        "library: {code: VN-HP-0001, name: {vi: Một}, kind: public}\nconnector: oai_pmh\nformat: marcxml\n"
        f"options: {{url: '{server.url}', allow_private: {str(private).lower()}}}\n",
        encoding="utf-8",
    )
    (folder / "hong.yaml").write_text("library: [", encoding="utf-8")


def test_a_source_that_allows_it_opens_its_host_and_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_SOURCES", str(tmp_path))
    with serving(lambda _: oai("")) as server, serving(lambda _: oai("")) as other:
        source(tmp_path, server, private=True)
        assert allowed_private(server.url)
        with pytest.raises(Trouble):
            allowed_private(other.url)
        source(tmp_path, server, private=False)
        with pytest.raises(Trouble):
            allowed_private(server.url)
    assert not allowed_private("https://thuvien.example/oai")


def test_few_at_once_and_few_in_a_row() -> None:
    now = [0.0]
    gate = Gate(clock=lambda: now[0])
    with gate.through("a"):
        with pytest.raises(Trouble), gate.through("a"):
            pass
        with gate.through("b"):
            assert AT_ONCE == 2
            with pytest.raises(Trouble), gate.through("c"):
                pass
    with pytest.raises(Trouble), gate.through("a"):
        pass
    now[0] += REST
    for number in range(MANY - 2):
        with gate.through(f"host {number}"):
            pass
    with pytest.raises(Trouble), gate.through("one too many"):
        pass
    now[0] += WITHIN
    with gate.through("a"):
        pass


def test_a_visitor_is_told_to_come_back(
    catalog: Path, private: None, partner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkups, "GATE", Gate(clock=lambda: 0.0))
    examined(partner)
    page = Client().post("/bac-si", {"url": partner})
    assert page.status_code == 429
    assert "Xin thử lại sau ít phút." in page.content.decode()


def test_old_letters_are_forgotten(catalog: Path, private: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkups, "KEPT", 3)
    monkeypatch.setattr(checkups, "TERMS", replace(checkups.TERMS, limit=1))
    with serving(lambda _: b"<html/>") as server:
        for _ in range(5):
            examined(server.url)
    assert Checkup.objects.count() == 3


def test_what_a_server_sends_is_shown_inert(catalog: Path, private: None) -> None:
    with serving(lambda _: b"<html><script>alert(1)</script></html>") as server:
        address, words = examined(server.url)
        assert b"<script" not in Client().get(address).content
        assert "&lt;script&gt;alert(1)" in words
