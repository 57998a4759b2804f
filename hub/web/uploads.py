"""Files that come with a form: the largest is refused before it has been read, whoever sends it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

LARGEST = 72 * 2**20  # bytes of a whole request: the largest list of books, and its form


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes a file to the disk while it arrives; a request that is or turns out too large ends there (400)."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """The length the client says is believed where it is too large."""
        if content_length > LARGEST:
            raise RequestDataTooBig("the request is larger than any file that is taken here")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Count what really comes."""
        if start + len(raw_data) > LARGEST:
            raise RequestDataTooBig("the file is larger than any that is taken here")
        super().receive_data_chunk(raw_data, start)
