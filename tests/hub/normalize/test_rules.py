"""The normalization rules against their golden table, and the laws they keep."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.normalize.dates import coded, edtf
from hub.normalize.normalize import RULES, normalize, rule_names, rules_version
from hub.sources import normalization_rules, vocabulary
from schemas.numerals import number
from schemas.record import DELIMITER, Field, Record, subfields

LEADER = "00000nam a2200000   4500"
FIXED = {
    "vi": "200101s2020    vm            000 0 vie d",
    "old": "700101s1970    vm            000 0 vie d",
    "lc": "200101s2020    vm            000 0 vie d",
    "eng": "200101s2020    enk           000 0 eng d",
    "eng-vm": "200101s2020    vm            000 0 eng d",
    "fre": "200101s2020    fr            000 0 fre d",
    "rus": "200101s2020    ru            000 0 rus d",
    "und": "200101s2020    xx            000 0 und d",
}
TABLE = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8"))
CASES = [(rule, *case, *[None] * (5 - len(case))) for rule, cases in TABLE.items() for case in cases]


def field(text: str) -> Field:
    return text[:3], text[4:].replace("$", DELIMITER) if text[:3] >= "010" else text[4:]


def fields(text: str) -> list[Field]:
    """The fields of a cell of the table; "$1" within a price is a dollar sign."""
    parts = [part.replace("$c$", "$c\0").replace("; £", "; £") for part in text.split(" | ")]
    return [(tag, content.replace("\0", "$")) for tag, content in map(field, parts)]


def made(kind: str, given_fields: list[Field], title: str) -> Record:
    """A record of a kind with these fields in place of its own."""
    own = {"008": [("008", FIXED[kind])], "245": [("245", f"10{DELIMITER}a{title}")]}
    if kind == "lc":
        own["040"] = [("040", f"  {DELIMITER}aDLC{DELIMITER}cDLC")]
    for tag, _ in given_fields:
        own[tag] = [f for f in given_fields if f[0] == tag]
    return Record(LEADER, tuple(f for tag in sorted(own) for f in own[tag]))


@pytest.mark.parametrize(("rule", "kind", "before", "after", "title", "also"), CASES)
def test_rule(rule: str, kind: str, before: str, after: str, title: str | None, also: str | None) -> None:
    record = made(kind, fields(before), title or "Tắt đèn")
    done = normalize(record, vocabulary())
    fired = {name.partition("@")[0] for name, *_ in done.repairs}
    if after == "same":
        tags = {tag for tag, _ in fields(before)}
        assert [f for f in done.record.fields if f[0] in tags] == [f for f in record.fields if f[0] in tags]
        assert rule not in fired
    else:
        expected = fields(after)
        tags = {tag for tag, _ in expected} | ({tag for tag, _ in fields(before)} - {"008", "245"})
        assert sorted(f for f in done.record.fields if f[0] in tags) == sorted(expected)
        assert {rule, also} - {None} <= fired


def test_every_rule_has_eight_cases_and_some_that_must_not_change() -> None:
    assert {rule.name for rule in RULES} <= TABLE.keys()
    assert {name.partition("@")[0] for name in rule_names()} - {"nfc", "eth", "gha", "invisible"} == TABLE.keys()
    assert [rule for rule, cases in TABLE.items() if len(cases) < 8] == []
    assert [rule for rule, cases in TABLE.items() if sum(case[2] == "same" for case in cases) < 3] == []


def test_a_record_without_008_gets_its_inferred_language_in_041() -> None:
    title = ("245", f"10{DELIMITER}aDế Mèn phiêu lưu ký")
    done = normalize(Record(LEADER, (title,)), vocabulary())
    assert done.record.fields == (("041", f"  {DELIMITER}avie"), title)
    assert done.repairs == [("R-12@1", "041", "", f"  {DELIMITER}avie")]


def test_an_authority_record_has_its_letters_mended_and_nothing_else() -> None:
    record = Record("00000nz  a2200000n  4500", (("100", f"1 {DELIMITER}aTÔ HOÀI"), ("260", f"  {DELIMITER}aH.")))
    assert normalize(record, vocabulary()).repairs == []


def test_every_change_is_a_repair_and_nothing_is_lost() -> None:
    record = made("vi", fields("020   $a604-2-01234-5 : 35.000đ$d2000b | 260   $aH. :$bNhã Nam,$c2015."), "Tắt đèn")
    done = normalize(record, vocabulary())
    known = {content for _, content in record.fields}
    for rule, tag, before, after in done.repairs:
        assert "@" in rule
        assert before in known or before == ""
        known.add(after)
        assert tag.isdigit()
    said = " ".join(value for _, content in done.record.fields for _, value in subfields(content))
    assert all(word in said for word in ("604-2-01234-5", "35000", "2000b", "Hà Nội", "Nhã Nam", "2015"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2015", "2015"),
        ("c2015.", "2015"),
        ("[2015?]", "2015?"),
        ("năm 2015", "2015"),
        ("2000, c1999", "2000"),
        ("199-?", "199X?"),
        ("199.", "199X"),
        ("[20--]", "20XX"),
        ("1999-2001", "1999/2001"),
        ("<1999-2010>", "1999/2010"),
        ("1999-", "1999/.."),
        ("1900-01", "1900/1901"),
        ("2015-05", "2015-05"),
        ("tháng 5/2015", "2015-05"),
        ("[1998 hoặc 1999]", "[1998,1999]"),
        ("cop. 2015", "2015"),
        ("[cop. 2015]", "2015"),
        ("©2015", "2015"),
        ("15/3/2015", "2015-03-15"),
        ("ngày 15-3-2015", "2015-03-15"),
        ("2015-03-15", "2015-03-15"),
        ("Quý IV/2015", "2015"),
        ("20??", "20XX"),
        ("2015r.", "2015"),
        ("45/3/2015", ""),
        ("2001-1999", ""),
        ("s.a.", ""),
        ("9999", ""),
    ],
)
def test_dates_in_edtf(text: str, said: str) -> None:
    assert edtf(text) == said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ðất rừng phương Nam", "Đất rừng phương Nam"),
        ("ÐẠI HỌC QUỐC GIA", "ĐẠI HỌC QUỐC GIA"),
        ("Nxb. QÐND", "Nxb. QĐND"),
        ("Sở GDÐT Hà Nội và các trường", "Sở GDĐT Hà Nội và các trường"),
        ("tuổi trẻ ði biển", "tuổi trẻ đi biển"),
        ("Ðăk Lăk", "Đăk Lăk"),
        ("Ɖường tới Ɖiện Biên Phủ: những ngày ɖầu", "Đường tới Điện Biên Phủ: những ngày đầu"),
        ("TolÐrants", "TolÐrants"),
        ("Những người TolÐrants", "Những người TolÐrants"),
        ("Það er svo margt að minnast á, ÞAÐ", "Það er svo margt að minnast á, ÞAÐ"),
        ("Við erum öll ein, VIÐ", "Við erum öll ein, VIÐ"),
        ("Ɖe nye ɖe Ʋe", "Ɖe nye ɖe Ʋe"),
        ("ɖo ɖa", "ɖo ɖa"),
    ],
)
def test_letters_that_stand_for_đ_in_vietnamese_words_alone(text: str, meant: str) -> None:
    content = f"10{DELIMITER}a{text}"
    done = normalize(made("und", [("245", content)], ""), vocabulary())
    assert ("245", f"10{DELIMITER}a{meant}") in done.record.fields
    assert ("eth@2" in {rule for rule, *_ in done.repairs}) == (text != meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[("12", 12), ("XII", 12), ("mười hai", 12), ("Mười  Lăm", 15), ("hai mươi mốt", 21), ("chín mươi", 90)],
        *[("tư", 4), ("mười năm", 0), ("²", 0), ("trăm", 0), ("IIII", 0), ("9" * 5000, 0), ("", 0)],
    ],
)
def test_numbers_in_figures_words_and_roman_numerals(text: str, meant: int) -> None:
    assert number(text) == meant


def test_dates_in_008() -> None:
    assert coded("2015?") == ("s", "2015", "    ")
    assert coded("199X") == ("s", "199u", "    ")
    assert coded("[1998,1999]") == ("q", "1998", "1999")
    assert coded("1999/..") == ("m", "1999", "9999")
    assert coded("1999/..", serial=True) == ("c", "1999", "9999")


def test_the_version_follows_the_vocabulary() -> None:
    rules = normalization_rules()
    other = rules.model_copy(update={"book_companies": (*rules.book_companies, "Sách Mới")})
    assert rules_version(rules) == rules_version(rules.model_copy())
    assert rules_version(rules) != rules_version(other)
    assert len(rules_version(rules)) <= 40


PIECES = [value for rule in TABLE.values() for case in rule for _, c in fields(case[1]) for _, value in subfields(c)]
TEXTS = st.one_of(
    st.sampled_from(PIECES),
    st.builds(" ".join, st.lists(st.sampled_from(PIECES), max_size=3)),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x1d\x1e\x1f"), max_size=20),
)
TAGS = st.sampled_from(
    ["020", "022", "040", "041", "044", "100", "245", "250", "260", "264", "300", "365", "490", "700"]
)
PARTS = st.lists(st.tuples(st.sampled_from("abcdenv2"), TEXTS), min_size=1, max_size=4)
FIELDS = st.lists(st.tuples(TAGS, PARTS), max_size=6)
CODED = st.one_of(
    st.sampled_from([*FIXED.values(), "", "181222s9999||||xx |||||||||||||| ||VIE||"]), st.text(max_size=40)
)


@settings(max_examples=400, deadline=None)
@given(fixed=CODED, drawn=FIELDS)
def test_normalizing_twice_changes_nothing_more(fixed: str, drawn: list[tuple[str, list[tuple[str, str]]]]) -> None:
    fixed = "".join(c for c in fixed if c not in "\x1d\x1e\x1f")
    data = [(tag, "  " + "".join(DELIMITER + code + value for code, value in parts)) for tag, parts in drawn]
    record = Record.unpack(Record(LEADER, (("008", fixed), *data)).pack())
    once = normalize(record, vocabulary())
    again = normalize(once.record, vocabulary())
    assert again.repairs == []
    assert again.packed == once.packed
    assert Record.unpack(once.packed) == once.record


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_dates_of_anything(text: str) -> None:
    said = edtf(text)
    if said:
        kind, first, second = coded(said)
        assert len(kind + first + second) == 9
