"""The architecture is a test: imports point one way, format and lint are clean, functions and modules stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CODE = [p for top in ("flows", "hub", "connectors", "schemas") for p in (PROJECT / top).rglob("*.py")]


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_point_one_way() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_format_and_lint() -> None:
    _run("ruff", "format", "--check", ".")
    _run("ruff", "check", ".")


def test_types() -> None:
    _run("mypy")


def test_modules_and_functions_are_small() -> None:
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 500, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{path}: {node.name}"


def test_every_module_says_what_it_is_for() -> None:
    for path in CODE:
        if "migrations" not in path.parts:
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
