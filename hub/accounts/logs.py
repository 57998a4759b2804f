"""What must not stand in a log: the tokens of links, and keys."""

from __future__ import annotations

import logging
import re
from typing import Any

LINK = re.compile(r"(/dang-nhap/(?:moi|dat-lai)/)[^\s'\"?]+")
KEY = re.compile(r"\blt_[\w-]{12,}")


def masked(value: Any) -> Any:
    """A text without tokens and keys; anything else as it is."""
    return KEY.sub("lt_…", LINK.sub(r"\1…", value)) if isinstance(value, str) else value


class Masked(logging.Filter):
    """Masks a log's messages before they are written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every message passes, without its secrets."""
        record.msg = masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(masked(value) for value in record.args)
        return True
