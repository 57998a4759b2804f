"""Copies that libraries exchange: what each offers and wants, who gets how many, what came.

A distribution gives the exchange copies of a publication to several libraries by their shares; a library that takes
from an offer makes a share of its own. A share is received once, and has its receipt then, when it is of a publication.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import bulk
from hub.deposit import deposits
from hub.deposit.deposits import MOST_COPIES, whole
from hub.deposit.models import Offer, Publication, Share
from hub.network.models import Library
from hub.normalize.identifiers import isbn13
from schemas.problem import Trouble


def offer(library: Library, said: Mapping[str, str], *, by: str) -> Offer:
    """A library offers copies, or wants them."""
    title, isbn = " ".join(said.get("title", "").split())[:500], said.get("isbn", "").strip()
    if not title:
        raise Trouble("offer_title")
    if isbn and not isbn13(isbn):
        raise Trouble("deposit_isbn", isbn=isbn[:30])
    copies = whole(said.get("copies", "").strip(), 1, MOST_COPIES)
    with bulk.writing():
        made = Offer.objects.create(
            library=library, wanted=said.get("wanted") == "1", title=title, isbn=isbn13(isbn) if isbn else "",
            copies=copies, note=said.get("note", "").strip()[:500], at=timezone.now(), by=by,
        )  # fmt: skip
        audit.record(by, "exchange.wanted" if made.wanted else "exchange.offered", str(made.pk), library=library.pk)
    return made


def close(number: int, library: str, *, by: str) -> None:
    """A library takes its own offer or wish back."""
    with bulk.writing():
        if not Offer.objects.filter(pk=number, library=library, closed_at=None).update(closed_at=timezone.now()):
            raise Trouble("offer_closed")
        audit.record(by, "exchange.closed", str(number))


def left(one: Offer) -> int:
    """How many copies of an offer nobody has taken."""
    taken = one.shares.filter(cancelled_at=None).aggregate(n=Sum("copies", default=0))["n"]
    return max(one.copies - int(taken), 0)


def take(number: int, library: Library, copies: str, key: str, *, by: str) -> Share:
    """A library takes copies of another one's offer; the same key again is the same share."""
    count = whole(copies.strip(), 1, MOST_COPIES)
    with bulk.writing():
        known = Share.objects.filter(key=key).first()
        if known is not None:
            return known
        one = Offer.objects.filter(pk=number, wanted=False, closed_at=None).exclude(library=library).first()
        if one is None:
            raise Trouble("offer_closed")
        if count > left(one):
            raise Trouble("offer_copies", left=left(one), copies=count)
        made = Share.objects.create(offer=one, library=library, copies=count, key=key, at=timezone.now(), by=by)
        audit.record(by, "exchange.taken", str(one.pk), library=library.pk, copies=count)
    return made


def distribute(publication: Publication, shares: Mapping[str, int], key: str, *, by: str) -> list[Share]:
    """The exchange copies of a publication go to libraries, by so many each; the same key again changes nothing."""
    wanted = {code: count for code, count in shares.items() if count}
    if not wanted:
        raise Trouble("share_list")
    with bulk.writing():
        known = list(Share.objects.filter(key__startswith=f"{key}:").order_by("pk"))
        if known:
            return known
        now = timezone.now()
        made = [
            Share.objects.create(
                publication=publication, library_id=code, copies=count, key=f"{key}:{code}"[:64], at=now, by=by
            )
            for code, count in sorted(wanted.items())
        ]
        audit.record(by, "exchange.distributed", str(publication.pk), shares=wanted)
    return made


def spread(copies: int, weights: Mapping[str, int]) -> dict[str, int]:
    """So many copies by weights, the largest remainders first (then by code): nothing is left, nothing doubled."""
    whole_weight = sum(weights.values())
    if copies <= 0 or whole_weight <= 0:
        return {}
    exact = {code: copies * weight / whole_weight for code, weight in weights.items()}
    found = {code: int(value) for code, value in exact.items()}
    rest = sorted(exact, key=lambda code: (found[code] - exact[code], code))
    for code in rest[: copies - sum(found.values())]:
        found[code] += 1
    return {code: count for code, count in found.items() if count}


def receive(number: int, library: Library, came: str, condition: str, *, by: str) -> Share:
    """What came of a share; a share of a publication gets its numbered receipt."""
    count = whole(came.strip(), 0, MOST_COPIES)
    with bulk.writing():
        one = Share.objects.filter(pk=number, library=library, received_at=None, cancelled_at=None).first()
        if one is None:
            raise Trouble("share_done")
        if one.publication is not None and count:
            one.receipt = deposits.receive(one.publication, library, str(count), condition, f"share:{one.pk}", by=by)
        one.received_at, one.received_by, one.came = timezone.now(), by, count
        one.save(update_fields=["receipt", "received_at", "received_by", "came"])
        audit.record(by, "exchange.received", str(one.pk), copies=count, of=one.copies)
    return one


def cancel(number: int, *, by: str, library: str | None = None) -> None:
    """A share that has not come is taken back; ``library``: whose it must be."""
    with bulk.writing():
        rows = Share.objects.filter(pk=number, received_at=None, cancelled_at=None)
        if not (rows.filter(library=library) if library else rows).update(cancelled_at=timezone.now()):
            raise Trouble("share_done")
        audit.record(by, "exchange.cancelled", str(number))


def standing(wanted: bool) -> QuerySet[Offer]:
    """What is offered, or wanted, the newest first."""
    return Offer.objects.filter(wanted=wanted, closed_at=None).select_related("library").order_by("-pk")


def answers(library: Library) -> list[tuple[Offer, Offer]]:
    """(what a library wants, an offer of another one that has it), by ISBN or by the same title."""
    found = []
    for wish in Offer.objects.filter(library=library, wanted=True, closed_at=None).order_by("-pk")[:100]:
        same = Q(title__iexact=wish.title) | (Q(isbn=wish.isbn) if wish.isbn else Q(pk=None))
        for one in standing(False).filter(same).exclude(library=library)[:10]:
            if left(one):
                found.append((wish, one))
    return found


def shown(one: Offer) -> dict[str, Any]:
    """An offer as a page shows it."""
    return {"one": one, "left": left(one)}
