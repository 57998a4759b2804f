"""Our own OAI-PMH as the doctor sees it."""

from __future__ import annotations

import pytest

from connectors.doctor.costs import Severity
from connectors.doctor.examine import Terms, examine
from connectors.doctor.letter import as_text
from tests.hub.provide.portal import serving

OF_THE_TEST = {
    "plain_http", "base_url",  # on loopback
    "no_gzip",  # the web server before it does that
    "thin", "no_holdings",  # five brief records without copies
}  # fmt: skip


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("path", ["/oai", "/oai-own", "/oai/HP-TP"])
def test_our_own_repositories_are_well(path: str) -> None:
    with serving() as address:
        found = examine(f"{address}{path}", Terms(allow_private=True, interval=0))
    wrong = {finding.code for finding in found.findings if finding.severity is not Severity.GOOD}
    assert wrong <= OF_THE_TEST, as_text(found, "en")
    assert {"format_good", "dates_good", "errors_good", "post_good", "xml_good", "marc_good"} <= {
        finding.code for finding in found.findings
    }
