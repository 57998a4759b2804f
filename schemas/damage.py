"""Which damage the text of a source has, told from its records together, and its mending where the source has it.

A text is read as each damage would have it. That reading is better when 0.80 or more of the words it changes become
possible Vietnamese syllables and the text has more of them than before; a damage that touches every accented word must
also gain 0.10. A source has a damage when 3 words or more speak for it, in records of which each alone has as many, and
0.80 of all that could speak for it does. Text of a source without evidence is left alone, and said to be in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from schemas import viqr
from schemas.detection import ACCEPT, EXAMPLES, MARGIN, WORDS
from schemas.format import Format, Reading
from schemas.mending import mend_mojibake, mend_soft_hyphen, reread, restore_soft_hyphens, shown_class
from schemas.record import DELIMITER, Field, Record, is_control
from schemas.syllables import beyond_ascii, plausible

Repair = tuple[str, str, str, str]  # rule, tag, before, after
DOUBT = "?"  # after the rule's name: the text is as it came

FONTS = ("tcvn3", "vni", "cp1258", "viscii")  # every accented word is touched
VIEWS: dict[str, Callable[[str], str]] = {
    "utf-8": lambda text: mend_mojibake(text) or text,
    **{name: partial(reread, encoding=name) for name in FONTS},
    "soft-hyphen": mend_soft_hyphen,
    "viqr": lambda text: viqr.decode(text, cautious=True),
}
RULES = {name: f"{name}@1" for name in VIEWS} | {"utf-8": "mojibake@1"}
RELATED = 0.20  # below this share a text has nothing to do with a damage: it is in another language
VIETNAMESE = 0.60  # share of all words that must be syllables where few words speak
NO_TEXT = frozenset({"856"})
_WORD = re.compile(r"[^\W\d_]+")
_NEXT = shown_class(0x80, 0xBF)
_SIGN = "\xa1-\xbf\xc4-\xc7\xcb\xce\xcf\xd0\xd1\xd6-\xd8\xdb\xdc\xde\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe"
_TRIGGER = re.compile(  # what a damaged text has somewhere and a sound Vietnamese one has not
    f"[{_SIGN}](?<=[A-Za-z].)|[\xa7\xae][A-Za-z\xc0-\xff]"
    "|[\xec\xf2\xcc\xd2\xde](?<=[aâăeêioôơuưyAÂĂEÊIOÔƠUƯY].)"
    f"|{shown_class(0xC3, 0xC6)}{_NEXT}|á[º»]"
    "|[\u2212\u2022\xad](?<=\\w.)(?=\\w|\\s)|[ơớờởỡợ](?<![ưƯ].)(?:ng|c)\\b"
)
_RARE = re.compile("[\xa1-\xff\u0152-\u0192\u01a0\u01a1\u02c6\u02dc\u2013-\u2212\u1edb-\u1ee3]")
_VIQR = re.compile(r"[aeoAEO]\^[a-z'`?~.]|[uoUO]\+[a-z'`?~.]")


def is_suspect(text: str) -> bool:
    """Whether a text has what damaged text has; quick, and wrong only in what it lets be looked at."""
    if ("^" in text or "+" in text) and _VIQR.search(text):
        return True
    return not text.isascii() and _RARE.search(text) is not None and _TRIGGER.search(text) is not None


class Case(NamedTuple):
    """A text as one damage would have it."""

    kind: str
    after: str
    changed: int  # words
    good: int  # of them possible syllables
    gain: float  # the share of possible syllables afterwards, less the share before
    share: float  # of the words beyond ASCII, afterwards

    @property
    def is_better(self) -> bool:
        least = MARGIN if self.kind in FONTS else 1e-9
        return self.changed > 0 and self.good >= ACCEPT * self.changed and self.share >= ACCEPT and self.gain >= least


def case(text: str, kind: str) -> Case | None:
    """How a text reads as ``kind`` would have it; ``None`` when it changes nothing."""
    after = VIEWS[kind](text)
    if after == text:
        return None
    before_words, after_words = beyond_ascii(text), beyond_ascii(after)
    changed = Counter(after_words) - Counter(before_words)
    good = sum(count for word, count in changed.items() if plausible(word))
    share = _share(after_words)
    before = _share(before_words) if before_words else 0.0
    return Case(kind, after, changed.total(), good, share - before, share)


def _share(words: list[str]) -> float:
    return sum(map(plausible, words)) / len(words) if words else 0.0


def best_case(text: str, kinds: Collection[str] = VIEWS) -> Case | None:
    """The best of the readings that are better, when no other that is about as good reads differently."""
    cases = [found for kind in kinds if (found := case(text, kind)) and found.is_better]
    cases.sort(key=lambda found: (-found.share, -found.changed))
    rivals = [found for found in cases[1:] if found.after != cases[0].after and found.kind in FONTS]
    if not cases or (cases[0].kind in FONTS and any(cases[0].share - r.share < MARGIN for r in rivals)):
        return None
    return cases[0]


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
        texts = [text for tag, content in record.fields if (text := text_of(tag, content)) and is_suspect(text)]
        befores = {}
        for text in texts:
            if best := best_case(text):
                found.setdefault(best.kind, []).append(best)
                befores[best.after] = text
            else:
                self._doubt(text)
        for kind, cases in found.items():
            self._count(kind, cases, befores)

    def _count(self, kind: str, cases: list[Case], befores: dict[str, str]) -> None:
        words = sum(each.changed for each in cases)
        if words < WORDS:
            return
        self.words.setdefault(kind, [0, 0])[0] += words
        kept = self.examples.setdefault(kind, [])
        longest = max(cases, key=lambda each: each.changed)
        if len(kept) < EXAMPLES:
            kept.append([befores[longest.after][:120], longest.after[:120]])

    def _doubt(self, text: str) -> None:
        for kind in VIEWS:
            found = case(text, kind)
            if found and found.changed >= WORDS and RELATED * found.changed <= found.good < ACCEPT * found.changed:
                self.words.setdefault(kind, [0, 0])[1] += found.changed

    def score(self, kind: str) -> float:
        """The share of the words that speak for a damage."""
        good, bad = self.words.get(kind, (0, 0))
        return good / (good + bad) if good else 0.0

    def kinds(self) -> tuple[str, ...]:
        """The damages the source plainly has."""
        return tuple(kind for kind in VIEWS if self.words.get(kind, (0, 0))[0] >= WORDS and self.score(kind) >= ACCEPT)

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


def mend_record(record: Record, kinds: Collection[str]) -> tuple[Record, list[Repair]]:
    """The record with the damages its source is known to have mended, and the repairs.

    What looks damaged and is not mended, since the source's records do not speak for it, is said in a repair whose rule
    ends in ``?`` and that changes nothing.
    """
    if not is_suspect(record.pack()):
        return record, []
    repairs: list[Repair] = []
    fields = [_mended(tag, content, kinds, repairs) for tag, content in record.fields]
    if any(rule.removesuffix("@1") in FONTS for rule, _, _, _ in repairs) and not _has_sound(fields, record):
        fields = [_with_the_rest(field, repairs) for field in fields]
    repairs += _doubts(fields)
    return Record(record.leader, tuple(fields)), repairs


def parse_mended(form: Format, body: bytes, reading: Reading) -> tuple[Record, list[Repair]]:
    """The record of a raw record's body with the damages of ``reading`` mended, and the repairs.

    A format that mends before it takes a text apart (a table) gives the better record.
    """
    plain = form.parse(body, replace(reading, damage=()) if reading.damage else reading)
    mended, repairs = mend_record(plain, reading.damage)
    if mended == plain:
        return plain, repairs
    own = form.parse(body, reading)
    return (own if own != plain else mended), repairs


def mend_cells(cells: Sequence[str], kinds: Collection[str]) -> list[str]:
    """The cells of a row, mended as the fields of one record are."""
    if not kinds or not any(map(is_suspect, cells)):
        return list(cells)
    record = Record("", tuple(("500", "  " + DELIMITER + "a" + cell.replace(DELIMITER, " ")) for cell in cells))
    return [content[4:] for _, content in mend_record(record, kinds)[0].fields]


def mend_all(text: str, kind: str) -> str:
    """A text of a source that is said to be of one kind throughout; what would read worse for it stays."""
    found = case(text, kind)
    return found.after if found and found.gain >= 0 else text


def _mended(tag: str, content: str, kinds: Collection[str], repairs: list[Repair]) -> Field:
    text = text_of(tag, content)
    if not kinds or not text or not is_suspect(text):
        return tag, content
    best = best_case(text, kinds)
    if best is None or (best.changed < WORDS and not _says_vietnamese(best.after)):
        return tag, content
    return _changed(tag, content, best.kind, repairs)


def _says_vietnamese(text: str) -> bool:
    words = _WORD.findall(text)
    return sum(map(plausible, words)) >= VIETNAMESE * len(words)


def _changed(tag: str, content: str, kind: str, repairs: list[Repair]) -> Field:
    """The field in the reading of ``kind``; the soft hyphens of TCVN3 come back in a step of their own."""
    steps: list[tuple[str, Callable[[str], str]]] = [(RULES[kind], VIEWS[kind])]
    if kind == "tcvn3":
        steps = [(RULES["soft-hyphen"], restore_soft_hyphens), *steps, (RULES["soft-hyphen"], mend_soft_hyphen)]
    for rule, view in steps:
        head, *parts = content.split(DELIMITER)
        after = DELIMITER.join([head, *[part[:1] + view(part[1:]) for part in parts]])
        if after != content:
            repairs.append((rule, tag, content, after))
            content = after
    return tag, content


def _has_sound(fields: list[Field], record: Record) -> bool:
    """Whether a field that was left alone has Vietnamese letters that no wrong encoding shows."""
    left = [content for (_, content), (_, before) in zip(fields, record.fields, strict=True) if content == before]
    return any("\u1ea0" <= letter <= "\u1ef9" or letter in "ăđơưĂĐƠƯĩũĨŨ" for content in left for letter in content)


def _with_the_rest(field: Field, repairs: list[Repair]) -> Field:
    """A field that reads well both ways («lóa», «lúa»), in a record that is damaged throughout."""
    tag, content = field
    kind = next(rule.removesuffix("@1") for rule, _, _, _ in repairs if rule.removesuffix("@1") in FONTS)
    done = {(of, after) for _, of, _, after in repairs}
    text = text_of(tag, content)
    if not text or text.isascii() or (tag, content) in done:
        return field
    found = case(text, kind)
    if found and found.good == found.changed and found.gain >= 0 and _says_vietnamese(found.after):
        return _changed(tag, content, kind, repairs)
    return field


def _doubts(fields: list[Field]) -> list[Repair]:
    """The fields that look damaged still, where the record has words enough to say so."""
    found = []
    words: Counter[str] = Counter()
    for tag, content in fields:
        text = text_of(tag, content)
        if text and is_suspect(text) and (best := best_case(text)):
            words[best.kind] += best.changed
            found.append((best.kind, tag, content))
    return [(RULES[kind] + DOUBT, tag, content, content) for kind, tag, content in found if words[kind] >= WORDS]
