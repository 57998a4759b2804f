"""What libraries are in law (Luật Thư viện 46/2019/QH14, Điều 9), and what is no library in law."""

from __future__ import annotations

from hub.network.models import Library

LEGAL = ("1", "2", "3", "4", "5", "6", "7", "8", "point", "none")
POINT, NONE = "point", "none"
BY_KIND = {
    "national": "1",
    "public": "2",
    "children": "2",
    "ward": "2",
    "commune": "2",
    "special": "3",
    "armed_forces": "4",
    "university": "5",
    "school": "6",
    "community": "7",
    "private": "7",
    "foreign": "8",
    "clan": POINT,
    "family": POINT,
    "learning": POINT,
    "youth": POINT,
    "publisher": NONE,
}


def legal_type(library: Library) -> str:
    """ "1" to "8"; ``point``: a reading point, no library in law; ``none``: neither; "": not known."""
    return library.legal or BY_KIND.get(library.kind, "")
