"""What the network lacks: the rules by themselves, and the survey of a catalog."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.reports.gaps import BANDS, Book, Rules, find

AREAS = ("Lê Chân", "Gia Viên", "Cát Hải", "Bạch Long Vĩ")


def a_book(number: int, band: str = "b", **values: Any) -> Book:
    return Book(number, f"Sách {number}", "", band, 2020, **{"online": False, "copies": {}, **values})


def test_what_most_areas_have_the_others_lack() -> None:
    found = find([a_book(1, copies={"Lê Chân": 1, "Gia Viên": 2}), a_book(2, copies={"Lê Chân": 1})], AREAS)
    assert [line.union for line in found.areas["Cát Hải"].lacks] == [1]
    assert found.areas["Cát Hải"].missing == 1
    assert found.areas["Lê Chân"].missing == 0
    assert found.counts["core"] == 1


def test_what_is_for_adults_is_lacked_by_no_children() -> None:
    found = find([a_book(1, "e", copies={"Lê Chân": 1, "Gia Viên": 2})], AREAS)
    assert found.areas["Cát Hải"].missing == 0


def test_nobody_holds_what_has_no_copies_and_is_not_online() -> None:
    books = [a_book(1), a_book(2, online=True), a_book(3, copies={"": 1}), a_book(4, "e")]
    found = find(books, AREAS)
    assert [line.union for line in found.nobody] == [1, 4], "for children first"
    assert found.counts["nobody"] == 2


def test_many_copies_in_one_area_while_another_has_none() -> None:
    many = {"Lê Chân": 12, "Gia Viên": 1}
    found = find(
        [a_book(1, copies=many), a_book(2, copies=many, lessons=True), a_book(3, copies={"Lê Chân": 4})], AREAS
    )
    assert [(line.union, line.area, line.figure, line.without) for line in found.often] == [(1, "Lê Chân", 12, 2)]
    everywhere = dict.fromkeys(AREAS, 1) | {"Lê Chân": 50}
    assert find([a_book(1, copies=everywhere)], AREAS).often == [], "nobody lacks it"


def test_an_area_is_poor_in_an_age_beside_the_middle_area() -> None:
    books = [a_book(n, "a", copies={"Lê Chân": 1, "Gia Viên": 1, "Cát Hải": 1}) for n in range(4)]
    found = find(books, AREAS)
    assert found.areas["Bạch Long Vĩ"].poor == ["a"]
    assert found.areas["Cát Hải"].poor == []


BOOKS = st.lists(
    st.builds(
        Book,
        st.integers(1, 40),
        st.just("Sách"),
        st.just(""),
        st.sampled_from((*BANDS, "e", "")),
        st.integers(1990, 2026),
        st.booleans(),
        st.dictionaries(st.sampled_from((*AREAS, "")), st.integers(0, 20)),
    ),
    max_size=30,
    unique_by=lambda book: book.union,
)


@given(BOOKS, st.randoms())
def test_the_same_books_in_any_order_give_the_same_findings(books: list[Book], order: random.Random) -> None:
    rules = Rules(listed=3)
    shuffled = order.sample(books, len(books))
    assert find(books, AREAS, rules).dump() == find(shuffled, AREAS[::-1], rules).dump()


@given(BOOKS)
def test_every_title_is_counted_where_it_is(books: list[Book]) -> None:
    found = find(books, AREAS)
    for name in AREAS:
        for band in BANDS:
            here = [book for book in books if book.band == band and name in book.copies]
            assert found.areas[name].titles[band] == len(here)
            assert found.areas[name].copies[band] == sum(book.copies[name] for book in here)
