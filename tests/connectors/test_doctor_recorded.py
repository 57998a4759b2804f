"""The doctor over recorded answers of real repositories: sensible findings, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.doctor.examine import Terms, examine
from connectors.doctor.finding import Diagnosis
from connectors.doctor.letter import as_text
from tests.connectors.recorded import Recording, cassettes, file, playing

TERMS = Terms(allow_private=True, interval=0)


def diagnose(recordings: list[Recording]) -> Diagnosis:
    with playing(recordings) as url:
        diagnosis = examine(url, TERMS)
    for language in ("vi", "en"):
        assert diagnosis.url in as_text(diagnosis, language)
    return diagnosis


def codes(diagnosis: Diagnosis) -> set[str]:
    return {finding.code for finding in diagnosis.findings}


@pytest.fixture(scope="session")
def oai_data(shared: Path) -> Path:
    return shared / "data" / "oai"


def test_a_page_of_a_hundred_records(oai_data: Path) -> None:
    found = diagnose([file(oai_data / "idzebra" / "oai-caltech.xml", verb="ListRecords")])
    assert found.figures.sample == 100
    assert {"only_dublin_core", "records_good", "deletions_unknown"} <= codes(found)


def test_records_of_danish_letters(oai_data: Path) -> None:
    found = diagnose([file(oai_data / "idzebra" / "debug-utf8-record.xml", verb="ListRecords")])
    assert found.figures.sample == 1
    assert not codes(found) & {"mojibake", "legacy_encoding", "lost_letters"}


@pytest.mark.parametrize("name", ["fake1", "fake2", "fake3", "fake4", "fake5"])
def test_fakes_of_a_harvester(oai_data: Path, name: str) -> None:
    found = diagnose([file(path) for path in sorted((oai_data / "pyoai_fakes" / name).glob("*.xml"))])
    expected = {
        "fake1": {"deletions_no", "only_dublin_core", "sets_good", "identify_good"},
        "fake2": {"only_dublin_core"},
        "fake3": {"identify_broken"},
        "fake4": {"identify_broken"},
        "fake5": {"earliest_illegal"},
    }
    assert expected[name] <= codes(found)


def test_answers_with_a_token_that_expires(oai_data: Path) -> None:
    folder = oai_data / "vufindharvest"
    first = file(folder / "list_records_token_response.xml", verb="ListRecords")
    found = diagnose(
        [
            file(folder / "identify_response.xml"),
            file(folder / "list_sets_response.xml", verb="ListSets"),
            first,
            file(folder / "token_error_response.xml", verb="ListRecords", resumptionToken="more"),
        ]
    )
    assert {"token_refused", "deletions_transient", "size_missing"} <= codes(found)
    plain = diagnose([file(folder / "identify_response.xml"), file(folder / "oai_doaj.xml", verb="ListRecords")])
    assert plain.figures.sample


def test_a_list_of_two_pages(oai_data: Path) -> None:
    folder = oai_data / "traject"
    found = diagnose(
        [
            file(folder / "oai-pmh-one-record-first.xml", verb="ListRecords"),
            file(folder / "oai-pmh-one-record-2.xml", verb="ListRecords", resumptionToken="dummy_resumption"),
        ]
    )
    assert {"list_good", "token_good"} <= codes(found)
    assert found.figures.announced == 2


def test_answers_without_a_namespace(oai_data: Path) -> None:
    found = diagnose([file(oai_data / "traject" / "sample-oai-no-namespace.xml", verb="ListRecords")])
    assert "namespace" in codes(found)
    assert found.figures.sample


def test_recordings_of_a_great_repository(oai_data: Path) -> None:
    found = diagnose(cassettes(oai_data / "zenodo_cassettes", "zenodo.org"))
    assert {"identify_good", "format_good", "sets_good", "deletions_no"} <= codes(found)
    assert found.figures.prefix == "marcxml"
    assert found.figures.announced == 1_345_244
