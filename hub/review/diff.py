"""Where two texts differ, to the character: other letters, other marks of the same letters, other case, hidden signs.

Characters are grapheme clusters as catalogs have them: a letter with its combining marks. Texts are aligned by their
letters without marks, so that «kí» and «ký» differ in a letter, «hoa» and «hoà» in a mark. Nothing is lost: the parts
of each side put together are that side.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import NamedTuple

SAME, CASE, MARKS, LETTERS, ONLY, HIDDEN = "same", "case", "marks", "letters", "only", "hidden"
LONGEST = 2_000  # characters compared one by one
ALIKE = 0.45  # of two texts below which they are marked as a whole
SPECIAL = {"đ": "d", "Đ": "d"}


class Part(NamedTuple):
    """Some characters of one side and how they stand to the other: ``same``, ``case``, ``marks`` …"""

    text: str
    kind: str

    @property
    def shown(self) -> str:
        """The text; signs that nobody sees, by their code points."""
        return " ".join(f"U+{ord(sign):04X}" for sign in self.text) if self.kind == HIDDEN else self.text


def differences(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts. Empty against something is nothing to compare: the parts are ``same``."""
    a, b = clusters(one), clusters(other)
    if not a or not b or one == other:
        return _whole(a, SAME), _whole(b, SAME)
    if max(len(a), len(b)) > LONGEST:
        return _whole(a, LETTERS), _whole(b, LETTERS)
    matcher = SequenceMatcher(None, [base(x) for x in a], [base(x) for x in b], autojunk=False)
    if matcher.ratio() < ALIKE:
        return _whole(a, LETTERS), _whole(b, LETTERS)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for step, start, end, begin, stop in matcher.get_opcodes():
        if step == "equal":
            for x, y in zip(a[start:end], b[begin:stop], strict=True):
                kind = _kind(x, y)
                left.append((x, kind))
                right.append((y, kind))
        else:
            kind = LETTERS if step == "replace" else ONLY
            left += [(x, kind) for x in a[start:end]]
            right += [(y, kind) for y in b[begin:stop]]
    return _joined(left), _joined(right)


def clusters(text: str) -> list[str]:
    """The characters of a text, each with the combining marks behind it."""
    found: list[str] = []
    for sign in text:
        if found and unicodedata.combining(sign) and not hidden(found[-1]):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def hidden(cluster: str) -> bool:
    """Whether nobody sees it: a control or format character, among them those that turn the direction of writing."""
    return unicodedata.category(cluster[0]) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def base(cluster: str) -> str:
    """The letter of a character, lower case and without marks: Đ and đ are d."""
    letter = SPECIAL.get(cluster[0], cluster[0])
    return unicodedata.normalize("NFD", letter)[0].lower()


def _kind(x: str, y: str) -> str:
    """How two characters of one base letter stand to each other; the two ways to code one letter are the same."""
    x, y = unicodedata.normalize("NFC", x), unicodedata.normalize("NFC", y)
    if x == y:
        return SAME
    return CASE if x.lower() == y.lower() else MARKS


def _whole(text: list[str], kind: str) -> list[Part]:
    return _joined([(cluster, kind) for cluster in text])


def _joined(marked: list[tuple[str, str]]) -> list[Part]:
    """Neighbors of one kind as one part; what nobody sees is a part of its own kind wherever it stands."""
    seen = [(cluster, HIDDEN if hidden(cluster) else kind) for cluster, kind in marked]
    return [Part("".join(cluster for cluster, _ in group), kind) for kind, group in groupby(seen, lambda row: row[1])]


class Aligned(NamedTuple):
    """A field of several records: the parts of each side against the first, and whether they say the same."""

    name: str
    sides: list[list[Part]]
    same: bool


def align(name: str, sides: list[str]) -> Aligned:
    """A field of some records, each against the first; the first against the second."""
    first, *others = sides
    pairs = [differences(first, other) for other in others]
    left = pairs[0][0] if pairs else _whole(clusters(first), SAME)
    said = [side for side in sides if side]
    return Aligned(name, [left, *(right for _, right in pairs)], len(set(said)) < 2 and len(said) == len(sides))


def fields(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """The (tag, text) fields of two records beside each other, those of one tag in their order."""
    for tag in sorted({tag for tag, _ in (*one, *other)}):
        left = [text for name, text in one if name == tag]
        right = [text for name, text in other if name == tag]
        common = Counter(left) & Counter(right)
        for text in common.elements():
            yield tag, text, text
        rest = ((Counter(side) - common).elements() for side in (left, right))
        for x, y in zip_longest(*rest, fillvalue=""):
            yield tag, x, y
