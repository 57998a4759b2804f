"""A library describes a publication, step by step: title, volume, edition, imprint, extent, language, identifiers."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.network import people, written
from benchmarks.network.publication import Printing, Publication
from benchmarks.network.said import Profile, Said, Teller

ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
NUMERALS = ["", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
FORCED = ("sách giáo viên", "ấn bản đặc biệt", "truyện tranh cổ tích")
OLD_NAMES = {"Giáo dục Việt Nam": "Giáo dục", "Giáo dục": "Giáo dục Việt Nam", "Phụ nữ Việt Nam": "Phụ nữ"}
OLD_NAMES |= {"Văn hóa Thông tin": "Văn hóa - Thông tin", "Chính trị quốc gia": "Chính trị quốc gia - Sự thật"}
SHORT_NAMES = {"Kim Đồng": "KĐ", "Giáo dục": "GD", "Giáo dục Việt Nam": "GDVN", "Văn hóa Thông tin": "VHTT"}
SHORT_NAMES |= {"Đại học Sư phạm": "ĐHSP", "Đại học Quốc gia Hà Nội": "ĐHQGHN", "Văn học": "VH", "Hội Nhà văn": "HNV"}
SHORT_SERIES = {"Kết nối tri thức với cuộc sống": "KNTT", "Chân trời sáng tạo": "CTST", "Cánh diều": "CD"}
CITY = "Thành phố Hồ Chí Minh"
CARRIERS = {"braille": "sách chữ nổi", "sound": "sách nói", "electronic": "sách điện tử"}


def say(
    publication: Publication,
    printing: Printing,
    number: int,
    profile: Profile,
    random: Random,
    units: written.Neighbors,
) -> Said:
    """What the library of ``profile`` says of its copy."""
    said, teller = Said(publication, printing, number), Teller(profile, random)
    for step in STEPS:
        step(said, teller)
    written.identify(said, teller, units)
    if said.brief or teller.happens("brief"):
        _brief(said)
    written.slips(said, teller)
    written.join(said, teller)
    written.spell(said, teller)
    written.damage(said, teller)
    return said


def _title(said: Said, teller: Teller) -> None:
    p = said.publication
    said.title, said.form = p.title, p.form
    if "textbook" in p.traits and teller.happens("grade_word"):
        said.title = re.sub(r"(\d+)$", r"lớp \1", p.title)
        said.kinds.add("grade-word")
    if said.printing.binding and teller.happens("hardcover"):
        said.title += f" ({said.printing.binding})"
        said.kinds.add("binding")
    if teller.happens("kind_in_title"):
        said.title += teller.one_of(" (truyện thiếu nhi)", " (STN)", " (sách tham khảo)")
        said.kinds.add("word-in-title")


def _subtitle(said: Said, teller: Teller) -> None:
    p = said.publication
    adapted = p.form == "comic" and p.kind != "comics"
    if p.subtitle and (teller.happens("subtitle") or adapted or p.subtitle in FORCED):
        said.subtitle = p.subtitle
        said.states.add("subtitle")
        if p.form == "comic":
            said.states.add("form")
    elif p.subtitle:
        said.kinds.add("no-subtitle")
    if p.bilingual:
        if p.parallel and teller.happens("parallel"):
            said.parallel = p.parallel
        if not said.parallel or teller.chance(0.3):
            said.subtitle = said.subtitle or teller.one_of("song ngữ Anh - Việt", "sách song ngữ", "song ngữ")
    if p.form in CARRIERS and not teller.profile.is_marc:
        said.note = CARRIERS[p.form]


def volume_statement(number: int, form: str) -> str:
    """The number as a volume: «T.2», «Tập II», «Tập hai»."""
    if number > 10:
        form = form.replace("{roman}", "{}").replace("{word}", "{}")
        return form.format(number)
    return form.format(number, roman=ROMAN[number], word=NUMERALS[number])


def _volume(said: Said, teller: Teller) -> None:
    p = said.publication
    if p.parts:
        said.parts = p.parts
    if not p.volume:
        return
    said.volume_number = p.volume
    said.volume = volume_statement(p.volume, teller.form("volume_forms"))
    said.volume_place = teller.form("volume_places")
    if said.volume_place != "n":
        said.kinds.add(f"volume-in-{said.volume_place}")
    if p.part:
        _named(said, teller)


def _named(said: Said, teller: Teller) -> None:
    p = said.publication
    way = teller.form("named") if "named-volume" in p.traits else "set"
    said.part = p.part
    said.states.add("part")
    if way == "set" and not teller.profile.is_marc:
        way = "joined"
    if way == "own":
        said.title, said.part, said.own = p.part, "", True
        said.series, said.series_volume = p.title, said.volume if teller.chance(0.8) else ""
        said.volume, said.volume_place = "", ""
        said.volume_number = p.volume if said.series_volume else 0
        said.kinds.add("volume-by-its-name")
    elif way == "joined":
        said.title = teller.one_of(
            f"{said.title}. {said.volume}: {p.part}",
            f"{said.title} - {said.volume} - {p.part}",
            f"{said.title} : {p.part}. {said.volume}",
        )
        said.part = said.volume = said.volume_place = ""
        said.kinds.add("volume-in-a")


def _edition(said: Said, teller: Teller) -> None:
    p, number = said.publication, said.printing.number
    if p.revised:
        if p.kind == "foreign":
            said.edition = teller.one_of("2nd ed.", "2nd ed., rev.", "Second edition")
            said.states |= {"edition", "revised"}
        elif teller.happens("revision"):
            said.edition = teller.one_of(
                "Tái bản có sửa chữa, bổ sung",
                "In lần thứ 2, có sửa chữa, bổ sung",
                "Tái bản lần thứ 1 có chỉnh lí và bổ sung",
                "Xuất bản lần thứ 2, có sửa chữa",
            )
            said.states |= {"edition", "revised"}
        else:
            said.kinds.add("revision-unsaid")
    elif number > 1:
        said.kinds.add("reprint")
        if p.kind != "foreign" and teller.happens("edition"):
            said.edition = teller.one_of(
                f"In lần thứ {number}", f"Tái bản lần thứ {number - 1}", f"Tái bản lần {number - 1}"
            )
            said.states.add("edition")


def _publisher(said: Said, teller: Teller) -> None:
    p = said.publication
    name = p.publisher
    if not teller.happens("publisher"):
        said.kinds.add("no-publisher")
        return
    if p.company and teller.happens("company"):
        said.publisher, said.kinds = p.company, said.kinds | {"company"}
        if teller.chance(0.5):
            said.publisher = f"{name} ; {p.company}"
        said.states.add("publisher" if name in said.publisher else "company")
        return
    if teller.happens("publisher_code"):
        said.publisher = f"{sum(map(ord, name)) % 97:02d}"
        said.kinds.add("publisher-code")
        return
    said.states.add("publisher")
    for table, rate, kind in (
        (OLD_NAMES, "old_name", "publisher-renamed"),
        (SHORT_NAMES, "short_name", "publisher-short"),
    ):
        if name in table and teller.happens(rate):
            name = table[name]
            said.kinds.add(kind)
    said.publisher = teller.form("publisher_forms").format(name)
    if said.publisher != name:
        said.kinds.add("publisher-form")


def _place(said: Said, teller: Teller) -> None:
    form, place = teller.form("place_forms"), said.publication.place
    if form == "none":
        return
    if place == "Hà Nội" and form != "full":
        place = form
    elif place == CITY and (form != "full" or teller.chance(0.5)):
        place = teller.one_of("Tp. Hồ Chí Minh", "TP. HCM", "Tp.HCM", "T.P. Hồ Chí Minh")
    said.place = place


def _year(said: Said, teller: Teller) -> None:
    if not teller.happens("year"):
        said.kinds.add("no-year")
        return
    year = said.printing.year
    if teller.happens("year_off"):
        year += teller.random.choice([-1, 1])
        said.kinds.add("year-off")
    said.year = teller.form("year_forms").format(year)
    said.states.add("year")


def _pages(said: Said, teller: Teller) -> None:
    p = said.publication
    if not p.pages or not teller.happens("pages"):
        said.kinds |= {"no-pages"} if p.pages else set()
        return
    pages = p.pages
    if pages > 30 and teller.happens("pages_off"):
        pages += teller.random.choice([-4, -2, -1, 1, 1, 2, 3, 4])
        said.kinds.add("pages-off")
    said.pages = teller.form("pages_forms").format(pages)
    said.states.add("pages")


def _series(said: Said, teller: Teller) -> None:
    p = said.publication
    if not p.series or said.own or p.series == p.title:
        return
    textbook = "textbook" in p.traits
    if not teller.happens("textbook_series" if textbook else "series"):
        return
    said.states.add("series")
    if teller.happens("series_in_title"):
        short = textbook and teller.chance(0.3)
        said.title += f" ({SHORT_SERIES[p.series] if short else p.series})"
        said.kinds.add("series-in-title")
    else:
        said.series = f"Bộ sách {p.series}" if textbook and teller.chance(0.3) else p.series


def _language(said: Said, teller: Teller) -> None:
    p = said.publication
    if p.bilingual or teller.happens("language"):
        said.languages, said.original = p.languages, p.original if teller.chance(0.7) else ""
    else:
        said.kinds.add("no-language")


STEPS: tuple[Callable[[Said, Teller], None], ...] = (
    _title, _subtitle, _volume, _edition, _publisher, _place, _year, _pages, _series, _language, people.say_people,
)  # fmt: skip


def _brief(said: Said) -> None:
    """Only the title and, where it is known, the author; a comic, a bilingual book and a carrier are named as such."""
    said.brief = True
    said.publisher = said.place = said.year = said.pages = said.edition = said.series = said.parallel = ""
    said.isbns, said.languages, said.original = [], (), ""
    said.states &= {"author", "subtitle", "part", "form"}
    if said.publication.bilingual:
        said.subtitle = "song ngữ"
    said.kinds = {kind for kind in said.kinds if kind.startswith(("volume", "name", "grade", "no-author"))} | {"brief"}
