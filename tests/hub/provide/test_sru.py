"""The SRU server: its three operations in each version, what they find, and that whatever is wrong is a diagnostic."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.network.models import Library
from hub.provide import sru_search
from tests.hub.provide.network import ISBN

SRW = "http://www.loc.gov/zing/srw/"
SRU2 = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
SPACES = {
    "1.1": (SRW, "http://www.loc.gov/zing/srw/diagnostic/"),
    "1.2": (SRW, "http://www.loc.gov/zing/srw/diagnostic/"),
    "2.0": (SRU2, "http://docs.oasis-open.org/ns/search-ws/diagnostic"),
}
VERSIONS = pytest.mark.parametrize("version", sorted(SPACES))
SECURE = etree.XMLParser(resolve_entities=False, no_network=True)
DE_MEN, TALES, FOREST, HOSTILE, READER = 1, 2, 3, 4, 6


def ask(method: str = "get", /, **arguments: Any) -> Any:
    response = getattr(Client(), method)("/sru", arguments)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content, SECURE)


def search(query: str, version: str = "2.0", **more: Any) -> Any:
    operation = {} if version == "2.0" else {"operation": "searchRetrieve", "version": version}
    return ask(query=query, **operation, **more)


def diagnostic(answer: Any) -> int:
    """The number of the first diagnostic, 0 when there is none."""
    found = answer.findtext(".//{*}diagnostics/{*}diagnostic/{*}uri", "")
    return int(found.removeprefix("info:srw/diagnostic/1/") or 0)


def titles(answer: Any) -> list[str]:
    fields = answer.findall('.//{*}datafield[@tag="245"]')
    return [field.findtext("{*}subfield") for field in fields]


def hits(query: str, **more: Any) -> int:
    answer = search(query, **more)
    assert diagnostic(answer) == 0, etree.tostring(answer, encoding="unicode")[-600:]
    return int(answer.findtext("{*}numberOfRecords"))


def scanned(clause: str, **more: Any) -> list[tuple[str, int]]:
    answer = ask(scanClause=clause, **more)
    assert diagnostic(answer) == 0
    rows = answer.iterfind("{*}terms/{*}term")
    return [(row.findtext("{*}value"), int(row.findtext("{*}numberOfRecords"))) for row in rows]


@pytest.mark.usefixtures("network")
class TestVersions:
    @VERSIONS
    def test_search_in_its_namespaces(self, version: str) -> None:
        answer = search("dc.title = dế", version)
        space, _ = SPACES[version]
        assert answer.tag == f"{{{space}}}searchRetrieveResponse"
        assert answer.findtext(f"{{{space}}}version") == (None if version == "2.0" else version)
        assert answer.findtext(f"{{{space}}}numberOfRecords") == "1"
        assert answer.findtext(f".//{{{space}}}recordSchema") == "info:srw/schema/1/marcxml-v1.1"
        assert answer.find(".//{http://www.loc.gov/MARC21/slim}record") is not None
        assert answer.findtext(f".//{{{space}}}recordPosition") == "1"
        packing = "recordXMLEscaping" if version == "2.0" else "recordPacking"
        assert answer.findtext(f".//{{{space}}}record/{{{space}}}{packing}") == "xml"
        assert answer.findtext(f".//{{{space}}}recordIdentifier") == ("LT-0000001" if version == "1.2" else None)
        assert answer.findtext(f"{{{space}}}echoedSearchRetrieveRequest/{{{space}}}query") == "dc.title = dế"

    @VERSIONS
    def test_a_fault_is_a_diagnostic_in_its_namespace(self, version: str) -> None:
        answer = search("dc.title near dế", version)
        space, said = SPACES[version]
        element = answer.find(f"{{{space}}}diagnostics/{{{said}}}diagnostic")
        assert [child.tag for child in element] == [f"{{{said}}}{name}" for name in ("uri", "details", "message")]
        assert element[0].text == "info:srw/diagnostic/1/19"
        assert element[1].text == "near"
        assert answer.findtext(f"{{{space}}}numberOfRecords") == "0"

    @VERSIONS
    def test_explain_and_scan(self, version: str) -> None:
        space, _ = SPACES[version]
        told = {} if version == "2.0" else {"version": version}
        answer = ask(**told)
        assert answer.tag == f"{{{space}}}explainResponse"
        zeerex = answer.find(".//{http://explain.z3950.org/dtd/2.0/}explain")
        assert {"marcxml", "dc", "mods"} == {schema.get("name") for schema in zeerex.iter("{*}schema")}
        assert zeerex.find("{*}serverInfo").get("version") == version
        assert {"dc", "bath", "bib", "rec", "cql"} <= {one.get("name") for one in zeerex.iter("{*}set")}
        answer = ask(scanClause="title = dat", **({"operation": "scan"} if told else {}), **told)
        assert answer.tag == f"{{{space}}}scanResponse"
        assert answer.find(".//{*}term/{*}value").text == "dat"

    def test_operations_are_told_from_what_is_given(self) -> None:
        assert ask().tag == f"{{{SRU2}}}explainResponse"
        assert ask(operation="explain").tag == f"{{{SRW}}}explainResponse"
        assert ask("post", query="dế").tag == f"{{{SRU2}}}searchRetrieveResponse"
        assert ask(query="dế", version="1.1").tag == f"{{{SRW}}}searchRetrieveResponse"

    def test_the_base_address_is_the_configured_one(self) -> None:
        response = Client().get("/sru", headers={"host": "localhost:1234"})
        assert b"1234" not in response.content

    def test_the_type_that_is_wanted(self) -> None:
        response = Client().get("/sru", headers={"accept": "application/sru+xml"})
        assert response.headers["Content-Type"] == "application/sru+xml; charset=utf-8"
        assert (
            Client()
            .get("/sru", {"httpAccept": "application/sru+xml"})
            .headers["Content-Type"]
            .startswith("application/sru+xml")
        )


@pytest.mark.usefixtures("network")
class TestFinding:
    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ("cql.allRecords = 1", 5),
            ("dế", 1), ('"de men"', 1), ("mèn and dế", 1), ("đê", 0), ("de", 1), ("title =/respectAccents de", 0),
            ("title =/ignoreAccents đê", 1),
            ('title = "phiêu dế mèn"', 1), ('title adj "mèn phiêu"', 1), ('title adj "phiêu mèn"', 0),
            ('title any "mèn rừng"', 2), ('title all "mèn rừng"', 0),
            ('title == "Dế Mèn phiêu lưu ký"', 1), ('title == "Dế Mèn phiêu lưu kí"', 1), ('title == "Dế Mèn"', 0),
            ('title exact "de men phieu luu ky"', 1), ('title = "^dế mèn"', 1), ('title = "^mèn phiêu"', 0),
            ('title = "^Dế Mèn phiêu lưu ký^"', 1), ('title =/string "Dế Mèn"', 0),
            ("title = phi?u", 1), ("title = phi*", 1), ("title = *iêu", 1), ("title =/unmasked phi*", 0),
            ("title = \\phiêu", 1), ("title = phiêu\\*", 1),
            ('author = "Đoàn Giỏi"', 1), ('creator = "Giỏi, Đoàn"', 1), ("bath.name = gioi", 1),
            (f"isbn = {ISBN}", 1), ("isbn = 978-604-299-001-1", 1), ("bath.isbn = 6042990012", 1), (ISBN, 1),
            (f"dc.identifier =/bib.identifierAuthority=issn {ISBN}", 0), (f"dc.identifier = {ISBN}", 1),
            ("isbn = 97860429*", 1), ("year = 2015", 1), ("date < 2000", 1), ("date <= 1998 or date >= 2015", None),
            ('date within "1998 2015"', None), ("dc.date = 1998-05-01", 1), ("title <> dế", 4),
            ("rec.identifier = LT-0000003", 1), ("rec.identifier <= LT-0000003", 3), ("id any \"1 3\"", 2),
            ("library = HP-LL", 2), ("library = hp-ll", 2), ('library all "HP-TP HP-LL"', 1), ("library = X", 0),
            ("dc.language = vie", 5), ("form = text", 5),
            ("title = dế not library = HP-LL", 0), ("(dế or rừng) and library = HP-TP", 2),
            ("rừng prox nam", 0), ("title=rừng prox/distance<=2 title=nam", 1),
            ("title=nam prox/distance<=2 title=rừng", 1), ("title=nam prox/distance<=2/ordered title=rừng", 0),
            ("title=rừng prox/distance=2/ordered/unit=word title=nam", 1), ("rừng prox phương", 1),
            ('> d = "info:srw/cql-context-set/1/dc-v1.1" d.title = dế', 1),
        ],
    )  # fmt: skip
    def test_queries_find_what_they_ask_for(self, query: str, numbers: int | None) -> None:
        found = hits(query)
        assert found == numbers if numbers is not None else found > 0

    def test_what_fits_best_comes_first(self) -> None:
        assert titles(search("truyện or dế or mèn"))[0].startswith("Dế Mèn")

    def test_order_by_sortby_and_sort_keys(self) -> None:
        ordered = titles(search("cql.allRecords=1 sortby title"))
        assert ordered[0][:2] == "Dế"
        assert [title[:2] for title in ordered][1:] == [
            "Đấ",
            "Ng",
            "<s",
            "Tr",
        ]  # d before đ; what is no letter does not count
        assert titles(search("cql.allRecords=1 sortby title/sort.descending"))[:4] == ordered[:0:-1]
        assert titles(search("cql.allRecords=1", "1.1", sortKeys="title"))[1:] == ordered[1:]
        assert hits("cql.allRecords=1 sortby author/sort.missingOmit date/sort.missingOmit") == 5
        years = titles(search("year > 0 sortby date title"))
        assert years[0].startswith("Đất rừng")
        assert titles(search("year > 0 sortby date/sort.descending"))[-1] == years[0]

    def test_search_terms_are_words_alone(self) -> None:
        assert hits('dế "mèn* (', queryType="searchTerms") == 1
        assert hits("and or", queryType="searchTerms") == 0

    def test_pages(self) -> None:
        first = search("cql.allRecords=1", maximumRecords=2)
        assert (len(titles(first)), first.findtext("{*}nextRecordPosition")) == (2, "3")
        last = search("cql.allRecords=1", maximumRecords=2, startRecord=5)
        assert (len(titles(last)), last.findtext("{*}nextRecordPosition")) == (1, None)
        assert last.findtext(".//{*}recordPosition") == "5"
        assert titles(search("cql.allRecords=1", maximumRecords=0)) == []
        assert len(titles(search("cql.allRecords=1", maximumRecords=1000))) == 5

    @pytest.mark.parametrize(
        ("name", "element"),
        [
            ("marcxml", "{http://www.loc.gov/MARC21/slim}record"),
            ("info:srw/schema/1/marcxml-v1.1", "{http://www.loc.gov/MARC21/slim}record"),
            ("dc", "{info:srw/schema/1/dc-schema}dc"),
            ("info:srw/schema/1/dc-v1.1", "{info:srw/schema/1/dc-schema}dc"),
            ("mods", "{http://www.loc.gov/mods/v3}mods"),
            ("info:srw/schema/1/mods-v3.4", "{http://www.loc.gov/mods/v3}mods"),
        ],
    )
    def test_schemas_as_xml_and_as_text(self, name: str, element: str) -> None:
        data = search("dế", recordSchema=name).find(".//{*}recordData")
        assert [child.tag for child in data] == [element]
        for version, packing in (("1.1", "recordPacking"), ("2.0", "recordXMLEscaping")):
            data = search("dế", version, recordSchema=name, **{packing: "string"}).find(".//{*}recordData")
            assert etree.fromstring(data.text, SECURE).tag == element

    def test_facets(self) -> None:
        answer = search("cql.allRecords=1", facetLimit="5:library,2:date")
        facets = {
            facet.findtext("{*}index"): [
                (term.findtext("{*}actualTerm"), int(term.findtext("{*}count")), term.findtext("{*}query"))
                for term in facet.iter("{*}term")
            ]
            for facet in answer.iter("{http://docs.oasis-open.org/ns/search-ws/facetedResults}facet")
        }
        assert [row[:2] for row in facets["library"]] == [("HP-TP", 4), ("HP-LL", 2)]
        for values in facets.values():
            for _, count, query in values:
                assert hits(query) == count

    def test_a_library_that_is_not_shown_is_no_way_to_find_its_books(self) -> None:
        Library.objects.filter(code="HP-LL").update(kind="family")
        assert hits("library = HP-LL") == 0
        assert diagnostic(search("library = HP*")) == 28
        assert [term for term, _ in scanned("library = A")] == ["HP-TP"]
        assert "HP-LL" not in [e.text for e in search("dế", facetLimit="9:library").iter("{*}actualTerm")]

    def test_records_that_went_meanwhile_say_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hub.provide.sru.find", lambda *_: sru_search.Found(2, [3, 999]))
        answer = search("dế")
        assert answer.findtext(".//{*}record[2]/{*}recordData/{*}diagnostic/{*}uri") == "info:srw/diagnostic/1/64"
        assert answer.findtext("{*}numberOfRecords") == "2"

    def test_text_that_tries_to_be_markup_is_text(self) -> None:
        for schema in ("marcxml", "dc", "mods"):
            answer = search("rec.id = 4", recordSchema=schema)
            assert "<script>" in "".join(answer.itertext())
            assert answer.find(".//{*}script") is None


@pytest.mark.usefixtures("network")
class TestScan:
    def test_terms_from_a_term_on_with_their_numbers(self) -> None:
        rows = scanned("title = d", maximumTerms=4)
        assert rows[0] == ("dat", 1)
        assert [term for term, _ in rows] == sorted(term for term, _ in rows)
        assert all(hits(f"title = {term}") == count for term, count in rows)

    def test_the_term_stands_where_it_is_wanted(self) -> None:
        every = [term for term, _ in scanned("title = 0", maximumTerms=100)]
        at = every.index("men")
        for position in (1, 2, 4):
            rows = [term for term, _ in scanned("title = mèn", maximumTerms=5, responsePosition=position)]
            assert rows == every[at - position + 1 : at - position + 6]
        assert scanned("title = men", maximumTerms=1, responsePosition=0)[0][0] == every[at + 1]
        assert [term for term, _ in scanned("title = zzz", maximumTerms=3, responsePosition=4)] == every[-3:]

    def test_codes(self) -> None:
        assert scanned("library = HP") == [("HP-LL", 2), ("HP-TP", 4)]
        assert scanned("language = a") == [("vie", 5)]
        assert scanned(f"isbn = {ISBN[:7]}") == [(ISBN, 1)]

    @pytest.mark.parametrize(
        ("clause", "more", "number"),
        [
            ("year = 1990", {}, 16), ("title any a", {}, 19), ("a and b", {}, 48), ("isbn = 9", {}, 36), ("", {}, 7),
            ("title = a", {"maximumTerms": 101}, 121), ("title = a", {"responsePosition": 30}, 120),
            ("title = a", {"maximumTerms": 0}, 6), ("title = a", {"responsePosition": "x"}, 6), ("(", {}, 10),
        ],
    )  # fmt: skip
    def test_what_cannot_be_scanned(self, clause: str, more: dict[str, Any], number: int) -> None:
        answer = ask(operation="scan", version="1.2", scanClause=clause, **more)
        assert answer.tag == f"{{{SRW}}}scanResponse"
        assert diagnostic(answer) == number


@pytest.mark.usefixtures("network")
class TestFaults:
    @pytest.mark.parametrize(
        ("arguments", "number"),
        [
            ({"operation": "delete"}, 4), ({"version": "3.0", "query": "a"}, 5), ({"version": "1.0", "query": "a"}, 5),
            ({"version": "x"}, 5), ({"query": "a", "startRecord": 0}, 6), ({"query": "a", "startRecord": "-1"}, 6),
            ({"query": "a", "startRecord": "9" * 30}, 6), ({"query": "a", "startRecord": 10**9}, 61),
            ({"query": "a", "maximumRecords": 10**9}, 6), ({"query": "a", "maximumRecords": "x"}, 6),
            ({"query": ["a", "b"]}, 6), ({"operation": "searchRetrieve", "version": "1.1"}, 7),
            ({"operation": "scan", "version": "1.2"}, 7), ({"query": "a", "colour": "red"}, 8),
            ({"query": "a", "version": "1.2", "queryType": "cql"}, 8), ({"query": "a", "sortKeys": "title"}, 0),
            ({"query": "a sortby title", "sortKeys": "title"}, 9), ({"query": "a", "queryType": "xpath"}, 11),
            ({"query": "a", "recordSchema": "onix"}, 66), ({"query": "a", "recordXMLEscaping": "zip"}, 71),
            ({"query": "a", "version": "1.1", "recordPacking": "zip"}, 71), ({"query": "a", "recordPacking": "xml"}, 0), ({"query": "a", "recordPacking": "unpacked"}, 0),
            ({"query": "a", "version": "1.1", "recordXPath": "/x"}, 72), ({"query": "a", "stylesheet": "x"}, 110),
            ({"query": "a", "httpAccept": "image/png"}, 6), ({"query": "a", "x-info-1": "b"}, 0),
            ({"query": "a", "facetLimit": "x"}, 6), ({"query": "a", "facetLimit": "5:title"}, 16),
            ({"query": "a", "resultSetTTL": "x"}, 6), ({"query": "a", "sortKeys": "x" * 1_000_0}, 84),
            ({"query": "(" * 3000}, 13), ({"query": "("* 5000}, 12), ({"query": " or ".join("a" * 100)}, 38),
            ({"query": "*"}, 29), ({"query": "\x00"}, 27), ({"query": "title = '; DROP TABLE x --"}, 10),
        ],
    )  # fmt: skip
    def test_each_is_a_diagnostic(self, arguments: dict[str, Any], number: int) -> None:
        assert diagnostic(ask(**arguments)) == number

    def test_bytes_that_are_no_text_and_too_many_parameters(self) -> None:
        response = Client().get("/sru?query=%ff%fe%00&version=1.1&%80=1")
        assert response.status_code == 200
        response = Client().get("/sru?" + "&".join(f"a{n}=1" for n in range(2000)))
        assert diagnostic(etree.fromstring(response.content, SECURE)) == 6

    def test_a_search_that_takes_too_long_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sru_search, "SECONDS", 0.0)
        monkeypatch.setattr(sru_search, "_find", lambda *_: __import__("time").sleep(0.2))
        assert diagnostic(search("dế")) == 2

    def test_what_nobody_foresaw_is_a_diagnostic_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hub.provide.sru.find", lambda *_: 1 / 0)
        assert diagnostic(search("dế")) == 1

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(
            st.sampled_from(
                ["query", "version", "operation", "startRecord", "maximumRecords", "recordSchema", "recordPacking",
                 "scanClause", "responsePosition", "maximumTerms", "sortKeys", "facetLimit", "queryType", "x-y", "z"]
            ),
            st.one_of(
                st.text(max_size=20),
                st.sampled_from(["1.1", "1.2", "2.0", "scan", "searchRetrieve", "explain", "1", "100", "dc", "a or b"]),
            ),
            max_size=8,
        )
    )  # fmt: skip
    def test_whatever_is_asked_the_answer_is_valid(self, arguments: dict[str, str]) -> None:
        ask(**arguments)


def test_before_the_first_index_nothing_is_found(catalog: Path) -> None:
    assert hits("dế") == 0
    assert scanned("title = a") == []


class _Local(etree.Resolver):
    """Schemas import each other by addresses: what they name is here by its last part."""

    def __init__(self, schemas: Path) -> None:
        self.folders = (schemas / "sru2", schemas)

    def resolve(self, address: str, identifier: str, context: Any) -> Any:
        for folder in self.folders:
            path = folder / address.rsplit("/", 1)[-1]
            if path.exists():
                return self.resolve_filename(str(path), context)
        return self.resolve_empty(context)


@pytest.mark.usefixtures("network")
def test_answers_of_2_0_are_valid_by_the_schemas_of_oasis(shared: Path) -> None:
    schemas = shared / "data" / "schemas"
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(schemas))
    schema = etree.XMLSchema(etree.parse(schemas / "sru2" / "sruResponse.xsd", parser))
    for arguments in (
        {}, {"operation": "explain", "version": "2.0", "recordXMLEscaping": "string"}, {"query": "dế"},
        {"query": "cql.allRecords=1 sortby title", "maximumRecords": 2, "recordSchema": "dc", "facetLimit": "5"},
        {"query": "dế", "recordXMLEscaping": "string", "resultSetTTL": 5, "startRecord": 1},
        {"query": "title near a"}, {"query": "a", "startRecord": "x"}, {"query": "a", "recordXMLEscaping": "zip"},
        {"scanClause": "title = d", "maximumTerms": 3}, {"scanClause": "title any d"}, {"version": "7"},
    ):  # fmt: skip
        answer = ask(**arguments)
        schema.assertValid(answer)


@pytest.mark.usefixtures("network")
def test_heavy_searches_wait_for_each_other_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    held, find = threading.Event(), sru_search._find

    def slow(index: Any, tree: Any, *rest: Any) -> Any:
        return held.wait(20) if tree.heavy else find(index, tree, *rest)

    monkeypatch.setattr(sru_search, "_find", slow)
    monkeypatch.setattr(sru_search, "SECONDS", 0.2)
    heavy = " or ".join(f"title = a{n}" for n in range(30))
    try:
        assert [diagnostic(search(heavy)) for _ in range(6)] == [2] * 6
        monkeypatch.setattr(sru_search, "SECONDS", 5.0)
        assert hits("dế") == 1
    finally:
        held.set()
