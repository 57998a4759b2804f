"""What a format is: one module in this folder that ends in one value ``FORMAT = Format(...)``.

The folder is the register: ``format: marc21`` finds ``schemas/marc21.py``.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from schemas.problem import Trouble
from schemas.record import RawRecord, Record

if TYPE_CHECKING:
    from schemas.table import Sheet


MARC_NAME = r"^[0-9A-Za-z]{3}(\$[0-9a-z])?$"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes of a source are to be read; everything has a default.

    ``encoding`` is ``auto`` or a name of :mod:`schemas.encodings`. ``columns`` maps a spreadsheet's headings to the
    fields of :mod:`schemas.table` where they are not recognized by themselves. ``items`` maps a tag to the subfields of
    its items (location, call_number, accession, copies); ``field_table`` maps the fields of a CDS/ISIS database
    ("10^a") to MARC 21 ("245$a"), see :mod:`schemas.isis`. ``suppressed``: where its
    system says that readers do not see a record ("942n"). ``evidence`` is the encoding that the source's own records
    speak for, ``""`` where they speak for none; it decides where ``encoding`` is ``auto`` and a record leaves doubt.
    ``damage`` are the kinds of :mod:`schemas.damage` they speak for; tables mend their cells before taking them apart.
    """

    encoding: str = "auto"
    columns: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    items: dict[str, dict[str, str]] = field(default_factory=dict)
    field_table: dict[str, str] = field(default_factory=dict)
    suppressed: Sequence[str] = ("942n",)
    evidence: str = ""
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A format records come in or go out as.

    ``split`` cuts a file into raw records without interpreting more than it must, and gives what it cannot cut as raw
    records with a problem: nothing is skipped. ``parse`` reads one raw record's body and raises
    :class:`schemas.problem.Trouble` when it cannot. ``write`` writes records to a stream and returns the (position,
    problem) pairs of those the format cannot hold. ``without`` takes fields out of a raw record's body, by tag ("912")
    or by tag and subfield ("952$x"), leaves every other byte as it was, and says which it took; it runs before anything
    is stored. ``droppable`` is the pattern of the names it obeys, where that is another. ``tables`` is for formats that
    are tables: the tables of a file with their headers.
    """

    name: str
    title: dict[str, str]
    split: Callable[[BinaryIO, Reading], Iterator[RawRecord]]
    parse: Callable[[bytes, Reading], Record]
    write: Callable[[Iterable[Record], BinaryIO], list[tuple[int, Trouble]]] | None = None
    without: Callable[[bytes, Collection[str]], tuple[bytes, list[str]]] | None = None
    droppable: str = MARC_NAME
    tables: Callable[[BinaryIO, Reading], Sequence[Sheet]] | None = None
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    def obeys(self, name: str) -> bool:
        """Whether ``without`` can take out what goes by this name; of a table, any column by its heading."""
        return self.without is not None and (self.tables is not None or re.match(self.droppable, name) is not None)


@cache
def formats() -> dict[str, Format]:
    """Every format, by name: each module of this folder that ends in ``FORMAT``."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        value = getattr(importlib.import_module(f"schemas.{module.name}"), "FORMAT", None)
        if isinstance(value, Format):
            found[value.name] = value
    return dict(sorted(found.items()))


def find_format(name: str) -> Format:
    """The format ``name``; an unknown one is a :class:`Trouble` that lists the known ones."""
    try:
        return formats()[name]
    except KeyError:
        raise Trouble("format_unknown", name=name, known=", ".join(formats())) from None
