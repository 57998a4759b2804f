"""Fixtures of all tests: a data folder of their own, both databases, and the shared test data where they are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

_HOME = tempfile.mkdtemp(prefix="lienthong-tests-")
os.environ["LIENTHONG_HOME"] = _HOME
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
os.environ.setdefault("PREFECT_HOME", str(Path(_HOME) / "prefect"))
os.environ.setdefault("LIENTHONG_LANG", "vi")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data (``LIENTHONG_SHARED``, by default beside the checkout); skips where it is absent."""
    folder = Path(os.environ.get("LIENTHONG_SHARED", PROJECT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("the shared test data are not here: set LIENTHONG_SHARED")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder for one test."""
    monkeypatch.setenv("LIENTHONG_HOME", str(tmp_path))
    return tmp_path
