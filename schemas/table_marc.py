"""The cells of a table's rows → MARC 21: one small function a group of fields.

001 identifier; 008 date, country, audience, language; 020/022; 041; 082/084; 1XX/7XX with $e; 245; 246; 250; 260; 300;
490; 500; 520; 521; 650/653; 655; 852 (one a location and call number: $p each accession number, $9 the copies where
they are more); 856. MARC 21 Format for Bibliographic Data, https://www.loc.gov/marc/bibliographic/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from schemas.accessions import accession_numbers, count
from schemas.cell_numbers import is_number, year_cell
from schemas.cells import (
    audience_code,
    clean,
    find_year,
    guess_language,
    is_body,
    is_vietnamese_imprint,
    language_codes,
    name_and_role,
    read_isbns,
    split_author_title,
    split_names,
    split_subtitle,
    split_volume,
    volume_statement,
)
from schemas.headings import unmarked, words
from schemas.record import Field, Record, Subfield, data_field

PEOPLE = (
    ("author", "tác giả"),
    ("corporate", "tác giả"),
    ("contributor", ""),
    ("editor", "biên soạn"),
    ("translator", "dịch"),
    ("illustrator", "minh họa"),
)
_TYPES = (
    ("as", "bao|tap chi|bao tap chi|an pham dinh ky|serial|journal|magazine|newspaper"),
    ("em", "ban do|map"),
    ("gm", "video|dvd|phim|bang hinh"),
    ("im", "sach noi|audiobook|cd|am thanh|bang tieng"),
)
_FORMS = (
    ("s", "sach dien tu|ebook|e book|tai lieu so|pdf|epub"),
    ("f", "chu noi|braille"),
    ("d", "chu to|large print"),
)
_DDC = re.compile(r"(\d{3}(?:[./']\d+)*)(?:\s+(\S.*))?$")
_ILLUSTRATION_NOTE = re.compile(r"(có|minh họa|tranh|ảnh|hình|màu|bản đồ|x|sơ đồ)\b.{0,30}$", re.IGNORECASE)

Values = Mapping[str, str]


def to_marc(identifier: str, rows: Sequence[Values]) -> Record:
    """The record of the rows of one publication, each by field (:data:`schemas.headings.FIELDS`)."""
    values = {name: clean(text) if name not in ("author", "isbn") else text for name, text in _merged(rows).items()}
    values |= {"year": year_cell(values["year"])} if "year" in values else {}
    if "title" not in values and "author_title" in values:
        author, values["title"] = split_author_title(values["author_title"])
        values.setdefault("author", author)
    title, responsibility = _title_parts(values)
    if not values.get("author") and responsibility:
        values["author"] = responsibility
    languages = language_codes(values.get("language", ""))
    languages = languages or [code for code in [guess_language(values["title"], values.get("subtitle", ""))] if code]
    people = _people(values)
    fields = [("001", clean(identifier)), ("008", _fixed(values, languages))]
    fields += _numbers(values) + _languages(values, languages) + _classes(values) + people
    fields += _title(values, title, responsibility, people) + _description(values) + _notes(values) + _subjects(values)
    fields += _holdings(rows)
    if url := values.get("url"):
        fields.append(data_field("856", "40", [("u", url)]))
    fields.sort(key=lambda f: f[0])
    return Record(_leader(values.get("type", "")), tuple(fields))


def fixed_field(*, year: str = "", country: str = "", audience: str = " ", form: str = " ", language: str = "") -> str:
    """A 008 for books (40 characters) with what is known; the date of entry is not known."""
    dates = ("s" + year if year else "nuuuu") + "    "
    literary = f"    {audience or ' '}{form or ' '}     000 |" + "|"
    return f"||||||{dates}{country:<3.3}{literary:<17.17}{language or '   ':<3.3} d"


def _merged(rows: Sequence[Values]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for row in rows:
        for name, text in row.items():
            merged.setdefault(name, text)
    return merged


def _leader(kind: str) -> str:
    plain = unmarked(words(kind))
    code = next((code for code, names in _TYPES if re.search(rf"\b(?:{names})\b", plain)), "am")
    return f"00000n{code} a22000007  4500"


def _fixed(values: Values, languages: list[str]) -> str:
    place, publisher = values.get("place", ""), values.get("publisher", "") + " " + values.get("imprint", "")
    kind = unmarked(words(values.get("type", "")))
    return fixed_field(
        year=find_year(values.get("year", "") or values.get("imprint", "")),
        country="vm" if is_vietnamese_imprint(place, publisher.strip(), values.get("isbn", "")) else "",
        audience=audience_code(values.get("audience", "")),
        form=next((code for code, names in _FORMS if re.search(rf"\b(?:{names})\b", kind)), " "),
        language=languages[0] if languages else "",
    )


def _numbers(values: Values) -> list[Field]:
    fields = [data_field("020", "  ", [pair]) for pair in read_isbns(values.get("isbn", ""), lost_zeros=True)]
    if price := values.get("price"):
        first = fields.pop(0) if fields else ("020", "  ")
        fields.insert(0, (first[0], first[1] + data_field("020", "", [("c", price)])[1]))
    return fields + [data_field("022", "  ", [("a", issn)]) for issn in _listed(values.get("issn", ""))]


def _languages(values: Values, languages: list[str]) -> list[Field]:
    original = language_codes(values.get("original_language", ""))
    translated = bool(original or values.get("translator"))
    fields = []
    if languages and (translated or len(languages) > 1):
        parts = [("a", code) for code in languages] + [("h", code) for code in original]
        fields.append(data_field("041", "1 " if translated else "0 ", parts))
    if (said := values.get("language")) and not language_codes(said):
        fields.append(data_field("546", "  ", [("a", said)]))
    return fields


def _classes(values: Values) -> list[Field]:
    fields = []
    for number in _listed(values.get("class", ""), separators=";|"):
        if found := _DDC.match(number):
            parts = [("a", found[1])] + ([("b", found[2])] if found[2] else [])
            fields.append(data_field("082", "04", parts))
        else:
            fields.append(data_field("084", "  ", [("a", number)]))
    return fields


def _people(values: Values) -> list[Field]:
    """100 or 110 for the first author, 700 and 710 for everybody else, once each."""
    fields: list[Field] = []
    seen: set[tuple[str, str]] = set()
    for column, role in PEOPLE:
        text = values.get(column, "")
        if column == "illustrator" and _ILLUSTRATION_NOTE.match(text):
            continue
        for part in split_names(text):
            name, found = name_and_role(part, role)
            if not name or (name.casefold(), found) in seen:
                continue
            seen.add((name.casefold(), found))
            main = found in ("tác giả", "chủ biên") and column == "author" and not any(f[0] < "200" for f in fields)
            kind = "10" if is_body(name) else "00"
            fields.append(data_field(("1" if main else "7") + kind, "1 ", _present([("a", name), ("e", found)])))
    return fields


def _title_parts(values: Values) -> tuple[str, str]:
    """The title without, and the responsibility behind, « / »."""
    title, slash, responsibility = values["title"].partition(" / ")
    return (title, responsibility) if slash and title else (values["title"], "")


def _title(values: Values, title: str, responsibility: str, people: list[Field]) -> list[Field]:
    number, part = volume_statement(values.get("volume", ""))
    bare, own_number, own_part = split_volume(title)
    if own_number and (not number or _digits(own_number) == _digits(number)):
        title, number, part = bare, number or own_number, part or own_part
    main, rest = split_subtitle(title)
    rest = " : ".join(filter(None, [rest, values.get("subtitle", "")]))
    if parallel := values.get("parallel"):
        rest = f"{rest} = {parallel}" if rest else f"= {parallel}"
    said = responsibility or values.get("responsibility", "") or _responsibility(values)
    parts = [("a", main), ("n", number), ("p", part), ("b", rest), ("c", said)]
    added = "1" if any(tag.startswith("1") for tag, _ in people) else "0"
    fields = [data_field("245", added + "0", _present(parts))]
    if original := values.get("original"):
        fields.append(data_field("246", "3 ", [("i", "Nhan đề gốc"), ("a", original)]))
    return fields


def _responsibility(values: Values) -> str:
    """The statement of responsibility of the people's columns: «Rowling, J. K. ; Lý Lan dịch»."""
    said = [clean(values.get("author", "")), values.get("contributor", ""), values.get("corporate", "")]
    for column, role in (("editor", "biên soạn"), ("translator", "dịch"), ("illustrator", "minh họa")):
        text = values.get(column, "")
        if text and not (column == "illustrator" and _ILLUSTRATION_NOTE.match(text)):
            said.append(text if name_and_role(text)[1] != "tác giả" else f"{text} {role}")
    return " ; ".join(filter(None, said))


