"""What the hub and the process with the Z39.50 client say to each other: frames of a length and so many bytes.

A length is four bytes, the most significant first. Neither side takes a frame that is longer than it expects.
"""

from __future__ import annotations

import math
import os
import select
import struct
import time

LENGTH = struct.Struct(">I")
LONGEST_MESSAGE = 4 * 2**20  # a request, or what is said of the records of a page
PIECE = 2**20


class Ended(Exception):
    """The other side has closed the pipe, or is gone."""


class TooLong(Exception):
    """A frame is longer than expected."""


def send(pipe: int, body: bytes) -> None:
    """Write one frame to a file descriptor."""
    left = memoryview(LENGTH.pack(len(body)) + body)
    try:
        while left:
            left = left[os.write(pipe, left) :]
    except BrokenPipeError:
        raise Ended from None


def receive(pipe: int, limit: int, until: float | None = None) -> bytes:
    """Read one frame of at most ``limit`` bytes; :class:`TimeoutError` when it is not whole at the time ``until``.

    ``until`` is of :func:`time.monotonic`.
    """
    (length,) = LENGTH.unpack(_exactly(pipe, LENGTH.size, until))
    if length > limit:
        raise TooLong
    return _exactly(pipe, length, until)


def _exactly(pipe: int, count: int, until: float | None) -> bytes:
    body = bytearray()
    while len(body) < count:
        if until is not None:
            _wait(pipe, until)
        part = os.read(pipe, min(PIECE, count - len(body)))
        if not part:
            raise Ended
        body += part
    return bytes(body)


def _wait(pipe: int, until: float) -> None:
    """Wait until there is something to read; :class:`TimeoutError` when nothing comes in time."""
    left = until - time.monotonic()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    if left <= 0 or not poll.poll(math.ceil(left * 1000)):
        raise TimeoutError
