r"""VIQR (RFC 1456): Vietnamese in ASCII, each mark typed after its letter: ``Ti?nh Ha?i Du+o+ng``, ``dda^'t nu+o+'c``.

``( ^ +`` are breve, circumflex and horn, ``' ` ? ~ .`` the tones, ``dd`` is đ; ``\`` before a mark makes it plain text.
Much text that is not Vietnamese looks like it («U.S.A.», «they're», «address», «f(a)»). A word of several letters that
would be no Vietnamese syllable, and has no mark that only VIQR uses, is therefore left as it is.
"""

from __future__ import annotations

import re
import unicodedata

from schemas.syllables import is_syllable

SHAPES = {"(": "\u0306", "^": "\u0302", "+": "\u031b", "*": "\u031b"}
TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_WEARS = {"(": "aA", "^": "aeoAEO", "+": "ouOU", "*": "ouOU"}  # the letters a shape can stand on
_MARKS = "".join([*SHAPES, *TONES])
_ESCAPED = re.compile(rf"\\([dD\\{re.escape(_MARKS)}])")
_WORD = re.compile(rf"(?:\\[dD\\{re.escape(_MARKS)}]|[^\W\d_]|[{re.escape(_MARKS)}])+")
_LETTER = re.compile(
    rf"{_ESCAPED.pattern}|(?P<d>[dD][dD])"
    r"|(?P<vowel>[aA]\(|[aeoAEO]\^|[ouOU][+*]|[aeiouyAEIOUY](?=['`?~.]))(?P<tone>['`?~.]?)"
)
_OWN = re.compile(r"[aeoAEO]\^|[ouOU]\+|[aeiouyAEIOUY][`~]|(?<![aeiouyAEIOUY])(?:dd|DD)")  # what only VIQR writes
_MISPLACED = re.compile(  # a tone on the second vowel, where it stands on the first: «sao?» asks, «sa?o» is sảo
    "(?:(?<!q)u[íìỉĩị]|[aoôơư][íìỉĩị]|[ae][óòỏõọ]|[aâeêư][úùủũụ]|(?<!g)i[úùủũụ]|[aâ][ýỳỷỹỵ])$", re.IGNORECASE
)


def decode(text: str, *, cautious: bool = False) -> str:
    """The text with its letters composed, NFC.

    ``cautious`` also leaves a single letter before a full stop or a question mark, or in quotation marks: an initial.
    """
    return unicodedata.normalize("NFC", _WORD.sub(lambda match: _word(match[0], cautious), text))


def _word(word: str, cautious: bool) -> str:
    made = _compose(word)
    letters = sum(letter.isalpha() for letter in word)
    if made == word or (letters == 1 and not (cautious and (word[-1:] in "?." or not word[0].isalpha()))):
        return made
    core = word.rstrip("'?.")
    for shorter in (word, core):
        composed = _compose(shorter)
        if letters > 1 and composed != shorter and _is_word(composed.strip(_MARKS)):
            return composed + word[len(shorter) :]
    if not _OWN.search(word):
        return _ESCAPED.sub(r"\1", word)
    return _compose(core) + word[len(core) :] if _MISPLACED.search(made) else made


def _is_word(text: str) -> bool:
    return is_syllable(text) and not _MISPLACED.search(text)


def _compose(word: str) -> str:
    return unicodedata.normalize("NFC", _LETTER.sub(_letter, word))


def _letter(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    if match["d"]:
        return "đ" if match["d"][0] == "d" else "Đ"
    vowel, tone = match["vowel"], match["tone"]
    return vowel[0] + SHAPES.get(vowel[1:], "") + TONES.get(tone, "")


def encode(text: str) -> str | None:
    r"""The text in ASCII, plain marks escaped with ``\``; ``None`` where a letter or a word has no VIQR."""
    parts: list[str] = []
    before = ""
    for letter in unicodedata.normalize("NFC", text):
        parts.append(_spelled(letter, before))
        before = letter
    made = "".join(parts)
    return made if made.isascii() and decode(made) == unicodedata.normalize("NFC", text) else None


def _spelled(letter: str, before: str) -> str:
    """One letter, escaped where it would join the one before it."""
    if letter.isascii():
        vowel = unicodedata.normalize("NFD", before)[:1] in tuple("aeiouyAEIOUY") if before else False
        joins = (letter in _MARKS and (vowel or before == "\\")) or (letter in "dD\\" and before in ("d", "D", "\\"))
        return "\\" + letter if joins or letter == "\\" else letter
    if letter in "đĐ":
        return "dd" if letter == "đ" else "DD"
    base, *marks = list(unicodedata.normalize("NFD", letter))
    signs = {mark: sign for sign, mark in [*SHAPES.items(), *TONES.items()] if sign != "*"}
    if not all(mark in signs for mark in marks) or base not in "aeiouyAEIOUY":
        return letter
    said = sorted((signs[mark] for mark in marks), key=lambda sign: sign in TONES)
    return base + "".join(said)
