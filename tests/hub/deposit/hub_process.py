"""A hub as a process of its own that takes and sends deposits, told what to do by lines (``tests.hub.provide``)."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from typing import Any

from tests.hub.provide.hub_process import main


def library(code: str, kind: str = "public") -> str:
    from hub.network.models import Library

    Library.objects.get_or_create(code=code, defaults={"name_vi": f"Thư viện {code}", "kind": kind})
    return code


def declare(code: str, title: str, isbn: str) -> int:
    from hub.deposit import deposits
    from hub.network.models import Library

    said = {"title": title, "isbn": isbn, "release": "2026-10-15", "form": "electronic", "audience": "b"}
    return deposits.declare(Library.objects.get(pk=library(code, "publisher")), deposits.checked(said), by="Lan").pk


def bring(number: int, text: str) -> str:
    """An EPUB of a publication, kept."""
    from django.utils import timezone

    from hub.deposit import arriving, judging
    from hub.deposit.models import Publication
    from tests.hub.deposit.brought import epub

    one, body = Publication.objects.get(pk=number), epub(text=text)
    delivery = arriving.bring(one.publisher, one, "sach.epub", io.BytesIO(body), len(body), "page", by="Lan")
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    return delivery.state


def key(code: str) -> str:
    from hub.accounts import keys
    from tests.accounts_in_tests import somebody

    return keys.make(somebody("publisher", library(code)), "Hub kia", ["deposit.declare"], [code], by="Lan")[1]


def partner(code: str, url: str, secret: str) -> None:
    from hub.deposit.models import Recipient

    os.environ["HUB_KEY"] = secret
    Recipient.objects.update_or_create(library_id=library(code), defaults={"url": url, "secret": "HUB_KEY"})


def post(number: int, code: str) -> str:
    from hub.deposit import parcels
    from hub.deposit.models import Publication
    from hub.network.models import Library

    return parcels.post(Publication.objects.get(pk=number), Library.objects.get(pk=code), by="Hoa").sha256


def again() -> None:
    from hub.deposit import parcels
    from hub.deposit.models import Parcel

    for number in Parcel.objects.values_list("pk", flat=True):
        parcels.again(number, by="Hoa")


def work(hours: int = 0) -> dict[str, int]:
    """What the worker does, as if so many hours had passed for what is to be sent."""
    from django.utils import timezone

    from hub.deposit import judging, parcels

    judged = judging.judge_due(timezone.now())
    sent, waiting = parcels.send_due(timezone.now() + timedelta(hours=hours))
    return {"judged": judged, "sent": sent, "waiting": waiting}


def state() -> dict[str, Any]:
    from hub.deposit.models import Delivery, Kept, Parcel, Publication

    return {
        "publications": list(Publication.objects.order_by("pk").values_list("title", "isbn", "imprint", "level")),
        "kept": sorted(Kept.objects.values_list("sha256", flat=True)),
        "deliveries": list(Delivery.objects.order_by("pk").values_list("state", flat=True)),
        "parcels": list(Parcel.objects.order_by("pk").values_list("state", flat=True)),
    }


if __name__ == "__main__":
    main({one.__name__: one for one in (library, declare, bring, key, partner, post, again, work, state)})
