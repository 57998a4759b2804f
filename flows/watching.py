"""How a harvest is watched: its progress on the screen, in the log of its run, and at the request that asked for it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from flows.screen import progress
from hub.catalog.models import Run
from hub.operations import requests
from hub.operations.journal import Journal
from hub.stages.harvest import NOT_BEGUN
from hub.stages.report import Progress, silent
from schemas.problem import Problem, Trouble


class Watch:
    """Watches a harvest of one source; called as a :data:`hub.stages.report.Progress`."""

    def __init__(self, source: str, request: int = 0, run: int = 0, *, shown: bool = True) -> None:
        self.journal = Journal(source, run)
        self.request = request
        self._told = 0
        self._screen: Progress = progress(source) if shown else silent

    def __call__(self, stage: str, done: int, of: int) -> None:
        self._screen(stage, done, of)
        self.journal.progress(stage, done, of)
        self.tell()

    def tell(self) -> None:
        """Write the run's number back to the request."""
        run = self.journal.find_run()
        if self.request and run and run != self._told:
            requests.begun(self.request, run)
            self._told = run

    def begin(self, request: int, *, scheduled: bool, flow_run: str = "") -> None:
        """Say why the run begins, and where Prefect shows it."""
        if request:
            asked = requests.known(request)
            self.journal.before("began_asked", by=asked.by)
            if asked.tries > 1:
                self.journal.before("taken_again")
        else:
            self.journal.before("began_schedule" if scheduled else "began_command")
        if flow_run:
            self.journal.before("prefect", flow_run=flow_run)

    def united(self, changed: int) -> None:
        """The union catalog has followed."""
        self.journal.say("union", changed=changed)

    def ended(self, run: int) -> None:
        """Say how the run ended: by what its row says, and by nothing else."""
        found = Run.objects.get(pk=run)
        for note in reversed(found.notes[:5]):
            self.journal.problem(Problem(**note))
        code = "paused" if found.status == Run.Status.RUNNING else found.status
        self.journal.say(f"ended_{code}", received=found.received)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """What stops the harvest is in the log: a sentence, and what the program said."""
        try:
            yield
        except Trouble as trouble:
            if trouble.problem.code in NOT_BEGUN:
                raise
            self._failed(trouble.problem, f"{trouble.problem.code} {trouble.problem.facts}")
            raise
        except Exception as error:
            detail = f"{type(error).__name__}: {error}".split("\n")[0][:200]
            self._failed(Problem("run_unexpected", {"detail": detail}), traceback.format_exc())
            raise

    def _failed(self, problem: Problem, technical: str) -> None:
        self.journal.problem(problem)
        self.journal.technical(technical)
        self.journal.say("ended_failed")
        self.tell()
