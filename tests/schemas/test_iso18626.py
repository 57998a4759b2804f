"""Messages of interlibrary loan: read, written, valid by the schema, nothing lost."""

from __future__ import annotations

import random
import string
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas import iso18626_codes, iso18626_parts
from schemas.iso18626 import (
    MESSAGES,
    NAMESPACE,
    Request,
    RequestingAgencyMessage,
    SupplyingAgencyMessage,
    confirm,
    fit_to_keep,
)
from schemas.iso18626_codes import Action, ErrorType, Reason, Status
from schemas.iso18626_parts import (
    Address,
    AgencyId,
    BibliographicInfo,
    ElectronicAddress,
    ErrorData,
    Header,
    ItemId,
    MessageInfo,
    Moment,
    Pair,
    PatronInfo,
    PhysicalAddress,
    StatusInfo,
)
from schemas.iso18626_refusal import error_of, refusal
from schemas.iso18626_xml import LARGEST, parts, read, write
from schemas.problem import Trouble

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
HEADER = Header(
    AgencyId(Pair("ISIL"), "VN-HP-0001"), AgencyId(Pair("ISIL"), "VN-HP-0005"), "", Moment.of(NOW), "LT-LOAN-7"
)
ASKED = Request(HEADER, BibliographicInfo(title="Dế Mèn phiêu lưu ký", bibliographic_item_id=(
    ItemId("9786042990011", Pair("ISBN", "http://example.org/isbn")),)))  # fmt: skip


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "data" / "schemas" / "ISO-18626-v1_2.xsd")))


def body(inner: str, version: str = 'ill:version="1.2"') -> bytes:
    return f'<ISO18626Message xmlns="{NAMESPACE}" xmlns:ill="{NAMESPACE}" {version}>{inner}</ISO18626Message>'.encode()


def test_a_request_is_written_as_the_schema_says() -> None:
    assert write(ASKED).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<ill:ISO18626Message xmlns="{NAMESPACE}" xmlns:ill="{NAMESPACE}" ill:version="1.2"><ill:request>'
        .replace("ill:ISO", "ISO").replace("ill:request", "request")
        + "<header><supplyingAgencyId><agencyIdType>ISIL</agencyIdType><agencyIdValue>VN-HP-0001</agencyIdValue>"
        "</supplyingAgencyId><requestingAgencyId><agencyIdType>ISIL</agencyIdType><agencyIdValue>VN-HP-0005"
        "</agencyIdValue></requestingAgencyId><multipleItemRequestId></multipleItemRequestId>"
        "<timestamp>2026-11-26T08:30:00.000000Z</timestamp>"
        "<requestingAgencyRequestId>LT-LOAN-7</requestingAgencyRequestId></header><bibliographicInfo>"
        "<title>Dế Mèn phiêu lưu ký</title><bibliographicItemId><bibliographicItemIdentifier>9786042990011"
        '</bibliographicItemIdentifier><bibliographicItemIdentifierCode ill:scheme="http://example.org/isbn">ISBN'
        "</bibliographicItemIdentifierCode></bibliographicItemId></bibliographicInfo></request></ISO18626Message>"
    )  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "ill:", "x:"])
def test_any_prefix_and_order_is_read(prefix: str) -> None:
    named = f'xmlns{":" + prefix[:-1] if prefix else ""}="{NAMESPACE}"'
    inner = (
        "<P:ISO18626Message N version='1.2'><P:requestingAgencyMessage><P:note>  giữ\nnguyên </P:note>"
        "<P:action> Received </P:action><P:header><P:timestamp>2024-12-12T20:12:00.62959771+07:00</P:timestamp>"
        "<P:multipleItemRequestId/><P:requestingAgencyRequestId>1</P:requestingAgencyRequestId><P:supplyingAgencyId>"
        "<P:agencyIdValue>A</P:agencyIdValue><P:agencyIdType>ISIL</P:agencyIdType></P:supplyingAgencyId>"
        "<P:requestingAgencyId><P:agencyIdType>ISIL</P:agencyIdType><P:agencyIdValue>B</P:agencyIdValue>"
        "</P:requestingAgencyId></P:header></P:requestingAgencyMessage></P:ISO18626Message>"
    )
    found = read(inner.replace("P:", prefix).replace(" N ", f" {named} ").encode())
    assert isinstance(found, RequestingAgencyMessage)
    assert (found.action, found.note) == (Action.RECEIVED, "  giữ\nnguyên ")
    assert found.header.timestamp.at == datetime(2024, 12, 12, 13, 12, 0, 629597, tzinfo=UTC)
    assert found.header.timestamp.text.endswith(".62959771+07:00"), "to the last figure"


def test_real_messages_are_read_written_and_read_again(shared: Path, schema: etree.XMLSchema) -> None:
    seen = set()
    for path in sorted((shared / "data" / "iso18626").rglob("*.xml")):
        said = read(path.read_bytes())
        made = write(said)
        schema.assertValid(etree.fromstring(made))
        assert read(made) == said, path.name
        assert _texts(made) == _texts(path.read_bytes()), path.name
        seen.add(type(said).__name__)
    assert seen == {"Request", "RequestingAgencyMessage", "SupplyingAgencyMessage"}


