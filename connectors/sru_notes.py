"""What the IT staff should see of a harvest by SRU, and whether the list can be believed."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.problem import Problem

MOST = 50


@dataclass(slots=True)
class Notes:
    """The notes of one harvest. After a doubt ``certain`` is false: no record can be taken to be gone."""

    certain: bool = True
    waiting: list[Problem] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)

    def note(self, code: str, **facts: object) -> None:
        """Note something, once for each diagnostic or place it is about."""
        key = code, str(facts.get("number", facts.get("place", "")))
        if key not in self.said and len(self.said) < MOST:
            self.said.add(key)
            self.waiting.append(Problem(code, {name: str(value) for name, value in facts.items()}))

    def doubt(self, code: str, **facts: object) -> None:
        """Note something for which no record can be taken to be gone."""
        self.certain = False
        self.note(code, **facts)

    def taken(self) -> tuple[Problem, ...]:
        """The notes since the last time."""
        waiting, self.waiting = self.waiting, []
        return tuple(waiting)
