"""Text that was read wrongly on its way: told by a source's records together, mended value by value, or asked about."""

from __future__ import annotations

import orjson
import pytest

from schemas.advice import advice
from schemas.damage import Damage, mend_cells, mend_record, parse_mended
from schemas.format import Format, Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.marcxml import to_marcxml
from schemas.problem import Trouble
from schemas.record import Record, data_field

TCVN3 = "Khæ mÉu MARC 21 cho d÷ liÖu th\u2212 môc"
READ = "Khổ mẫu MARC 21 cho dữ liệu thư mục"


def book(title: str, *fields: tuple[str, str]) -> Record:
    return Record("00000nam a2200000   4500", (("001", "1"), *fields, data_field("245", "00", [("a", title)])))


def kinds(*titles: str) -> tuple[str, ...]:
    damage = Damage()
    for title in titles:
        damage.add(book(title))
    return damage.kinds()


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        ([TCVN3, "Gi¸o tr×nh to¸n häc"], "tcvn3"),
        (["Lyù thuyeát thoâng tin", "Caáu truùc maùy tính"], "vni"),
        (["Ti'nh toa'n khoa ho.c va` co^ng nghe^."], "viqr"),
        (["Th\u2212 mục", "ph\u2212ơng pháp", "n\u2212ớc"], "soft-hyphen"),
        (["từ khỏc nhau", "tớnh toỏn", "trỡnh bày"], "converted"),
    ],
)
def test_a_source_says_what_its_damage_is(titles: list[str], kind: str) -> None:
    assert kinds(*titles) == (kind,)


@pytest.mark.parametrize(
    "titles",
    [
        ["Đất rừng phương Nam", "Số đỏ", "Thư mục Nguyễn Trãi", "Công cụ mô phỏng"],
        ["Élève à la forêt, déjà vu", "Größe der Bäume", "Años de ilusión", "São Paulo", "Født på ny"],
        ["Yi ge wei ai mi mang de nü ge shou", "Lüe lun nü xing, lü you"],
        ["U.S.A.: what's new? (a guide)", "Address book", "C++ primer", "f(a) + f(b)", "Co. No. 1"],
        ["Lê-nin toàn tập", "Ê-đê và Ba-na", "Từ điển Anh- Việt", "Phòng 1-A"],
    ],
)
def test_sound_text_of_any_language_has_none(titles: list[str]) -> None:
    assert kinds(*titles) == ()


def test_a_typing_error_in_a_thousand_records_is_no_damage() -> None:
    damage = Damage()
    for number in range(4_000):
        damage.add(book("răng khỏc thường" if number % 1_500 == 7 else "Đất rừng phương Nam"))
    assert damage.words["converted"][0] == 3
    assert damage.kinds() == ()


def test_each_value_is_judged_by_itself() -> None:
    people = data_field("100", "1 ", [("a", "Nguy\u00d4n V\u00a8n A"), ("e", "tác giả")])
    place = data_field("852", "  ", [("b", "TT BCKH ngo¹i v¨n _ CS1"), ("p", "2018802283")])
    record, repairs = mend_record(book("To¸n", people, place), ("tcvn3",))
    assert record.first("100", "a") == "Nguyễn Văn A"
    assert record.first("100", "e") == "tác giả"
    assert record.first("852", "b") == "TT BCKH ngoại văn _ CS1"
    assert record.first("245", "a") == "Toán"
    assert {rule for rule, *_ in repairs} == {"tcvn3@2"}


def test_what_reads_both_ways_goes_with_the_rest_of_its_record_and_is_not_read_twice() -> None:
    record, _ = mend_record(book("Gi¸o tr×nh trång lóa", data_field("500", "  ", [("a", "lóa")])), ("tcvn3",))
    assert (record.first("245", "a"), record.first("500", "a")) == ("Giáo trình trồng lúa", "lúa")
    beside = (data_field("500", "  ", [("a", "lóa")]), data_field("520", "  ", [("a", "đất lúa")]))
    record, _ = mend_record(book("Gi¸o tr×nh", *beside), ("tcvn3",))
    assert record.first("500", "a") == "lóa", "the record has sound Vietnamese text too"
    record, _ = mend_record(book("ChÝ Thµnh", data_field("500", "  ", [("a", "T« Hoµi")])), ("tcvn3",))
    assert record.first("245", "a") == "Chí Thành"


