"""Numbers as Vietnamese libraries write them: in figures, in words up to ninety-nine, in Roman numerals."""

from __future__ import annotations

import re

UNITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BEHIND_TEN = {word: number for number, word in enumerate(UNITS, 1) if word != "năm"}  # «mười năm» is ten years
BEHIND_TEN |= {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7}
WORDS = {word: number for number, word in enumerate(UNITS, 1)} | {"bẩy": 7, "mười": 10}
WORDS |= {f"mười {word}": 10 + number for word, number in BEHIND_TEN.items()}
for _ten, _word in enumerate(UNITS[1:], 2):
    WORDS[f"{_word} mươi"] = 10 * _ten
    WORDS |= {f"{_word} mươi {word}": 10 * _ten + number for word, number in BEHIND_TEN.items()}
ORDINALS = {"nhất": 1, "nhì": 2, "tư": 4}  # after «thứ»
IN_WORDS = "|".join(sorted((word.replace(" ", r"\s+") for word in (*WORDS, *ORDINALS)), key=len, reverse=True))
LAST_WORDS = tuple({word.split()[-1] for word in (*WORDS, *ORDINALS)})
ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})", re.IGNORECASE)
VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def number(text: str) -> int:
    """The number a text is: "12", «XII», «mười hai» → 12; 0 where it is none."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 10 else 0
    said = " ".join(text.lower().split())
    if said in WORDS or said in ORDINALS:
        return WORDS.get(said) or ORDINALS[said]
    if not ROMAN.fullmatch(text):
        return 0
    values = [VALUES[letter] for letter in text.upper()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
