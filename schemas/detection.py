"""Which encoding bytes are in, told from many records of one source rather than from one title.

Strict UTF-8 comes first. What is not UTF-8 is read in each legacy encoding, and the share of words beyond ASCII that
can be Vietnamese syllables is its score. One is taken at 0.80 or more, 0.10 before the next that reads differently, and
with 3 such words or more. Text of other languages scores near nothing everywhere, so it is never taken for Vietnamese;
:mod:`schemas.western` weighs it, and a source of 10 such words or more is in CP1252, CP1250 or CP1251 where 0.90 of
them say so and no reading as MARC-8 or ISO 5426 does.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schemas.coding import NAMES, decode, find, is_clean, lenient
from schemas.format import Reading
from schemas.problem import Trouble
from schemas.syllables import beyond_ascii, weigh
from schemas.western import ENOUGH, MARKED, PAGES, SHARE, Europe, is_western

CANDIDATES = ("tcvn3", "vni", "cp1258", "viscii", "vn1", "marc-8")
FAMILY = ("tcvn3", "vn1")  # the same small letters; VN1 where its capitals make more words
ACCEPT, MARGIN, WORDS = 0.80, 0.10, 3
SUSPECT = 0.50  # from this share on a record in MARC-8 may be something else
EXAMPLES = 5
IN_DOUBT = "?"  # evidence of a source that calls itself MARC-8 and may not be that: no record of it is taken for it
LONGEST = 2**18  # bytes of one piece that are looked at
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CODES = re.compile(rb"\x1f.|[\x1d\x1e]|<[^<>]{1,300}>|[$^][a-z0-9]", re.DOTALL)  # what is no text: codes and tags
_PLACE = re.compile(r"[\x80-\U0010ffff]")
_LATIN = re.compile("[\u00aa-\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u2122]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What samples say of their encoding: the best reading, the next best that reads differently, and the numbers.

    ``taken`` says whether it is beyond doubt. ``encoding`` is ``utf-8`` when nothing is anything else.
    """

    encoding: str
    score: float
    following: str
    margin: float
    words: int
    scores: dict[str, float]

    @property
    def taken(self) -> bool:
        share, words = (SHARE, ENOUGH) if self.encoding in PAGES else (ACCEPT, WORDS)
        return self.score >= share and self.margin >= MARGIN and self.words >= words


@dataclass(slots=True)
class Tally:
    """What the pieces of one source say, added up: how many there were, and how each candidate reads their words.

    ``words`` maps a candidate to [words beyond ASCII, of them possible syllables, of these more than a letter] of
    the pieces that are not UTF-8; ``europe`` weighs the same words as those of other languages.
    """

    pieces: int = 0
    utf8: int = 0  # of them UTF-8 beyond ASCII
    other: int = 0  # of them not UTF-8
    words: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0, 0] for name in CANDIDATES})
    europe: Europe = field(default_factory=Europe)
    samples: list[str] = field(default_factory=list)  # hexadecimal, of what is not UTF-8

    def add(self, piece: bytes, *, as_vietnamese: bool = False) -> None:
        """Count one record, line or file; ``as_vietnamese`` does not weigh it as text of other languages."""
        self.pieces += 1
        if piece.isascii():
            return
        if is_utf8(piece):
            self.utf8 += 1
            return
        self.other += 1
        if b"\x1b" in piece:  # an escape sequence: MARC-8 in another script
            return
        text = _CODES.sub(b" ", piece)[:LONGEST]
        for name, counts in self.words.items():
            for at, count in enumerate(weigh(lenient(text, name))):
                counts[at] += count
        if not as_vietnamese:
            self.europe.add(text)
        if len(self.samples) < EXAMPLES:
            self.samples.append(_around(text).hex())

    def evidence(self) -> str:
        """The encoding the pieces speak for beyond doubt; else ``""``, or :data:`IN_DOUBT` where they are no MARC-8."""
        found = self.finding()
        if not self.other:
            return ""
        if found.taken:
            return found.encoding
        return IN_DOUBT if found.score < SUSPECT and self.europe.is_doubtful() else ""

    def finding(self) -> Finding:
        """The best reading so far."""
        if not self.other:
            return Finding("utf-8", 1.0, "", 1.0, 0, {})
        scores = {name: good / found if found else 0.0 for name, (found, good, _) in self.words.items()}
        best = max(CANDIDATES, key=lambda name: scores[name])
        if best in FAMILY:
            best = max(FAMILY, key=lambda name: self.words[name][1])
        if scores[best] < SUSPECT:
            page, share, following, after = self.europe.best()
            found = Finding(page, share, following, share - after, self.europe.words, rounded(self._shares(scores)))
            if found.taken:
                return found
        rivals = [name for name in CANDIDATES if name != best and not (name in FAMILY and best in FAMILY)]
        following = max(rivals, key=lambda name: scores[name])
        return Finding(
            best, scores[best], following, scores[best] - scores[following], self.words[best][2], rounded(scores)
        )

    def _shares(self, scores: dict[str, float]) -> dict[str, float]:
        """The share of words each candidate explains, as Vietnamese or as another language."""
        return scores | {name: max(share, scores.get(name, 0.0)) for name, share in self.europe.shares().items()}

    def examples(self, encoding: str) -> list[str]:
        """Some of what was counted, as ``encoding`` reads it."""
        return [lenient(bytes.fromhex(sample), encoding).strip() for sample in self.samples]

    def dump(self) -> dict[str, Any]:
        return {
            "pieces": self.pieces, "utf8": self.utf8, "other": self.other, "words": self.words,
            "europe": self.europe.dump(), "samples": self.samples,
        }  # fmt: skip

    @classmethod
    def load(cls, kept: dict[str, Any]) -> Tally:
        tally = cls()
        for name in ("pieces", "utf8", "other", "samples"):
            setattr(tally, name, kept.get(name, getattr(tally, name)))
        tally.europe = Europe.load(kept.get("europe", {}))
        tally.words |= {name: list(kept["words"][name]) for name in CANDIDATES if name in kept.get("words", {})}
        return tally


def rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(score, 3) for name, score in scores.items()}


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def detect(samples: Iterable[bytes]) -> tuple[str, dict[str, Any]]:
    """The encoding of samples of one source, and what spoke for it; ``unknown`` where there is doubt."""
    pieces = [bytes(sample) for sample in samples]
    start = next((piece for piece in pieces if piece), b"")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", {"rule": "byte order mark"}
    if start.startswith(codecs.BOM_UTF8) and all(map(is_utf8, pieces)):
        return "utf-8", {"rule": "byte order mark"}
    if all(piece.isascii() for piece in pieces):
        return "utf-8", {"rule": "ascii"}
    if all(map(is_utf8, pieces)):
        return "utf-8", {"rule": "strict utf-8"}
    tally = Tally()
    for piece in pieces:
        tally.add(piece)
    found = tally.finding()
    rule = "letters" if found.encoding in PAGES else "syllables"
    evidence = {"rule": rule, "words": found.words, "margin": round(found.margin, 3), "scores": found.scores}
    return (found.encoding if found.taken else "unknown"), evidence


def encoding_of(body: bytes, reading: Reading, declared: str = "") -> str:
    """The encoding one record of a source is read in.

    What the source's file says; else UTF-8 where it is that; else what the source's own records speak for, or what
    this record alone speaks for beyond doubt; else what the record declares (MARC-8, ISO 5426). :class:`Trouble`
    ``encoding_undecided`` names the nearest reading where there is doubt.
    """
    if reading.encoding != "auto":
        return find(reading.encoding)
    if body.isascii() or (is_utf8(body) and not _by_accident(body, reading.evidence)):
        return "utf-8" if not declared or not body.isascii() else declared
    if b"\x1b" in body and declared:
        return declared
    found = _finding(body)
    if reading.evidence and _fits(body, reading.evidence, found):
        return reading.evidence
    if found.taken and found.encoding not in PAGES:
        return found.encoding
    if declared in MARKED and reading.evidence != IN_DOUBT and not _is_suspect(body, declared, found):
        return declared
    if found.taken and not declared:
        return found.encoding
    raise undecided(found, body)


def encoding_of_file(data: bytes, reading: Reading) -> str:
    """The encoding a whole table or list is in; its lines speak together. :class:`Trouble` ``encoding_undecided``."""
    if reading.encoding != "auto":
        return find(reading.encoding)
    lines = [data] if data.startswith(MARKS) or is_utf8(data) else data.splitlines()
    found, _ = detect(lines)
    if found != "unknown":
        return found
    tally = Tally()
    for line in lines:
        tally.add(line)
    if reading.evidence and _fits(data, reading.evidence, tally.finding()):
        return reading.evidence
    raise undecided(tally.finding(), data)


