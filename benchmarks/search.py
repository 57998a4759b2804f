"""Search over a catalog that is there: a mix of queries with facets, the index built anew, a change that is followed.

``LIENTHONG_HOME=DIR python -m benchmarks.search [--queries N] [--rebuild] [--update]``. The queries are made of titles,
names and subjects of the catalog itself, the same every time: with marks, without, wrongly marked, with slips, phrases,
fields, years, filters, ISBNs, deep pages. Each is measured as a page of results asks for it: 20 works with their
editions and all facets. Goals at 1,000,000 records on 2 cores: p95 ≤ 50 ms; rebuilt ≤ 60 s; followed within 5 s.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import quantiles

from hub.normalize.text import fold

Query = tuple[str, str, dict[str, list[str]], dict[str, object]]  # kind, query, filters, how


def sample(count: int) -> list[tuple[int, object]]:
    """(number, description) of union records all over the catalog."""
    from hub.catalog import bulk, reads
    from hub.catalog.models import Union

    highest = bulk.query(f"SELECT MAX(id) FROM {bulk.table(Union)}")[0][0] or 0
    numbers = []
    for at in range(count):
        sql = f"SELECT id FROM {bulk.table(Union)} WHERE NOT deleted AND id >= %s ORDER BY id LIMIT 1"
        numbers += [row[0] for row in bulk.query(sql, [highest * at // count])]
    return sorted(reads.descriptions(sorted(set(numbers))).items())


def slip(text: str, chance: random.Random) -> str:
    """One letter left out."""
    at = chance.randrange(1, max(len(text) - 1, 2))
    return text[:at] + text[at + 1 :]


def mixture(count: int) -> Iterator[Query]:
    """A mix of what people type."""
    from hub.catalog.search import search

    chance = random.Random(7)
    facets = search("", size=1).facets
    for number, it in sample(count):
        words = it.title.split()  # type: ignore[attr-defined]
        if not words:
            continue
        start = chance.randrange(len(words))
        some = " ".join(words[start : start + chance.randint(1, 4)])
        person = it.people[0][0] if it.people else some  # type: ignore[attr-defined]
        language = [value for value, _ in facets["language"][:1]]
        library = [chance.choice(facets["library"])[0]] if facets["library"] else []
        yield from (
            ("one word", chance.choice(words), {}, {}),
            ("some words", some, {}, {}),
            ("without marks", fold(some), {}, {}),
            ("a slip", slip(some, chance), {}, {}),
            ("wrong marks", some.replace("ê", "è").replace("ư", "ừ").replace("a", "á"), {}, {}),
            ("a phrase", f'"{some}"', {}, {}),
            ("a field", f"tác giả: {person}", {}, {}),
            ("years", f"{words[0]} năm:2000..2015", {}, {}),
            ("minus", f"{words[0]} -{words[-1]}", {}, {}),
            ("a filter", some, {"library": library}, {}),
            ("two filters", words[0], {"library": library, "language": language}, {}),
            ("newest", words[0], {}, {"newest": True}),
            ("a deep page", words[0], {}, {"page": 40}),
            ("every edition", some, {}, {"by_work": False}),
        )
        if number % 10 == 0:
            yield "everything", "", {"library": library}, {}
        if it.isbns:  # type: ignore[attr-defined]
            yield "an ISBN", it.isbns[0], {}, {}  # type: ignore[attr-defined]


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor: on a machine that is busy the second says more."""
    start, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000


def figures(times: list[float]) -> str:
    cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
    return f"p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f}  worst {max(times):7.1f} ms  ({len(times)})"


def measure(count: int) -> None:
    """Time the mixture; the first round warms the files up."""
    from hub.catalog import search as engine

    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    queries = list(mixture(count))
    random.Random(3).shuffle(queries)
    for kind, query, filters, how in queries:
        options = {"by_work": True, **how}
        times[kind].append(timed(lambda q=query, f=filters, o=options: engine.search(q, f, size=20, **o)))  # type: ignore[misc]
    for kind in sorted(times):
        print(f"{kind:<16} {figures([clock for clock, _ in times[kind]])}")
    every = [one for part in times.values() for one in part]
    print(f"{'all':<16} {figures([clock for clock, _ in every])}")
    print(f"{'all, processor':<16} {figures([worked for _, worked in every])}")


def rebuild() -> None:
    """The index from nothing."""
    from hub.catalog.index import reader
    from hub.stages.publish import publish

    start, worked = time.perf_counter(), time.process_time()
    report = publish(fresh=True)
    taken, worked = time.perf_counter() - start, time.process_time() - worked
    index = reader()
    segments = index.searcher.num_segments if index else 0
    indexed = report.counts["indexed"]
    speed = f"{taken:.1f} s ({indexed / taken:,.0f}/s), {worked:.1f} s of processor"
    print(f"rebuilt: {indexed:,} records in {speed}, {segments} segments")


def update() -> None:
    """A record that changes, until search shows it: the datestamp moves, the index follows."""
    from django.utils import timezone

    from hub.catalog.models import Union
    from hub.stages.publish import publish

    union = Union.objects.filter(deleted=False).latest("id")
    Union.objects.filter(pk=union.pk).update(datestamp=timezone.now())
    start = time.perf_counter()
    report = publish()
    print(f"followed: {report.counts['indexed']} record in {time.perf_counter() - start:.2f} s")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=60, help="records that queries are made of")
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--update", action="store_true", help="changes the datestamp of one record")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
    import django

    django.setup()
    if arguments.rebuild:
        rebuild()
    if arguments.update:
        update()
    measure(arguments.queries)


if __name__ == "__main__":
    main()
