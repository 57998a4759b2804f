"""Names of staff never reach the store: no byte of them is in the database, nor in the search index."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hub.catalog.models import RawRecord, Run
from hub.sources import LibraryEntry, Name, SourceFile, make_source, read_source
from hub.stages.harvest import harvest
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.publish import publish
from schemas.format import find_format
from schemas.problem import Trouble
from schemas.record import Record, data_field
from tests.hub.stages.books import book

STAFF = "Trinh Bao Mat"
DIM = (
    "<list>"
    + "".join(
        f"""<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim"><dim:field mdschema="dc" element="title">Luận văn {n}
</dim:field><dim:field mdschema="dc" element="identifier">{n}</dim:field>
<dim:field mdschema="dc" element="description" qualifier="provenance">Submitted by {STAFF} on 2020-01-0{n}</dim:field>
{f'<dim:field mdschema="dc" element="contributor" qualifier="advisor">{STAFF}</dim:field>' if n == 1 else ""}</dim:dim>"""
        for n in (1, 2)
    )
    + "</list>"
)


def source(folder: Path, form: str, staff: str, drop: list[str]) -> None:
    records = []
    for n in range(5):
        plain = book(str(n), f"Truyện {n}", copies=f"A{n}")
        extra = (data_field("912", "  ", [("a", staff)]), data_field("945", "  ", [("a", staff)]))
        records.append(Record(plain.leader, (*plain.fields, *extra)))
    write = find_format(form).write
    assert write is not None
    stream = io.BytesIO()
    write(records, stream)
    (folder / f"sach-{form}").write_bytes(stream.getvalue())
    entry = SourceFile(
        library=LibraryEntry(code="TV", name=Name(vi="Thư viện")),
        connector="files",
        format=form,
        drop=drop,
        options={"path": f"sach-{form}"},
    )
    harvest(make_source(f"s-{form}", entry, folder, folder / "s.yaml"))


def test_no_byte_of_a_name_is_stored(catalog: Path, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("sent")
    for form in ("marc21", "marcxml", "mrk", "marcjson"):
        source(folder, form, STAFF, ["945"])
    match()
    merge_due()
    publish()
    assert RawRecord.objects.count() == 20
    stored = [path for path in catalog.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in stored)
    import zstandard

    for body in RawRecord.objects.values_list("body", flat=True):
        assert STAFF.encode() not in zstandard.ZstdDecompressor().decompress(bytes(body), max_output_size=2**24)
    for path in stored:
        assert STAFF.encode() not in path.read_bytes(), path
        assert STAFF.lower().encode() not in path.read_bytes(), path
    codes = [[note["code"] for note in run.notes] for run in Run.objects.all()]
    assert codes == [["personal_data_removed"]] * 4
    assert Run.objects.first().notes[0]["facts"]["fields"] == "912 (5), 945 (5)"  # type: ignore[union-attr]


def test_the_deposit_log_of_a_repository_is_not_stored(catalog: Path, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("sent")
    (folder / "dim.xml").write_text(DIM, encoding="utf-8")
    entry = SourceFile(
        library=LibraryEntry(code="TV", name=Name(vi="Thư viện")),
        connector="files",
        format="qdc",
        drop=["contributor.advisor"],
        options={"path": "dim.xml"},
    )
    harvest(make_source("dim", entry, folder, folder / "dim.yaml"))
    assert RawRecord.objects.count() == 2
    for path in [path for path in catalog.rglob("*") if path.is_file()]:
        assert STAFF.encode() not in path.read_bytes(), path
    (run,) = Run.objects.all()
    assert [note["code"] for note in run.notes] == ["personal_data_removed"]
    assert run.notes[0]["facts"]["fields"] == "contributor.advisor (1), description.provenance (2)"


@pytest.mark.parametrize(
    ("form", "wrong"), [("qdc", "912"), ("oai_dc", "952$x"), ("mods", "note"), ("marc21", "description.provenance")]
)
def test_what_a_format_cannot_take_out_is_refused_when_the_file_is_loaded(
    tmp_path: Path, form: str, wrong: str
) -> None:
    path = tmp_path / "nguon.yaml"
    path.write_text(
        "library: {code: TV, name: {vi: Thư viện}}\nconnector: files\n"
        f'format: {form}\ndrop:\n  - "{wrong}"\noptions: {{path: x}}\n',
        encoding="utf-8",
    )
    with pytest.raises(Trouble) as stopped:
        read_source(path)
    assert stopped.value.problem.code == "drop_unknown"
    assert stopped.value.problem.facts["line"] == "5"
    assert wrong in stopped.value.problem.sentence("vi")


def test_a_change_in_what_is_taken_out_is_no_change(catalog: Path, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("sent")
    source(folder, "marc21", STAFF, ["945"])
    source(folder, "marc21", "Le Van Khac", ["945"])
    assert RawRecord.objects.count() == 5
    assert Run.objects.order_by("-id")[0].unchanged == 5
