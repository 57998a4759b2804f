"""What the values of tables, Dublin Core and ONIX say: people and roles, volumes, ISBNs, languages, readers' ages.

Each function takes one value as a library typed it and returns what MARC 21 has a place for; what it does not
understand it leaves as it is.
"""

from __future__ import annotations

import re

from schemas.cell_numbers import clean as clean
from schemas.cell_numbers import find_year as find_year
from schemas.cell_numbers import read_isbns as read_isbns
from schemas.cell_numbers import valid_isbn as valid_isbn
from schemas.headings import unmarked, words
from schemas.numerals import IN_WORDS
from schemas.syllables import says_vietnamese

# --- people ---------------------------------------------------------------------------------------------------------

ROLES = {
    "dịch": "dịch|người dịch|biên dịch|dịch giả|lược dịch|translator|translated by|trans|trl",
    "minh họa": "minh họa|minh hoạ|vẽ|tranh|vẽ tranh|vẽ minh họa|vẽ minh hoạ|họa sĩ|hình vẽ|illustrator|illustrated by|"
    "ill|illus",
    "chủ biên": "chủ biên|ch b|cb|tổng chủ biên|đồng chủ biên",
    "biên soạn": "biên soạn|b s|bs|soạn|biên tập|tuyển chọn|sưu tầm|sưu tầm và giới thiệu|sưu tầm biên soạn|st|"
    "sưu tầm tuyển chọn|tuyển chọn và giới thiệu|giới thiệu|hiệu đính|h đ|hđ|editor|edited by|ed|eds|comp|compiler",
    "phóng tác": "phóng tác|kể|kể lại|chuyển thể|lời|lời kể|adapted by|adapter|retold by",
    "tác giả": "tác giả|truyện|thơ|viết|author|by|written by|aut",
}
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names.split("|")}
_ROLE_WORDS = "|".join(sorted((re.escape(name).replace(r"\ ", r"[\s.]+") for name in _ROLE_OF), key=len, reverse=True))
_LEADING = re.compile(rf"({_ROLE_WORDS})\s*[:.]\s*(?=\w)", re.IGNORECASE)
_LEADING_BY = re.compile(
    r"(translated by|illustrated by|edited by|retold by|adapted by|written by|by)\s+", re.IGNORECASE
)
_TRAILING = re.compile(rf"(?:\s*[,(\[]\s*({_ROLE_WORDS})\.?\s*[)\]]?|\s+({_ROLE_WORDS})\.?)$", re.IGNORECASE)
_CERTAIN = {"dịch", "minh họa", "chủ biên", "biên soạn", "phóng tác"}
_NOBODY = re.compile(
    "(nhieu tac gia|nhom tac gia|nhieu nguoi|khuyet danh|vo danh|khong ro( tac gia)?|khong co|various( authors)?|"
    "unknown|anonymous|n a|na|)"
)
_ET_AL = re.compile(r"\s*(\.\.\.|…)?\s*[\[(]?\s*(et[.\s]*al|và những người khác|\.\.\.|…)[\s.\])]*$", re.IGNORECASE)
_BODY = re.compile(
    r"(bộ|viện|trường|sở|hội|ban|ủy ban|uỷ ban|đại học|công ty|trung tâm|cục|vụ|tổng cục|nhà xuất bản|nxb|thư viện|"
    r"liên hiệp|học viện|quốc hội|chính phủ|đảng|đoàn|ubnd|tổng liên đoàn|bảo tàng|university|ministry|institute|"
    r"association|department|office|council|committee|company|united states|congress)\b(?!\s+trưởng)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:\w{1,2}\.[\s-]*)+$|\w+$")
_SURNAMES = re.compile(
    "(nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|dao|doan|to|luu|mai|ha|trinh|lam|cao|"
    "chu|ta|thai|tong|quach|luong|phung|kim|vuong|ma|xuan|thach|tu|lai|mac|nghiem|doi)"
)


def split_names(text: str) -> list[str]:
    """The names of one value: at ; | & and line breaks, and at commas where both sides are whole names."""
    text = _ET_AL.sub("", re.sub(r"\s*\n\s*", " ; " if "\n" in text.strip() and ";" not in text else " ", text))
    names: list[str] = []
    for part in re.split(r"\s*[;|]\s*|\s+&\s+", clean(text)):
        pieces = [piece for piece in re.split(r"\s*,\s*", part) if piece]
        whole = len(pieces) > 1 and not _BODY.match(part)
        inverted = len(pieces) == 2 and (_INITIALS.fullmatch(pieces[1]) or " " not in pieces[0])
        roles = any(words(piece) in _ROLE_OF for piece in pieces[1:])
        dated = any(piece[:1].isdigit() for piece in pieces[1:])
        names += pieces if whole and not inverted and not roles and not dated else [part]
    return [name for name in names if not _NOBODY.fullmatch(unmarked(words(name)))]


