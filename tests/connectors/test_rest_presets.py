"""The examples for Koha and DSpace read what those systems give."""

from datetime import timedelta

import pytest

from flows import sample_partners
from flows.sample_partners import Repository, serve
from hub.sources import read_source
from tests.connectors.koha_site import book, koha
from tests.connectors.partner import identifiers
from tests.connectors.test_rest import EXAMPLES, FORMATS, LATER, codes, secrets

assert secrets


def preset(name, tmp_path, url, **more):
    """The example ``name`` with the addresses of a server here."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    for there in ("https://nhanvien.thuvien.example/api/v1", "https://thuvien.example/cgi-bin/koha/oai.pl"):
        text = text.replace(there, url)
    text = text.replace("https://dspace.thuvien.example/server/oai/request", url)
    text = text.replace("allow_private: false", "allow_private: true")
    if "allow_private" not in text:
        text = text.replace("options:", "options:\n  allow_private: true")
    for old, new in more.items():
        text = text.replace(f"{old}: ", f"{old}: {new}   # ", 1)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_source(path)


def read(config, checkpoint=None):
    """Everything a source sends, and its records as they are read."""
    work = config.job(checkpoint or {})
    harvested = list(config.connector.pages(work))
    raws = [raw for page in harvested for raw in page.records]
    return harvested, [work.format.parse(raw.body, work.reading) for raw in raws if not raw.deleted]


@pytest.mark.parametrize(("form", "marc_total"), [*((form, False) for form in FORMATS), ("marcjson", True)])
def test_the_preset_of_kohas_api(tmp_path, monkeypatch, form, marc_total):
    monkeypatch.setenv("THUVIEN_KOHA_SECRET", "bí mật")
    with koha(230, marc_total=marc_total) as site:
        config = preset("koha_rest", tmp_path, site.url, format=form, client_id="lienthong")
        assert config.connector.check(config.job({})) == []
        harvested, records = read(config)
        assert identifiers(harvested) == [str(number) for number in range(1, 231)]
        assert records[41].first("245", "a") == "Dế Mèn phiêu lưu ký 42"
        assert harvested[0].announced == 230
        assert harvested[-1].everything
        site.remove(5, LATER)
        site.put(book(231), changed=LATER)
        again, _ = read(config, harvested[-1].checkpoint)
        assert [(raw.identifier, raw.deleted) for page in again for raw in page.records] == [
            ("231", False),
            ("5", True),
        ]
        assert codes(harvested) + codes(again) == []


MARC_WITH_ITEMS = """
<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader>
<controlfield tag="001">ocm1</controlfield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Tô Hoài</subfield></datafield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Dế Mèn phiêu lưu ký</subfield></datafield>
<datafield tag="952" ind1=" " ind2=" "><subfield code="b">KHO1</subfield><subfield code="o">895.922 T</subfield>
<subfield code="p">DKCB-0001</subfield></datafield></record>"""

QDC = """
<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Thư viện số ở Việt Nam</dc:title>
<dc:creator>Nguyễn, Văn An</dc:creator><dcterms:abstract>Tóm tắt.</dcterms:abstract>
<dcterms:issued>2024</dcterms:issued><dc:identifier>http://hdl.handle.net/123456789/7</dc:identifier>
<dc:language>vi</dc:language><dc:publisher>Trường Đại học</dc:publisher></qdc:qualifieddc>"""
DCTERMS = QDC.replace("qdc:qualifieddc", "dcterms:record")  # as other versions of DSpace name it
DIM = """
<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim" dspaceType="ITEM">
<dim:field mdschema="dc" element="contributor" qualifier="author">Nguyễn, Văn An</dim:field>
<dim:field mdschema="dc" element="contributor" qualifier="advisor">Trần, Thị Bình</dim:field>
<dim:field mdschema="dc" element="date" qualifier="accessioned">2025-01-02T03:04:05Z</dim:field>
<dim:field mdschema="dc" element="date" qualifier="issued">2024</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="isbn">978-604-1-00001-8</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="uri">http://hdl.handle.net/123456789/7</dim:field>
<dim:field mdschema="dc" element="description" qualifier="abstract" lang="vi">Tóm tắt.</dim:field>
<dim:field mdschema="dc" element="publisher">Trường Đại học</dim:field>
<dim:field mdschema="dc" element="title" lang="vi">Thư viện số ở Việt Nam</dim:field></dim:dim>"""


def _element(name, inner):
    return f'<element name="{name}">{inner}</element>'


def _value(value):
    return _element("none", f'<field name="value">{value}</field>')


XOAI = (
    '<metadata xmlns="http://www.lyncode.com/xoai">'
    + _element(
        "dc",
        _element("contributor", _element("author", _value("Nguyễn, Văn An")))
        + _element("date", _element("issued", _value("2024")))
        + _element("title", _value("Thư viện số ở Việt Nam"))
        + _element("publisher", _value("Trường Đại học")),
    )
    + _element("bundles", _element("bundle", '<field name="name">ORIGINAL</field>'))
    + _element("others", '<field name="handle">123456789/7</field>')
    + "</metadata>"
)


def items(prefix, metadata):
    """A repository with a record that is there and one that was withdrawn."""
    names = ("oai:dspace.thuvien.example:123456789/7", "oai:dspace.thuvien.example:123456789/8")
    common = {"datestamp": "2026-01-01T00:00:00Z", "sets": ["col_123456789_2"], "metadata": {prefix: metadata}}
    return [{"identifier": names[0], **common}, {"identifier": names[1], "deleted": True, **common}]


@pytest.fixture
def served(monkeypatch):
    """Serves a repository that gives records under one more prefix."""

    def start(prefix, metadata):
        monkeypatch.setitem(sample_partners.FORMATS, prefix, ("x", "x"))
        return serve({"oai": Repository("oai", items(prefix, metadata))})

    return start


@pytest.mark.parametrize(("prefix", "metadata"), [("dim", DIM), ("qdc", QDC), ("qdc", DCTERMS), ("xoai", XOAI)])
def test_the_preset_of_dspace(tmp_path, served, prefix, metadata):
    with served(prefix, metadata) as url:
        config = preset("dspace", tmp_path, f"{url}/oai", metadata_prefix=prefix)
        assert config.connector.check(config.job({})) == []
        harvested, (record,) = read(config)
        assert config.connector.sweeping.every(config.job(harvested[-1].checkpoint)) == timedelta(days=3)
    assert [(raw.identifier[-2:], raw.deleted) for page in harvested for raw in page.records] == [
        ("/7", False),
        ("/8", True),
    ]
    assert record.first("245", "a").startswith("Thư viện số ở Việt Nam")
    assert "Nguyễn, Văn An" in record.values("100", "a") + record.values("700", "a")
    assert "2024" in "".join(record.values("260", "c") + record.values("264", "c"))
    assert record.values("260", "b") + record.values("264", "b") == ["Trường Đại học"]
    if prefix == "dim":
        assert record.first("020", "a").replace("-", "") == "9786041000018"
        assert "Trần, Thị Bình" in record.values("700", "a")


def test_the_preset_of_kohas_oai(tmp_path, served):
    with served("marcxml", MARC_WITH_ITEMS) as url:
        config = preset("koha_oai", tmp_path, f"{url}/oai")
        assert config.connector.check(config.job({})) == []
        harvested, (record,) = read(config)
    assert harvested[-1].everything
    assert (record.first("245", "a"), record.first("100", "a")) == ("Dế Mèn phiêu lưu ký", "Tô Hoài")
    assert record.first("952", "p") == "DKCB-0001"
