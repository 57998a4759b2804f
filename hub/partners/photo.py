"""A barcode in a photo, read in memory: nothing of the photo is kept, least of all where it was taken."""

from __future__ import annotations

import warnings
from typing import BinaryIO

import zxingcpp
from PIL import Image, UnidentifiedImageError

from schemas.problem import Trouble

LARGEST = 12 * 2**20  # bytes
PIXELS = 60_000_000
ENOUGH = 2_400  # pixels of the longer side: more says nothing more of a barcode
KINDS = ("JPEG", "PNG", "WEBP")


def number_in(stream: BinaryIO, size: int) -> str:
    """The ISBN (EAN-13) of the barcode in a photo; :class:`Trouble` where there is none, or it is no photo."""
    if size > LARGEST:
        raise Trouble("photo_large", limit=LARGEST // 2**20, pixels=PIXELS // 1_000_000)
    gray = _gray(stream)
    read = zxingcpp.read_barcodes(gray, formats=zxingcpp.barcode_formats_from_str("EAN13"))
    found = [barcode.text for barcode in read if barcode.text.isascii() and barcode.text.isdigit()]
    for number in sorted(found, key=lambda number: not number.startswith(("978", "979"))):
        return str(number)
    raise Trouble("photo_unreadable")


def _gray(stream: BinaryIO) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(stream, formats=KINDS)
            if picture.width * picture.height > PIXELS:
                raise Trouble("photo_large", limit=LARGEST // 2**20, pixels=PIXELS // 1_000_000)
            picture.draft("L", (ENOUGH, ENOUGH))
            gray = picture.convert("L")
            gray.thumbnail((ENOUGH, ENOUGH))
            return gray
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Trouble("photo_kind") from None
