"""Prices in đồng: 020 $c and 365 in one form (R-06)."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.normalize.context import Context, within
from schemas.record import DELIMITER

PRICE = re.compile(
    r"^\s*(?:giá\s*(?:bìa)?\s*:?\s*)?(\d{1,3}(?:[.,\s]\d{3})+|\d{3,9})(?:[.,]00?)?\s*(đồng|đông|đ|₫|vnđ|vnd|dong|d)?\s*\.?\s*$",
    re.IGNORECASE,
)
NEW_DONG = 1986  # before the change of money of 1985 an amount in đồng is none in VND


def price(content: str, context: Context) -> str:
    """R-06: «35.000đ», «35000», «35.000 đồng» → «35000 VND» in 020 $c.

    A number without a currency is a price only when it is one of Vietnam and a round thousand or hundred of đồng.
    """
    if 0 < context.year < NEW_DONG:
        return content
    return within(content, "c", lambda value: dong(value, bare=context.ours))


@lru_cache(maxsize=4096)
def dong(value: str, *, bare: bool = True) -> str:
    """A price in đồng as "35000 VND"; anything else as it is."""
    found = PRICE.match(value)
    if not found:
        return value
    amount = int(re.sub(r"\D", "", found[1]))
    if not found[2] and not (bare and amount >= 1000 and amount % 100 == 0 and not 1900 <= amount <= 2100):
        return value
    return f"{amount} VND"


def coded_price(content: str, context: Context) -> str:
    """R-06 in 365: the amount in $b without marks of thousands, the currency in $c as ISO 4217 has it."""
    if "VN" not in content and "đ" not in content:
        return content
    content = within(
        content, "c", lambda value: "VND" if value.strip().upper() in ("VNĐ", "VND", "Đ", "ĐỒNG") else value
    )
    if DELIMITER + "cVND" not in content:
        return content
    return within(content, "b", lambda value: dong(value + "đ").removesuffix(" VND") if PRICE.match(value) else value)
