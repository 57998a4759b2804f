"""Which work a publication is of: one number for all editions, volumes, carriers and translations of it.

The number is made of the title proper without what tells volumes and editions apart, and of the main author, whatever
the order, the marks and the form of the name. A translation counts under the title of the original where it gives it;
a work without an author under its title and language; a textbook also under its grade, kind and series.
"""

from __future__ import annotations

import re

from hub.match.description import Description
from hub.match.keys import number_of
from hub.match.rules import Rules
from hub.match.traits import BILINGUAL, GRADE, KINDS, SERIES, name_of
from hub.match.volume import HINT, VOLUME
from hub.match.volume import number_of as volume_of
from hub.normalize.text import fold

NO_WORK = 0  # of a record that says too little
TAIL = re.compile(r"[\s.,:;/–-]+(?:#\s*)?(\d{1,2}|[IVX]{2,5}|[VX])\W*$")  # «Kính vạn hoa 5», «Rocky II»
SYLLABLES = frozenset({"VI", "XI"})  # Roman numerals that are words: «HƯƠNG VỊ» without its marks
SYLLABLE = re.compile(  # a Vietnamese syllable without its marks
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|ng?|nh|p|t)?"
)
LEADING = re.compile(r"(\d{1,4})")
SUBJECTS = re.compile(  # of school, at the end of a title: the number after it is a grade
    r"\b(?:toan|toan hoc|dai so|hinh hoc|giai tich|tieng viet|tap viet|ngu van|tieng anh|tieng phap|tieng nga|english"
    r"|vat li|hoa hoc|sinh hoc|lich su|dia li|dao duc|cong dan|tin hoc|cong nghe|am nhac|mi thuat|the duc|the chat"
    r"|khoa hoc|khoa hoc tu nhien|xa hoi|trai nghiem|huong nghiep|an ninh|phap luat)$"
)
GRADES = 12
ARTICLES = frozenset(
    {"the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das", "el", "los", "las", "il"}
)
COLLECTIVE = frozenset(  # uniform titles that many works share (AACR2 25.8–25.11, RDA 6.2.2.10)
    {"works", "selections", "novels", "short stories", "poems", "plays", "essays", "correspondence", "speeches"}
    | {"prose works", "poetry", "laws etc", "treaties etc", "musical works", "tuyen tap", "toan tap", "tac pham"}
)
_KIND = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in KINDS)


def work_key(description: Description, rules: Rules) -> int:
    """The number of the work (signed, 64 bits); :data:`NO_WORK` where the record does not say which work it is."""
    original = _original(description, rules)
    title, grade = (original, "") if original else _title(description)
    if not title:
        return NO_WORK
    author = _author(description, rules)
    if not author and not grade and (title in rules.generic or len(title) < 3):
        return NO_WORK
    whose = author or f"@{description.language}"
    textbook = f"{grade}|{_textbook(description)}" if grade else ""
    return number_of("|".join((title.replace(" ", ""), whose, textbook)))


def place(description: Description) -> tuple[int, int, str]:
    """Where a publication stands among those of its work: by volume, then year, then title."""
    said = LEADING.match(description.volume) or TAIL.search(description.title)
    number = said[1] if said else "0"
    return int(number if number.isdigit() else volume_of(number) or 0), description.year, description.title


def _original(d: Description, rules: Rules) -> str:
    """The title of the original as a translation gives it: said as such, or as its parallel title."""
    translated = any(role == "translator" for _, role in d.people)
    text = d.original or (d.parallel if translated and not _bilingual(d) else "")
    words = _without_article(fold(text).split()) if text else []
    title = " ".join(words)
    return "" if title in COLLECTIVE or title in rules.generic else title


def _bilingual(d: Description) -> bool:
    return len(set(d.languages)) > 1 or bool(BILINGUAL.search(fold(f"{d.title} {d.subtitle} {d.edition} {d.series}")))


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def _title(d: Description) -> tuple[str, str]:
    """The title proper without the number of a volume, folded, and the grade where it is a textbook's."""
    text = (VOLUME.sub(" ", d.title) if HINT.search(d.title) else d.title).strip()
    grade = _grade(d)
    if not text:
        return fold(d.title), grade
    if tail := TAIL.search(text):
        stem = fold(text[: tail.start()])
        if SUBJECTS.search(stem) and tail[1].isdigit() and int(tail[1]) <= GRADES:
            return stem, grade or str(int(tail[1]))
        if stem and (tail[1].isdigit() or (volume_of(tail[1]) and not (text.isupper() and tail[1] in SYLLABLES))):
            text = text[: tail.start()]
    words = fold(text).split()
    foreign = d.language not in ("vie", "", "und")
    return " ".join(_without_article(words) if foreign else words), grade


def _grade(d: Description) -> str:
    for text in (d.title, d.part, d.subtitle):
        if any(map(str.isdigit, text)) and (found := GRADE.search(fold(text))):
            return str(int(found[1]))
    return ""


def _textbook(d: Description) -> str:
    """Of a textbook: for whom it is and of which series."""
    said = fold(" ".join((d.title, d.subtitle, d.part, d.edition, d.series)))
    kind = next((kind for kind, words in _KIND if words.search(said)), "")
    return f"{kind}|{next((name for name in SERIES if name in said), '')}"


def _author(d: Description, rules: Rules) -> str:
    """The main author, else the first editor, in a form that order, marks and initials do not change.

    Of a Vietnamese name every word counts; of another one the longest: «Saint-Exupéry, A. de» is «Antoine de
    Saint-Exupéry».
    """
    for wanted in ("author", "editor"):
        for name, role in d.people:
            if role == wanted and (words := name_of(name, rules).words):
                if all(map(SYLLABLE.fullmatch, words)):
                    return " ".join(sorted(words))
                return max(words, key=lambda word: (len(word), word))
    return ""
