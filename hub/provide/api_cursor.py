"""Where a list of the API goes on: signed, so that nothing in it can be changed or made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing

from hub.provide.api_problems import Refused

SALT = "hub.provide.api"
LIFE = timedelta(days=30)  # a program may come back for changes long after
Part = int | str


def sign(kind: str, *parts: Part) -> str:
    """The cursor of a list behind its last item."""
    return signing.dumps([kind, *parts], salt=SALT)


def read(cursor: str, kind: str, types: Sequence[type]) -> list[Part]:
    """The parts of :func:`sign`; :class:`Refused` (400) for a cursor that is forged, too old or of another list."""
    try:
        values = signing.loads(cursor, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        raise Refused(400, "api_cursor") from None
    if not isinstance(values, list) or values[:1] != [kind] or [type(value) for value in values[1:]] != [*types]:
        raise Refused(400, "api_cursor")
    return values[1:]
