"""From a record to its :class:`Description`: one short function for each MARC field that says something about it.

Tags and subfields after the MARC 21 Format for Bibliographic Data (https://www.loc.gov/marc/bibliographic/).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from operator import attrgetter

from hub.match.description import Description
from hub.match.people import people_of, role_of
from hub.match.volume import HINT, VOLUME, volume_number, without_set
from hub.normalize.identifiers import isbn13, issn
from hub.normalize.text import fold
from schemas.record import DELIMITER, Record, subfields

YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
PAGES = re.compile(r"(\d+)\s*(?:tr|trang|p|pages?|s|S|с|leaves|ff?)\b|(\d+)\s*\[\d+\]\s*(?:tr|p|pages?)\b")
VOLUMES = re.compile(r"(\d{1,3})\s*(?:v\b|vols?\b|volumes?|tập|tap\b|quyển|cuốn|t\.|bd\b|parts)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
QUALIFIER = re.compile(r"^(.{2,}?)\s*\(([^()]+)\)\W*$")
ISBD = " \t/:;=,."
FORMS = {"c": "music", "d": "music", "e": "map", "f": "map", "g": "video", "i": "sound", "j": "sound", "k": "image"}
FORMS |= {"m": "electronic", "o": "mixed", "p": "mixed", "r": "object"}
BOOK_FORMS = {"f": "braille", "d": "large_print", "o": "electronic", "s": "electronic", "q": "electronic"}
IN_BRACKETS: tuple[tuple[str, str], ...] = (  # what brackets at the end of a title say, folded → what it is
    ("sach noi|audiobook|audio book|sach audio|daisy|cd audio|bang cassette", "sound"),
    ("chu noi|braille|sach chu noi|chu braille", "braille"),
    ("chu to|large print|co chu lon|chu lon", "large_print"),
    ("sach dien tu|ebook|e book|ban dien tu|tai lieu dien tu|electronic resource|tep tin|pdf|epub", "electronic"),
    (
        "bia mem|bia cung|bia da|stn|sgk|snv|stk|sdd|spl|sach|in mau|ban in|trang mau|sach thieu nhi|co minh hoa",
        "nothing",
    ),
)
EDITION = re.compile(
    r"^(?:tai ban|in lan|in lai|tb lan|xuat ban lan|an ban|lan thu|sua chua|co sua|co bo sung|bo sung"
    r"|\d+(?:st|nd|rd|th) ed)"
)
FIRST_TITLE = re.compile(r"nguyen tac|nguyen ban|nhan de goc|ten goc|original title|title of original")
NOT_NAMED = re.compile(r"not identified|s n$|^sn$|khong ro|khong xac dinh|k ro|chua ro|unknown")
KINDS = {word: kind for words, kind in IN_BRACKETS for word in words.split("|")}
CONTROL_NUMBER = re.compile(r"\(OCoLC\)(?:oc[mn]|on)?0*(\d{2,})")
SUBJECTS_KEPT = 12
SUMMARY_KEPT = 600


ALL = attrgetter(*Description._fields)


class _Notes:
    """What has been read so far."""

    __slots__ = Description._fields

    def __init__(self) -> None:
        self.title = self.subtitle = self.part = self.volume = self.parallel = self.responsibility = ""
        self.edition = self.place = self.publisher = self.language = self.form = self.series = ""
        self.audience = self.summary = self.script = self.original = ""
        self.year = self.pages = self.volumes = 0
        self.numbers: list[str] = []
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
    _people_in_statement(notes)
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
    if content[7:11].isdecimal() and content[7:11].isascii() and not notes.year:
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
    """A parallel title, a volume and remarks in brackets that stand inside $a or $b are taken out of it."""
    if " = " in notes.title:
        notes.title, notes.parallel = (clean(part) for part in notes.title.split(" = ", 1))
    elif " = " in notes.subtitle:
        notes.subtitle, notes.parallel = (clean(part) for part in notes.subtitle.split(" = ", 1))
    notes.title, is_set = without_set(notes.title)
    notes.subtitle, also = without_set(notes.subtitle)
    if is_set or also:
        notes.volumes = notes.volumes or 2
    _brackets(notes)
    _edition_in(notes, "title")
    _edition_in(notes, "subtitle")
    for name in ("title", "subtitle"):
        text = getattr(notes, name)
        if notes.part or not HINT.search(text):  # a cheap look before the search
            continue
        found = deque(VOLUME.finditer(text), maxlen=1)
        if found and found[0].start() > 0 - (name == "subtitle"):
            notes.part = clean(text[found[0].start() :].lstrip(ISBD + "([-–")).rstrip(")]")
            setattr(notes, name, clean(text[: found[0].start()]))
    _brackets(notes)
    if qualified := QUALIFIER.match(notes.title):
        notes.title, notes.subtitle = clean(qualified[1]), notes.subtitle or clean(qualified[2])


ENGLISH_EDITION = re.compile(
    r"^(.{3,}?)[\s.,:;(/\[–-]+((?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth)\s+ed(?:ition|n)?\.?)[)\]\s]*$",
    re.IGNORECASE,
)


def _edition_in(notes: _Notes, name: str) -> None:
    """An edition statement at the end of a title: «Signals and systems, 2nd ed.»."""
    text = getattr(notes, name)
    if "ed" in text and (found := ENGLISH_EDITION.match(text)):
        setattr(notes, name, clean(found[1]))
        notes.edition = notes.edition or found[2]


def _brackets(notes: _Notes) -> None:
    """What is said in brackets after a title: the form, the edition, or nothing that parts publications."""
    for name in ("title", "subtitle"):
        while qualified := QUALIFIER.match(getattr(notes, name)):
            said = fold(qualified[2])
            kind = KINDS.get(said, "")
            if EDITION.match(said):
                notes.edition = notes.edition or clean(qualified[2])
            elif kind in ("sound", "braille", "large_print", "electronic"):
                notes.form = kind
            elif kind != "nothing":
                break
            setattr(notes, name, clean(qualified[1]))
    if (kind := KINDS.get(fold(notes.subtitle), "")) and kind != "nothing":
        notes.form, notes.subtitle = kind, ""


def _person(notes: _Notes, content: str) -> None:
    name, role = "", ""
    for code, value in subfields(content):
        if code == "a" and not name:
            name = clean(value)
        elif code in "e4":
            role = f"{role} {value}"
    if name:
        role = role_of(role) if role else ""
        notes.people += [[one, part] for one, part in people_of(name, role)]


def _people_in_statement(notes: _Notes) -> None:
    """245 $c: translators and the like that no field of their own names; everybody where no field names anybody."""
    said = notes.responsibility
    if not said:
        return
    found = people_of(said)
    if notes.people:
        known = {fold(name) for name, _ in notes.people}
        found = tuple(
            (name, role) for name, role in found if role not in ("author", "other") and fold(name) not in known
        )
    notes.people += [[name, role] for name, role in found]


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
            notes.publisher = "" if NOT_NAMED.search(fold(value)) else clean(value).strip("[]")
        elif code == "c" and (found := YEAR.search(value)):
            notes.year = int(found[1])


def _production(notes: _Notes, content: str) -> None:
    if content[1:2] in ("1", " "):
        _imprint(notes, content)


def _extent(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code != "a":
            continue
        if not notes.pages:
            notes.pages, volumes = extent(value)
            notes.volumes = volumes or notes.volumes
        lowered = value.lower()
        if "braille" in lowered or "chữ nổi" in lowered:
            notes.form = "braille"


def extent(text: str) -> tuple[int, int]:
    """The pages (the longest sequence) and the volumes an extent states; 0 for what it does not state."""
    text = VOLUME.sub(" ", text)  # «Tập 6, 194 tr.» is one volume
    volumes = VOLUMES.search(text)
    found = [int(one or other) for one, other in PAGES.findall(text)]
    found += [int(number) for number in NUMBER.findall(text)] if found or not volumes else []
    pages = max((number for number in found if number < 100_000), default=0)
    return pages, int(volumes[1]) if volumes else 0


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


def _original_title(notes: _Notes, content: str) -> None:
    """765 and 534 $t: the title under which the work was first published."""
    if not notes.original:
        notes.original = next((clean(value) for code, value in subfields(content) if code == "t"), "")


def _uniform_title(notes: _Notes, content: str) -> None:
    """240, which goes before the others: the work's own title, whatever the edition calls it."""
    notes.original = next((clean(value) for code, value in subfields(content) if code == "a"), notes.original)


