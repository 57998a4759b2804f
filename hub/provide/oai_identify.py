"""Identify: who a repository is, how its identifiers look, which other repositories there are, how to show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings
from django.templatetags.static import static

from hub.catalog.models import Source
from hub.provide.oai_origins import CONNECTOR, address
from hub.provide.oai_text import OAI, base_url, element, utc


class Known(Protocol):
    """What is told of a repository."""

    path: str

    def name(self) -> str: ...
    def sample(self) -> str: ...
    def earliest(self) -> datetime | None: ...
    def neighbors(self) -> list[str]: ...


def identify(repository: Known) -> str:
    """Who this repository is."""
    said = {
        "repositoryName": repository.name(),
        "baseURL": base_url(repository.path),
        "protocolVersion": "2.0",
        "adminEmail": settings.ADMIN_EMAIL,
        "earliestDatestamp": utc(repository.earliest() or datetime(2020, 1, 1, tzinfo=UTC)),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    parts = [element(name, value) for name, value in said.items()]
    parts += ["<compression>gzip</compression>", "<compression>deflate</compression>"]
    parts += [_identifiers(repository), _friends(repository), _branding(repository)]
    return f"<Identify>{''.join(parts)}</Identify>"


def _described(name: str, schema: str, inner: str) -> str:
    """A description container (http://www.openarchives.org/OAI/2.0/guidelines.htm)."""
    space = f"{OAI}{schema}"
    start = f'<{name} xmlns="{space}" xsi:schemaLocation="{space} {OAI}{schema.rstrip("/")}.xsd">'
    return f"<description>{start}{inner}</{name}></description>"


def _identifiers(repository: Known) -> str:
    said = {
        "scheme": "oai",
        "repositoryIdentifier": settings.OAI_NAMESPACE,
        "delimiter": ":",
        "sampleIdentifier": repository.sample(),
    }
    return _described("oai-identifier", "oai-identifier", "".join(element(*part) for part in said.items()))


def _friends(repository: Known) -> str:
    """Our other repositories, and those that we harvest."""
    harvested = Source.objects.filter(connector=CONNECTOR).order_by("name")
    addresses = [base_url(path) for path in repository.neighbors()]
    addresses += [found for found in map(address, harvested) if found]
    inner = "".join(element("baseURL", found) for found in dict.fromkeys(addresses))
    return _described("friends", "friends/", inner) if inner else ""


def _branding(repository: Known) -> str:
    said = {
        "url": base_url(static("lienthong.svg")),
        "link": base_url("/"),
        "title": "Liên thông",
        "width": "48",
        "height": "48",
    }
    icon = "".join(element(*part) for part in said.items())
    return _described("branding", "branding/", f"<collectionIcon>{icon}</collectionIcon>")
