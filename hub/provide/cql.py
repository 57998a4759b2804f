"""CQL, the Contextual Query Language, 1.1, 1.2 and 2.0, into a tree.

https://www.loc.gov/standards/sru/cql/spec.html; OASIS searchRetrieve version 1.0, part 5:
https://docs.oasis-open.org/search-ws/searchRetrieve/v1.0/. The parser keeps its own stack: no query makes it deep, and
its work grows with the length of the query alone, which is limited. What is not CQL is a :class:`Diagnostic`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from hub.provide.sru_diagnostics import Diagnostic

LONGEST, DEEPEST, MOST_TERMS = 4096, 32, 64  # bytes, parentheses in parentheses, search clauses
TOKEN = re.compile(r'\s*(?:(<=|>=|<>|==|[<>=/()])|"((?:[^"\\]|\\.)*)"|([^\s()=<>"/]+))', re.DOTALL)
COMPARISONS = frozenset({"=", "==", "<>", "<", "<=", ">", ">="})
BOOLEANS = frozenset({"and", "or", "not", "prox"})
SORT = "sortby"

Kind = Literal["symbol", "quoted", "word", "end"]
Operator = Literal["and", "or", "not", "prox"]


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an index, relation or modifier: its context set (a prefix or what it stands for) and the rest."""

    set: str
    name: str

    def __str__(self) -> str:
        return f"{self.set}.{self.name}" if self.set else self.name


@dataclass(frozen=True, slots=True)
class Modifier:
    """``/name`` or ``/name=value``."""

    name: Name
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """``index relation/modifiers term``. The term keeps its backslashes: they say which ``*?^`` are plain letters."""

    index: Name
    relation: Name
    modifiers: tuple[Modifier, ...]
    term: str


@dataclass(frozen=True, slots=True)
class Boolean:
    """``left operator/modifiers right``."""

    operator: Operator
    modifiers: tuple[Modifier, ...]
    left: Node
    right: Node


Node = Clause | Boolean


@dataclass(frozen=True, slots=True)
class SortKey:
    """``index/modifiers`` behind ``sortby``."""

    index: Name
    modifiers: tuple[Modifier, ...]


@dataclass(frozen=True, slots=True)
class Cql:
    """A whole query."""

    root: Node
    sort: tuple[SortKey, ...] = ()


