"""The law of every format: whatever bytes come in, reading gives records, problems, or :class:`Trouble`; nothing else."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.format import Format, Reading, find_format
from schemas.problem import Trouble
from schemas.record import Record

GOLDEN = Path(__file__).parent.parent / "golden"
NAMES = ("csv", "xlsx", "oai_dc", "onix", "unimarc", "marcjson", "mrk")


def _workbook() -> bytes:
    workbook = openpyxl.Workbook()
    for row in (["Tên sách", "Tác giả", "Năm XB"], ["Dế Mèn", "Tô Hoài", 2015]):
        workbook.active.append(row)  # type: ignore[union-attr]
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _samples(name: str) -> list[bytes]:
    if name == "xlsx":
        return [_workbook()]
    return [file.read_bytes() for file in sorted((GOLDEN / name).glob("*")) if file.suffix != ".expected"]


SAMPLES = {name: _samples(name) for name in NAMES}
READINGS = st.sampled_from(
    [Reading(), Reading(encoding="tcvn3"), Reading(encoding="utf-16"), Reading(columns={"A": "title"})]
)


def lawful(kind: Format, data: bytes, reading: Reading) -> None:
    bodies = [data]
    with contextlib.suppress(Trouble):
        bodies += [raw.body for raw in kind.split(io.BytesIO(data), reading)]
    for body in bodies:
        with contextlib.suppress(Trouble):
            record = kind.parse(body, reading)
            assert Record.unpack(record.pack()) == record
            record.pack().encode()


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=200), reading=READINGS)
@settings(max_examples=60, deadline=None)
def test_any_bytes(name: str, data: bytes, reading: Reading) -> None:
    lawful(find_format(name), data, reading)


@pytest.mark.parametrize("name", NAMES)
@given(draw=st.data())
@settings(max_examples=80, deadline=None)
def test_damaged_files(name: str, draw: st.DataObject) -> None:
    data = bytearray(draw.draw(st.sampled_from(SAMPLES[name])))
    for _ in range(draw.draw(st.integers(1, 6))):
        at = draw.draw(st.integers(0, len(data) - 1))
        match draw.draw(st.sampled_from(["flip", "cut", "add", "double"])):
            case "flip":
                data[at] = draw.draw(st.integers(0, 255))
            case "cut":
                del data[at : at + draw.draw(st.integers(1, 40))]
            case "add":
                data[at:at] = draw.draw(st.binary(min_size=1, max_size=6))
            case _:
                data[at:at] = data[at : at + draw.draw(st.integers(1, 60))]
        data = data or bytearray(b" ")
    lawful(find_format(name), bytes(data), draw.draw(READINGS))
