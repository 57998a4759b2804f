import random

import pytest

from schemas.format import Reading, find_format
from schemas.marcxml import read_tree, to_marcxml
from schemas.marcxml_plain import read_plain
from schemas.problem import Trouble
from schemas.record import Record

RECORD = Record(
    "00000nam a2200000 a 4500",
    (("001", "vn-1"), ("245", '10\x1faDế Mèn "phiêu lưu" ký\x1fc'), ("245", "  \x1fa\x1fb \n x "), ("952", "  ")),
)
PLAIN = to_marcxml(RECORD)
FRAMED = (
    '<record xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    "<header><identifier>oai:x:1</identifier><datestamp>2026-01-01</datestamp><setSpec>a</setSpec></header>\n"
    f"<metadata>{PLAIN}</metadata>\n</record>"
)


def by_parser(body):
    try:
        return read_tree(body)
    except Trouble:
        return None


@pytest.mark.parametrize("text", [PLAIN, FRAMED, PLAIN.replace("><", ">\n <")])
def test_plain_documents_are_read_as_the_parser_reads_them(text):
    assert read_plain(text.encode()) == read_tree(text.encode()) is not None


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("Dế", "D&#7871;"),
        PLAIN.replace("Dế", "D]]>"),
        PLAIN.replace("Dế", "<!-- x -->"),
        PLAIN.replace(' ind1="1" ind2="0"', ' ind2="0" ind1="1"'),
        PLAIN.replace("record", "marc:record").replace("xmlns=", "xmlns:marc="),
        PLAIN.replace("</record>", ""),
        PLAIN + "x",
        FRAMED.replace("</metadata>", ""),
        FRAMED.replace("</metadata>", "</metadata><about><x/></about>"),
        FRAMED[: FRAMED.index("</metadata>")],
        f"<collection>{PLAIN}</collection>",
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(text):
    assert read_plain(text.encode()) is None


def test_a_damaged_document_is_never_read_otherwise_than_by_the_parser():
    choose, read = random.Random(1), 0
    for _ in range(4000):
        body = bytearray((PLAIN if choose.random() < 0.5 else FRAMED).encode())
        at = choose.randrange(len(body))
        body[at : at + choose.randint(0, 3)] = choose.choice([b"", b"<", b"&", b'"', b" ", b"]]>", b"\x01", b"x", b">"])
        quick = read_plain(bytes(body))
        read += quick is not None
        assert quick is None or quick == by_parser(bytes(body))
    assert read > 100


def test_real_records(shared):
    form, plain = find_format("marc21"), 0
    for path in sorted((shared / "data" / "marc21").rglob("*.mrc"))[:12]:
        with path.open("rb") as stream:
            for raw in list(form.split(stream, Reading()))[:100]:
                try:
                    body = to_marcxml(form.parse(raw.body, Reading())).encode()
                except Trouble:
                    continue
                quick = read_plain(body)
                plain += quick is not None
                assert quick is None or quick == read_tree(body)
    assert plain > 100
