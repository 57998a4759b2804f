"""Workers die at every step of every stage, of a first harvest and of a sweep with deletions; nothing is lost, doubled
or torn.

``LIENTHONG_KILL_POINTS`` is how many points of each stage are tried: 200 for the whole drill.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hub.home import home
from tests.flows.conftest import PROJECT

POINTS = int(os.environ.get("LIENTHONG_KILL_POINTS", "5"))


@pytest.mark.parametrize("stage", ["harvest", "normalize", "match", "merge", "publish", "sweep", "unite"])
def test_a_killed_worker_leaves_what_the_next_one_needs(store: str, stage: str) -> None:
    from django.db import connections

    connections["default"].close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill.drill", stage, str(POINTS), *(["--whole"] if POINTS > 50 else [])],
        cwd=PROJECT,
        env={**os.environ, "LIENTHONG_HOME": str(home())},
        capture_output=True,
        text=True,
        check=False,
        timeout=60 + 10 * POINTS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    print(told)
    assert told["faults"] == []
    assert told["killed"] >= POINTS // 2
