"""Names of persons: what they did in $e, and no shouting (R-17, R-18)."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.normalize.context import Context, within
from schemas.record import DELIMITER
from schemas.syllables import is_syllable

ROLES = (
    "chủ biên|tổng chủ biên|đồng chủ biên|biên soạn|b.s|bs|biên dịch|dịch|người dịch|dịch giả|phỏng dịch|hiệu đính|"
    "sưu tầm|tuyển chọn|tuyển dịch|biên tập|minh họa|minh hoạ|vẽ tranh|vẽ|tranh|kể|kể lại|giới thiệu|chú giải|"
    "sưu tầm và hệ thống hóa|sưu tầm, biên soạn|biên soạn và giới thiệu|soạn|tác giả|ch.b|chb"
)
SHORT = {"b.s": "biên soạn", "bs": "biên soạn", "ch.b": "chủ biên", "chb": "chủ biên"}
ROLE = re.compile(
    r"^(?P<name>[^,;:()\[\]/]{3,80}?)\s*(?:,\s*|\()(?P<role>"
    + "|".join(map(re.escape, sorted(ROLES.split("|"), key=len, reverse=True)))
    + r")\.?\)?(?P<end>[\s.,]*)$",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")


def role(content: str, context: Context) -> str:
    """R-17: «Phạm Văn Mỹ, sưu tầm» → $a Phạm Văn Mỹ $e sưu tầm, where the field has no $e or $4 yet."""
    if DELIMITER + "e" in content or DELIMITER + "4" in content or not ("," in content or "(" in content):
        return content
    start, *parts = content.split(DELIMITER)
    if not parts or parts[0][:1] != "a":
        return content
    found = ROLE.match(parts[0][1:])
    if not found:
        return content
    said = found["role"].lower()
    return DELIMITER.join([start, "a" + found["name"], *parts[1:], "e" + SHORT.get(said, said)])


def capitals(content: str, context: Context) -> str:
    """R-18: a Vietnamese name all in capitals: «NGUYỄN NHẬT ÁNH» → «Nguyễn Nhật Ánh»; initials stay."""
    return within(content, "a", _quiet) if content[4:8].isupper() else content


@lru_cache(maxsize=8192)
def _quiet(value: str) -> str:
    if not value.isupper() or value.isascii():
        return value
    words = WORD.findall(value)
    if len(words) < 2 or not all(len(word) > 1 and is_syllable(word) for word in words):
        return value
    return WORD.sub(lambda found: found[0].capitalize(), value)
