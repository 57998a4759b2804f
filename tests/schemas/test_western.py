"""Text of Europe in code pages: told from MARC-8, ISO 5426 and each other by a source's records together, or asked."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from schemas import marc21, unimarc
from schemas.coding import decode, encode
from schemas.detection import IN_DOUBT, Tally, detect
from schemas.format import Reading
from schemas.mend_marc import assemble
from schemas.problem import Trouble

FRENCH = (
    "Les 4 vérités à l'école", "Élèves et maîtres de la forêt", "Où va la société française ?", "Le siècle déjà passé",
    "Études régionales, économie et géographie", "Cité de Dieu, théâtre et poésie", "L'été à Nîmes", "Péché d'amour",
)  # fmt: skip
GERMAN = ("Über die Größe der Bäume", "Mädchen und Bücher", "Straße nach Süden", "Schöne Gemälde für Jäger", "Ängste")
CZECH = ("Příruční slovník", "Dějiny přírody", "Učení a řeč člověka", "Český příběh", "Několik důvodů", "Věda a život")
POLISH = ("Książka o życiu", "Źródło światła", "Człowiek z Łodzi", "Gdańsk i miłość", "Część większa", "Być księciem")
RUSSIAN = ("Война и мир", "История русского языка", "Собрание сочинений", "Учебник для вузов", "Наука и жизнь")


def iso(title: bytes, declared: bytes = b" ", number: int = 1) -> bytes:
    made = assemble(
        b"00000nam " + declared + b"2200000   4500", [(b"001", b"%d" % number), (b"245", b"00\x1fa" + title)]
    )
    assert made is not None
    return made


def weighed(bodies: list[bytes]) -> str:
    tally = Tally()
    for body in bodies:
        tally.add(body)
    return tally.evidence()


@pytest.mark.parametrize("declared", [b" ", b"a"])
@pytest.mark.parametrize(
    ("titles", "page"),
    [(FRENCH, "cp1252"), (FRENCH, "latin-1"), (GERMAN, "cp1252"), (CZECH, "cp1250"), (POLISH, "cp1250"), (RUSSIAN, "cp1251")],
)  # fmt: skip
def test_a_source_in_a_code_page_is_read_by_it(titles: tuple[str, ...], page: str, declared: bytes) -> None:
    bodies = [iso(title.encode(page), declared) for title in titles]
    found = weighed(bodies)
    assert found == ("cp1252" if page == "latin-1" else page)
    read = [marc21.parse(body, Reading(evidence=found)).first("245", "a") for body in bodies]
    assert read == list(titles)


@pytest.mark.parametrize("titles", [FRENCH, GERMAN, CZECH, POLISH])
@pytest.mark.parametrize("name", ["marc-8", "iso-5426"])
def test_a_source_with_marks_before_its_letters_is_not_taken_for_a_code_page(
    titles: tuple[str, ...], name: str
) -> None:
    bodies = [iso(encode(title, name)) for title in titles]
    assert weighed(bodies) == ""
    if name == "marc-8":
        assert [marc21.parse(body, Reading()).first("245", "a") for body in bodies] == list(titles)


def test_what_a_source_said_is_kept_and_added_to() -> None:
    tally, later = Tally(), Tally()
    for number, title in enumerate(FRENCH):
        (tally if number % 2 else later).add(iso(title.encode("cp1252")))
    kept = Tally.load(json.loads(json.dumps(tally.dump())))
    assert kept == tally
    for number, title in enumerate(FRENCH):
        if not number % 2:
            kept.add(iso(title.encode("cp1252")))
    assert kept.evidence() == "cp1252"
    assert Tally.load({"pieces": 3, "words": {"tcvn3": [1, 1, 1]}}).evidence() == ""


def test_a_single_record_that_is_no_marc8_is_asked_about() -> None:
    for title in ("Cité de Dieu", "Für Elise", "L'été"):
        with pytest.raises(Trouble) as asked:
            marc21.parse(iso(title.encode("cp1252")), Reading())
        assert asked.value.problem.code == "encoding_undecided"
        assert asked.value.problem.facts["guess"] == "cp1252"


def test_where_a_source_is_in_doubt_no_record_is_taken_for_marc8() -> None:
    bodies = [iso(title.encode("cp1252")) for title in ("Les 4 vérités", "Économiques", "Cité")]
    found = weighed(bodies)
    assert found == IN_DOUBT
    assert marc21.parse(bodies[0], Reading()).first("245", "a") != "Les 4 vérités", "alone it could be MARC-8"
    for body in bodies:
        with pytest.raises(Trouble, match="in doubt"):
            marc21.parse(body, Reading(evidence=found))
    assert marc21.parse(iso(b"Plain"), Reading(evidence=found)).first("245", "a") == "Plain"
    assert marc21.parse(iso("Études".encode(), b"a"), Reading(evidence=found)).first("245", "a") == "Études"


def test_a_source_in_marc8_keeps_its_records_beside_a_broken_one() -> None:
    bodies = [iso(encode(title, "marc-8")) for title in FRENCH * 4] + [iso(b"Relaxin\xe1 at Camarillo")]
    found = weighed(bodies)
    assert found == ""
    assert marc21.parse(bodies[0], Reading(evidence=found)).first("245", "a") == FRENCH[0]
    with pytest.raises(Trouble, match="in doubt"):
        marc21.parse(bodies[-1], Reading(evidence=found))


def test_vietnamese_among_the_records_of_a_western_source_stays_vietnamese() -> None:
    title = "Giáo trình lịch sử kinh tế các nước phương Đông"
    assert marc21.parse(iso(encode(title, "tcvn3")), Reading(evidence="cp1252")).first("245", "a") == title


def test_a_table_in_a_code_page_is_told_by_its_lines() -> None:
    assert detect([title.encode("cp1252") for title in FRENCH])[0] == "cp1252"
    found, evidence = detect([title.encode("cp1251") for title in RUSSIAN])
    assert (found, evidence["rule"]) == ("cp1251", "letters")
    assert detect([title.encode("koi8-r") for title in RUSSIAN])[0] == "unknown"


@pytest.mark.parametrize("text", [*FRENCH, *CZECH, "ʻAbd al-Qādir", "Ta̲ḥqīq ʼAḥmad", "Đặng Thai Mai"])
def test_iso5426_comes_back(text: str) -> None:
    assert decode(encode(text, "iso-5426"), "iso-5426") == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(("data", "offset"), [(b"ab\xff", 2), (b"abc\xc2", 3), (b"a\xc2 b", 1)])
def test_iso5426_says_what_it_cannot_read(data: bytes, offset: int) -> None:
    with pytest.raises(Trouble) as trouble:
        decode(data, "iso-5426")
    assert trouble.value.problem.facts["offset"] == str(offset)


def uni(sets: bytes, title: bytes) -> bytes:
    coded = b"20150101d2015    k  y0frey" + sets + b"ba"
    made = assemble(
        b"00000nam0 2200000   450 ", [(b"001", b"u1"), (b"100", b"  \x1fa" + coded), (b"200", b"1 \x1fa" + title)]
    )
    assert made is not None
    return made


class TestUnimarc:
    """100 $a/26-29 says the character set; leader/09 says nothing there."""

    @pytest.mark.parametrize("title", [*FRENCH, "Straße für Fräulein", "Œuvres de Łódź"])
    def test_iso5426_as_declared(self, title: str) -> None:
        record = unimarc.parse(uni(b"0103    ", encode(title, "iso-5426")), Reading())
        assert record.first("245", "a") == title

    def test_utf8_whatever_is_declared(self) -> None:
        for sets in (b"50      ", b"0103    ", b"        "):
            assert unimarc.parse(uni(sets, "L'été".encode()), Reading()).first("245", "a") == "L'été"

    @pytest.mark.parametrize("sets", [b"50      ", b"        ", b"01      ", b"0104    ", b"0103    "])
    def test_what_is_not_what_it_declares_is_asked_about(self, sets: bytes) -> None:
        with pytest.raises(Trouble) as asked:
            unimarc.parse(uni(sets, "L'été et les élèves".encode("cp1252")), Reading())
        assert asked.value.problem.code == "encoding_undecided"

    def test_a_source_in_latin1_is_read_whatever_it_declares(self) -> None:
        bodies = [uni(b"0103    ", title.encode("cp1252")) for title in FRENCH]
        found = weighed(bodies)
        assert found == "cp1252"
        assert [unimarc.parse(body, Reading(evidence=found)).first("245", "a") for body in bodies] == list(FRENCH)

    def test_words_not_sorted_are_told_in_iso5426_too(self) -> None:
        record = unimarc.parse(uni(b"0103    ", b"\x88L'\x89\xc2et\xc2e"), Reading())
        assert record.contents("245")[0][:2] == "02"
        assert record.first("245", "a") == "L'été"


def test_real_records_in_latin1_are_all_right(shared: Path) -> None:
    """French serials, as a system would export them in CP1252: none is garbled, whether it says so or not."""
    with (shared / "data/unimarc/periouni_0001-1000.mrc").open("rb") as stream:
        records = [unimarc.parse(raw.body, Reading()) for raw in unimarc.split(stream, Reading())]
    for declared in ("a", " "):
        bodies, expected = [], []
        for record in records:
            fields = tuple((tag, unicodedata.normalize("NFC", content)) for tag, content in record.fields)
            try:
                coded = [(tag.encode(), content.encode("cp1252")) for tag, content in fields]
            except UnicodeEncodeError:
                continue
            made = assemble((record.leader[:9] + declared + record.leader[10:]).encode(), coded)
            if made is not None and not made.isascii():
                bodies.append(made)
                expected.append(fields)
        found = weighed(bodies)
        right = sum(marc21.parse(b, Reading(evidence=found)).fields == e for b, e in zip(bodies, expected, strict=True))
        print(f"CP1252 with leader/09 {declared!r}: {right} of {len(bodies)} records right")
        assert (found, right) == ("cp1252", len(bodies))
