"""CQL over a large index: how long queries of people, of library systems and of attackers take, and how long scans.

``python -m benchmarks.sru`` makes a search index of ``--records`` invented books, and carries out ``--queries`` of each
kind as the SRU server does, in this process: parsing, searching, sorting, the numbers of the first ten records. It
prints the median, the 95th and the 99th percentile in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from random import Random
from unicodedata import normalize

from benchmarks.books import FAMILIES, GIVEN, PUBLISHERS, SUBJECTS, SYLLABLES

INITIALS = "b c ch d đ g gh h k kh l m n ng nh p ph qu r s t th tr v x".split()  # noqa: SIM905
FINALS = "a an ang ao at ay ăn âm ân âu e en eo ê ên i ia inh o oa oi on ong ô ôi ơ ơi u ui un ung ư ưa".split()  # noqa: SIM905
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def vocabulary(chance: Random) -> list[str]:
    """Syllables as Vietnamese makes them, and some foreign words."""
    made = set()
    for _ in range(9000):
        final = chance.choice(FINALS)
        made.add(normalize("NFC", chance.choice(INITIALS) + final[0] + chance.choice(TONES) + final[1:]))
    foreign = {"".join(chance.choices("abcdefghiklmnoprstuvz", k=chance.randint(4, 9))) for _ in range(60_000)}
    return [*SYLLABLES, *sorted(made), *sorted(foreign)]


def fill(records: int, words: list[str], chance: Random) -> None:
    """The index."""
    from hub.catalog.index import Held, IndexWriter
    from hub.match.description import Description

    weights = [1 / (place + 20) for place in range(len(words))]
    drawn = chance.choices(words, weights, k=2_000_000)

    def text(number: int, count: int) -> str:
        at = number * 7919 % (len(drawn) - count)
        return " ".join(drawn[at : at + count])

    with IndexWriter(fresh=True) as writer:
        for number in range(1, records + 1):
            isbn = f"978604{number:07d}"
            author = f"{FAMILIES[number % 12]} {GIVEN[number * 7 % 14]} {GIVEN[number * 11 % 14]}"
            book = Description(
                title=text(number, 3 + number % 6), responsibility=author, people=[[author, "author"]], 
                year=1950 + number % 76,
                publisher=PUBLISHERS[number % 7], isbns=[isbn], subjects=[SUBJECTS[number % 7]], language="vie",
                summary=text(number * 31, 30),
            )  # fmt: skip
            writer.put(number, book, Held([f"HP-{number % 200:03d}"], ["public"]))


def queries(words: list[str], chance: Random) -> dict[str, Callable[[], str]]:
    """Kinds of queries, each with what makes one."""

    def word(most: int = 3000) -> str:
        return words[min(int(chance.paretovariate(0.8)), most)]

    def name() -> str:
        return f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}"

    return {
        "words": lambda: f'"{word()} {word()} {word()}"',
        "title and author": lambda: f'title = "{word()} {word()}" and author = "{name()}"',
        "phrase": lambda: f'title adj "{word()} {word()}"',
        "isbn": lambda: f"bath.isbn = 978604{chance.randint(1, 999_999):07d}",
        "or, years": lambda: f'(title = {word()} or subject = thơ) and date within "1990 2010"',
        "sorted": lambda: f"title = {word()} sortby title",
        "masked": lambda: f"title = {chance.choice(INITIALS)}ươ* and any = *{chance.choice(INITIALS)}anh",
        "all records, deep": lambda: f"cql.allRecords = 1 and id > {chance.randint(1, 900_000)}",
        "attack: 64 words": lambda: " or ".join(f"any = {word(60)}" for _ in range(64)),
        "attack: masks": lambda: " or ".join(
            f"any = *{chance.choice('aeiou')}n{chance.choice('aeg')}*" for _ in range(8)
        ),
        "attack: proximity": lambda: " or ".join(f"(any={word(9)} prox/distance<=10 any={word(9)})" for _ in range(4)),
    }


def measured(only: str, count: int, words: list[str], chance: Random) -> None:
    from hub.provide.cql import parse
    from hub.provide.cql_scan import scan
    from hub.provide.cql_sort import ways_of
    from hub.provide.sru_diagnostics import Diagnostic
    from hub.provide.sru_search import find

    def search(text: str) -> str:
        query = parse(text)
        return f"{find(query, ways_of(query.sort), 1, 10, {}).total}"

    makers = [(name, make, search) for name, make in queries(words, chance).items()]
    makers.append(
        (
            "scan of titles",
            lambda: f"title = {words[chance.randrange(3000)]}",
            lambda text: str(scan(text, 3, 20, frozenset())),
        )
    )
    for name, make, work in makers:
        if only not in name:
            continue
        taken, refused = [], 0
        for _ in range(count if not name.startswith("attack") else max(count // 10, 5)):
            text, start = make(), time.perf_counter()
            try:
                work(text)
            except Diagnostic as diagnostic:
                refused += 1
                if diagnostic.number != 2:
                    raise SystemExit(f"{text}: {diagnostic}") from None
            taken.append(1_000 * (time.perf_counter() - start))
        taken.sort()
        shown = [statistics.median(taken), *(taken[int(part * (len(taken) - 1))] for part in (0.95, 0.99))]
        late = f", {refused} given up after two seconds" if refused else ""
        print(f"{name}: median {shown[0]:.1f} ms, p95 {shown[1]:.1f}, p99 {shown[2]:.1f}{late}", flush=True)


def main() -> None:
    """Make the index, search it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--queries", type=int, default=300)
    options.add_argument("--only", default="", help="kinds of queries with this in their name")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lienthong-sru-") as folder:
        os.environ["LIENTHONG_HOME"] = folder
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
        django.setup()
        chance = Random(7)
        words, start = vocabulary(chance), time.perf_counter()
        fill(asked.records, words, chance)
        print(f"{asked.records} books indexed in {time.perf_counter() - start:.0f} s", flush=True)
        measured(asked.only, asked.queries, words, chance)


if __name__ == "__main__":
    main()
