"""Unpacking a body as it comes, within limits of size and ratio (OWASP ASVS 5.0, 5.2.3), and proof that it is whole."""

from __future__ import annotations

import zlib
from typing import Any

from schemas.problem import Trouble

MAX_RATIO = 200
RATIO_FROM = 2**20


class Unpacker:
    """Collects a body and unpacks gzip (or zlib) as it comes, within the limits."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        self.name = encoding.strip().lower()
        if self.name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Trouble("http_encoding", encoding=encoding)
        self.stream = _inflater() if self.name not in ("", "identity") else None
        self.max_bytes = max_bytes
        self.parts: list[bytes] = []
        self.received = self.size = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes as received; :class:`Trouble` ``http_too_long``, ``http_bomb`` or ``http_cut``."""
        self.received += len(chunk)
        while self.stream is not None and chunk:
            if self.stream.eof:  # another member of the same gzip file, or padding
                chunk = chunk if chunk.startswith(b"\x1f\x8b") else b""
                self.stream = _inflater() if chunk else self.stream
                continue
            try:
                self._keep(self.stream.decompress(chunk, self.max_bytes - self.size + 1))
            except zlib.error as error:
                raise Trouble("http_cut", host=self.name, detail=error) from None
            chunk = self.stream.unused_data if self.stream.eof else self.stream.unconsumed_tail
        if self.stream is None:
            self._keep(chunk)

    def _keep(self, part: bytes) -> None:
        self.parts.append(part)
        self.size += len(part)
        if max(self.size, self.received) > self.max_bytes:
            raise Trouble("http_too_long", limit=self.max_bytes)
        if self.size > RATIO_FROM and self.size > MAX_RATIO * self.received:
            raise Trouble("http_bomb", ratio=MAX_RATIO)

    def whole(self) -> bytes:
        """The body; :class:`Trouble` ``http_cut`` when the packed stream has not ended."""
        if self.stream is not None and self.received and not self.stream.eof:
            raise Trouble("http_cut", host=self.name, detail="gzip ends before its end mark")
        return b"".join(self.parts)


def _inflater() -> Any:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
