"""From a record to its :class:`Description`: one short function for each MARC field that says something about it.

Tags and subfields after the MARC 21 Format for Bibliographic Data (https://www.loc.gov/marc/bibliographic/).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter

from hub.match.description import Description
from hub.normalize.identifiers import isbn13, issn
from schemas.record import Record, subfields

YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
PAGES = re.compile(r"(\d+)\s*(?:tr|trang|p|pages?|s|S|с|leaves|ff?)\b")
NUMBER = re.compile(r"\d+")
LONG_MARKS = r"(?:tập|tap|quyển|quyen|phần|phan|cuốn|cuon|volume|vol|part|book)"
SHORT_MARKS = r"(?:t|q|kỳ|số|v|pt|bd|no|#)"
VOLUME = re.compile(
    r"(?:^|[\s.,;:(\[/–-])(?:"
    rf"{LONG_MARKS}\.?\s*(\d{{1,4}})|{LONG_MARKS}(?:\.\s*|\s+)([ivxlc]{{1,7}}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
    rf"|{SHORT_MARKS}\.?\s*(\d{{1,4}})|{SHORT_MARKS}\.\s*([ivxlc]{{1,7}}))(?!\w)",
    re.IGNORECASE,
)
VOLUME_HINT = re.compile(r"[0-9IVXLC]|[Tt]ập|[Tt]ap |[Qq]uyển|[Qq]uyen|[Pp]hần|[Pp]han |[Cc]uốn|[Cc]uon|[Vv]ol|[Pp]art")
BARE_NUMBER = re.compile(r"^\W*(\d{1,4})\W*$")
QUALIFIER = re.compile(r"^(.{2,}?)\s*\(([^()]+)\)$")
WORDS = dict(zip(["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"], range(1, 11), strict=True))
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
ISBD = " \t/:;=,."
ROLES = (
    ("translator", ("dịch", "dich", "translat", "trl", "phỏng dịch", "người dịch")),
    ("illustrator", ("minh họa", "minh hoạ", "minh hoa", "vẽ", "tranh", "illustr", "ill")),
    ("adapter", ("chuyển thể", "phóng tác", "phỏng theo", "adapt", "kể", "kể lại")),
    ("editor", ("biên soạn", "chủ biên", "biên tập", "tuyển chọn", "sưu tầm", "hiệu đính", "edit", "edt", "compil")),
)
FORMS = {"c": "music", "d": "music", "e": "map", "f": "map", "g": "video", "i": "sound", "j": "sound", "k": "image"}
FORMS |= {"m": "electronic", "o": "mixed", "p": "mixed", "r": "object"}
BOOK_FORMS = {"f": "braille", "d": "large_print", "o": "electronic", "s": "electronic", "q": "electronic"}
SUBJECTS_KEPT = 12
SUMMARY_KEPT = 600


ALL = attrgetter(*Description._fields)


class _Notes:
    """What has been read so far."""

    __slots__ = Description._fields

    def __init__(self) -> None:
        self.title = self.subtitle = self.part = self.volume = self.parallel = self.responsibility = ""
        self.edition = self.place = self.publisher = self.language = self.form = self.series = ""
        self.audience = self.summary = ""
        self.year = self.pages = 0
        self.people: list[list[str]] = []
        self.languages: list[str] = []
        self.isbns: list[str] = []
        self.issns: list[str] = []
        self.subjects: list[str] = []
        self.links: list[str] = []


def describe(record: Record) -> Description:
    """The description of a (normalized) record."""
    notes = _Notes()
    notes.form = _form(record)
    for tag, content in record.fields:
        read = READERS.get(tag)
        if read is not None:
            read(notes, content)
    return Description(*ALL(notes))


def clean(text: str) -> str:
    """Without the ISBD punctuation that joins areas at its ends."""
    return text.strip(" \t").rstrip(ISBD) if text[-1:] in ISBD or text[:1] in " \t" else text


def _form(record: Record) -> str:
    leader = record.leader
    if leader[7:8] in ("s", "i", "b") and leader[6:7] in ("a", "t"):
        return "serial"
    if form := FORMS.get(leader[6:7]):
        return form
    fixed = record.control("008")
    return BOOK_FORMS.get(fixed[23:24], "text")


def _fixed(notes: _Notes, content: str) -> None:
    """008: date 1 (07-10), audience (22), language (35-37)."""
    if content[7:11].isdigit() and not notes.year:
        notes.year = int(content[7:11])
    if content[22:23] not in ("", " ", "|", "#"):
        notes.audience = content[22]
    language = content[35:38]
    if language.isalpha() and language.isascii() and not notes.language:
        notes.language = language.lower()


def _isbn(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a" and (number := isbn13(value)) and number not in notes.isbns:
            notes.isbns.append(number)


def _issn(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a" and (number := issn(value)):
            notes.issns.append(number)


def _languages(notes: _Notes, content: str) -> None:
    """041 $a: the languages of the text; the first one where 008 is silent."""
    for code, value in subfields(content):
        if code == "a":
            for start in range(0, len(value) - 2, 3) if value.isalpha() else ():
                notes.languages.append(value[start : start + 3].lower())
    if notes.languages and notes.language in ("", "und", "mul"):
        notes.language = notes.languages[0]


def _title(notes: _Notes, content: str) -> None:
    if notes.title:
        return
    parts = []
    for code, value in subfields(content):
        if code == "a" and not notes.title:
            notes.title = clean(value)
        elif code == "b":
            if value.lstrip().startswith("="):
                notes.parallel = clean(value.lstrip(" ="))
            else:
                notes.subtitle = clean(f"{notes.subtitle} {value}" if notes.subtitle else value)
        elif code in "np":
            parts.append(clean(value))
        elif code == "c":
            notes.responsibility = clean(value)
    notes.part = ", ".join(parts)
    _split_title(notes)
    notes.volume = volume_number(notes.part)


def _split_title(notes: _Notes) -> None:
    """A parallel title or a volume that stands inside $a or $b is taken out of it."""
    if " = " in notes.title:
        notes.title, notes.parallel = (clean(part) for part in notes.title.split(" = ", 1))
    elif " = " in notes.subtitle:
        notes.subtitle, notes.parallel = (clean(part) for part in notes.subtitle.split(" = ", 1))
    for name in ("title", "subtitle"):
        text = getattr(notes, name)
        if notes.part or not VOLUME_HINT.search(text):  # a cheap look before the search
            continue
        found = deque(VOLUME.finditer(text), maxlen=1)
        if found and found[0].start() > 0 - (name == "subtitle"):
            notes.part = clean(text[found[0].start() :].lstrip(ISBD + "([-–")).rstrip(")]")
            setattr(notes, name, clean(text[: found[0].start()]))
    if qualified := QUALIFIER.match(notes.title):
        notes.title, notes.subtitle = clean(qualified[1]), notes.subtitle or clean(qualified[2])


def volume_number(text: str) -> str:
    """The number of a volume: "T. 2" → "2", "Quyển III" → "3", "2" → "2"; ``""`` when there is none."""
    found = VOLUME.search(text)
    if not found:
        bare = BARE_NUMBER.match(text)
        return str(int(bare[1])) if bare else ""
    number = next(filter(None, found.groups())).lower()
    if number.isdigit() or number in WORDS:
        return str(WORDS.get(number) or int(number))
    total, last = 0, 0
    for letter in reversed(number):
        value = ROMAN[letter]
        total += value if value >= last else -value
        last = max(last, value)
    return str(total) if total else ""


def _person(notes: _Notes, content: str) -> None:
    name, role = "", ""
    for code, value in subfields(content):
        if code == "a":
            name = clean(value)
        elif code in "e4":
            role = f"{role} {value}"
    if name:
        notes.people.append([name, role_of(role)])


@lru_cache(maxsize=4096)
def role_of(text: str) -> str:
    """The role a relator term or a statement of responsibility speaks of."""
    if not text:
        return "author"
    lowered = text.lower()
    for role, words in ROLES:
        if any(word in lowered for word in words):
            return role
    return "author" if any(word in lowered for word in ("tác giả", "aut", "viết", "tg")) else "other"


def _corporate(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a":
            notes.people.append([clean(value), "author"])
            return


def _edition(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code in "ab":
            notes.edition = clean(f"{notes.edition} {value}" if notes.edition else value)


def _imprint(notes: _Notes, content: str) -> None:
    """260, and 264 with second indicator 1 (publication)."""
    for code, value in subfields(content):
        if code == "a" and not notes.place:
            notes.place = clean(value)
        elif code == "b" and not notes.publisher:
            notes.publisher = clean(value)
        elif code == "c" and (found := YEAR.search(value)):
            notes.year = int(found[1])


def _production(notes: _Notes, content: str) -> None:
    if content[1:2] in ("1", " "):
        _imprint(notes, content)


def _extent(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a" and not notes.pages:
            found = PAGES.findall(value) or NUMBER.findall(value)
            notes.pages = min(int(max(found, key=int)), 99_999) if found else 0
            if "braille" in value.lower() or "chữ nổi" in value.lower():
                notes.form = "braille"


def _series(notes: _Notes, content: str) -> None:
    parts = [clean(value) for code, value in subfields(content) if code in "av"]
    notes.series = notes.series or " ; ".join(parts)


def _subject(notes: _Notes, content: str) -> None:
    if len(notes.subjects) < SUBJECTS_KEPT:
        text = " -- ".join([clean(value) for code, value in subfields(content) if code in "avxyz"])
        if text and text not in notes.subjects:
            notes.subjects.append(text)


def _summary(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a" and not notes.summary:
            notes.summary = value[:SUMMARY_KEPT]


def _link(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "u" and value.startswith(("http://", "https://")):
            notes.links.append(value)


READERS: dict[str, Callable[[_Notes, str], None]] = {
    "008": _fixed,
    "020": _isbn,
    "022": _issn,
    "041": _languages,
    "100": _person,
    "110": _corporate,
    "111": _corporate,
    "245": _title,
    "250": _edition,
    "260": _imprint,
    "264": _production,
    "300": _extent,
    "440": _series,
    "490": _series,
    "520": _summary,
    "600": _subject,
    "650": _subject,
    "651": _subject,
    "653": _subject,
    "655": _subject,
    "700": _person,
    "710": _corporate,
    "856": _link,
}