def _description(values: Values) -> list[Field]:
    place, publisher, year = _imprint(values)
    pages, size = values.get("pages", ""), values.get("size", "")
    illustrated = values.get("illustrator", "")
    fields = []
    if edition := values.get("edition"):
        fields.append(data_field("250", "  ", [("a", f"Lần {edition}" if is_number(edition) else edition)]))
    if imprint := _present([("a", place), ("b", publisher), ("c", year)]):
        fields.append(data_field("260", "  ", imprint))
    physical = [
        ("a", f"{pages} tr." if is_number(pages) else pages),
        ("b", illustrated if _ILLUSTRATION_NOTE.match(illustrated) else ""),
        ("c", f"{size} cm" if is_number(size) else size),
    ]
    if found := _present(physical):
        fields.append(data_field("300", "  ", found))
    if series := values.get("series"):
        fields.append(data_field("490", "0 ", [("a", series)]))
    return fields


def _imprint(values: Values) -> tuple[str, str, str]:
    """Place, publisher and date of their columns, or out of «H. : Kim Đồng, 2015»."""
    place, publisher, year = values.get("place", ""), values.get("publisher", ""), values.get("year", "")
    if text := values.get("imprint", ""):
        found = re.match(
            r"(?:(?P<place>[^:]+?)\s*:\s*)?(?P<publisher>.*?)\s*(?:[,.]\s*(?P<year>\D{0,2}\d{4}\D{0,2}))?$", text
        )
        if found:
            place, publisher = place or found["place"] or "", publisher or found["publisher"] or ""
            year = year or found["year"] or ""
    return place, publisher, year


