"""What the rules ask of a record as a whole: the language of its text, where it was published, who cataloged it how.

A rule for Vietnamese practice must leave English and French records alone, so most rules look here first. All of it is
worked out so that it is the same after the rules have been applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.normalize.letters import OURS_ALONE
from hub.normalize.rules import Vocabulary, key, place_of
from schemas.record import DELIMITER, Field, subfields
from schemas.syllables import is_syllable, says_vietnamese

VIETNAMESE, VIETNAM = "vie", "vm"
NO_LANGUAGE = ("   ", "|||", "und", "###", "xxx", "")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
WORD = re.compile(r"[^\W\d_]+")
PLACES = re.compile(r"(\s*;\s*|\s+[-–]\s+)")  # what parts several places
FRAME = re.compile(r"^([\s\[(<]*)(.*?)([\s\])>:;,/=?]*)$", re.DOTALL)


class Context(NamedTuple):
    """What is known of a record before its fields are looked at.

    ``language`` is the MARC code of the text, ``""`` where nothing tells it; ``inferred`` says that only the words of
    the title do. ``country`` is "vm" where 008, 044 or the place says so. ``ours`` says that it is cataloged in the
    Vietnamese way: abbreviations and punctuation mean what they mean in Vietnam. ``year`` is that of 260 or 264, or 0.
    """

    vocabulary: Vocabulary
    language: str
    inferred: bool
    country: str
    ours: bool
    year: int

    @property
    def vietnamese(self) -> bool:
        """Whether the text is in Vietnamese."""
        return self.language == VIETNAMESE


LOOKED_AT = frozenset(("008", "040", "041", "044", "245", "260", "264"))


def context_of(fields: Iterable[Field], vocabulary: Vocabulary) -> Context:
    """The context of a record with these fields."""
    seen: dict[str, list[str]] = {}
    for tag, content in fields:
        if tag in LOOKED_AT:
            seen.setdefault(tag, []).append(content)
    fixed = seen.get("008", [""])[0]
    language = _language(fixed[35:38], seen.get("041", ()), vocabulary)
    inferred = not language and _is_vietnamese(seen.get("245", ()))
    if inferred:
        language = VIETNAMESE
    imprints = [*seen.get("260", ()), *seen.get("264", ())]
    country = _coded_country(fixed[15:18], seen.get("044", ()), vocabulary)
    if not country:
        country = _country_of(_values(imprints, "a"), language == VIETNAMESE, vocabulary)
    ours = (language == VIETNAMESE or country == VIETNAM) and not _cataloged_elsewhere(seen.get("040", ()))
    return Context(vocabulary, language, inferred, country, ours, _year(imprints, fixed))


def _values(contents: Iterable[str], code: str) -> list[str]:
    return [part[1:] for content in contents for part in content.split(DELIMITER)[1:] if part[:1] == code]


def _year(imprints: Iterable[str], fixed: str) -> int:
    """The last year of the first date of the imprint, else date 1 of 008."""
    dates = _values(imprints, "c")
    found = YEAR.findall(dates[0] if dates else "") or YEAR.findall(fixed[7:11])
    return int(found[-1]) if found else 0


def _language(fixed: str, contents: Iterable[str], vocabulary: Vocabulary) -> str:
    """008/35-37, or the first 041 $a; ``""`` where both are silent."""
    if fixed not in NO_LANGUAGE and fixed.strip():
        if fixed.islower() and fixed.isalpha() and fixed not in vocabulary.languages:
            return fixed
        return language_codes(fixed, vocabulary)[0]
    said = next(iter(_values(contents, "a")), "")
    return language_codes(said, vocabulary)[0] if said not in NO_LANGUAGE and said.strip() else ""


def language_codes(text: str, vocabulary: Vocabulary) -> list[str]:
    """The MARC codes a text stands for: «tiếng Việt» is vie, "viechi" is vie and chi; else the text itself."""
    plain = text.strip()
    known = vocabulary.languages.get(plain) or vocabulary.languages.get(key(plain))
    if known:
        return [known]
    if plain.isascii() and plain.isalpha() and len(plain) % 3 == 0:
        return [plain[at : at + 3].lower() for at in range(0, len(plain), 3)]
    return [text]


def _is_vietnamese(titles: Iterable[str]) -> bool:
    """Whether 60 % of the words of 245 $a and $b, up to a parallel title, are Vietnamese syllables.

    One letter that other languages do not have is wanted; without, three words or more, all syllables, half with marks.
    """
    for content in titles:
        title = " ".join([part[1:] for part in content.split(DELIMITER)[1:] if part[:1] in ("a", "b")])
        title = title.partition(" =")[0] or title
        if OURS_ALONE.search(title):
            return says_vietnamese(title)
        words = [] if title.isascii() else WORD.findall(title)
        marked = sum([not word.isascii() for word in words])
        return len(words) > 2 and 2 * marked >= len(words) and all(map(is_syllable, words))
    return False


def _coded_country(fixed: str, contents: Iterable[str], vocabulary: Vocabulary) -> str:
    """The country of publication: 008/15-17, else 044 $a."""
    coded = fixed.strip(" |#").lower()
    if coded and coded != "xx":
        return vocabulary.countries.get(coded, coded)
    said = next(iter(_values(contents, "a")), "").strip()
    return vocabulary.countries.get(key(said), said.lower()) if said else ""


def _country_of(places: Iterable[str], vietnamese: bool, vocabulary: Vocabulary) -> str:
    """Vietnam where a place is one we know: by its full name, and in a Vietnamese text by any of its forms."""
    for place in places:
        whole = framed(place)[1]
        for core in (whole, *PLACES.split(whole)[::2]):
            form = place_of(core, vocabulary)
            if form and (vietnamese or (len(core) > 3 and not form.abroad)):
                return VIETNAM
    return ""


def _cataloged_elsewhere(contents: Iterable[str]) -> bool:
    """Whether 040 says that the words of the description are not Vietnamese.

    $b is the language of cataloging; a record that came from the Library of Congress without $b is in English.
    """
    for content in contents:
        parts = dict(subfields(content))
        if parts.get("b"):
            return parts["b"].strip() != VIETNAMESE
        return "DLC" in (parts.get("a", ""), parts.get("c", ""))
    return False


def framed(value: str) -> tuple[str, str, str]:
    """A value's opening bracket, the text itself, and the brackets and marks of ISBD at its end."""
    found = FRAME.match(value)
    return (found[1], found[2], found[3]) if found else ("", value, "")


def within(content: str, codes: str, change: Callable[[str], str]) -> str:
    """The content with the values of the subfields ``codes`` changed."""
    start, *parts = content.split(DELIMITER)
    made = [part[0] + change(part[1:]) if part and part[0] in codes else part for part in parts]
    return DELIMITER.join([start, *made])
