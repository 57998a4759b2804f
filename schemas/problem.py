"""What goes wrong, as a code with facts, and the sentence a person reads.

Every layer says its errors as a :class:`Problem`: a code and the facts of the case. The sentence says what is wrong,
where, and how to mend it, in Vietnamese or in English; it is made only where a person reads it. Each layer keeps its
sentences in a ``wording`` module of its own and registers them with :func:`say` when it is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.wording import SENTENCES


def say(sentences: dict[str, dict[str, str]]) -> None:
    """Add a layer's sentences to the table; a code may be given once."""
    for code, sentence in sentences.items():
        if SENTENCES.setdefault(code, sentence) != sentence:
            raise ValueError(f"two sentences for the problem {code}")


@dataclass(frozen=True, slots=True)
class Problem:
    """A code of :mod:`schemas.wording` and its facts."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)

    def sentence(self, language: str = "vi") -> str:
        """The sentence of this problem in ``vi`` or ``en``."""
        return SENTENCES[self.code][language].format_map(self.facts)


class Trouble(Exception):
    """A problem that stops what was being done: ``raise Trouble("file_missing", path=path)``."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.problem = Problem(code, {name: str(value) for name, value in facts.items()})
        super().__init__(self.problem.sentence("en"))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.problem.code, self.problem.facts)


def _rebuild(code: str, facts: dict[str, str]) -> Trouble:
    return Trouble(code, **facts)