def name_and_role(text: str, role: str = "tác giả") -> tuple[str, str]:
    """«Lý Lan dịch», «Dịch: Lý Lan» and «Tô Hoài (chủ biên)» as (name, role)."""
    text = clean(text).rstrip(",;:/ ")
    if lead := _LEADING.match(text) or _LEADING_BY.match(text):
        return text[lead.end() :].strip(), _ROLE_OF[words(lead[1])]
    if trail := _TRAILING.search(text):
        found = _ROLE_OF[words(trail[1] or trail[2])]
        bare = trail[2]
        if found in _CERTAIN and (not bare or bare[:1].islower()):
            return text[: trail.start()].rstrip(" ,;"), found
        if trail[1] and found == "tác giả":
            return text[: trail.start()].rstrip(" ,;"), found
    return text, role


def is_body(name: str) -> bool:
    """Whether a name is a corporate body: «Bộ Giáo dục và Đào tạo», «Đoàn Thanh niên»; «Đoàn Giỏi» is a person."""
    found = _BODY.match(name)
    if found and found[1].lower() in ("đoàn", "trường"):
        rest = name.split()[1:]
        return len(rest) > 3 or any(word[0].islower() for word in rest)
    return bool(found)


def split_author_title(text: str) -> tuple[str, str]:
    """«Tô Hoài. Dế Mèn phiêu lưu ký» and «Dế Mèn phiêu lưu ký / Tô Hoài» as (author, title); in doubt all is title.

    Several authors stand side by side, and names may be cut short: «Mai N. H.; Lê Quang Hương. Bài tập Tiếng Anh».
    """
    text = clean(text)
    if " / " in text:
        title, _, author = text.partition(" / ")
        return author, title
    found = "", text
    for stop in _AFTER_AUTHOR.finditer(text):
        names = text[: stop.start()].split(";")
        named = len(names) <= MOST_AUTHORS and all(map(_looks_like_author, names))
        if named and not _ONLY_VOLUME.fullmatch(text[stop.end() :]):
            found = text[: stop.start()].rstrip("; "), text[stop.end() :]
    return found


_AFTER_AUTHOR = re.compile(r"[.:;]\s+(?=\S)|\s[-–]\s(?=[\dA-ZÀ-ỸĐ])")
_INITIAL = re.compile(r"(?<!\w)\w\.?$")
_MANY_AUTHORS = frozenset({"nhieu tac gia", "khuyet danh", "nhieu nguoi"})
_OFFICE = re.compile(r"(?:Bộ|Sở|Ban|Viện|Hội|Ủy ban|Uỷ ban|UBND)(?: [A-ZĐ][^\s.:;/]*)(?: [^\s.:;/–-]+)+")
_ONLY_VOLUME = re.compile(r"(?:tập|quyển|phần|vol|book|part|t|q)\b\W*\w+\W*", re.IGNORECASE)
MOST_AUTHORS = 8  # in one cell


def _looks_like_author(text: str) -> bool:
    """Whether a text is one person, body or «Nhiều tác giả»; a dot stands after initials only."""
    text = text.strip()
    if unmarked(text.lower()) in _MANY_AUTHORS or _OFFICE.fullmatch(text):
        return True
    words = re.split(r"(?<=\.)\s*|\s+", text)
    if any(word.endswith(".") and not _INITIAL.fullmatch(word) for word in words if word):
        return False
    return _looks_like_name(text.replace(".", " "))


def _looks_like_name(text: str) -> bool:
    parts = text.replace(",", " ").split()
    if not 2 <= len(parts) <= 5 or any(not p[0].isupper() or any(c.isdigit() for c in p) for p in parts):
        return False
    if text.isupper() or len(parts) > 4:
        return bool(_SURNAMES.fullmatch(unmarked(parts[0].lower())))
    return True


# --- titles and volumes ---------------------------------------------------------------------------------------------

