"""Dumps on a web server: files at known addresses, plain, gzip, zip or tar, fetched again only when they have changed.

Each address is fetched whole into a temporary file (:mod:`connectors.http_download`) and then read like a file in a
folder (:mod:`connectors.file_pages`).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field

from connectors import file_pages
from connectors.address import split_url
from connectors.connector import Connector, Job, Page
from connectors.duration import Duration
from connectors.file_pages import ContentOptions, Listing
from connectors.file_records import Content, Stamp, digest_of
from connectors.http import Client
from connectors.http_download import download
from connectors.server import ServerOptions
from schemas.problem import Problem, Trouble

MAX_BYTES = 2 * 2**30
LOOKED_AT = 2**16  # bytes of a dump that a check asks for


def _web_address(url: str) -> str:
    try:
        split_url(url)
    except Trouble as trouble:
        raise ValueError(str(trouble)) from None
    return url


class Options(ContentOptions, ServerOptions):
    """``urls`` are the addresses of the files. ``deadline`` and ``max_bytes`` bound the download of one file."""

    urls: list[Annotated[str, AfterValidator(_web_address)]] = Field(min_length=1, max_length=1_000)
    deadline: Duration = timedelta(hours=1)
    max_bytes: int = Field(default=MAX_BYTES, gt=0)

    @property
    def url(self) -> str:
        """The first address: its server is the source's."""
        return self.urls[0]


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file at an address; it lies in ``folder`` while it is read."""

    name: str
    client: Client
    folder: Path

    @contextmanager
    def content(self, known: Stamp) -> Iterator[Content | None]:
        """What is there now, fetched; ``None`` when the server says that it has not changed."""
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=True) as kept:
            path = Path(kept.name)
            found = download(self.client, self.name, path, known)
            yield Content(path, digest_of(path), file_name(self.name), found.stamp) if found else None

    def check_unchanged(self) -> None:
        """A fetched file is ours: nobody changes it."""


def file_name(url: str) -> str:
    """What a file is called by its address: the last part of the path, or a part of the query that has a suffix."""
    parts = urlsplit(url)
    name = unquote(parts.path).rpartition("/")[2]
    if "." not in name and (found := re.search(r"[^=&/]+\.[A-Za-z0-9.]{2,12}(?=&|$)", unquote(parts.query))):
        name = found[0]
    return name or "download"


def pages(job: Job) -> Iterator[Page]:
    """The records of the files that have changed, as :func:`connectors.file_pages.pages` says."""
    options: Options = job.options
    with options.client() as client, tempfile.TemporaryDirectory(prefix="lienthong-") as folder:
        entries = [WebFile(url, client, Path(folder)) for url in dict.fromkeys(options.urls)]
        yield from file_pages.pages(job, Listing(entries))


def check(job: Job) -> list[Problem]:
    """Whether each address answers with a file; what is wrong. Only the start of each is asked for."""
    options: Options = job.options
    problems = []
    with options.client() as client, tempfile.TemporaryDirectory(prefix="lienthong-") as folder:
        for number, url in enumerate(options.urls):
            try:
                found = download(client, url, Path(folder, str(number)), {}, most=LOOKED_AT)
                if found is not None and not found.bytes:
                    problems.append(Problem("file_empty", {"path": url}))
            except Trouble as trouble:
                problems.append(trouble.problem)
    return problems


CONNECTOR = Connector(
    name="download",
    title={"vi": "Tệp trên máy chủ web, tải khi có thay đổi", "en": "Files on a web server, fetched when they change"},
    options=Options,
    pages=pages,
    check=check,
)
