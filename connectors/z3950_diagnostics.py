"""What the diagnostics of Z39.50 (Bib-1, https://www.loc.gov/z3950/agency/defns/bib1diag.html) mean for a source."""

from __future__ import annotations

from connectors.z3950_zoom import Diagnostic
from schemas.problem import Problem, Trouble

CONNECT, TIMEOUT, INVALID_QUERY, INIT = 10000, 10007, 10010, 10005  # of ZOOM itself
MEANT: dict[str, frozenset[int]] = {
    "z3950_database": frozenset({23, 109, 235, 236, 1017}),
    "z3950_query_refused": frozenset({*range(3, 12), 107, 108, 110, *range(113, 128), 1024, 1056, 1072, INVALID_QUERY}),
    "z3950_syntax_refused": frozenset({24, 25, 26, 106, 227, 238, 239, 1066, 1069, 1070, 1071}),
    "z3950_limited": frozenset({12, 13, 31, 33}),
    "z3950_login": frozenset({101, 1010, 1011, 1012, 1013, 1014, 1016, 1021, 1022, 1023, INIT}),
    "z3950_busy": frozenset({2, 27, 28, 29, 30, 32, 1015, 1018, 1019, 1020}),
}


def trouble_of(diagnostic: Diagnostic, host: str, port: int, seconds: float) -> Trouble:
    """The trouble a diagnostic in place of an answer stands for, of a server that was waited for so many seconds."""
    number, message = diagnostic.number, said(diagnostic)
    if diagnostic.group == "HTTP":
        return Trouble("z3950_web_server", host=host, port=port)
    if number == CONNECT:
        return Trouble("http_unreachable", host=host, port=port, detail=message)
    if number == TIMEOUT:
        return Trouble("z3950_timeout", host=host, seconds=f"{seconds:g}")
    for code, numbers in MEANT.items():
        if number in numbers:
            return Trouble(code, host=host, number=number, message=message)
    if diagnostic.group == "ZOOM":
        return Trouble("z3950_lost", host=host, detail=message)
    return Trouble("z3950_diagnostic", host=host, number=number, message=message)


def problem_of(diagnostic: Diagnostic, place: str) -> Problem:
    """The problem of one record in whose place the server gave a diagnostic."""
    facts = {"place": place, "number": str(diagnostic.number), "message": said(diagnostic)}
    return Problem("z3950_record_refused", facts)


def said(diagnostic: Diagnostic) -> str:
    """The message of a diagnostic, and what it is about."""
    return f"{diagnostic.message}: {diagnostic.about}" if diagnostic.about else diagnostic.message
