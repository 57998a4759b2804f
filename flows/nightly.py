"""The nightly dump: made once a day, at the hour of ``LIENTHONG_DUMP_AT``, by a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path

from django.utils import timezone

from hub.provide.dump_files import folder
from schemas.problem import Trouble

USUAL = "01:30"
NEVER = "never"
TRIED = "tried"  # a file of the folder of dumps; its time is that of the last try


def hour() -> time | None:
    """When dumps are made, in the hub's time zone; :class:`Trouble` ``dump_time``."""
    text = os.environ.get("LIENTHONG_DUMP_AT") or USUAL
    if text == NEVER:
        return None
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise Trouble("dump_time", value=text[:40])
    return time.fromisoformat(text)


def is_due(now: datetime) -> bool:
    """Whether today's hour has come and nobody has tried since."""
    at = hour()
    local = timezone.localtime(now)
    if at is None or local.time() < at:
        return False
    start = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    try:
        return (folder() / TRIED).stat().st_mtime < start.timestamp()
    except FileNotFoundError:
        return True


def dump_when_due() -> None:
    """Make the dump of the night, where it is due."""
    if not is_due(timezone.now()):
        return
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / TRIED).touch()
    _run(folder().parent / "dump.log")


def _run(log: Path) -> None:
    with log.open("ab") as stream:
        subprocess.run([sys.executable, "-m", "flows.cli", "dump"], stdout=stream, stderr=stream, check=False)
