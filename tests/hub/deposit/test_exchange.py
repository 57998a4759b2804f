"""Copies that libraries exchange, packages between hubs: nothing twice, nothing lost, every end with its proof."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree

from hub.deposit import arriving, deposits, exchange, judging, keeping, packages, parcels
from hub.deposit.models import Delivery, Duty, Kept, Offer, Parcel, Publication, Receipt, Recipient, Share
from hub.network import groups
from hub.network.models import Library
from schemas import csip
from schemas.bagit import check
from schemas.bagit_stores import Within, Zipped, package_in
from schemas.problem import Trouble
from tests.hub.deposit.brought import epub, pdf

NXB, CITY, SCHOOL, OTHER = "VN-HP-NXB", "HP-TP", "HP-LL", "HUB-HD"
FORM = {"title": "Chuyện biển", "author": "Trần Văn Tí", "isbn": "978-604-4983-03-5", "release": "2026-10-15",
        "form": "electronic", "audience": "b"}  # fmt: skip
pytestmark = pytest.mark.usefixtures("store", "home")


@pytest.fixture
def made() -> Publication:
    for code, kind in ((CITY, "public"), (SCHOOL, "school"), (OTHER, "public")):
        Library.objects.create(code=code, name_vi=f"Thư viện {code}", kind=kind)
    publisher = Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")
    return deposits.declare(publisher, deposits.checked(FORM), by="Lan")


def bring(made: Publication, *bodies: bytes) -> None:
    for number, body in enumerate(bodies):
        arriving.bring(made.publisher, made, f"tệp {number}", io.BytesIO(body), len(body), "page", by="Lan")
    judging.judge_due(timezone.now())
    assert made.files.count() == len(bodies)


class Local(etree.Resolver):
    """Schemas that a schema imports from the web, out of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str, public: str, context: Any) -> Any:
        path = self.folder / url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(path), context) if path.is_file() else None


def test_an_offer_is_taken_by_others_as_far_as_it_goes(made: Publication) -> None:
    city, school = Library.objects.get(pk=CITY), Library.objects.get(pk=SCHOOL)
    offer = exchange.offer(city, {"title": "Dế Mèn phiêu lưu ký", "isbn": "978-604-2-99001-1", "copies": "3"}, by="Lan")
    exchange.offer(school, {"title": "dế mèn phiêu lưu ký", "copies": "2", "wanted": "1"}, by="Hoa")
    assert [(wish.library_id, one.pk) for wish, one in exchange.answers(school)] == [(SCHOOL, offer.pk)]
    first = exchange.take(offer.pk, school, "2", "k1", by="Hoa")
    assert exchange.take(offer.pk, school, "2", "k1", by="Hoa").pk == first.pk, "the same form sent twice"
    with pytest.raises(Trouble, match="1 copies are left"):
        exchange.take(offer.pk, school, "2", "k2", by="Hoa")
    with pytest.raises(Trouble, match="your own"):
        exchange.take(offer.pk, city, "1", "k3", by="Lan")
    exchange.cancel(first.pk, by="Hoa", library=SCHOOL)
    assert exchange.left(offer) == 3
    second = exchange.take(offer.pk, school, "3", "k4", by="Hoa")
    assert exchange.receive(second.pk, school, "2", "", by="Hoa").came == 2
    with pytest.raises(Trouble, match="received or cancelled"):
        exchange.receive(second.pk, school, "2", "", by="Hoa")
    exchange.close(offer.pk, CITY, by="Lan")
    with pytest.raises(Trouble, match="closed"):
        exchange.close(offer.pk, CITY, by="Lan")
    assert not exchange.answers(school)


@pytest.mark.parametrize(("copies", "weights", "found"), [
    (10, {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 3, "c": 3}), (2, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1}),
    (7, {"a": 3, "b": 1}, {"a": 5, "b": 2}), (0, {"a": 1}, {}), (5, {}, {}), (5, {"a": 0}, {}),
])  # fmt: skip
def test_copies_are_spread_by_weight_without_a_rest(
    copies: int, weights: dict[str, int], found: dict[str, int]
) -> None:
    assert exchange.spread(copies, weights) == found


