"""Old and damaged encodings, and the binary record they travel in."""

from __future__ import annotations

from tests.sample_network.marc import Field

LETTERS = "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"
TCVN3 = bytes.fromhex(
    "B8 B5 B6 B7 B9 A8 BE BB BC BD C6 A9 CA C7 C8 C9 CB D0 CC CE CF D1 AA D5 D2 D3 D4 D6 DD D7 D8 DC DE"
    "E3 DF E1 E2 E4 AB E8 E5 E6 E7 E9 AC ED EA EB EC EE F3 EF F1 F2 F4 AD F8 F5 F6 F7 F9 FD FA FB FC FE AE"
)
CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", bytes.fromhex("A1 A2 A3 A4 A5 A6 A7"), strict=True))
CODES = dict(zip(LETTERS, TCVN3, strict=True)) | CAPITALS
FIELD_END, RECORD_END, DELIMITER = b"\x1e", b"\x1d", b"\x1f"


def tcvn3(text: str) -> bytes:
    """``text`` in TCVN 5712:1993 VN3 (ABC); capitals with a tone have no code and become small letters."""
    coded = bytearray()
    for letter in text:
        if letter < "\x80":
            coded.append(ord(letter))
        else:
            coded.append(CODES[letter] if letter in CODES else CODES[letter.lower()])
    return bytes(coded)


def mojibake(text: str) -> str:
    """``text`` in UTF-8 as a program shows it that takes it for Windows-1252: ``Dáº¿ MÃ¨n``."""
    shown = []
    for byte in text.encode():
        try:
            shown.append(bytes([byte]).decode("cp1252"))
        except UnicodeDecodeError:
            shown.append(chr(byte))
    return "".join(shown)


def iso2709(record: tuple[str, list[Field]]) -> bytes:
    """The record in ISO 2709 with TCVN3 bytes (MARC 21 Specifications for Record Structure)."""
    leader, fields = record
    directory, data = b"", b""
    for tag, indicators, parts in fields:
        content = tcvn3(indicators) + b"".join(DELIMITER + tcvn3(code + value) for code, value in parts) + FIELD_END
        directory += f"{tag}{len(content):04d}{len(data):05d}".encode()
        data += content
    base = 24 + len(directory) + 1
    length = base + len(data) + 1
    start = f"{length:05d}{leader[5:12]}{base:05d}{leader[17:]}".encode()
    return start + directory + FIELD_END + data + RECORD_END


def with_bad_directory(record: bytes) -> bytes:
    """The record with a digit lost from its directory: no entry after it is where it should be."""
    return record[:29] + record[30:]
