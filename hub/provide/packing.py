"""Answers packed as the asker can unpack them: gzip or deflate where ``Accept-Encoding`` names them."""

from __future__ import annotations

import gzip
import re
import zlib

from django.http import HttpRequest, HttpResponse

SMALLEST = 1_000  # bytes that are worth packing
LEVEL = 1  # a page of MARCXML becomes a ninth; the next levels take twice as long for little more
WISH = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?")


def packed(request: HttpRequest, body: bytes, kind: str) -> HttpResponse:
    """The answer, packed where it is asked for."""
    coding = _coding(request.headers.get("Accept-Encoding", "")) if len(body) >= SMALLEST else ""
    if coding == "gzip":
        body = gzip.compress(body, LEVEL, mtime=0)
    elif coding == "deflate":
        body = zlib.compress(body, LEVEL)
    response = HttpResponse(body, content_type=kind)
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def _coding(wishes: str) -> str:
    """The coding that is wished for most; ``""`` to leave things as they are."""
    asked: dict[str, float] = {}
    for wish in wishes.lower().split(",")[:20]:
        if found := WISH.fullmatch(wish):
            try:
                asked[found[1]] = float(found[2] or 1)
            except ValueError:
                continue
    weights = {coding: asked.get(coding, asked.get("*", 0.0)) for coding in ("gzip", "deflate")}
    best = max(weights, key=lambda coding: weights[coding])
    return best if weights[best] > 0 and weights[best] >= asked.get("identity", 0.0) else ""
