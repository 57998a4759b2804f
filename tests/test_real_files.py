"""Every file of real records that is shared: each input in it is read, or rejected with a reason; nothing else happens.

Files are walked by what they hold, members of tar files too. Of the largest files the first 3,000 records are read;
``LIENTHONG_FULL=1`` reads all.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from connectors.oai_page import find_error, read_headers, read_list, read_record, read_root
from schemas.damage import parse_mended
from schemas.format import Reading, find_format
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord, Record
from schemas.xml import local_name
from tests.connectors.recorded import cassettes

MOST = None if os.environ.get("LIENTHONG_FULL", "0") not in ("", "0") else 3_000
FOLDERS = ("marc21", "unimarc", "onix", "mods_mets/mods", "dedup/aco", "dedup/princeton_pymarc_dedupe", "csv_xlsx")
SHEETS = (".xlsx", ".xls", ".ods")
TABLES = (".csv", ".tsv")


def members(file: Path) -> Iterator[tuple[str, bytes]]:
    """The files in a file: itself, or what is packed in it."""
    data = file.read_bytes()
    if file.name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                stream = packed.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield f"{file.name}!{member.name}", stream.read()
    elif file.suffix == ".gz":
        yield file.stem, gzip.decompress(data)
    else:
        yield file.name, data


def kind_of(name: str, data: bytes) -> str:
    """The format a source of such a file would be given."""
    small, start = name.lower(), data[:8192].lstrip(b"\xef\xbb\xbf \r\n\t")
    if small.endswith(SHEETS):
        return "xlsx"
    if small.endswith(TABLES):
        return "csv"
    if small.endswith(".mrk") or start.startswith((b"=LDR", b"=000")):
        return "mrk"
    if start.startswith(b"<"):
        return _kind_of_xml(data)
    return "marcjson" if start[:1] in (b"{", b"[") else "marc21"


def _kind_of_xml(data: bytes) -> str:
    signs = (
        (b"<(?:[\\w.-]+:)?mods[\\s>]", "mods"), (b"ONIX[Mm]essage", "onix"), (b"dcterms|qualifieddc", "qdc"),
        (b"controlfield|MARC21/slim|<leader", "marcxml"), (b"purl\\.org/dc", "oai_dc"),
    )  # fmt: skip
    return next((name for sign, name in signs if re.search(sign, data)), "marcxml")


def outcome(form: str, raw: RawRecord) -> str:
    """``read``, ``deleted``, or the code of the reason for which an input is rejected."""
    if raw.problem is not None:
        return reasoned(raw.problem)
    if raw.deleted and not raw.body:
        return "deleted"
    try:
        record, _ = parse_mended(find_format(form), raw.body, Reading())
    except Trouble as trouble:
        return reasoned(trouble.problem)
    assert Record.unpack(record.pack()) == record, raw.place
    assert len(record.leader) == 24, raw.place
    return "read"


def reasoned(problem: Problem) -> str:
    """The code of a problem that a person can be told in both languages."""
    for language in ("vi", "en"):
        assert "{" not in problem.sentence(language).replace("{}", "") or problem.code == "marc_not_iso2709"
    return problem.code


def walked(form: str, data: bytes, counts: Counter[str]) -> int:
    """Read one file; how many inputs it had."""
    inputs = 0
    try:
        for raw in islice(find_format(form).split(io.BytesIO(data), Reading()), MOST):
            inputs += 1
            counts[outcome(form, raw)] += 1
    except Trouble as trouble:
        counts[f"file: {reasoned(trouble.problem)}"] += 1
    return inputs


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_input_is_read_or_rejected_with_a_reason(shared: Path, folder: str) -> None:
    forms: dict[str, Counter[str]] = {}
    files = inputs = 0
    for file in sorted((shared / "data" / folder).rglob("*")):
        if not file.is_file():
            continue
        for name, data in members(file):
            form = kind_of(name, data)
            if folder == "unimarc" or "unimarc" in file.parts:
                form = "unimarc"
            if folder == "onix":
                form = "onix"
            files += 1
            inputs += walked(form, data, forms.setdefault(form, Counter()))
    for form, counts in sorted(forms.items()):
        print(f"{folder} {form}: {dict(counts.most_common())}")
    counted = sum(n for counts in forms.values() for code, n in counts.items() if not code.startswith("file: "))
    read = sum(counts["read"] for counts in forms.values())
    print(f"{folder}: {files} files, {inputs} inputs, {read} read, {inputs - read} rejected or deleted")
    assert counted == inputs
    assert read > 0.9 * inputs or folder.startswith("dedup/princeton")


def answer(body: bytes, counts: Counter[str]) -> None:
    """Read one answer of OAI-PMH as a harvest would, and count what becomes of it and of its records."""
    try:
        root = read_root(body)
    except Trouble as trouble:
        counts[f"page: {reasoned(trouble.problem)}"] += 1
        return
    if (error := find_error(root)) is not None:
        counts[f"error: {error.code}"] += 1
        return
    verb = next((local_name(child) for child in root if local_name(child) not in ("responseDate", "request")), "")
    try:
        records = _records(root, verb)
    except Trouble as trouble:
        counts[f"page: {reasoned(trouble.problem)}"] += 1
        return
    counts[f"answers: {verb or 'none'}"] += 1
    for raw in records:
        counts["header" if verb == "ListIdentifiers" else outcome(_kind_of_xml(raw.body), raw)] += 1


def _records(root: object, verb: str) -> list[RawRecord]:
    if verb == "ListRecords":
        return list(read_list(root, 1).records)
    if verb == "ListIdentifiers":
        return list(read_headers(root, 1).records)
    return [read_record(root)] if verb == "GetRecord" else []


def test_every_recorded_answer_of_oai_is_read_or_refused_with_a_reason(shared: Path) -> None:
    folder, answers, other = shared / "data/oai", Counter[str](), Counter[str]()
    for file in sorted(folder.rglob("*.xml")):
        body = file.read_bytes()
        if "sru" in file.parent.name:
            walked(kind_of(file.name, body), body, other)
        else:
            answer(body, answers)
    hosts = {urlsplit(uri).hostname or "" for uri in _addresses(folder / "zenodo_cassettes")}
    for host in sorted(hosts):
        for recording in cassettes(folder / "zenodo_cassettes", host):
            answer(recording.body, answers)
    print(f"OAI-PMH: {dict(answers.most_common())}")
    print(f"SRU: {dict(other.most_common())}")
    assert answers["read"] > 100
    assert answers["answers: ListRecords"] >= 10
    assert other["read"] >= 30


def _addresses(folder: Path) -> list[str]:
    return [found for path in folder.glob("*.yaml") for found in re.findall(r"uri: (\S+)", path.read_text("utf-8"))]
