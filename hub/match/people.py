"""Who made a book, from a name field or a statement of responsibility: several names in one string, and their roles.

Small libraries put into one cell what MARC 21 keeps apart: «Antoine de Saint-Exupéry ; Trác Phong dịch», «Đỗ Đình Hoan
(ch.b.), Nguyễn Áng», «Tô Hoài - Tạ Huy Long minh họa».
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from hub.normalize.text import fold, syllables

Person = tuple[str, str]  # name, role

ROLES: tuple[tuple[str, str], ...] = (  # role, and the words that stand after a name (or before it with a colon)
    ("translator", "người dịch|dịch giả|biên dịch|phỏng dịch|chuyển ngữ|lược dịch|tuyển dịch|dịch"),
    ("illustrator", "người minh họa|họa sĩ|minh họa|vẽ tranh|vẽ bìa|vẽ minh họa|trình bày|tranh|vẽ"),
    ("adapter", "chuyển thể|phóng tác|phỏng theo|kể lại|viết lại|lời kể|kể"),
    ("author", "nguyên tác|tác giả|viết lời|soạn giả|viết|soạn|thơ|lời"),
    (
        "editor",
        "tổng chủ biên kiêm chủ biên|tổng chủ biên|tổng ch b|đồng chủ biên|chủ biên|ch b|chb|chủ nhiệm|biên soạn|b s|bs"
        "|biên tập|tuyển chọn|sưu tầm và biên soạn|sưu tầm|hiệu đính|giới thiệu|chú giải|nhóm biên soạn",
    ),
)
CODES = {
    "trl": "translator", "ill": "illustrator", "adp": "adapter", "edt": "editor", "com": "editor", "aut": "author",
    "art": "illustrator", "edc": "editor", "cre": "author",
}  # fmt: skip
WORDS = (  # a part of a relator term in any language → role
    ("translator", ("dịch", "dich", "translat", "traduc", "chuyển ngữ")),
    ("illustrator", ("minh họa", "minh hoạ", "minh hoa", "vẽ", "tranh", "illustr")),
    ("adapter", ("chuyển thể", "phóng tác", "phỏng theo", "adapt", "kể")),
    ("editor", ("biên soạn", "chủ biên", "ch.b", "biên tập", "tuyển chọn", "sưu tầm", "hiệu đính", "edit", "compil")),
    ("author", ("tác giả", "viết", "author", "creator", "soạn giả")),
)
Form = Callable[[str], str]


def _said(form: Form) -> dict[str, str]:
    """The words of the roles as ``form`` writes them → role."""
    return {form(word): role for role, words in ROLES for word in words.split("|")}


_SAID: tuple[tuple[Form, dict[str, str]], ...] = ((syllables, _said(syllables)), (fold, _said(fold)))
_LONGEST = 5  # words of a role
_BY = re.compile(
    r"^(?:(translated|illustrated|adapted|edited|compiled|retold|text|story|written)\b[^,;]{0,25}?\b)?by\s+", re.I
)
_BY_ROLES = {"trans": "translator", "illus": "illustrator", "adapt": "adapter", "retol": "adapter", "edite": "editor"}
_GROUPS = re.compile(r"\s*(?:[;/|\n]|\s[-–—]\s|\bvà\b|\band\b|&|\s\+\s)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_BRACKETS = re.compile(r"\((?:\d{3,4}[^)]*|[^)]*\d{4})\)|[\[\]]")
_BODY = re.compile(
    r"^(?:bộ|viện|trường|khoa|sở|ủy ban|uỷ ban|đại học|ban|hội|trung tâm|cục|tổng cục|quốc hội|công ty|nhà xuất bản"
    r"|tập đoàn|phòng|đoàn|đảng|chính phủ|học viện|thư viện|nxb|liên hiệp|tạp chí|báo|university|institute|ministry"
    r"|department)\b",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\(([^()]*)\)\s*$")
_OTHERS = re.compile(
    r"(?:\.\.\.|…|\bet al\b|\bnhững người khác\b|\bnhiều người\b|\bnhóm\b|\bet\b al).*$", re.IGNORECASE
)
_DATES = re.compile(r"[\s,(]*\b\d{3,4}\??\s*-\s*(?:\d{3,4}|)\)?\.?\s*$|[\s,]+\d{4}-?$")
MOST = 12
NOBODY = frozenset(re.split(r"\|", "nhieu tac gia|nhom tac gia|tap the tac gia|nhieu nguoi|khuyet danh|vo danh"))
SURNAMES = frozenset(
    re.split(
        " ",
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh doan trinh mai truong cao ta ha"
        " luong lam to thai chu quach vuong dao luu kieu dam lai tong tang la quan tu nghiem thach bach ton kim",
    )
)


@lru_cache(maxsize=8192)
def role_of(text: str) -> str:
    """The role a relator term or code speaks of; ``author`` where it says nothing, ``other`` where it is unknown."""
    lowered = text.lower().strip(" .,:")
    if not lowered:
        return "author"
    if lowered in CODES:
        return CODES[lowered]
    return next((role for role, words in WORDS if any(word in lowered for word in words)), "other")


@lru_cache(maxsize=1 << 16)
def people_of(text: str, role: str = "") -> tuple[Person, ...]:
    """The names of a string and the role of each: as the string says it, else ``role``, else ``author``.

    A name in catalog order («Nguyễn, Du») is one name: a comma parts two names only where all have two words or more
    and begin with a Vietnamese surname, or where there are three.
    In a first part («Kim Dung, Hàn Giang Nhạn dịch») a role is that of the name beside it, in later parts of all.
    """
    if fold(text) in NOBODY:
        return ()
    if _BODY.match(text.lstrip(" [(")):
        return ((text.strip(" [](),.;:"), role or "author"),)
    found: list[Person] = []
    for number, group in enumerate(_GROUPS.split(_OTHERS.sub("", _BRACKETS.sub(" ", text)))):
        here = [_own_role(name) for name in _names(group)]
        last = here[-1][1] if here else ""
        alone = last and not here[-1][0]
        if last and (alone or number) and not any(own for _, own in here[:-1]):
            here = [(name, last) for name, _ in here]
        found += [person for person in here if person[0]]
    return tuple((name, own or role or "author") for name, own in found[:MOST])


def _names(group: str) -> list[str]:
    parts = [part for part in _COMMA.split(group) if part.strip()]
    if len(parts) < 2 or any(len(part.split()) < 2 for part in parts):
        return [group] if group.strip() else []
    several = len(parts) > 2 or all(fold(part.split()[0]) in SURNAMES for part in parts) or _own_role(parts[-1])[1]
    return parts if several else [group]


def _own_role(name: str) -> Person:
    """A name without the words of its role, and that role."""
    name, role = _DATES.sub("", name).strip(" .,:;[]"), ""
    if found := _PARENTHESIS.search(name):
        role = _role_said(found[1])
        name = name[: found.start()].strip()
    if said := _BY.match(name):
        role = _BY_ROLES.get((said[1] or "")[:5].lower(), role or "author")
        name = name[said.end() :]
    before, colon, after = name.partition(":")
    if colon and (kind := _role_said(before)):
        return after.strip(" .,:;"), kind
    words = name.split()
    for count in range(min(_LONGEST, len(words)), 0, -1) if not role else ():
        if kind := _role_said(" ".join(words[-count:])):
            return " ".join(words[:-count]).strip(" .,:;("), kind
    return name.strip(" .,:;"), role


def _role_said(text: str) -> str:
    """The role that a text names and nothing else, with its marks or altogether without."""
    form, known = _SAID[text.isascii()]
    return known.get(form(text), "")
