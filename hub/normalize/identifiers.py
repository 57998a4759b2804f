"""ISBN and ISSN: what is valid, in one form (ISBN-13 of 13 digits). Numbers checked by python-stdnum."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum import isbn as stdnum_isbn
from stdnum import issn as stdnum_issn
from stdnum.exceptions import ValidationError

ISBN = re.compile(r"97[89][\d\- ]{10,16}|\d[\d\- ]{8,12}[\dXx]")


@lru_cache(maxsize=65536)
def isbn13(text: str) -> str:
    """The ISBN-13 (13 digits) of a text such as "604-2-01234-5 (bìa mềm)", or ``""`` when it holds no valid ISBN."""
    found = ISBN.search(text)
    if not found:
        return ""
    try:
        return str(stdnum_isbn.to_isbn13(stdnum_isbn.validate(found[0]))).replace("-", "")
    except ValidationError:
        return ""


def issn(text: str) -> str:
    """The ISSN (8 characters without hyphen) of a text, or ``""`` when it holds no valid ISSN."""
    try:
        return str(stdnum_issn.validate(text.strip()[:9]))
    except ValidationError:
        return ""
