"""«Did you mean»: a query in the words of the catalog, with their marks.

The words come from what was found when marks, and at last letters, were let go: a wording is proposed only as a title
or a name of a record has it, so it is in the catalog as a whole and not only word by word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

from rapidfuzz.distance import OSA

from hub.catalog.query import FOLDING, WORDS, Word, spellings, understand
from hub.match.description import Description

MOST = 3  # wordings that are proposed
FAR = 1000.0
MARKS = 0.5  # how far a word is from itself with other marks


def wordings(query: str, found: Iterable[Description]) -> list[str]:
    """How records write the words of a query, the most frequent first; without the way it was typed itself."""
    wish = understand(query)
    if not wish.plain:
        return []
    counts: Counter[str] = Counter()
    for description in found:
        said = {wording for text in _texts(description) if (wording := _as_in(wish.words, text))}
        counts.update(said)
    kept: dict[tuple[str, ...], str] = {_key(word.exact[0] for word in wish.words): ""}
    for wording, _ in counts.most_common():
        kept.setdefault(_key(wording.split()), wording)
    return [wording for wording in kept.values() if wording][:MOST]


def _key(words: Iterable[str]) -> tuple[str, ...]:
    """Words in one of their spellings, for comparison."""
    return tuple(min(spellings(word)) for word in words)


def _texts(it: Description) -> Iterable[str]:
    yield " ".join(filter(None, (it.title, it.subtitle, it.part)))
    yield from (person[0] for person in it.people)
    yield from it.subjects


def _as_in(words: Sequence[Word], text: str) -> str:
    """The words of a query as a text has them, in its order where it has them side by side; "" where it has not all."""
    there = WORDS.analyze(text)
    if len(there) < len(words):
        return ""
    windows = [there[start : start + len(words)] for start in range(len(there) - len(words) + 1)]
    beside = min(windows, key=lambda window: _farness(words, window))
    if _farness(words, beside) < FAR:
        return " ".join(beside)
    anywhere = [min(there, key=partial(_distance, word)) for word in words]
    return " ".join(anywhere) if _farness(words, anywhere) < FAR else ""


def _farness(words: Sequence[Word], there: Sequence[str]) -> float:
    """How far words are from those they are compared with, one by one; FAR when one of them is another word."""
    distances = [_distance(word, other) for word, other in zip(words, there, strict=True)]
    apart = any(distance > _allowed(word) for word, distance in zip(words, distances, strict=True))
    return FAR if apart else sum(distances)


def _allowed(word: Word) -> float:
    length = len(word.folded[0])
    return MARKS if length < 3 or word.folded[0].isdigit() else 2 if length > 8 else 1


def _distance(word: Word, other: str) -> float:
    """0 for the same word; a half where only marks differ; else the letters that differ without marks."""
    if other in word.exact:
        return 0
    folded = _folded(other)
    if folded in word.folded:
        return MARKS
    return OSA.distance(word.folded[0], folded, score_cutoff=2)


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return "".join(FOLDING.analyze(word))
