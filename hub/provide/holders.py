"""Who has a union record, as a reader may see it: a library that is somebody's home is not named."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hub.accounts.access import reader_of
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.models import Holding
from hub.custody import custody
from hub.custody.models import Copy
from hub.network.shown import hidden
from hub.normalize.collections import collection

ELSEWHERE_SHOWN = 20
ELSEWHERE = ""  # the code of a library that is not named


def unseen(request: HttpRequest) -> frozenset[str]:
    """The codes of libraries that this reader may not see as holders."""
    reader, codes = reader_of(request), hidden()
    return frozenset(code for code in codes if not reader.may(Permission.LIBRARY_SEE, code)) if codes else codes


@dataclass(frozen=True, slots=True)
class Holder:
    """Copies of a union record at a place; ``code`` is empty where the library is not named."""

    code: str
    name: str
    location: str = ""
    call_number: str = ""
    copies: int | None = None  # None: the library says nothing of copies
    status: str = ""  # hub.normalize.holdings.Held.status
    collection: str = ""  # hub.normalize.collections


def holders(content: reads.UnionContent, away: frozenset[str]) -> list[Holder]:
    """Every place that has the record: with copies by library, then libraries that say nothing of copies."""
    rows = list(reads.holdings(content.id))
    found = [_holder(row) for row in rows if row.library_id not in away]
    kept = [row.copies for row in rows if row.library_id in away]
    if kept:
        found.append(Holder(ELSEWHERE, unnamed(), copies=sum(kept)))
    having = {row.library_id for row in rows}
    silent = {member.library: member.library_name for member in content.members if member.library not in having}
    named = sorted((name, code) for code, name in silent.items() if code not in away)
    found += [Holder(code, name) for name, code in named]
    if not kept and silent.keys() & away:
        found.append(Holder(ELSEWHERE, unnamed()))
    return found


def _holder(row: Holding) -> Holder:
    kind = collection((row.location, row.call_number, row.accessions))
    return Holder(row.library_id, row.library.name_vi, row.location, row.call_number, row.copies, row.status, kind)


def elsewhere(union: int, away: frozenset[str]) -> list[Copy]:
    """The copies of a union record that are not at home now, as far as both libraries may be named."""
    found = custody.where([union]).order_by("library__name_vi", "accession")[:ELSEWHERE_SHOWN]
    return [one for one in found if not away & {one.library_id, one.custodian_id}]


def unnamed() -> str:
    """What a library is called that is not named."""
    return _("a private collection")


def as_seen(content: reads.UnionContent, away: frozenset[str]) -> reads.UnionContent:
    """The record without the names of libraries that are not to be named, and their own numbers and sources."""
    if not away.intersection(content.libraries):
        return content
    members = [
        replace(one, identifier="", source="", library=ELSEWHERE, library_name=unnamed())
        if one.library in away
        else one
        for one in content.members
    ]
    return replace(content, members=members)


def going_out(content: reads.UnionContent, away: frozenset[str]) -> reads.UnionContent:
    """The record as it is exported: libraries that are not to be named are not in it at all."""
    return replace(content, members=[member for member in content.members if member.library not in away])
