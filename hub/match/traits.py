"""What comparison looks at, worked out once for each record: its title, its people, its imprint, in comparable form."""

from __future__ import annotations

import re
from typing import NamedTuple

from hub.match.description import Description
from hub.match.people import SURNAMES
from hub.match.rules import Rules
from hub.match.syllable import PLAIN
from hub.match.volume import HINT, VOLUME, number_of, volume_number, volume_numbers
from hub.normalize.text import fold, syllables

COMIC = re.compile(r"truyen tranh|comic|manga|tranh truyen|light novel tranh")
COMIC_WORDS = ("tranh", "comic", "manga")
REVISED = re.compile(
    r"sua chua|bo sung|chinh li|chinh ly|sua doi|cap nhat|soan lai|viet lai|tang bo|dac biet|ki niem|rut gon|day du"
    r"|phien ban|ban moi|revised|enlarged|rev ed|updated|expanded|augmentee|revue|munaqqah|mazid|abridged|unabridged"
)
EDITION_NUMBER = re.compile(r"(?:lan(?: thu)?|thu|tabah) (\d{1,3})\b|\b(\d{1,3})(?:st|nd|rd|th|a|e|\. aufl)?\b")
ORDINALS = {
    "nhat": 1, "dau": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "first": 1, "second": 2, "third": 3, "fourth": 4,
    "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "ula": 1, "thaniyah": 2,
    "thalithah": 3, "rabiah": 4, "khamisah": 5, "sadisah": 6,
}  # fmt: skip
KINDS = (  # of textbooks, the more special first; what a title says of them, folded
    ("teacher", "sach giao vien|sgv|snv|danh cho giao vien|thiet ke bai giang|huong dan giang day|ke hoach bai day"),
    ("workbook", "vo bai tap|vbt|vo thuc hanh|vo luyen|vo tap viet|vo o li"),
    ("exercises", "sach bai tap|sbt|bai tap"),
)
SERIES = ("canh dieu", "ket noi tri thuc", "chan troi sang tao", "cung hoc", "vi su binh dang", "canh buom")
GRADE_MARK = re.compile(r"\b(?:lớp|lop|khối)\s+(?=\d)", re.IGNORECASE)
GRADE = re.compile(r"\blop (\d{1,2})\b")
ROMAN_TAIL = re.compile(r"(?<=\w)[\s.,:(\[–-]+([IVX]{2,5}|[VX]|(?<=[(\[])I(?=[)\]]))[\s.,:)\]]*$")
AGES = re.compile(r"\b\d{1,2}\s*(?:(?:[-–+]|đến|den|to)\s*\d{0,2})?\s*(?:tuổi|tuoi|years? old)\b", re.IGNORECASE)
NUMERAL = re.compile(r"\d+")
BILINGUAL = re.compile(r"song ngu|bilingual|viet anh|anh viet|viet phap|phap viet")
ARTICLES = frozenset({"al", "el", "the", "les", "der", "die", "das"})
FOREIGN_ARTICLES = frozenset({"a", "le", "la"})  # «Lê» and «La» are Vietnamese surnames
FOREIGN_MARKS = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")  # of Vietnamese spelling alone


_CODE = frozenset({"ma", "tg", "tac", "gia", "nxb", "so", "code"})  # «mã TG 0154»: a number in the library's own table

_NOBODY = frozenset(
    {"khong ro", "chua ro", "khuyet danh", "nhieu tac gia", "nhieu", "various", "various authors", "anonymous", "n a"}
)


class Name(NamedTuple):
    """A person's or body's name: its words with their tones and without, sorted, so that order does not count.

    ``foreign`` says that its words are no Vietnamese syllables, ``spelled`` that hyphens part its syllables, as
    Vietnamese writes foreign names: «Lép Tôn-xtôi»; ``native`` that it begins with a Vietnamese surname.
    """

    toned: str
    folded: str
    words: tuple[str, ...]
    foreign: bool = False
    spelled: bool = False
    native: bool = False


class Traits(NamedTuple):
    """A record as comparison sees it; texts are folded unless said otherwise.

    ``title`` keeps its tones and has no numbers of volumes. ``numbers`` are those of the title, the grade and the
    volume, in this order. ``full`` are all words of title, subtitle and part, sorted. ``several`` says that it
    describes several volumes together. ``alternates`` are other ways to put the same: a volume of a series by its own
    title, or by the title of the series and its number.
    """

    description: Description
    title: str
    folded: str
    squeezed: str
    subtitle: str
    part: str
    full: tuple[str, ...]
    numbers: tuple[str, ...]
    script: str
    names: tuple[Name, ...]  # who wrote it
    others: tuple[Name, ...]  # who else had a hand in it
    translators: tuple[Name, ...]
    publisher: str
    edition: int
    edition_words: frozenset[str]
    revised: bool
    comic: bool
    bilingual: bool
    kind: str
    series: str
    marked: bool
    vietnamese: bool
    generic: bool
    several: bool
    substance: int
    alternates: tuple[Traits, ...] = ()


