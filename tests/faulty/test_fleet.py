"""A fleet of sources, good, flaky, quirky and broken, on both databases: after some rounds the store is the truth.

``LIENTHONG_FULL=1`` takes 40 repositories of 150 records through three rounds instead of 12 of 40 through two;
``LIENTHONG_FULL=2`` and so on take other seeds.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from hub.catalog.models import RawRecord, Run
from hub.stages.harvest import harvest
from tests.faulty.fleet import PER_HOST, PROFILES, drill, fleet, settle, source
from tests.faulty.protocol import Responder
from tests.faulty.repository import Repository
from tests.faulty.server import serving

FULL = int(os.environ.get("LIENTHONG_FULL", "0") or 0)
SETTING = (10, 150, 3) if FULL else (3, 40, 2)  # repositories of each profile, records in each, rounds


def test_a_fleet_of_faulty_servers_loses_nothing(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_CONTACT", "thu-vien@lienthong.example")
    per_profile, size, rounds = SETTING
    with fleet(per_profile, size, seed=max(FULL - 1, 0)) as ships:
        missed = drill(ships, rounds)
        assert missed.nothing(), ("increments alone", missed)
        settled = settle(ships)
        assert settled.nothing(), (settled, ships.failures)
        assert {member.profile for member in ships.members} == set(PROFILES)
        for server in ships.servers:
            assert server.conduct.too_early == 0
            assert 1 <= server.conduct.most_parallel <= PER_HOST
            assert all("thu-vien@lienthong.example" in agent for agent in server.conduct.agents)
        assert all(member.responder.deepest <= 25 for member in ships.members)
        before = RawRecord.objects.count()
        ships.harvest()
        assert RawRecord.objects.count() == before
    for run in Run.objects.all():
        assert run.received == run.created + run.updated + run.unchanged + run.deleted + run.rejected, run.pk


def test_no_server_is_asked_by_more_than_its_limit_at_once(store: str) -> None:
    responders = {f"r{n}": Responder(Repository(f"r{n}", 60)) for n in range(6)}
    with serving(responders) as server:
        configs = [source(name, server.address(name), per_host=1, max_wait="60s") for name in responders]

        def bring(config: object) -> None:
            try:
                harvest(config)  # type: ignore[arg-type]
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(bring, configs))
        assert server.conduct.most_parallel == 1
        assert Run.objects.filter(status="succeeded").count() == 6
