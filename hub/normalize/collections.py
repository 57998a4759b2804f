"""What kind of stock copies are, by what libraries begin their places and numbers with."""

from __future__ import annotations

import re
from collections.abc import Iterable

KINDS = (  # Vietnamese school libraries: SGK textbooks, SNV teachers' books, STK reading beside lessons
    ("textbook", re.compile(r"SGK|sách giáo khoa", re.IGNORECASE)),
    ("teacher", re.compile(r"SNV|sách (?:nghiệp vụ|giáo viên)", re.IGNORECASE)),
    ("reference", re.compile(r"STK|sách tham khảo|tra cứu|R(?:EF)?(?=[ .-]|$)", re.IGNORECASE)),
    ("fiction", re.compile(r"FIC|truyện|văn học", re.IGNORECASE)),
)
LESSONS = ("textbook", "teacher")  # sets for a class: too many of them are not too many, and they are not lent


def collection(texts: Iterable[str]) -> str:
    """``textbook``, ``teacher``, ``reference``, ``fiction`` or "", by location, call number and accession numbers."""
    for text in texts:
        for name, pattern in KINDS:
            if pattern.match(text.strip()):
                return name
    return ""
