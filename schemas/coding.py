"""Bytes to text and back in the encodings Vietnamese library data comes in.

TCVN3 (ABC, the VN3 of TCVN 5712:1993) has capitals only for Ă Â Ê Ô Ơ Ư Đ: the others are the lower-case byte in a
font of capitals, so 60 capitals cannot come back by themselves. Two habits give them back: a word whose ASCII letters
are all capitals is one of capitals («NGUYÔN» is NGUYỄN), and some converters write the plain capital before the letter
(«A¸» is Á). Its byte AD is ư and a soft hyphen elsewhere. VNI writes the letter and then its mark. VISCII (RFC 1456)
and VN1 (TCVN 5712-1) use control bytes for some capitals: Ỵ of VISCII is 1E, the field terminator of ISO 2709. CP1258
writes the tone after the vowel, MARC-8 (ANSEL) and ISO 5426 (UNIMARC) every mark before its letter. VIQR is ASCII: see
:mod:`schemas.viqr`. CP1252, CP1250 and CP1251 are those of the west, the middle and the east of Europe.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from pymarc import marc8_mapping
from pymarc.marc8 import marc8_to_unicode

from schemas import viqr
from schemas.codepages import ASCII, CP1252, DOUBLED, ISO5426, SINGLE, TONES, VNI, VNI_LETTER
from schemas.problem import Trouble

NAMES = (
    "utf-8", "utf-16", "tcvn3", "vni", "viscii", "vn1", "viqr", "cp1258", "marc-8", "iso-5426", "cp1252", "latin-1",
    "cp1250", "cp1251",
)  # fmt: skip
_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "unicode": "utf-8", "utf16": "utf-16", "utf-16-le": "utf-16",
    "utf-16-be": "utf-16", "abc": "tcvn3", "tcvn-3": "tcvn3", "vni-windows": "vni", "tcvn5712-1": "vn1",
    "windows-1258": "cp1258", "marc8": "marc-8", "ansel": "marc-8", "windows-1252": "cp1252", "latin1": "latin-1",
    "iso-8859-1": "latin-1", "iso5426": "iso-5426", "windows-1250": "cp1250", "windows-1251": "cp1251",
}  # fmt: skip
_PLAIN = ("utf-8", "utf-16", "latin-1", "cp1252", "cp1250", "cp1251")
_ANSEL: dict[int, tuple[int, int]] = marc8_mapping.CODESETS[0x45]  # byte → (code point, whether it is a mark)
_MARC8_UNKNOWN = re.compile(
    b"[^" + b"".join(re.escape(bytes([b])) for b in {*range(0x20, 0x80), *_ANSEL, *b"\r\n\t\x1b"}) + b"]"
)
_MARC8_JOINERS = re.compile(rb"[\x88\x89\x8d\x8e]")
_MARC8_LOOSE = re.compile(rb"[\xe0-\xfe]+(?=[^A-Za-z\xa1-\xc8\xe0-\xfe]|\Z)")  # marks without a letter after them
_5426_UNKNOWN = re.compile(b"[^" + b"".join(re.escape(bytes([b])) for b in ISO5426) + b"]")
_5426_MARKED = re.compile(rb"([\xc0-\xdf]+)([^\x00-\x20\x80-\x9f\xc0-\xdf]?)")
_MARKED = ("marc-8", "iso-5426")
_CAPITALS = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]*[A-Z][^\W\d_]*")


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


def lenient(data: bytes, name: str) -> str:
    """The text of ``data``, NFC, with U+FFFD where the encoding knows no letter."""
    if name in SINGLE:
        text = "".join([SINGLE[name].get(byte, "\ufffd") for byte in data])
        text = restore_capitals(text) if name == "tcvn3" else text
    elif name == "vni":
        text = _vni(data.translate(None, b"\x81\x8d\x8f\x90\x9d"))
    elif name == "marc-8":
        data = re.sub(rb"[\r\n\t\x1b]", b" ", data)
        text = str(marc8_to_unicode(_MARC8_UNKNOWN.sub(b"?", data).rstrip(bytes(range(0xE0, 0x100))), True))
    elif name == "iso-5426":
        text = _iso5426(_5426_UNKNOWN.sub(b"?", data))
    else:
        text = data.decode(name, "replace")
    return unicodedata.normalize("NFC", text)


def is_clean(data: bytes, name: str) -> bool:
    """Whether every byte has a place in MARC-8 or ISO 5426 and every mark a letter after it.

    What has escape sequences is MARC-8.
    """
    if name == "iso-5426":
        return not _5426_UNKNOWN.search(data) and all(match[2].isalpha() for match in _5426_MARKED.finditer(data))
    return b"\x1b" in data or not (_MARC8_UNKNOWN.search(data) or _MARC8_LOOSE.search(data))


def encode(text: str, encoding: str) -> bytes:
    """The bytes of ``text``; a letter without a place in the encoding is :class:`Trouble` ``encoding_unfit``.

    The capitals that TCVN3 lacks become its lower-case bytes, as its fonts of capitals have it.
    """
    name = find(encoding)
    text = unicodedata.normalize("NFC", text)
    if name == "viqr":
        return _viqr(text)
    if name in _PLAIN or (text.isascii() and name not in SINGLE):
        return _plain_encode(text, name)
    table = _encoding_table(name)
    out = bytearray()
    for letter in text:
        code = table.get(letter) or _compose(letter, name)
        if code is None:
            raise Trouble("encoding_unfit", name=name, letter=letter)
        if name in _MARKED and out and unicodedata.combining(letter):
            out[-1:] = code + out[-1:]  # a mark that composes with nothing stands before its letter all the same
        else:
            out += code
    return bytes(out)


# --- decoding -------------------------------------------------------------------------------------------------------


def _decoder(name: str) -> Callable[[bytes], str]:
    if name in SINGLE:
        return lambda data: _single(data, name)
    if name == "viqr":
        return _viqr_text
    if name == "vni":
        return _vni
    if name == "iso-5426":
        return _strict_iso5426
    return _marc8 if name == "marc-8" else lambda data: data.decode(name)


def _viqr_text(data: bytes) -> str:
    """VIQR is ASCII; typographic signs among it are those of CP1252."""
    try:
        return viqr.decode(data.decode())
    except UnicodeDecodeError:
        return viqr.decode(data.decode("cp1252"))


def _single(data: bytes, name: str) -> str:
    table = SINGLE[name]
    try:
        text = "".join([table[byte] for byte in data])
    except KeyError as error:
        at = data.index(error.args[0])
        raise UnicodeDecodeError(name, data, at, at + 1, "unknown byte") from None
    return restore_capitals(text) if name == "tcvn3" else text


def restore_capitals(text: str) -> str:
    """Capitals that TCVN3 writes as small letters, where the word says that they are capitals."""
    if text.isascii():
        return text
    text = DOUBLED.sub(lambda match: match[1].upper(), text)
    return _CAPITALS.sub(lambda match: match[0] if _has_small(match[0]) else match[0].upper(), text)


def _has_small(word: str) -> bool:
    return any("a" <= letter <= "z" for letter in word)


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


def _strict_iso5426(data: bytes) -> str:
    if unknown := _5426_UNKNOWN.search(data):
        raise UnicodeDecodeError("iso-5426", data, unknown.start(), unknown.end(), "unknown byte")
    loose = next((match for match in _5426_MARKED.finditer(data) if not match[2]), None)
    if loose:
        raise UnicodeDecodeError("iso-5426", data, loose.start(), loose.end(), "a mark without its letter")
    return _iso5426(data)


def _iso5426(data: bytes) -> str:
    """The marks of each letter put behind it."""
    moved = _5426_MARKED.sub(lambda match: match[2] + match[1], data)
    return "".join([ISO5426[byte] for byte in moved])


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


# --- encoding -------------------------------------------------------------------------------------------------------


def _plain_encode(text: str, name: str) -> bytes:
    try:
        return text.encode("ascii" if name in ("vni", "cp1258", "marc-8", "iso-5426") else name)
    except UnicodeEncodeError as error:
        raise Trouble("encoding_unfit", name=name, letter=text[error.start]) from None


def _viqr(text: str) -> bytes:
    made = viqr.encode(text)
    if made is None:
        raise Trouble("encoding_unfit", name="viqr", letter=next((c for c in text if not c.isascii()), text[:1]))
    return made.encode("ascii")


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
        return {c: bytes([b]) for b, c in ASCII.items()} | {
            chr(c): bytes([b]) for b, (c, _) in _ANSEL.items() if b > 0xA0
        }
    if name == "iso-5426":
        return {c: bytes([b]) for b, c in reversed(ISO5426.items())}
    return {c: bytes([b]) for b in range(256) if (c := bytes([b]).decode("cp1258", "ignore"))}


def _compose(letter: str, name: str) -> bytes | None:
    """A letter that CP1258, MARC-8 or ISO 5426 writes as a letter and its marks."""
    marks = unicodedata.normalize("NFD", letter)
    table = _encoding_table(name)
    base = unicodedata.normalize("NFC", "".join(c for c in marks if c not in TONES))
    tones = "".join(c for c in marks if c in TONES)
    if name == "cp1258" and base in table:
        return table[base] + b"".join(table[tone] for tone in tones)
    if name not in ("marc-8", "iso-5426"):
        return None
    shapes = [c for c in marks[1:] if c in table]  # ơ and ư are letters of ANSEL, so the horn is no mark of it
    base = unicodedata.normalize("NFC", "".join(c for c in marks if c not in shapes))
    return b"".join(table[c] for c in shapes) + table[base] if base in table and shapes else None
