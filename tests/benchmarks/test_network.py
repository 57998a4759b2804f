"""The invented network: the same seed gives the same bytes, and its truth is what a reader of the records could know."""

from __future__ import annotations

import csv
import io
from collections import Counter
from random import Random

import pytest

from benchmarks.network import spelling
from benchmarks.network.build import LibraryFile, network, truth
from benchmarks.network.publication import Person, Printing, Publication
from benchmarks.network.said import Said, profiles
from benchmarks.network.say import say
from benchmarks.network.truth import Judged, judge

RECORDS = 1_500
AUTHOR, OTHER = Person("Tô Ngọc Lan"), Person("Lê Văn Bình")


@pytest.fixture(scope="module")
def files() -> list[LibraryFile]:
    return network(RECORDS, 12, seed=3)


@pytest.fixture(scope="module")
def rows(files: list[LibraryFile]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(truth(files))))


def test_the_same_seed_gives_the_same_bytes(files: list[LibraryFile]) -> None:
    again = network(RECORDS, 12, seed=3)
    assert [(file.name, file.body) for file in again] == [(file.name, file.body) for file in files]
    assert truth(again) == truth(files)
    assert network(RECORDS, 12, seed=4)[0].body != files[0].body


def test_every_record_is_in_the_truth_once(files: list[LibraryFile], rows: list[dict[str, str]]) -> None:
    named = Counter((row["library"], row["identifier"]) for row in rows)
    assert set(named.values()) == {1}
    assert sum(len(file.descriptions) for file in files) == len(rows)
    assert abs(len(rows) - RECORDS) < RECORDS * 0.02


def test_formats_and_libraries(files: list[LibraryFile]) -> None:
    assert {file.profile.format for file in files} == {"marc21", "marcxml", "oai_dc", "onix", "xlsx", "csv"}
    assert len({file.profile.code for file in network(300, 15, seed=1)}) == 15


def test_most_records_have_no_isbn_and_many_share_a_publication(rows: list[dict[str, str]]) -> None:
    assert 0.6 < sum("no-isbn" in row["kind"].split() for row in rows) / len(rows) < 0.98
    sizes = Counter(row["cluster"] for row in rows)
    assert sum(size > 1 for size in sizes.values()) > 200
    assert 0 < sum("ambiguous" in row["kind"].split() for row in rows) / len(rows) < 0.06


def test_ambiguous_records_are_clusters_of_their_own(rows: list[dict[str, str]]) -> None:
    alone = [row["cluster"] for row in rows if "ambiguous" in row["kind"].split()]
    sizes = Counter(row["cluster"] for row in rows)
    assert {sizes[cluster] for cluster in alone} == {1}


def test_all_that_is_hard_is_there() -> None:
    kinds = Counter(
        kind for row in csv.DictReader(io.StringIO(truth(network(9_000, 12, seed=1)))) for kind in row["kind"].split()
    )
    hard = """bilingual brief capitals carrier comic company damage-mojibake damage-soft-hyphen foreign generic grade-word
        i-y isbn-float isbn-of-set isbn-typo name-initials name-order name-other name-phonetic named-volume no-author
        no-marks no-pages no-translator no-year pages-off people-in-statement-only publisher-code publisher-form
        repeated reprint revised series-in-title set slip subtitle-in-title textbook tone-placement translation twin
        volume volume-by-its-name volume-in-a volume-in-v wrong-mark year-off"""
    assert [kind for kind in hard.split() if not kinds[kind]] == []


# --- the truth -------------------------------------------------------------------------------------------------------


def book(key: str, *, publisher: str = "Trẻ", year: int = 2000, pages: int = 100, **more: object) -> Publication:
    people = ((more.pop("author", AUTHOR), "author"),)
    said = {"title": "Chuyện làng Vân", **more}
    return Publication(
        key,
        "w1",
        "adult",
        people=people,
        publisher=publisher,
        place="H.",
        printings=(Printing(year),),
        pages=pages,
        **said,
    )  # type: ignore[arg-type]


