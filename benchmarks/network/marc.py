"""Descriptions as MARC 21: in ISO 2709 (UTF-8, decomposed UTF-8, TCVN3) and MARCXML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from benchmarks.network import spelling
from benchmarks.network.said import Profile, Said
from schemas.marc21 import to_iso2709
from schemas.record import Record, data_field
from tests.sample_network.legacy import iso2709
from tests.sample_network.marc import NAMESPACE, Field, marcxml

RELATORS = {
    "translator": "dịch",
    "illustrator": "minh họa",
    "chief": "ch.b.",
    "editor": "biên soạn",
    "adapter": "kể",
    "compiler": "sưu tầm",
}
HEADINGS = {"children": "Văn học thiếu nhi", "adult": "Văn học Việt Nam", "translation": "Văn học nước ngoài"}
HEADINGS |= {"comics": "Truyện tranh", "textbook": "Sách giáo khoa", "folk": "Văn học dân gian", "foreign": "English"}
CARRIERS = {"braille": "[chữ nổi]", "sound": "[sách nói]", "electronic": "[tài nguyên điện tử]"}
COUNTRIES = {"London": "enk", "Oxford": "enk", "New York": "nyu", "Singapore": "si ", "Paris": "fr ", "Lyon": "fr "}
Made = tuple[str, list[Field]]  # leader, fields


def record(said: Said, identifier: str, profile: Profile) -> Made:
    """The record of a description. Libraries with even numbers punctuate as ISBD does."""
    p, isbd = said.publication, profile.encoding == "nfd" or profile.format == "marcxml"
    kind = "i" if p.form == "sound" else "a"
    fields: list[Field] = [("001", identifier, []), _fixed(said)]
    fields += [("020", "  ", [("a", isbn)]) for isbn in said.isbns]
    if said.languages and (said.original or len(said.languages) > 1):
        original = [("h", said.original)] if said.original else []
        fields.append(("041", "1 ", [*[("a", code) for code in said.languages], *original]))
    fields.append(("082", "04", [("a", p.ddc)]))
    names = list(_people(said))
    fields += [field for field in names if field[0][0] == "1"]
    fields += [_title(said, isbd), *_imprint(said, isbd, profile), *_extent(said, isbd)]
    if said.series or said.series_volume:
        volume = [("v", said.series_volume)] if said.series_volume else []
        fields.append(("490", "0 ", [("a", said.series), *volume]))
    fields.append(("650", " 4", [("a", HEADINGS.get(p.kind, "Kiến thức phổ thông"))]))
    fields += [field for field in names if field[0][0] == "7"]
    items = [("p", f"{profile.code[-3:]}.{said.number:06d}.{item}") for item in range(said.copies)]
    fields.append(("852", "  ", [("a", profile.code), ("b", "Kho mượn"), *items]))
    return f"00000n{kind}m {' ' if profile.encoding == 'tcvn3' else 'a'}2200000 a 4500", fields


def _fixed(said: Said) -> Field:
    p = said.publication
    year = "".join(c for c in said.year if c.isdigit())[:4]
    dates = f"s{year}    " if year else "nuuuuuuuu"
    language = said.languages[0] if said.languages else "   "
    form = {"braille": "f", "electronic": "s"}.get(p.form, " ")
    country = COUNTRIES.get(p.place, "vm ")
    return "008", f"200101{dates}{country}||||{p.audience}{form}|||||||| ||{language} d", []


def _people(said: Said) -> Iterable[Field]:
    """100 or 110 for the first author, 700 and 710 for everybody else, with the dates of an index in $d."""
    main = True
    for heading, role in said.people:
        maker = role in ("author", "corporate")
        name, comma, born = heading.partition(", 1")
        parts = [("a", f"{name},"), ("d", f"1{born}")] if comma else [("a", heading)]
        if not maker:
            parts.append(("e", RELATORS[role]))
        body = role == "corporate"
        yield (
            ("1" if main and maker else "7") + ("10" if body else "00"),
            "2 " if body else f"{int(',' in name)} ",
            parts,
        )
        main = main and not maker


def _title(said: Said, isbd: bool) -> Field:
    carrier = CARRIERS.get(said.publication.form, "")
    parallel = f"= {said.parallel}" if said.parallel and not isbd else said.parallel
    parts = [("a", said.title), ("h", carrier), ("n", said.volume), ("p", said.part), ("b", parallel)]
    parts = [(code, value) for code, value in [*parts, ("b", said.subtitle), ("c", said.statement)] if value]
    if isbd:
        parts = [
            (code, value + _mark(code, following, said))
            for (code, value), following in zip(parts, [*[code for code, _ in parts[1:]], ""], strict=True)
        ]
    return "245", "10", parts


def _mark(code: str, following: str, said: Said) -> str:
    """The mark of the area or element that follows (ISBD consolidated edition, area 1)."""
    if following == "b":
        return " =" if said.parallel and code != "b" else " :"
    return {"c": " /", "n": ".", "p": "," if code == "n" else "."}.get(following, "")


def _imprint(said: Said, isbd: bool, profile: Profile) -> list[Field]:
    parts = [("a", said.place), ("b", said.publisher), ("c", said.year)]
    parts = [(code, value) for code, value in parts if value]
    marks = {"a": " :", "b": ","}
    if isbd:
        parts = [
            (code, value + (marks.get(code, "") if at < len(parts) - 1 else ""))
            for at, (code, value) in enumerate(parts)
        ]
    found: list[Field] = [("250", "  ", [("a", said.edition)])] if said.edition else []
    tag = ("264", " 1") if profile.format == "marcxml" else ("260", "  ")
    return [*found, (*tag, parts)] if parts else found


def _extent(said: Said, isbd: bool) -> list[Field]:
    p, pages = said.publication, said.pages
    if p.form == "sound":
        return [("300", "  ", [("a", "1 đĩa tiếng (CD)")])]
    if said.parts:
        pages = f"{said.parts} tập"
    if said.volume and said.volume_place == "300":
        pages = f"{said.volume} ({pages})" if pages else said.volume
    if p.form == "braille":
        pages += " chữ nổi"
    size = [("c", f"{p.size} cm")] if pages and said.number % 3 else []
    return [("300", "  ", [("a", pages + (" ;" if isbd and size else "")), *size])] if pages else []


def in_iso2709(records: Iterable[Made], encoding: str) -> bytes:
    """A file of ISO 2709 in ``utf-8``, ``nfd`` (decomposed UTF-8) or ``tcvn3``."""
    if encoding == "tcvn3":
        return b"".join(iso2709((leader, [_legacy(field) for field in fields])) for leader, fields in records)
    form = "NFD" if encoding == "nfd" else "NFC"
    return b"".join(
        to_iso2709(Record(leader, tuple(_plain(field, form) for field in fields))) for leader, fields in records
    )


def _plain(field: Field, form: str) -> tuple[str, str]:
    tag, indicators, parts = field
    if not parts:
        return tag, indicators
    return data_field(tag, indicators, [(code, unicodedata.normalize(form, value)) for code, value in parts])  # type: ignore[arg-type]


def _legacy(field: Field) -> Field:
    """Only letters that TCVN3 has."""
    tag, indicators, parts = field
    return tag, indicators, [(code, spelling.in_tcvn3(value)) for code, value in parts]


def in_marcxml(records: Iterable[Made]) -> bytes:
    """A collection of MARCXML."""
    inner = "\n".join(marcxml(made, "<record>") for made in records)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n{inner}\n</collection>\n'.encode()
    )
