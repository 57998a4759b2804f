"""Receipts as PDF, set by Typst in the layout of Nghị định 30/2020/NĐ-CP, kept for good the first time they are made.

So a receipt prints the same for ever, also when the layout or the software changes after it.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.db import transaction

from hub.deposit import keeping
from hub.deposit.models import Kept, Receipt
from hub.deposit.stores import ERRORS, stores
from schemas.problem import Trouble

LAYOUT = Path(__file__).parent / "print" / "receipt.typ"
PLACE = "Hải Phòng"
ROWS = (
    ("title", "Nhan đề"), ("author", "Tác giả"), ("publisher", "Nhà xuất bản"), ("isbn", "ISBN"),
    ("registration", "Số xác nhận đăng ký xuất bản"), ("decision", "Quyết định xuất bản"),
)  # fmt: skip


def receipt(one: Receipt) -> bytes:
    """The PDF of a receipt: the one that was kept, or made now and kept."""
    if one.pdf is None:
        made = keeping.keep(
            io.BytesIO(_set(one)), f"giay-nhan-{one.year}-{one.number:02d}.pdf", None, by=one.by, kind="pdf"
        )
        with transaction.atomic():
            Receipt.objects.filter(pk=one.pk, pdf=None).update(pdf=made)
        one.refresh_from_db()
    return _read(one.pdf)


def _read(kept: Kept | None) -> bytes:
    for store in stores() if kept else ():
        try:
            if kept and store.digest(kept.sha256) == kept.sha256:
                with store.open(kept.sha256) as stream:
                    return stream.read()
        except ERRORS:
            continue
    raise Trouble("keep_gone", name=kept.name if kept else "")


def _set(one: Receipt) -> bytes:
    body, day = one.body, date.fromisoformat(one.body["day"])
    rows = [{"name": name, "value": body[key]} for key, name in ROWS if body.get(key)]
    rows += [{"name": "Ngày phát hành", "value": f"{date.fromisoformat(body['release']):%d/%m/%Y}"}]
    rows += [{"name": "Số bản", "value": f"{body['copies']:02d}"}]
    said: dict[str, Any] = {
        "number": f"{one.number:02d}", "year": str(one.year), "library": body["library"],
        "publisher": body["publisher"], "place": PLACE,
        "day": f"{day:%d}", "month": f"{day:%m}", "year_of_day": f"{day:%Y}", "rows": rows,
        "condition": body.get("condition", ""),
    }  # fmt: skip
    made = typst.compile(
        str(LAYOUT), sys_inputs={"said": json.dumps(said)}, ignore_system_fonts=True, timestamp=_stamp(one)
    )
    return bytes(made)


def _stamp(one: Receipt) -> int:
    return int(one.at.timestamp())
