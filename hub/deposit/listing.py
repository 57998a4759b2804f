"""What is declared, as records of the union catalog: a source of each publisher like any other.

So a publication that is announced in the publisher's feed, declared here and held by libraries becomes one cluster, and
every output has it: search, OAI-PMH (its set ``deposit``), SRU, dumps. On any level but ``public`` there is no record
at all, and where there was one, a deletion.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hub.catalog.selections import DEPOSIT
from hub.deposit.access import Access, Reader
from hub.deposit.models import Kept, Publication
from hub.deposit.shelf import files_of
from hub.stages import single
from hub.stages.report import storing
from schemas.content_type import MEDIA
from schemas.marcxml import to_marcxml
from schemas.record import RawRecord, Record, data_field
from schemas.table_marc import to_marc

TRUST = 60  # a publisher knows its book; a library has it in hand
A_ROUND = 1_000
HUB = "lienthong"


def access_of(publication: Publication) -> Access:
    """Who may know and read it."""
    one = publication
    return Access(one.level, one.embargo, one.room, one.free, one.lawful, one.usable)


def follow(now: datetime) -> int:
    """Bring the records of what was declared or changed up to date; of how many publications."""
    day = timezone.localdate(now)
    due = Publication.objects.filter(list_on__lte=day).select_related("publisher").order_by("publisher", "pk")
    rows = list(due[:A_ROUND])
    for _, group in groupby(rows, key=lambda one: one.publisher_id):
        _say(list(group), day)
    return len(rows)


def _say(publications: Sequence[Publication], day: date) -> None:
    with storing():
        source = single.keep_source(publications[0].publisher, DEPOSIT, "marcxml", TRUST, by=HUB)
        single.store(source, lambda: [_arrived(one, day) for one in publications])
    for one in publications:
        again = one.embargo if one.embargo and one.embargo > day else None
        Publication.objects.filter(Q(list_on__lte=day), pk=one.pk).update(list_on=again)


def _arrived(publication: Publication, day: date) -> RawRecord:
    identifier = str(publication.pk)
    place = f"deposit {identifier}"
    if publication.content != "open" or not access_of(publication).is_known():
        return RawRecord(identifier, b"", place, deleted=True)
    return RawRecord(identifier, to_marcxml(record_of(publication, day)).encode(), place)


def record_of(publication: Publication, day: date) -> Record:
    """The publication in MARC 21: what was declared, its terms (540), its files that everybody may read (856)."""
    one = publication
    said = {
        "title": one.title,
        "author": one.author,
        "isbn": one.isbn,
        "publisher": one.imprint or one.publisher.name_vi,
    }
    said |= {"year": str(one.release.year), "type": "sách điện tử" if one.form == "electronic" else ""}
    base = to_marc(str(one.pk), [{name: text for name, text in said.items() if text}])
    fields = [
        (tag, _for(content, one.audience) if tag == "008" else content) for tag, content in base.fields if tag != "852"
    ]
    access = access_of(one)
    if access.is_open and one.terms:
        fields.append(data_field("540", "  ", [("u", one.terms)]))
    if access.may_read(Reader.ANYBODY, day):
        fields += [
            data_field("856", "40", [("u", address_of(kept)), ("q", MEDIA.get(kept.format, ""))])
            for kept in files_of(one).filter(lost_at=None)
        ]
    return Record(base.leader, tuple(sorted(fields, key=lambda field: field[0])))


def _for(fixed: str, audience: str) -> str:
    """The 008 with the audience (position 22)."""
    return fixed[:22] + audience + fixed[23:] if audience and len(fixed) == 40 else fixed


def address_of(kept: Kept) -> str:
    """Where a file can be had."""
    ending = f".{kept.format}" if kept.format in MEDIA else ""
    return settings.BASE_URL.rstrip("/") + reverse("deposit-file", args=[kept.sha256 + ending])
