"""Text that was read in a wrong encoding, read again: one pure function a damage.

What is valid Unicode can still be damaged: TCVN3, VNI, CP1258 or VISCII shown as Latin-1 («Khæ mÉu»), UTF-8 read as
CP1252 and encoded once more («Dáº¿ MÃ¨n»), the soft hyphen of TCVN3 (its ư) shown as − - • or lost («th− môc»,
«phơng»), Unicode that was converted from TCVN3 as if it were that («khỏc» for «khác»), VIQR («Vie^.t Nam»). Whether a
text is damaged at all is told by :mod:`schemas.readings` and :mod:`schemas.damage`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
NOT_SHOWN = re.compile("([^" + "".join(re.escape(c) for c in SHOWN) + "\x00-\x7f]+)")
_SIGN = re.compile(f"([\xad{SIGNS}])")
_SIGNED = re.compile(rf"\S*(?:\w[\xad{SIGNS}](?=\w|\s|$|[.,;:!?)\]»”\"])|(?<!\w)[\u2212\u2022](?=\w))\S*")
_PUNCTUATION = ".,;:!?()[]«»“”‘’\"'/"
_CONSONANTS = re.compile("[BCDĐGHKLMNPQRSTVXbcdđghklmnpqrstvx][ghr]h?")
_CONVERTED = str.maketrans("ỏóõộốờớỡúũừụỳự", "áãâéèêíìóòõôúù")  # what TCVN3 makes of the bytes of Latin-1, and back
_WORDS = """
    anh ánh báo bé bình bông bí bùi bút bảo cá cánh câu cân chí chính chú chúng chùa công còn có cô cùng cách
    các dân dù dùng đá đáp đã đêm đông đó giá giáo giúp hán hóa hòa hôm hùng hình khác không kháng kê kí kĩ lá
    lâm lân lãnh lên lí lòng mã mình mì môn mùa ngôn ngõ nhân nhã nhìn nhóm nên nói núi phân pháp phát phòng
    quá quân rõ sách sân sông súng sáng tác tân tâm tên thân tháng thêm thì thí thông thú tìm tính tòa toán tô
    tôi trên trí trò trông trình trái vân vì võ vòng vùng xuân xã ông ân
"""
_FREQUENT = frozenset(_WORDS.split())
_WORDS_TOO = frozenset(("dựng", "lũng", "đỏ", "cụ", "lờ", "tớ", "bộ", "hố", "tụ", "bỏ"))  # words as often as not
_WORD = re.compile(r"[^\W\d_]+")
_ALONE = re.compile(r"(?<!\S)([tsTS])-(?!\S)|(?<!\S)()-(?=u(?!\S))")  # «t- liệu», «tối -u» among Vietnamese words
_LOST = re.compile(  # rimes that exist only with ư before them, and small words without a vowel
    r"(?<![\w-])(?:(?i:[bcdđghklmnpqrstvx]{0,3}(?=[ơớờởỡợ](?:ng|c|u)\b))|(?:[bcdđhlmrstx]|tr|ch|th|nh)(?=ng(?![\w-])))"
)


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
    if not any(sign in text for sign in SIGNS):
        return text
    text = _SIGNED.sub(_with_soft_hyphen, text)
    return text if text.isascii() else _ALONE.sub("\\1\\2\xad", text)


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
        text = text if text.isascii() else _ALONE.sub("\\1\\2ư", text)
    return text if text.isascii() else _LOST.sub(_with_lost, text)


def mend_converted(text: str) -> str:
    """Unicode that was run through a converter from TCVN3: only the words that are impossible and become syllables.

    «khỏc» is mended to «khác»; «cú» may stand for «có» or for itself, and stays.
    """
    return _WORD.sub(lambda match: _converted_back(match[0]), text)


def is_converted(word: str) -> bool:
    """Whether a possible word is rather a frequent one run through a converter from TCVN3: «cú» for «có», not «từ»."""
    small = word.lower()
    return small not in _WORDS_TOO and small.translate(_CONVERTED) in _FREQUENT and small not in _FREQUENT


def _converted_back(word: str) -> str:
    back = word.translate(_CONVERTED)
    return back if back != word and not is_syllable(word) and is_syllable(back) else word


def _with_soft_hyphen(match: re.Match[str]) -> str:
    return _put(match[0], "\xad", lambda word: is_syllable(_reread(word, "tcvn3")))


def _with_horn(match: re.Match[str]) -> str:
    return _put(match[0], "ư", is_syllable)


def _put(token: str, horn: str, is_word: Callable[[str], bool]) -> str:
    """The token with ``horn`` for the signs in it where that makes a syllable: of all of it, or between two signs."""
    if not _is_worth(token):
        return token
    pieces = _SIGN.split(token)
    if is_word(horn.join(pieces[::2]).strip(_PUNCTUATION)):
        return horn.join(pieces[::2])
    if token.isascii():
        return token
    done, word = "", pieces[0]
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if word + piece and is_word((word + horn + piece).strip(_PUNCTUATION)):
            word += horn + piece
        else:
            done, word = done + word + sign, piece
    return done + word


def _is_worth(token: str) -> bool:
    """A plain hyphen within ASCII counts in a small word of several letters, or after consonants: «m-a», «Th-»."""
    small = token.islower() and sum(letter.isalpha() for letter in token) >= 2
    return not token.isascii() or small or _CONSONANTS.fullmatch(token.strip(_PUNCTUATION + SIGNS)) is not None


def _with_lost(match: re.Match[str]) -> str:
    rest = re.match(r"\w+", match.string[match.end() :])
    word = match[0] + (rest[0] if rest else "")
    made = match[0] + ("Ư" if word.isupper() else "ư")
    return made if rest and is_syllable(made + rest[0]) else match[0]


def _mend_run(match: re.Match[str]) -> str:
    try:
        return bytes(SHOWN[c] for c in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _reread(text: str, name: str) -> str:
    return unicodedata.normalize("NFC", "".join(_reread_run(run, name) for run in NOT_SHOWN.split(text) if run))


def _reread_run(run: str, name: str) -> str:
    if run.isascii() or NOT_SHOWN.fullmatch(run):
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
