import json
import socket

import pytest
import requests
from lxml import etree
from sickle import Sickle

from flows.sample_partners import Repository, demo_partners, serve
from schemas.problem import Trouble
from tests.connectors.partner import MARC

OAI = "{http://www.openarchives.org/OAI/2.0/}"
LIST = "verb=ListRecords&metadataPrefix=marcxml"


def item(number, **more):
    named = {"identifier": f"oai:demo:{number:03}", "datestamp": f"2026-01-{number % 28 + 1:02}T00:00:00Z"}
    return named | {"sets": ["sách:thiếu nhi"], "metadata": {"marcxml": MARC.format(number=number)}} | more


@pytest.fixture
def url():
    repository = Repository("demo", [item(n, deleted=n == 5) for n in range(60)])
    with serve({"demo": repository, "bare": Repository("bare")}) as base:
        yield f"{base}/demo"


def ask(url, query):
    return etree.fromstring(requests.get(f"{url}?{query}", timeout=10).content)


def test_another_client_reads_all_of_it(url):
    sickle = Sickle(url)
    records = list(sickle.ListRecords(metadataPrefix="marcxml"))
    assert len(records) == 60
    assert sum(record.header.deleted for record in records) == 1
    assert len(list(sickle.ListIdentifiers(metadataPrefix="marcxml", set="sách"))) == 60
    assert [s.setSpec for s in sickle.ListSets()] == ["sách:thiếu nhi"]
    assert [f.metadataPrefix for f in sickle.ListMetadataFormats()] == ["marcxml"]
    assert sickle.Identify().deletedRecord == "persistent"
    assert sickle.GetRecord(identifier="oai:demo:001", metadataPrefix="marcxml").header.identifier == "oai:demo:001"


def test_from_and_until_are_inclusive(url):
    root = ask(url, f"{LIST}&from=2026-01-03&until=2026-01-03")
    assert {e.text for e in root.iter(f"{OAI}datestamp")} == {"2026-01-03T00:00:00Z"}
    assert len(list(root.iter(f"{OAI}record"))) == 3


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        (f"{LIST}&from=2026", "badArgument"),
        (f"{LIST}&from=2026-01-01&until=2026-01-01T00:00:00Z", "badArgument"),
        (f"{LIST}&set=a&set=b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=mods", "cannotDisseminateFormat"),
        (f"{LIST}&from=2030-01-01", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=W10%3D", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=marcxml&identifier=none", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:demo:001", "cannotDisseminateFormat"),
    ],
)
def test_faults(url, query, code):
    assert ask(url, query).find(f"{OAI}error").get("code") == code


def test_a_repository_without_sets(url):
    assert ask(url.replace("demo", "bare"), "verb=ListSets").find(f"{OAI}error").get("code") == "noSetHierarchy"


def test_post_is_answered_and_other_paths_are_not(url):
    root = etree.fromstring(requests.post(url, data={"verb": "Identify"}, timeout=10).content)
    assert root.find(f"{OAI}Identify") is not None
    assert requests.get(url + "x", timeout=10).status_code == 404


def test_the_demonstration_loads_a_folder(tmp_path):
    line = json.dumps(item(1), ensure_ascii=False)
    (tmp_path / "truong.jsonl").write_text(line + "\n\n", encoding="utf-8")
    with demo_partners(port=0, folder=tmp_path) as base:
        assert len(list(ask(f"{base}/truong", LIST).iter(f"{OAI}record"))) == 1


def test_a_port_in_use_is_said():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        partners = demo_partners(port=taken.getsockname()[1])
        with pytest.raises(Trouble, match="in use"):
            partners.__enter__()
