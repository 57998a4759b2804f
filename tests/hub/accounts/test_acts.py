"""Every act that the code writes into the audit trail has its words in ``hub/accounts/acts.py``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import hub
from hub.accounts.acts import ACTS

PROJECT = Path(hub.__file__).parent.parent
WRITERS = {"audit", "audit.record", "trail.record", "writes.audit"}


def written() -> Iterator[str]:
    for path in [*PROJECT.glob("hub/**/*.py"), *PROJECT.glob("flows/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in WRITERS and len(node.args) > 1:
                act = node.args[1]
                choices = (act.body, act.orelse) if isinstance(act, ast.IfExp) else (act,)
                yield from (choice.value for choice in choices if isinstance(choice, ast.Constant))


def test_every_act_has_its_words() -> None:
    acts = set(written())
    assert len(acts) > 40
    assert sorted(acts - ACTS.keys()) == [], "add them to ACTS in hub/accounts/acts.py, and their translation"