def test_a_distribution_has_a_receipt_for_each_library(made: Publication) -> None:
    shares = exchange.distribute(made, exchange.spread(5, {CITY: 1, SCHOOL: 1}), "d:1", by="Hoa")
    assert exchange.distribute(made, {CITY: 9}, "d:1", by="Hoa") == shares
    assert {one.library_id: one.copies for one in shares} == {CITY: 2, SCHOOL: 3}
    for one in shares:
        exchange.receive(one.pk, one.library, str(one.copies), "tốt", by="Lan")
    assert sorted(Receipt.objects.values_list("number", "copies")) == [(1, 3), (2, 2)]
    with pytest.raises(Trouble, match="No library"):
        exchange.distribute(made, {}, "d:2", by="Hoa")


def test_a_group_is_a_list_of_distribution(made: Publication, as_role: Any) -> None:
    group = groups.make("CUM-1", "Cụm thiếu nhi", None, "", date(2026, 1, 1), by="Lan")
    for code in (CITY, SCHOOL):
        groups.join(group, Library.objects.get(pk=code), date(2026, 1, 1), by="Lan")
    said = {"act": "share", "total": "5", "to": [SCHOOL, OTHER], "group": "CUM-1", "key": "k"}
    assert as_role("deposit_clerk").post(f"/luu-chieu/an-pham/{made.pk}/trao-doi", said).status_code == 302
    assert dict(Share.objects.values_list("library", "copies")) == {SCHOOL: 2, CITY: 2, OTHER: 1}


def test_the_pages_of_exchange(made: Publication, as_role: Any) -> None:
    clerk, city = as_role("deposit_clerk"), as_role("partner_librarian", CITY)
    answer = clerk.post(
        f"/luu-chieu/an-pham/{made.pk}/trao-doi", {"act": "share", "total": "3", "to": [CITY, SCHOOL], "key": "k"}
    )
    assert answer.status_code == 302
    assert clerk.post(f"/luu-chieu/an-pham/{made.pk}/trao-doi", {"act": "share", "total": "3"}).status_code == 400
    page = city.get(f"/cua-toi/{CITY}/trao-doi").content.decode()
    assert "Chuyện biển" in page
    share = Share.objects.get(library=CITY)
    city.post(f"/cua-toi/{CITY}/trao-doi", {"act": "receive", "number": share.pk, "came": "1"})
    share.refresh_from_db()
    assert share.receipt is not None
    assert city.get(f"/cua-toi/{CITY}/trao-doi/giay-nhan/{share.receipt_id}").content.startswith(b"%PDF-")
    assert city.get(f"/cua-toi/{SCHOOL}/trao-doi").status_code == 404
    city.post(f"/cua-toi/{CITY}/trao-doi", {"act": "offer", "title": "Kính vạn hoa", "copies": "2", "wanted": ""})
    assert Offer.objects.get().wanted is False
    assert city.post(f"/cua-toi/{CITY}/trao-doi", {"act": "offer", "title": " ", "copies": "2"}).status_code == 400


def test_a_package_is_a_valid_bag_and_a_valid_submission_package(
    made: Publication, tmp_path: Path, shared: Path
) -> None:
    bring(made, epub(), pdf())
    first = packages.write(made, tmp_path / "a.zip")
    assert packages.write(made, tmp_path / "b.zip") == first, "the same bytes each time"
    store = Zipped(tmp_path / "a.zip")
    report = check(store)
    assert (report.errors, report.warnings, report.files) == ([], [], 5)
    inner = package_in(store)
    assert inner == first.name
    assert csip.check(Within(store, f"data/{inner}/"), inner) == []
    schemas = shared / "data/schemas"
    parser = etree.XMLParser()
    parser.resolvers.add(Local(schemas))
    mets = etree.XMLSchema(etree.parse(schemas / "mets.xsd", parser))
    with tarfile.open(shared / "data/eark/csip_001-049.tar.xz") as corpus:
        name = next(name for name in corpus.getnames() if name.endswith("/premis-v3-0.xsd"))
        corpus.extract(name, tmp_path, filter="data")
    premis = etree.XMLSchema(etree.parse(tmp_path / name, parser))
    marc = etree.XMLSchema(etree.parse(schemas / "MARC21slim.xsd"))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        base = f"data/{inner}/"
        document = etree.fromstring(archive.read(base + "METS.xml"))
        for element in document.iter():  # the schema here is of METS before 1.12, which allows no other attributes
            for name in [name for name in element.attrib if "CSIPExtension" in name]:
                del element.attrib[name]
        mets.assertValid(document)
        premis.assertValid(etree.fromstring(archive.read(base + "metadata/preservation/premis.xml")))
        marc.assertValid(etree.fromstring(archive.read(base + "metadata/descriptive/marc.xml")))


