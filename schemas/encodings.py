"""Encodings of Vietnamese library data in one place: decode, encode, tell apart, mend.

:mod:`schemas.coding` has the tables' work, :mod:`schemas.detection` tells which encoding bytes are in,
:mod:`schemas.mending` reads text again that was read wrongly, :mod:`schemas.damage` says where that is called for.
"""

from schemas.coding import NAMES, decode, encode, find
from schemas.detection import MARKS, detect, encoding_of, encoding_of_file, is_utf8, spoken_for
from schemas.mending import mend_mojibake, reread

__all__ = [
    "MARKS",
    "NAMES",
    "decode",
    "detect",
    "encode",
    "encoding_of",
    "encoding_of_file",
    "find",
    "is_utf8",
    "mend_mojibake",
    "reread",
    "spoken_for",
]
