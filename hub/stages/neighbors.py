"""What stands near a cluster without being in it, and why: links that did not join, and what a veto keeps away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Any

from hub.catalog.choices import rules_in_force
from hub.catalog.decisions import standing
from hub.catalog.links import Known, Linked, known, links_of, members
from hub.catalog.reads import other_editions, union_uid
from hub.match import wording
from hub.match.cluster import SLIPS
from hub.match.compare import Traits, compare, separation, traits, vetoed
from hub.match.explain import FAR
from hub.sources import matching_rules
from hub.stages.match import candidates

MOST = 10  # neighbors told of each kind
BLOCKERS = 5  # vetoed pairs told
PAIRS = 10_000  # looked at between two clusters
MEMBERS = 50  # of a cluster, whose neighbors are looked for by their keys
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The records of a union record, or one record that is in none yet (``union`` is 0)."""

    union: int
    records: dict[int, Known]

    @classmethod
    def of(cls, record: Known) -> Cluster:
        """The cluster a record is in."""
        return cls(record.union, known(members(record.union)) if record.union else {record.number: record})

    @property
    def waiting(self) -> bool:
        """Whether something is still to be done for one of its records."""
        return not self.union or any(record.due for record in self.records.values())

    def about(self) -> Told:
        """Its name and title."""
        first = self.records[min(self.records)]
        return {"union": first.uid, "title": full_title(first)}


def full_title(record: Known) -> str:
    """Title, part and subtitle in one line."""
    d = record.description
    return " : ".join(filter(None, (". ".join(filter(None, (d.title, d.part))), d.subtitle)))


def name_of(record: Known) -> str:
    """A record as the command takes it: SOURCE:IDENTIFIER."""
    return f"{record.source}:{record.identifier}"


def read(record: Known) -> Traits:
    """A record as comparison sees it."""
    return traits(record.description, matching_rules())


def why_apart(one: Cluster, other: Cluster, links: Iterable[Linked], unlinked: str = "different") -> Told:
    """Why two clusters are not one; ``links`` are those between them, ``unlinked`` is why where there are none.

    ``why`` is one of :data:`hub.match.wording.APART`; ``blockers`` are pairs a veto or a person keeps apart, ``others``
    the union records that fit as well.
    """
    between = list(links)
    blockers = list(islice(chain(_decided(one, other), _vetoed(one, other) if between else ()), BLOCKERS))
    others = _others(one, other) if any(link.verdict == "FITS" for link in between) else []
    why = _why(one, other, between, blockers) or unlinked
    return {"why": why, "words": wording.APART[why], "blockers": blockers, "others": others if why == "several" else []}


def _why(one: Cluster, other: Cluster, links: list[Linked], blockers: list[Told]) -> str:
    if one.waiting or other.waiting:
        return "waiting"
    if any(blocker["veto"] == "" for blocker in blockers):
        return "decision"
    if not links:
        return ""
    best = max(FAR.index(link.verdict) for link in links)
    if FAR[best] == "ASK":
        return "ask"
    if blockers:
        return "veto"
    size = len(one.records) + len(other.records)
    return "size" if size > rules_in_force(matching_rules()).largest_cluster else "several"


def _decided(one: Cluster, other: Cluster) -> Iterator[Told]:
    """The pairs that a person keeps apart (``veto`` is empty)."""
    for decision in standing(one.records):
        pair = decision.first, decision.second
        near = next(number for number in pair if number in one.records)
        far = decision.second if near == decision.first else decision.first
        if decision.verdict == "DIFFERENT" and far in other.records:
            names = {"first": name_of(one.records[near]), "second": name_of(other.records[far])}
            yield {**names, "veto": "", "words": wording.APART["decision"]}


