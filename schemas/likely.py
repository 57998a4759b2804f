"""The encoding a single record is probably in: a suggestion for a person, never a decision.

:func:`schemas.encodings.detect` decides for a whole source and wants a margin. One record has few words, so here the
best reading is enough, when it is plainly Vietnamese and no other is as good.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from schemas import encodings

PLAIN = 0.80  # share of words that must be Vietnamese syllables
FAMILY = ("tcvn3", "vn1")  # they share their small letters
STRAY = re.compile("[\udc80-\udcff]+")
BEYOND = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
FEW = 3  # stray bytes that may be all there is beyond ASCII


def likely(samples: Sequence[bytes]) -> str:
    """The name of an encoding; ``western`` when some bytes are letters of CP1252 in what else is UTF-8; ``unknown``."""
    found, evidence = encodings.detect(samples)
    if found != "unknown":
        return found
    scores = cast(dict[str, float], evidence.get("scores", {}))
    best = max(scores, key=lambda name: scores[name], default="")
    if best and scores[best] >= PLAIN:
        rivals = [score for name, score in scores.items() if name != best and not {name, best} <= set(FAMILY)]
        return best if scores[best] > max(rivals, default=0.0) else "unknown"
    text = b" ".join(samples).decode("utf-8", "surrogateescape")
    strays = sum(len(run) for run in STRAY.findall(text))
    return "western" if strays and (strays <= FEW or strays < len(BEYOND.findall(text))) else "unknown"


def western(data: bytes) -> bytes:
    """UTF-8 with the bytes that are none of it read as letters of CP1252."""
    text = data.decode("utf-8", "surrogateescape")
    return STRAY.sub(lambda m: m[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text).encode()
