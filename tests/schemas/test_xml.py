"""The one XML parser refuses what is unsafe; a broken record costs only itself."""

from __future__ import annotations

import io
import random

import pytest

from schemas.format import Reading
from schemas.problem import Trouble
from schemas.xml import MAX_BYTES, Piece, parse_document, readable, split_elements


def pieces(data: bytes, *names: str) -> list[Piece]:
    return list(split_elements(io.BytesIO(data), frozenset(names or ("record",))))


def codes(found: list[Piece]) -> list[str]:
    return [piece.problem.code if piece.problem else "" for piece in found]


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>',
        b'<?xml version="1.0"?>\n<!-- c --><!DOCTYPE x><x/>',
        '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'.encode("utf-16"),
        b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><l>&b;</l>',
    ],
)
def test_any_doctype_is_refused(body: bytes) -> None:
    with pytest.raises(Trouble) as trouble:
        parse_document(body)
    assert trouble.value.problem.code == "xml_doctype"


def test_a_doctype_inside_text_is_only_text() -> None:
    assert parse_document(b"<x><![CDATA[<!DOCTYPE html>]]></x>").text == "<!DOCTYPE html>"


def test_broken_xml_says_its_line() -> None:
    with pytest.raises(Trouble) as trouble:
        parse_document(b"<x>\n<y>\n</x>")
    assert trouble.value.problem.code == "xml_broken"
    assert trouble.value.problem.facts["line"] == "3"


def test_a_namespace_that_is_no_uri_spoils_nothing_whatever_was_read_before() -> None:
    for _ in range(2):
        with pytest.raises(Trouble):
            parse_document(b"<x>")
        assert len(parse_document(b'<x xmlns:s="urn:a http://a/b.xsd"><y/></x>')) == 1
    with pytest.raises(Trouble):
        parse_document(b'<x xmlns:s="urn:a http://a/b.xsd"><y></x>')


def test_a_document_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Trouble, match="MiB"):
        parse_document(b"<x>" + b" " * MAX_BYTES + b"</x>")


def test_pieces_stand_alone_with_the_namespaces_around_them() -> None:
    data = b'<c xmlns="urn:a" xmlns:b="urn:b">\n<record><b:t>1</b:t></record>\n<record xmlns="urn:c"/></c>'
    first, second = pieces(data)
    assert parse_document(first.body).tag == "{urn:a}record"
    assert parse_document(first.body)[0].tag == "{urn:b}t"
    assert parse_document(second.body).tag == "{urn:c}record"
    assert [first.line, second.line] == [2, 3]


def test_a_record_within_a_record_stays_in_it() -> None:
    data = b'<r><record><metadata><record xmlns="urn:m"><f/></record></metadata></record><record/></r>'
    assert [piece.body.count(b"<record") for piece in pieces(data)] == [2, 1]


def test_names_in_comments_and_cdata_do_not_count() -> None:
    data = b"<r><!-- <record> --><record><![CDATA[</record>]]></record></r>"
    assert [piece.body for piece in pieces(data)] == [b"<record><![CDATA[</record>]]></record>"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<r><record>1</record><record>A & B</record><record>3</record></r>", ["", "xml_broken", ""]),
        (b"<r><record>1<record>2</record><record>3</record></r>", ["xml_broken", "", ""]),
        (b"<r><record>1</record><record><a>2</record><record>3</record></r>", ["", "xml_broken", ""]),
        (b"<r><record>1</record><record>2</rec", ["", "xml_broken", "xml_cut_short"]),
        (b"<r><record>1</record>", ["", "xml_cut_short"]),
        (b"no xml at all", ["xml_broken"]),
        (b"<!DOCTYPE r><r><record>1</record></r>", [""]),
        (b'<!DOCTYPE r SYSTEM "http://www.example.org/r.dtd"><r><record>1</record><record>2</record></r>', ["", ""]),
        (b"""<?xml version='1.0'?>\n<!DOCTYPE r PUBLIC "-//R//EN" 'r.dtd' >\n<r><record>1</record></r>""", [""]),
        (b'<!DOCTYPE r [<!ENTITY e "e">]><r><record>1</record></r>', ["xml_doctype"]),
        (b'<!DOCTYPE r SYSTEM "r.dtd" [<!ENTITY % p SYSTEM "p"> %p;]><r><record>1</record></r>', ["xml_doctype"]),
        (b"<r><record>1</record><!DOCTYPE r><record>2</record></r>", ["", "xml_doctype"]),
        (b"<!DOCTYPE html><html><body>login</body></html>", ["xml_doctype"]),
        (b"<r><error>none</error></r>", []),
        (b"", []),
    ],
)
def test_the_sound_records_of_a_broken_file_are_kept(data: bytes, expected: list[str]) -> None:
    assert codes(pieces(data)) == expected


def test_a_harmless_doctype_is_left_out_when_a_record_is_read() -> None:
    body = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">\n<x>1</x>'
    assert parse_document(readable(body, Reading())).text == "1"
    for kept in (b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', b"<x><!DOCTYPE x></x>"):
        assert readable(kept, Reading()) == kept


def test_no_byte_of_a_broken_record_is_lost() -> None:
    data = b"<r><record>1</record><record>A & <b>B</record><record>3</record></r>"
    assert b"<record>A & <b>B</record>" in b"".join(piece.body for piece in pieces(data))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "windows-1258", "utf-8"])
def test_declared_encodings_are_kept(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-le")}"?><r><record>Hải Phòng</record></r>'
    data = text.replace("ả", "a").replace("ò", "o").encode(encoding)
    (piece,) = pieces(data)
    assert parse_document(piece.body).text == "Hai Phong"


def test_a_record_longer_than_what_is_read_at_once_is_whole() -> None:
    long = b"<record>" + b"<f>x</f>" * 60_000 + b"</record>"
    assert [piece.body for piece in pieces(b"<r>" + long + long + b"</r>")] == [long, long]


def test_any_cut_and_any_flipped_byte_leaves_the_other_records() -> None:
    whole = b"<r>" + b"".join(b'<record id="%d"><t>text %d</t></record>\n' % (i, i) for i in range(40)) + b"</r>"
    chance = random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        sound = [piece for piece in pieces(bytes(data)) if not piece.problem]
        assert len(sound) >= 37
