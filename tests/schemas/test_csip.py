"""E-ARK packages: the corpus of the DILCIS Board rule by rule, and packages of our own made wrong in one place each."""

from __future__ import annotations

import re
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from schemas import csip
from schemas.bagit_stores import Folder

BASE = "eark-ip-test-corpus/corpus/CSIP"
TOGETHER = {"CSIP2": ("CSIP2", "CSIP3"), "CSIP4": ("CSIP4", "CSIP5")}  # told apart by the corpus, or not
KNOWN = {  # where this judgement is another one than the corpus's, and why
    ("CSIP8", "mets-xml_metsHdr_LASTMODDATE_not_exist"): "whether a package was changed cannot be seen",
    ("CSIP8", "mets-xml_metsHdr_LASTMODDATE_in_future"): "the day has passed since",
    ("CSIP11", "mets-xml_metsHdr_agent_all_criterias_different_objs"): "told as CSIP12 of the nearest agent",
    ("CSIP24", "IP_18000_CSIP24_2"): "has no xlink:href in the namespace of XLink",
    ("CSIP26", "IP_18000_CSIP26_3"): "a media type that nobody knows is a remark: the list of IANA changes",
    ("CSIP41", "valid_IP_with_SHOULD_MAY_1_rep"): "the ends of its lines were changed: sizes differ",
    ("CSIP43", "valid_IP_with_SHOULD_MAY_1_rep"): "the ends of its lines were changed: checksums differ",
}


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eark")
    with tarfile.open(shared / "data/eark/csip_001-049.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / BASE


def test_the_corpus_is_judged_rule_by_rule(corpus: Path) -> None:
    """Each case says of a package whether it keeps one rule; what it says of that rule is compared."""
    right, other = Counter[str](), set()
    for case in sorted(corpus.glob("*/testCase.xml")):
        name = case.parent.name
        mine = TOGETHER.get(name, (name,))
        for rule in etree.parse(case).getroot().iter("rule"):
            error = rule.find("error")
            for package in rule.iter("package"):
                said = " ".join((package.findtext("path") or "").split())
                path = case.parent / said
                if not said or not path.is_dir() or error is None:
                    continue
                found = [
                    (p.facts["rule"], grave) for p, grave in csip.check(Folder(path), path.name) if "rule" in p.facts
                ]
                graves = any(one in mine for one, grave in found if grave)
                any_of = any(one in mine for one, _ in found)
                good = (
                    not graves
                    if package.get("isValid") == "TRUE"
                    else graves
                    if error.get("level") == "ERROR"
                    else any_of
                )
                right["right" if good else "other"] += 1
                if not good:
                    other.add((name, path.name))
    assert other <= set(KNOWN), other - set(KNOWN)
    assert right["right"] >= 128
    assert sum(right.values()) == 137


def test_every_package_of_the_corpus_is_decided_with_a_reason(corpus: Path) -> None:
    counted = Counter[bool]()
    for path in sorted({one.parent for one in corpus.glob("*/*valid/*/METS.xml")}):
        found = csip.check(Folder(path), path.name)
        assert all(re.search(r"\w", problem.sentence("vi")) for problem, _ in found)
        counted[any(grave for _, grave in found)] += 1
    assert sum(counted.values()) > 100
