"""Languages: 041 and 008/35-37 as MARC has them, and inferred from the title where nobody says it (R-12, R-19)."""

from __future__ import annotations

from hub.normalize.context import NO_LANGUAGE, Context, language_codes
from schemas.record import DELIMITER

CODED = "abdefghjkmn"  # the subfields of 041 that hold codes of languages


def languages(content: str, context: Context) -> str:
    """R-19: 041 with one MARC code a subfield: «viechieng» → vie, chi, eng; «vn» → vie.

    Codes together in one subfield were the practice before 2001 (https://www.loc.gov/marc/bibliographic/bd041.html).
    With a source in $2 the codes are not MARC's and stay.
    """
    start, *parts = content.split(DELIMITER)
    if any(part[:1] == "2" for part in parts):
        return content
    made: list[str] = []
    for part in parts:
        made += [part[0] + code for code in _codes(part[1:], context)] if part[:1] in CODED and part[:1] else [part]
    return DELIMITER.join([start, *made])


def _codes(value: str, context: Context) -> list[str]:
    if len(value) == 3 and value.isalpha() and value.islower() and value not in context.vocabulary.languages:
        return [value]
    return language_codes(value, context.vocabulary)


def stated(fixed: str, context: Context) -> str:
    """R-19 in 008/35-37: «vn », «VIE» → vie."""
    code = fixed[35:38]
    if code.islower() and code.isalpha() and code not in context.vocabulary.languages:
        return fixed
    if len(code) < 3 or code in NO_LANGUAGE or (code.isalpha() and code.islower()):
        known = context.vocabulary.languages.get(code)
        return fixed[:35] + known + fixed[38:] if known else fixed
    found = language_codes(code, context.vocabulary)[0]
    return fixed[:35] + found + fixed[38:] if len(found) == 3 else fixed


def inferred(fixed: str, context: Context) -> str:
    """R-12: 008/35-37 is vie where nobody says a language and at least 60 % of the title are Vietnamese syllables."""
    if not context.inferred or len(fixed) < 38 or fixed[35:38] not in NO_LANGUAGE:
        return fixed
    return fixed[:35] + context.language + fixed[38:]
