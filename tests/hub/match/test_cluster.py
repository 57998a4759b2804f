"""Clustering against an oracle: the same links give the same clusters, in any order; what is kept apart stays apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.match.cluster import clusters

pairs = st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda p: p[0] < p[1])
links = st.lists(st.tuples(pairs, st.sampled_from([8.0, 9.0, 10.0])), unique_by=lambda link: link[0], max_size=14)


def components(edges: list[tuple[int, int]]) -> set[frozenset[int]]:
    """The plain connected components."""
    groups = {n: {n} for n in range(1, 10)}
    for a, b in edges:
        joined = groups[a] | groups[b]
        for n in joined:
            groups[n] = joined
    return {frozenset(group) for group in groups.values()}


def made(given_links: list[tuple[tuple[int, int], float]], forbidden: set[tuple[int, int]]) -> set[frozenset[int]]:
    rows = [(a, b, score) for (a, b), score in given_links]
    groups = clusters(range(1, 10), rows, lambda x, y: "hard" if (min(x, y), max(x, y)) in forbidden else "")
    assert all(founder == min(members) for founder, members in groups.items())
    return {frozenset(members) for members in groups.values()}


@given(links)
def test_without_vetoes_clusters_are_the_connected_components(drawn: list[tuple[tuple[int, int], float]]) -> None:
    assert made(drawn, set()) == components([pair for pair, _ in drawn])


@given(links, st.sets(pairs, max_size=5), st.randoms())
def test_vetoed_pairs_are_never_together_and_order_does_not_matter(drawn, forbidden, random) -> None:
    result = made(drawn, forbidden)
    assert not any(a in group and b in group for group in result for a, b in forbidden)
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert made(shuffled, forbidden) == result


def test_a_persons_word_joins_what_a_rule_keeps_apart() -> None:
    groups = clusters([1, 2], [], lambda x, y: "hard", together=[(1, 2)])
    assert dict(groups) == {1: [1, 2]}
