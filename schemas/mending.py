"""Text that was read in a wrong encoding, read again: one pure function a damage.

What is valid Unicode can still be damaged: TCVN3, VNI, CP1258 or VISCII shown as Latin-1 («Khæ mÉu»), UTF-8 read as
CP1252 and encoded once more («Dáº¿ MÃ¨n»), the soft hyphen of TCVN3 (its ư) shown as − - • or lost («th− môc»,
«phơng»), VIQR («Vie^.t Nam»). Whether a text is damaged at all is told by :mod:`schemas.damage`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from schemas.codepages import SINGLE, VNI, VNI_LETTER
from schemas.coding import decode, find, restore_capitals
from schemas.problem import Trouble
from schemas.syllables import is_syllable

SHOWN = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(128, 256)} | {
    chr(b): b for b in range(128, 256)
}
SIGNS = "\u2212\u2022\u2011\u2010-"  # what stands for a lost soft hyphen


def shown_class(low: int, high: int) -> str:
    """A class of a regular expression: the characters that CP1252 and Latin-1 show for some bytes."""
    return "[" + "".join(re.escape(c) for c, b in SHOWN.items() if low <= b <= high) + "]"


_LEADS = re.compile(shown_class(0xC2, 0xF4))
_NEXT = shown_class(0x80, 0xBF)
_DOUBLE = re.compile(
    f"{shown_class(0xC2, 0xDF)}{_NEXT}|{shown_class(0xE0, 0xEF)}{_NEXT}{{2}}|{shown_class(0xF0, 0xF4)}{_NEXT}{{3}}"
)
_NOT_SHOWN = re.compile("([^" + "".join(re.escape(c) for c in SHOWN) + "\x00-\x7f]+)")
_SIGNED = re.compile(rf"\S*(?:\w[\xad{SIGNS}](?=\w|\s|$|[.,;:!?)\]»”\"])|(?<!\w)[\u2212\u2022](?=\w))\S*")
_PUNCTUATION = ".,;:!?()[]«»“”‘’\"'/"
_LOST = re.compile(r"(?i)\b[bcdđghklmnpqrstvx]{0,3}[ơớờởỡợ](?:ng|c|u)\b")  # rimes that exist only with ư before them


def reread(text: str, encoding: str) -> str:
    """Text whose bytes were shown as CP1252 or Latin-1 (a TCVN3 or VNI font in a spreadsheet), by its true encoding.

    Letters outside CP1252 stay, and so do those the encoding has no place for. The signs that stand for the lost soft
    hyphen of TCVN3 are ư where that makes a syllable.
    """
    name = find(encoding)
    if name == "tcvn3":
        text = restore_soft_hyphens(text)
    return _reread(text, name)


def restore_soft_hyphens(text: str) -> str:
    """TCVN3 shown as Latin-1 with its soft hyphens (ư) back: «h-íng dÉn», «th− môc», «th• viÖn»."""
    return _SIGNED.sub(_with_soft_hyphen, text) if any(sign in text for sign in SIGNS) else text


def mend_mojibake(text: str) -> str | None:
    """UTF-8 that was read as CP1252 or Latin-1, mended («Dáº¿ MÃ¨n» → «Dế Mèn»); ``None`` when it is not that.

    A no-break space that became a plain one after Ã (à) is mended too, where the rest of the text shows the damage.
    """
    if not _LEADS.search(text):
        return None
    mended, count = _DOUBLE.subn(_mend_run, text)
    if not count or mended == text:
        return None
    return unicodedata.normalize("NFC", re.sub("Ã ?(?= |$)", "à", mended))


def mend_soft_hyphen(text: str) -> str:
    """Unicode text in which ư was lost or became a sign: «th− viện», «phơng pháp», «nớc»."""
    if "\xad" in text or any(sign in text for sign in SIGNS):
        text = _SIGNED.sub(_with_horn, text)
    return _LOST.sub(_with_lost, text)


def _with_soft_hyphen(match: re.Match[str]) -> str:
    token = match[0]
    made = re.sub(f"[{SIGNS}]", "\xad", token)
    return made if _is_worth(token) and is_syllable(_reread(made, "tcvn3").strip(_PUNCTUATION)) else token


def _with_horn(match: re.Match[str]) -> str:
    token = match[0]
    made = re.sub(f"[\xad{SIGNS}]", "ư", token)
    return made if _is_worth(token) and is_syllable(made.strip(_PUNCTUATION)) else token


def _is_worth(token: str) -> bool:
    """A plain hyphen within ASCII counts only in a small word of several letters: «th-» and «m-a», not «T-»."""
    return not token.isascii() or (token.islower() and sum(letter.isalpha() for letter in token) >= 2)


def _with_lost(match: re.Match[str]) -> str:
    horn = "Ư" if match[0].isupper() else "ư"
    made = re.sub("(?i)(?=[ơớờởỡợ])", horn, match[0], count=1)
    return made if is_syllable(made) else match[0]


def _mend_run(match: re.Match[str]) -> str:
    try:
        return bytes(SHOWN[c] for c in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _reread(text: str, name: str) -> str:
    return unicodedata.normalize("NFC", "".join(_reread_run(run, name) for run in _NOT_SHOWN.split(text) if run))


def _reread_run(run: str, name: str) -> str:
    if run.isascii() or _NOT_SHOWN.fullmatch(run):
        return run
    data = bytes(SHOWN.get(c, ord(c)) for c in run)
    if name == "vni":
        return _reread_vni(run, data)
    table = _table(name)
    text = "".join([table.get(byte, shown) for byte, shown in zip(data, run, strict=True)])
    return restore_capitals(text) if name == "tcvn3" else text


def _reread_vni(run: str, data: bytes) -> str:
    out, at = [], 0
    for match in VNI_LETTER.finditer(data):
        out += [run[at : match.start()], VNI[match[0]]]
        at = match.end()
    return "".join([*out, run[at:]])


@cache
def _table(name: str) -> dict[int, str]:
    if name in SINGLE:
        return SINGLE[name]
    table = {}
    for byte in range(256):
        try:
            table[byte] = decode(bytes([byte]), name)
        except Trouble:
            continue
    return table
