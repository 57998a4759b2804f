"""Secrets: source files name environment variables, never the passwords themselves (OWASP ASVS 5.0, 13.3.1)."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from schemas.problem import Trouble

Variable = Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,99})?$")]
"""The name of an environment variable, or ``""``."""


def secret(variable: str) -> str:
    """The value of the environment variable; :class:`Trouble` ``secret_missing`` when it has none."""
    value = os.environ.get(variable, "")
    if not value:
        raise Trouble("secret_missing", name=variable)
    return value
