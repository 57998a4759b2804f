"""Why two records are, or are not, one union record, and what holds a union record together.

What is made here is for people and programs alike: plain values that JSON can hold, words in both languages. A record
is named SOURCE:IDENTIFIER throughout. Nothing is written.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

from hub.catalog.choices import rules_in_force
from hub.catalog.decisions import Decided, standing
from hub.catalog.links import Found, Known, Linked, find, key_sizes, known, links_of
from hub.match import wording
from hub.match.bridges import bridges, path
from hub.match.compare import Traits, compare
from hub.match.explain import FAR, as_json, explain
from hub.match.keys import MAX_BLOCK, number_of, texts
from hub.sources import matching_rules
from hub.stages.contradictions import Contradiction, contradictions
from hub.stages.neighbors import Cluster, Told, full_title, kept_away, name_of, nearby, read, why_apart
from hub.stages.report import storing
from schemas.problem import Trouble

PAIRS = 400  # compared to find the pair of two clusters that says most
Pair = tuple[int, int]


def explain_pair(one: str, other: str) -> Told:
    """Why two records, or two union records by their nearest members, are one publication or not.

    Identifiers as :func:`hub.catalog.links.find` takes them; its errors, and ``record_same`` for one given twice.
    """
    with storing():
        left, right = find(one), find(other)
        records = known([*left.records(), *right.records()])
        first, second = _nearest(left, right, records, (one, other))
        a, b = records[first], records[second]
        keys, why = _keys(read(a), read(b)), explain(read(a), read(b), rules_in_force(matching_rules()))
        unseen = not keys["compared"] and why.verdict.status != "DIFFERENT"
        return {
            "kind": "pair",
            "first": shown(a),
            "second": shown(b),
            "together": bool(a.union) and a.union == b.union,
            "rules": as_json(why),
            "keys": keys,
            "decisions": [_decision(d, records) for d in standing([first]) if second in (d.first, d.second)],
            "contradictions": [
                _contradiction(c, records)
                for c in contradictions([first])
                if second in (c.decided.first, c.decided.second)
            ],
            **_joined_or_apart(a, b, "never_compared" if unseen else "different"),
        }


def _nearest(left: Found, right: Found, records: dict[int, Known], names: tuple[str, str]) -> Pair:
    """The two records that are compared: of clusters, the two members that are nearest to each other."""
    pairs = [(a, b) for a, b in product(left.records(), right.records()) if a != b and {a, b} <= records.keys()]
    if not pairs or (not left.record and not right.record and left.union == right.union):
        raise Trouble("record_same", first=names[0], second=names[1])
    rules = rules_in_force(matching_rules())
    pairs = pairs[:PAIRS]
    seen = {number: read(records[number]) for pair in pairs for number in pair}

    def nearness(pair: Pair) -> tuple[int, float]:
        verdict = compare(seen[pair[0]], seen[pair[1]], rules)
        return FAR.index(verdict.status), verdict.score

    return max(pairs, key=nearness)


def _keys(a: Traits, b: Traits) -> Told:
    """The blocking keys of two records; they are compared when they share one that not too many records have."""
    one, other = list(dict.fromkeys(texts(a))), list(dict.fromkeys(texts(b)))
    shared = [text for text in one if text in other]
    sizes = key_sizes({number_of(text) for text in shared})
    rows = [_key(text) | {"records": sizes.get(number_of(text), 0)} for text in shared]
    return {
        "compared": any(2 <= row["records"] <= MAX_BLOCK for row in rows),
        "largest_block": MAX_BLOCK,
        "shared": rows,
        "first": [_key(text) for text in one if text not in shared],
        "second": [_key(text) for text in other if text not in shared],
    }


def _key(text: str) -> Told:
    return {"key": text, "words": wording.words(wording.KEYS, text[:1])}


def _joined_or_apart(a: Known, b: Known, unlinked: str) -> Told:
    """The path that joins two records of one cluster, or why their clusters are two."""
    cluster = Cluster.of(a)
    if b.number not in cluster.records:
        other = Cluster.of(b)
        between = [x for x in links_of(cluster.records) if {x.first, x.second} & other.records.keys()]
        return {"path": [], "apart": why_apart(cluster, other, between, unlinked)}
    edges = _edges(cluster)
    steps = [_edge(x, y, edges, cluster) for x, y in pairwise(path(a.number, b.number, edges))]
    return {"path": steps, "apart": None}


Edges = dict[Pair, tuple[Linked | None, Decided | None]]


def _edges(cluster: Cluster) -> Edges:
    """What joins the records of a cluster: links SAME and FITS, and decisions SAME."""
    here = cluster.records.keys()
    found: Edges = {}
    for link in links_of(here):
        if link.verdict != "ASK" and {link.first, link.second} <= here:
            found[link.first, link.second] = link, None
    for one in standing(here):
        if one.verdict == "SAME" and {one.first, one.second} <= here:
            pair = one.first, one.second
            found[pair] = found.get(pair, (None, None))[0], one
    return found


def _edge(one: int, other: int, edges: Edges, cluster: Cluster) -> Told:
    link, decided = edges[min(one, other), max(one, other)]
    return {
        "first": name_of(cluster.records[one]),
        "second": name_of(cluster.records[other]),
        "verdict": link.verdict if link else "",
        "words": wording.words(wording.STATUSES, link.verdict) if link else None,
        "score": link.score if link else None,
        "evidence": [list(line) for line in link.evidence] if link else [],
        "decision": _decision(decided, cluster.records) if decided else None,
    }


def explain_cluster(identifier: str) -> Told:
    """What holds a union record together, what is near it, and what people decided about it.

    An identifier as :func:`hub.catalog.links.find` takes it; its errors.
    """
    with storing():
        found = find(identifier)
        asked = known(found.records())
        cluster = Cluster.of(asked[min(asked)])
        edges = _edges(cluster)
        held = bridges(cluster.records, edges)
        return {
            "kind": "cluster",
            **cluster.about(),
            "asked": name_of(asked[found.record]) if found.record else "",
            "waiting": cluster.waiting,
            "records": [shown(record) for record in cluster.records.values()],
            "links": [_edge(*pair, edges, cluster) for pair in sorted(edges)],
            "bridges": {
                "links": [_edge(*pair, edges, cluster) for pair in held.links],
                "records": [name_of(cluster.records[number]) for number in held.records],
            },
            "near": nearby(cluster),
            "kept_away": kept_away(cluster),
            **_of_people(cluster),
        }


def _of_people(cluster: Cluster) -> Told:
    """The decisions about records of a cluster, and those that something speaks against."""
    decisions, against = standing(cluster.records), contradictions(cluster.records)
    records = cluster.records | known(
        {number for one in decisions for number in (one.first, one.second)} - cluster.records.keys()
    )
    return {
        "decisions": [_decision(one, records) for one in decisions],
        "contradictions": [_contradiction(one, records) for one in against],
    }


def shown(record: Known) -> Told:
    """A record as people and programs name it, with what it says in short."""
    d = record.description
    return {
        "record": name_of(record),
        "source": record.source,
        "library": record.library,
        "identifier": record.identifier,
        "union": record.uid,
        "title": full_title(record),
        "by": ", ".join(name for name, _ in d.people[:3]),
        "edition": d.edition,
        "publisher": d.publisher,
        "year": d.year,
        "pages": d.pages,
        "isbns": d.isbns,
    }


def _decision(one: Decided, records: dict[int, Known]) -> Told:
    first, second = records.get(one.first), records.get(one.second)
    return {
        "first": name_of(first) if first else "",
        "second": name_of(second) if second else "",
        "verdict": one.verdict,
        "words": wording.STATUSES[one.verdict],
        "by": one.by,
        "at": one.at.isoformat(timespec="seconds"),
        "reason": one.reason,
    }


def _contradiction(found: Contradiction, records: dict[int, Known]) -> Told:
    told: dict[str, Any] = _decision(found.decided, records)
    return told | {
        "kind": found.kind,
        "words": wording.CONTRADICTIONS[found.kind],
        "rules": found.rules.status,
        "veto": found.rules.veto,
        "veto_words": wording.words(wording.VETOES, found.rules.veto) if found.rules.veto else None,
        "changed": found.changed,
    }