def _notes(values: Values) -> list[Field]:
    if is_number(values.get("audience", "")):
        values = {**values, "audience": f"Lớp {values['audience']}"}
    tags = (("note", "500", "  "), ("summary", "520", "  "), ("audience", "521", "  "), ("type", "655", " 4"))
    return [data_field(tag, indicators, [("a", values[name])]) for name, tag, indicators in tags if values.get(name)]


def _subjects(values: Values) -> list[Field]:
    fields = [data_field("650", " 4", [("a", subject)]) for subject in _listed(values.get("subject", ""), ";|")]
    return fields + [data_field("653", "  ", [("a", word)]) for word in _listed(values.get("keyword", ""), ";|,")]


def _holdings(rows: Iterable[Values]) -> list[Field]:
    """One 852 a location and call number: accession numbers as written, and the copies where there are more of them.

    A row without a title is a copy of the book above: what it does not say of its place is as said there.
    """
    groups: dict[tuple[str, str], tuple[list[str], int]] = {}
    place = "", ""
    for row in rows:
        said = clean(row.get("location", "")), clean(row.get("call_number", ""))
        place = said if "title" in row or "author_title" in row else (said[0] or place[0], said[1] or place[1])
        numbers, copies = groups.get(place, ([], 0))
        own = [number for number in _listed(row.get("accession", ""), ";,|\n") if number not in numbers]
        groups[place] = numbers + own, copies + max(_count(row), _numbered(own))
    fields = []
    for (location, call_number), (numbers, copies) in groups.items():
        parts = _present([("b", location), ("h", call_number)]) + [("p", number) for number in numbers]
        if copies > _numbered(numbers):
            parts.append(("9", str(copies)))
        if parts:
            fields.append(data_field("852", "  ", parts))
    return fields


def _numbered(numbers: Iterable[str]) -> int:
    """How many copies some accession numbers stand for, ranges written out."""
    return sum(len(accession_numbers(number)) for number in numbers)


def _count(row: Values) -> int:
    """The copies a row says it stands for; 1 where it says nothing, 0 where it says none."""
    if not (text := row.get("copies", "").strip()):
        return 0 if row.get("accession") else 1
    return count(text) if is_number(text[:1]) else 1


def _listed(text: str, separators: str = ";|,") -> list[str]:
    return [part for part in map(clean, re.split(f"[{re.escape(separators)}]", text)) if part]


def _present(parts: Iterable[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
