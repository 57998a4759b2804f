"""Search: Vietnamese with and without marks, ranks, phrases, ISBN, facets, and a query that is never an error."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.catalog.query import spellings, understand
from hub.catalog.search import Editions, Held, IndexWriter, search, similar
from hub.catalog.suggestions import wordings
from hub.match.description import Description

BOOKS = {
    1: Description(title="Dế Mèn phiêu lưu ký", people=[["Tô Hoài", "author"]], year=2020, isbns=["9786042990011"]),
    2: Description(
        title="Tuyển tập", people=[["Tô Hoài", "author"]], summary="Có truyện Dế Mèn phiêu lưu ký", year=1994
    ),
    3: Description(title="Hoà bình", language="vie", form="braille", audience="j", year=2021),
    4: Description(title="Hòa bình và chiến tranh", language="rus", year=1999),
    5: Description(title="Hoa binh", language="eng", pages=90),
    6: Description(title="Đất nước", audience="b"),
    7: Description(title="Cẩm Giàng quê tôi"),
    8: Description(title="Cẩm Giang quê tôi"),
    9: Description(title="金雲翹傳", parallel="Truyện Kiều"),
}


@pytest.fixture
def index(home: Path) -> None:
    with IndexWriter(fresh=True) as writer:
        for number, description in BOOKS.items():
            libraries = ["HP-1"] if number % 2 else ["HP-1", "HP-2"]
            writer.put(number, description, Held(libraries, ["public"]))


def found(query: str, **filters: Sequence[str]) -> list[int]:
    return [hit.union_id for hit in search(query, filters).hits]


def test_no_index_finds_nothing(home: Path) -> None:
    assert search("dế mèn").total == 0


@pytest.mark.usefixtures("index")
class TestQueries:
    def test_typed_without_marks_every_marking_is_found(self) -> None:
        assert found("de men phieu luu ky") == [1, 2]

    def test_typed_with_marks_the_title_comes_before_the_summary(self) -> None:
        assert found("Dế Mèn phiêu lưu") == [1, 2]

    def test_marks_count(self) -> None:
        with IndexWriter() as writer:  # enough exact results, so that marks are not let go
            for number in range(20, 24):
                writer.put(number, Description(title=f"Cẩm Giàng, tập {number}"), Held(["HP-1"], ["public"]))
        result = search("Cẩm Giàng")
        assert not result.folded
        assert 8 not in [hit.union_id for hit in result.hits]

    def test_few_exact_results_let_the_marks_go_exact_first(self) -> None:
        result = search("Cẩm Giàng")
        assert result.folded
        assert [hit.union_id for hit in result.hits] == [7, 8]

    def test_both_tone_styles_are_one_word(self) -> None:
        assert set(found("hòa bình")) >= {3, 4}
        assert set(found("hoà bình")) >= {3, 4}

    def test_unmarked_word_ranks_first_for_an_unmarked_query(self) -> None:
        assert found("hoa binh")[0] == 5

    def test_i_and_y_are_one_spelling(self) -> None:
        assert found("phiêu lưu kí") == [1, 2]

    def test_d_with_stroke_folds(self) -> None:
        assert found("dat nuoc") == [6]

    def test_all_words_must_match(self) -> None:
        assert found("dế mèn braille") == []

    def test_phrase(self) -> None:
        assert found('"phiêu lưu ký"') == [1, 2]
        assert found('"ký lưu phiêu"') == []

    def test_isbn_in_every_form(self) -> None:
        assert found("978-604-299-001-1") == found("9786042990011") == [1]

    def test_decomposed_query(self) -> None:
        assert found("De\u0302\u0301 Me\u0300n") == [1, 2]

    def test_other_scripts(self) -> None:
        assert found("金雲翹傳") == [9]

    def test_put_replaces_and_delete_removes(self) -> None:
        with IndexWriter() as writer:
            writer.put(6, Description(title="Sông nước"), Held(["HP-1"], ["public"]))
            writer.delete(7)
        assert found("đất nước") == []
        assert found("sông nước") == [6]
        assert found("Cẩm Giàng") == [8]


@pytest.mark.usefixtures("index")
class TestFacets:
    def test_counts(self) -> None:
        facets = search("").facets
        assert dict(facets["library"]) == {"HP-1": 9, "HP-2": 4}
        assert dict(facets["decade"]) == {"2020": 2, "1990": 2}
        assert dict(facets["form"])["braille"] == 1

    def test_a_choice_leaves_the_other_values_of_its_facet(self) -> None:
        result = search("", {"language": ["vie"]})
        assert [hit.union_id for hit in result.hits] == [3]
        assert dict(result.facets["language"]) == {"vie": 1, "rus": 1, "eng": 1}
        assert dict(result.facets["form"]) == {"braille": 1}

    def test_values_of_one_facet_add_up_and_facets_narrow(self) -> None:
        assert set(found("", language=["vie", "rus"])) == {3, 4}
        assert found("", language=["vie", "rus"], library=["HP-2"]) == [4]

    def test_empty_query_gives_the_newest_first(self) -> None:
        assert found("")[:2] == [3, 1]

    def test_pages(self) -> None:
        pages = [hit.union_id for page in (1, 2, 3) for hit in search("", page=page, size=4).hits]
        assert sorted(pages) == sorted(BOOKS)


def test_spellings() -> None:
    assert spellings("hòa") == ("hòa", "hoà")
    assert spellings("quý") == ("quý", "quí")
    assert spellings("tôi") == ("tôi",)


def test_understands_quotation_marks() -> None:
    wish = understand('tô "dế mèn" “phiêu lưu')
    assert [len(phrase) for phrase in wish.phrases] == [2]
    assert len(wish.words) == 3


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_query_is_an_error(query: str) -> None:
    from hub.catalog.trees import matching, ranked_by

    wish = understand(query)
    ranked_by(matching(wish, False), wish, True)


@pytest.mark.usefixtures("index")
def test_what_a_writer_left_that_died_in_its_commit_is_not_in_the_way(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The file of deletions that the next commit writes is there already, as it is when a process ends just then."""
    twin = tmp_path_factory.mktemp("twin")
    shutil.copytree(home / "index", twin / "index")
    monkeypatch.setenv("LIENTHONG_HOME", str(twin))
    _without(3)
    (left,) = {path.name for path in (twin / "index").glob("*.del")} - {
        path.name for path in (home / "index").iterdir()
    }
    monkeypatch.setenv("LIENTHONG_HOME", str(home))
    shutil.copy(twin / "index" / left, home / "index" / left)
    managed = home / "index" / ".managed.json"
    managed.write_text(json.dumps([*json.loads(managed.read_text()), left]))
    _without(3)
    assert 3 not in found("Hoà bình")