def told(p: Publication, *states: str, volume: int | None = None, marked: bool = True) -> Said:
    said = Said(p, p.printings[0], 1, marked=marked)
    said.states = set(states)
    said.volume_number = p.volume if volume is None else volume
    return said


FULL = ("author", "publisher", "year", "pages")


def judged(*descriptions: Said) -> list[Judged]:
    return judge([(f"r{number}", said) for number, said in enumerate(descriptions)])


def test_a_brief_record_belongs_where_it_fits_alone() -> None:
    p = book("a")
    assert [found.cluster for found in judged(told(p, *FULL), told(p, "author"))] == ["a", "a"]


def test_a_brief_record_that_fits_two_is_ambiguous() -> None:
    first, second = book("a"), book("b", publisher="Văn học", pages=180)
    *_, brief = judged(told(first, *FULL), told(second, *FULL), told(first, "author"))
    assert brief == Judged("ambiguous-r2", ambiguous=True)


@pytest.mark.parametrize(
    ("other", "states"),
    [
        (book("b", author=OTHER), ("author",)),
        (book("b", publisher="Văn học"), ("publisher",)),
        (book("b", year=2010), ("year",)),
        (book("b", pages=150), ("pages",)),
        (book("b", volume=2), ()),
        (book("b", parts=3), ()),
        (book("b", form="sound"), ()),
        (book("b", languages=("vie", "eng")), ()),
        (book("b", title="Chuyện làng Vạn"), ()),
        (book("b", subtitle="sách giáo viên"), ()),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_what_tells_two_publications_apart(other: Publication, states: tuple[str, ...]) -> None:
    p = book("a")
    assert judged(told(p, *FULL), told(other, *FULL), told(p, *states))[-1] == Judged("a")


def test_without_marks_twins_cannot_be_told_apart() -> None:
    p, twin = book("a"), book("b", title="Chuyện làng Vạn")
    assert judged(told(p, *FULL), told(twin, *FULL), told(p, "author", marked=False))[-1].ambiguous


def test_a_year_beside_another_printing_fits_it_too() -> None:
    p, other = book("a"), book("b", year=2001)
    assert judged(told(p, *FULL), told(other, *FULL), told(p, "author", "year"))[-1].ambiguous


def test_brief_records_without_a_fuller_one() -> None:
    p = book("a")
    assert judged(told(p, "author")) == [Judged("only-brief-a")]
    assert [found.ambiguous for found in judged(told(p, "author"), told(p, "author"))] == [True, True]


def test_a_brief_record_of_a_book_that_nobody_describes_fits_the_one_that_is_there() -> None:
    here, elsewhere = book("a"), book("b", publisher="Văn học")
    assert judged(told(here, *FULL), told(elsewhere, "author"))[-1] == Judged("a")


# --- spelling --------------------------------------------------------------------------------------------------------


def test_spelling_habits() -> None:
    assert spelling.tone_after("Hòa bình, thủy lợi, quý, của mùa, khỏe") == "Hoà bình, thuỷ lợi, quý, của mùa, khoẻ"
    assert spelling.other_iy("Kỹ sư quý") == "Kĩ sư quí"
    assert spelling.other_iy("phiêu lưu kí") == "phiêu lưu ký"
    assert spelling.small("Dế Mèn") == "Dế mèn"


def test_legacy_damage() -> None:
    assert spelling.vni("Đất rừng phương Nam") == "Ñaát röøng phöông Nam"
    assert spelling.converted_twice("khác nhau") == "khỏc nhau"
    assert spelling.lost_hyphens("thư", Random(1)) in ("th", "th-", "th−")
    assert spelling.for_cp1258("Đất rừng").decode("cp1258") == "Đâ\u0301t rư\u0300ng"


def test_slips_change_little() -> None:
    random = Random(5)
    for _ in range(200):
        text = spelling.slip(spelling.wrong_mark("Dế Mèn phiêu lưu ký", random), random)
        assert abs(len(text) - 19) <= 1


def test_each_library_says_the_same_of_a_book_each_time() -> None:
    p = book("a", subtitle="truyện")
    for profile in profiles(12):
        first, second = (say(p, p.printings[0], 1, profile, Random(9), {"": []}) for _ in range(2))
        assert first == second