def test_a_package_that_comes_is_taken_apart_once(made: Publication, tmp_path: Path) -> None:
    deposits.settle(made, {"level": "internal", "embargo": "2027-01-01"}, by="Hoa")
    made.refresh_from_db()
    bring(made, epub(), pdf())
    package = packages.write(made, tmp_path / "a.zip")
    for parcel in Kept.objects.all():
        parcel.deliveries.update(kept=None)
    Delivery.objects.update(kept=None)
    Kept.objects.all().delete()
    other = Library.objects.get(pk=OTHER)
    for _ in range(2):
        with (tmp_path / "a.zip").open("rb") as stream:
            found = arriving.bring(other, None, "goi.zip", stream, package.size, "api", by="HD", sha256=package.sha256)
        judging.judge_due(timezone.now())
    found.refresh_from_db()
    assert found.state == "kept", found.report
    here = Publication.objects.get(publisher=other)
    assert (here.title, here.isbn, here.audience, here.imprint) == (
        made.title,
        made.isbn,
        "b",
        "Nhà xuất bản Hải Phòng",
    )
    assert (here.level, str(here.embargo)) == ("internal", "2027-01-01")
    assert here.files.count() == 2
    assert not Duty.objects.filter(publication=here).exists(), "nothing is owed for what another library passes on"
    doors = Counter(Delivery.objects.filter(library=other).values_list("door", flat=True))
    assert doors == {"api": 1, "package": 2}
    deposits.settle(here, {"level": "forbidden"}, by="Hoa")
    Delivery.objects.filter(library=other).update(sha256="")  # as if another version of the package came
    with (tmp_path / "a.zip").open("rb") as stream:
        arriving.bring(other, None, "goi.zip", stream, package.size, "api", by="HD")
    judging.judge_due(timezone.now())
    here.refresh_from_db()
    assert here.level == "forbidden", "what is settled here stays"


def test_a_package_with_a_file_that_is_refused_is_refused(made: Publication, tmp_path: Path) -> None:
    keeping.keep(io.BytesIO(b"MZ" + b"\0" * 100), "a.exe", made, by="Lan", kind="")
    package = packages.write(made, tmp_path / "a.zip")
    with (tmp_path / "a.zip").open("rb") as stream:
        found = arriving.bring(Library.objects.get(pk=OTHER), None, "goi.zip", stream, package.size, "api", by="HD")
    judging.judge_due(timezone.now())
    found.refresh_from_db()
    assert (found.state, [row["code"] for row in found.report["problems"]]) == ("refused", ["package_member"])
    assert not Publication.objects.filter(publisher=OTHER).exists()


def test_what_is_forbidden_or_has_no_address_is_sent_nowhere(made: Publication) -> None:
    other = Library.objects.get(pk=OTHER)
    with pytest.raises(Trouble, match="Nobody knows"):
        parcels.post(made, other, by="Hoa")
    Recipient.objects.create(library=other, url="http://127.0.0.1:9/x", secret="HUB_KEY")
    with pytest.raises(Trouble, match="no file"):
        parcels.post(made, other, by="Hoa")
    deposits.settle(made, {"level": "forbidden"}, by="Hoa")
    made.refresh_from_db()
    with pytest.raises(Trouble, match="forbidden"):
        parcels.post(made, other, by="Hoa")
    assert not Parcel.objects.exists()
