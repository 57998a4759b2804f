"""The nouns of the path: what arrives (:class:`RawRecord`) and what it says (:class:`Record`).

A record is MARC 21 in Unicode whatever it came as. Its fields keep the text form of ISO 2709 (MARC 21 Specifications
for Record Structure, https://www.loc.gov/marc/specifications/specrecstruc.html): a control field is ``("001", "123")``,
a data field ``("245", "10\\x1faDế Mèn phiêu lưu ký")``: two indicators, then for each subfield the delimiter 1F, its
code and its value. Subfields are split only where somebody asks for them, which is what makes a million records cheap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.problem import Problem

DELIMITER = "\x1f"
FIELD_END = "\x1e"
RECORD_END = "\x1d"
BLANK_LEADER = "00000nam a2200000   4500"

Field = tuple[str, str]
Subfield = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as a source sent it.

    ``place`` says where it stood ("byte 10234", "row 14", "page 3, record 12") for a person to find it again.
    ``fingerprint`` is what decides "changed"; without it, the SHA-256 of ``body`` does. With a ``problem`` the
    record is rejected as it stands and its bytes are kept.
    """

    identifier: str
    body: bytes
    place: str
    datestamp: str = ""
    deleted: bool = False
    problem: Problem | None = None
    fingerprint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A MARC 21 record in Unicode: the leader (24 characters) and the fields in their order."""

    leader: str
    fields: tuple[Field, ...]

    def pack(self) -> str:
        """One string of the whole record; :meth:`unpack` reads it back unchanged."""
        return FIELD_END.join([self.leader, *[tag + content for tag, content in self.fields]])

    @classmethod
    def unpack(cls, packed: str) -> Record:
        leader, *fields = packed.split(FIELD_END)
        return cls(leader, tuple([(field[:3], field[3:]) for field in fields]))

    def control(self, tag: str) -> str:
        """The text of the first control field ``tag``, or ``""``."""
        for name, content in self.fields:
            if name == tag:
                return content
        return ""

    def contents(self, tag: str) -> list[str]:
        """The contents (indicators and subfields in one string) of all fields ``tag``."""
        return [content for name, content in self.fields if name == tag]

    def values(self, tag: str, codes: str) -> list[str]:
        """Every value of the subfields ``codes`` in the fields ``tag``, in order."""
        return [value for content in self.contents(tag) for code, value in subfields(content) if code in codes]

    def first(self, tag: str, codes: str) -> str:
        """The first value of the subfields ``codes`` in the fields ``tag``, or ``""``."""
        for content in self.contents(tag):
            for code, value in subfields(content):
                if code in codes:
                    return value
        return ""


def subfields(content: str) -> list[Subfield]:
    """The (code, value) pairs of a data field's content."""
    return [(part[0], part[1:]) for part in content.split(DELIMITER)[1:] if part]


def data_field(tag: str, indicators: str, parts: Iterable[Subfield]) -> Field:
    """A data field from its two indicators and its (code, value) pairs."""
    return tag, indicators + "".join(DELIMITER + code + value for code, value in parts)


def is_control(tag: str) -> bool:
    """Whether ``tag`` is a control field: 001 to 009, without indicators and subfields."""
    return tag < "010" and tag.isdigit()
