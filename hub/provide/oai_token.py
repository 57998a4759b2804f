"""Resumption tokens: where a list goes on, signed, so that nothing in them can be changed or made up.

A token carries everything the next page needs, so it is good for any number of requests and any web process
(OAI-PMH 2.0, section 3.5, http://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from django.core import signing

SALT = "hub.provide.oai"
LIFE = timedelta(hours=24)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """The list that was asked for and the last record given; ``given`` and ``total`` count its records.

    Moments are ISO 8601 text, ``""`` for none. ``until`` does not belong to the list.
    """

    verb: str
    prefix: str
    library: str = ""
    since: str = ""
    until: str = ""
    datestamp: str = ""
    number: int = 0
    given: int = 0
    total: int = 0

    def sign(self) -> str:
        return signing.dumps(list(astuple(self)), salt=SALT, compress=True)


def read_token(text: str, verb: str) -> Token | None:
    """The token of :meth:`Token.sign` for this verb, or ``None`` when it is forged, expired or of another verb."""
    if len(text) > LONGEST:
        return None
    try:
        token = Token(*signing.loads(text, salt=SALT, max_age=LIFE))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return token if token.verb == verb else None


def moment(text: str) -> datetime | None:
    """A moment of a token."""
    return datetime.fromisoformat(text) if text else None