def _without(number: int) -> None:
    with IndexWriter(threads=1) as writer:
        writer.delete(number)


class TestFieldsOfAQuery:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("tác giả: Tô Hoài", "author"),
            ("author:Tô Hoài", "author"),
            ("tac gia:to hoai", "author"),
            ("nhan đề:dế mèn", "title"),
            ("chủ đề: văn học", "subject"),
            ("nhà xuất bản: Kim Đồng", "publisher"),
        ],
    )
    def test_in_vietnamese_and_english(self, query: str, field: str) -> None:
        (part,) = understand(query).parts
        assert (part.field, len(part.words), understand(query).words) == (field, 2, ())

    def test_words_before_the_name_of_a_field_stay_words(self) -> None:
        wish = understand('dế mèn tác giả:"Tô Hoài" phiêu lưu')
        assert [word.exact[0] for word in wish.words] == ["dế", "mèn", "phiêu", "lưu"]
        assert [(part.field, part.phrase) for part in wish.parts] == [("author", True)]

    @pytest.mark.parametrize(
        ("query", "years"),
        [
            ("năm:2010..2020", (2010, 2020)),
            ("năm: 2010-2020", (2010, 2020)),
            ("year:2015", (2015, 2015)),
            ("năm:2010..", (2010, 0)),
            ("năm:..1975", (0, 1975)),
            ("năm: xưa", None),
            ("Việt Nam: 1945-1975", None),
        ],
    )
    def test_years(self, query: str, years: tuple[int, int] | None) -> None:
        assert understand(query).years == years

    def test_minus(self) -> None:
        wish = understand("truyện -cổ -“Kim Đồng” T-shirt - x")
        assert [(part.minus, len(part.words)) for part in wish.parts] == [(True, 1), (True, 2)]
        assert [word.exact[0] for word in wish.words] == ["truyện", "t", "shirt", "x"]

    def test_isbn_issn_and_language(self) -> None:
        wish = understand("isbn: 978-604-299-001-1 issn:1859-1234 ngôn ngữ: vie")
        assert (wish.isbn, wish.codes) == ("9786042990011", (("issn", "18591234"), ("language", "vie")))


