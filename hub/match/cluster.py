"""From links to clusters: strongest links first, never two records together that a rule or a person keeps apart.

The clusters follow from the set of links alone, not from the order in which records arrived: the same links give the
same clusters, whether all at once or a little at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

SIZE_GUARD = 200  # a cluster that would grow beyond this waits for a person

Link = tuple[int, int, float]  # first, second, score; first < second


def clusters(
    members: Iterable[int],
    links: Sequence[Link],
    apart: Callable[[int, int], bool],
    together: Iterable[tuple[int, int]] = (),
) -> Mapping[int, list[int]]:
    """The clusters as founder → members in ascending order; the founder is the lowest record number.

    ``apart(a, b)`` says whether two records must not be in one cluster. ``together`` are pairs a person joined: they
    come first and no rule keeps them apart.
    """
    groups: dict[int, list[int]] = {record: [record] for record in members}
    founder: dict[int, int] = {record: record for record in groups}
    for first, second in sorted(together):
        _join(groups, founder, first, second)
    for first, second, _ in sorted(links, key=lambda link: (-link[2], link[0], link[1])):
        a, b = founder[first], founder[second]
        if a == b or len(groups[a]) + len(groups[b]) > SIZE_GUARD:
            continue
        if not any(apart(x, y) for x in groups[a] for y in groups[b]):
            _join(groups, founder, first, second)
    return groups


def _join(groups: dict[int, list[int]], founder: dict[int, int], first: int, second: int) -> None:
    a, b = sorted((founder[first], founder[second]))
    if a != b:
        moved = groups.pop(b)
        groups[a] = sorted(groups[a] + moved)
        for record in moved:
            founder[record] = a
