"""Union records as reference managers and spreadsheets take them: RIS, BibTeX, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from hub.match.description import Description
from hub.normalize.text import fold
from hub.stages.sheets import cell

RIS_KINDS = {"electronic": "EBOOK", "sound": "SOUND", "video": "VIDEO", "music": "MUSIC", "map": "MAP"}
RIS_KINDS |= {"serial": "JFULL", "image": "ART"}
COLUMNS: tuple[str, ...] = (
    "number",
    "title",
    "responsibility",
    "people",
    "place",
    "publisher",
    "year",
    "edition",
    "volume",
    "pages",
)
COLUMNS += ("isbn", "issn", "series", "subjects", "language", "form", "audience", "links", "address")
BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
SPECIAL = re.compile(r"([#$%&_{}~^\\])")
COMMANDS = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
SURNAME = re.compile(r"[^,]+,\s*\S.*")
Cited = tuple[str, str, Description]  # (number, address, description)


def to_ris(records: Iterable[Cited]) -> str:
    """RIS, a tag a line (https://en.wikipedia.org/wiki/RIS_(file_format)); lines end as its readers want, CR LF."""
    lines: list[str] = []
    for uid, address, it in records:
        people = [("AU" if role == "author" else "A4" if role == "translator" else "A2", n) for n, role in it.people]
        said: list[tuple[str, str]] = [
            ("TY", RIS_KINDS.get(it.form, "BOOK")),
            ("ID", uid),
            ("TI", _title(it)),
            *people,
            ("PY", str(it.year or "")),
            ("PB", it.publisher),
            ("CY", it.place),
            ("ET", it.edition),
            ("VL", it.volume),
            ("SP", str(it.pages or "")),
            ("T2", it.series),
            *(("SN", number) for number in (*it.isbns, *it.issns)),
            *(("KW", subject) for subject in it.subjects),
            ("AB", it.summary),
            ("LA", it.language),
            ("UR", address),
        ]
        lines += [f"{tag}  - {line}" for tag, value in said if (line := _line(value))]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines) + "\r\n"


def to_bibtex(records: Iterable[Cited]) -> str:
    """BibTeX; the signs that TeX takes for commands are written so that they stay text."""
    return "\n".join(_entry(*record) for record in records)


def _entry(uid: str, address: str, it: Description) -> str:
    people = {role: [_person(name) for name, said in it.people if said == role] for role in ("author", "editor")}
    said = {
        "title": _tex(_title(it)),
        "author": " and ".join(people["author"]),
        "editor": " and ".join(people["editor"]),
        "publisher": _tex(it.publisher),
        "address": _tex(it.place),
        "year": str(it.year or ""),
        "edition": _tex(it.edition),
        "volume": _tex(it.volume),
        "series": _tex(it.series),
        "pagetotal": str(it.pages or ""),
        "isbn": " ".join(it.isbns),
        "issn": " ".join(it.issns),
        "keywords": _tex(", ".join(it.subjects)),
        "abstract": _tex(it.summary),
        "langid": _tex(it.language),
        "url": _line(address),
    }
    kind = "book" if it.form in ("text", "electronic", "braille", "large_print") else "misc"
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in said.items() if value)
    return f"@{kind}{{{_key(uid, it)},\n{rows}}}\n"


def _key(uid: str, it: Description) -> str:
    who = fold(it.people[0][0]).split()[-1] if it.people and fold(it.people[0][0]) else ""
    start = re.sub("[^a-z0-9]", "", who)
    return f"{start}{it.year or ''}_{uid}" if start else uid


def _person(name: str) -> str:
    """A name in braces where it has no comma: Vietnamese names are not turned around."""
    said = _tex(name)
    return said if SURNAME.fullmatch(name) else f"{{{said}}}" if said else ""


def _tex(value: str) -> str:
    return SPECIAL.sub(lambda found: COMMANDS.get(found[1], "\\" + found[1]), _line(value))


def _line(value: str) -> str:
    return BREAKS.sub(" ", value).strip()


def _title(it: Description) -> str:
    head = " : ".join(filter(None, (it.title, it.subtitle)))
    return ". ".join(filter(None, (head, it.part)))


def to_csv(records: Iterable[Cited], header: Sequence[str] = COLUMNS) -> str:
    """A table for people: with a byte order mark, and nothing in it that a spreadsheet takes for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    for uid, address, it in records:
        row = [uid, _title(it), it.responsibility, "; ".join(name for name, _ in it.people), it.place, it.publisher]
        row += [str(it.year or ""), it.edition, it.volume, str(it.pages or ""), "; ".join(it.isbns)]
        row += ["; ".join(it.issns), it.series, "; ".join(it.subjects), it.language, it.form, it.audience]
        row += ["; ".join(it.links), address]
        writer.writerow([cell(value) for value in row])
    return "\ufeff" + stream.getvalue()
