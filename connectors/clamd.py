"""Asks a ClamAV daemon whether a file has a virus: ``LIENTHONG_CLAMD``, a socket's path or ``host:port``.

INSTREAM of https://linux.die.net/man/8/clamd: the content goes over the socket in pieces, each after its length, so the
daemon needs no right to read our files. Its StreamMaxLength must be as large as what is sent.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Any

from schemas.problem import Trouble

CHUNK = 2**18
PATIENCE = 120.0  # seconds
ANSWER = 4096


def is_set() -> bool:
    """Whether a daemon is named."""
    return bool(os.environ.get("LIENTHONG_CLAMD", ""))


def virus_in(stream: Any) -> str:
    """The name of the virus in a stream of bytes; "" for none. :class:`Trouble` ``clamd_away`` without an answer."""
    address = os.environ.get("LIENTHONG_CLAMD", "")
    try:
        with _connected(address) as link:
            link.sendall(b"zINSTREAM\0")
            while chunk := stream.read(CHUNK):
                link.sendall(struct.pack(">I", len(chunk)) + chunk)
            link.sendall(struct.pack(">I", 0))
            answer = link.recv(ANSWER).rstrip(b"\0\n").decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise Trouble("clamd_away", address=address, detail=type(error).__name__) from None
    if answer.endswith(" OK"):
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:100]
    raise Trouble("clamd_away", address=address, detail=answer[:100])


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(PATIENCE)
        link.connect(address)
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host or "127.0.0.1", int(port or 3310)), PATIENCE)
