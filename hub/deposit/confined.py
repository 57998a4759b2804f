"""Programs that parse what somebody brought, where they can do no harm: no network, nothing to write, little memory.

``bwrap`` (https://github.com/containers/bubblewrap) gives a process its own empty home and no network, ``prlimit`` of
util-linux bounds its memory, processor time and output. Where bwrap cannot be had the limits stay, and
:attr:`Outcome.confined` says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from hub.home import home

MEBIBYTE = 2**20
MOST_OUTPUT = 8 * MEBIBYTE
INSIDE = "/tmp/brought"  # noqa: S108 - a folder of the process alone


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program said; ``status`` is None where it had to be stopped or could not be started."""

    status: int | None
    output: bytes
    confined: bool


class Limits(NamedTuple):
    """Seconds of processor time (and twice as many in all), MiB of address space."""

    seconds: int
    memory: int


def run(command: Sequence[str], brought: Path, name: str, limits: Limits) -> Outcome:
    """Run a command with ``{}`` in it standing for the file; ``name`` is what the program sees it called."""
    walls = _walls(brought, name) if has_walls() else []
    seen = f"{INSIDE}/{name}" if walls else str(brought)
    bounds = [f"--as={limits.memory * MEBIBYTE}", f"--cpu={limits.seconds}", f"--fsize={MOST_OUTPUT}", "--core=0"]
    whole = [*walls, "prlimit", *bounds, "--", *(seen if part == "{}" else part for part in command)]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "PYTHONPATH": str(_root())}
    if trust := os.environ.get("LIENTHONG_DEPOSIT_TRUST", ""):
        environment["LIENTHONG_DEPOSIT_TRUST"] = trust
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                whole, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, timeout=limits.seconds * 2,
                env=environment, cwd="/",
            )  # fmt: skip
            status: int | None = done.returncode
        except (subprocess.TimeoutExpired, OSError):
            status = None
        output.seek(0)
        return Outcome(status, output.read(MOST_OUTPUT), bool(walls))


def _root() -> Path:
    """The folder of the packages of this project."""
    return Path(__file__).resolve().parents[2]


def _walls(brought: Path, name: str) -> list[str]:
    folders = dict.fromkeys([_root(), Path(sys.prefix), Path(sys.base_prefix)])
    shown = [part for one in folders for part in ("--ro-bind", str(one), str(one))]
    trust = os.environ.get("LIENTHONG_DEPOSIT_TRUST", "")
    ours = ["--tmpfs", str(home())] if home().is_dir() else []
    ours += ["--ro-bind", trust, trust] if trust and Path(trust).is_dir() else []  # it may lie in there
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev",
        "--proc", "/proc", "--tmpfs", "/tmp", *shown, *ours,  # noqa: S108
        "--ro-bind", str(brought), f"{INSIDE}/{name}", "--chdir", "/",
    ]  # fmt: skip


@lru_cache(maxsize=1)
def has_walls() -> bool:
    """Whether bwrap is here and may do what it must."""
    if shutil.which("bwrap") is None:
        return False
    test = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "true"]
    try:
        return subprocess.run(test, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
