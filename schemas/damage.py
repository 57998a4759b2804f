"""Which damage the text of a source has, told from its records together, and its mending where the source has it.

A text is read as each damage would have it (:mod:`schemas.readings`). That reading is better when 0.80 or more of the
words it changes become possible Vietnamese syllables and the text has more of them than before; a damage that touches
every accented word must also gain 0.10. A source has a damage when 3 words or more speak for it and 0.80 of all that
could speak for it do; what touches every accented word needs as many in each record that is to count. Where the source
has it, every value of its records is looked at, also a short one. Text that looks damaged beside sources that are not
known to be is :class:`Trouble` ``text_in_doubt``: it waits for a person and is not published as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from schemas.detection import ACCEPT, EXAMPLES, MARGIN, WORDS
from schemas.escapes import mend_escapes
from schemas.format import Format, Reading
from schemas.mending import is_converted, mend_soft_hyphen, restore_soft_hyphens
from schemas.problem import Trouble
from schemas.readings import FONTS as FONTS
from schemas.readings import RULES as RULES
from schemas.readings import VIEWS, Case, best_case, case, has_sound, is_suspect, likely_case
from schemas.record import DELIMITER, Field, Record, is_control
from schemas.syllables import beyond_ascii

Repair = tuple[str, str, str, str]  # rule, tag, before, after

RELATED = 0.20  # below this share a text has nothing to do with a damage: it is in another language
WORD_BY_WORD = ("soft-hyphen", "converted")  # single impossible words of texts that are sound
RARE = 1_000  # records among which at least one such word must be: anybody mistypes
NO_TEXT = frozenset({"856"})
FIRST_WORDS = "100"  # the tag from which fields hold sentences: before it stand numbers and codes
_OURS = "e4i"  # subfields that hold terms of a reader: roles, labels
_FONT_RULES = {RULES[kind]: kind for kind in FONTS}


@dataclass(slots=True)
class Damage:
    """What the texts of one source say of their damage, added up.

    ``words`` maps a damage to [words that speak for it, words that speak against it]; ``examples`` to texts before and
    after.
    """

    records: int = 0
    words: dict[str, list[int]] = field(default_factory=dict)
    examples: dict[str, list[list[str]]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Count one record."""
        self.records += 1
        if not is_suspect(record.pack()):
            return
        found: dict[str, list[Case]] = {}
        texts = [(tag, text) for tag, content in record.fields if (text := text_of(tag, content)) and is_suspect(text)]
        for tag, text in texts:
            if best := best_case(text, _kinds(tag, VIEWS)):
                found.setdefault(best.kind, []).append(best)
            else:
                self._doubt(text)
        for kind, cases in found.items():
            self._count(kind, cases)

    def _count(self, kind: str, cases: list[Case]) -> None:
        words = sum(each.changed for each in cases)
        if words < WORDS and kind not in WORD_BY_WORD:
            return
        self.words.setdefault(kind, [0, 0])[0] += words
        kept = self.examples.setdefault(kind, [])
        longest = max(cases, key=lambda each: each.changed)
        if len(kept) < EXAMPLES:
            kept.append([longest.before[:120], longest.after[:120]])

    def _doubt(self, text: str) -> None:
        """Count what speaks against a damage: a text that could show it and does not read as it would have it."""
        for kind in VIEWS if not has_sound(text) else [kind for kind in VIEWS if kind not in FONTS]:
            found = case(text, kind)
            if found is None or found.changed < WORDS or found.rise >= MARGIN:
                continue
            if RELATED * found.changed <= found.good < ACCEPT * found.changed:
                self.words.setdefault(kind, [0, 0])[1] += found.changed

    def score(self, kind: str) -> float:
        """The share of the words that speak for a damage."""
        good, bad = self.words.get(kind, (0, 0))
        return good / (good + bad) if good else 0.0

    def kinds(self) -> tuple[str, ...]:
        """The damages the source plainly has."""
        return tuple(kind for kind in VIEWS if self._is_plain(kind) and self.score(kind) >= ACCEPT)

    def _is_plain(self, kind: str) -> bool:
        words = self.words.get(kind, (0, 0))[0]
        return words >= WORDS and (kind not in WORD_BY_WORD or words * RARE >= self.records)

    def dump(self) -> dict[str, Any]:
        return {"records": self.records, "words": self.words, "examples": self.examples}

    @classmethod
    def load(cls, kept: dict[str, Any]) -> Damage:
        words = {kind: list(pair) for kind, pair in kept.get("words", {}).items() if kind in VIEWS}
        return cls(kept.get("records", 0), words, dict(kept.get("examples", {})))


def text_of(tag: str, content: str) -> str:
    """The values of a field that are text, in one string; ``""`` of control fields and addresses."""
    if is_control(tag) or tag in NO_TEXT:
        return ""
    return " ; ".join(part[1:] for part in content.split(DELIMITER)[1:] if part)


def _kinds(tag: str, kinds: Collection[str]) -> list[str]:
    """The damages a field can have: single words are not looked for among numbers and codes."""
    return [kind for kind in kinds if tag >= FIRST_WORDS or kind not in WORD_BY_WORD]


