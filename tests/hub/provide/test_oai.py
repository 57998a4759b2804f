"""The OAI-PMH provider: six verbs, every error, valid answers, and a walk that gives each record once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from sickle import Sickle

from hub.catalog import bulk, selections
from hub.catalog.models import Union
from hub.catalog.reads import union_uid
from hub.provide import oai
from hub.provide.oai_text import identifier
from hub.provide.oai_token import Token
from hub.stages.merge import change_time
from tests.hub.provide.network import fill
from tests.hub.provide.portal import serving

O = "{http://www.openarchives.org/OAI/2.0/}"  # noqa: E741 - the namespace
SECURE = etree.XMLParser(resolve_entities=False, no_network=True)
LIST = {"verb": "ListRecords", "metadataPrefix": "marcxml"}


def ask(method: str = "get", /, **arguments: Any) -> Any:
    response = getattr(Client(), method)("/oai", arguments)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content, SECURE)


def error(answer: Any) -> str:
    found = answer.find(f"{O}error")
    return "" if found is None else str(found.get("code"))


def identifiers(answer: Any) -> list[str]:
    return [element.text for element in answer.iter(f"{O}identifier")]


def walk(verb: str = "ListRecords", **arguments: str) -> list[str]:
    answer = ask(verb=verb, metadataPrefix="oai_dc", **arguments)
    found = identifiers(answer)
    while token := answer.findtext(f".//{O}resumptionToken"):
        answer = ask(verb=verb, resumptionToken=token)
        found += identifiers(answer)
    return found


def end(number: int) -> None:
    """The union record is no more, as the merge would leave it."""
    with bulk.writing():
        at = change_time()
        Union.objects.filter(id=number).update(deleted=True, datestamp=at)
        selections.keep({}, {number: selections.clock(at)})


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PAGE", 2)


@pytest.mark.usefixtures("network")
class TestVerbs:
    def test_identify(self) -> None:
        answer = ask(verb="Identify")
        assert answer.findtext(f".//{O}deletedRecord") == "persistent"
        assert answer.findtext(f".//{O}granularity") == "YYYY-MM-DDThh:mm:ssZ"
        assert answer.find(f"{O}request").attrib == {"verb": "Identify"}

    def test_base_url_is_not_taken_from_the_request(self) -> None:
        response = Client().get("/oai", {"verb": "Identify"}, headers={"host": "localhost:1234"})
        assert b"localhost:1234" not in response.content

    def test_sets_are_the_libraries(self) -> None:
        found = [e.text for e in ask(verb="ListSets").iter(f"{O}setSpec")]
        assert found == ["kind:public", "language:vie", "library:HP-LL", "library:HP-TP"]

    def test_a_set_has_the_records_of_its_library(self) -> None:
        everything = walk()
        city, school = walk(set="library:HP-TP"), walk(set="library:HP-LL")
        assert (len(everything), len(city), len(school)) == (5, 4, 2)
        assert len(set(city) & set(school)) == 1

    def test_record_in_both_formats(self) -> None:
        identifier = "oai:lienthong.example:LT-0000001"
        marc = ask(verb="GetRecord", metadataPrefix="marcxml", identifier=identifier)
        assert marc.findtext(".//{*}controlfield[@tag='001']") == identifier.rpartition(":")[2]
        assert "Dế Mèn phiêu lưu ký" in marc.xpath("string(//*[@tag='245'])")
        dublin = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
        assert "Dế Mèn phiêu lưu ký" in dublin.xpath("string(//*[local-name()='title'])")

    def test_post_is_as_good_as_get(self) -> None:
        assert identifiers(ask("post", **LIST)) == identifiers(ask(**LIST))

    def test_tombstones_stay_in_lists_and_sets(self) -> None:
        end(1)
        for chosen in ({}, {"set": "library:HP-LL"}):
            answer = ask(**LIST, **chosen)
            gone = [h for h in answer.iter(f"{O}header") if h.get("status") == "deleted"]
            assert [h.findtext(f"{O}identifier") for h in gone] == ["oai:lienthong.example:LT-0000001"]
        record = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier="oai:lienthong.example:LT-0000001")
        assert record.find(f".//{O}metadata") is None


@pytest.mark.usefixtures("network")
class TestWalks:
    @pytest.mark.usefixtures("small_pages")
    def test_every_record_once_in_the_order_of_change(self) -> None:
        listed = [identifier(union_uid(union.id)) for union in Union.objects.order_by("datestamp", "id")]
        assert walk() == walk("ListIdentifiers") == listed
        assert len(set(listed)) == len(listed) == 5

    @pytest.mark.usefixtures("small_pages")
    def test_a_token_can_be_used_again(self) -> None:
        token = ask(**LIST).findtext(f".//{O}resumptionToken")
        first, second = (identifiers(ask(verb="ListRecords", resumptionToken=token)) for _ in "ab")
        assert first == second

    @pytest.mark.usefixtures("small_pages")
    def test_a_record_that_changes_while_walking_is_not_lost(self) -> None:
        answer = ask(**LIST)
        seen = identifiers(answer)
        Union.objects.filter(id=1).update(datestamp=datetime.now(UTC) + timedelta(hours=1))
        while token := answer.findtext(f".//{O}resumptionToken"):
            answer = ask(verb="ListRecords", resumptionToken=token)
            seen += identifiers(answer)
        assert seen[-1].endswith("LT-0000001")
        assert len(set(seen)) == 5

    def test_from_and_until_belong_to_the_list(self) -> None:
        Union.objects.filter(id=1).update(datestamp=datetime(2001, 2, 3, 4, 5, 6, 700_000, tzinfo=UTC))
        for period in ({"from": "2001-02-03T04:05:06Z", "until": "2001-02-03T04:05:06Z"}, {"until": "2001-02-03"}):
            assert [name[-1] for name in identifiers(ask(**LIST, **period))] == ["1"]

    def test_sickle_walks_the_list(self, small_pages: None, server: str) -> None:
        records = list(Sickle(f"{server}/oai").ListRecords(metadataPrefix="marcxml"))
        assert [record.header.identifier for record in records] == walk()


ERRORS = [
    ({}, "badVerb"),
    ({"verb": "Nothing"}, "badVerb"),
    ({"verb": ["Identify", "Identify"]}, "badVerb"),
    ({"verb": "Identify", "set": "x"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({**LIST, "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
    ({**LIST, "resumptionToken": "x"}, "badArgument"),
    ({**LIST, "from": "2020-13-01"}, "badArgument"),
    ({**LIST, "from": "yesterday"}, "badArgument"),
    ({**LIST, "from": "2020-01-01", "until": "2020-01-01T00:00:00Z"}, "badArgument"),
    ({**LIST, "from": "2020-01-02", "until": "2020-01-01"}, "badArgument"),
    ({**LIST, "until": "1999-01-01"}, "noRecordsMatch"),
    ({**LIST, "set": "library:nobody"}, "noRecordsMatch"),
    ({**LIST, "set": "subject:1"}, "noRecordsMatch"),
    ({**LIST, "metadataPrefix": "pica"}, "cannotDisseminateFormat"),
    ({**LIST, "metadataPrefix": "marc xml"}, "badArgument"),
    ({**LIST, "set": "library:a b"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "pica", "identifier": "x"}, "cannotDisseminateFormat"),
    (
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:lienthong.example:LT-9999999"},
        "idDoesNotExist",
    ),
    ({"verb": "ListMetadataFormats", "identifier": "\x00<"}, "idDoesNotExist"),
    ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "x" * 100_000}, "badResumptionToken"),
    ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
]


@pytest.mark.usefixtures("network")
class TestErrors:
    @pytest.mark.parametrize(("arguments", "code"), ERRORS)
    def test_error(self, arguments: dict[str, Any], code: str) -> None:
        assert error(ask(**arguments)) == code

    def test_a_token_belongs_to_its_verb(self) -> None:
        token = Token("/oai", "ListRecords", "oai_dc").sign()
        assert error(ask(verb="ListIdentifiers", resumptionToken=token)) == "badResumptionToken"

    def test_a_changed_token_is_refused(self) -> None:
        token = Token("/oai", "ListRecords", "oai_dc").sign()
        for place in range(len(token)):
            letter = "A" if token[place] != "A" else "B"
            changed = token[:place] + letter + token[place + 1 :]
            assert error(ask(verb="ListRecords", resumptionToken=changed)) == "badResumptionToken", place


def test_an_empty_catalog_answers(catalog: Path) -> None:
    assert error(ask(**LIST)) == "noRecordsMatch"
    assert error(ask(verb="ListSets")) == "noSetHierarchy"
    assert error(ask(verb="Identify")) == ""


@pytest.fixture
def server(network: Path) -> Iterator[str]:
    with serving() as address:
        yield address


def test_lists_and_pages_on_both_databases(
    store: str, monkeypatch: pytest.MonkeyPatch, as_role: Callable[..., Any]
) -> None:
    fill()
    monkeypatch.setattr(oai, "PAGE", 2)
    assert len(walk()) == 5
    assert len(walk(set="library:HP-LL")) == 2
    for address in (
        "/",
        "/tim?q=de+men",
        "/r/LT-0000001",
        "/mang-luoi",
        "/nguon/truong-le-loi/bieu-ghi",
        "/thu-vien/HP-TP",
    ):
        assert as_role("it_staff").get(address).status_code == 200, address
