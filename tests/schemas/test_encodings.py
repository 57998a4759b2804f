"""The 134 Vietnamese letters in every encoding, and telling the encodings apart."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.encodings import NAMES, decode, detect, encode, mend_mojibake, reread
from schemas.problem import Trouble
from schemas.syllables import is_syllable, says_vietnamese

LOWER = "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"
LETTERS = LOWER + LOWER.upper()
VIETNAMESE = ("tcvn3", "vni", "viscii", "vn1", "cp1258", "marc-8")
TITLES = [
    "Dế Mèn phiêu lưu ký",
    "Đất rừng phương Nam",
    "Góc sân và khoảng trời",
    "Những tấm lòng cao cả",
    "Truyện Kiều",
]


def test_there_are_134_letters() -> None:
    assert len(set(LETTERS)) == 134


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "vni", "viscii", "vn1", "cp1258", "marc-8", "iso-5426"])
def test_every_letter_comes_back(name: str) -> None:
    assert [letter for letter in LETTERS if decode(encode(letter, name), name) != letter] == []
    assert decode(encode(LETTERS, name), name) == LETTERS


def test_tcvn3_has_capitals_for_seven_letters_only() -> None:
    lost = [letter for letter in LETTERS if decode(encode(letter, "tcvn3"), "tcvn3") != letter]
    assert len(lost) == 60
    assert all(decode(encode(letter, "tcvn3"), "tcvn3") == letter.lower() for letter in lost)


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ("4465E1204D65F86E20706869 65E275206CF675206B79F9", "vni", "Dế Mèn phiêu lưu ký"),
        ("A7CA742072F56E67207068ADAC6E67204E616D", "tcvn3", "Đất rừng phương Nam"),
        ("47F3632073E26E2076E0206B686F61D26E672074 72F5CC69", "cp1258", "Góc sân và khoảng trời"),
        ("4BE2696E682076F2616E20686F61", "marc-8", "Kính vạn hoa"),
        ("1E", "viscii", "Ỵ"),
        ("AD", "tcvn3", "ư"),
    ],
)
def test_known_bytes(data: str, name: str, text: str) -> None:
    assert decode(bytes.fromhex(data), name) == text


def test_decomposed_text_is_composed() -> None:
    assert decode(unicodedata.normalize("NFD", "Tiếng Việt").encode(), "utf-8") == "Tiếng Việt"


def test_an_unknown_encoding_names_the_known_ones() -> None:
    with pytest.raises(Trouble) as trouble:
        decode(b"", "klingon")
    assert trouble.value.problem.code == "encoding_unknown"
    assert "tcvn3" in trouble.value.problem.facts["known"]


@pytest.mark.parametrize(
    ("data", "name", "offset"),
    [(b"ab\xff", "utf-8", 2), (b"abc\xaf", "tcvn3", 3), (b"a\x81", "vni", 1), (b"ab\xff", "marc-8", 2)],
)
def test_an_unknown_byte_says_where(data: bytes, name: str, offset: int) -> None:
    with pytest.raises(Trouble) as trouble:
        decode(data, name)
    assert trouble.value.problem.code == "encoding_broken"
    assert trouble.value.problem.facts["offset"] == str(offset)


def test_a_letter_without_a_place_is_a_trouble() -> None:
    with pytest.raises(Trouble) as trouble:
        encode("漢", "tcvn3")
    assert trouble.value.problem.code == "encoding_unfit"


@given(st.binary(max_size=60), st.sampled_from(NAMES))
@settings(max_examples=300, deadline=None)
def test_decoding_raises_trouble_or_nothing(data: bytes, name: str) -> None:
    try:
        text = decode(data, name)
    except Trouble:
        return
    assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("name", VIETNAMESE)
def test_a_source_is_told_by_its_syllables(name: str) -> None:
    found, evidence = detect([encode(title, name) for title in TITLES])
    expected = "tcvn3" if name == "vn1" else name  # without capitals the two are one
    assert found == expected
    assert evidence["rule"] == "syllables"


def test_vn1_is_told_by_its_capitals() -> None:
    assert detect([encode(title.upper(), "vn1") for title in TITLES])[0] == "vn1"


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([b"plain text"], "utf-8"),
        (["Dế Mèn".encode()], "utf-8"),
        (["Dế Mèn".encode("utf-8-sig")], "utf-8"),
        (["Dế Mèn".encode("utf-16")], "utf-16"),
        (["Élève à la forêt, déjà vu, naïveté française".encode("latin-1")], "unknown"),
        ([encode("Đất", "tcvn3")], "unknown"),
    ],
)
def test_marks_and_utf8_come_first_and_doubt_stays_doubt(samples: list[bytes], expected: str) -> None:
    assert detect(samples)[0] == expected


@pytest.mark.parametrize("title", [*TITLES, "Sân và khoảng"])
def test_double_encoding_is_mended(title: str) -> None:
    for shown in ("cp1252", "latin-1"):
        damaged = "".join(bytes([b]).decode(shown, "ignore") or chr(b) for b in title.encode())
        assert mend_mojibake(damaged) == title


@pytest.mark.parametrize("text", ["Dế Mèn", "Élève", "plain", "São Paulo", "Ân Thi"])
def test_sound_text_is_left_alone(text: str) -> None:
    assert mend_mojibake(text) is None


@pytest.mark.parametrize(
    ("shown", "name", "text"),
    [
        ("Khæ mÉu MARC 21 cho d÷ liÖu th− môc", "tcvn3", "Khổ mẫu MARC 21 cho dữ liệu thư mục"),
        ("Khoa th«ng tin – th• viÖn", "tcvn3", "Khoa thông tin – thư viện"),
        ("Löông Duyeân Bình", "vni", "Lương Duyên Bình"),
    ],
)
def test_legacy_text_shown_in_a_wrong_font_is_read_again(shown: str, name: str, text: str) -> None:
    assert reread(shown, name) == text


def test_syllables() -> None:
    assert all(is_syllable(word) for word in ["nghiêng", "hoà", "hòa", "thuỷ", "quý", "đường", "giếng", "khuya"])
    assert not any(is_syllable(word) for word in ["khỏch", "élève", "straße", "hác̀", "catồ"])
    assert says_vietnamese("Từ điển Anh - Việt")
    assert not says_vietnamese("Computing: an introduction")


def test_real_titles_are_told_apart(shared: Path) -> None:
    file = shared / "data/vietnamese/encoding/hcmut_titles_reencoded_1000.tsv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:400]
    for name in ("tcvn3", "vni", "cp1258", "viscii", "marc-8"):
        samples = [encode(row[0], name) for row in rows if all(c in LETTERS or c.isascii() for c in row[0])]
        assert detect(samples)[0] == name
    for row in rows:
        assert reread(row[2], "vni") == unicodedata.normalize("NFC", row[0])
