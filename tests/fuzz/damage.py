"""Damage as it happens to files: bytes that flip, go, come or double, and the signs a format is made of."""

from __future__ import annotations

from random import Random

SIGNS = (
    b"\x1d",
    b"\x1e",
    b"\x1f",
    b"\x00",
    b"\xff",
    b"\xad",
    b"<",
    b"&",
    b"]]>",
    b"<!--",
    b"\r\n",
    b"99999",
    b"\xef\xbb\xbf",
)


def damaged(data: bytes, random: Random, most: int = 4) -> bytes:
    """The data with one to ``most`` damages; never quite empty."""
    changed = bytearray(data)
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(changed)) if changed else 0
        kind = random.randrange(6)
        if kind == 0 and changed:
            changed[at] = random.randrange(256)
        elif kind == 1:
            del changed[at : at + random.randint(1, 40)]
        elif kind == 2:
            changed[at:at] = random.randbytes(random.randint(1, 6))
        elif kind == 3:
            changed[at:at] = changed[at : at + random.randint(1, 60)]
        elif kind == 4:
            changed[at:at] = random.choice(SIGNS)
        else:
            del changed[at + random.randint(0, 300) :]
    return bytes(changed) or b" "