def traits(description: Description, rules: Rules) -> Traits:
    """The traits of a description under the rules."""
    d = description
    folded_title, subtitle = fold(d.title), fold(d.subtitle)
    if (short := _without_genre(d.title, rules)) != d.title:
        d = d._replace(title=short)
    shown = "" if subtitle in rules.genre else subtitle
    part = fold(VOLUME.sub(" ", d.part)) if d.part else ""
    core, numbers = _numbered(d, folded_title, subtitle)
    toned = syllables(core)
    folded = fold(core)
    said = " ".join(filter(None, (folded_title, subtitle, fold(d.edition), fold(d.series))))
    names, others, translators = _people(d, rules)
    language = d.language
    made = Traits(
        description=d,
        title=toned,
        folded=folded,
        squeezed=folded.replace(" ", ""),
        subtitle=shown,
        part=part,
        full=tuple(sorted(f"{folded} {shown} {part}".split())),
        numbers=numbers,
        script=fold(d.script) if d.script else "",
        names=names,
        others=others,
        translators=translators,
        publisher=publisher_key(d.publisher, rules),
        edition=edition_number(d.edition),
        edition_words=edition_words(d.edition),
        revised=bool(REVISED.search(f"{fold(d.edition)} {subtitle}")) if d.edition or subtitle else False,
        comic=_comic(d, said),
        bilingual=len(set(d.languages)) > 1 or bool(BILINGUAL.search(said)),
        kind=next((kind for kind, words in _KINDS if words.search(f"{said} {part}")), ""),
        series=next((name for name in SERIES if name in said), ""),
        marked=not toned.isascii() or any(letter.isdigit() for letter in toned),
        vietnamese=language == "vie" or (language in ("", "und") and not d.title.isascii()),
        generic=_is_generic(folded, rules),
        several=d.volumes > 1,
        substance=sum(map(bool, (names, d.publisher, d.year, d.pages, d.isbns))),
    )
    return _with_alternates(made, rules)


_GENRE_TAIL = re.compile(r"(?P<core>.*\w.*?)(?:\s*[:;]\s+|\s+[-–—]\s+|\s*[(\[])(?P<genre>[^:;()\[\]]+)[)\]]?\s*")


def _without_genre(title: str, rules: Rules) -> str:
    """A title without the genre that stands behind it: «Miko đi học - truyện tranh», «Toán 4 (sách tham khảo)»."""
    found = _GENRE_TAIL.fullmatch(title)
    return found["core"] if found and fold(found["genre"]) in rules.genre else title


def _is_generic(folded: str, rules: Rules) -> bool:
    """A title that many books have: one of the list, or of textbooks a subject with or without its kind before it."""
    if folded in rules.generic or len(folded) < 4:
        return True
    kind = next((words for words in TEXTBOOKS if folded.startswith(words)), "")
    return bool(kind) and folded[len(kind) :] in rules.generic


TEXTBOOKS = ("bai tap ", "vo bai tap ", "sach giao khoa ", "sach giao vien ", "hoc tot ", "luyen tap ", "on tap ")


def _with_alternates(t: Traits, rules: Rules) -> Traits:
    """A volume in its series is known by the series and its number, or by its own title."""
    d = t.description
    found = []
    series, _, said = d.series.rpartition(" ; ")
    number = volume_number(said) if series else ""
    if number and not (d.volume or VOLUME.search(d.title)):
        name = fold(series)
        if name in (fold(d.title), t.folded):
            t = t._replace(numbers=(*t.numbers, number))
        elif name and not t.numbers:
            found.append(_as(t, syllables(series), name, (number,), t.folded))
    if t.numbers and " " in t.part and len(t.part) >= 9 and _is_own_title(t.part, rules):
        own = VOLUME.sub(" ", d.part)
        found.append(_as(t, syllables(own), t.part, (), ""))
    if ". " in d.title and (parted := _author_before(d.title)):
        name, rest = parted
        core = NUMERAL.sub(" ", GRADE_MARK.sub(" ", rest))
        other = _as(t, syllables(core), fold(core), t.numbers, t.part)
        found.append(other._replace(names=(*t.names, name_of(name, rules)), generic=_is_generic(other.folded, rules)))
    return t._replace(alternates=tuple(found)) if found else t


def _is_own_title(part: str, rules: Rules) -> bool:
    """Whether the name of a part may be a title by itself: no genre, no kind of textbook, no title of many books."""
    return not (part in rules.generic or part in rules.genre or any(words.search(part) for _, words in _KINDS))


def _author_before(title: str) -> tuple[str, str] | None:
    """A name that stands before the title in one cell: «Lương Huy Thùy. Hóa học 11»."""
    name, _, rest = title.partition(". ")
    words = name.split()
    if (
        2 <= len(words) <= 5
        and len(rest) > 2
        and all(word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words)
    ):
        return name, rest
    return None


def _as(t: Traits, title: str, folded: str, numbers: tuple[str, ...], part: str) -> Traits:
    return t._replace(
        title=title,
        folded=folded,
        squeezed=folded.replace(" ", ""),
        numbers=numbers,
        part=part,
        full=tuple(sorted(f"{folded} {part}".split())),
        script="",
        generic=False,
    )


_KINDS = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in KINDS)