class Token(NamedTuple):
    kind: Kind
    text: str
    place: int  # in the query, from 0

    def is_(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols

    def word(self) -> str:
        """A bare word in lower case: what keywords are told by."""
        return self.text.lower() if self.kind == "word" else ""


@dataclass(slots=True)
class _Level:
    """What stands between a pair of parentheses, or outside of all: the tree so far and the operator that waits."""

    prefixes: Mapping[str, str]
    tree: Node | None = None
    waiting: tuple[Operator, tuple[Modifier, ...]] | None = None

    def take(self, node: Node) -> None:
        if self.waiting and self.tree:
            self.tree = Boolean(*self.waiting, self.tree, node)
        else:
            self.tree = node
        self.waiting = None


NO_PREFIXES: Mapping[str, str] = {}
SERVER_CHOICE, EQUAL = Name("cql", "serverChoice"), Name("", "=")


@dataclass(slots=True)
class _Parser:
    tokens: list[Token]
    at: int = 0
    clauses: int = 0
    levels: list[_Level] = field(default_factory=list)

    def query(self) -> Cql:
        self.levels = [_Level(self.assignments(NO_PREFIXES))]
        while True:
            self.operand()
            while self.look().is_(")"):
                self.close()
            if not self.operator():
                break
        if len(self.levels) > 1:
            raise _syntax("a parenthesis is not closed", self.look())
        sort = self.sort_keys()
        if self.look().kind != "end":
            raise _syntax("not expected here", self.look())
        return Cql(cast("Node", self.levels[0].tree), sort)

    def look(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        token = self.look()
        self.at += 1
        return token

    def assignments(self, outer: Mapping[str, str]) -> Mapping[str, str]:
        """``> prefix = "identifier"`` or ``> "identifier"``, as many as there are; they hold within their level."""
        prefixes = outer
        while self.look().is_(">"):
            self.next()
            name = self.text("the name of a context set")
            if self.look().is_("="):
                self.next()
                prefixes = {**prefixes, name.lower(): self.text("the identifier of a context set")}
            else:
                prefixes = {**prefixes, "": name}
        return prefixes

    def text(self, wanted: str) -> str:
        token = self.next()
        if token.kind not in ("word", "quoted"):
            raise _syntax(f"{wanted} is missing", token)
        return token.text

    def operand(self) -> None:
        """Open parentheses, then a search clause."""
        while self.look().is_("("):
            token = self.next()
            if len(self.levels) > DEEPEST:
                raise Diagnostic(13, f"more than {DEEPEST} parentheses in each other at place {token.place + 1}")
            self.levels.append(_Level(self.assignments(self.levels[-1].prefixes)))
        self.clauses += 1
        if self.clauses > MOST_TERMS:
            raise Diagnostic(38, f"more than {MOST_TERMS} search clauses")
        self.levels[-1].take(self.clause())

    def close(self) -> None:
        token = self.next()
        if len(self.levels) == 1:
            raise _syntax("a parenthesis that was not opened", token)
        done = cast("Node", self.levels.pop().tree)
        self.levels[-1].take(done)

    def operator(self) -> bool:
        word = self.look().word()
        if word not in BOOLEANS:
            return False
        self.next()
        self.levels[-1].waiting = (cast("Operator", word), self.modifiers())
        return True

    def clause(self) -> Clause:
        first = self.look()
        text = self.text("a search term")
        relation = self.relation()
        if relation is None:
            return Clause(SERVER_CHOICE, EQUAL, (), text)
        index = self.name(text)
        modifiers = self.modifiers()
        if first.kind == "quoted" and not index.name:
            raise _syntax("an index has a name", first)
        return Clause(index, relation, modifiers, self.text("a search term"))

    def relation(self) -> Name | None:
        token = self.look()
        if token.kind == "symbol" and token.text in COMPARISONS:
            return Name("", self.next().text)
        word = token.word()
        if not word or word in BOOLEANS or word == SORT:
            return None
        self.next()
        return self.name(word)

    def modifiers(self) -> tuple[Modifier, ...]:
        found = []
        while self.look().is_("/"):
            self.next()
            name = self.name(self.text("the name of a modifier"))
            comparison = value = ""
            if self.look().kind == "symbol" and self.look().text in COMPARISONS:
                comparison, value = self.next().text, self.text("the value of a modifier")
            found.append(Modifier(name, comparison, value))
        return tuple(found)

    def name(self, text: str) -> Name:
        """A name with the context set that its prefix stands for here."""
        prefix, point, rest = text.partition(".")
        prefixes = self.levels[-1].prefixes
        if not point:
            return Name(prefixes.get("", ""), text)
        return Name(prefixes.get(prefix.lower(), prefix), rest)

    def sort_keys(self) -> tuple[SortKey, ...]:
        if self.look().word() != SORT:
            return ()
        self.next()
        keys = []
        while self.look().kind in ("word", "quoted"):
            keys.append(SortKey(self.name(self.next().text), self.modifiers()))
        if not keys:
            raise _syntax("sortby names no index", self.look())
        return tuple(keys)


def parse(query: str) -> Cql:
    """The tree of a query; :class:`Diagnostic` 10, 12, 13, 14 or 38 when it is none, or too long, deep or wide."""
    if len(query) > LONGEST or len(query.encode("utf-8", "replace")) > LONGEST:
        raise Diagnostic(12, f"more than {LONGEST} bytes")
    return _Parser(_tokens(query)).query()


def _tokens(query: str) -> list[Token]:
    tokens = []
    place, end = 0, len(query.rstrip())
    while place < end:
        found = TOKEN.match(query, place)
        if not found:
            raise Diagnostic(14, f"a quotation mark that is not closed, near place {place + 1}")
        symbol, quoted, word = found.groups()
        kind: Kind = "symbol" if symbol else "word" if word else "quoted"
        tokens.append(Token(kind, symbol or quoted or word or "", found.start(found.lastindex or 0)))
        place = found.end()
    tokens.append(Token("end", "", end))
    return tokens


def _syntax(what: str, token: Token) -> Diagnostic:
    shown = f" («{token.text[:40]}»)" if token.text else ""
    return Diagnostic(10, f"{what}, at place {token.place + 1}{shown}")
