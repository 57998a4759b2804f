"""The commands for people and the audit trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from flows.cli import cli
from hub.accounts.models import User
from hub.network.models import Library
from schemas.problem import Trouble


@pytest.fixture
def run(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for module in ("users", "audit"):
        monkeypatch.setattr(f"flows.commands.{module}.ready", lambda: None)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), standalone_mode=False)

    return command


def test_the_first_administrator_comes_in_by_a_link(run: Any) -> None:
    done = run("users", "add", "Lan@x.example", "--role", "administrator")
    link = done.stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/dang-nhap/moi/")
    fields = {"name": "Nguyễn Thị Lan", "password": "một câu dễ nhớ", "again": "một câu dễ nhớ"}
    client = Client()
    assert client.post(link.removeprefix("http://127.0.0.1:8000"), fields).status_code == 302
    assert client.get("/quan-tri/tai-khoan").status_code == 200
    [row] = json.loads(run("users", "list", "--json").stdout)
    assert (row["email"], row["roles"]) == ("lan@x.example", [{"role": "administrator", "library": ""}])
    assert "Quản trị viên" in run("users", "list").stdout
    reset = run("users", "reset", "lan@x.example").stdout.strip().removeprefix("http://127.0.0.1:8000")
    assert Client().get(reset).status_code == 200


def test_what_cannot_be_is_said(run: Any) -> None:
    Library.objects.create(code="HP-TP", name_vi="Thư viện thành phố")
    for arguments, code in (
        (("add", "x", "--role", "administrator"), "email_wrong"),
        (("add", "a@x.example", "--role", "boss"), "role_unknown"),
        (("add", "a@x.example", "--role", "publisher"), "role_needs_library"),
        (("add", "a@x.example", "--role", "publisher", "--library", "HP"), "library_code_unknown"),
        (("reset", "a@x.example"), "user_unknown"),
        (("deactivate", "a@x.example"), "user_unknown"),
    ):
        done = run("users", *arguments)
        assert isinstance(done.exception, Trouble), arguments
        assert done.exception.problem.code == code
    assert run("users", "add", "a@x.example", "--role", "publisher", "--library", "HP-TP").exit_code == 0


def test_closing(run: Any) -> None:
    from tests.accounts_in_tests import somebody

    somebody("administrator")
    somebody("cataloger")
    assert run("users", "deactivate", "cataloger@lienthong.example").exit_code == 0
    assert not User.objects.get(email="cataloger@lienthong.example").is_active
    assert "(đã đóng)" in run("users", "list").stdout
    refused = run("users", "deactivate", "administrator@lienthong.example").exception
    assert refused.problem.code == "last_administrator"


def test_the_trail_and_its_head(run: Any, tmp_path: Path) -> None:
    run("users", "add", "lan@x.example", "--role", "administrator")
    assert "nguyên vẹn: 1 dòng" in run("audit", "verify").stderr
    assert json.loads(run("audit", "head").stdout)["number"] == 1
    file = tmp_path / "head.json"
    assert run("audit", "head", "-o", str(file)).exit_code == 0
    assert run("audit", "verify", "--head", str(file)).exit_code == 0
    file.write_text(file.read_text().replace('"number": 1', '"number": 2'))
    assert run("audit", "verify", "--head", str(file)).exception.problem.code == "audit_head_wrong"
