"""pymarc is the reference: on real records of many libraries, every field equals pymarc's.

Where leader/09 does not say what the bytes are, ours goes by the bytes; those records are compared with pymarc told so.
``LIENTHONG_EVERY_RECORD=1`` compares every record of every file instead of the first ones.
"""

from __future__ import annotations

import gzip
import io
import os
import warnings
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pymarc
import pytest

from schemas import marc21, marcxml
from schemas.format import Reading
from schemas.problem import Trouble
from schemas.record import Record, is_control, subfields

MOST = None if os.environ.get("LIENTHONG_EVERY_RECORD") else 400
READING = Reading()
DAMAGED = (  # the directory does not fit the fields: ours takes the fields by their terminators, pymarc cuts them wrongly
    "simple_authority.mrc", "simple_holdings.mrc", "dasrmischepriv00rein_meta.mrc", "lesabndioeinas00sche_meta.mrc",
    "poganucpeoplethe00stowuoft_meta.mrc", "upei_short_008.mrc",
    "baddir.usmarc",  # a directory that is no directory: ours rejects the record
    # a subfield code beyond ASCII: ours keeps the letter, pymarc writes another
    "bad_subfield_code.dat", "bad_subfield_code.marc", "utf8_invalid.mrc", "marc-all.marc", "marc2.json.marc",
    "marc2.marc", "marc2.xml.marc", "marc5.json.marc", "marc5.xml.marc",
    # Danish in Latin-1 and Russian in CP1251 that declare MARC-8: pymarc makes other letters of it, ours asks for the
    # encoding, or reads it where the other records of the source say it; the last has Latin-1 signs for apostrophes
    "marc1.marc", "marc10.marc", "marc11.marc", "1251.dat", "jazz_1k.mrc",
)  # fmt: skip


def fields_of(record: Record) -> list[Any]:
    return [(tag, text) if is_control(tag) else (tag, text[:2], subfields(text)) for tag, text in record.fields]


def fields_of_pymarc(record: pymarc.Record) -> list[Any]:
    return [
        (f.tag, f.data)
        if f.is_control_field()
        else (f.tag, "".join(i[:1] or " " for i in f.indicators), [(s.code, s.value) for s in f.subfields])
        for f in record.fields
    ]


def by_pymarc(body: bytes) -> pymarc.Record:
    """As pymarc reads it; what is UTF-8 beyond ASCII though the leader says otherwise is read as UTF-8."""
    try:
        body.decode()
        lies = not body.isascii() and body[9:10] != b"a"
    except UnicodeDecodeError:
        lies = False
    body = body[:9] + b"a" + body[10:] if lies else body
    return pymarc.Record(data=body, to_unicode=True, hide_utf8_warnings=True)


def compared(body: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = fields_of_pymarc(by_pymarc(body))
        except Exception:
            theirs = None
    try:
        ours = fields_of(marc21.parse(body, READING))
    except Trouble:
        ours = None
    if theirs is None:
        return "neither" if ours is None else "ours only"
    return "pymarc only" if ours is None else "equal" if ours == theirs else "differ"


def iso_files(shared: Path) -> list[Path]:
    found = []
    for path in sorted((shared / "data/marc21").rglob("*")):
        if path.is_file() and not path.name.endswith((".tar.gz", ".tgz")):
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
                start = stream.read(4096)
            if start[:5].isdigit() and b"\x1e" in start:
                found.append(path)
    return found


def test_iso_2709_equals_pymarc_on_real_records(shared: Path) -> None:
    counts: Counter[str] = Counter()
    odd = []
    for path in iso_files(shared):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for raw in islice(marc21.split(stream, READING), MOST):
                outcome = compared(raw.body)
                counts[outcome] += 1
                if outcome in ("differ", "pymarc only") and not path.name.endswith(DAMAGED):
                    odd.append(f"{path.name} {raw.place}: {outcome}")
    print(dict(counts), *odd, sep="\n")
    assert counts["equal"] > 3_000
    assert not odd


def test_marcxml_equals_pymarc_on_real_records(shared: Path) -> None:
    compared_records = 0
    for path in sorted((shared / "data/marc21").rglob("*.xml")):
        try:
            theirs = pymarc.parse_xml_to_array(io.BytesIO(path.read_bytes()))
        except Exception:
            continue
        with path.open("rb") as stream:
            raws = [raw for raw in marcxml.split(stream, READING) if raw.problem is None]
        if len(raws) != len(theirs):
            continue
        for raw, reference in list(zip(raws, theirs, strict=True))[:MOST]:
            if (
                reference is None
                or not reference.fields
                or any(f.is_control_field() and f.data is None for f in reference)
            ):
                continue  # nothing pymarc could read, or a control field with subfields in it
            if any(len(field.tag) != 3 for field in reference):
                with pytest.raises(Trouble, match="tag"):  # pymarc keeps it, and writes what cannot be read
                    marcxml.parse(raw.body, READING)
                continue
            ours = fields_of(marcxml.parse(raw.body, READING))
            assert ours == fields_of_pymarc(reference), f"{path.name} {raw.place}"
            compared_records += 1
    assert compared_records > 100
