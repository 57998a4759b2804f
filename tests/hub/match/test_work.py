"""Which work a publication is of: its editions, volumes and translations are of one, other works are not."""

from __future__ import annotations

from typing import Any

import pytest

from hub.match.describe import describe
from hub.match.description import Description
from hub.match.work import NO_WORK, place, work_key
from hub.normalize.normalize import normalize
from hub.sources import matching_rules, vocabulary
from schemas.record import BLANK_LEADER, Record, data_field

EXUPERY = "Saint-Exupéry, Antoine de"
BUI_GIANG = ["Bùi Giáng", "translator"]


def said(title: str, author: str = "", **more: Any) -> Description:
    people = [[author, "author"]] if author else []
    return Description(
        title=title, people=people + more.pop("people", []), language=more.pop("language", "vie"), **more
    )


def key(*arguments: Any, **more: Any) -> int:
    return work_key(said(*arguments, **more), matching_rules())


KINH_VAN_HOA = said("Kính vạn hoa", "Nguyễn Nhật Ánh")
PRINCE = said("Le Petit Prince", EXUPERY, language="fre")
TOAN = said("Toán 5", "Đỗ Đình Hoan", part="T. 1", volume="1")
HAMLET = said("Hamlet", "Shakespeare, William", language="eng")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KINH_VAN_HOA, KINH_VAN_HOA._replace(part="T. 5", volume="5", year=1998, publisher="Trẻ", form="braille")),
        (KINH_VAN_HOA, said("Kính vạn hoa 5", "Nguyễn, Nhật Ánh")),
        (KINH_VAN_HOA, said("KINH VAN HOA", "NGUYEN NHAT ANH", language="")),
        (KINH_VAN_HOA, KINH_VAN_HOA._replace(edition="Tái bản lần 3, có bổ sung", subtitle="truyện dài")),
        (said("Dế mèn phiêu lưu ký", "Tô Hoài"), said("Dế Mèn phiêu lưu kí", "Nguyễn Sen")),
        (PRINCE, said("Hoàng tử bé", "A. de Saint-Exupéry", people=[BUI_GIANG], original="Le petit prince")),
        (PRINCE, said("Hoàng tử bé", "Antoine de Saint-Exupéry", people=[BUI_GIANG], parallel="Le petit prince")),
        (PRINCE, said("Petit prince", "Saint-Exupéry", language="fre", isbns=["9782070612758"])),
        (TOAN, TOAN._replace(title="Toán", part="lớp 5, tập 2", volume="2")),
        (HAMLET, said("Hamlet", "William Shakespeare", people=[BUI_GIANG])),
        (said("1984", "Orwell, George", language="eng"), said("1984", "George Orwell")),
        (said("Rocky II", "Sylvester Stallone", language="eng"), said("Rocky", "Stallone, Sylvester", language="eng")),
        (said("Từ điển tiếng Việt"), said("Từ điển Tiếng Việt", year=2010)),
        (said("Dế Mèn", "Tô Hoài"), said("Dế Mèn", "Tô Hoài", parallel="Diary of a cricket", people=[BUI_GIANG], languages=["vie", "eng"])),
    ],
)  # fmt: skip
def test_one_work(one: Description, other: Description) -> None:
    rules = matching_rules()
    assert work_key(one, rules) == work_key(other, rules) != NO_WORK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said("Tuyển tập", "Nguyễn Du"), said("Tuyển tập", "Nguyễn Trãi")),
        (said("Thơ", "Nguyễn Khoa Điềm"), said("Thơ", "Phan Thị Thanh Nhàn")),
        (said("Mùa hè", "Tô Hoài"), said("Mùa hè", "Trần Hoài Dương")),
        (TOAN, TOAN._replace(title="Toán 4")),
        (TOAN, TOAN._replace(subtitle="sách giáo viên")),
        (said("Nhà 13 tầng", "Andy Griffiths"), said("Nhà 26 tầng", "Andy Griffiths")),
        (said("Hương vị", "Vũ Bằng"), said("Hương", "Vũ Bằng")),
        (said("Từ điển"), said("Từ điển", language="eng")),
        (said("Poems", "Emily Dickinson", original="Works"), said("Letters", "Emily Dickinson", original="Works")),
    ],
)
def test_two_works(one: Description, other: Description) -> None:
    rules = matching_rules()
    assert work_key(one, rules) != work_key(other, rules)


@pytest.mark.parametrize("title", ["", "Tuyển tập", "Thơ", "A"])
def test_what_says_too_little_is_of_no_work(title: str) -> None:
    assert key(title) == NO_WORK


@pytest.mark.parametrize(
    "field",
    [
        data_field("240", "10", [("a", "Le petit prince."), ("l", "Tiếng Việt")]),
        data_field("246", "3 ", [("i", "Nguyên tác:"), ("a", "Le petit prince")]),
        data_field("534", "  ", [("p", "Dịch từ:"), ("t", "Le petit prince")]),
        data_field("765", "0 ", [("t", "Le petit prince")]),
    ],
    ids=lambda field: field[0],
)
def test_where_a_translation_gives_the_original_title(field: tuple[str, str]) -> None:
    fields = [data_field("100", "1 ", [("a", EXUPERY)]), data_field("245", "10", [("a", "Hoàng tử bé")]), field]
    record = Record(BLANK_LEADER, tuple(sorted(fields)))
    found = describe(normalize(record, vocabulary()).record)
    assert work_key(found, matching_rules()) == work_key(PRINCE, matching_rules())


def test_the_volumes_of_a_work_stand_in_their_order() -> None:
    shelf = [
        KINH_VAN_HOA._replace(volume="10", year=1995),
        KINH_VAN_HOA._replace(volume="2", year=2001),
        said("Kính vạn hoa 3", "Nguyễn Nhật Ánh"),
        KINH_VAN_HOA._replace(volume="2", year=1996),
        KINH_VAN_HOA,
    ]
    assert [place(one)[:2] for one in sorted(shelf, key=place)] == [(0, 0), (2, 1996), (2, 2001), (3, 0), (10, 1995)]
