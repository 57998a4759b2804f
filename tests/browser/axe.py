"""What axe-core (https://github.com/dequelabs/axe-core) finds wrong on a page, by the rules of WCAG 2.2 A and AA."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = "options => axe.run(options).then(results => results.violations)"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each thing that is wrong: the rule, and where."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        RUN, {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "preload": False}
    )
    return [
        f"{page.url}: {rule['id']}: {rule['help']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]
    ]
