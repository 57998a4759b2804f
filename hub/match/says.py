"""What a record says in each field of the evidence and for each veto, as people read it; ``""`` where it is silent."""

from __future__ import annotations

from collections.abc import Callable

from hub.match.traits import Traits

Say = Callable[[Traits], str]
CATALOGS = {"o": "OCLC", "l": "LCCN"}  # the first letter of Description.numbers


def title(t: Traits) -> str:
    return t.description.title


def author(t: Traits) -> str:
    people = t.description.people
    wrote = [name for name, role in people if role == "author"]
    return ", ".join(wrote or [name for name, role in people if role == "editor"])


def translator(t: Traits) -> str:
    return ", ".join(name for name, role in t.description.people if role == "translator")


def number(t: Traits) -> str:
    return ", ".join(t.numbers)


def identifier(t: Traits) -> str:
    return ", ".join(f"{CATALOGS.get(text[:1], text[:1])} {text[1:]}" for text in t.description.numbers)


def pages(t: Traits) -> str:
    d = t.description
    return str(d.pages or "") or (f"{d.volumes} v." if d.volumes else "")


def whole(t: Traits) -> str:
    return "several" if t.several else ""


def revision(t: Traits) -> str:
    return t.description.edition or ("revised" if t.revised else "")


FIELDS_SAY: dict[str, Say] = {
    "title": title,
    "author": author,
    "subtitle": lambda t: t.description.subtitle,
    "number": number,
    "part": lambda t: t.description.part,
    "whole": whole,
    "comic": lambda t: "comic" if t.comic else "",
    "parallel": lambda t: t.description.parallel,
    "identifier": identifier,
    "isbn": lambda t: ", ".join(t.description.isbns),
    "publisher": lambda t: t.description.publisher,
    "year": lambda t: str(t.description.year or ""),
    "pages": pages,
    "edition": lambda t: t.description.edition,
}
VETOES_SAY: dict[str, Say] = {
    "form": lambda t: t.description.form,
    "language": lambda t: t.description.language,
    "volume": number,
    "part": lambda t: t.description.part,
    "kind": lambda t: t.kind,
    "series": lambda t: t.series,
    "author": author,
    "whole": lambda t: whole(t) or pages(t),
    "publisher": lambda t: t.description.publisher,
    "extent": pages,
    "edition": lambda t: t.description.edition,
    "translator": translator,
    "adaptation": lambda t: "comic" if t.comic else "",
    "bilingual": lambda t: "bilingual" if t.bilingual else "",
    "revision": revision,
    "marks": title,
}


def said(table: dict[str, Say], name: str, t: Traits) -> str:
    """What a record says under a name; nothing where nobody has said how to read it."""
    return table[name](t) if name in table else ""
