"""Single records by GetRecord (OAI-PMH 2.0, section 4.1): given, gone, or such that the server cannot give them.

What one record lacks says nothing of the others. Only the failures of the server itself (no answer in time, a
connection cut, an HTTP error) count, and when some have come one after the other Identify tells whether it is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sickle.oaiexceptions import BadArgument, BadResumptionToken, NoRecordsMatch

from connectors.oai_partner import READ_AGAIN, Partner
from schemas.problem import Trouble
from schemas.record import RawRecord

FUTILE = 5  # failures of the server in a row, after which it is asked whether it is there
THE_SERVERS = frozenset(
    {"http_failing", "http_status", "http_cut", "http_timeout", "http_deadline", "http_unreachable", "http_no_host"}
)
OF_THE_RECORD = READ_AGAIN | {"oai_error", "http_too_long", "http_bomb", "http_encoding", "xml_doctype", "xml_too_long"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a record: given, with the sets it is in, or gone; ``why`` when the server cannot give it."""

    raw: RawRecord | None = None
    sets: tuple[str, ...] = ()
    why: str = ""


class Singles:
    """Asks a repository for single records."""

    def __init__(self, partner: Partner, prefix: str) -> None:
        self.partner = partner
        self.prefix = prefix
        self.futile = 0

    def ask(self, identifier: str) -> Answered:
        """One record; :class:`Trouble` when the server itself cannot be reached, or wants to be left alone."""
        try:
            found = self.partner.record(identifier, self.prefix)
        except (BadArgument, NoRecordsMatch, BadResumptionToken) as error:
            return Answered(why=type(error).__name__)
        except Trouble as trouble:
            code = trouble.problem.code
            if code not in THE_SERVERS | OF_THE_RECORD:
                raise
            self._count(failed=code in THE_SERVERS)
            return Answered(why=code)
        self.futile = 0
        return Answered() if found is None else Answered(found[0], tuple(found[1]))

    def _count(self, *, failed: bool) -> None:
        self.futile = self.futile + 1 if failed else 0
        if self.futile > FUTILE:
            self.partner.identify()
            self.futile = 0
