"""Sends a file to another server by tus 1.0.0 (https://tus.io/protocols/resumable-upload), in pieces, each checked.

Where the line is cut the next call goes on with what the server has: it knows the file by its SHA-256. A PATCH goes out
as a POST that says so (``X-HTTP-Method-Override``), which every tus server takes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import urljoin

from connectors.http import Answer, Client
from schemas.problem import Trouble

PIECE = 8 * 2**20
BEHIND = (409, 423, 460)  # the server has another offset, is busy, or found a piece damaged
MOST_BEHIND = 10
VERSION = {"Tus-Resumable": "1.0.0"}


def send(
    client: Client, url: str, key: str, stream: BinaryIO, size: int, metadata: Mapping[str, str], piece: int = PIECE
) -> str:
    """Send what is not there yet; returns the address of the upload. :class:`Trouble` ``tus_refused`` otherwise."""
    mine = VERSION | {"Authorization": f"Bearer {key}"}
    said = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
    announced = {"Upload-Length": str(size), "Upload-Metadata": said}
    answer = client.deliver(url, b"", mine | announced)
    if answer.status != 201:
        raise _refused(url, answer)
    place, offset, behind = urljoin(url, answer.headers["Location"]), _offset(url, answer), 0
    while offset < size:
        stream.seek(offset)
        body = stream.read(piece)
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = mine | {
            "X-HTTP-Method-Override": "PATCH",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {digest}",
        }
        answer = client.deliver(place, body, headers)
        if answer.status == 204:
            offset, behind = _offset(place, answer), 0
        elif answer.status in BEHIND and behind < MOST_BEHIND:
            behind += 1
            offset = int(status(client, place, key)["offset"])
        else:
            raise _refused(place, answer)
    return place


def status(client: Client, place: str, key: str) -> dict[str, Any]:
    """What became of an upload, as its server says it."""
    client.headers["Authorization"] = f"Bearer {key}"
    try:
        answer = client.get(place)
    finally:
        client.headers.pop("Authorization", None)
    if answer.status != 200:
        raise _refused(place, answer)
    try:
        found = json.loads(answer.body)
        return {"state": str(found["state"]), "offset": int(found["offset"]), **found}
    except (ValueError, KeyError, TypeError):
        raise Trouble("tus_refused", url=place, status=200, detail="JSON") from None


def _offset(url: str, answer: Answer) -> int:
    try:
        return int(answer.headers["Upload-Offset"])
    except (KeyError, ValueError):
        raise Trouble("tus_refused", url=url, status=answer.status, detail="Upload-Offset") from None


def _refused(url: str, answer: Answer) -> Trouble:
    detail = answer.body[:300].decode("utf-8", "replace").strip()
    return Trouble("tus_refused", url=url.partition("?")[0], status=answer.status, detail=detail)
