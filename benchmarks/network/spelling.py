"""How the same Vietnamese words are written: spelling habits, slips, and what old software did to them."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from tests.sample_network.books import ascii_only
from tests.sample_network.legacy import CODES, LETTERS, tcvn3

TONES = "\u0300\u0301\u0303\u0309\u0323"
FINAL_Y = re.compile(r"\b([HKLMTShklmts]|[Qq]u)([yýỳỷỹỵYÝỲỶỸỴ])(?!\w)")
FINAL_I = re.compile(r"\b([HKLMTShklmts]|[Qq]u)([iíìỉĩịIÍÌỈĨỊ])(?!\w)")
WITH_Y, WITH_I = "yýỳỷỹỵYÝỲỶỸỴ", "iíìỉĩịIÍÌỈĨỊ"
OPEN = re.compile(r"\b([^\W\d_]*?)([òóỏõọ](?=[ae])|[ùúủũụ](?=y))([aey])\b", re.IGNORECASE)
VNI_TONES = dict(zip(TONES, (0xF8, 0xF9, 0xF5, 0xFB, 0xEF), strict=True))
VNI_BREVE = dict(zip(TONES, (0xE8, 0xE9, 0xFC, 0xFA, 0xEB), strict=True)) | {"": 0xEA}
VNI_ROOF = dict(zip(TONES, (0xE0, 0xE1, 0xE3, 0xE5, 0xE4), strict=True)) | {"": 0xE2}
VNI_I = dict(zip(TONES, (0xEC, 0xED, 0xF3, 0xE6, 0xF2), strict=True))
NEAR = dict(
    zip(
        "aăâeêioôơuưydg",
        ("sáă", "âa", "ăa", "rê", "e", "uo", "ôpi", "ơo", "ôo", "iư", "u", "tu", "sf", "hf"),
        strict=True,
    )
)
TWICE = {code: letter for letter, code in CODES.items()}


def other_iy(text: str) -> str:
    """«kỹ» as «kĩ», «quý» as «quí»; where the text has i already, the other way round."""
    if FINAL_Y.search(text):
        return FINAL_Y.sub(lambda found: found[1] + WITH_I[WITH_Y.index(found[2])], text)
    return FINAL_I.sub(
        lambda found: found[1] + WITH_Y[WITH_I.index(found[2])] if found[1][-1:] in "kmqu" else found[0], text
    )


def tone_after(text: str) -> str:
    """«hòa» as «hoà», «thủy» as «thuỷ»; «quý» has its tone on y always."""

    def moved(found: re.Match[str]) -> str:
        bare = unicodedata.normalize("NFD", found[2])
        if found[1][-1:].lower() == "q":
            return found[0]
        return found[1] + bare[0] + unicodedata.normalize("NFC", found[3] + bare[1])

    return OPEN.sub(moved, text)


def wrong_mark(text: str, random: Random) -> str:
    """One letter with another tone, or with none."""
    places = [at for at, letter in enumerate(text) if letter in LETTERS and letter != "đ"]
    if not places:
        return text
    at = random.choice(places)
    parts = [c for c in unicodedata.normalize("NFD", text[at]) if c not in TONES]
    tone = random.choice(["", *TONES])
    return text[:at] + unicodedata.normalize("NFC", "".join(parts) + tone) + text[at + 1 :]


def slip(text: str, random: Random) -> str:
    """A letter left out, doubled, exchanged with its neighbor or hit beside."""
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if len(text) < 8 or not places:
        return text
    at = random.choice(places)
    kind = random.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + random.choice(NEAR.get(text[at].lower(), text[at])) + text[at + 1 :]


def small(text: str) -> str:
    """Only the first letter a capital: «Dế mèn phiêu lưu ký»."""
    return text[:1] + text[1:].lower()


def in_tcvn3(text: str) -> str:
    """``text`` with the letters that TCVN3 has; others without their marks."""
    known = "".join(c if _in_tcvn3(c) else ascii_only(c) for c in text)
    return "".join(c if _in_tcvn3(c) else " " for c in known)


def _in_tcvn3(letter: str) -> bool:
    return letter < "\x80" or letter in CODES or letter.lower() in CODES


def lost_hyphens(text: str, random: Random) -> str:
    """TCVN3 shown as Latin-1, its byte AD (ư) lost or another dash: «l−u ký»."""
    shown = tcvn3(in_tcvn3(text)).decode("latin-1")
    return shown.replace("\xad", random.choice(["", "-", "\u2212"]))


def vni(text: str) -> str:
    """``text`` in VNI-Windows, shown as Latin-1: «Ñaát röøng phöông Nam»."""
    return "".join(map(_vni, text))


def _vni(letter: str) -> str:
    capital = letter.isupper()
    first, *marks = list(unicodedata.normalize("NFD", letter.lower()))
    tone = next((mark for mark in marks if mark in TONES), "")
    if first == "đ":
        code = "\xf1"
    elif "\u0306" in marks or "\u0302" in marks:
        code = first + chr((VNI_BREVE if "\u0306" in marks else VNI_ROOF)[tone])
    elif "\u031b" in marks:
        code = ("\xf4" if first == "o" else "\xf6") + (chr(VNI_TONES[tone]) if tone else "")
    elif first == "i" and tone:
        code = chr(VNI_I[tone])
    else:
        code = "\xee" if letter.lower() == "ỵ" else first + (chr(VNI_TONES[tone]) if tone else "")
    return code.upper() if capital else code


def converted_twice(text: str) -> str:
    """Unicode run through TCVN3 → Unicode once more: letters of Latin-1 become others, «khác» → «khỏc»."""
    return "".join(TWICE.get(ord(letter), letter) if "\xa0" < letter < "\u0100" else letter for letter in text)


def for_cp1258(text: str) -> bytes:
    """``text`` in Windows-1258: letters with their shape, the tone as a mark of its own behind."""
    coded = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = [c for c in parts if c in TONES]
        shape = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
        coded.append(shape + "".join(tones) if letter > "\x7f" else letter)
    return "".join(coded).encode("cp1258", "replace")
