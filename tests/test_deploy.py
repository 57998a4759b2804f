"""What a server is set up with: the units are units, the compose file is one, what they name exists, no secret in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from flows.cli import cli

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
COMMANDS = DEPLOY.parent / "docs" / "commands.md"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_we_have(unit: Path) -> None:
    [line] = re.findall(r"^ExecStart=/opt/lienthong/.venv/bin/lienthong (.*)$", unit.read_text(encoding="utf-8"), re.M)
    name, *options = line.split()
    known = {option for parameter in cli.commands[name].params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(encoding="utf-8"), flags=re.M)
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert said == []


def test_the_compose_file_has_the_services_and_opens_the_portal_on_this_machine_only() -> None:
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(content["services"]) == {"database", "lienthong"}
    hub = content["services"]["lienthong"]
    assert hub["ports"] == ["127.0.0.1:8000:8000"]
    assert (DEPLOY / hub["build"]["context"] / hub["build"]["dockerfile"]).is_file()
    named = {volume.partition(":")[0] for service in content["services"].values() for volume in service["volumes"]}
    assert named == set(content["volumes"])


def test_the_example_lets_the_machine_itself_ask() -> None:
    """The health checks of the containers and of the proxy ask at 127.0.0.1 and localhost."""
    text = (DEPLOY / "lienthong.env.example").read_text(encoding="utf-8")
    hosts = re.search(r"^LIENTHONG_HOSTS=(.*)$", text, re.M)
    assert hosts
    assert {"127.0.0.1", "localhost"} <= set(hosts[1].split(","))


def test_what_is_set_is_a_setting_and_no_secret_stands_there() -> None:
    documented = set(re.findall(r"LIENTHONG_[A-Z_]+[A-Z]", COMMANDS.read_text(encoding="utf-8")))
    for path in sorted(DEPLOY.rglob("*")):
        if not path.is_file() or path.name in ("lienthong.env", ".env"):
            continue
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"LIENTHONG_[A-Z_]+[A-Z]", text)) <= documented, path.name
        for value in re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEY|TOKEN)\w*\s*[:=]\s*(\S+)", text, re.M):
            assert value.startswith("${"), f"{path.name}: {value}"
        assert not re.search(r"://\w+:(?!\$\{)[^@\s]+@", text), path.name
