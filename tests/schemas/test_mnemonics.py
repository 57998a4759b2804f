"""Characters written by name in MARCMaker: the table, marks before their letters, and what is written back."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.format import Reading, find_format
from schemas.mnemonics import decode, encode
from schemas.record import Record, data_field


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("c{hooka}ui S{hooka}{ohorn} T{uhorn} D{uhorn}c", "củi Sở Tư Dưc"),
        ("{Lstrok}{acute}od{acute}z", "Łódź"),
        ("d{acute}esir{acute}ee, c{circ}ote, ma{tilde}nana, T{macr}okyo", "désirée, côte, mañana, Tōkyo"),
        ("L{uml}owenbr{uml}au, {caron}zivny, {ring}angstr{uml}om", "Löwenbräu, živny, ångström"),
        ("{llig}i{rlig}a", "i\ufe20a\ufe21"),
        ("{circ}{acute}o", "ố"),
        ("rech{softsign}, s{hardsign}ezd, mas{mlrhring}alah, {mllhring}arab", "rechʹ, sʺezd, masʼalah, ʻarab"),
        ("{eacute}{Ccedil}{ntilde}{Aogon}{scommab}{Odblac}", "éÇñĄșŐ"),
        ("{AElig}{oelig}{thorn}{inodot}{eth}{pound}5 {deg}{copy}{phono}{sharp}{flat}{iquest}", "Æœþıð£5 °©℗♯♭¿"),
        ("{lcub}{rcub}{dollar}{bsol}{amp}{quot}", '{}$\\&"'),
        ("{ldquo}{hellip}{rdquo} {mdash} {laquo}{raquo} {frac12}{sup2}", "“…” — «» ½²"),
        ("{Zcy}{icy}{mcy}{acy} {SHCHcy}{yucy}{softcy}", "Зима Щюь"),
        ("{E2}e {B3} {41}", "é đ A"),
        ("SiO{esc}{sub}2{esc}s glass", "SiO₂ glass"),
        ("{acute}", "\u0301"),
        ("{text} {unknownname} {} { }", "{text} {unknownname} {} { }"),
    ],
)
def test_names_are_characters(written: str, meant: str) -> None:
    assert decode(written) == meant


def test_separators_of_records_cannot_be_smuggled_in() -> None:
    assert decode("a{1D}b{1E}c{1F}d") == "a b c d"
    body = b"=LDR  00000nam a2200000   4500\n=245  00$aA{1F}bB{1E}{1D}"
    record = find_format("mrk").parse(body, Reading())
    assert record.fields == (("245", "00\x1faA bB  "),)
    assert Record.unpack(record.pack()) == record


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1d\x1e\x1f")))
def test_what_is_written_is_read_again(text: str) -> None:
    assert decode(encode(text)) == text
    assert not re.search(r"[$\x00-\x1f\\]", encode(text))


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1d\x1e\x1f"), min_size=1), min_size=1
    )
)
def test_a_record_of_any_text_comes_back(values: list[str]) -> None:
    field = data_field("500", "1 ", [("a", value) for value in values])
    record = Record("00000nam a2200000   4500", (("001", "1"), field))
    kind, stream = find_format("mrk"), io.BytesIO()
    assert kind.write is not None
    kind.write([record], stream)
    stream.seek(0)
    (raw,) = kind.split(stream, Reading())
    assert kind.parse(raw.body, Reading()).fields == record.fields


def test_every_mnemonic_of_the_test_files_is_known(shared: Path) -> None:
    kind, names = find_format("mrk"), set[str]()
    for name in ("brkrtest.ref", "makrtest.src"):
        data = (shared / "data/marc21/perl_MARC-1.07" / name).read_bytes()
        names |= set(re.findall(rb"\{[A-Za-z0-9]{1,9}\}", data))
        for raw in kind.split(io.BytesIO(data), Reading()):
            if raw.body.isascii():
                text = kind.parse(raw.body, Reading()).pack()
                assert re.findall(r"\{(?!text|testing|zilch)[A-Za-z0-9]{2,9}\}", text) == [], raw.place
    print(f"{len(names)} kinds of mnemonics")
    assert len(names) > 60