def mend_record(record: Record, kinds: Collection[str]) -> tuple[Record, list[Repair]]:
    """The record with the damages its source is known to have mended, and the repairs."""
    if not kinds or ("viqr" not in kinds and record.pack().isascii()):
        return record, []
    repairs: list[Repair] = []
    fields = [_mended(field, kinds, likely_case, repairs) for field in record.fields]
    fonts = [kind for kind in kinds if any(_FONT_RULES.get(rule) == kind for rule, _, _, _ in repairs)]
    left = _left(fields, record) if fonts else []
    if fonts and not any(part[:1] not in _OURS and has_sound(part[1:]) for parts in left for part in parts):
        fields = [
            _mended(field, fonts, partial(_possible_case, left=parts), repairs)
            for field, parts in zip(fields, left, strict=True)
        ]
    return Record(record.leader, tuple(fields)), repairs


def parse_mended(form: Format, body: bytes, reading: Reading) -> tuple[Record, list[Repair]]:
    """The record of a raw record's body with the damages of ``reading`` mended, and the repairs.

    A format that mends before it takes a text apart (a table) gives the better record. Text that looks damaged still is
    :class:`Trouble` ``text_in_doubt`` or ``converted_in_doubt``, unless the source's file says what the encoding is:
    then a person has decided.
    """
    plain = form.parse(body, replace(reading, damage=()) if reading.damage else reading)
    mended, repairs = mend_record(plain, reading.damage)
    if repairs and (own := form.parse(body, reading)) != plain:
        mended = own
    packed = mended.pack()
    mended, signs = mend_escapes(mended, packed)
    doubtful = is_suspect(packed) or any(rule == RULES["converted"] for rule, _, _, _ in repairs)
    if doubtful and reading.encoding == "auto":
        _check(mended, repairs)
    return mended, repairs + signs


def mend_cells(cells: Sequence[str], kinds: Collection[str]) -> list[str]:
    """The cells of a row, mended as the fields of one record are."""
    if not kinds:
        return list(cells)
    record = Record("", tuple(("500", "  " + DELIMITER + "a" + cell.replace(DELIMITER, " ")) for cell in cells))
    return [content[4:] for _, content in mend_record(record, kinds)[0].fields]


def mend_all(text: str, kind: str) -> str:
    """A text of a source that is said to be of one kind throughout.

    What has Vietnamese letters that a wrong encoding never shows is no such text; nor what would read worse for it, or
    no better where it reads well.
    """
    found = None if has_sound(text) else case(text, kind)
    return found.after if found and found.gain >= 0 and found.rise > 0 else text


Choice = Callable[[str, Collection[str]], Case | None]


def _mended(field: Field, kinds: Collection[str], choose: Choice, repairs: list[Repair]) -> Field:
    """The field with each of its values in the reading that ``choose`` has for it, one repair for each rule."""
    tag, content = field
    if not text_of(tag, content):
        return field
    parts = content.split(DELIMITER)
    cases = [None, *(choose(part[1:], _kinds(tag, kinds)) for part in parts[1:])]
    for kind in dict.fromkeys(found.kind for found in cases if found):
        for rule, view in _steps(kind):
            parts = [
                part[:1] + view(part[1:]) if found and found.kind == kind else part
                for part, found in zip(parts, cases, strict=True)
            ]
            if (after := DELIMITER.join(parts)) != content:
                repairs.append((rule, tag, content, after))
                content = after
    return tag, content


def _steps(kind: str) -> list[tuple[str, Callable[[str], str]]]:
    """A damage's rule; the soft hyphens of TCVN3 come back in steps of their own."""
    if kind != "tcvn3":
        return [(RULES[kind], VIEWS[kind])]
    soft = RULES["soft-hyphen"]
    return [(soft, restore_soft_hyphens), (RULES[kind], VIEWS[kind]), (soft, mend_soft_hyphen)]


def _possible_case(text: str, kinds: Collection[str], left: Collection[str]) -> Case | None:
    """The reading of a value that was left alone, where it reads as well so as the rest of its record."""
    if not any(text == part[1:] for part in left):
        return None
    return next((found for kind in kinds if (found := case(text, kind)) and found.is_possible), None)


def _left(fields: list[Field], record: Record) -> list[list[str]]:
    """The values of each field that are as they were, with their codes."""
    left = []
    for (_, content), (_, before) in zip(fields, record.fields, strict=True):
        was = before.split(DELIMITER)[1:]
        left.append(was if content == before else [part for part in content.split(DELIMITER)[1:] if part in was])
    return left


def _check(record: Record, repairs: list[Repair]) -> None:
    """Refuse a record that has words enough that look damaged still, or one mended where other words may be meant."""
    found: dict[str, list[tuple[str, Case]]] = {}
    for tag, content in record.fields:
        text = text_of(tag, content)
        if text and is_suspect(text) and (best := best_case(text, _kinds(tag, VIEWS))):
            found.setdefault(best.kind, []).append((tag, best))
    for kind, cases in found.items():
        if sum(best.changed for _, best in cases) >= WORDS:
            tag, best = max(cases, key=lambda pair: pair[1].changed)
            raise Trouble("text_in_doubt", tag=tag, name=kind, text=best.before[:80], other=best.after[:80])
    for rule, tag, _, after in repairs:
        words = beyond_ascii(text_of(tag, after)) if rule == RULES["converted"] else []
        if doubtful := [word for word in words if is_converted(word)]:
            facts = {"tag": tag, "text": text_of(tag, after)[:80], "words": ", ".join(doubtful[:5])}
            raise Trouble("converted_in_doubt", name="converted", **facts)