@pytest.mark.usefixtures("index")
class TestFieldsFind:
    def test_author_is_not_title(self) -> None:
        assert found("tác giả:mèn") == []
        assert set(found("tác giả: tô hoài")) == {1, 2}
        assert found('nhan đề:"dế mèn"') == [1]

    def test_years(self) -> None:
        assert set(found("năm:1990..2000")) == {2, 4}
        assert found("năm:2021..") == [3]

    def test_minus_takes_away(self) -> None:
        assert found("tô hoài -tuyển") == [1]
        assert 1 not in found("-mèn")
        assert len(found("-mèn")) == len(BOOKS) - 2


@pytest.mark.usefixtures("index")
class TestTypos:
    @pytest.mark.parametrize("query", ["dế mèm phiu lưu", "de men phieuu luu", "Đế mèn phiêu lưu kỹ"])
    def test_a_letter_or_a_mark_that_is_wrong(self, query: str) -> None:
        result = search(query)
        assert [hit.union_id for hit in result.hits] == [1, 2]
        assert result.folded

    def test_starts_that_are_heard_alike(self) -> None:
        assert found("chuyện kiều") == [9]

    def test_did_you_mean_knows_tones(self) -> None:
        assert wordings("đế mèn", [BOOKS[1]]) == ["dế mèn"]
        assert wordings("hoa binh", [BOOKS[3], BOOKS[4]]) == ["hoà bình"]
        assert wordings("cam giang", [BOOKS[8], BOOKS[7], BOOKS[7]]) == ["cẩm giàng", "cẩm giang"]
        assert wordings("dế mèn", [BOOKS[1]]) == []
        assert wordings("to hoia", [BOOKS[1]]) == ["tô hoài"]

    def test_similar(self) -> None:
        assert [hit.union_id for hit in similar("dế mem").hits] == [1, 2]


def test_the_whole_title_comes_first_and_more_holders_before_fewer(home: Path) -> None:
    with IndexWriter(fresh=True) as writer:
        writer.put(1, Description(title="Truyện cổ tích Việt Nam chọn lọc"), Held(["A", "B", "C"]))
        writer.put(2, Description(title="Truyện cổ tích"), Held(["A"]))
        writer.put(3, Description(title="Truyện cổ tích"), Held(["A", "B", "C", "D"]))
    for query in ("truyện cổ tích", "truyen co tich"):
        assert found(query) == [3, 2, 1]


def test_typed_without_marks_what_many_hold_comes_before_a_brief_record_typed_so(home: Path) -> None:
    many = Description(
        title="Dế Mèn phiêu lưu ký", subtitle="truyện đồng thoại", people=[["Tô Hoài", "author"]], publisher="Kim Đồng"
    )
    with IndexWriter(fresh=True) as writer:
        for number in range(10, 200):
            writer.put(
                number, Description(title=f"Truyện {number} kể cho bé", people=[["Tô Hoài", "author"]]), Held(["A"])
            )
        writer.put(1, Description(title="De men phieu luu ky", people=[["To Hoai", "author"]]), Held(["A"]))
        writer.put(2, many, Held(["A", "B", "C", "D", "E"]))
    assert found("de men phieu luu ky") == [2, 1]
    assert found("de men to hoai") == [2, 1]
    assert found("dế mèn phiêu lưu ký")[0] == 2


def test_works_stand_with_their_editions(home: Path) -> None:
    with IndexWriter(fresh=True) as writer:
        for number in range(1, 8):
            volume = str(number % 4) if number % 4 else ""
            writer.put(number, Description(title="Kính vạn hoa", volume=volume, year=2000), Held(["A"], work=-77))
        writer.put(8, Description(title="Kính vạn hoa kể chuyện"), Held(["A"]))
        writer.put(9, Description(title="Kính vạn hoa của em"), Held(["A"]))
    result = search("kính vạn hoa", by_work=True)
    assert (result.total, result.works) == (9, 3)
    assert [hit.work for hit in result.hits] == [-77, -8, -9]
    assert result.editions[-77] == Editions(7, 3)
    assert [hit.work for hit in search("kính vạn hoa", by_work=True, page=2, size=2).hits] == [-9]
