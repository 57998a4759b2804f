"""Durations as people write them in a source file: ``45s``, ``15m``, ``24h``, ``7d``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*([smhd])\s*")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(value: object) -> timedelta:
    """The duration a text such as ``15m`` means; raises :class:`ValueError` with what is expected."""
    if isinstance(value, timedelta):
        return value
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a duration; write a number and s, m, h or d, such as 15m or 24h")
    return timedelta(**{_UNITS[found[2]]: float(found[1])})


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
