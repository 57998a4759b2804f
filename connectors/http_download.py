"""Large files from web servers into a file here, through :class:`connectors.http.Client`.

A download that was cut goes on where it ended (Range, RFC 9110 section 14), but only of the same version of the file
(If-Range, section 13.1.5). A file that has not changed is not sent again (section 13.1.2). A file is given only when it
is whole: as long as the server said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import requests

from connectors.file_records import Stamp
from connectors.http import CHUNK, Answer, Client
from schemas.problem import Trouble

KEPT = 2**16  # bytes of an answer that is not the file
WHOLE, PART, UNCHANGED, NOT_SATISFIABLE = 200, 206, 304, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PAGE = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that came whole: its stamp (``etag``, ``modified``) for the next time."""

    bytes: int
    stamp: Stamp


def download(client: Client, url: str, target: Path, known: Stamp, *, most: int | None = None) -> Downloaded | None:
    """Write the file at ``url`` to ``target``; ``None`` when it is still what the stamp ``known`` stands for.

    ``most`` takes no more than about so many bytes of its start. :class:`Trouble` ``http_status`` for any other answer
    than the file, ``download_is_page`` when a web page comes in its place, ``file_too_large`` beyond the client's
    ``max_bytes``, ``file_not_kept`` when it cannot be written here, and what :meth:`connectors.http.Client.get` raises.
    """
    try:
        with target.open("wb") as stream:
            return _download(client, url, _Taking(stream, url, known, client.max_bytes, most))
    except OSError as error:
        raise Trouble("file_not_kept", path=url, detail=error.strerror or error) from None


def _download(client: Client, url: str, taking: _Taking) -> Downloaded | None:
    answer = client.get(url, receiver=taking)
    if answer.status == UNCHANGED and taking.known:
        return None
    if answer.status == NOT_SATISFIABLE and taking.is_whole(answer):
        return Downloaded(taking.size, taking.stamp)
    if answer.status not in (WHOLE, PART):
        raise Trouble("http_status", url=url, status=answer.status)
    if _PAGE.match(taking.start):
        raise Trouble("download_is_page", url=url)
    return Downloaded(taking.size, taking.stamp)


class _Taking:
    """Takes the bodies of a download's tries into one file."""

    def __init__(self, stream: BinaryIO, url: str, known: Stamp, max_bytes: int, most: int | None) -> None:
        self.stream = stream
        self.url = url
        self.known = known
        self.max_bytes = max_bytes
        self.most = most
        self.size = 0
        self.stamp: Stamp = {}
        self.start = b""

    def headers(self) -> Mapping[str, str]:
        """What the next try asks: the file if it has changed, or the rest of the version whose start is here."""
        asked = {"Accept-Encoding": "identity"}
        validator = _validator(self.stamp)
        if self.size and validator:
            return asked | {"Range": f"bytes={self.size}-", "If-Range": validator}
        self._restart()
        names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
        return asked | {names[name]: value for name, value in self.known.items() if name in names}

    def take(self, response: requests.Response, check_time: Callable[[], None]) -> bytes:
        """Write the body of the file; of any other answer only the start is read."""
        if response.status_code not in (WHOLE, PART):
            return bytes(response.raw.read(KEPT, decode_content=False))
        self._place(response)
        self._check_size(self.size + int(response.headers.get("Content-Length") or 0))
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            self._keep(chunk)
            check_time()
            if self.most is not None and self.size >= self.most:
                break
        return b""

    def _place(self, response: requests.Response) -> None:
        """Stand where the body begins; :class:`Trouble` ``http_cut`` when it is not what was asked for."""
        found = _RANGE.match(response.headers.get("Content-Range", ""))
        begin = int(found[1]) if found and response.status_code == PART else 0
        stamp = _stamp(response.headers)
        if begin and (begin != self.size or stamp != self.stamp):
            self._restart()
            raise Trouble("http_cut", host=self.url, detail="the rest of another version of the file")
        if not begin:
            self._restart()
        self.stamp = stamp

    def _restart(self) -> None:
        self._write(lambda: (self.stream.seek(0), self.stream.truncate()))
        self.size, self.start = 0, b""

    def _keep(self, chunk: bytes) -> None:
        self._write(lambda: self.stream.write(chunk))
        self.size += len(chunk)
        self.start += chunk[: max(0, 64 - len(self.start))]
        self._check_size(self.size)

    def _write(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            raise Trouble("file_not_kept", path=self.url, detail=error.strerror or error) from None

    def _check_size(self, size: int) -> None:
        if size > self.max_bytes:
            raise Trouble("file_too_large", path=self.url, size=size, limit=self.max_bytes)

    def is_whole(self, answer: Answer) -> bool:
        """Whether the server says that nothing comes after what is here."""
        return self.size > 0 and answer.headers.get("Content-Range", "") == f"bytes */{self.size}"


def _stamp(headers: Mapping[str, str]) -> Stamp:
    """What the server says of this version of the file."""
    found = {"etag": headers.get("ETag", ""), "modified": headers.get("Last-Modified", "")}
    return {name: value for name, value in found.items() if value}


def _validator(stamp: Stamp) -> str:
    """What names one version exactly, byte for byte: a strong entity tag, else the time of change; or ``""``."""
    etag = stamp.get("etag", "")
    return etag if etag and not etag.startswith("W/") else stamp.get("modified", "")
