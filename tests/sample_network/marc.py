"""MARC 21 records as three catalogs write them: the city library, a Koha, a children's department."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape

from tests.sample_network.books import Book, Copy, dice, direct
from tests.sample_network.words import CLASSES_OF_19, cutter, hyphenated, isbn10, longest, responsibility, subjects

Field = tuple[str, str, list[tuple[str, str]]]  # tag, indicators (or the text of a control field), subfields
NAMESPACE = "http://www.loc.gov/MARC21/slim"
RELATORS = {
    "author": "tác giả",
    "translator": "dịch",
    "illustrator": "minh họa",
    "chief": "tổng ch.b.",
    "editor": "ch.b.",
    "reviser": "hiệu đính",
    "adapter": "biên soạn",
    "compiler": "sưu tầm",
}
COUNTRIES = {"London": "enk", "New York": "nyu", "Tokyo": "ja "}
SHORT_PLACES = {"Hà Nội": "H.", "Thành phố Hồ Chí Minh": "Tp. Hồ Chí Minh", "Hải Phòng": "H.P."}
CARRIERS = {"braille": "[chữ nổi]", "sound": "[sách nói]"}


def leader(book: Book, unicode: bool = True) -> str:
    """Sound recordings are i, serials s; position 9 is blank where the catalog knows nothing of Unicode."""
    kind = "i" if book.form == "sound" else "a"
    level = "s" if book.form == "serial" else "m"
    return f"00000n{kind}{level} {'a' if unicode else ' '}2200000 a 4500"


def fixed(book: Book, entered: str, audience: bool = True) -> Field:
    """008: dates, country, audience (22), form of item (23), language."""
    country = COUNTRIES.get(book.place, "vm ")
    aimed = book.audience if audience else "|"
    form = "f" if book.form == "braille" else " "
    date = f"c{book.year}9999" if book.form == "serial" else f"s{book.year}    "
    return "008", f"{entered}{date}{country}||||{aimed}{form}|||||||| ||{book.languages[0]} d", []


def numbers(book: Book, copy: Copy, price: bool) -> list[Field]:
    """020 with the price ($c) and, in the manner of the national library, the print run ($d)."""
    if not book.isbn:
        return []
    parts = [("a", hyphenated(book.isbn) if copy.dice % 3 else book.isbn)]
    if price and book.price:
        parts += [("c", f"{book.price}đ"), ("d", f"{(copy.dice % 4 + 1) * 500}b")]
    return [("020", "  ", parts)]


def languages(book: Book) -> list[Field]:
    """041 for translations and bilingual books."""
    if not book.original and len(book.languages) < 2:
        return []
    parts = [("a", code) for code in book.languages]
    return [("041", "1 ", parts + ([("h", book.original)] if book.original else []))]


def title(book: Book, isbd: bool, in_index: bool = False) -> Field:
    """245, with the punctuation of ISBD inside the subfields or without."""
    parts = [("a", book.title)]
    if book.form in CARRIERS:
        parts.append(("h", CARRIERS[book.form]))
    if book.volume:
        parts.append(("n", book.volume_words if book.words else f"T.{book.volume}"))
    if book.part:
        parts.append(("p", book.part))
    if book.parallel:
        parts.append(("b", book.parallel if isbd else f"= {book.parallel}"))
    if book.subtitle:
        parts.append(("b", book.subtitle))
    if said := responsibility(book, in_index):
        parts.append(("c", said))
    added = "1" if book.names("author", "corporate") else "0"
    return "245", added + "0", _punctuated(parts, book) if isbd else parts


def _punctuated(parts: list[tuple[str, str]], book: Book) -> list[tuple[str, str]]:
    """The mark of the next element at the end of each subfield (ISBD consolidated edition, area 1)."""
    done = []
    for (code, value), following in zip(parts, [*[code for code, _ in parts[1:]], ""], strict=True):
        mark = {"c": " /", "n": ".", "p": "," if code == "n" else "."}.get(following, "")
        if following == "b":
            mark = " =" if book.parallel and code != "b" else " :"
        done.append((code, value + mark))
    return done


def imprint(book: Book, style: int) -> list[Field]:
    """260 (264 in style 3), 250; the place short or in full, the publisher with or without "Nxb."."""
    place = book.place if style in (2, 3) else SHORT_PLACES.get(book.place, book.place)
    publisher = f"Nxb. {book.publisher}" if style == 1 and len(book.publisher) < 12 else book.publisher
    year = f"{book.year}." if style == 2 else str(book.year)
    if style == 3 and dice(book.key) % 4 == 0:
        year = f"[{year}]"
    marks = ("", "") if style == 1 else (" :", ",")
    if book.form == "serial":
        year = f"{book.year}-"
    found: list[Field] = [("250", "  ", [("a", book.edition)])] if book.edition else []
    parts = [("a", place + marks[0]), ("b", publisher + marks[1]), ("c", year)]
    tag, indicators = ("264", " 1") if style == 3 else ("260", "  ")
    return [*found, (tag, indicators, [(code, value) for code, value in parts if value.strip(" :,")])]


def extent(book: Book, style: int) -> list[Field]:
    """300: pages, illustrations, height."""
    if not book.pages:
        return []
    pages = f"{book.pages}{'' if style in (0, 2) else ' '}tr."
    parts = [("a", pages), ("c", f"{book.size} cm" if style else f"{book.size}cm")]
    if book.names("illustrator") or book.form == "comic":
        parts.insert(1, ("b", "minh họa" if style else "tranh vẽ"))
    if style != 1:
        parts = [*[(c, v + (" :" if c == "a" and len(parts) == 3 else " ;")) for c, v in parts[:-1]], parts[-1]]
    return [("300", "  ", parts)]


def people(book: Book, dates: dict[str, str], direct_first: str) -> list[Field]:
    """100 or 110 for the first author and 700 for the others, each with the role in $e (not authors)."""
    found: list[Field] = []
    for name, role in book.people:
        corporate = role == "corporate"
        main = not found and role in ("author", "corporate") and name != "Nhiều tác giả"
        tag = ("1" if main else "7") + ("10" if corporate else "00")
        indicator = "2 " if corporate else f"{'1' if ',' in name else direct_first} "
        parts = [("a", f"{name}," if name in dates else name)]
        if name in dates:
            parts.append(("d", dates[name]))
        if role in RELATORS and role != "author":
            parts.append(("e", RELATORS[role]))
        if name != "Nhiều tác giả":
            found.append((tag, indicator, parts))
    return found


def common(book: Book, copy: Copy, style: int, dates: dict[str, str], direct_first: str) -> list[Field]:
    """100 to 700, in the order of their tags within the hundreds."""
    names = people(book, dates, direct_first)
    found = [field for field in names if field[0][0] == "1"]
    found += [title(book, isbd=style != 1, in_index=copy.dice % 7 == 0), *imprint(book, style), *extent(book, style)]
    if book.series:
        number = book.volume if book.series in (book.title, "Harry Potter") else ""
        volume = [("v", f"T.{number}")] if number else []
        found.append(("490", "0 ", [("a", book.series), *volume]))
    found += [("650", " 7", [("2", "Bộ TK TVQG"), ("a", subject)]) for subject in subjects(book)]
    return found + [field for field in names if field[0][0] == "7"]


def city(copy: Copy) -> tuple[str, list[Field]]:
    """The city library: MARC 21 in the manner of the national library, 852 in three manners, local 9xx."""
    book, style = copy.said, copy.number % 4
    found: list[Field] = [("001", f"HPC{copy.number:06d}", []), ("003", "VN-HP-0001", [])]
    found += [("005", f"2026{copy.number % 12 + 1:02d}15083000.0", []), fixed(book, "240312")]
    found += [*numbers(book, copy, price=True), *languages(book), ("044", "  ", [("a", "vm")])]
    found.append(("082", "04", [("2", "23"), ("a", book.ddc), ("b", cutter(book.title))]))
    found += common(book, copy, style, {}, "1")
    if book.audience in "abc":
        found.append(("521", "1 ", [("a", {"a": "3-6 tuổi", "b": "6-8 tuổi", "c": "9-13 tuổi"}[book.audience])]))
    found += _city_copies(copy)
    names = book.names("author")
    found += [("920", "  ", [("a", names[0])])] if names else []
    found.append(("930", "  ", [("a", str(500000 + copy.dice % 90000))]))
    return leader(book), [*found, ("941", "  ", [("a", "DP"), ("b", "VH" if book.ddc[:1] == "8" else "KH")])]


def _city_copies(copy: Copy) -> list[Field]:
    book, many = copy.said, copy.dice % 4 + 1
    child, local = book.audience in "abcj", book.ddc.startswith("959.735")
    prefix, place = ("TN", "Kho thiếu nhi") if child else ("DC", "Kho địa chí") if local else ("VV", "Kho mượn")
    items = [f"{prefix}.{copy.number * 5 + item:05d}" for item in range(many)]
    start = [("a", "VN-HP-0001"), ("b", place)]
    call = ("h", f"{book.ddc} {cutter(book.title)}")
    if copy.number % 3 == 0:
        return [("852", "  ", [*start, ("j", ", ".join(items))])]
    if copy.number % 3 == 1:
        return [("852", "  ", [*start, *[("j", item) for item in items]])]
    reading = [("852", "  ", [("a", "VN-HP-0001"), ("b", "Phòng đọc"), call, ("p", items[0])])]
    rest = [("852", "  ", [*start, call, *[("p", item) for item in items[1:]]])] if many > 1 else []
    return reading + rest


def koha(copy: Copy, dates: dict[str, str]) -> tuple[str, list[Field]]:
    """The Koha of the second site: 245 and 100 decomposed, items in 952, the old library code in 003 and 040."""
    book, number = copy.said, 20000 + copy.number * 3
    found: list[Field] = [("001", str(number), []), ("003", "TVT-HD", []), ("005", "20260401101500.0", [])]
    found += [fixed(book, "190620")]
    isbns = numbers(book, copy, price=False)
    if isbns and copy.number % 17 == 0:
        isbns = [("020", "  ", [("a", isbn10(book.isbn))])]
    found += [*isbns, ("040", "  ", [("a", "TVT-HD"), ("b", "vie")]), *languages(book)]
    found.append(("082", "04", [("a", f"{book.ddc}2" if book.ddc == "895.92233" else book.ddc), ("2", "14")]))
    found += common(book, copy, 3 if copy.number % 2 else 2, dates, "0")
    shelf = f"{book.ddc} {cutter(book.title)}"
    found.append(("942", "  ", [("2", "ddc"), ("c", "BAO" if book.form == "serial" else "SACH")]))
    for item in range(copy.dice % 3 + 1):
        place = "TN" if book.audience in "abcj" else "KM" if item else "KD"
        branch = [("a", "CHUONGDUONG"), ("b", "CHUONGDUONG"), ("c", place), ("d", "2019-06-20")]
        parts = [("0", "0"), ("2", "ddc"), *branch]
        found.append(("952", "  ", [*parts, ("o", shelf), ("p", f"HD{number * 10 + item:07d}"), ("y", "SACH")]))
    found.append(("999", "  ", [("c", str(number)), ("d", str(number))]))
    return leader(book), [_decomposed(field) for field in found]


def _decomposed(field: Field) -> Field:
    tag, indicators, parts = field
    if tag not in ("100", "245"):
        return field
    return tag, indicators, [(code, unicodedata.normalize("NFD", value)) for code, value in parts]


def children(copy: Copy) -> tuple[str, list[Field]]:
    """The children's department: 19 classes in 084, no 082, the audience only in the name of the stack."""
    book, style = copy.said, 1 if copy.number % 2 else 0
    found: list[Field] = [("001", f"TN{copy.number:05d}", []), fixed(book, "080915", audience=False)]
    found += numbers(book, copy, price=True) if copy.dice % 5 > 1 else []
    found += languages(book) if copy.dice % 2 else []
    shelf = longest(CLASSES_OF_19, book.ddc) or "Đ"
    found.append(("084", "  ", [("a", shelf), ("b", cutter(book.title)), ("2", "19lop")]))
    found += common(book, copy, style, {}, "1")
    items = [("j", f"TN.{copy.number * 7 + item:05d}") for item in range(copy.dice % 5 + 1)]
    return leader(book, unicode=False), [*found, ("852", "  ", [("b", "Kho thiếu nhi"), ("k", shelf), *items])]


def marcxml(record: tuple[str, list[Field]], open_tag: str = f'<record xmlns="{NAMESPACE}">') -> str:
    """The record as MARCXML."""
    lines = [open_tag, f"<leader>{record[0]}</leader>"]
    for tag, indicators, parts in record[1]:
        if tag < "010":
            lines.append(f'<controlfield tag="{tag}">{escape(indicators)}</controlfield>')
            continue
        inner = "".join(f'<subfield code="{code}">{escape(value)}</subfield>' for code, value in parts)
        ends = f'ind1="{indicators[0]}" ind2="{indicators[1]}"'
        lines.append(f'<datafield tag="{tag}" {ends}>{inner}</datafield>')
    return "".join([*lines, "</record>"])


def author_of(book: Book) -> str:
    """The first author as tables write it: in direct order."""
    return direct((book.names("author", "corporate") or [""])[0])
