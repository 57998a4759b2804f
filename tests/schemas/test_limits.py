"""What no record may be: beyond the limits, or with tags and codes that nothing else could hold."""

from __future__ import annotations

import io

import pytest

from schemas.format import Reading, find_format
from schemas.limits import MAX_FIELDS, MAX_RECORD
from schemas.problem import Trouble
from schemas.record import BLANK_LEADER, Record, data_field

FORMS = ("marcxml", "marcjson", "mrk")
TITLE = data_field("245", "00", [("a", "Truyện")])
MARC = '<record xmlns="http://www.loc.gov/MARC21/slim">{}<controlfield tag="001">1</controlfield>{}</record>'
LEADER = "<leader>00000nam a2200000   4500</leader>"


def outcomes(form: str, *records: Record) -> list[str]:
    """Of each raw record of a file of these records, the code of its problem, or ""."""
    kind, stream = find_format(form), io.BytesIO()
    assert kind.write is not None
    kind.write(records, stream)
    found = []
    for raw in kind.split(io.BytesIO(stream.getvalue()), Reading()):
        if raw.problem is not None:
            found.append(raw.problem.code)
            continue
        try:
            kind.parse(raw.body, Reading())
            found.append("")
        except Trouble as trouble:
            found.append(trouble.problem.code)
    return found


def record(*fields: tuple[str, str]) -> Record:
    return Record(BLANK_LEADER, (("001", "1"), TITLE, *fields))


@pytest.mark.parametrize("form", FORMS)
def test_a_record_beyond_the_limits_is_rejected_and_its_neighbors_are_not(form: str) -> None:
    good = record()
    wide = record(data_field("520", "  ", [("a", "x" * (2**20 + 1))]))
    many = record(*[data_field("650", " 0", [("a", str(n))]) for n in range(MAX_FIELDS)])
    assert outcomes(form, good, wide, good) == ["", "field_too_long", ""]
    assert outcomes(form, good, many, good) == ["", "fields_too_many", ""]
    long = record(*[data_field("520", "  ", [("a", "y" * 9_000)]) for _ in range(MAX_RECORD // 9_000 + 1)])
    found = outcomes(form, good, long, good)
    assert (found[0], found[-1]) == ("", "")
    assert set(found[1:-1]) == {"record_too_long"}, "no piece of it is a record"


def test_what_goes_on_for_ever_takes_no_more_memory_than_a_record() -> None:
    lines = b"=LDR  00000nam a2200000   4500\n" + b"=500  \\\\$a" + b"z" * 1_000 + b"\n"
    body = lines + b"=500  \\\\$ay\n" * 900_000
    raws = list(find_format("mrk").split(io.BytesIO(body), Reading()))
    assert {raw.problem.code for raw in raws if raw.problem} == {"record_too_long"}
    assert all(raw.problem for raw in raws)
    assert b"".join(raw.body for raw in raws) == body
    assert max(len(raw.body) for raw in raws) <= MAX_RECORD


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('<datafield ind1="0" ind2="0"><subfield code="a">q</subfield></datafield>', "marcxml_tag"),
        ('<datafield tag="RELATED" ind1=" " ind2=" "><subfield code="a">q</subfield></datafield>', "marcxml_tag"),
        ('<datafield tag="42" ind1=" " ind2=" "><subfield code="a">q</subfield></datafield>', "marcxml_tag"),
        ('<controlfield tag="00">q</controlfield>', "marcxml_tag"),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield>lost</subfield></datafield>', "marcxml_code"),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield code="">lost</subfield></datafield>', "marcxml_code"),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield code="ab">lost</subfield></datafield>', "marcxml_code"),
        ('<datafield tag="500" ind1=" " ind2=" ">lost<subfield code="a">x</subfield></datafield>', "marcxml_code"),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield code="a">x</subfield>lost</datafield>', "marcxml_code"),
    ],
)
def test_marcxml_that_would_lose_something_is_rejected(field: str, code: str) -> None:
    with pytest.raises(Trouble) as stopped:
        find_format("marcxml").parse(MARC.format(LEADER, field).encode(), Reading())
    assert stopped.value.problem.code == code
    assert stopped.value.problem.sentence("vi")
    assert stopped.value.problem.sentence("en")


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ('<datafield tag="500" ind1="" ind2="12"><subfield code="a">n</subfield></datafield>', ("500", " 1\x1fan")),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield code="" />\n<subfield code="a">n</subfield></datafield>', ("500", "  \x1fan")),
        ('<datafield tag="500" ind1=" " ind2=" "><subfield code="a">m<i>n</i>o</subfield></datafield>', ("500", "  \x1famno")),
        ('<controlfield tag="FMT">BK</controlfield>', ("FMT", "  \x1faBK")),
        ('<datafield tag="003" ind1=" " ind2=" "><subfield code="a">VN</subfield></datafield>', ("003", "VN")),
    ],
)  # fmt: skip
def test_marcxml_that_is_only_odd_is_read(field: str, read: tuple[str, str]) -> None:
    found = find_format("marcxml").parse(MARC.format(LEADER, field).encode(), Reading())
    assert found.fields == (("001", "1"), read)
    assert Record.unpack(found.pack()) == found


@pytest.mark.parametrize(
    "leader", ["<leader>00000nam  22</leader>", "<leader>     cam a2200505 i 4500   </leader>", ""]
)
def test_leaders_have_24_characters(leader: str) -> None:
    odd = MARC.format(leader, '<datafield tag="500" ind1=" " ind2=" "><subfield code="a">n</subfield></datafield>')
    for body in (odd, odd.replace("</record>", "<!-- by the tree --></record>")):
        assert len(find_format("marcxml").parse(body.encode(), Reading()).leader) == 24


@pytest.mark.parametrize("part", ['{"ab": "x"}', '{"": "x"}', '{"\\u001f": "x"}'])
def test_json_that_would_lose_something_is_rejected(part: str) -> None:
    body = '{"leader": "", "fields": [{"245": {"ind1": " ", "ind2": " ", "subfields": [' + part + "]}}]}"
    with pytest.raises(Trouble, match="code"):
        find_format("marcjson").parse(body.encode(), Reading())
