"""The truth: which publication a record is of, seen by a reader who knows the whole catalog and only what it says.

A record that says enough belongs to its publication. One that fits several publications of the catalog is a cluster of
its own (``ambiguous``); one that is brief and fits exactly one belongs there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.network.people import MAKERS
from benchmarks.network.publication import Publication
from benchmarks.network.said import Said
from benchmarks.network.say import FORCED
from hub.normalize.text import fold, syllables

RENAMED = {"Giáo dục": "Giáo dục Việt Nam"}
SILENT = ("text", "comic")  # other carriers are always named


@dataclass(frozen=True, slots=True)
class Judged:
    """The cluster of a record and whether it is left out of measuring."""

    cluster: str
    ambiguous: bool = False


def judge(descriptions: Sequence[tuple[str, Said]]) -> list[Judged]:
    """The cluster of each (name of the record, description)."""
    told = {id(said.publication): said.publication for _, said in descriptions if is_full(said)}
    titles = _by_title(told.values())
    alone: dict[str, list[int]] = defaultdict(list)
    found: list[Judged] = []
    for number, (name, said) in enumerate(descriptions):
        fitting = _fitting(said, titles)
        if len(fitting) > 1:
            found.append(Judged(f"ambiguous-{name}", ambiguous=True))
        elif fitting:
            found.append(Judged(fitting[0].key))
        else:
            alone[said.publication.key].append(number)
            found.append(Judged(f"only-brief-{said.publication.key}"))
    for numbers in alone.values():
        if len(numbers) > 1:  # nobody can say whether brief records without a fuller one are of one publication
            for number in numbers:
                found[number] = Judged(f"ambiguous-{descriptions[number][0]}", ambiguous=True)
    return found


def is_full(said: Said) -> bool:
    """Whether a record gives anything of ISBN, publisher, year and pages."""
    return bool(said.states & {"isbn", "publisher", "company", "year", "pages"})


def _by_title(publications: Iterable[Publication]) -> dict[str, list[Publication]]:
    found: dict[str, list[Publication]] = defaultdict(list)
    for p in publications:
        for title in {fold(p.title), fold(p.part) if "named-volume" in p.traits else ""} - {""}:
            found[title].append(p)
    return found


def _fitting(said: Said, titles: dict[str, list[Publication]]) -> list[Publication]:
    p = said.publication
    title = p.part if said.own else p.title
    if "isbn" in said.states:
        return [q for q in titles.get(fold(title), ()) if q is p] or [p]
    return [q for q in titles.get(fold(title), ()) if q is p or fits(said, title, q)]


def fits(said: Said, title: str, q: Publication) -> bool:
    """Whether the record could be of ``q`` as well, for all it says."""
    return all(
        (
            _title_fits(said, title, q),
            _form_fits(said, q),
            _people_fit(said, q),
            _imprint_fits(said, q),
            _edition_fits(said, q),
        )
    )


def _title_fits(said: Said, title: str, q: Publication) -> bool:
    p = said.publication
    by_part = fold(q.title) != fold(title)
    theirs = q.part if by_part else q.title
    if said.marked and syllables(theirs) != syllables(title):
        return False
    if by_part or said.own:
        if q.volume and said.volume_number not in (0, q.volume):
            return False
    elif said.volume_number != q.volume or said.parts != q.parts:
        return False
    if "part" in said.states and q.part and fold(q.part) != fold(p.part):
        return False
    if q.subtitle in FORCED or p.subtitle in FORCED:
        return q.subtitle == p.subtitle
    return not ("subtitle" in said.states and q.subtitle and q.subtitle != p.subtitle)


def _form_fits(said: Said, q: Publication) -> bool:
    p = said.publication
    if p.bilingual != q.bilingual:
        return False
    if "form" in said.states or p.form not in SILENT or q.form not in SILENT:
        return p.form == q.form
    return not (q.form == "comic" and q.kind != "comics")  # an adaptation always says so


def _people_fit(said: Said, q: Publication) -> bool:
    p = said.publication
    for state, roles in (("author", MAKERS), ("translator", ("translator",))):
        if state in said.states and not set(p.names(*roles)) & set(q.names(*roles)):
            return False
    return True


def _imprint_fits(said: Said, q: Publication) -> bool:
    p = said.publication
    if "publisher" in said.states and RENAMED.get(p.publisher, p.publisher) != RENAMED.get(q.publisher, q.publisher):
        return False
    if "company" in said.states and p.company != q.company:
        return False
    if "year" in said.states and all(abs(printing.year - said.printing.year) > 1 for printing in q.printings):
        return False
    return not ("pages" in said.states and q.pages) or abs(p.pages - q.pages) <= max(3, p.pages * 0.03)


def _edition_fits(said: Said, q: Publication) -> bool:
    p = said.publication
    if "textbook" in p.traits and "series" in said.states and p.series != q.series:
        return False
    return not ("edition" in said.states and ("revised" in said.states) != q.revised)
