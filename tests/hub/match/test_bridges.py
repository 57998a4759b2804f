"""What holds a cluster together, against the plain way: take it out and see."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.match.bridges import bridges, neighbors, path

Pair = tuple[int, int]
pairs = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])
graphs = st.lists(pairs, max_size=14, unique=True)


def parts(members: set[int], links: list[Pair]) -> int:
    """How many parts a graph has."""
    near, seen, count = neighbors(members, links), set[int](), 0
    for record in members:
        if record not in seen:
            count += 1
            waiting = [record]
            for one in waiting:
                seen.add(one)
                waiting += [other for other in near[one] if other not in seen and other not in waiting]
    return count


@given(graphs)
def test_bridges_are_what_parts_the_cluster_when_it_is_taken_out(links: list[Pair]) -> None:
    members = set(range(8))
    whole = parts(members, links)
    found = bridges(members, links)
    assert found.links == sorted(link for link in links if parts(members, [x for x in links if x != link]) > whole)
    alone = {record for record in members if not any(record in link for link in links)}
    expected = [r for r in members if parts(members - {r}, links) > whole - (r in alone)]
    assert found.records == sorted(expected)


@given(graphs, st.integers(0, 7), st.integers(0, 7))
def test_a_path_is_a_shortest_chain_of_links(links: list[Pair], first: int, second: int) -> None:
    chain = path(first, second, links)
    if first == second:
        assert chain == [first]
        return
    assert all((min(a, b), max(a, b)) in links for a, b in pairwise(chain))
    assert bool(chain) == _reaches(links, first, second)
    if chain:
        assert (chain[0], chain[-1], len(set(chain))) == (first, second, len(chain))


def _reaches(links: list[Pair], first: int, second: int) -> bool:
    reached = [first]
    for record in reached:
        reached += [b if a == record else a for a, b in links if record in (a, b) and {a, b} - set(reached)]
    return second in reached


def test_a_long_chain_is_no_trouble() -> None:
    chain = [(n, n + 1) for n in range(5_000)]
    found = bridges(range(5_001), chain)
    assert (len(found.links), len(found.records)) == (5_000, 4_999)
    assert len(path(0, 5_000, chain)) == 5_001