def _varying_title(notes: _Notes, content: str) -> None:
    """246 whose $i says that it is the original title."""
    parts = subfields(content)
    said = fold(" ".join(value for code, value in parts if code == "i"))
    if said and not notes.original and FIRST_TITLE.search(said):
        notes.original = next((clean(value) for code, value in parts if code == "a"), "")


def _original(notes: _Notes, content: str) -> None:
    """880 of 245: the title in its original script."""
    if not notes.script and content[2:].startswith(f"{DELIMITER}6245"):
        notes.script = clean(" ".join(clean(value) for code, value in subfields(content) if code in "ab"))


def _numbers(notes: _Notes, content: str) -> None:
    """035 of WorldCat."""
    for code, value in subfields(content):
        if code == "a" and (found := CONTROL_NUMBER.match(value)):
            notes.numbers.append(f"o{found[1]}")


def _lccn(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "a" and (number := value.replace("-", "").strip().split("/")[0].strip().lower().replace(" ", "")):
            notes.numbers.append(f"l{number}")


def _link(notes: _Notes, content: str) -> None:
    for code, value in subfields(content):
        if code == "u" and value.startswith(("http://", "https://")):
            notes.links.append(value)


READERS: dict[str, Callable[[_Notes, str], None]] = {
    "008": _fixed,
    "010": _lccn,
    "020": _isbn,
    "022": _issn,
    "035": _numbers,
    "041": _languages,
    "100": _person,
    "110": _corporate,
    "111": _corporate,
    "240": _uniform_title,
    "245": _title,
    "246": _varying_title,
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
    "534": _original_title,
    "765": _original_title,
    "856": _link,
    "880": _original,
}
