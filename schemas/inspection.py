"""Look at one file and say what is in it, as JSON: ``python -m schemas.inspection PATH``.

It is run in a process of its own, with limits of memory and time and without a network: what parses a hostile file must
be nothing that anybody would miss.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from schemas import csip, epub, zip_members
from schemas.bagit import check
from schemas.bagit_stores import Within, Zipped, package_in
from schemas.content_type import PACKAGES, PUBLICATIONS, content_type
from schemas.findings import Findings
from schemas.problem import Problem, Trouble


def inspect(path: Path) -> Findings:
    """What is in a file, whatever it is."""
    kind = content_type(path)
    if kind == "epub":
        return epub.inspect(path)
    if kind == "pdf":
        from schemas import pdf

        return pdf.inspect(path)
    if kind in PACKAGES:
        return _package(path, kind)
    found = Findings(kind)
    if kind not in PUBLICATIONS:
        found.grave(Problem("content_type", {"kind": kind}))
    elif kind == "wacz":
        _safe(path, found)
    return found


def _safe(path: Path, found: Findings) -> None:
    """What makes the file an archive that nobody should open is grave."""
    try:
        with zip_members.opened(path) as archive:
            for problem in zip_members.unsafe(archive):
                found.grave(problem)
    except Trouble as trouble:
        found.grave(trouble.problem)


def _package(path: Path, kind: str) -> Findings:
    found = Findings(kind)
    _safe(path, found)
    if found.refused:
        return found
    try:
        store = Zipped(path)
        if kind == "bag":
            report = check(store)
            for problem in report.errors:
                found.grave(problem)
            for problem in report.warnings:
                found.note(problem)
            if not found.refused and (inner := package_in(store)):
                found.facts["package"] = inner
                for problem, grave in csip.check(Within(store, f"data/{inner}/"), inner):
                    (found.grave if grave else found.note)(problem)
        else:
            for problem, grave in csip.check(store):
                (found.grave if grave else found.note)(problem)
    except Trouble as trouble:
        found.grave(trouble.problem)
    return found


def main() -> None:
    """Print what was found."""
    json.dump(inspect(Path(sys.argv[1])).dump(), sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
