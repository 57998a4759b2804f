"""The ZOOM interface of YAZ, a Z39.50 client in C (https://software.indexdata.com/yaz/doc/zoom.html), bound by ctypes.

To be used only in a process of its own (:mod:`connectors.z3950_child`): a C library that waits for a server cannot be
stopped in any other way than with its process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

POINTER, TEXT, NUMBER, SIZE = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
TEXTS = ctypes.POINTER(TEXT)
FUNCTIONS: dict[str, tuple[object, list[object]]] = {  # as zoom.h of YAZ 5 declares them
    "ZOOM_connection_create": (POINTER, [POINTER]),
    "ZOOM_connection_connect": (None, [POINTER, TEXT, NUMBER]),
    "ZOOM_connection_option_set": (None, [POINTER, TEXT, TEXT]),
    "ZOOM_connection_error_x": (NUMBER, [POINTER, TEXTS, TEXTS, TEXTS]),
    "ZOOM_connection_destroy": (None, [POINTER]),
    "ZOOM_connection_search_pqf": (POINTER, [POINTER, TEXT]),
    "ZOOM_resultset_size": (SIZE, [POINTER]),
    "ZOOM_resultset_records": (None, [POINTER, ctypes.POINTER(POINTER), SIZE, SIZE]),
    "ZOOM_resultset_cache_reset": (None, [POINTER]),
    "ZOOM_resultset_destroy": (None, [POINTER]),
    "ZOOM_record_get": (POINTER, [POINTER, TEXT, ctypes.POINTER(NUMBER)]),
    "ZOOM_record_error": (NUMBER, [POINTER, TEXTS, TEXTS, TEXTS]),
}
SHOWN = 300  # characters of a server's message


class LibraryMissing(Exception):
    """YAZ is not on this machine."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a server, or the library itself (``group`` "ZOOM"), says is wrong: number, message, what it is about."""

    group: str
    number: int
    message: str
    about: str


class Refused(Exception):
    """A request ended with a diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Given:
    """What a server gave for one place of a result set: a record in a syntax, or a diagnostic in its place."""

    body: bytes
    syntax: str
    diagnostic: Diagnostic | None = None


def load(names: Sequence[str]) -> ctypes.CDLL:
    """The first of the libraries ``names`` that is here and has what is needed; else :class:`LibraryMissing`."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
            for function, (result, arguments) in FUNCTIONS.items():
                bound = getattr(library, function)
                bound.restype, bound.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        return library
    raise LibraryMissing


class Connection:
    """A Z39.50 session (Init) with at most one result set; every call may raise :class:`Refused`."""

    def __init__(self, library: ctypes.CDLL, address: str, options: Mapping[str, str]) -> None:
        """Connect to ``address`` ("tcp:192.0.2.1:210") with ZOOM's connection options."""
        self.library = library
        self._results: int | None = None
        self._line = library.ZOOM_connection_create(None)
        for name, value in options.items():
            self.set(name, value)
        library.ZOOM_connection_connect(self._line, address.encode(), 0)
        try:
            self._check()
        except Refused:
            self.close()
            raise

    def set(self, name: str, value: str) -> None:
        """Set an option of the connection."""
        self.library.ZOOM_connection_option_set(self._line, name.encode(), value.encode())

    def close(self) -> None:
        """End the session."""
        self._forget()
        self.library.ZOOM_connection_destroy(self._line)

    def search(self, query: str) -> int:
        """How many records a query in PQF finds; they are the result set from now on."""
        self._forget()
        self._results = self.library.ZOOM_connection_search_pqf(self._line, query.encode())
        self._check()
        return int(self.library.ZOOM_resultset_size(self._results))

    def present(self, start: int, count: int) -> list[Given]:
        """``count`` records of the result set from place ``start`` (the first is 0) on.

        A record the server did not give at all ends the list before it.
        """
        found = (POINTER * count)()
        self.library.ZOOM_resultset_records(self._results, found, start, count)
        self._check()
        given = []
        for record in found:
            if not record:
                break
            given.append(self._read(record))
        self.library.ZOOM_resultset_cache_reset(self._results)
        return given

    def _read(self, record: int) -> Given:
        message, about, group = TEXT(), TEXT(), TEXT()
        number = self.library.ZOOM_record_error(record, ctypes.byref(message), ctypes.byref(about), ctypes.byref(group))
        if number:
            return Given(b"", "", _diagnostic(number, message, about, group))
        syntax = self._part(record, b"syntax").decode("latin-1")
        return Given(self._part(record, b"opac" if syntax.lower() == "opac" else b"raw"), syntax)

    def _part(self, record: int, part: bytes) -> bytes:
        """A part of a record; nothing for one that is not octets or text (GRS-1)."""
        length = NUMBER()
        start = self.library.ZOOM_record_get(record, part, ctypes.byref(length))
        return ctypes.string_at(start, length.value) if start and length.value > 0 else b""

    def _check(self) -> None:
        message, about, group = TEXT(), TEXT(), TEXT()
        number = self.library.ZOOM_connection_error_x(
            self._line, ctypes.byref(message), ctypes.byref(about), ctypes.byref(group)
        )
        if number:
            raise Refused(_diagnostic(number, message, about, group))

    def _forget(self) -> None:
        if self._results is not None:
            self.library.ZOOM_resultset_destroy(self._results)
            self._results = None


def _diagnostic(number: int, message: ctypes.c_char_p, about: ctypes.c_char_p, group: ctypes.c_char_p) -> Diagnostic:
    return Diagnostic(_shown(group), number, _shown(message), _shown(about))


def _shown(text: ctypes.c_char_p) -> str:
    return " ".join((text.value or b"").decode("utf-8", "replace").split())[:SHOWN]
