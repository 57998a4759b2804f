"""What a source file says of an SRU server, and the queries made of it (CQL, https://www.loc.gov/standards/sru/cql/)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

from pydantic import Field, field_validator

from connectors.address import split_url
from connectors.server import ServerOptions
from connectors.slices import ResultSetOptions, Slice
from connectors.sru_partner import VERSIONS
from connectors.sru_records import SCHEMAS
from schemas.problem import Trouble

EVERYTHING = "cql.allRecords=1"
SORTED = re.compile(r"""((?:"(?:[^"\\]|\\.)*"|[^"])*?)(\s+sortby\s.*)?""", re.IGNORECASE | re.DOTALL)


class Options(ServerOptions, ResultSetOptions):
    """Where the database is and what is asked of it.

    ``query`` is in CQL and finds everything unless it says otherwise. Without ``record_schema`` the source's format
    decides. ``page_size`` records are asked for at once. ``max_records`` is the most records the server gives of one
    result set, 0 when it has no such limit; a larger set is read in ``slices``. A record that two whole lists lack,
    ``confirm_after`` apart, is gone.
    """

    url: str
    version: Literal["auto", "1.1", "1.2", "2.0"] = "auto"
    query: str = Field(default=EVERYTHING, min_length=1, max_length=4000)
    record_schema: str = Field(default="", max_length=200)

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        try:
            split_url(url)
        except Trouble as trouble:
            raise ValueError(str(trouble)) from None
        return url

    @field_validator("query", "record_schema")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("it has control characters")
        return text

    def versions(self) -> tuple[str, ...]:
        """The versions to be tried, in their order."""
        return VERSIONS if self.version == "auto" else (self.version,)

    def schema_of(self, form: str) -> str:
        """The record schema to ask for; :class:`Trouble` ``sru_schema_missing`` for a format that has no usual one."""
        schema = self.record_schema or SCHEMAS.get(form, "")
        if not schema:
            raise Trouble("sru_schema_missing", format=form)
        return schema

    def query_of(self, part: Slice | None) -> str:
        """The query of a slice, or of everything; an order the query asks for stays at its end."""
        if part is None or self.slices is None:
            return self.query
        found = SORTED.fullmatch(self.query)
        query, order = (found[1], found[2] or "") if found else (self.query, "")
        index, width = self.slices.index, len(str(self.slices.last))
        within = f"({index} >= {part.first:0{width}} and {index} <= {part.last:0{width}})"
        return f"({query}) {'not' if part.rest else 'and'} {within}{order}"

    def asked(self, schema: str) -> str:
        """What is asked for, in brief: a checkpoint counts only for the same."""
        return sha256(repr((self.url, self.query, schema, self.slices)).encode()).hexdigest()[:16]
