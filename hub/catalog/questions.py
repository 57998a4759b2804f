"""The open questions of the catalog: pairs of records that a person is asked about, best first."""

from __future__ import annotations

from hub.catalog import bulk
from hub.catalog.models import Bib, Decision, Link, Member
from hub.match.description import Description
from hub.match.queue import Question, questions


def open_questions() -> list[Question]:
    """What is asked: ASK, or FITS that did not join; not in one cluster, not decided by a person."""
    rows = bulk.stream(
        f'SELECT l.first, l.second, l.verdict, l.score, ma."union", mb."union" FROM {bulk.table(Link)} l'
        f" JOIN {bulk.table(Member)} ma ON ma.record_id = l.first"
        f" JOIN {bulk.table(Member)} mb ON mb.record_id = l.second"
        f" WHERE l.verdict IN ('ASK', 'FITS') AND ma.\"union\" <> mb.\"union\""
        f" AND NOT EXISTS (SELECT 1 FROM {bulk.table(Decision)} d"
        " WHERE d.undone_at IS NULL AND d.first_id = l.first AND d.second_id = l.second)"
    )
    found = [Question(*row) for row in rows]
    sizes = _sizes({cluster for question in found for cluster in (question.cluster, question.other)})
    return questions(found, lambda cluster: sizes.get(cluster, (0, 0)))


def _sizes(clusters: set[int]) -> dict[int, tuple[int, int]]:
    """Of some clusters: how much their fullest record says, and how many records they have."""
    sql = (
        f'SELECT m."union", b.description FROM {bulk.table(Member)} m'
        f' JOIN {bulk.table(Bib)} b ON b.record_id = m.record_id WHERE m."union" IN {{}}'
    )
    sizes: dict[int, tuple[int, int]] = {}
    for cluster, text in bulk.among(sql, sorted(clusters)):
        said, records = sizes.get(cluster, (0, 0))
        sizes[cluster] = max(said, _substance(text)), records + 1
    return sizes


def _substance(text: str) -> int:
    d = Description.load(text)
    return sum(map(bool, (d.people, d.publisher, d.year, d.pages, d.isbns)))
