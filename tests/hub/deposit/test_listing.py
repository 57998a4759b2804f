"""Declared publications in the union catalog: one cluster, its own set, and gone from everywhere when it must be."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import product
from json import dumps, loads
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from hub.catalog.models import Member, Record, Union
from hub.catalog.reads import union_number, union_uid
from hub.deposit import deposits, keeping, listing
from hub.deposit.access import LEVELS, Access, Reader
from hub.deposit.models import Kept, Publication
from hub.deposit.shelf import open_files
from hub.network.models import Library
from hub.provide import dump_files
from hub.provide.oai_text import identifier
from hub.stages import lists
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.publish import publish
from schemas.record import data_field
from tests.hub.accounts.routes import TABLE
from tests.hub.provide.network import arrive, fill, source
from tests.hub.stages.books import book, raw

NXB = "VN-HP-NXB"
ISBN = "9786042990011"  # «Dế Mèn» of both libraries of the network
SECRET = "Sổ tay mật của Tí"
FORM = {"title": SECRET, "author": "Trần Văn Tí", "isbn": "978-604-4983-03-5", "release": "2026-10-15", "run": "500"}


@pytest.fixture
def publisher() -> Library:
    fill()
    return Library.objects.create(code=NXB, name_vi="Nhà xuất bản Kim Đồng", kind="publisher")


def declare(publisher: Library, **values: str) -> Publication:
    return deposits.declare(publisher, deposits.checked(FORM | values), by="Lan")


def follow(day: date | None = None) -> None:
    now = timezone.now() if day is None else timezone.now().replace(year=day.year, month=day.month, day=day.day)
    listing.follow(now)
    match()
    merge_due()
    publish()


def settle(made: Publication, **values: str) -> None:
    deposits.settle(made, {"level": "public"} | values, by="Hoa")
    made.refresh_from_db()


OUTPUTS = {
    "home": "/?q={q}", "results": "/tim?q={q}", "record": "/r/{uid}", "record-file": "/r/{uid}/tep/mrc",
    "record-now": "/r/{uid}/con-khong", "results-file": "/tim/tep/csv?q={q}", "copy": "/sao-chep?q={isbn}",
    "copy-file": "/sao-chep/tep?q={isbn}", "libraries": "/thu-vien", "library": f"/thu-vien/{NXB}", "box": "/nhung?q={q}",
    "sitemaps": "/sitemap.xml", "sitemap": "/sitemap-0.xml", "opds": "/opds", "opds-books": "/opds/sach?query={q}",
    "opds-1": "/opds/1.2", "opds-books-1": "/opds/1.2/sach?query={q}", "api-search": "/api/v1/search?q={q}",
    "api-records": "/api/v1/records", "api-records-one": "/api/v1/records/{uid}",
    "api-records-marcjson": "/api/v1/records/{uid}/marcjson", "api-records-holdings": "/api/v1/records/{uid}/holdings",
    "api-works-one": "/api/v1/works/{work}", "api-changes": "/api/v1/changes", "api-libraries": "/api/v1/libraries",
    "api-libraries-one": f"/api/v1/libraries/{NXB}", "api-copy": "/api/v1/copy?q={isbn}",
    "sru": "/sru?version=1.2&operation=searchRetrieve&query=%22{q}%22", "sru 2.0": "/sru?version=2.0&operation=searchRetrieve&query={isbn}",
    "sru scan": "/sru?version=1.2&operation=scan&scanClause=title%3D{q}", "oai": "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "oai set": "/oai?verb=ListRecords&metadataPrefix=marcxml&set=deposit", "oai-own": "/oai-own?verb=ListRecords&metadataPrefix=marcxml",
    "oai mods": "/oai?verb=ListRecords&metadataPrefix=mods", "oai one": "/oai?verb=GetRecord&metadataPrefix=qdc&identifier={oai}",
    "oai-library": f"/oai/{NXB}?verb=ListRecords&metadataPrefix=marcxml", "deposit-ask": "/luu-chieu/tra-cuu?q={q}",
    "deposit-ask isbn": "/luu-chieu/tra-cuu?q={isbn}", "deposit-list": "/luu-chieu/tep.xml", "deposit-file": "/luu-chieu/tep/{sha}.epub",
    "dumps": "/du-lieu", "resource-list": "/du-lieu/resourcelist.xml", "resourcesync": "/.well-known/resourcesync",
}  # fmt: skip
SILENT = {  # of no publication at all
    "units", "unit", "members", "joining", "rotation-box", "loan-states", "iso18626", "search-help", "open-search", "robots",
    "api-openapi", "api-docs", "api-nowhere", "dump-file", "sign-in", "sign-out", "invitation", "forgotten", "letter-sent",
    "new-password", "network", "doctor", "letter", "deposit-api-uploads", "deposit-api-upload", "live", "ready", "metrics",
    "set-language", "help", "style",
}  # fmt: skip
CONTENT = b"EPUB of the secret"
SHA = sha256(CONTENT).hexdigest()


def dumped() -> str:
    """Everything in the files of a whole dump made now."""
    lists.follow(whole=True)
    made = dump_files.make(full=True, keep=1)
    assert made is not None
    texts = []
    for path in (dump_files.folder() / made.name).iterdir():
        body = path.read_bytes()
        texts.append((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8", "replace"))
    return "\n".join(texts)


def shown(client: Any, uid: str) -> set[str]:
    """The outputs that say anything of the secret."""
    said = set()
    if SECRET in dumped():
        said.add("dumps made now")
    work = Union.objects.get(pk=union_number(uid)).work or 1
    for name, template in OUTPUTS.items():
        address = template.format(
            q=quote("Sổ tay mật"), uid=uid, work=work, isbn="9786044983035", sha=SHA, oai=identifier(uid)
        )
        answer = client.get(address)
        body = answer.getvalue().decode("utf-8", "replace")
        if "json" in answer.headers.get("Content-Type", "") and body.startswith(("{", "[")):
            body = dumps(loads(body), ensure_ascii=False)
        if SECRET in body and answer.status_code == 200:  # longer than what was asked for: an echo is no answer
            said.add(name)
        if CONTENT.decode() in body or f"{SHA}" in body:
            said.add(name)
    return said


def test_every_public_output_is_asked() -> None:
    public = {name for name, demand in TABLE.items() if demand == "anyone"}
    asked = {name.partition(" ")[0] for name in OUTPUTS}
    assert public - SILENT - asked == set()


@pytest.mark.usefixtures("store", "home")
def test_what_is_announced_declared_and_held_is_one_cluster(publisher: Library) -> None:
    feed = source("nxb-onix", NXB, "Nhà xuất bản Hải Phòng")
    arrive(feed, [raw(book("ANN-1", "Dế Mèn phiêu lưu ký", isbn=ISBN))])
    declare(publisher, title="Dế Mèn phiêu lưu ký", author="Tô Hoài", isbn=ISBN, release="2020-05-01")
    follow()
    found = Record.objects.get(source__connector="deposit")
    union = Member.objects.get(record=found).union
    members = Member.objects.filter(union=union).select_related("record__source")
    assert len({m.record.source.library_id for m in members}) == 3, "the publisher, the city's library, the school's"
    assert len(members) == 4
    assert Publication.objects.get().list_on is None


@pytest.mark.usefixtures("store", "home")
def test_what_is_restricted_is_absent_from_every_output(publisher: Library, client: Any) -> None:
    made = declare(publisher, form="electronic")
    kept = keeping.keep(BytesIO(CONTENT), "sach.epub", made, by="Lan", kind="epub")
    assert kept.sha256 == SHA
    open_ = {"free": "1", "lawful": "1", "usable": "1", "terms": "https://creativecommons.org/licenses/by/4.0/"}
    settle(made, **open_)
    follow()
    union = Member.objects.get(record__source__connector="deposit").union
    uid = union_uid(union)
    seen = shown(client, uid)
    wanted = {"dumps made now", "results", "deposit-ask", "oai", "oai set", "oai mods", "oai one", "oai-own", "oai-library", "record", "sru",
              "api-search", "api-records-one", "results-file", "opds-books", "opds-books-1", "deposit-file", "record-file",
              "deposit-list"}  # fmt: skip
    assert wanted - seen == set(), "on the level public everybody sees it"
    for level in ("internal", "restricted", "forbidden"):
        settle(made, **open_ | {"level": level})
        follow()
        assert shown(client, uid) == set(), level
        assert Union.objects.get(pk=union).deleted
        oai = client.get("/oai?verb=ListRecords&metadataPrefix=marcxml&set=deposit").content.decode()
        assert 'status="deleted"' in oai, "who harvested it is told"
        settle(made, **open_)
        follow()
        assert wanted - shown(client, uid_of()) == set()


def uid_of() -> str:
    return union_uid(Member.objects.get(record__source__connector="deposit").union)


@pytest.mark.usefixtures("store", "home")
def test_a_record_its_library_suppresses_is_withdrawn(publisher: Library, client: Any) -> None:
    koha = source("koha", "VN-HP-7001", "Thư viện có Koha")
    title = "Sách kho kín của thư viện"
    one = book("K1", title)
    arrive(koha, [raw(one)])
    uid = union_uid(Record.objects.get(identifier="K1").member.union)
    assert title in client.get(f"/r/{uid}").content.decode()

    arrive(koha, [raw(replace(one, fields=(*one.fields, data_field("942", "  ", [("c", "BK"), ("n", "1")]))))])
    assert Record.objects.get(identifier="K1").state == "aside"
    body = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").content.decode()
    assert title not in body
    assert 'status="deleted"' in body
    own = client.get("/oai/VN-HP-7001?verb=ListRecords&metadataPrefix=marcxml").content.decode()
    assert title not in own
    assert 'status="deleted"' in own
    assert title not in client.get("/", {"q": title}).content.decode().replace(f'value="{title}"', "")
    arrive(koha, [raw(replace(one, fields=(*one.fields, data_field("942", "  ", [("n", "0")]))))])
    assert Record.objects.get(identifier="K1").state == "live"


@pytest.mark.usefixtures("store", "home")
def test_the_link_to_an_open_file_appears_when_its_embargo_ends(publisher: Library) -> None:
    made = declare(publisher, form="electronic")
    Kept.objects.create(
        sha256="a" * 64, size=3, name="x.epub", format="epub", publication=made, at=timezone.now(), by="x"
    )
    open_ = {"free": "1", "lawful": "1", "usable": "1", "terms": "https://creativecommons.org/licenses/by/4.0/"}
    settle(made, embargo=(timezone.localdate() + timedelta(days=3)).isoformat(), **open_)
    follow()
    assert "856" not in [tag for tag, _ in listing.record_of(made, timezone.localdate()).fields]
    made.refresh_from_db()
    assert made.list_on == timezone.localdate() + timedelta(days=3)
    follow(timezone.localdate() + timedelta(days=3))
    later = listing.record_of(made, timezone.localdate() + timedelta(days=3))
    assert any(tag == "856" and "/luu-chieu/tep/" in content and ".epub" in content for tag, content in later.fields)
    made.refresh_from_db()
    assert made.list_on is None


def _accesses() -> Iterator[tuple[str, Reader, Access]]:
    for level in LEVELS:
        for reader in Reader:
            yield level, reader, Access(level)


def test_who_may_read_what() -> None:
    day, tomorrow = date(2026, 11, 26), date(2026, 11, 27)
    closed = {(level, reader.name) for level, reader, access in _accesses() if access.may_read(reader, day)}
    assert closed == {
        ("public", "PUBLISHER"), ("public", "CLERK"), ("internal", "STAFF"), ("internal", "PUBLISHER"), ("internal", "CLERK"),
        ("restricted", "PUBLISHER"), ("restricted", "CLERK"), ("forbidden", "CLERK"),
    }  # fmt: skip
    free = Access(free=True, lawful=True, usable=True)
    assert free.may_read(Reader.ANYBODY, day)
    for barrier in ("free", "lawful", "usable"):
        assert not replace(free, **{barrier: False}).may_read(Reader.ANYBODY, day), barrier
        assert not replace(free, embargo=tomorrow).may_read(Reader.STAFF, day)
        assert replace(free, embargo=tomorrow).may_read(Reader.ANYBODY, tomorrow)
    room = Access(room=True)
    assert not room.may_read(Reader.STAFF, day)
    assert room.may_read(Reader.ANYBODY, day, in_room=True)
    assert not Access("internal", room=True).may_read(Reader.ANYBODY, day, in_room=True)
    assert Access("internal", room=True).may_read(Reader.STAFF, day, in_room=True)


@pytest.mark.usefixtures("store", "home")
def test_what_everybody_may_read_is_the_same_as_a_query_and_as_a_rule() -> None:
    publisher, day = Library.objects.create(code=NXB, name_vi="NXB", kind="publisher"), date(2026, 11, 26)
    truths = list(
        product(LEVELS, ("open", "secret"), *[(False, True)] * 4, (None, day - timedelta(1), day, day + timedelta(1)))
    )
    for number, (level, content, room, free, lawful, usable, embargo) in enumerate(truths):
        access = {"level": level, "room": room, "free": free, "lawful": lawful, "usable": usable, "embargo": embargo}
        facts = {
            "title": "x",
            "licence": "publisher",
            "form": "print",
            "edition": "new",
            "release": day,
            "at": timezone.now(),
        }
        made = Publication.objects.create(publisher=publisher, content=content, by="x", **facts, **access)
        Kept.objects.create(sha256=f"{number:064x}", size=1, name="x", publication=made, at=timezone.now(), by="x")
    expected = {
        one.sha256
        for one in Kept.objects.select_related("publication")
        if one.publication.content == "open" and listing.access_of(one.publication).may_read(Reader.ANYBODY, day)
    }
    assert {one.sha256 for one in open_files(day)} == expected
    assert len(expected) == 3
