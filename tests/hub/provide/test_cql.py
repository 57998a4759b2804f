"""CQL into a tree, and a tree into a query: what is read, what is refused with which diagnostic, and that nothing stalls."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.provide.cql import DEEPEST, LONGEST, MOST_TERMS, Boolean, Clause, Node, parse
from hub.provide.cql_sort import sort_keys, ways_of
from hub.provide.cql_trees import Tree
from hub.provide.sru_diagnostics import MESSAGES, Diagnostic

FULL = os.environ.get("LIENTHONG_FULL", "0") not in ("", "0")
QUERIES = 1_000_000 if FULL else 3_000
SLOWEST = 0.05  # seconds for one query


def said(node: Node) -> str:
    """A tree in brief: (left operator right), index relation term."""
    if isinstance(node, Boolean):
        return f"({said(node.left)} {node.operator} {said(node.right)})"
    if str(node.index) == "cql.serverChoice":
        return f"‹{node.term}›"
    return f"{node.index}{node.relation}‹{node.term}›"


def refused(query: str) -> int:
    try:
        query_of = parse(query)
        ways_of(query_of.sort)
        Tree(query_of.root)
    except Diagnostic as diagnostic:
        return diagnostic.number
    return 0


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("fish", "‹fish›"),
        ('"dế mèn"', "‹dế mèn›"),
        ("dc.title = fish", "dc.title=‹fish›"),
        ("title any fish", "titleany‹fish›"),
        ("dc.title any/relevant/cql.ignoreCase fish", "dc.titleany‹fish›"),
        ("a and b or c", "((‹a› and ‹b›) or ‹c›)"),
        ("a and (b or c)", "(‹a› and (‹b› or ‹c›))"),
        ("(a or b) not (c prox/unit=word/distance<=3 d)", "((‹a› or ‹b›) not (‹c› prox ‹d›))"),
        ("((((a))))", "‹a›"),
        ("((a) or (b and (c)))", "(‹a› or (‹b› and ‹c›))"),
        ("a AND b", "(‹a› and ‹b›)"),
        ("title = and and or = not", "(title=‹and› and or=‹not›)"),
        ('title = "a \\" b"', 'title=‹a \\" b›'),
        ("title<=3", "title<=‹3›"),
        ('> x = "info:srw/cql-context-set/1/dc-v1.1" x.title = a', "info:srw/cql-context-set/1/dc-v1.1.title=‹a›"),
        ('(> "info:srw/cql-context-set/1/dc-v1.1" title = a) or title = b',
         "(info:srw/cql-context-set/1/dc-v1.1.title=‹a› or title=‹b›)"),
        ("title exact fish", "titleexact‹fish›"),
        ("  a\tand\nb ", "(‹a› and ‹b›)"),
    ],
)  # fmt: skip
def test_queries_become_trees(query: str, tree: str) -> None:
    assert said(parse(query).root) == tree


def test_sort_keys_are_read_with_their_modifiers() -> None:
    query = parse("fish sortby dc.date/sort.descending title")
    assert [(way.field, way.descending) for way in ways_of(query.sort)] == [("year", True), ("title_order", False)]
    assert ways_of(query.sort) == sort_keys("date,,0 title,dc,1")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 10), ("a b", 10), ("a and", 10), ("and b or", 16), ("()", 10), ("(a", 10), ("a)", 10), ("a = b = c", 10),
        ("title = ", 10), ("a sortby", 10), ("> x", 10), ("a/b", 10), ('"a', 14), ('a = "', 14),
        ("x" * (LONGEST + 1), 12), ("ế" * (LONGEST // 3 + 1), 12),
        ("(" * 5000 + "a", 12), ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), 13),
        (" or ".join("a" * 1 for _ in range(MOST_TERMS + 1)), 38), ('"' + "a " * 65 + '"', 38),
        ("foo.title = a", 15), ("dc.nothing = a", 16), ("nothing = a", 16), ("cql.resultSetId = 5", 50),
        ("title near a", 19), ("title =/stem a", 20), ("title =/foo.bar a", 15), ("title =/phonetic a", 20),
        ("title =/respectAccents/ignoreAccents a", 21), ("title < a", 22), ("isbn > 9", 22), ("year encloses 5", 22),
        ('year within "1990"', 24), ('title = ""', 27), ('title = "!?"', 29), ('title = "…"', 27),
        ("title = *", 29), ("title = a*", 29), ("title = *a", 29), ("title = a*b*c*d*e*f", 30), ("title = a^b", 32),
        ('title adj "tru* co"', 33), ("year = hai", 36), ("rec.identifier = x", 36), ("a and/rel.sum b", 46),
        ("a prox/unit=sentence b", 42), ("a prox/distance>1 b", 40), ("a prox/distance<=99 b", 41),
        (" or ".join(["(a prox b)"] * 5), 38), (" or ".join(["truy*"] * 9), 30), ("a prox/ordered/unordered b", 44), ("(a or b) prox c", 39), ("title=a prox author=b", 39),
        ("a prox/fuzzy b", 46), ("year=1 prox year=2", 39), ("a sortby subject", 88), ("a sortby title/sort.x", 82),
        ("a sortby title/sort.missingFail", 92), ("a sortby title/sort.respectCase", 91),
        ("a sortby title date id author title", 84),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_has_its_diagnostic(query: str, number: int) -> None:
    assert refused(query) == number


@pytest.mark.parametrize(
    "query",
    [
        "title = tru*", "title = *ruyện", "title = t?uyen", "title = \\*\\*a", 'title = "^dế mèn"', 'title == "a b"',
        "title =/unmasked a*", "date within \"1990 2000\"", "rec.identifier = LT-0000001", "rec.identifier >= 0000001",
        "dc.identifier =/bib.identifierAuthority=isbn 978-604-2-99001-1", "cql.allRecords = 1", "library any \"a b\"",
        "a prox b", "title=a prox/unit=word/distance<=3/ordered title=b", "title <> a", "isbn = 97860*",
        "title = " + "x" * 1000, "title = %", "title = a%", "title = \"a *bcd*\"",
    ],
)  # fmt: skip
def test_what_can_be_answered(query: str) -> None:
    assert refused(query) in ((0, 27) if "%" in query else (0,))


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("subject", 88), ("title,onix", 87), ("title,,2", 90), ("title,,1,1", 91), ("title,,,,abort", 92),
        ("title,,,,,", 82), ("a " * 600, 84), ("title title title title title", 84), ("x" * 1_000_000, 84),
    ],
)  # fmt: skip
def test_sort_keys_of_1_1_that_cannot_be_kept_to(keys: str, number: int) -> None:
    with pytest.raises(Diagnostic) as raised:
        sort_keys(keys)
    assert raised.value.number == number


WORDS = st.sampled_from(
    ["a", "dế", "mèn", "truyện*", "?x", "and", "or", "not", "prox", "sortby", "title", "dc.title", "foo.bar", "year",
     "2001", "isbn", "any", "all", "within", "adj", '"a b"', '"', "\\", '"\\"', "^a", "rec.id", "bib.x", "cql.allRecords"]
)  # fmt: skip
SYMBOLS = st.sampled_from(["(", ")", "=", "==", "<", "<=", ">", ">=", "<>", "/", " ", "\t", "\n", "\x00", "\ue000", "​"])
GRAMMAR = st.lists(st.one_of(WORDS, SYMBOLS, st.just(" ")), max_size=40).map(" ".join)
CLAUSE = st.tuples(
    st.sampled_from(["", "title", "dc.creator", "any", "bath.isbn", "year", "x.y", "id", "library"]),
    st.sampled_from(["", "=", "==", "<", ">=", "<>", " any ", " all ", " adj ", " within ", " encloses ", "=/stem "]),
    st.text(max_size=12),
).map(lambda part: part[0] + part[1] + '"' + part[2].replace("\\", "\\\\").replace('"', '\\"') + '"')
QUERY = st.recursive(
    CLAUSE,
    lambda inner: st.tuples(
        inner, st.sampled_from([" and ", " or ", " not ", " prox ", " prox/distance<3/ordered "]), inner
    ).map(lambda part: f"({part[0]}{part[1]}{part[2]})"),
    max_leaves=12,
)
BYTES = st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "replace"))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(GRAMMAR, QUERY, BYTES, st.text(max_size=300)))
def test_no_query_breaks(query: str) -> None:
    number = refused(query)
    assert number == 0 or number in MESSAGES


PIECES = [
    *'()=<>/"\\*?^., \t\n\x00\ue000', "<=", ">=", "==", "<>", " and ", " or ", " not ", " prox ", " sortby ", "dế", "mèn*", "?x",
    "title", "dc.title", "bath.isbn", "year", "rec.id", "foo.bar", " any ", " all ", " within ", " adj ", "/stem", "/unit=word",
    "/distance<3", '"a b"', '"', "2001", "LT-0000001", "> x = ", "cql.allRecords=1", "sort.descending", "\u200b", "𝄞", "%", "'",
]  # fmt: skip


def made(chance: random.Random) -> str:
    """A query of pieces of CQL, or a sound one with damage."""
    if chance.random() < 0.5:
        return "".join(chance.choices(PIECES, k=chance.randint(1, 60)))
    sound = " and ".join(chance.choices(SOUND, k=chance.randint(1, 6)))
    letters = list(sound)
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(letters))
        letters[place : place + chance.randint(0, 3)] = chance.choice(PIECES)
    return "".join(letters)


SOUND = [
    'dc.title = "dế mèn"', 'title any/respectAccents "a b"', "isbn = 9786042990011", 'date within "1990 2000"', "(a or b) not c",
    "title=a prox/unit=word/distance<=3/ordered title=b", "title = tru* ", 'bath.name == "Tô Hoài"', "rec.identifier >= 5",
    '> d = "info:srw/cql-context-set/1/dc-v1.1" d.title = a', "a sortby dc.date/sort.descending title", 'title = "^a b^"',
]  # fmt: skip


def test_no_query_stalls() -> None:
    """A million with LIENTHONG_FULL=1."""
    chance = random.Random(1966)
    for _ in range(QUERIES):
        query = made(chance)
        if _seconds(query) > SLOWEST:  # once may be the collection of garbage
            assert min(_seconds(query) for _ in range(3)) < SLOWEST, query


def test_the_longest_queries_take_milliseconds() -> None:
    for query in (
        "(" * DEEPEST + "a" + ")" * DEEPEST, " or ".join(["title = dế"] * MOST_TERMS), '"' * 4000, "/" * 4000,
        "> " * 2000, "\\" * 4000, '"' + "\\" * 4000, "=" * 4000, "a/" * 2000, "(a" * 2000, "*" * 4000, " " * 4000 + "a",
    ):  # fmt: skip
        best = min(_seconds(query) for _ in range(3))
        assert best < SLOWEST, (query[:20], best)


def _seconds(query: str) -> float:
    """What a query costs of a processor, whatever else the machine does."""
    started = time.thread_time()
    refused(query)
    return time.thread_time() - started


def test_a_clause_without_an_index_asks_the_server_to_choose() -> None:
    clause = parse("fish").root
    assert isinstance(clause, Clause)
    assert (str(clause.index), str(clause.relation)) == ("cql.serverChoice", "=")
