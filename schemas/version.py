"""The version of what reads and mends: raised by whoever changes what a format accepts.

What an older version refused is read again by a newer one, without anybody asking for it.
"""

from __future__ import annotations

READER = "1"
