"""Bytes as a person can look at them: offset, hexadecimal, and the text they seem to be."""

from __future__ import annotations

from typing import NamedTuple

WIDTH = 16
SHOWN = 2_048  # bytes
SIGNS = {0x1D: "␝", 0x1E: "␞", 0x1F: "␟", 0x0A: "␊", 0x0D: "␍", 0x09: "␉", 0x00: "␀"}


class Line(NamedTuple):
    """A line of a dump: "000010", "4d 61 72 63 …", "Marc…"."""

    offset: str
    octets: str
    text: str


def dump(body: bytes, most: int = SHOWN) -> list[Line]:
    """The first bytes, 16 a line; the terminators of ISO 2709 are shown as ␞ ␟ ␝, other bytes beyond ASCII as ·."""
    parts = [body[start : start + WIDTH] for start in range(0, min(len(body), most), WIDTH)]
    return [
        Line(f"{number * WIDTH:06x}", part.hex(" "), "".join(map(_sign, part))) for number, part in enumerate(parts)
    ]


def _sign(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else SIGNS.get(byte, "·")


def text(body: bytes, most: int = SHOWN) -> str:
    """The first bytes as UTF-8, a field of ISO 2709 a line; what is none is shown as �."""
    said = body[:most].decode("utf-8", "replace").replace("\x1e", "\n").replace("\x1f", " $").replace("\r\n", "\n")
    return "".join(letter if letter.isprintable() or letter == "\n" else "·" for letter in said)
