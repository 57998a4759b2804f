"""What was found in a file that somebody brings: facts, and problems that are grave (not kept with them) or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.problem import Problem

MOST = 30  # problems that are told of one by one


@dataclass(slots=True)
class Findings:
    """``format`` is one of :mod:`schemas.content_type`; ``facts`` are texts, numbers and lists of them."""

    format: str
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[Problem, bool]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether something is grave."""
        return any(grave for _, grave in self.problems)

    def grave(self, problem: Problem) -> None:
        """With this it is not kept."""
        self._add(problem, True)

    def note(self, problem: Problem) -> None:
        """Worth knowing."""
        self._add(problem, False)

    def _add(self, problem: Problem, grave: bool) -> None:
        if len(self.problems) < MOST or (grave and not self.refused):
            self.problems.append((problem, grave))

    def dump(self) -> dict[str, Any]:
        """As JSON can hold it."""
        rows = [{"code": one.code, "facts": one.facts, "grave": grave} for one, grave in self.problems]
        return {"format": self.format, "facts": self.facts, "problems": rows}

    @classmethod
    def load(cls, said: dict[str, Any]) -> Findings:
        """What :meth:`dump` gave."""
        rows = [(Problem(row["code"], row["facts"]), row["grave"]) for row in said["problems"]]
        return cls(said["format"], said["facts"], rows)