_VOLUME_WORD = (
    r"(?:T(?:ập)?\.|Tập|TẬP|tập|Quyển|QUYỂN|quyển|Q\.|Phần|PHẦN|phần|Vol(?:ume|\.)?|vol\.?|Book|Part|T(?=\d))"
)
_NUMBER = rf"(?:(?![23]D\b)\d{{1,3}}(?:\s?[-–,&]\s?\d{{1,3}}|[A-Za-zĐđ])?|[IVX]{{1,5}}|(?i:{IN_WORDS}))"
_VOLUME = re.compile(
    rf"(?:\s*[.,:;(\[–-]\s*|\s+)(?P<number>(?:{_VOLUME_WORD}\s*{_NUMBER}|\#\s?\d{{1,3}}))(?![\w.]\w|\w)[)\]]?"
    r"(?:\s*[:.,–-]\s*(?P<part>\S.*)|\s+(?P<more>\([^()]+\)))?$"
)


def split_volume(title: str) -> tuple[str, str, str]:
    """«Kính vạn hoa. T.2: Những con gấu bông» as (title, number, part); brackets at the end stay with the title."""
    match = _VOLUME.search(title)
    if not match or match.start() == 0:
        return title, "", ""
    bare = title[: match.start()].rstrip(" ,.:;-–")
    return f"{bare} {match['more'] or ''}".strip(), match["number"], (match["part"] or "").strip()


def volume_statement(value: str) -> tuple[str, str]:
    """The cell of a volume column as (number, part): 2 is «Tập 2»."""
    value = clean(value)
    number, _, part = value.partition(":")
    number = number.strip()
    return (f"Tập {number}" if re.fullmatch(_NUMBER, number) else number), part.strip()


def split_subtitle(title: str) -> tuple[str, str]:
    """«Nhan đề : phụ đề» and «Nhan đề = Title» as $a and $b; a colon before a digit (ISO 9001: 2015) stays."""
    match = re.search(r"\s*:\s+(?=\D)|\s+:\s*(?=\D)|\s+=\s+", title)
    if not match or not match.start():
        return title, ""
    rest = title[match.end() :]
    return title[: match.start()], ("= " + rest if "=" in match[0] else rest)


# --- languages ------------------------------------------------------------------------------------------------------

_LANGUAGES = {
    "vie": "việt|việt nam|tiếng việt|vi|vn|vietnamese|quốc ngữ|chữ quốc ngữ|vi vn",
    "eng": "anh|tiếng anh|en|english|anh ngữ|en us|en gb|anh văn",
    "fre": "pháp|tiếng pháp|fr|fra|french|pháp văn",
    "rus": "nga|tiếng nga|ru|russian|nga văn",
    "chi": "trung|tiếng trung|hoa|tiếng hoa|trung quốc|tiếng trung quốc|hán|chữ hán|zh|zho|chinese|zh cn",
    "jpn": "nhật|tiếng nhật|nhật bản|ja|japanese",
    "kor": "hàn|tiếng hàn|hàn quốc|ko|korean|triều tiên",
    "ger": "đức|tiếng đức|de|deu|german",
    "spa": "tây ban nha|tiếng tây ban nha|es|spanish",
    "por": "bồ đào nha|tiếng bồ đào nha|pt|portuguese",
    "ita": "ý|tiếng ý|italia|tiếng italia|it|italian",
    "lao": "lào|tiếng lào|lo",
    "khm": "khmer|tiếng khmer|khơ me|campuchia|km",
    "tha": "thái lan|tiếng thái|th|thai",
    "lat": "la tinh|latin|tiếng la tinh|la",
    "pol": "ba lan|tiếng ba lan|pl|polish",
    "dut": "hà lan|tiếng hà lan|nl|nld|dutch",
    "cze": "séc|tiếng séc|cs|ces|czech",
    "ara": "ả rập|tiếng ả rập|ar|arabic",
    "heb": "do thái|he|hebrew",
    "swe": "thụy điển|sv|swedish",
    "dan": "đan mạch|da|danish",
    "nor": "na uy|no|norwegian",
    "fin": "phần lan|fi|finnish",
    "hun": "hungari|hung|hu|hungarian",
    "rum": "rumani|ro|ron|romanian",
    "gre": "hy lạp|el|ell|greek",
    "ukr": "ukraina|uk|ukrainian",
    "cat": "ca|catalan",
    "tur": "thổ nhĩ kỳ|tr|turkish",
    "hin": "hindi|hi",
    "ind": "indonesia|tiếng indonesia|id|indonesian",
    "may": "mã lai|ms|msa|malay",
    "gle": "ga|irish",
    "slv": "sl|slovenian",
    "slo": "sk|slk|slovak",
    "per": "fa|fas|persian",
    "mul": "đa ngữ|nhiều thứ tiếng|multilingual",
}
_LANGUAGE_OF: dict[str, str] = {}
for _code, _names in _LANGUAGES.items():
    for _name in [_code, *_names.split("|")]:
        _LANGUAGE_OF[_name] = _code
        _LANGUAGE_OF.setdefault(unmarked(_name), _code)