def spoken_for(body: bytes, reading: Reading) -> str:
    """The encoding that speaks for itself in a record that declares another: UTF-8, or beyond doubt; else ``""``."""
    if is_utf8(body) and not _by_accident(body, reading.evidence):
        return "utf-8"
    found = _finding(body)
    if found.scores.get(reading.evidence, 0.0) >= SUSPECT and _fits(body, reading.evidence, found):
        return reading.evidence
    return found.encoding if found.taken else ""


def _finding(body: bytes) -> Finding:
    """What one record says; most of those that are asked are Vietnamese."""
    tally = Tally()
    tally.add(body, as_vietnamese=True)
    found = tally.finding()
    if found.score >= SUSPECT or not tally.other:
        return found
    tally.europe = _europe(body)
    return tally.finding()


def undecided(found: Finding, body: bytes = b"") -> Trouble:
    """The trouble of bytes in doubt, with the nearest reading as a suggestion."""
    guess = found.encoding if found.score >= SUSPECT else ""
    guess = guess or ("cp1252" if is_western(_western_words(body)) else "–")
    share = f"{100 * found.scores.get(guess, 0.0):.0f}"
    return Trouble("encoding_undecided", guess=guess, share=share, words=found.words, known=", ".join(NAMES))


def _fits(body: bytes, encoding: str, found: Finding) -> bool:
    """Whether the source's encoding reads the record, at least as well as the best reading less the margin."""
    if encoding == IN_DOUBT:
        return False
    try:
        decode(_CODES.sub(b" ", body), encoding)
    except Trouble:
        return False
    rivals = max((score for name, score in found.scores.items() if name != encoding), default=0.0)
    if encoding in PAGES:
        return _is_of(body, encoding) and not (found.taken and found.encoding not in PAGES)
    own = found.scores.get(encoding, 0.0)
    return own >= SUSPECT or own >= rivals - MARGIN


def _is_of(body: bytes, page: str) -> bool:
    """Whether a record of a source in a code page of Europe is in it too: half of its words at least."""
    own = _europe(body)
    words = {"cp1252": own.west, "cp1250": own.middle, "cp1251": own.east}[page]
    return words >= SUSPECT * own.words


def _europe(body: bytes) -> Europe:
    own = Europe()
    own.add(_CODES.sub(b" ", body)[:LONGEST])
    return own


def _western_words(body: bytes) -> list[str]:
    return beyond_ascii(_CODES.sub(b" ", body)[:LONGEST].decode("cp1252", "replace"))


def _is_suspect(body: bytes, declared: str, found: Finding) -> bool:
    """Whether what calls itself MARC-8 or ISO 5426 reads better as something else, or cannot be that."""
    clean = is_clean(_CODES.sub(b" ", body), declared)
    if not clean and is_western(_western_words(body)):
        return True
    if declared == "iso-5426" and (own := _europe(body)).iso5426 < own.west:
        return True
    doubtful = found.score >= SUSPECT and found.scores.get(declared, 0.0) < found.score - MARGIN
    return found.encoding != declared and doubtful and found.words >= (WORDS if clean else 1)


def _by_accident(body: bytes, evidence: str) -> bool:
    """Whether bytes of the source's encoding happen to be UTF-8: «Phương» of VISCII is a letter of N'Ko there."""
    if evidence in ("", "utf-8", IN_DOUBT, *PAGES):
        return False
    odd = [word for word in beyond_ascii(body.decode()) if not all(map(_LATIN.match, _PLACE.findall(word)))]
    found, good, _ = weigh(lenient(_CODES.sub(b" ", body), evidence))
    return bool(odd) and found > 0 and good == found


def _around(text: bytes) -> bytes:
    """Some bytes from the first word that goes beyond ASCII."""
    first = next((at for at, byte in enumerate(text) if byte > 127), 0)
    start = text.rfind(b"  ", 0, first) + 1 if first > 40 else 0
    return b" ".join(text[max(start, first - 40) : first + 60].split())
