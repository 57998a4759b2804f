"""Legal deposit as the sample network has it: a publisher's declarations, an open e-book, exchange copies."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from django.utils import timezone

from flows.sample_book import epub
from hub.deposit import arriving, deposits, exchange, judging, listing
from hub.deposit.models import Publication
from hub.network.models import Library

BY, PUBLISHER = "lienthong demo", "NXB-MAU"
TEXT = (
    "Buổi sáng, thuyền về bến. Tí đếm từng giỏ cá, đếm đến giỏ thứ mười thì quên mất mình đang đếm, "
    "vì trên mũi thuyền có một quyển sách ướt đang phơi nắng."
)
DECLARED = (  # title, author, ISBN, form, days to its release, print run, audience
    ("Bến cá buổi sáng", "Nhóm biên soạn mẫu", "978-604-0-99701-2", "electronic", -40, "", "b"),
    ("Bến cá buổi sáng", "Nhóm biên soạn mẫu", "978-604-0-99702-9", "print", -60, "1000", "b"),
    ("Đèn biển Long Châu kể chuyện", "Nhóm biên soạn mẫu", "978-604-0-99703-6", "print", 12, "500", "c"),
    ("Chữ nổi cho em", "Nhóm biên soạn mẫu", "978-604-0-99704-3", "print", -2, "200", "j"),
)


def set_going(now: datetime, libraries: list[str]) -> None:
    """Declare, send the e-book, open it, share the exchange copies; nothing where it was done before."""
    if Publication.objects.exists():
        return
    values = {"name_vi": "Nhà xuất bản Mẫu", "name_en": "Sample Publishing House", "kind": "publisher"}
    publisher, _ = Library.objects.get_or_create(code=PUBLISHER, defaults=values)
    made = [_declared(publisher, now, *one) for one in DECLARED]
    book = epub(made[0].title, made[0].author, made[0].isbn, TEXT)
    arriving.bring(publisher, made[0], "ben-ca-buoi-sang.epub", io.BytesIO(book), len(book), "page", by=BY)
    judging.judge_due(now)
    terms = "https://creativecommons.org/licenses/by/4.0/"
    deposits.settle(made[0], {"level": "public", "free": "1", "lawful": "1", "usable": "1", "terms": terms}, by=BY)
    listing.follow(now)
    exchange.distribute(made[1], exchange.spread(10, dict.fromkeys(libraries, 1)), "d:mau", by=BY)
    first = Library.objects.filter(pk__in=libraries).order_by("code").first()
    if first is not None:
        exchange.offer(first, {"title": "Truyện đọc lớp 1", "copies": "5", "note": "còn mới"}, by=BY)


def _declared(
    publisher: Library, now: datetime, title: str, author: str, isbn: str, form: str, days: int, run: str, audience: str
) -> Publication:
    said = {"title": title, "author": author, "isbn": isbn, "form": form, "run": run, "audience": audience}
    said["release"] = (timezone.localdate(now) + timedelta(days=days)).isoformat()
    return deposits.declare(publisher, deposits.checked(said), by=BY)
