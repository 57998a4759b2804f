"""The libraries that roles are given for. The network, which knows them, tells us when it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_known: list[Callable[[Iterable[str]], dict[str, str]]] = []


def know(names: Callable[[Iterable[str]], dict[str, str]]) -> None:
    """Set who knows the names of libraries: codes → the names of those that are there."""
    _known[:] = [names]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of the libraries with these codes, where there are such."""
    return _known[0](codes) if _known else {}
