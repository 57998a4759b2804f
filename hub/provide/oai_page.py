"""An answer of OAI-PMH as a page for a person, made here: browsers are about to give up XSLT.

Only browsers accept ``application/xhtml+xml``, so harvesters (those of Java accept ``text/html``) always get XML.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from lxml import etree

from schemas.xml import parse_document

SHEET = "oai.xsl"
RIGHTS = etree.XSLTAccessControl.DENY_ALL


def is_for_people(request: HttpRequest) -> bool:
    """Whether a browser asks."""
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and "application/xhtml+xml" in accepted


def page(answer: bytes) -> bytes:
    """The page of an answer: its text as text."""
    return bytes(etree.tostring(_sheet()(parse_document(answer)), method="html", encoding="utf-8"))


@cache
def _sheet() -> Any:
    path = Path(settings.STATICFILES_DIRS[0]) / SHEET
    return etree.XSLT(parse_document(path.read_bytes()).getroottree(), access_control=RIGHTS)