def _numbered(d: Description, folded: str, subtitle: str) -> tuple[str, tuple[str, ...]]:
    """The title without its numbers, and the numbers: of the title, of the grade, of the volume and its divisions.

    «Kính vạn hoa 5» and «Kính vạn hoa. T. 5» have the same; «Tiếng Việt 1. T. 2» and «Tiếng Việt 2. T. 1» have not.
    """
    title = AGES.sub(" ", d.title) if "tu" in folded or "old" in folded else d.title
    volumes = volume_numbers(d.part) or ([d.volume] if d.volume else [])
    if not volumes and d.subtitle:
        volumes = volume_numbers(d.subtitle)
    numbers: list[str] = []
    if HINT.search(title):
        numbers = volume_numbers(title)
        title = VOLUME.sub(" ", title) if numbers else title
        figures = [str(int(number)) for number in NUMERAL.findall(title)]
        title = NUMERAL.sub(" ", GRADE_MARK.sub(" ", title)) if figures else title
        numbers = figures + numbers
    tail = ROMAN_TAIL.search(title)
    if tail and (number := number_of(tail[1])):
        numbers.append(number)
        title = title[: tail.start()]
    numbers += [grade for grade in GRADE.findall(subtitle) if grade not in numbers]
    if numbers[-len(volumes) :] == volumes:
        volumes = []
    return title if fold(title) else d.title, (*numbers, *volumes)


def _people(d: Description, rules: Rules) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    found: dict[str, list[Name]] = {"author": [], "adapter": [], "editor": [], "translator": [], "": []}
    for name, role in d.people:
        made = name_of(name, rules)
        if made.folded:
            found[role if role in found else ""].append(made)
    main = next((role for role in ("author", "adapter", "editor") if found[role]), "author")
    others = [name for role, names in found.items() if role != main for name in names]
    return tuple(found[main]), tuple(others), tuple(found["translator"])


def name_of(name: str, rules: Rules) -> Name:
    """A name in comparable form; a pen name of the rules' list stands for its bearer."""
    folded = [word for word in fold(name).split() if not word.isdigit() and word not in ARTICLES]
    if " ".join(folded) in _NOBODY or (not _CODE.isdisjoint(folded) and _CODE.issuperset(folded)):
        return Name("", "", ())
    if known := rules.pen_names.get(" ".join(folded)):
        ordered = " ".join(sorted(known.split()))
        return Name(ordered, ordered, tuple(known.split()))
    toned = [word for word in syllables(name).split() if not word.isdigit() and word not in ARTICLES]
    foreign = not all(len(word) == 1 or PLAIN.fullmatch(word) for word in folded)
    if foreign:
        folded = [word for word in folded if word not in FOREIGN_ARTICLES] or folded
        toned = [word for word in toned if word not in FOREIGN_ARTICLES] or toned
    spelled = "-" in name or (foreign and bool(FOREIGN_MARKS.search(" ".join(toned))))
    native = not foreign and not spelled and len(folded) > 1 and not SURNAMES.isdisjoint((folded[0], folded[-1]))
    return Name(" ".join(sorted(toned)), " ".join(sorted(folded)), tuple(folded), foreign, spelled, native)


def publisher_key(text: str, rules: Rules) -> str:
    """A publisher's name without «Nxb»; ``""`` for a code of the library's own table."""
    folded = fold(text.split(";")[0]) if text else ""
    for prefix in rules.publisher_prefixes:
        folded = folded.removeprefix(prefix + " ")
    if _CODE.issuperset(word for word in folded.split() if not word.isdigit()):
        return ""
    return folded.removesuffix(" co").removesuffix(" inc")


def edition_number(text: str) -> int:
    """The number of an edition or printing: «In lần thứ 3» → 3, "2nd ed." → 2; 0 when there is none."""
    if not text:
        return 0
    folded = fold(text)
    if found := EDITION_NUMBER.search(folded):
        number = int(found[1] or found[2])
        return number if number < 300 else 0
    return next((ORDINALS[word] for word in folded.split() if word in ORDINALS), 0)


PRINTING = frozenset(re.split(r"\s", "in lan thu tai ban xuat tb xb an dau nhat printing print impression reprint"))
PLAIN_EDITION = PRINTING | frozenset(
    re.split(
        r"\s",
        "ed edn edition editions the a al el tabah tabat auflage aufl edicion edizione izd of and with co sua chua bo"
        " sung chinh li rev revised enlarged updated expanded nd rd st th ula thaniyah newly new va moi",
    )
)


def edition_words(text: str) -> frozenset[str]:
    """What an edition is called beside its number: "4th international ed." → {international}; a printing: nothing."""
    if not text or text.isspace():
        return frozenset()
    words = {word for word in fold(text).split() if not word[0].isdigit() and word not in ORDINALS}
    return frozenset() if words <= PRINTING else frozenset(words - PLAIN_EDITION) | {"edition"}


def _comic(d: Description, said: str) -> bool:
    if any(word in said for word in COMIC_WORDS) and COMIC.search(said):
        return True
    subjects = " ".join(d.subjects[:4]).lower()
    return "tranh" in subjects and bool(COMIC.search(fold(subjects)))
