"""A repository made by others, the Perl module Dancer::Plugin::Catmandu::OAI over real records, harvested by us."""

import shutil
import socket
import subprocess
import time
from contextlib import closing

import pytest
import requests

from connectors.doctor.costs import Severity
from connectors.doctor.examine import Terms, examine
from connectors.doctor.letter import as_text
from connectors.oai_pmh import CONNECTOR, pages
from schemas.format import Reading
from tests.connectors.partner import harvest, identifiers, job

RECORDS = 1063


@pytest.fixture(scope="module")
def peer(shared):
    """The address of the peer with the records of one file."""
    application = shared / "peers" / "oai-provider" / "app.pl"
    marc = next((shared / "data" / "marc21" / "gpo").glob("*_1063_utf8.mrc"), None)
    perl = shutil.which("perl")
    if not (perl and marc and application.exists()):
        pytest.skip("the Catmandu peer is not here")
    modules = ["-MDancer::Plugin::Catmandu::OAI", "-MCatmandu::MARC", "-e", "1"]
    if subprocess.run([perl, *modules], capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("the Perl modules of the Catmandu peer are not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {"MARC": str(marc), "PORT": str(port), "LIMIT": "100", "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [perl, str(application)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}/oai", process)
    finally:
        process.kill()
        process.wait()


def _answering(url, process):
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            requests.get(url, {"verb": "Identify"}, timeout=30)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return url
    pytest.fail("the Catmandu peer did not start")


def test_all_of_it_and_then_nothing(peer):
    harvested = harvest(peer)
    records = [raw for page in harvested for raw in page.records]
    assert len({raw.identifier for raw in records}) == len(records) == RECORDS
    assert harvested[-1].complete
    assert harvested[-1].announced == RECORDS
    assert sum(raw.deleted for raw in records) == 10
    form = job(peer).format
    assert all(form.parse(raw.body, Reading()).first("245", "a") for raw in records if not raw.deleted)
    (again,) = harvest(peer, harvested[-1].checkpoint)
    assert again.complete
    assert again.records == []


def test_what_changed_since_a_day(peer):
    everything = [raw for page in harvest(peer) for raw in page.records]
    since = sorted(raw.datestamp for raw in everything)[-200]
    changed = harvest(peer, {"from": since}, overlap="0s")
    assert set(identifiers(changed)) == {raw.identifier for raw in everything if raw.datestamp >= since}


def test_a_cut_harvest_goes_on(peer):
    running = pages(job(peer))
    first = [next(running), next(running)]
    running.close()
    assert len(identifiers([*first, *harvest(peer, first[-1].checkpoint)])) == RECORDS


def test_the_check_finds_it_well(peer):
    assert CONNECTOR.check(job(peer)) == []


def test_the_doctor_can_examine_it(peer):
    found = examine(peer, Terms(allow_private=True, interval=0))
    assert found.worst is not Severity.BLOCKS, as_text(found, "en")
    assert {"identify_good", "format_good", "list_good", "token_good"} <= {finding.code for finding in found.findings}
    assert (found.figures.announced, found.figures.prefix) == (RECORDS, "marcxml")
