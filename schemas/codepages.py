"""The code pages of libraries before Unicode, as our own tables: byte → letter.

TCVN 5712:1993 (VN1 and VN3), RFC 1456 (VISCII), the VNI fonts for Windows, and ISO 5426 of UNIMARC.
"""

from __future__ import annotations

import re
import unicodedata

TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc huyền hỏi ngã nặng


def _rows(*rows: tuple[int, str]) -> dict[int, str]:
    return {start + i: letter for start, letters in rows for i, letter in enumerate(letters)}


ASCII = {byte: chr(byte) for byte in range(128)}
CP1252 = {b: c for b in range(128, 256) if (c := bytes([b]).decode("cp1252", "ignore"))}
_VN_LOWER = _rows(
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
TCVN3 = ASCII | {b: c for b, c in CP1252.items() if b <= 0xA0} | _VN_LOWER
VN1 = ASCII | _VN_LOWER | _rows(
    (0x01, "ÚỤ"),
    (0x04, "ỪỬỮ"),
    (0x11, "ỨỰỲỶỸÝỴ"),
    (0x80, "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\xa0"),
    (0xAF, "Ằ\u0300\u0309\u0303\u0301\u0323"),
    (0xBA, "Ẳ"),
    (0xBF, "ẴẮẦẨẪẤỀ"),
    (0xCD, "Ể"),
    (0xD9, "ỄẾỒ"),
    (0xE0, "Ổ"),
    (0xF0, "Ỗ"),
    (0xFF, "Ố"),
)  # fmt: skip
VISCII = ASCII | _rows(
    (0x02, "Ẳ"),
    (0x05, "ẴẪ"),
    (0x14, "Ỷ"),
    (0x19, "Ỹ"),
    (0x1E, "Ỵ"),
    (0x80, "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"),
    (0xA0, "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"),
    (0xC0, "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"),
    (0xE0, "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"),
)  # fmt: skip


def _vni_pairs() -> dict[bytes, str]:
    """The one- and two-byte letters of VNI; a capital is the lower-case bytes less 20h."""
    lower = {bytes([b]): c for b, c in zip(b"\xf4\xf6\xf1\xed\xec\xe6\xf3\xf2\xee", "ơưđíìỉĩịỵ", strict=True)}
    bases = {b"a": "a", b"e": "e", b"o": "o", b"u": "u", b"y": "y", b"\xf4": "ơ", b"\xf6": "ư"}
    shapes = [("aeouyơư", "", b"\xf9\xf8\xfb\xf5\xef"), ("aeo", "\u0302", b"\xe1\xe0\xe5\xe3\xe4")]
    shapes.append(("a", "\u0306", b"\xe9\xe8\xfa\xfc\xeb"))
    for letters, shape, marks in shapes:
        for base, letter in bases.items():
            if letter in letters:
                for tone, mark in zip(TONES, marks, strict=True):
                    lower[base + bytes([mark])] = unicodedata.normalize("NFC", letter + shape + tone)
    lower |= {b"a\xe2": "â", b"e\xe2": "ê", b"o\xe2": "ô", b"a\xea": "ă"}
    pairs = dict(lower)
    for code, letter in lower.items():
        for marked in {code, code[:1] + bytes(b - 32 for b in code[1:])}:
            pairs[bytes([code[0] - 32]) + marked[1:]] = letter.upper()
            pairs.setdefault(code[:1] + marked[1:], letter)
    return pairs


VNI = _vni_pairs()
VNI_LETTER = re.compile(b"|".join(re.escape(code) for code in sorted(VNI, key=len, reverse=True)))
SINGLE = {"tcvn3": TCVN3, "viscii": VISCII, "vn1": VN1}


def _toned(base: str) -> str:
    """The letters of a base with its tones: a → áàảãạ."""
    return "".join(unicodedata.normalize("NFC", base + tone) for tone in TONES)


# some converters write a capital that TCVN3 lacks as the plain capital and the small letter: «A¸» is Á
DOUBLED = re.compile("(?:" + "|".join(f"{b.upper()}(?=[{_toned(b)}])" for b in "aeiouyăâêôơư") + ")(.)")

# ISO 5426:1983, the extended Latin set of UNIMARC: a mark stands before its letter, as in MARC-8, but elsewhere. The
# controls are those of ISO 6630: 88 and 89 stand around what is not sorted.
ISO5426_MARKS = _rows(
    (0xC0, "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0313\u030b\u031b\u030c"),
    (0xD0, "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d"),
    (0xDD, "\ufe20\ufe21"),
)
ISO5426 = ASCII | {byte: chr(byte) for byte in range(0x80, 0xA0)} | ISO5426_MARKS | _rows(
    (0xA1, "¡„£$¥†§′‘“«♭©℗®"),
    (0xB0, "ʻʼ‚"),
    (0xB6, "‡·″’”»♯ʹʺ¿"),
    (0xE1, "ÆĐ"),
    (0xE6, "Ĳ"),
    (0xE8, "ŁØŒ"),
    (0xEC, "Þ"),
    (0xF1, "æđð"),
    (0xF5, "ıĳ"),
    (0xF8, "łøœßþ"),
)  # fmt: skip