def _texts(document: bytes) -> list[tuple[str, str]]:
    """Every element that says something, with its text."""
    root = etree.fromstring(document)
    return [(etree.QName(e).localname, e.text or "") for e in root.iter() if not len(e) and (e.text or "").strip()]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20
)
STRUCTURES: list[Any] = [
    kind
    for kind in [*vars(iso18626_parts).values(), *MESSAGES.values()]
    if is_dataclass(kind) and kind not in (Moment, Pair)
]
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(10**9), 10**9),
    Decimal: st.decimals(0, 10**9, places=2),
    Moment: st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: Moment.of(at.replace(tzinfo=UTC))),
    Pair: st.builds(Pair, TEXT, st.none() | st.just("http://example.org/liste")),
}


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a structure of the schema."""
    if kind in PLAIN:
        return PLAIN[kind]
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    if kind is Address:
        one = st.builds(Address, electronic_address=of(ElectronicAddress))
        return one | st.builds(Address, physical_address=of(PhysicalAddress))
    values = {}
    for part in parts(kind):
        inner = _later(part.kind)
        many = st.lists(inner, max_size=min(part.most or 3, 3)).map(tuple)
        values[part.field] = many if part.many else inner if part.needed else st.none() | inner
    return st.builds(kind, **values)


def _later(kind: Any) -> st.SearchStrategy[Any]:
    def inner() -> st.SearchStrategy[Any]:
        return of(kind)

    return st.deferred(inner)


@pytest.mark.parametrize("kind", MESSAGES.values(), ids=MESSAGES)
def test_whatever_can_be_said_is_valid_and_comes_back(kind: type, schema: etree.XMLSchema) -> None:
    @settings(max_examples=60, deadline=None)
    @given(of(kind))
    def check(said: Any) -> None:
        made = write(said)
        schema.assertValid(etree.fromstring(made))
        assert read(made) == said

    check()


def test_every_code_of_the_schema_is_known(shared: Path) -> None:
    tree = etree.parse(str(shared / "data" / "schemas" / "ISO-18626-v1_2.xsd"))
    xs = "{http://www.w3.org/2001/XMLSchema}"
    listed = {tuple(e.get("value") for e in one.iter(f"{xs}enumeration")) for one in tree.iter(f"{xs}simpleType")}
    ours = {
        tuple(kind) for kind in vars(iso18626_codes).values() if isinstance(kind, type) and issubclass(kind, StrEnum)
    }
    assert {tuple(map(str, codes)) for codes in ours - {()}} == listed
    elements = {e.get("name") for e in tree.iter(f"{xs}element") if e.get("name")} - {"ISO18626Message", *MESSAGES}
    known = {part.name for kind in STRUCTURES for part in parts(kind)}
    assert elements - known == set()


@pytest.mark.parametrize(
    ("document", "code", "kind"),
    [
        (b"", "xml_broken", ErrorType.BADLY_FORMED),
        (b"<a/>", "iso18626_other", ErrorType.BADLY_FORMED),
        (body(""), "iso18626_other", ErrorType.BADLY_FORMED),
        (body("<loan/>"), "iso18626_other", ErrorType.BADLY_FORMED),
        (body("<request/><request/>"), "iso18626_other", ErrorType.BADLY_FORMED),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + body("<request>&e;</request>"), "xml_doctype",
         ErrorType.BADLY_FORMED),
        (body("<request/>"), "iso18626_missing", ErrorType.BADLY_FORMED),
        (body("<request><x/></request>"), "iso18626_element", ErrorType.UNKNOWN_ELEMENT),
        (body('<request><header xmlns="urn:x"/></request>'), "iso18626_element", ErrorType.UNKNOWN_ELEMENT),
        (body("<request>chữ</request>"), "iso18626_value", ErrorType.UNKNOWN_VALUE),
        (body("<requestingAgencyMessage><action>Steal</action></requestingAgencyMessage>"), "iso18626_value",
         ErrorType.UNKNOWN_VALUE),
        (body("<requestingAgencyMessage><note>a</note><note>b</note></requestingAgencyMessage>"), "iso18626_repeated",
         ErrorType.BADLY_FORMED),
        (body("<requestingAgencyMessage><note>" + "a" * 20_001 + "</note></requestingAgencyMessage>"), "iso18626_value",
         ErrorType.UNKNOWN_VALUE),
        (body("<requestingAgencyMessage><note><b>a</b></note></requestingAgencyMessage>"), "iso18626_value",
         ErrorType.UNKNOWN_VALUE),
        (b" " * (LARGEST + 1), "xml_too_long", ErrorType.BADLY_FORMED),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_the_standard_does(document: bytes, code: str, kind: ErrorType) -> None:
    with pytest.raises(Trouble) as refused:
        read(document)
    assert refused.value.problem.code == code
    assert error_of(refused.value.problem).error_type == kind
    assert refused.value.problem.sentence("vi")


@pytest.mark.parametrize(
    "value", ["", "x", "2024-13-01T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00+25:00", "9" * 60]
)
def test_what_is_no_moment_is_refused(value: str) -> None:
    document = write(ASKED).replace(b"2026-11-26T08:30:00.000000Z", value.encode())
    with pytest.raises(Trouble, match="request/header/timestamp"):
        read(document)


def test_a_moment_without_a_zone_is_utc() -> None:
    assert Moment("2024-01-01T00:00:00").at == datetime(2024, 1, 1, tzinfo=UTC)
    assert Moment.of(datetime(2024, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))).text == "2024-01-01T00:00:00.000000Z"


def test_the_reader_is_taken_out() -> None:
    asked = replace(ASKED, patron_info=PatronInfo(patron_id="123", surname="Nguyễn"))
    assert fit_to_keep(asked) == ASKED
    answer = RequestingAgencyMessage(HEADER, Action.RECEIVED)
    assert fit_to_keep(answer) is answer


def test_a_message_is_confirmed_by_its_own_time_and_request(schema: etree.XMLSchema) -> None:
    told = SupplyingAgencyMessage(
        HEADER, MessageInfo(Reason.STATUS_CHANGE), StatusInfo(Status.LOANED, Moment.of(NOW), due_date=Moment.of(NOW))
    )
    error = ErrorData(ErrorType.UNKNOWN_VALUE, "x")
    for message in (ASKED, told, RequestingAgencyMessage(HEADER, Action.RENEW)):
        for wrong in (None, error):
            made = confirm(message, NOW + timedelta(seconds=2), wrong)
            schema.assertValid(etree.fromstring(write(made)))
            assert made.confirmation_header.timestamp == HEADER.timestamp
            assert made.confirmation_header.requesting_agency_request_id == "LT-LOAN-7"
            assert made.error_data == wrong
            assert made.confirmation_header.message_status == ("ERROR" if wrong else "OK")
    assert confirm(told, NOW).reason_for_message == Reason.STATUS_CHANGE  # type: ignore[union-attr]


def test_what_xml_cannot_hold_is_left_out() -> None:
    said = RequestingAgencyMessage(HEADER, Action.NOTIFICATION, "a\x00b\x1b[31m\ud800c")
    assert read(write(said)).note == "ab[31mc"  # type: ignore[union-attr]


def test_damaged_messages_are_read_or_refused() -> None:
    """Bytes left out, doubled, changed: a message or a sentence, never anything else."""
    chance = random.Random(18626)
    documents = [
        write(ASKED),
        write(confirm(ASKED, NOW)),
        write(RequestingAgencyMessage(HEADER, Action.RENEW, "gia hạn")),
    ]
    for _ in range(3_000):
        body = bytearray(chance.choice(documents))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body))
            act = chance.random()
            if act < 0.4:
                body[at] = ord(chance.choice(string.printable))
            elif act < 0.7:
                del body[at : at + chance.randint(1, 30)]
            else:
                body[at:at] = body[at : at + chance.randint(1, 60)]
        try:
            said = read(bytes(body))
        except Trouble as refused:
            error_of(refused.problem)
            refused.problem.sentence("en")
        else:
            assert read(write(said)) == said


def test_structures_have_the_fields_of_the_schema_in_its_order() -> None:
    for kind in STRUCTURES:
        if hasattr(kind, "ORDER"):
            assert sorted(kind.ORDER) == sorted(one.name for one in fields(kind))


def test_what_cannot_be_read_is_refused_by_what_it_says_of_itself(schema: etree.XMLSchema) -> None:
    told = SupplyingAgencyMessage(
        HEADER, MessageInfo(Reason.STATUS_CHANGE), StatusInfo(Status.LOANED, Moment.of(NOW), due_date=Moment.of(NOW))
    )
    later = NOW + timedelta(seconds=9)
    for message in (ASKED, told, RequestingAgencyMessage(HEADER, Action.RENEW)):
        whole = write(message)
        for body in (whole[: len(whole) - 40], whole.replace(b"</header>", b"<x/></header>")):
            with pytest.raises(Trouble) as wrong:
                read(body)
            answer = refusal(body, error_of(wrong.value.problem), later)
            schema.assertValid(etree.fromstring(write(answer)))
            assert type(answer) is type(confirm(message, later))
            assert answer.confirmation_header.requesting_agency_request_id == "LT-LOAN-7"
            assert answer.confirmation_header.timestamp == HEADER.timestamp
    for body in (b"", b"<a/>", b"\xff" * 9, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        answer = refusal(body, error_of(Trouble("iso18626_other", name="a").problem), later)
        schema.assertValid(etree.fromstring(write(answer)))
        assert answer.confirmation_header.timestamp == Moment.of(later)
