"""What a record says, in the few values that matching, merging, searching and listing look at."""

from __future__ import annotations

from typing import NamedTuple

import orjson


class Description(NamedTuple):
    """The description of a record (values as they are shown, NFC; empty where the record is silent).

    ``volume`` is the number of the volume ("2"), ``part`` how the record says it ("T. 2, Chiếc mũ"). ``year`` and
    ``pages`` are 0 when unknown. ``form`` is the carrier: text, braille, large_print, electronic, sound, video, music,
    map, image, serial, object, mixed. ``audience`` is the code of MARC 21 008/22. ``people`` are [name, role] with role
    "author", "translator", "illustrator", "editor", "adapter" or "other".
    """

    title: str = ""
    subtitle: str = ""
    part: str = ""
    volume: str = ""
    parallel: str = ""
    responsibility: str = ""
    people: list[list[str]] = []
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: int = 0
    pages: int = 0
    language: str = ""
    languages: list[str] = []
    form: str = "text"
    isbns: list[str] = []
    issns: list[str] = []
    series: str = ""
    subjects: list[str] = []
    audience: str = ""
    summary: str = ""
    links: list[str] = []
    volumes: int = 0
    script: str = ""
    numbers: list[str] = []
    original: str = ""

    def dump(self) -> str:
        """The description as JSON."""
        return orjson.dumps((*self,)).decode()

    @classmethod
    def load(cls, text: str | bytes) -> Description:
        """The description of :meth:`dump`."""
        return cls(*orjson.loads(text))
