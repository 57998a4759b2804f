r"""The mnemonics of MARCMaker: characters written as a name in braces, «{acute}e» or «{eacute}» for é.

A mark stands before its letter, as in MARC-8; two hexadecimal digits are a byte of MARC-8 («{E2}»), and what names no
character stays as it is. Names of Cyrillic letters are those letters. Written are only the characters that the form
needs for itself, and controls. https://www.loc.gov/marc/mnemonics.html
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pymarc import marc8_mapping

from schemas.escapes import figures

MARKS = {
    "acute": "\u0301", "breve": "\u0306", "breveb": "\u032e", "candra": "\u0310", "caron": "\u030c", "cedil": "\u0327",
    "circ": "\u0302", "circb": "\u0325", "commaa": "\u0313", "commab": "\u0326", "dblac": "\u030b", "dbldotb": "\u0324",
    "dblunder": "\u0333", "diaer": "\u0308", "dot": "\u0307", "dotb": "\u0323", "grave": "\u0300", "hooka": "\u0309",
    "hookl": "\u0326", "hookr": "\u0328", "ldbltil": "\ufe22", "llig": "\ufe20", "macr": "\u0304", "ogon": "\u0328",
    "rcedil": "\u031c", "rcommaa": "\u0315", "rdbltil": "\ufe23", "ring": "\u030a", "ringb": "\u0325", "rlig": "\ufe21",
    "tilde": "\u0303", "uml": "\u0308", "under": "\u0332", "vlineb": "\u0329",
}  # fmt: skip
SIGNS = {
    "AElig": "Æ", "aelig": "æ", "ayn": "ʻ", "alif": "ʼ", "amp": "&", "apos": "'", "ast": "*", "asuper": "ª",
    "brvbar": "¦", "bsol": "\\", "bull": "•", "cent": "¢", "colon": ":", "comma": ",", "commat": "@", "copy": "©",
    "curren": "¤", "Dagger": "‡", "dagger": "†", "deg": "°", "divide": "÷", "dollar": "$", "Dstrok": "Đ", "dstrok": "đ",
    "equals": "=", "esc": "\x1b", "ETH": "Ð", "eth": "ð", "excl": "!", "flat": "♭", "fnof": "ƒ", "frac12": "½",
    "frac14": "¼", "frac34": "¾", "gt": ">", "hardsign": "ʺ", "hellip": "…", "hyphen": "-", "iexcl": "¡", "IJlig": "Ĳ",
    "ijlig": "ĳ", "inodot": "ı", "iquest": "¿", "joiner": "\u200d", "laquo": "«", "lcub": "{", "ldquo": "“",
    "ldquor": "„", "lpar": "(", "lsqb": "[", "lsquo": "‘", "lsquor": "‚", "Lstrok": "Ł", "lstrok": "ł", "lt": "<",
    "mdash": "—", "middot": "·", "mllhring": "ʻ", "mlprime": "ʹ", "mlPrime": "ʺ", "mlrhring": "ʼ", "ndash": "–",
    "No": "№", "nonjoin": "\u200c", "num": "#", "OElig": "Œ", "oelig": "œ", "Ohorn": "Ơ", "ohorn": "ơ", "ordf": "ª",
    "ordm": "º", "Ostrok": "Ø", "ostrok": "ø", "osuper": "º", "para": "¶", "percnt": "%", "period": ".", "phono": "℗",
    "pipe": "|", "plus": "+", "plusmn": "±", "pound": "£", "quest": "?", "quot": '"', "raquo": "»", "rcub": "}",
    "rdquo": "”", "rdquofh": "”", "rdquor": "”", "reg": "®", "rpar": ")", "rsqb": "]", "rsquo": "’", "rsquor": "’",
    "scriptl": "ℓ", "sect": "§", "semi": ";", "sharp": "♯", "shy": "\xad", "softsign": "ʹ", "sol": "/", "space": " ",
    "spcirc": "^", "spgrave": "`", "sptilde": "~", "spundscr": "_", "squf": "■", "sup1": "¹", "sup2": "²", "sup3": "³",
    "szlig": "ß", "THORN": "Þ", "thorn": "þ", "times": "×", "trade": "™", "Uhorn": "Ư", "uhorn": "ư", "verbar": "|",
    "yen": "¥", "agr": "α", "bgr": "β", "ggr": "γ",
}  # fmt: skip
SCRIPTS = {"latin": "(B", "cyril": "(N", "greek": "g", "hebrew": "(2", "arabic": "(3", "cjk": "$1", "sub": "b"}
SCRIPTS |= {"super": "p"}  # after {esc}
CYRILLIC = {
    "a": "а", "b": "б", "v": "в", "g": "г", "ge": "г", "gh": "ґ", "gje": "ѓ", "d": "д", "dje": "ђ", "e": "э", "ie": "е",
    "ye": "є", "io": "ё", "zh": "ж", "zhua": "ж", "z": "з", "dze": "ѕ", "i": "и", "yi": "ї", "iuml": "ї", "ji": "ї",
    "iy": "и", "j": "й", "je": "ј", "k": "к", "kje": "ќ", "l": "л", "lje": "љ", "m": "м", "n": "н", "nje": "њ",
    "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "tshe": "ћ", "u": "у", "ubreve": "ў", "f": "ф", "h": "х",
    "kh": "х", "ts": "ц", "ch": "ч", "dzhe": "џ", "sh": "ш", "shch": "щ", "hard": "ъ", "y": "ы", "soft": "ь", "yu": "ю",
    "ya": "я",
}  # fmt: skip
ANSEL: dict[int, tuple[int, int]] = marc8_mapping.CODESETS[0x45]
_NAME = re.compile(r"\{([A-Za-z0-9]{1,9})\}")
_MARKED = re.compile("([A-Za-z])(" + "|".join(sorted(MARKS, key=len, reverse=True)) + ")")
_CYRILLIC = re.compile("([A-Za-z]{1,5}?)cy")
_HEXADECIMAL = re.compile("[0-9A-F]{2}")
_SEPARATORS = re.compile("[\x1d-\x1f]")
_LEFT = re.compile(r"\x1b(?:[(),$-][!-~]{1,2}|[bgps])?")
_OWN = {"$": "{dollar}", "{": "{lcub}", "}": "{rcub}", "\\": "{bsol}"}
_ESCAPED = re.compile(r"[${}\\\x00-\x1f\x7f]")


def decode(text: str) -> str:
    """Text with its mnemonics as characters; separators of ISO 2709 among them are blanks."""
    if "{" not in text:
        return text
    out: list[str] = []
    marks = ""
    for number, piece in enumerate(_NAME.split(text)):
        made = _character(piece) if number % 2 else piece
        if made and all(letter in _MARK_SET for letter in made) and number % 2:
            marks += made
            continue
        if marks and made:
            made, marks = unicodedata.normalize("NFC", made[0] + marks) + made[1:], ""
        out.append(made)
    made = "".join([*out, marks])
    return _LEFT.sub("", figures(made)) if "{esc}" in text else made


def encode(text: str) -> str:
    """Text with what MARCMaker needs for itself, and controls, as mnemonics."""
    return _ESCAPED.sub(lambda match: _OWN.get(match[0]) or f"{{{ord(match[0]):02X}}}", text)


@lru_cache(maxsize=4096)
def _character(name: str) -> str:
    """What a name stands for; a name that stands for nothing stays."""
    if named := SIGNS.get(name) or MARKS.get(name) or SCRIPTS.get(name):
        return named
    if len(name) == 1 and name.isalpha():
        return name
    if found := _MARKED.fullmatch(name):
        return unicodedata.normalize("NFC", found[1] + MARKS[found[2]])
    if (found := _CYRILLIC.fullmatch(name)) and (letter := CYRILLIC.get(found[1].lower())):
        return letter.upper() if name[0].isupper() else letter
    if _HEXADECIMAL.fullmatch(name):
        return _SEPARATORS.sub(" ", _byte(int(name, 16)))
    return "{" + name + "}"


def _byte(byte: int) -> str:
    return chr(ANSEL[byte][0]) if byte in ANSEL else chr(byte)


_MARK_SET = frozenset(MARKS.values()) | {chr(point) for point, is_mark in ANSEL.values() if is_mark}
