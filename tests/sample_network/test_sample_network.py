"""The sample network is what its master list says, and its truth is complete."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.sample_network import build
from tests.sample_network.books import Book, Network, check_digit, load
from tests.sample_network.legacy import LETTERS, TCVN3, mojibake, tcvn3
from tests.sample_network.tables import broken
from tests.sample_network.words import hyphenated, isbn10

SOURCES = build.DATA.parent / "sources"
COUNTS = {"T": 164, "H": 122, "N": 98, "L": 70, "S": 80, "G": 46, "D": 49, "X": 39, "P": 39}
DE_MEN = "de-men-kim-dong"


@pytest.fixture(scope="module")
def network() -> Network:
    return load()


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    with (build.HERE / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("path", "body"), build.files().items(), ids=lambda value: getattr(value, "name", ""))
def test_building_again_gives_the_same_bytes(path: Path, body: bytes) -> None:
    assert path.read_bytes() == body, f"{path.name}: run python -m tests.sample_network.build"


def test_each_library_has_its_number_of_records(network: Network) -> None:
    assert {letter: len(copies) for letter, copies in network.copies.items()} == COUNTS


def test_truth_names_every_readable_record_once(truth: list[dict[str, str]]) -> None:
    known = Counter((row["library"], row["identifier"]) for row in truth)
    assert set(known.values()) == {1}
    per_library = Counter(row["library"] for row in truth)
    expected = {library: COUNTS[letter] - bool(build.BROKEN.get(letter)) for letter, library in build.LIBRARIES.items()}
    assert per_library == expected


def test_two_fifths_of_the_records_repeat_another(truth: list[dict[str, str]]) -> None:
    clusters = {row["cluster"] for row in truth}
    assert 0.35 <= (len(truth) - len(clusters)) / len(truth) <= 0.45


def test_de_men_is_one_publication_in_nine_libraries(truth: list[dict[str, str]]) -> None:
    assert Counter(row["library"] for row in truth if row["cluster"] == DE_MEN) == dict.fromkeys(
        build.LIBRARIES.values(), 1
    )


@pytest.mark.parametrize("title", ["hoang tu be", "bo oi", "truyen kieu", "toan 5", "truyen co tich viet nam"])
def test_what_fits_several_publications_stays_apart_in_the_clans_list(title: str, truth: list[dict[str, str]]) -> None:
    rows = (build.DATA / "tu-sach-nguyen.csv").read_text(encoding="utf-8").splitlines()
    number = next(at for at, row in enumerate(rows, 1) if row.lower().split(";")[0] == title)
    found = [row["cluster"] for row in truth if (row["library"], row["identifier"]) == ("VN-HP-0006", f"row:{number}")]
    assert found == [f"clan-row-{number}"]


def test_isbns_are_sound_and_belong_to_one_publication(network: Network) -> None:
    numbered = [book for book in network.books.values() if book.isbn]
    assert all(check_digit(book.isbn[:12]) == book.isbn[12] for book in numbered)
    shared = Counter(book.isbn for book in numbered)
    assert {isbn for isbn, count in shared.items() if count > 1} == {network.books["tay-du-ky-1"].isbn}


def test_isbns_said_wrongly_are_the_known_ones(network: Network) -> None:
    copies = [copy for found in network.copies.values() for copy in found]
    other = {copy.book.key for copy in copies if copy.said.isbn != copy.book.isbn}
    assert other == {"me-cung-than-nong", "so-do", "tu-dien-tieng-viet"}
    assert {copy.book.key for copy in copies if copy.said.spoiled == "broken"} == {"toi-thay-hoa-vang-tren-co-xanh"}


@pytest.mark.parametrize("name", ["thanh-pho", "hai-duong", "hoc-lieu"])
def test_oai_files_hold_live_and_deleted_records(name: str) -> None:
    lines = [json.loads(line) for line in (build.DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({line["identifier"] for line in lines}) == len(lines)
    assert all(line["deleted"] != bool(line["metadata"]) for line in lines)
    assert any(line["deleted"] for line in lines)


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.yaml")), ids=lambda path: path.stem)
def test_source_files_lead_to_their_data(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert entry["library"]["code"] in build.LIBRARIES.values()
    options = entry["options"]
    data = path.parent / options["path"] if "path" in options else build.DATA / f"{path.stem}.jsonl"
    assert data.is_file()
    assert options.get("url", f"http://127.0.0.1:8089/{path.stem}") == f"http://127.0.0.1:8089/{path.stem}"


def test_tcvn3_has_all_letters_and_folds_toned_capitals() -> None:
    assert len(LETTERS) == len(TCVN3) == len(set(TCVN3)) == 67
    assert tcvn3("Dế mèn phiêu lưu ký") == b"D\xd5 m\xccn phi\xaau l\xadu k\xfd"
    assert tcvn3("Ế") == tcvn3("ế")


def test_words_of_catalogs() -> None:
    assert mojibake("Dế Mèn") == "Dáº¿ MÃ¨n"
    assert hyphenated("9786046999072") == "978-604-69-9907-2"
    assert isbn10("9780747532699") == "0747532699"
    assert check_digit(broken("9786041000698")[:12]) == "8"


def test_volumes_are_said_in_figures_or_words() -> None:
    assert Book("a", "Kính vạn hoa", volume="2").volume_words == "Tập 2"
    assert Book("a", "Toán 5", volume="2", words=True).volume_words == "Tập hai"
