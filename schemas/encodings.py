"""The encodings Vietnamese library data comes in, as tables, and how to tell them apart.

TCVN3 (ABC, the VN3 of TCVN 5712:1993) has capitals only for Ă Â Ê Ô Ơ Ư Đ: the others are the lower-case byte in a
font of capitals, so 60 capitals come back in lower case. Its byte AD is ư and a soft hyphen elsewhere. VNI writes the
letter and then its mark. VISCII (RFC 1456) and VN1 (TCVN 5712-1) use control bytes for some capitals: Ỵ of VISCII is
1E, the field terminator of ISO 2709. CP1258 writes the tone after the vowel, MARC-8 (ANSEL) every mark before it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise

from pymarc import marc8_mapping
from pymarc.marc8 import marc8_to_unicode

from schemas.codepages import ASCII, CP1252, SINGLE, TONES, VNI, VNI_LETTER
from schemas.problem import Trouble
from schemas.syllables import is_syllable

_ANSEL = {
    "\u0309": 0xE0,
    "\u0300": 0xE1,
    "\u0301": 0xE2,
    "\u0302": 0xE3,
    "\u0303": 0xE4,
    "\u0306": 0xE6,
    "\u0323": 0xF2,
}
_ANSEL_LETTERS = {"đ": 0xB3, "Đ": 0xA3, "ơ": 0xBC, "Ơ": 0xAC, "ư": 0xBD, "Ư": 0xAD}
_MARC8_UNKNOWN = re.compile(
    b"[^"
    + b"".join(re.escape(bytes([b])) for b in {*range(0x20, 0x80), *marc8_mapping.CODESETS[0x45]} | {*b"\r\n\t\x1b"})
    + b"]"
)
_MARC8_JOINERS = re.compile(rb"[\x88\x89\x8d\x8e]")

NAMES = ("utf-8", "utf-16", "tcvn3", "vni", "viscii", "vn1", "cp1258", "marc-8", "cp1252", "latin-1")
_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "unicode": "utf-8", "utf16": "utf-16", "utf-16-le": "utf-16",
    "utf-16-be": "utf-16", "abc": "tcvn3", "tcvn-3": "tcvn3", "vni-windows": "vni", "tcvn5712-1": "vn1",
    "windows-1258": "cp1258", "marc8": "marc-8", "ansel": "marc-8", "windows-1252": "cp1252", "latin1": "latin-1",
    "iso-8859-1": "latin-1",
}  # fmt: skip


def find(encoding: str) -> str:
    """The name of an encoding as this module says it; :class:`Trouble` ``encoding_unknown`` names the known ones."""
    name = encoding.strip().lower().replace("_", "-")
    name = _ALIASES.get(name, name)
    if name not in NAMES:
        raise Trouble("encoding_unknown", name=encoding, known=", ".join(NAMES))
    return name


def decode(data: bytes, encoding: str) -> str:
    """The text of ``data``, NFC, without a byte order mark.

    A byte that the encoding does not know is :class:`Trouble` ``encoding_broken`` with its offset.
    """
    name = find(encoding)
    try:
        text = _decoder(name)(data)
    except UnicodeError as error:
        offset = getattr(error, "start", 0)
        raise Trouble("encoding_broken", name=name, offset=offset, byte=f"{data[offset : offset + 1].hex()}") from None
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff"))


def encode(text: str, encoding: str) -> bytes:
    """The bytes of ``text``; a letter without a place in the encoding is :class:`Trouble` ``encoding_unfit``.

    The capitals that TCVN3 lacks become its lower-case bytes, as its fonts of capitals have it.
    """
    name = find(encoding)
    text = unicodedata.normalize("NFC", text)
    if name in ("utf-8", "utf-16", "latin-1", "cp1252") or (text.isascii() and name not in SINGLE):
        return _plain_encode(text, name)
    table = _encoding_table(name)
    out = bytearray()
    for letter in text:
        code = table.get(letter) or _compose(letter, name)
        if code is None:
            raise Trouble("encoding_unfit", name=name, letter=letter)
        out += code
    return bytes(out)


def reread(text: str, encoding: str) -> str:
    """Text whose bytes were shown as CP1252 (a TCVN3 or VNI font in a spreadsheet), read by its true encoding.

    Letters outside CP1252 stay; the signs that stand for the lost soft hyphen of TCVN3 inside a word are ư.
    """
    if find(encoding) == "tcvn3":
        text = re.sub(r"(?<=\w)[\u2212\u2022\u2011](?=\w|\s)|\B[\u2212\u2022](?=\w)", "\xad", text)
    return "".join(_reread_run(run, encoding) for run in _CP1252_RUN.split(text) if run)


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


def detect(samples: Iterable[bytes]) -> tuple[str, dict[str, object]]:
    """The encoding of a source from samples of its bytes, and what spoke for it.

    A byte order mark decides, then strict UTF-8. Else each legacy encoding is scored by the share of words beyond ASCII
    that can be Vietnamese syllables. It is taken at 0.80 or more, 0.10 before the next that reads differently, and
    with 3 such words or more; otherwise the answer is ``unknown``.
    """
    pieces = [bytes(sample) for sample in samples]
    data = b"\n".join(pieces)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", {"rule": "byte order mark"}
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", {"rule": "byte order mark"}
    if data.isascii():
        return "utf-8", {"rule": "ascii"}
    if all(_is_utf8(piece) for piece in pieces):
        return "utf-8", {"rule": "strict utf-8"}
    return _by_syllables(re.sub(rb"[\x1d-\x1f]", b" ", data))


# --- decoding and encoding ------------------------------------------------------------------------------------------


def _decoder(name: str) -> Callable[[bytes], str]:
    if name in SINGLE:
        return lambda data: _single(data, name)
    if name == "vni":
        return _vni
    return _marc8 if name == "marc-8" else lambda data: data.decode(name)


def _single(data: bytes, name: str) -> str:
    table = SINGLE[name]
    try:
        return "".join([table[byte] for byte in data])
    except KeyError as error:
        at = data.index(error.args[0])
        raise UnicodeDecodeError(name, data, at, at + 1, "unknown byte") from None


def _vni(data: bytes) -> str:
    out, at = [], 0
    for match in VNI_LETTER.finditer(data):
        out += [_rest_of_vni(data, at, match.start()), VNI[match[0]]]
        at = match.end()
    return "".join([*out, _rest_of_vni(data, at, len(data))])


def _rest_of_vni(data: bytes, start: int, end: int) -> str:
    try:
        return data[start:end].decode("cp1252")
    except UnicodeDecodeError as error:
        at = start + error.start
        raise UnicodeDecodeError("vni", data, at, at + 1, "unknown byte") from None


def _marc8(data: bytes) -> str:
    data = _MARC8_JOINERS.sub(b"", data)
    if b"\x1b" not in data and (unknown := _MARC8_UNKNOWN.search(data)):
        raise UnicodeDecodeError("marc-8", data, unknown.start(), unknown.end(), "unknown byte")
    if data and data[-1] >= 0xE0:
        raise UnicodeDecodeError("marc-8", data, len(data) - 1, len(data), "a mark without its letter")
    lines = re.split(rb"([\r\n\t])", data)
    try:
        return "".join(
            line.decode() if line in (b"\r", b"\n", b"\t") else str(marc8_to_unicode(line, hide_utf8_warnings=True))
            for line in lines
        )
    except UnicodeDecodeError:
        raise
    except (ValueError, IndexError, KeyError, TypeError):
        raise UnicodeDecodeError("marc-8", data, 0, 1, "broken escape sequence") from None


def _plain_encode(text: str, name: str) -> bytes:
    try:
        return text.encode("ascii" if name in ("vni", "cp1258", "marc-8") else name)
    except UnicodeEncodeError as error:
        raise Trouble("encoding_unfit", name=name, letter=text[error.start]) from None


@cache
def _encoding_table(name: str) -> dict[str, bytes]:
    if name == "vni":
        plain = ASCII | {b: c for b, c in CP1252.items() if b < 0xC0}
        table = {c: bytes([b]) for b, c in plain.items()}
        for code, letter in sorted(VNI.items(), key=lambda item: -len(item[0])):
            if all((b >= 0xE0 or 0x61 <= b < 0x80) == letter.islower() for b in code):
                table[letter] = code
        return table
    if name in SINGLE:
        table = {c: bytes([b]) for b, c in SINGLE[name].items()}
        if name == "tcvn3":
            table = {c.upper(): b for c, b in table.items() if c.upper() not in table and len(c.upper()) == 1} | table
        return table
    if name == "marc-8":
        return {c: bytes([b]) for b, c in ASCII.items()} | {c: bytes([b]) for c, b in _ANSEL_LETTERS.items()}
    return {c: bytes([b]) for b in range(256) if (c := bytes([b]).decode("cp1258", "ignore"))}


def _compose(letter: str, name: str) -> bytes | None:
    """A letter that CP1258 or MARC-8 writes as a letter and its marks."""
    marks = unicodedata.normalize("NFD", letter)
    table = _encoding_table(name)
    base = unicodedata.normalize("NFC", "".join(c for c in marks if c not in TONES))
    tones = "".join(c for c in marks if c in TONES)
    if name == "cp1258" and base in table:
        return table[base] + b"".join(table[tone] for tone in tones)
    if name != "marc-8":
        return None
    base = unicodedata.normalize("NFC", "".join(c for c in marks if c not in _ANSEL))
    shapes = [c for c in marks if c in _ANSEL]
    return bytes(_ANSEL[c] for c in shapes) + table[base] if base in table and shapes else None


# --- double encoding ------------------------------------------------------------------------------------------------

_SHOWN = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(128, 256)} | {
    chr(b): b for b in range(128, 256)
}


def _class(low: int, high: int) -> str:
    return "[" + "".join(re.escape(c) for c, b in _SHOWN.items() if low <= b <= high) + "]"


_LEADS = re.compile(_class(0xC2, 0xF4))
_NEXT = _class(0x80, 0xBF)
_DOUBLE = re.compile(f"{_class(0xC2, 0xDF)}{_NEXT}|{_class(0xE0, 0xEF)}{_NEXT}{{2}}|{_class(0xF0, 0xF4)}{_NEXT}{{3}}")
_CP1252_RUN = re.compile("([^" + "".join(re.escape(c) for c in _SHOWN) + "\x00-\x7f]+)")


def _mend_run(match: re.Match[str]) -> str:
    try:
        return bytes(_SHOWN[c] for c in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _reread_run(run: str, encoding: str) -> str:
    if _CP1252_RUN.fullmatch(run):
        return run
    return decode(bytes(_SHOWN.get(c, ord(c)) for c in run), encoding)


# --- detection ------------------------------------------------------------------------------------------------------

_CANDIDATES = ("tcvn3", "vni", "cp1258", "viscii", "vn1", "marc-8")
_FAMILY = ("tcvn3", "vn1")  # the same small letters; VN1 where its capitals make more words
_ACCEPT, _MARGIN, _WORDS = 0.80, 0.10, 3
_RUN = re.compile(r"[A-Za-z\x80-\U0010ffff]+")
_EDGES = "«»“”‘’–—…·•€°©®\xa0\xad,;:"


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _lenient(data: bytes, name: str) -> str:
    """The text with U+FFFD where the encoding knows no letter."""
    if name in SINGLE:
        text = "".join([SINGLE[name].get(byte, "\ufffd") for byte in data])
    elif name == "vni":
        text = _vni(data.translate(None, b"\x81\x8d\x8f\x90\x9d"))
    elif name == "marc-8":
        data = re.sub(rb"[\r\n\t\x1b]", b" ", data)
        text = str(marc8_to_unicode(_MARC8_UNKNOWN.sub(b"?", data).rstrip(bytes(range(0xE0, 0x100))), True))
    else:
        text = data.decode(name, "replace")
    return unicodedata.normalize("NFC", text)


def _by_syllables(data: bytes) -> tuple[str, dict[str, object]]:
    data = data[: 2**18]
    read = {name: _words(_lenient(data, name)) for name in _CANDIDATES}
    scores = {name: sum(map(_plausible, words)) / len(words) if words else 0.0 for name, words in read.items()}
    best = max(_CANDIDATES, key=lambda name: scores[name])
    if best in _FAMILY:
        best = max(_FAMILY, key=lambda name: sum(map(_plausible, read[name])))
    rivals = [scores[name] for name in _CANDIDATES if name != best and not (name in _FAMILY and best in _FAMILY)]
    margin = scores[best] - max(rivals, default=0.0)
    evidence: dict[str, object] = {"rule": "syllables", "words": len(read[best]), "margin": round(margin, 3)}
    evidence["scores"] = {name: round(score, 3) for name, score in scores.items()}
    taken = scores[best] >= _ACCEPT and margin >= _MARGIN and len(read[best]) >= _WORDS
    return (best if taken else "unknown"), evidence


def _words(text: str) -> list[str]:
    """The words with a letter beyond ASCII; what an encoding leaves unread stays part of its word."""
    words = (word.strip(_EDGES) for word in _RUN.findall(text))
    return [word for word in words if word and not word.isascii()]


def _plausible(word: str) -> bool:
    """A possible syllable without a capital beyond ASCII after a small letter: «hỌc» is a wrong reading."""
    odd = any(b.isupper() and not b.isascii() and a.islower() for a, b in pairwise(word))
    return not odd and is_syllable(word)