def language_codes(text: str) -> list[str]:
    """MARC codes of a value: «Tiếng Việt» is vie, «Song ngữ Anh - Việt» is eng, vie; unknown names give nothing."""
    key = re.sub(r"^(song ngữ|ngôn ngữ)\s+", "", words(text))
    if key in _LANGUAGE_OF:
        return [_LANGUAGE_OF[key]]
    codes = []
    for part in re.split(r"[;,/|+&\-–()\s](?:và\s)?|\s+và\s+", text.lower()):
        if (code := _LANGUAGE_OF.get(words(part))) and code not in codes and len(words(part)) > 1:
            codes.append(code)
    return codes or ([key] if re.fullmatch(r"[a-z]{3}", key) and key.isascii() and key not in ("und", "zxx") else [])


def guess_language(*texts: str) -> str:
    """``vie`` where the words of the record say so, else ""."""
    return "vie" if any(says_vietnamese(text) for text in texts if text) else ""


_CITIES = re.compile(
    "(h|hn|ha noi|tp hcm|tphcm|t?p? ?tp ho chi minh|t p ho chi minh|thanh pho ho chi minh|hcm|ho chi minh|sai gon|hp|"
    "(tp )?(hai phong|da nang|hue|can tho)|dong nai|nghe an|vinh|thanh hoa|thai nguyen|hai duong|nha trang|da lat|"
    "viet ?nam)"
)


def is_vietnamese_imprint(place: str, publisher: str, isbns: str = "") -> bool:
    """Whether place, publisher or ISBN group 604 say Việt Nam (country code ``vm``)."""
    if _CITIES.fullmatch(unmarked(words(place))) or re.match(r"(nxb|nhà xuất bản)\b", words(publisher)):
        return True
    if re.search(r"\b(?:978-?)?604\d{6}[\dX]\b", isbns):
        return True
    return says_vietnamese(publisher) or says_vietnamese(place)


# --- audience -------------------------------------------------------------------------------------------------------

_BANDS = ((6, "a"), (9, "b"), (14, "c"), (18, "d"), (200, "e"))
_AUDIENCE_WORDS = (
    ("a", "nha tre|mau giao|mam non|preschool"),
    ("b", "tieu hoc|nhi dong|primary"),
    ("c", "thieu nien|thcs|trung hoc co so|middle grade"),
    ("d", "thpt|trung hoc pho thong|tuoi moi lon|teen|teenage|young adult|adolescent"),
    ("j", "thieu nhi|tre em|hoc sinh|children|juvenile"),
    ("f", "giao vien|sinh vien|chuyen nganh|chuyen gia|nghien cuu"),
    ("e", "nguoi lon|nguoi truong thanh|thanh nien|adult"),
    ("g", "moi lua tuoi|moi doi tuong|pho thong|general"),
)


def audience_code(text: str) -> str:
    """The code of MARC 21 008/22 for «6-11 tuổi», «lớp 3», «Thiếu nhi», «11+»; a blank where it cannot be said."""
    plain = unmarked(words(text))
    if grade := re.search(r"\b(?:lop|khoi|grade|k)\s?(\d{1,2})\b", plain):
        return age_code(int(grade[1]) + 5)
    if ages := re.findall(r"\d{1,2}", text):
        first = int(ages[0])
        if re.search(r"[+]|tuoi|age|year", text.lower() + plain) or len(ages) > 1:
            return age_code(first)
        return age_code(first + 5) if 1 <= first <= 12 and plain == ages[0] else " "
    for code, names in _AUDIENCE_WORDS:
        if re.search(rf"\b(?:{names})\b", plain):
            return code
    return " "


def age_code(age: int) -> str:
    """The 008/22 code for readers who begin at ``age`` (years)."""
    return next(code for below, code in _BANDS if age < below) if 0 <= age < 200 else " "
