"""Writes the data of the sample network from ``works.yaml``: ``python -m tests.sample_network.build``.

The same master list always gives the same bytes. ``clusters.csv`` is the known truth: one row for each record that can
be read, with the key of the publication it describes. Records of tables without identifiers are ``row:<n>``, the first
row of the sheet they stand in (from 1 on). Deleted records and those broken on purpose are not in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.sample_network import dublin_core, marc, onix, tables, truth
from tests.sample_network.books import Book, Copy, Network, load
from tests.sample_network.legacy import iso2709, with_bad_directory

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "harvest_config" / "demo" / "data"
LIBRARIES = {
    "T": "VN-HP-0001",
    "H": "VN-HP-0002",
    "N": "VN-HP-0003",
    "L": "VN-HP-0004",
    "S": "VN-HP-0005",
    "G": "VN-HP-0006",
    "D": "VN-HP-0007",
    "X": "VN-HP-0008",
    "P": "VN-HP-0009",
}
BROKEN = {"N": 60, "L": 0, "S": 0, "D": 0}  # one each: a bad directory, two rows and a Dublin Core without a title
DELETED = {"T": (9003, 9017, 9044, 9101), "H": (90006, 90051), "D": (902,)}
FIRST_DAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
Line = dict[str, object]


def identifier(letter: str, copy: Copy, rows: dict[int, int] | None = None) -> str:
    """How the record of ``copy`` is known in its library; in a table without identifiers ``row:`` and its first row."""
    number = copy.number
    names: dict[str, Callable[[], str]] = {
        "T": lambda: f"oai:thanh-pho.example:{number:06d}",
        "H": lambda: f"oai:hai-duong.example:{20000 + number * 3}",
        "N": lambda: f"TN{number:05d}",
        "L": lambda: f"row:{(rows or {})[number]}",
        "S": lambda: f"MK{number:04d}",
        "G": lambda: f"row:{number + 1}",
        "D": lambda: f"oai:hoc-lieu.example:20250901/{100 + number}",
        "X": lambda: onix.reference(number),
        "P": lambda: tables.private_number(copy),
    }
    return names[letter]()


def clusters(network: Network) -> list[tuple[str, str, str]]:
    """(library, identifier, cluster) of every record that can be read."""
    found = []
    rows = tables.ward_rows(network.copies["L"])
    for letter, library in LIBRARIES.items():
        for copy in network.copies[letter]:
            if BROKEN.get(letter) == copy.number:
                continue
            known = identifier(letter, copy, rows)
            found.append((library, known, _cluster(letter, copy, known, network.books.values())))
    return found


def _cluster(letter: str, copy: Copy, known: str, books: Iterable[Book]) -> str:
    if letter != "G":
        return copy.book.key
    return truth.clan_cluster(copy, f"clan-{known.replace(':', '-')}", books)


def _datestamp(number: int) -> str:
    return (FIRST_DAY + timedelta(minutes=number * 47)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(name: str, number: int, sets: list[str], metadata: dict[str, str]) -> Line:
    return {"identifier": name, "datestamp": _datestamp(number), "deleted": False, "sets": sets, "metadata": metadata}


def _sets(book: Book) -> list[str]:
    if book.ddc.startswith("959.735"):
        return ["dia-chi"]
    return ["thieu-nhi"] if book.audience in "abcj" else ["nguoi-lon"]


def _json_lines(letter: str, prefix: str, lines: list[Line]) -> bytes:
    """The records and, at the end, the deleted ones, one JSON object a line."""
    for at, number in enumerate(DELETED[letter]):
        day = _datestamp(len(lines) + at + 20)
        name = f"{prefix}{number:06d}" if letter == "T" else f"{prefix}{number}"
        lines.append({"identifier": name, "datestamp": day, "deleted": True, "sets": [], "metadata": {}})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _city(network: Network) -> bytes:
    lines = []
    for copy in network.copies["T"]:
        name = identifier("T", copy)
        plain = dublin_core.elements(copy, f"https://thanh-pho.example/bieu-ghi/{copy.number}")
        metadata = {"marcxml": marc.marcxml(marc.city(copy)), "oai_dc": dublin_core.oai_dc(plain)}
        lines.append(_line(name, copy.number, _sets(copy.said), metadata))
    return _json_lines("T", "oai:thanh-pho.example:", lines)


def _second_site(network: Network) -> bytes:
    lines = []
    for copy in network.copies["H"]:
        name = identifier("H", copy)
        plain = dublin_core.elements(copy, f"https://hai-duong.example/opac/{20000 + copy.number * 3}")
        metadata = {"marcxml": marc.marcxml(marc.koha(copy, network.dates)), "oai_dc": dublin_core.oai_dc(plain)}
        lines.append(_line(name, copy.number, [], metadata))
    return _json_lines("H", "oai:hai-duong.example:", lines)


def _repository(network: Network) -> bytes:
    """The repository; one record has nothing but its address."""
    lines = []
    for copy in network.copies["D"]:
        address = f"https://hoc-lieu.example/handle/20250901/{100 + copy.number}"
        plain = dublin_core.elements(copy, address)
        if copy.said.form != "electronic":
            plain.append(("description", "Có bản số hóa (pdf) đọc tại thư viện"))
        metadata = {"oai_dc": dublin_core.oai_dc(plain)}
        lines.append(_line(identifier("D", copy), copy.number, ["com_20250901_1"], metadata))
    empty = dublin_core.oai_dc([("identifier", "https://hoc-lieu.example/handle/20250901/900")])
    lines.append(_line("oai:hoc-lieu.example:20250901/900", len(lines) + 1, ["com_20250901_1"], {"oai_dc": empty}))
    return _json_lines("D", "oai:hoc-lieu.example:20250901/", lines)


def _department(network: Network) -> bytes:
    records = []
    for copy in network.copies["N"]:
        record = iso2709(marc.children(copy))
        records.append(with_bad_directory(record) if copy.number == BROKEN["N"] else record)
    return b"".join(records)


def _truth(network: Network) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("library", "identifier", "cluster"), *clusters(network)])
    return text.getvalue().encode()


def files() -> dict[Path, bytes]:
    """Every file of the sample network and what stands in it."""
    network = load()
    return {
        DATA / "thanh-pho.jsonl": _city(network),
        DATA / "hai-duong.jsonl": _second_site(network),
        DATA / "thieu-nhi.mrc": _department(network),
        DATA / "le-chan.xlsx": tables.ward(network.copies["L"]),
        DATA / "minh-khai.csv": tables.school(network.copies["S"]),
        DATA / "tu-sach-nguyen.csv": tables.clan(network.copies["G"]),
        DATA / "hoc-lieu.jsonl": _repository(network),
        DATA / "nxb-hai-phong.xml": onix.message(network.copies["X"]),
        DATA / "hoa-phuong.csv": tables.private(network.copies["P"]),
        HERE / "clusters.csv": _truth(network),
    }


def main() -> None:
    """Writes the files."""
    DATA.mkdir(parents=True, exist_ok=True)
    for path, body in files().items():
        path.write_bytes(body)


if __name__ == "__main__":
    main()
