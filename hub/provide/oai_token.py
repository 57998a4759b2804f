"""Resumption tokens: where a list goes on, signed, so that nothing in them can be changed or made up.

A token carries everything the next page needs, so it is good for any number of requests and any web process
(OAI-PMH 2.0, section 3.5, http://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import timedelta
from typing import get_type_hints

from django.core import signing

SALT = "hub.provide.oai"
LIFE = timedelta(hours=24)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """The list that was asked for and the last item given; ``given`` and ``total`` count its items.

    Times are microseconds since 1970, -1 for none; ``until`` does not belong to the list.
    """

    path: str
    verb: str
    prefix: str
    spec: str = ""
    since: int = -1
    until: int = -1
    at: int = -1
    item: int = 0
    given: int = 0
    total: int = 0

    def sign(self) -> str:
        return signing.dumps(list(astuple(self)), salt=SALT, compress=True)


TYPES = [get_type_hints(Token)[field.name] for field in fields(Token)]


def read_token(text: str, path: str, verb: str) -> Token | None:
    """The token of :meth:`Token.sign`; ``None`` when it is forged, expired, or of another repository or verb."""
    if len(text) > LONGEST:
        return None
    try:
        values = signing.loads(text, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        return None
    if not isinstance(values, list) or [type(value) for value in values] != TYPES:
        return None
    token = Token(*values)
    return token if (token.path, token.verb) == (path, verb) else None
