"""Signs of MARC-8 left in text that is Unicode: escape sequences of small figures, and ligatures in halves.

Systems that convert MARC-8 to UTF-8 leave «SiO ESC b 2 ESC s» as it is, and write the ligature of «Nedzi͡el» as two
halves (U+FE20, U+FE21) or as one mark (U+0361). Both rules are named, so that the repair says them.
https://www.loc.gov/marc/specifications/speccharmarc8.html, technique 1; speccharucs.html, combining half marks.
"""

from __future__ import annotations

import re

from pymarc.marc8 import marc8_to_unicode

from schemas.record import Field, Record

ESCAPE, LIGATURE = "escape@1", "ligature@1"
_SMALL = re.compile(r"\x1b[bpg](?:[\x20-\x7e]|\x1b[(),$-].{1,2}?)*?(?:\x1bs|\x1b\(B|$)")
_MARKS = "[\u0300-\u036f]*"
_HALVES = re.compile(f"(\\w{_MARKS})\ufe20(\\w{_MARKS})\ufe21")
_TILDES = re.compile(f"(\\w{_MARKS})\ufe22(\\w{_MARKS})\ufe23")


def mend_escapes(record: Record, packed: str) -> tuple[Record, list[tuple[str, str, str, str]]]:
    """The record with its small figures and ligatures in one form, and (rule, tag, before, after) of each change."""
    if "\x1b" not in packed and "\ufe20" not in packed and "\ufe22" not in packed:
        return record, []
    repairs: list[tuple[str, str, str, str]] = []
    fields: list[Field] = []
    for tag, content in record.fields:
        for rule, change in ((ESCAPE, figures), (LIGATURE, ligatures)):
            if (after := change(content)) != content:
                repairs.append((rule, tag, content, after))
                content = after
        fields.append((tag, content))
    return Record(record.leader, tuple(fields)), repairs


def figures(text: str) -> str:
    """Text with its escape sequences of superscripts, subscripts and Greek symbols decoded: «SiO₂»."""
    if "\x1b" not in text:
        return text
    return _SMALL.sub(lambda match: str(marc8_to_unicode(match[0].encode("ascii"), hide_utf8_warnings=True)), text)


def ligatures(text: str) -> str:
    """Text in which two letters are joined by one mark between them and not by two halves."""
    return _TILDES.sub("\\1\u0360\\2", _HALVES.sub("\\1\u0361\\2", text))
