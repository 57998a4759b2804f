"""A union record field by field: what each says, who says it, and the record as catalogers write it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.catalog.reads import Contributor, UnionContent
from hub.merge.merge import shared
from schemas.record import Record, is_control, subfields

CODED = ("001", "003", "005", "006", "007", "008")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as a reader sees it and the members that say it."""

    tag: str
    text: str
    sources: list[Contributor]


def field_rows(content: UnionContent) -> list[FieldRow]:
    """The fields people read (no coded and no local ones), each with the records it came from."""
    members = {member.number: member for member in content.members}
    return [
        FieldRow(tag, _text(text), [members[number] for number in origin if number in members])
        for (tag, text), origin in zip(content.record.fields, content.origins, strict=False)
        if tag not in CODED and shared(tag)
    ]


def _text(content: str) -> str:
    return " ".join(value for code, value in subfields(content) if code not in "0123456789")


def marc_text(record: Record) -> str:
    """The record in the lines catalogers know: tag, indicators (# for a blank), subfields with $."""
    lines = [f"LDR    {record.leader}"]
    for tag, content in record.fields:
        if is_control(tag):
            lines.append(f"{tag}    {content}")
        else:
            parts = " ".join(f"${code} {value}" for code, value in subfields(content))
            lines.append(f"{tag} {content[:2].replace(' ', '#')} {parts}")
    return "\n".join(lines)
