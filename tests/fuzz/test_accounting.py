"""Of every damaged input it is said where it is: inputs = stored + quarantined, with code, place and bytes.

``LIENTHONG_FUZZ`` is how many inputs of each kind are tried: 1000000 for the whole run.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from random import Random

import openpyxl
import pytest
import zstandard

from connectors.oai_page import read_list, read_root
from connectors.oai_salvage import salvage
from hub.catalog import arrivals, runs
from hub.catalog.models import RawRecord, Record, Rejection, Source
from hub.network.models import Library
from hub.stages.harvest import finish
from hub.stages.normalize import normalize_pending
from schemas.format import Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord as Raw
from tests.connectors.partner import listed, oai, record
from tests.fuzz.damage import damaged
from tests.hub.stages.books import book

INPUTS = int(os.environ.get("LIENTHONG_FUZZ", "400"))
AROUND = 4  # records beside the damaged one
READING = Reading()
BETWEEN = b" \r\n\t\x00\x1a\x1d\xef\xbb\xbf"  # what may stand between records and says nothing


def mark(number: int) -> str:
    """A word that stands in one record only."""
    return f"mk{number:04}zq"


def books(form: str) -> list[bytes]:
    """Records of a format, each with its mark in the title."""
    made = [book(f"n{n}", f"Truyện {mark(n)} Đồi Gió", copies=f"A{n}") for n in range(AROUND + 1)]
    if form == "marc21":
        return [to_iso2709(each) for each in made]
    stream = io.BytesIO()
    write = find_format(form).write
    assert write is not None
    assert write(made, stream) == []
    whole = stream.getvalue()
    starts = [whole.index(b"<record")]
    while (found := whole.find(b"<record", starts[-1] + 1)) >= 0:
        starts.append(found)
    end = whole.rindex(b"</record>") + len(b"</record>")
    return [whole[: starts[0]], *(whole[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)), whole[end:]]


def outcome(form: str, data: bytes) -> tuple[list[Raw], Problem | None]:
    """What a file of the format gives: raw records, and the problem that stopped it."""
    found: list[Raw] = []
    try:
        for raw in find_format(form).split(io.BytesIO(data), READING):
            found.append(raw)
    except Trouble as trouble:
        return found, trouble.problem
    return found, None


def judged(form: str, raw: Raw) -> str:
    """``stored`` or ``quarantined``; whatever a record holds, it is one of the two, with a reason."""
    problem = raw.problem
    if problem is None:
        try:
            find_format(form).parse(raw.body, READING).pack().encode()
        except Trouble as trouble:
            problem = trouble.problem
    if problem is None:
        return "stored"
    assert problem.sentence("vi")
    assert problem.sentence("en")
    assert raw.body or problem.code == "xml_cut_short"  # that the file ends too early, said beside its records
    assert raw.place
    return "quarantined"


def test_every_damaged_iso_2709_file_is_accounted_for() -> None:
    """All bytes come out again in some raw record, and no neighbor of the damaged record is lost."""
    parts, counts = books("marc21"), {"stored": 0, "quarantined": 0, "refused": 0}
    for seed in range(INPUTS):
        random = Random(seed)
        hurt = random.randrange(len(parts))
        data = b"".join(damaged(part, random) if n == hurt else part for n, part in enumerate(parts))
        found, stopped = outcome("marc21", data)
        if stopped is not None:  # only a file that does not begin as one is refused, with nothing taken
            assert (hurt, found) == (0, []), seed
            counts["refused"] += 1
            continue
        rest = data
        for raw in found:
            counts[judged("marc21", raw)] += 1
            before, body, rest = rest.partition(raw.body)
            assert body, (seed, raw.place)
            assert not before.strip(BETWEEN), (seed, before)
        assert not rest.strip(BETWEEN), (seed, rest)
        everything = b"".join(raw.body for raw in found)
        for n in range(len(parts)):
            assert n == hurt or mark(n).encode() in everything, (seed, n)
    print(counts)
    assert counts["stored"] > INPUTS * 2
    assert counts["quarantined"] > INPUTS // 20


def test_every_damaged_marcxml_file_is_accounted_for() -> None:
    parts, counts = books("marcxml"), {"stored": 0, "quarantined": 0, "refused": 0}
    for seed in range(INPUTS):
        random = Random(seed)
        hurt = random.randrange(1, len(parts) - 1)
        data = b"".join(damaged(part, random) if n == hurt else part for n, part in enumerate(parts))
        found, stopped = outcome("marcxml", data)
        for raw in found:
            counts[judged("marcxml", raw)] += 1
        everything = b"".join(raw.body for raw in found)
        if stopped is not None:
            counts["refused"] += 1
            assert stopped.sentence("vi")
            continue
        for n in range(len(parts) - 2):
            assert n == hurt - 1 or mark(n).encode() in everything, (seed, n, data)
    print(counts)
    assert counts["stored"] > INPUTS * 2
    assert counts["refused"] < INPUTS // 2


def test_every_damaged_page_of_oai_pmh_is_accounted_for() -> None:
    """A page gives every record, or it is refused as a whole and asked for again."""
    texts = [record(n).replace("Dế Mèn", f"{mark(n)} Dế Mèn") for n in range(AROUND + 1)]
    counts = {"stored": 0, "quarantined": 0, "refused": 0}
    refusals: set[str] = set()
    for seed in range(INPUTS):
        random = Random(seed)
        hurt = random.randrange(len(texts))
        whole = oai(listed(texts, "token"))
        start = whole.index(texts[hurt].encode())
        end = start + len(texts[hurt].encode())
        data = whole[:start] + damaged(whole[start:end], random) + whole[end:]
        try:
            page = read_list(read_root(data), 1)
        except Trouble as first:
            try:
                if first.problem.code != "xml_broken":
                    raise
                page = salvage(data, 1)
            except Trouble as trouble:
                counts["refused"] += 1
                refusals.add(trouble.problem.code)
                continue
        for raw in page.records:
            counts[judged("marcxml", raw)] += 1
        everything = b"".join(raw.body for raw in page.records)
        assert page.token == "token", seed
        for n in range(len(texts)):
            assert n == hurt or mark(n).encode() in everything, (seed, n)
    print(counts)
    assert refusals <= {"oai_cut", "oai_not_oai", "xml_doctype", "oai_no_verb", "xml_too_long"}
    assert counts["quarantined"] > INPUTS // 20
    assert counts["refused"] < INPUTS // 2


CELLS = (
    None,
    "",
    "  ",
    9.78604e12,
    0,
    -1,
    1e308,
    True,
    "=1+1",
    "@x",
    "\x07",
    "Đ" * 40_000,
    "2015",
    "45.000đ",
    "978-604-2-99001-1",
    "\u202eoc",
    "#REF!",
)


def test_every_row_of_a_strange_spreadsheet_is_accounted_for(tmp_path: Path) -> None:
    """Each row with a title is a record; one with an accession number alone is a copy; others are rejected with reason."""
    kind = find_format("xlsx")
    for seed in range(max(INPUTS // 20, 5)):
        random = Random(seed)
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert sheet is not None
        sheet.append(["Nhan đề", "Tác giả", "Năm XB", "ISBN", "Giá", "Số ĐKCB"])
        titled = 0
        for row in range(2, 22):
            title = random.random() < 0.8
            titled += title
            values = [f"Truyện {mark(row)}" if title else None, *(random.choice(CELLS) for _ in range(4)), f"A{row}"]
            for column, value in enumerate(values, 1):
                cell = sheet.cell(row, column)
                if isinstance(value, str) and (value.startswith("=") or not value.isprintable()):
                    cell.data_type = "s"
                    value = "".join(c for c in value if c.isprintable())
                cell.value = value
        stream = io.BytesIO()
        workbook.save(stream)
        raws = list(kind.split(io.BytesIO(stream.getvalue()), READING))
        stored = [raw for raw in raws if judged("xlsx", raw) == "stored"]
        assert len(stored) == titled, seed
        assert sum(len(json.loads(raw.body)["rows"]) for raw in raws) == 20, seed
        assert len({word for raw in stored for word in raw.body.decode().split() if word.startswith("mk")}) == titled


def test_every_damaged_spreadsheet_is_read_or_refused() -> None:
    workbook = openpyxl.Workbook()
    for row in (["Nhan đề", "Tác giả"], *([f"Truyện {mark(n)}", "Tô Hoài"] for n in range(30))):
        workbook.active.append(row)  # type: ignore[union-attr]
    stream = io.BytesIO()
    workbook.save(stream)
    read = refused = 0
    for seed in range(INPUTS):
        found, stopped = outcome("xlsx", damaged(stream.getvalue(), Random(seed)))
        if stopped is None:
            read += 1
            assert all(judged("xlsx", raw) for raw in found)
        else:
            refused += 1
            assert stopped.sentence("vi")
    assert read + refused == INPUTS


@pytest.mark.parametrize("form", ["marc21", "marcxml", "unimarc", "oai_dc", "mods", "onix", "marcjson"])
def test_what_goes_into_the_store_is_live_or_rejected(store: str, form: str) -> None:
    """Damaged bodies through the whole of storing and reading; each rejection keeps bytes, place and reason."""
    library, _ = Library.objects.get_or_create(code="TV", defaults={"name_vi": "Thư viện"})
    source = Source.objects.create(name="hong", library=library, connector="files", format=form)
    samples = bodies(form)
    random = Random(7)
    count = min(INPUTS, 5_000)
    raws = [Raw(f"r{n}", damaged(random.choice(samples), random, most=2), f"record {n}") for n in range(count)]
    run, fence = runs.open_run(source, "test", False)
    for start in range(0, count, 500):
        arrivals.store_page(run, fence, raws[start : start + 500], {})
    normalize_pending()
    ledger = finish(run, fence).counts
    assert ledger["received"] == count == ledger["created"] + ledger["rejected"]
    states = {state: Record.objects.filter(state=state).count() for state in ("live", "rejected", "aside", "pending")}
    assert states["live"] + states["aside"] == ledger["created"]
    assert states["rejected"] == ledger["rejected"] == Rejection.objects.count()
    assert states["pending"] == 0
    unpack = zstandard.ZstdDecompressor().decompress
    given = {raw.identifier: raw.body for raw in raws}
    kept = RawRecord.objects.values_list("record__identifier", "body", "place")
    assert {identifier: unpack(bytes(body), max_output_size=2**26) for identifier, body, _ in kept} == given
    for rejection in Rejection.objects.all():
        assert Problem(rejection.code, rejection.facts).sentence("vi")


def bodies(form: str) -> list[bytes]:
    """Whole records of a format: ours, or those of the golden files."""
    if form == "marc21":
        return books("marc21")
    folder = Path(__file__).parent.parent / "golden" / form
    paths = [path for path in sorted(folder.glob("*")) if path.suffix != ".expected"] if folder.is_dir() else []
    found = [raw.body for path in paths for raw in outcome(form, path.read_bytes())[0] if raw.body]
    return found or books(form)[1:-1]