def test_repairs_can_be_taken_back() -> None:
    before = book(TCVN3, data_field("100", "1 ", [("a", "T« Hoµi"), ("e", "d\u00dech gi\u00b6")]))
    record, repairs = mend_record(before, ("tcvn3", "soft-hyphen"))
    fields = list(record.fields)
    for _, tag, was, became in reversed(repairs):
        fields[fields.index((tag, became))] = tag, was
    assert tuple(fields) == before.fields


def test_sound_letters_keep_a_value_from_being_a_font() -> None:
    reading = ("tcvn3", "vni", "soft-hyphen")
    for title in ("Thư mục Nguyễn Trãi", "Tập Slide bài giảng môn tin học", "Kỹ thuật mô phỏng", "Tô Hoài"):
        assert mend_record(book(title), reading)[0] == book(title)
    assert mend_cells(["Công nghệ", "T« Hoµi"], ("tcvn3",)) == ["Công nghệ", "Tô Hoài"]


def test_figures_and_foreign_words_stay() -> None:
    for title in ("Größe 5 µm", "1½ to 2", "Ångström", "M² und m³", "Nestlé", "Béla Bartók", "Nos. 1 & 2"):
        assert mend_record(book(title), ("tcvn3", "vni", "viscii", "cp1258", "viqr"))[0] == book(title), title


class TestDoubt:
    """Text that looks damaged in a source that is not known to be waits for a person."""

    FORM = find_format("marc21")

    def test_it_is_not_published_as_it_is(self) -> None:
        with pytest.raises(Trouble) as stopped:
            parse_mended(self.FORM, to_iso2709(book(TCVN3)), Reading())
        facts = stopped.value.problem.facts
        assert (stopped.value.problem.code, facts["tag"], facts["name"]) == ("text_in_doubt", "245", "tcvn3")
        assert READ in stopped.value.problem.sentence("vi")

    def test_a_person_can_say_that_it_is_meant_so(self) -> None:
        record, repairs = parse_mended(self.FORM, to_iso2709(book(TCVN3)), Reading(encoding="utf-8"))
        assert (record.first("245", "a"), repairs) == (TCVN3, [])

    def test_the_source_can_say_that_it_is_so(self) -> None:
        record, _ = parse_mended(self.FORM, to_iso2709(book(TCVN3)), Reading(damage=("tcvn3",)))
        assert record.first("245", "a") == READ

    @pytest.mark.parametrize("title", ["Élève à la forêt, déjà vu, naïveté française", "Nü ge nü ge nü ge nü", "Số đỏ"])
    def test_other_languages_are_in_no_doubt(self, title: str) -> None:
        assert parse_mended(self.FORM, to_iso2709(book(title)), Reading())[0].first("245", "a") == title

    @pytest.mark.parametrize(
        ("form", "body"),
        [
            ("marc21", to_iso2709(book(TCVN3))),
            ("unimarc", to_iso2709(book(TCVN3)).replace(b"245", b"200")),
            ("marcxml", to_marcxml(book(TCVN3 + " & <b>")).encode()),
            ("mrk", f"=LDR  00000nam a2200000   4500\n=001  1\n=245  00$a{TCVN3}\n".encode()),
            ("marcjson", orjson.dumps({"fields": [{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": TCVN3}]}}]})),
            ("csv", orjson.dumps({"rows": [{"Nhan đề": TCVN3, "Tác giả": "Tô Hoài", "Mã": "7"}]})),
            ("oai_dc", f'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>{TCVN3}</title></dc>'.encode()),
        ],
    )
    def test_the_suggestion_is_the_text_read_again(self, form: str, body: bytes) -> None:
        kind: Format = find_format(form)
        with pytest.raises(Trouble) as stopped:
            parse_mended(kind, body, Reading())
        problem = stopped.value.problem
        found = advice(problem.code, problem.facts, body, kind, Reading())
        assert found.rule == "text@1"
        assert found.body is not None
        record, _ = parse_mended(kind, found.body, Reading())
        assert record.first("245", "a").startswith(READ)

    def test_a_double_conversion_waits_where_other_words_may_be_meant(self) -> None:
        body = to_iso2709(book("cú thể dựng 4 từ bằng Anh ngữ khỏc nhau"))
        with pytest.raises(Trouble) as stopped:
            parse_mended(self.FORM, body, Reading(damage=("converted",)))
        problem = stopped.value.problem
        assert (problem.code, problem.facts["words"]) == ("converted_in_doubt", "cú")
        found = advice(problem.code, problem.facts, body, self.FORM, Reading(damage=("converted",)))
        assert found.body is not None
        record, _ = parse_mended(self.FORM, found.body, Reading(damage=("converted",)))
        assert record.first("245", "a") == "cú thể dựng 4 từ bằng Anh ngữ khác nhau"
