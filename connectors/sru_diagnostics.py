"""Diagnostics of SRU, and what they mean for a source
(https://www.loc.gov/standards/sru/diagnostics/diagnosticsList.html).

They come with the status 200. 1.x and 2.0 write the same three elements, each in a namespace of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from schemas.problem import Trouble
from schemas.xml import local_name

STANDARD = re.compile(r"(?:info:/?srw/diagnostic/1/|)(\d{1,5})", re.IGNORECASE)
LONGEST = 300  # characters of a message
MEANT: dict[str, frozenset[int]] = {
    "sru_busy": frozenset({2}),
    "sru_login": frozenset({3, 236}),
    "sru_version": frozenset({5}),
    "sru_parameter": frozenset({4, 6, 7, 8}),
    "sru_database": frozenset({235}),
    "sru_query_refused": frozenset(range(10, 50)),
    "sru_gone": frozenset(range(50, 54)),
    "sru_limited": frozenset({60}),
    "sru_schema_refused": frozenset({66, 71, 72, 73}),
}
OUT_OF_RANGE = 61  # there are no records so far on
HARMLESS = frozenset({6, 8, 71, *range(80, 97), *range(110, 122)})  # of parameters, sorting and stylesheets


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a server says in place of an answer, beside one, or in place of a record (a surrogate)."""

    uri: str
    message: str = ""
    details: str = ""

    @property
    def standard(self) -> int:
        """Its number in the list of SRU, 0 for another one."""
        found = STANDARD.fullmatch(self.uri)
        return int(found[1]) if found else 0

    @property
    def number(self) -> str:
        """Its number in the list of SRU, else its whole URI."""
        return str(self.standard or self.uri or "?")

    @property
    def sentence(self) -> str:
        """Number and message."""
        return f"{self.number}: {self.said}"

    @property
    def said(self) -> str:
        """The message, and what it is about."""
        return ": ".join(part for part in (self.message, self.details) if part)[:LONGEST] or "?"

    @property
    def harmless(self) -> bool:
        """Whether records that come with it are none the fewer for it."""
        return self.standard in HARMLESS


def find_diagnostics(element: Any) -> tuple[Diagnostic, ...]:
    """The diagnostics among an element's children, or the element itself if it is one."""
    if element is None:
        return ()
    elements = [element] if local_name(element) == "diagnostic" else element.findall("{*}diagnostic")
    return tuple(Diagnostic(*(_text(one, name) for name in ("uri", "message", "details"))) for one in elements)


def trouble_of(diagnostic: Diagnostic, host: str) -> Trouble:
    """The trouble a diagnostic in place of an answer stands for."""
    code = next((code for code, numbers in MEANT.items() if diagnostic.standard in numbers), "sru_diagnostic")
    return Trouble(code, host=host, number=diagnostic.number, message=diagnostic.said)


def _text(element: Any, name: str) -> str:
    return " ".join("".join(part.xpath("string()") for part in element.findall(f"{{*}}{name}")).split())
