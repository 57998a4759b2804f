"""The numbers of volumes, wherever a record puts them: «T. 2», «Quyển III», «Tập hai», «Vol. 2», «2»."""

from __future__ import annotations

import re
from functools import lru_cache

LONG_MARKS = r"(?:tập|tap|quyển|quyen|phần|phan|cuốn|cuon|volume|vol|part|book|bộ|tome|band|teil|deel|livre)"
SHORT_MARKS = r"(?:t|q|kỳ|số|v|pt|bd|no|#)"
UNITS = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
WORDS = dict(zip(UNITS, range(1, 11), strict=True))
WORDS |= {f"mười {unit}": 10 + number for unit, number in list(WORDS.items())[:9]}
WORDS |= {f"{unit} mươi": 10 * number for unit, number in list(WORDS.items())[1:9]}
WORDS |= {"nhất": 1, "nhì": 2, "tư": 4, "bẩy": 7, "lăm": 5, "mười lăm": 15, "mười tư": 14}
SPELLED = "|".join(sorted(WORDS, key=len, reverse=True))
FIGURES = r"\d{1,4}(?:\s*[+–-]\s*\d{1,4})?[a-zđ]?"
VOLUME = re.compile(
    r"(?:^|[\s.,;:(\[/–-])(?:"
    rf"{LONG_MARKS}\.?\s*(?:thứ\s+)?({FIGURES})|{LONG_MARKS}(?:\.\s*|\s+)(?:thứ\s+)?([ivxlc]{{1,7}}|{SPELLED}|[a-eđ])"
    rf"|{SHORT_MARKS}\.?\s*({FIGURES})|{SHORT_MARKS}\.\s*([ivxlc]{{1,7}}))(?!\w)",
    re.IGNORECASE,
)
HINT = re.compile(r"[0-9IVXLC]|[Tt]ập|TẬP|[Tt]ap |[Qq]uy[ểe]n|QUYỂN|[Pp]h[ầa]n|PHẦN|[Cc]u[ốo]n|CUỐN|[Vv]ol|[Pp]art")
BARE = re.compile(r"^\W*(\d{1,4}[a-z]?|[ivxlc]{1,7})\W*$", re.IGNORECASE)
FIRST = re.compile(r"^\W*(\d{1,3})\s*[,:;–-]\s+\D")
SET = re.compile(
    r"[\s,.;:(–-]*\b(?:(?:tr[ọo]n\s+)?b[ộo]\s+(?:gồm\s+|gom\s+)?\d{1,3}\s*(?:t[ậa]p|cu[ốo]n|quy[ểe]n|t\b\.?)"
    r"|tr[ọo]n b[ộo](?:\s+\d+\s*\w+)?|\d{1,3}\s*(?:tập|cuốn|quyển|vols?\.?|volumes))\b[)\]]*",
    re.IGNORECASE,
)
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@lru_cache(maxsize=1 << 15)
def volume_number(text: str) -> str:
    """The number of a volume: "T. 2" → "2", "Quyển III" → "3", "2" → "2"; ``""`` when there is none."""
    numbers = volume_numbers(text)
    if numbers:
        return numbers[0]
    bare = BARE.match(text)
    return number_of(bare[1]) if bare else ""


def volume_numbers(text: str) -> list[str]:
    """Every numbered division a text names, outermost first: «Tập 1, phần 2» → ["1", "2"]; «3, Bí mật rừng» → ["3"]."""
    found = [value for each in VOLUME.finditer(text) if (value := number_of(next(filter(None, each.groups()))))]
    if not found and (first := FIRST.match(text)):
        return [str(int(first[1]))]
    return found


def number_of(text: str) -> str:
    """Figures of a number in figures («2», «2a», «2-3»), Roman numerals, words or a letter; ``""`` for all else."""
    text = " ".join(text.lower().split())
    if text.isascii() and text.isdigit():
        return str(int(text))
    if text in WORDS:
        return str(WORDS[text])
    if text[:1].isdigit():
        return re.sub(r"\s*[+–-]\s*", "-", text).lstrip("0")
    if len(text) == 1 and text not in ROMAN:
        return text
    total, last = 0, 0
    for letter in reversed(text):
        value = ROMAN.get(letter, 0)
        if not value:
            return ""
        total += value if value >= last else -value
        last = max(last, value)
    return str(total)


def without_set(text: str) -> tuple[str, bool]:
    """A title without «(trọn bộ 3 tập)», and whether it was there."""
    if not text or not ("bộ" in text.lower() or "bo" in text.lower() or any(letter.isdigit() for letter in text)):
        return text, False
    left = SET.sub("", text).strip()
    return (left, True) if left and left != text else (text, False)
