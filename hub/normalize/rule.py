"""What a rule is: a name, a version, the tags it looks at, and one pure function from content to content."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hub.normalize.context import Context
from schemas.record import Field

Repair = tuple[str, str, str, str]  # rule@version, tag, before, after


class Moved(NamedTuple):
    """A field of which a part now stands in fields of its own; ``content`` is ``""`` when nothing stayed."""

    content: str
    fields: tuple[Field, ...]


Change = Callable[[str, Context], "str | Moved"]


class Rule(NamedTuple):
    """A rule for the fields of some tags.

    ``change`` gives a field's content (indicators and subfields) as the rule wants it, the same one where it has
    nothing to say, or :class:`Moved`. It is asked only about fields that have the subfield ``code``. ``everywhere`` is
    for rules that hold for every record; the others hold for those in Vietnamese or published in Vietnam.
    """

    name: str
    version: int
    tags: tuple[str, ...]
    change: Change
    code: str = ""
    everywhere: bool = False

    @property
    def title(self) -> str:
        """The name as repairs say it: "R-01@1"."""
        return f"{self.name}@{self.version}"
