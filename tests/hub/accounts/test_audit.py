"""The audit trail: only added to, whole or caught, on both databases."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from hub.accounts import audit, verify
from hub.accounts.models import AuditEvent, AuditHead
from schemas.problem import Trouble


def written(count: int = 5) -> None:
    for n in range(count):
        audit.record("lan@x.example", "match.decided", f"LT-{n}", verdict="SAME", score=0.1 * n, of=[1, "hai", None])


def unguarded(sql: str, *values: Any) -> None:
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        else:
            cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def code(head: dict[str, Any] | None = None) -> tuple[str, Any]:
    with pytest.raises(Trouble) as caught:
        verify.verify(head)
    return caught.value.problem.code, int(caught.value.problem.facts["number"])


def test_a_whole_trail(store: str) -> None:
    assert verify.verify() == 0
    written()
    facts = {
        "a": 1.0,
        "b": 1e22,
        "c": 0.1,
        "d": 1e-7,
        "e": {"z": 1, "ă": "ế\x00"},
        "f": {3, 1},
        "g": True,
        5: "key",
        "h": 2**62,
    }
    audit.record("ai\x00 đó", "x" * 100, "y" * 400, **{str(key): value for key, value in facts.items()})
    assert verify.verify() == 6
    assert verify.verify(verify.signed_head()) == 6


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditevent SET by = 'x'",
        "DELETE FROM accounts_auditevent",
        "DELETE FROM accounts_auditevent WHERE number = 5",
    ],
)
def test_the_database_refuses_to_change_a_row(store: str, sql: str) -> None:
    written()
    if store == "postgresql":
        sql = sql.replace(" by ", ' "by" ')
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.get(number=3).delete()
    assert verify.verify() == 5


def test_truncating_is_refused(store: str) -> None:
    written()
    if store == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE accounts_auditevent")
    assert AuditEvent.objects.count() == 5


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE accounts_auditevent SET about = 'LT-9' WHERE number = 3", ("audit_changed", 3)),
        ("UPDATE accounts_auditevent SET facts = '{}' WHERE number = 2", ("audit_changed", 2)),
        ("UPDATE accounts_auditevent SET hash = previous WHERE number = 4", ("audit_changed", 4)),
        ("DELETE FROM accounts_auditevent WHERE number = 2", ("audit_missing", 2)),
        ("DELETE FROM accounts_auditevent WHERE number = 1", ("audit_missing", 1)),
        ("DELETE FROM accounts_auditevent WHERE number >= 4", ("audit_cut", 4)),
    ],
)
def test_the_first_bad_row_is_named(store: str, sql: str, found: tuple[str, int]) -> None:
    written()
    unguarded(sql)
    assert code() == found


def test_a_tail_that_is_cut_with_its_head_is_seen_with_a_head_kept_elsewhere(store: str) -> None:
    written()
    kept = verify.signed_head()
    unguarded("DELETE FROM accounts_auditevent WHERE number >= 4")
    last = AuditEvent.objects.get(number=3)
    AuditHead.objects.update(number=3, hash=last.hash)
    assert verify.verify() == 3, "by itself it looks whole"
    assert code(kept) == ("audit_cut", 4)
    audit.record("x", "other", "x")
    audit.record("x", "other", "x")
    assert verify.verify() == 5
    assert code(kept) == ("audit_rewritten", 5)


def test_a_head_that_this_hub_has_not_signed(store: str, tmp_path: Path) -> None:
    written()
    head, file = verify.signed_head(), tmp_path / "head.json"
    file.write_text(json.dumps(head))
    assert verify.read_head(file) == head
    for spoiled in (json.dumps(head | {"number": 4}), json.dumps(head | {"hash": "0" * 64}), "[]", "{}", "no", "5"):
        file.write_text(spoiled)
        with pytest.raises(Trouble, match="is not a head"):
            verify.read_head(file)


def test_a_row_is_written_with_its_act_or_not_at_all(store: str) -> None:
    written(2)

    def act() -> None:
        with transaction.atomic():
            audit.record("x", "broken", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    audit.record("x", "whole", "x")
    assert verify.verify() == 3
    assert not AuditEvent.objects.filter(act="broken").exists()


def test_several_writers_make_one_chain(store: str) -> None:
    wrong: list[Exception] = []

    def write(name: str) -> None:
        try:
            for n in range(10):
                audit.record(name, "written", str(n))
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert verify.verify() == 40


def test_what_was_written_before_is_kept_and_sealed(store: str) -> None:
    """The migration takes the rows of the table as it was in the catalog."""
    from django.db.migrations.executor import MigrationExecutor

    before, after = ("catalog", "0008_questions_and_choices"), ("catalog", "0009_audit_trail_moves")
    from importlib import import_module

    from django.apps.registry import Apps
    from django.utils import timezone

    move = import_module("hub.catalog.migrations.0009_audit_trail_moves")
    old_apps: Apps = MigrationExecutor(connection).loader.project_state([before, ("accounts", "0002_append_only")]).apps
    old = old_apps.get_model("catalog", "AuditEvent")
    with connection.schema_editor() as editor:
        editor.create_model(old)
    for n in range(600):
        old.objects.create(
            at=timezone.now(), by="Cô Lan", act="hold.released", about="thanh-pho", facts={"hold": n, "share": 0.25}
        )
    with connection.schema_editor() as editor:
        move.chain(old_apps, editor)
    assert after[1] in move.__name__
    assert verify.verify() == 600
    assert AuditEvent.objects.get(facts__hold=599).number == 600