def _vetoed(one: Cluster, other: Cluster) -> Iterator[Told]:
    """The pairs that a veto keeps apart; those that may be slips come last, and only where they are many."""
    rules = rules_in_force(matching_rules())
    seen = {number: read(record) for number, record in (one.records | other.records).items()}
    soft: list[Told] = []
    for a, b in islice(product(one.records, other.records), PAIRS):
        if kept := separation(seen[a], seen[b], rules):
            veto = vetoed(seen[a], seen[b], rules)
            names = {"first": name_of(one.records[a]), "second": name_of(other.records[b])}
            told = {**names, "veto": veto, "words": wording.words(wording.VETOES, veto)}
            if kept == "hard":
                yield told
            else:
                soft.append(told)
    yield from soft if len(soft) > SLIPS * len(one.records) * len(other.records) else ()


def _others(one: Cluster, other: Cluster) -> list[str]:
    """The union records besides these two that fit one of them."""
    own = one.records.keys() | other.records.keys()
    fits = [link for link in links_of(own) if link.verdict == "FITS"]
    found = {record.union for record in known({n for x in fits for n in (x.first, x.second)} - own).values()}
    return [union_uid(union) for union in sorted(found) if union][:MOST]


def nearby(cluster: Cluster) -> list[Told]:
    """The clusters linked to this one, the nearest first: the best link, and why it did not join them."""
    own = cluster.records.keys()
    links = [link for link in links_of(own) if (link.first in own) != (link.second in own)]
    outside = known({number for link in links for number in (link.first, link.second)} - own)
    groups: dict[int, list[Linked]] = defaultdict(list)
    for link in links:
        far = outside.get(link.second if link.first in own else link.first)
        if far:
            groups[far.union or -far.number].append(link)
    ranked = sorted(groups.values(), key=lambda group: max(map(_nearness, group)), reverse=True)
    return [_neighbor(cluster, max(group, key=_nearness), group, outside) for group in ranked[:MOST]]


def _nearness(link: Linked) -> tuple[int, float, int, int]:
    return FAR.index(link.verdict), link.score, -link.first, -link.second


def _neighbor(cluster: Cluster, best: Linked, links: list[Linked], outside: dict[int, Known]) -> Told:
    mine, theirs = (best.first, best.second) if best.first in cluster.records else (best.second, best.first)
    other = Cluster.of(outside[theirs])
    return {
        **other.about(),
        "first": name_of(cluster.records[mine]),
        "second": name_of(outside[theirs]),
        "verdict": best.verdict,
        "words": wording.words(wording.STATUSES, best.verdict),
        "score": best.score,
        "apart": why_apart(cluster, other, links),
    }


def kept_away(cluster: Cluster) -> list[Told]:
    """Records that would be in the cluster by the sum of their weights, were it not for a veto; the nearest first.

    They are looked for by the keys of the members, and among the other editions and volumes of the work.
    """
    own, rules = cluster.records.keys(), rules_in_force(matching_rules())
    pairs = candidates(sorted(own)[:MEMBERS]) | {(min(own), number) for number, _ in other_editions(cluster.union)}
    between = sorted((a, b) if a in own else (b, a) for a, b in pairs if (a in own) != (b in own))[:PAIRS]
    outside = known({far for _, far in between})
    seen = {number: read(record) for number, record in (cluster.records | outside).items()}
    found: dict[int, tuple[float, Told]] = {}
    for mine, far in between:
        if far not in outside:
            continue
        verdict = compare(seen[mine], seen[far], rules)
        key = outside[far].union or -far
        if verdict.veto and verdict.score >= rules.same and (key not in found or found[key][0] < verdict.score):
            found[key] = (
                verdict.score,
                {
                    "union": outside[far].uid,
                    "title": full_title(outside[far]),
                    "first": name_of(cluster.records[mine]),
                    "second": name_of(outside[far]),
                    "score": verdict.score,
                    "veto": verdict.veto,
                    "words": wording.words(wording.VETOES, verdict.veto),
                },
            )
    return [told for _, told in sorted(found.values(), key=lambda row: -row[0])[:MOST]]
