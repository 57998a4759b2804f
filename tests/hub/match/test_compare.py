"""Pairs a cataloger would judge at a glance."""

from __future__ import annotations

import pytest

from hub.match.compare import compare, traits
from hub.match.description import Description
from hub.sources import matching_rules

DE_MEN = Description(
    title="Dế Mèn phiêu lưu ký",
    people=[["Tô Hoài", "author"]],
    publisher="Kim Đồng",
    year=2020,
    pages=143,
    language="vie",
    isbns=["9786042990011"],
)
BARE = DE_MEN._replace(isbns=[])


def judged(a: Description, b: Description) -> str:
    rules = matching_rules()
    one, other = compare(traits(a, rules), traits(b, rules), rules), compare(traits(b, rules), traits(a, rules), rules)
    assert one == other, "the order of the two does not matter"
    return one.veto or one.status


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (DE_MEN, "SAME"),
        (BARE._replace(title="DẾ MÈN PHIÊU LƯU KÍ", publisher="NXB Kim Đồng"), "SAME"),
        (BARE._replace(people=[["Tô, Hoài, 1920-2014", "author"]], year=2022), "SAME"),
        (Description(title="De Men phieu luu ky", people=[["To Hoai", "author"]]), "FITS"),
        (BARE._replace(volume="1", part="T. 1"), "volume"),
        (BARE._replace(language="eng"), "language"),
        (BARE._replace(form="braille"), "form"),
        (BARE._replace(languages=["vie", "eng"]), "bilingual"),
        (BARE._replace(subtitle="truyện tranh", pages=64), "adaptation"),
        (BARE._replace(edition="Tái bản có sửa chữa, bổ sung", year=2023, pages=190), "revision"),
        (BARE._replace(title="Dế Mèn phiêu lưu ký 2"), "volume"),
        (BARE._replace(title="Để Men phiêu lưu ký", year=2016), "marks"),
        (BARE._replace(title="Để Mèn phiêu lưu ký"), "SAME"),  # one slip in a long title, all else the same
        (BARE._replace(publisher="Văn học", pages=200, year=2009), "publisher"),
        (BARE._replace(pages=200, year=2009), "extent"),
        (BARE._replace(title="Đất rừng phương Nam", people=[["Đoàn Giỏi", "author"]]), "DIFFERENT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pairs(other: Description, verdict: str) -> None:
    assert judged(DE_MEN, other) == verdict


def test_translators_make_two_expressions() -> None:
    prince = Description(title="Hoàng tử bé", people=[["Saint-Exupéry", "author"], ["Bùi Giáng", "translator"]])
    other = prince._replace(people=[["Saint-Exupéry", "author"], ["Vĩnh Lạc", "translator"]])
    assert judged(prince, other) == "translator"


def status(a: Description, b: Description) -> str:
    rules = matching_rules()
    return compare(traits(a, rules), traits(b, rules), rules).status


def test_a_volume_left_out_is_asked_about_when_all_else_agrees() -> None:
    assert status(BARE, BARE._replace(volume="1", part="T. 1")) == "ASK"
    assert status(BARE._replace(volume="2", part="T. 2"), BARE._replace(volume="1", part="T. 1")) == "DIFFERENT"
    assert status(BARE, BARE._replace(volume="1", part="T. 1", pages=180)) == "DIFFERENT"


def test_marks_that_no_syllable_can_have_are_a_slip_of_the_pen() -> None:
    history = BARE._replace(title="Từ điển tiếng Việt", people=[["Hoàng Phê", "author"]])
    assert status(history, history._replace(title="Từ điển tiếng Viễt", year=2012)) == "SAME"
    assert status(BARE._replace(title="Bố ơi"), BARE._replace(title="Bò ơi")) != "SAME"


def test_a_genre_behind_the_title_is_no_part_of_it() -> None:
    for title in (
        "Dế Mèn phiêu lưu ký - tiểu thuyết",
        "Dế Mèn phiêu lưu ký : truyện dài",
        "Dế Mèn phiêu lưu ký (hồi kí)",
    ):
        assert status(BARE, BARE._replace(title=title)) == "SAME"
    assert traits(BARE._replace(title="Truyện ngắn : tập truyện"), matching_rules()).title, "something is left"


def test_initials_of_a_name_that_begins_with_le() -> None:
    full = BARE._replace(people=[["Lê Bích Đình Lan", "author"]])
    assert status(full, full._replace(people=[["Lê B. Đ. L.", "author"]])) == "SAME"


def test_a_vietnamese_name_is_never_the_sound_of_a_foreign_one() -> None:
    foreign = DE_MEN._replace(people=[["Takeshi Tanaka", "author"]], isbns=[], year=0, pages=0)
    assert status(foreign, foreign._replace(people=[["Tống Thắng", "author"]])) == "DIFFERENT"
    assert status(foreign, foreign._replace(people=[["Ta-kê-si Ta-na-ca", "author"]])) != "DIFFERENT"


def test_the_age_of_readers_is_no_number_of_a_volume() -> None:
    book = BARE._replace(title="Khám phá hóa học : dành cho trẻ 6-12 tuổi")
    assert traits(book, matching_rules()).numbers == ()


def test_volumes_of_one_title_in_two_series_are_two_books() -> None:
    one = BARE._replace(title="Bé Na và những người bạn", volume="3", part="Tập 3, Chiếc thuyền nan")
    other = one._replace(title="Chú rô-bốt mèo Bo", volume="9", part="Tập 9, Chiếc thuyền nan")
    assert status(one, other) == "DIFFERENT"
    assert status(one, one._replace(title="Chiếc thuyền nan", volume="", part="")) == "SAME"


def test_two_textbooks_of_a_kind_are_not_one_by_the_name_of_their_kind() -> None:
    one = Description(title="Ngữ văn 6", volume="2", part="Tập 2, sách giáo viên", publisher="Giáo dục", year=2022)
    assert status(one, one._replace(title="Toán 7", volume="1", part="Tập 1, sách giáo viên")) == "DIFFERENT"


def test_textbooks_without_author_fit_within_one_school_program() -> None:
    book = Description(title="Toán 1", volume="2", part="T. 2", publisher="Giáo dục", year=2008, language="vie")
    assert status(book, book._replace(year=2012)) == "FITS"
    assert status(book, book._replace(year=2021)) != "FITS", "the program of 2018 began with grade 1 in 2020"


def test_law_and_lore_without_author_are_many_books() -> None:
    law = Description(title="Luật đất đai", publisher="Lao động", year=1993, language="vie")
    assert status(law, law._replace(year=2013)) != "FITS"
    assert status(law, law._replace(year=2013, people=[["Trần Văn An", "editor"]])) == "FITS"


def test_a_brief_record_does_not_fit_a_revised_edition() -> None:
    revised = BARE._replace(edition="Tái bản có sửa chữa, bổ sung")
    assert judged(revised, BARE._replace(year=0, pages=0)) == "revision"


def test_another_author_of_one_title_publisher_and_year_may_be_a_pen_name() -> None:
    assert status(BARE, BARE._replace(people=[["Mai Trang", "author"]], pages=0)) == "ASK"
    assert status(BARE, BARE._replace(people=[["Mai Trang", "author"]], pages=0, year=2011)) == "DIFFERENT"
    assert (
        status(BARE._replace(title="Thơ"), BARE._replace(title="Thơ", people=[["Mai Trang", "author"]], pages=0))
        != "ASK"
    )
