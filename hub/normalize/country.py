"""The country of publication in 044 and 008/15-17 (R-13)."""

from __future__ import annotations

from hub.normalize.context import VIETNAM, Context, within
from hub.normalize.rules import key

NO_COUNTRY = ("   ", "|||", "xx ", "xx|", "###")


def country(content: str, context: Context) -> str:
    """R-13 in 044 $a: «VN», «Việt Nam» → vm, the MARC code."""
    return within(content, "a", lambda value: context.vocabulary.countries.get(key(value.strip()), value))


def fixed_country(fixed: str, context: Context) -> str:
    """R-13 in 008/15-17: vm where it is blank and 044 or a place of Vietnam says so, or where it says "vn"."""
    code = fixed[15:18]
    if len(fixed) < 18:
        return fixed
    known = VIETNAM if code in NO_COUNTRY and context.country == VIETNAM else ""
    known = known or context.vocabulary.countries.get(code.strip().lower(), "")
    return fixed[:15] + known.ljust(3) + fixed[18:] if known else fixed
