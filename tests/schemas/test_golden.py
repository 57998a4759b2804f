"""Golden files: what each of our sample files says, record by record, named after the problem it holds.

Where an expectation is missing the test writes nothing: it prints what to review and to keep beside the file. A file
that must be read in a way of its own has that beside it, as JSON (``.reading``).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.format import Reading, find_format
from schemas.problem import Trouble
from schemas.record import RawRecord

GOLDEN = Path(__file__).parent.parent / "golden"
FORMATS = ("marc21", "csv", "oai_dc", "onix", "unimarc", "marcjson", "mrk", "mods", "qdc", "isis", "marcxml", "xlsx")
BESIDE = (".expected", ".reading")
FILES = [file for name in FORMATS for file in sorted((GOLDEN / name).glob("*")) if file.suffix not in BESIDE]


def said(file: Path) -> list[dict[str, object]]:
    kind = find_format(file.parent.name)
    beside = file.with_name(file.name + ".reading")
    reading = Reading(**json.loads(beside.read_text(encoding="utf-8"))) if beside.exists() else Reading()
    with file.open("rb") as stream:
        return [_record(kind.name, raw, reading) for raw in kind.split(stream, reading)]


def _record(name: str, raw: RawRecord, reading: Reading) -> dict[str, object]:
    found: dict[str, object] = {"identifier": raw.identifier, "place": raw.place}
    if raw.deleted:
        return found | {"deleted": True}
    try:
        problem = raw.problem
        record = find_format(name).parse(raw.body, reading) if problem is None else None
    except Trouble as trouble:
        problem, record = trouble.problem, None
    if problem is not None or record is None:
        assert problem is not None
        assert problem.sentence("vi")
        assert problem.sentence("en")
        return found | {"problem": problem.code}
    fields = [f"{tag} {content}".replace("\x1f", " $") for tag, content in record.fields]
    return found | {"leader": record.leader, "fields": fields}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_golden(file: Path) -> None:
    shown = json.dumps(said(file), ensure_ascii=False, indent=1) + "\n"
    expectation = file.with_name(file.name + ".expected")
    if not expectation.exists():
        pytest.fail(f"review this and keep it as {expectation}:\n{shown}")
    assert shown == expectation.read_text(encoding="utf-8")
