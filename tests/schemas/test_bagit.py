"""BagIt packages: the suite of the Library of Congress, and bags that are wrong in every way we know."""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.bag import bag as command
from schemas.bagit import Report, check, is_inside
from schemas.bagit_stores import store_of
from schemas.problem import Trouble

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Members:
    """A bag of bytes; the same name may stand in it twice."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self.files = list(files)

    def names(self) -> list[str]:
        return [name for name, _ in self.files]

    def open(self, name: str) -> BinaryIO:
        return io.BytesIO(dict(self.files)[name])


def sums(payload: dict[str, bytes], algorithm: str = "sha256") -> bytes:
    return b"".join(f"{hashlib.new(algorithm, body).hexdigest()}  {name}\n".encode() for name, body in payload.items())


PAYLOAD = {"data/Dế Mèn.epub": b"abc" * 1000, "data/phụ/bìa.jpg": b"\xff\xd8"}


def bag(**changes: bytes | None) -> dict[str, bytes]:
    files = {"bagit.txt": DECLARATION, "manifest-sha256.txt": sums(PAYLOAD), **PAYLOAD}
    for name, body in changes.items():
        if body is None:
            del files[name]
        else:
            files[name] = body
    return files


def judged(files: dict[str, bytes] | list[tuple[str, bytes]]) -> Report:
    return check(Members(files.items() if isinstance(files, dict) else files))


def codes(report: Report) -> list[str]:
    return [one.code for one in report.errors]


def suite(shared: Path) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    with tarfile.open(next((shared / "data" / "bagit").glob("*.tar.gz"))) as packed:
        for member in packed:
            parts = member.name.split("/")
            if member.isfile() and len(parts) > 4:
                stream = packed.extractfile(member)
                assert stream is not None
                found.setdefault("/".join(parts[1:4]), {})["/".join(parts[4:])] = stream.read()
    return found


def test_the_suite_of_the_library_of_congress(shared: Path) -> None:
    bags = suite(shared)
    assert len(bags) > 30
    bags["v0.97/warning/special-system-files"].setdefault("data/.DS_Store", b"")  # archives leave it out; it is empty
    for name, files in bags.items():
        report = judged(files)
        assert report.errors == [], name
        assert not ("warning" in name and "normalization" not in name) or report.warnings, name
        assert report.bytes == sum(len(body) for file, body in files.items() if file.startswith("data/")), name


def test_a_whole_bag() -> None:
    oxum = f"{sum(map(len, PAYLOAD.values()))}.{len(PAYLOAD)}"
    info = f"Source-Organization: Nhà xuất bản\n  Hải Phòng\nPayload-Oxum: {oxum}\n".encode()
    files = bag() | {"bag-info.txt": info, "manifest-sha512.txt": sums(PAYLOAD, "sha512")}
    files["tagmanifest-sha256.txt"] = sums({name: files[name] for name in ("bagit.txt", "bag-info.txt")})
    report = judged(files)
    assert (report.valid, report.warnings, report.version, report.files) == (True, [], "1.0", 2)
    assert report.info == [("Source-Organization", "Nhà xuất bản Hải Phòng"), ("Payload-Oxum", oxum)]


FIRST = "data/Dế Mèn.epub"
WRONG: list[tuple[str, Callable[[], dict[str, bytes]], str]] = [
    ("no declaration", lambda: bag(**{"bagit.txt": None}), "bag_declaration"),
    (
        "space before the colon",
        lambda: bag(**{"bagit.txt": DECLARATION.replace(b"Version:", b"Version :")}),
        "bag_declaration",
    ),
    ("space before the label", lambda: bag(**{"bagit.txt": b" " + DECLARATION}), "bag_declaration"),
    ("two spaces", lambda: bag(**{"bagit.txt": DECLARATION.replace(b": 1.0", b":  1.0")}), "bag_declaration"),
    ("a mark of order", lambda: bag(**{"bagit.txt": b"\xef\xbb\xbf" + DECLARATION}), "bag_declaration"),
    ("an unknown version", lambda: bag(**{"bagit.txt": DECLARATION.replace(b"1.0", b"7.0")}), "bag_declaration"),
    ("an unknown encoding", lambda: bag(**{"bagit.txt": DECLARATION.replace(b"UTF-8", b"TCVN-X")}), "bag_declaration"),
    ("one line", lambda: bag(**{"bagit.txt": DECLARATION[:19]}), "bag_declaration"),
    ("no manifest", lambda: bag(**{"manifest-sha256.txt": None}), "bag_no_manifest"),
    ("an unknown algorithm", lambda: bag(**{"manifest-crc32.txt": b"x"}), "bag_algorithm"),
    ("a bit", lambda: bag(**{FIRST: b"abd" + b"abc" * 999}), "bag_sum"),
    ("a file less", lambda: bag(**{FIRST: None}), "bag_missing"),
    ("a file more", lambda: bag(**{"data/x": b""}), "bag_unlisted"),
    (
        "in one manifest of two",
        lambda: bag(**{"manifest-md5.txt": sums({FIRST: PAYLOAD[FIRST]}, "md5")}),
        "bag_unlisted",
    ),
    ("two sums", lambda: bag(**{"manifest-sha256.txt": sums(PAYLOAD) + sums({FIRST: b""})}), "bag_two_sums"),
    (
        "out of the bag",
        lambda: bag(**{"manifest-sha256.txt": sums(PAYLOAD | {"data/../../etc/passwd": b""})}),
        "bag_outside",
    ),
    ("not of the payload", lambda: bag(**{"manifest-sha256.txt": sums(PAYLOAD | {"bagit.txt": b""})}), "bag_outside"),
    ("a tag manifest of payload", lambda: bag(**{"tagmanifest-sha256.txt": sums(PAYLOAD)}), "bag_outside"),
    ("no sum", lambda: bag(**{"manifest-sha256.txt": b"data/x\n"}), "bag_line"),
    ("a short sum", lambda: bag(**{"manifest-sha256.txt": b"abc  data/x\n"}), "bag_line"),
    ("a wrong oxum", lambda: bag(**{"bag-info.txt": b"Payload-Oxum: 1.1\n"}), "bag_oxum"),
    ("no oxum", lambda: bag(**{"bag-info.txt": b"Payload-Oxum: nhi\xe1\xbb\x81u\n"}), "bag_oxum"),
    ("a line without a label", lambda: bag(**{"bag-info.txt": b"Lan\n"}), "bag_info"),
    ("bytes that are no text", lambda: bag(**{"bag-info.txt": b"A: \xff\xfe\n"}), "bag_tag_file"),
    ("a name that leads away", lambda: bag(**{"../x": b""}), "bag_name"),
    (
        "fetching a file of the machine",
        lambda: bag(**{"fetch.txt": b"file:///etc/passwd 1 ../../etc/passwd\n"}),
        "bag_fetch_line",
    ),
]


@pytest.mark.parametrize(("make", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_makes_a_bag_invalid(make: Callable[[], dict[str, bytes]], code: str) -> None:
    report = judged(make())
    assert code in codes(report)
    for problem in report.errors + report.warnings:
        assert problem.sentence("vi") != problem.sentence("en")


def test_two_members_of_one_name() -> None:
    files = [*bag().items(), (FIRST, b"other")]
    assert "bag_twice" in codes(judged(files))


def test_what_is_elsewhere_is_not_fetched_and_not_missing() -> None:
    files = bag(**{FIRST: None, "fetch.txt": f"https://x.example/a 3000 {FIRST}\n".encode()})
    report = judged(files)
    assert report.errors == []
    assert [one.code for one in report.warnings] == ["bag_fetch"]


def test_every_flipped_bit_is_found() -> None:
    chance = random.Random(1)
    for _ in range(200):
        files = bag()
        name = chance.choice(sorted(PAYLOAD))
        body = bytearray(files[name])
        at = chance.randrange(len(body) * 8)
        body[at // 8] ^= 1 << at % 8
        files[name] = bytes(body)
        assert codes(judged(files)) == ["bag_sum"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "data/../../x",
        "data//x",
        "data/./x",
        "C:/x",
        "c:x",
        "~/x",
        "data\\x",
        "a\0b",
        "x" * 1001,
    ],
)
def test_names_that_lead_out(name: str) -> None:
    assert not is_inside(name)


@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=60), max_size=6), st.binary(max_size=200))
def test_whatever_comes_is_judged(files: dict[str, bytes], text: bytes) -> None:
    everything = bag() | files | {"bag-info.txt": text, "tagmanifest-md5.txt": text, "manifest-sha1.txt": text}
    for problem in judged(everything).errors:
        problem.sentence("vi")


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def zipped(path: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files:
            packed.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return path


def test_a_folder_and_a_zip_of_it_are_judged_alike(tmp_path: Path) -> None:
    folder = written(tmp_path / "goi", bag())
    inside = zipped(tmp_path / "a.zip", [(f"goi/{name}", body) for name, body in bag().items()])
    bare = zipped(tmp_path / "b.zip", bag().items())
    assert [check(store_of(path)).errors for path in (folder, inside, bare)] == [[], [], []]
    (folder / "data" / "link").symlink_to("/etc/passwd")
    (folder / "data" / "elsewhere").symlink_to("/etc")
    assert codes(check(store_of(folder))) == ["bag_name", "bag_name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_means_harm(tmp_path: Path) -> None:
    twice = zipped(tmp_path / "twice.zip", [*bag().items(), (FIRST, b"x")])
    assert "bag_twice" in codes(check(store_of(twice)))
    away = zipped(tmp_path / "away.zip", [*bag().items(), ("../../x", b"x")])
    assert "bag_name" in codes(check(store_of(away)))
    with pytest.raises(Trouble, match="unpacks to too much"):
        store_of(zipped(tmp_path / "bomb.zip", [*bag().items(), ("data/b", b"0" * 2**23)]))
    for body in (b"", b"PK\x03\x04", b"x" * 99):
        path = tmp_path / "none.zip"
        path.write_bytes(body)
        with pytest.raises(Trouble):
            store_of(path)


def test_the_command(tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good", bag()), written(tmp_path / "bad", bag(**{"data/x": b""}))
    said = [CliRunner().invoke(command, [str(path)], standalone_mode=False) for path in (good, bad)]
    assert [one.return_value for one in said] == [0, 1]
    assert "data/x" in said[1].output
