import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.slices import Slice, Slices, cut, next_slice
from schemas.problem import Trouble

RANGE = Slices(index="dc.date", first=1900, last=2025)


def read(numbers, most, slices=RANGE, waiting=None):
    """The slices that a server of these numbers (``None``: has none) is read in, with their hits."""

    def held(part, number):
        within = number is not None and part.first <= number <= part.last
        return within != part.rest

    found = []
    waiting = cut(slices) if waiting is None else waiting
    while one := next_slice(waiting, lambda part: sum(held(part, number) for number in numbers), most):
        found.append(one)
    return found


@given(st.lists(st.one_of(st.none(), st.integers(1850, 2050)), max_size=200), st.integers(1, 80))
def test_every_number_is_in_one_slice_and_no_slice_is_too_large(numbers, most):
    inside = [number for number in numbers if number is not None and 1900 <= number <= 2025]
    largest = max([len(numbers) - len(inside), *(inside.count(number) for number in inside)])
    if largest >= most:
        with pytest.raises(Trouble, match="cannot be divided"):
            read(numbers, most)
        return
    found = read(numbers, most)
    assert sum(hits for _, hits in found) == len(numbers)
    assert all(0 < hits < most for _, hits in found)


def test_slices_come_in_order_and_the_rest_last():
    found = [part for part, _ in read([1900, 1950, 1999, 2025, None], 3)]
    assert found == sorted(found, key=lambda part: (part.rest, part.first))
    assert found[-1] == Slice(1900, 2025, rest=True)
    assert str(found[-1]) == "not 1900–2025"


def test_a_checkpoint_of_what_is_waiting_goes_on_in_the_same_way():
    numbers = [*range(1900, 2026), None]
    whole = read(numbers, 20)
    waiting = cut(RANGE)
    first = next_slice(waiting, lambda part: sum(part.first <= n <= part.last for n in numbers[:-1]), 20)
    stored = [part.stored() for part in waiting]
    assert [first, *read(numbers, 20, waiting=[Slice(**part) for part in stored])] == whole


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="first"):
        Slices(index="dc.date", first=2025, last=1900)
