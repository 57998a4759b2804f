"""Records and results as files, linked data, sitemaps, the search box for other sites."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from hub.catalog.models import Member, Union
from hub.catalog.reads import union_uid
from hub.match.description import Description
from hub.provide import robots
from hub.provide.citations import to_bibtex, to_csv, to_ris
from hub.provide.linked_data import described, json_ld
from hub.provide.writing import FILES
from hub.stages.sheets import cell
from schemas.encodings import decode
from schemas.format import Reading, find_format
from tests.hub.provide.test_pages import page

ODD = Description(
    title="100% {Toán} & $x_1$ #2 ~ ^ \\",
    people=[["Tô Hoài", "author"], ["Saint-Exupéry, A. de", "author"], ["Bùi", "translator"]],
    publisher="Kim Đồng\nTY  - JOUR",
    year=2020,
    isbns=["9786042990011"],
    subjects=["=HYPERLINK(1)", "Văn học"],
    summary="</script><script>alert(1)</script>",
)


@pytest.mark.usefixtures("network")
class TestFiles:
    @pytest.mark.parametrize("kind", FILES)
    @pytest.mark.parametrize("address", ["/r/LT-0000001/tep/{}", "/tim/tep/{}?q=dế mèn"])
    def test_every_kind(self, kind: str, address: str) -> None:
        response = Client().get(address.format(kind))
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Type"].startswith(FILES[kind].media.partition(";")[0])
        said = response.content.decode()
        assert "Dế Mèn phiêu lưu ký" in (json.dumps(json.loads(said), ensure_ascii=False) if kind == "json" else said)

    @pytest.mark.parametrize(("kind", "form"), [("mrc", "marc21"), ("xml", "marcxml"), ("mrk", "mrk")])
    def test_what_goes_out_can_be_read_again(self, kind: str, form: str) -> None:
        data = Client().get(f"/tim/tep/{kind}").content
        read = find_format(form)
        records = [read.parse(raw.body, Reading()) for raw in read.split(io.BytesIO(data), Reading())]
        assert len(records) == 5
        assert {record.control("003") for record in records} == {"VN-HP-LT"}

    def test_results_keep_their_filters(self) -> None:
        rows = list(csv.reader(io.StringIO(page("/tim/tep/csv?library=HP-LL&from=2000"))))
        assert len(rows) == 3

    def test_of_a_merged_record_the_survivor(self) -> None:
        Union.objects.filter(id=2).update(deleted=True, survivor=1)
        assert Client().get("/r/LT-0000002/tep/ris").headers["Location"] == "/r/LT-0000001/tep/ris"
        Union.objects.filter(id=2).update(survivor=None)
        assert Client().get("/r/LT-0000002/tep/ris", follow=True).status_code == 410

    @pytest.mark.parametrize(
        "address", ["/r/LT-0000001/tep/exe", "/tim/tep/exe", "/r/x/tep/mrc", "/sitemap-9" + "9" * 30 + ".xml"]
    )
    def test_unknown(self, address: str) -> None:
        assert Client().get(address).status_code == 404

    def test_a_hostile_record(self) -> None:
        uid = union_uid(Member.objects.get(record__identifier="X1").union)
        etree.fromstring(Client().get(f"/r/{uid}/tep/xml").content)
        for kind in FILES:
            assert Client().get(f"/r/{uid}/tep/{kind}").headers["X-Content-Type-Options"] == "nosniff"


def test_ris_has_a_tag_a_line() -> None:
    lines = to_ris([("LT-1", "http://x/r/LT-1", ODD)]).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert lines.count("TY  - BOOK") == 1
    assert "AU  - Tô Hoài" in lines
    assert "A4  - Bùi" in lines


def test_bibtex_keeps_text_as_text() -> None:
    said = to_bibtex([("LT-1", "http://x/r/LT-1", ODD)])
    assert r"100\% \{Toán\} \& \$x\_1\$ \#2 \textasciitilde{} \textasciicircum{} \textbackslash{}" in said
    assert "author = {{Tô Hoài} and Saint-Exupéry, A. de}" in said
    assert said.startswith("@book{hoai2020_LT-1,")
    body = re.sub(r"\\[{}]", "", said)
    assert body.count("{") == body.count("}")


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", " =cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(value: str) -> None:
    assert cell(value) == "'" + value
    row = next(
        csv.reader(io.StringIO(to_csv([("LT-1", "x", Description(title=value))]).lstrip("\ufeff").split("\r\n", 1)[1]))
    )
    assert row[1].startswith("'")


def test_linked_data() -> None:
    said = described("LT-0000001", ODD)
    assert said["@type"] == "Book"
    assert [person["name"] for person in said["author"]] == ["Tô Hoài", "Saint-Exupéry, A. de"]
    text = json_ld("LT-0000001", ODD)
    assert "<" not in text
    assert json.loads(text)["description"] == ODD.summary


@pytest.mark.usefixtures("network")
class TestRobots:
    def test_sitemaps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(robots, "MOST", 2)
        robots._starts.cache_clear()
        index = etree.fromstring(page("/sitemap.xml").encode())
        maps = [text.removeprefix("http://127.0.0.1:8000") for text in index.itertext()]
        assert len(maps) == 3
        found = [
            text
            for path in maps
            for text in etree.fromstring(page(path).encode()).xpath("//*[local-name()='loc']/text()")
        ]
        live = Union.objects.filter(deleted=False).order_by("id").values_list("id", flat=True)
        assert found == [f"http://127.0.0.1:8000/r/{union_uid(number)}" for number in live]
        robots._starts.cache_clear()

    def test_robots_txt(self) -> None:
        said = page("/robots.txt")
        assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in said
        assert "Disallow: /tim?" in said

    def test_open_search(self) -> None:
        root = etree.fromstring(page("/opensearch.xml").encode())
        templates = root.xpath("//*[local-name()='Url']/@template")
        assert templates[0] == "http://127.0.0.1:8000/tim?q={searchTerms}"
        assert 'rel="search"' in page("/")

    def test_a_search_box_for_other_sites(self) -> None:
        html = page("/nhung")
        assert (
            "&lt;form action=&quot;http://127.0.0.1:8000/tim&quot;" in html
            or '&lt;form action="http://127.0.0.1:8000/tim"' in html
        )


def test_old_encodings_of_iso_2709(network: Path) -> None:
    data = Client().get("/sao-chep/tep?q=9786042990011&encoding=tcvn3").content
    assert data[9:10] == b" "
    assert int(data[:5]) == len(data), "lengths are those of the bytes"
    assert "Dế Mèn phiêu lưu ký" in decode(data, "tcvn3")
