"""Fixtures of all tests: a data folder of their own, both databases, and the shared test data where they are."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_HOME = tempfile.mkdtemp(prefix="lienthong-tests-")
os.environ["LIENTHONG_HOME"] = _HOME
os.environ.pop("LIENTHONG_DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
os.environ.setdefault("PREFECT_HOME", str(Path(_HOME) / "prefect"))
os.environ["LIENTHONG_LANG"] = "vi"

from tests.databases import PostgreSQL, use_database  # noqa: E402

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _sweep() -> Iterator[None]:
    yield
    shutil.rmtree(_HOME, ignore_errors=True)


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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of our own on loopback for the whole run; skips where PostgreSQL is not installed."""
    with PostgreSQL.running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store(
    request: pytest.FixtureRequest,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: object,
) -> Iterator[str]:
    """A real, empty catalog in a database of its own, once on SQLite and once on PostgreSQL; commits are real."""
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.fresh_database()
    if url:
        monkeypatch.setenv("LIENTHONG_DATABASE_URL", url)
    with django_db_blocker.unblock(), use_database():  # type: ignore[attr-defined]
        yield request.param


@pytest.fixture
def catalog(home: Path, django_db_blocker: object) -> Iterator[Path]:
    """A real, empty catalog on SQLite, for tests in which the database does not matter."""
    with django_db_blocker.unblock(), use_database():  # type: ignore[attr-defined]
        yield home


@pytest.fixture
def as_role() -> Callable[..., Any]:
    """``as_role("cataloger")``, ``as_role("partner_librarian", "VN-HP-0001")``: a client that is signed in.

    The test's own fixture gives the catalog; the user is ``client.user``.
    """

    def signed_in(role: str, library: str = "", **options: Any) -> Any:
        from tests.accounts_in_tests import client_of, somebody

        user = somebody(role, library)
        client = client_of(user, **options)
        client.user = user
        return client

    return signed_in
