"""Edition statements: 250 $a in one form (R-08)."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.normalize.context import Context, within

KINDS = {"tái bản": "Tái bản", "tai ban": "Tái bản", "tb": "Tái bản", "in": "In", "xuất bản": "Xuất bản"}
KINDS |= {"xuat ban": "Xuất bản", "xb": "Xuất bản", "in lại": "In lại"}
NUMBERS = {"nhất": 1, "đầu": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7}
NUMBERS |= {"tám": 8, "chín": 9, "mười": 10, "nhì": 2, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
EDITION = re.compile(
    rf"^(\s*\[?)({'|'.join(sorted(KINDS, key=len, reverse=True))})\.?\s*(?:lần|lan)\s*(?:thứ|thu)?\s*\.?\s*"
    rf"(\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)


def edition(content: str, context: Context) -> str:
    """R-08: «Tái bản lần 3», «TB lần III» → «Tái bản lần thứ 3»; what follows, as «có sửa chữa», stays as it is."""
    return within(content, "a", one_form) if "l" in content or "L" in content else content


@lru_cache(maxsize=4096)
def one_form(value: str) -> str:
    """A numbered edition or printing in one form; anything else as it is."""
    found = EDITION.match(value)
    if not found:
        return value
    number = int(found[3]) if found[3].isdigit() else NUMBERS[found[3].lower()]
    return f"{found[1]}{KINDS[found[2].lower()]} lần thứ {number}{value[found.end() :]}"
