"""What a library takes back into its own system: the union catalog's numbers of its records, and better records.

A folder of its own, which appears when it is whole: ``numbers.csv`` (each of its records with the union record it is
part of), ``improved.mrc``, ``improved.xml`` and ``improved.csv`` (the records that gain something, with the library's
own numbers, see :mod:`hub.stages.cleaning`), and their SHA-256 sums.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from hub.catalog import bulk
from hub.catalog.models import Bib, Member, Record, Source, Union
from hub.catalog.reads import union_uid
from hub.network.models import Library
from hub.provide.oai_text import base_url, identifier
from hub.stages import cleaning
from schemas.problem import Trouble
from schemas.record import Record as Content

HEADER = ("source", "identifier", "control_number", "union", "members", "oai_identifier", "address")
IMPROVED = {"improved.mrc": "marc21", "improved.xml": "marcxml", "improved.csv": "csv"}
BATCH = 5_000


def write(library: str, target: Path) -> list[tuple[str, Trouble]]:
    """Write the files of a library into a folder that is not there yet, or holds such files already.

    Returns the records that MARC 21 cannot hold. :class:`Trouble` ``library_not_there`` or ``folder_not_ours``.
    """
    if not Library.objects.filter(pk=library).exists():
        known = ", ".join(Library.objects.order_by("code").values_list("code", flat=True)[:50])
        raise Trouble("library_not_there", code=library, known=known or "–")
    ours = {"numbers.csv", "SHA256SUMS", *IMPROVED}
    if target.exists() and not (target.is_dir() and ours.issuperset(path.name for path in target.iterdir())):
        raise Trouble("folder_not_ours", path=target)
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        refused: list[tuple[str, Trouble]] = []
        with (part / "numbers.csv").open("wb") as stream:
            numbers(library, stream)
        for name, form in IMPROVED.items():
            with (part / name).open("wb") as stream:
                refused += cleaning.improved(library, form, stream)
        sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(part.iterdir())]
        (part / "SHA256SUMS").write_text("".join(sums))
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return refused


def numbers(library: str, stream: BinaryIO) -> None:
    """The library's records in the union catalog as CSV, in the order of their numbers here."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(library))
    text.detach()


def _rows(library: str) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        rows = bulk.query(
            f'SELECT r.id, s.name, r.identifier, b.marc, m."union", u.members FROM {bulk.table(Member)} m'
            f" JOIN {bulk.table(Record)} r ON r.id = m.record_id JOIN {bulk.table(Source)} s ON s.id = r.source_id"
            f" JOIN {bulk.table(Bib)} b ON b.record_id = r.id"
            f' JOIN {bulk.table(Union)} u ON u.id = m."union"'
            f" WHERE s.library_id = %s AND r.id > %s ORDER BY r.id LIMIT {BATCH}",
            [library, last],
        )
        if not rows:
            return
        last = rows[-1][0]
        for _, source, name, marc, union, members in rows:
            uid = union_uid(union)
            control = Content.unpack(marc).control("001") or name
            yield source, name, control, uid, members, identifier(uid), base_url(f"/r/{uid}")
