"""The XML of OAI-PMH answers: envelope, names, moments; the same escaping for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
OAI = "http://www.openarchives.org/OAI/2.0/"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{style}"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
    "<responseDate>{date}</responseDate><request{attributes}>{base}</request>{body}</OAI-PMH>\n"
)


class Refusal(Exception):
    """One of the protocol's error codes and a sentence (section 3.6)."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def xml(text: str) -> str:
    """Text as XML has it; what XML forbids is left out."""
    return escape(NOT_XML.sub("", text))


def utc(value: datetime) -> str:
    """A moment as the protocol writes it, to the second."""
    return f"{value.astimezone(UTC).isoformat()[:19]}Z"


def base_url(path: str = "/oai") -> str:
    """A repository's address, from the configuration: what a request calls this host is not believed."""
    return settings.BASE_URL.rstrip("/") + path


def identifier(name: str) -> str:
    """An identifier of ours (http://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""
    return f"oai:{settings.OAI_NAMESPACE}:{name}"


def element(name: str, text: str) -> str:
    """An element with text in it."""
    return f"<{name}>{xml(text)}</{name}>"


def header(name: str, stamp: str, specs: list[str], *, gone: bool) -> str:
    """The header of a record; ``name`` is its identifier, already as XML has it."""
    sets = "".join([f"<setSpec>{spec}</setSpec>" for spec in specs])
    status = ' status="deleted"' if gone else ""
    return f"<header{status}><identifier>{name}</identifier><datestamp>{stamp}</datestamp>{sets}</header>"


def envelope(base: str, shown: Mapping[str, str], body: str) -> str:
    """A whole answer."""
    attributes = "".join(f" {name}={quoteattr(NOT_XML.sub('', value))}" for name, value in shown.items())
    return ENVELOPE.format(style=_style(), date=utc(timezone.now()), attributes=attributes, base=xml(base), body=body)


@cache
def _style() -> str:
    return static("oai.xsl")
