"""The command line as its users meet it: what they type, what they see, the status it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What a command gave: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The last line a person saw: where something went wrong, what is wrong, where, and how to mend it."""
        return self.err.strip().splitlines()[-1]


Command = Callable[..., Answer]


@pytest.fixture
def lienthong(catalog: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process, on an empty catalog of its own; messages are in English."""
    monkeypatch.setenv("LIENTHONG_LANG", "en")

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["lienthong", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Answer(int(end.value.code or 0), out, err)

    return run


@pytest.fixture
def process(home: Path) -> Command:
    """Run a command in a process of its own; keyword arguments are environment variables."""

    def run(*arguments: object, timeout: float = 120, **environment: object) -> Answer:
        done = subprocess.run(
            command(*arguments),
            env=surroundings(home, **environment),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


def command(*arguments: object) -> list[str]:
    """The command line of a process of ours."""
    return [sys.executable, "-m", "flows.cli", *map(str, arguments)]


def surroundings(home: Path, **environment: object) -> dict[str, str]:
    """The environment of a process of ours: its data lie in ``home``, its messages are in English."""
    own = {"LIENTHONG_HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "LIENTHONG_LANG": "en"}
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **own, "PYTHONPATH": path, **{name: str(value) for name, value in environment.items()}}


@pytest.fixture
def sources(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of sources that the environment names."""
    folder = tmp_path_factory.mktemp("sources")
    monkeypatch.setenv("LIENTHONG_SOURCES", str(folder))
    return folder


def balanced(ledger: dict[str, Any]) -> bool:
    """Whether received = created + updated + unchanged + deleted + rejected."""
    parts = ("created", "updated", "unchanged", "deleted", "rejected")
    return bool(ledger["received"] == sum(ledger[part] for part in parts))
