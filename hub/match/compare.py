"""Two records compared: evidence field by field, vetoes, and the verdict SAME, FITS, ASK or DIFFERENT.

SAME: the records say enough to tell that they are one publication. FITS: nothing speaks against it, but one of them
says too little to tell editions apart; it joins where exactly one publication fits (:mod:`hub.match.cluster`). ASK: a
person decides. The verdict is the same whichever of the two comes first.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.match.evidence import FIELDS, identifier, isbn, title
from hub.match.rules import Rules
from hub.match.textbooks import program
from hub.match.traits import Traits, traits
from hub.match.vetoes import AGREED, ASKED, SOFT, VETOES, in_one_cluster, lacks_volume

Evidence = tuple[str, str, float]  # field, what happened, weight

__all__ = ["FIELDS", "VETOES", "Evidence", "Traits", "Verdict", "compare", "judge", "separation", "traits", "vetoed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """SAME, FITS, ASK or DIFFERENT, the sum of the weights, and why.

    ``veto`` is the first rule that keeps the two apart. ``reason`` says what decided where it is not the sum alone:
    ``brief``, ``generic`` or ``veto``.
    """

    status: str
    score: float
    evidence: tuple[Evidence, ...]
    veto: str = ""
    reason: str = ""


def vetoed(a: Traits, b: Traits, rules: Rules) -> str:
    """The first veto on two records, or ``""``."""
    if a.alternates or b.alternates:
        a, b = seen(a, b)
    return next((name for name in rules.vetoes if VETOES[name](a, b)), "")


def separation(a: Traits, b: Traits, rules: Rules) -> str:
    """What keeps two records out of one cluster: ``hard``, ``soft`` (it may be a slip of one of them) or ``""``.

    Two volumes stay apart whatever their titles are: volumes of one title in two series, or of two that share a part.
    """
    if set(a.numbers).isdisjoint(b.numbers) and a.numbers and b.numbers:
        return "hard"
    if a.alternates or b.alternates:
        a, b = seen(a, b)
    found = ""
    for name in rules.vetoes:
        if VETOES[name](a, b) and not in_one_cluster(a, b, name):
            if name not in SOFT:
                return "hard"
            found = "soft"
    return found


def seen(a: Traits, b: Traits) -> tuple[Traits, Traits]:
    """The two as they are alike most: each as it puts itself, or a volume as the other puts it.

    Two ways of putting that name the same title and other numbers come first: they are two volumes. Volumes of one
    title in two series are two books unless they have the same number.
    """
    if a.folded == b.folded:
        return a, b
    pairs = [(x, y) for x in (a, *a.alternates) for y in (b, *b.alternates) if x.folded == y.folded]
    if a.numbers != b.numbers:
        pairs = [(x, y) for x, y in pairs if x is a or y is b]
    numbered = [pair for pair in pairs if pair[0].numbers and pair[1].numbers]
    return next(iter(numbered or [pair for pair in pairs if pair[0].numbers == pair[1].numbers]), (a, b))


def judge(a: Traits, b: Traits, rules: Rules) -> Verdict | None:
    """The verdict of :func:`compare` where it is not DIFFERENT, else ``None``: what is plain is not weighed."""
    x, y = seen(a, b) if a.alternates or b.alternates else (a, b)
    if not _alike(x, y):
        return None
    veto = next((name for name in rules.vetoes if VETOES[name](x, y)), "")
    if veto and (veto not in ASKED or (veto == "volume" and not lacks_volume(x, y))):
        return None
    verdict = compare(a, b, rules)
    return None if verdict.status == "DIFFERENT" else verdict


def _alike(a: Traits, b: Traits) -> bool:
    """Whether the titles are near each other or a number is shared: else nothing makes two records one."""
    if a.folded == b.folded or title(a, b) != "different":
        return True
    return isbn(a, b) == "shared" or identifier(a, b) == "shared"


def compare(a: Traits, b: Traits, rules: Rules) -> Verdict:
    """The verdict on two records. Symmetric: the order of the two does not matter."""
    if a.alternates or b.alternates:
        a, b = seen(a, b)
    evidence: list[Evidence] = []
    score = 0.0
    outcomes: dict[str, str] = {}
    for field, look in FIELDS:
        happened = outcomes[field] = look(a, b)
        weight = rules.weights[field][happened]
        score += weight
        evidence.append((field, happened, weight))
    score = round(score, 2)
    kept = tuple(evidence)
    if veto := next((name for name in rules.vetoes if VETOES[name](a, b)), ""):
        enough = rules.ask if veto in ("marks", "author") else rules.same
        asked = veto in ASKED and _asked(veto, outcomes) and score >= enough and not (veto == "author" and a.generic)
        asked = asked and (veto != "volume" or lacks_volume(a, b))
        return Verdict("ASK" if asked else "DIFFERENT", score, kept, veto=veto, reason="veto")
    if not _alike(a, b):
        return Verdict("DIFFERENT", score, kept)
    if (a.generic or a.folded in rules.generic) and not _well_told(outcomes):
        if outcomes["author"] == "missing" and outcomes["publisher"] == "equal" and _same_program(a, b, outcomes):
            fits = not _contradicted(outcomes, rules, reprint=True)
            return Verdict("FITS" if fits else "ASK", score, kept, reason="generic")
        return Verdict("ASK" if score >= rules.same else "DIFFERENT", score, kept, reason="generic")
    if score >= rules.same and _confirmed(outcomes):
        return Verdict("SAME", score, kept)
    if (
        score >= rules.fits
        and outcomes["title"] in ALIKE
        and not _contradicted(outcomes, rules, _reprint(a, b, outcomes))
    ):
        return Verdict("FITS", score, kept, reason="brief")
    return Verdict("ASK" if score >= rules.ask else "DIFFERENT", score, kept)


ALIKE = ("equal", "unmarked", "rearranged", "contained", "close")  # titles that may be one


def _asked(veto: str, outcomes: dict[str, str]) -> bool:
    """Whether what a veto tells may be a slip, since all else agrees."""
    if veto == "marks":
        return outcomes["author"] in AGREED or (outcomes["author"] == "missing" and outcomes["publisher"] == "equal")
    if veto == "author":
        told = outcomes["publisher"] == "equal" and outcomes["year"] == "equal"
        return outcomes["title"] in ("equal", "unmarked") and told
    if veto == "bilingual" and outcomes["pages"] == "missing":
        return _confirmed(outcomes) and outcomes["author"] in AGREED
    return outcomes["pages"] == "equal" and _confirmed(outcomes)


def _confirmed(outcomes: dict[str, str]) -> bool:
    """Whether enough tells the edition: a shared number, or two of publisher, year and pages (three without author)."""
    if "shared" in (outcomes["isbn"], outcomes["identifier"]):
        return True
    same_year = outcomes["year"] in ("equal", "near")
    same_pages = outcomes["pages"] == "equal" or (outcomes["pages"] == "near" and same_year)
    agreed = (outcomes["publisher"] == "equal") + same_year + same_pages
    return agreed > (outcomes["author"] not in AGREED) + 1


def _contradicted(outcomes: dict[str, str], rules: Rules, reprint: bool) -> bool:
    """Whether anything speaks against the two; another year does not where it may be a ``reprint``."""
    return any(
        rules.weights[field][happened] < 0
        for field, happened in outcomes.items()
        if not (reprint and (field, happened) in (("year", "alone"), ("year", "different")))
    )


def _reprint(a: Traits, b: Traits, outcomes: dict[str, str]) -> bool:
    """Whether another year may be that of another printing: the publisher agrees, and the author where one is named.

    Where neither names an author it is another book: many are called «Luật đất đai» or «Câu đố dân gian».
    """
    named = outcomes["author"] in AGREED or bool(a.names) != bool(b.names)
    return outcomes["publisher"] == "equal" and named


def _same_program(a: Traits, b: Traits, outcomes: dict[str, str]) -> bool:
    """Whether two textbooks of one title are of about one year, or of years of one school program."""
    if outcomes["year"] in ("equal", "near"):
        return True
    grade = a.numbers[0] if a.numbers else ""
    known = program(grade, a.description.year)
    return outcomes["year"] == "alone" and known >= 0 and known == program(grade, b.description.year)


def _well_told(outcomes: dict[str, str]) -> bool:
    """What a title needs that many books have: a number, the author, or publisher, year and pages that agree."""
    if "shared" in (outcomes["isbn"], outcomes["identifier"]) or outcomes["author"] in ("equal", "unmarked"):
        return True
    imprint = outcomes["publisher"] == outcomes["pages"] == "equal" and outcomes["year"] in ("equal", "near")
    return imprint and outcomes["author"] != "different"
