"""Edition statements: 250 $a in one form (R-08)."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.normalize.context import Context, within
from schemas.numerals import IN_WORDS, number

KINDS = {"tái bản": "Tái bản", "tai ban": "Tái bản", "tb": "Tái bản", "in": "In", "xuất bản": "Xuất bản"}
KINDS |= {"xuat ban": "Xuất bản", "xb": "Xuất bản", "in lại": "In lại"}
EDITION = re.compile(
    rf"^(\s*\[?)({'|'.join(sorted(KINDS, key=len, reverse=True))})\.?\s*(?:(?:lần|lan)\s*(?:thứ|thu)?|l\.)\s*\.?\s*"
    rf"(\d{{1,3}}|đầu|{IN_WORDS}|[IVXL]{{1,7}})(?!\w)(?!\s+(?:mươi|trăm)\b)",
    re.IGNORECASE,
)


def edition(content: str, context: Context) -> str:
    """R-08: «Tái bản lần 3», «TB lần III» → «Tái bản lần thứ 3»; what follows, as «có sửa chữa», stays as it is."""
    return within(content, "a", one_form) if "l" in content or "L" in content else content


@lru_cache(maxsize=4096)
def one_form(value: str) -> str:
    """A numbered edition or printing in one form; anything else as it is."""
    found = EDITION.match(value)
    said = (1 if found[3].lower() == "đầu" else number(found[3])) if found else 0
    if not found or not said:
        return value
    return f"{found[1]}{KINDS[found[2].lower()]} lần thứ {said}{value[found.end() :]}"
