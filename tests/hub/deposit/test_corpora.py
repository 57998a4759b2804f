"""Real EPUBs and PDFs of others: each decided with a reason; where their makers say what is wrong, that is found.

Every file is inspected; EPUBCheck takes two seconds for each, so it judges a sample, all of them with LIENTHONG_FULL=1.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from hub.deposit.judging import epubcheck, inspected
from schemas.findings import Findings

FULL = bool(os.environ.get("LIENTHONG_FULL"))
SAMPLE = 12
ENDS = ("valid", "error", "warning", "fatal")
pytestmark = pytest.mark.usefixtures("home")


def books(shared: Path, folder: Path) -> list[tuple[Path, str]]:
    """The EPUBs of the suite, those that are folders zipped, each with what it is said to be."""
    with tarfile.open(shared / "data/epub/epubcheck_epub3_00-05.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    found = [(path, path.stem.rsplit("-", 1)[-1]) for path in sorted(folder.rglob("*.epub")) if path.is_file()]
    for mimetype in sorted(folder.rglob("mimetype")):
        unpacked = mimetype.parent
        packed = unpacked.with_name(unpacked.name + ".packed.epub")
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(mimetype, "mimetype")
            for one in sorted(unpacked.rglob("*")):
                if one.is_file() and one != mimetype:
                    archive.write(one, one.relative_to(unpacked).as_posix())
        found.append((packed, unpacked.name.rsplit("-", 1)[-1]))
    return [(path, said if said in ENDS else "") for path, said in found]


def reasons(found: Findings) -> list[str]:
    return [problem.sentence("vi") for problem, grave in found.problems if grave]


@pytest.fixture
def suite(shared: Path, tmp_path: Path) -> list[tuple[Path, str]]:
    return books(shared, tmp_path / "suite")


def test_every_epub_is_decided_with_a_reason(suite: list[tuple[Path, str]]) -> None:
    counted = Counter[str]()
    chosen = suite if FULL else suite[:: len(suite) // 40]
    for path, said in chosen:
        found, _ = inspected(path)
        assert found.format or found.refused
        assert found.refused == bool(reasons(found))
        assert not any("Traceback" in text or "{" in text for text in reasons(found))
        counted[f"{said} {'refused' if found.refused else 'taken'}"] += 1
        if found.refused and said == "valid":
            assert {problem.code for problem, grave in found.problems if grave} <= {
                "zip_twice",
                "epub_drm",
                "zip_name",
            }, path
    if FULL:
        assert sum(count for name, count in counted.items() if name.endswith("refused")) == 9


def test_epubcheck_says_of_its_own_suite_what_its_makers_say(suite: list[tuple[Path, str]]) -> None:
    told = [(path, said) for path, said in suite if said]
    chosen, other = told if FULL else told[:: len(told) // SAMPLE], []
    for path, said in chosen:
        found = Findings("epub")
        epubcheck(path, found)
        fatal, errors, warnings = found.facts.get("epubcheck", (0, 0, 0))
        whole = fatal + errors + warnings
        assert whole == 0 if said == "valid" else whole > 0, path.name
        exact = {"valid": True, "warning": fatal + errors == 0}.get(said, fatal + errors > 0)
        if not exact:
            other.append(path.name)
    assert len(other) <= 2, "what the suite calls an error is a warning in this version"


def test_every_pdf_is_decided_with_a_reason(shared: Path) -> None:
    files = sorted((shared / "data/pdf").rglob("*.pdf"))
    refused = {}
    for path in files if FULL else files[::3]:
        found, _ = inspected(path)
        assert found.format == "pdf" or found.refused
        if found.refused:
            refused[path.name] = reasons(found)
            assert reasons(found)
    if FULL:
        assert len(refused) == 9, "those with a password"
