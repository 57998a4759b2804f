"""What judges and brings files from outside: ClamAV's own daemon, signatures, files that records point to."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from connectors import clamd
from hub.deposit import arriving, deposits, fetching, judging
from hub.deposit.models import Delivery, Kept, Publication
from hub.deposit.rules import rules
from hub.network.models import Library
from schemas.problem import Trouble
from schemas.record import data_field
from tests.hub.deposit.brought import epub, pdf
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw

NXB, ISBN = "VN-HP-NXB", "9786044983035"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FORM = {"title": "Chuyện biển", "isbn": ISBN, "release": "2026-10-15", "form": "electronic"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def made() -> Publication:
    publisher = Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")
    return deposits.declare(publisher, deposits.checked(FORM), by="Lan")


def bring(made: Publication, body: bytes, name: str = "a.pdf") -> Delivery:
    delivery = arriving.bring(made.publisher, made, name, io.BytesIO(body), len(body), "api", by="Lan")
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    return delivery


def codes(delivery: Delivery) -> list[str]:
    return [row["code"] for row in delivery.report.get("problems", ())]


@pytest.fixture
def scanner(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """ClamAV's daemon with one signature of our own; its socket."""
    daemon = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(daemon).is_file():
        pytest.skip("ClamAV's daemon is not installed")
    folder = tmp_path_factory.mktemp("clam")
    (folder / "db").mkdir()
    (folder / "db" / "ours.ndb").write_text(f"Test.Eicar:0:*:{EICAR[:40].hex()}\n")
    place = folder / "socket"
    settings = f"LocalSocket {place}\nDatabaseDirectory {folder / 'db'}\nForeground yes\nPidFile {folder / 'pid'}\n"
    settings += "StreamMaxLength 4000M\nUser root\n" if Path("/root").exists() else "StreamMaxLength 4000M\n"
    (folder / "clamd.conf").write_text(settings)
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen([daemon, "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
    try:
        until = datetime.now(UTC) + timedelta(seconds=60)
        monkeypatch.setenv("LIENTHONG_CLAMD", str(place))
        while True:
            try:
                assert clamd.virus_in(io.BytesIO(b"nothing")) == ""
                break
            except Trouble:
                assert child.poll() is None, (folder / "log").read_text()
                assert datetime.now(UTC) < until
                threading.Event().wait(0.1)
        yield str(place)
    finally:
        child.terminate()
        child.wait(20)


def test_a_virus_is_refused_by_its_name(made: Publication, scanner: str) -> None:
    inside = bring(made, epub(more={"EPUB/eicar.txt": EICAR}), "a.epub")
    clean = bring(made, pdf())
    assert (clean.state, clean.report["scanned"]) == ("kept", True)
    packed = bring(made, b"WARC/1.0\r\n" + EICAR, "a.warc")
    assert (packed.state, codes(packed)) == ("refused", ["judged_virus"])
    assert "Test.Eicar" in packed.report["problems"][0]["facts"]["virus"]
    assert (inside.state, codes(inside)) == ("refused", ["judged_virus"]), "also where a member is packed"


def test_a_file_waits_while_the_scanner_is_away(
    made: Publication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIENTHONG_CLAMD", str(tmp_path / "nobody"))
    found = bring(made, pdf())
    assert (found.state, found.report["waiting"]) == ("arrived", "clamd_away")
    assert not Kept.objects.exists()
    monkeypatch.delenv("LIENTHONG_CLAMD")
    judging.judge_due(timezone.now())
    found.refresh_from_db()
    assert found.state == "kept"


def certificate() -> tuple[Any, bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nhà xuất bản Hải Phòng")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                          key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made, made.public_bytes(serialization.Encoding.PEM), secret


def test_signatures_are_valid_unknown_or_invalid(
    made: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, public, secret = certificate()
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "nxb.pem").write_bytes(public)
    (tmp_path / "key.pem").write_bytes(secret)
    signer = signers.SimpleSigner.load(str(tmp_path / "key.pem"), str(tmp_path / "roots" / "nxb.pem"))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf()))
    signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="Sig1"), signer=signer).getvalue()
    assert bring(made, pdf()).report["facts"]["signature"] == "none"
    assert bring(made, signed).report["facts"]["signature"] == "unknown"
    monkeypatch.setenv("LIENTHONG_DEPOSIT_TRUST", str(tmp_path / "roots"))
    again = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf("Chuyện biển 2"))),
        signers.PdfSignatureMetadata(field_name="Sig1"),
        signer=signer,
    ).getvalue()
    assert bring(made, again).report["facts"]["signature"] == "valid"
    changed = bytearray(signed)
    at = changed.index(b"/MediaBox") + len("/MediaBox")
    while not chr(changed[at]).isdigit() or chr(changed[at]) == "0":
        at += 1
    changed[at] = ord("7") if changed[at] != ord("7") else ord("6")
    found = bring(made, bytes(changed))
    assert (found.state, codes(found)) == ("refused", ["signature_invalid"])


@pytest.fixture
def repository() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A publisher's web server with files on it."""
    shelf: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shelf.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", shelf
        finally:
            server.shutdown()
            thread.join()


def test_files_that_records_point_to_are_fetched_once(
    made: Publication, repository: tuple[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, shelf = repository
    monkeypatch.setenv("LIENTHONG_PRIVATE_HOSTS", "*")
    monkeypatch.setattr(fetching, "rules", lambda: rules().model_copy(update={"fetch": [NXB]}))
    one = book("N1", "Chuyện biển", isbn=ISBN)
    links = [data_field("856", "40", [("u", f"{address}/{name}")]) for name in ("sach.epub", "mat.pdf", "trang.html")]
    from dataclasses import replace

    arrive(source("nxb", NXB, "Nhà xuất bản Hải Phòng"), [raw(replace(one, fields=(*one.fields, *links)))])
    shelf["/sach.epub"] = epub()
    now = timezone.now()
    assert fetching.fetch(now) == 1
    judging.judge_due(now)
    assert [row.state for row in Delivery.objects.order_by("name")] == ["dropped", "kept"]
    assert fetching.fetch(now) == 0, "neither again at once"
    assert fetching.fetch(now + timedelta(hours=7)) == 0
    assert Delivery.objects.filter(state="dropped").count() == 1, "noted once, however often it is tried"
    shelf["/mat.pdf"] = pdf()
    assert fetching.fetch(now + timedelta(hours=14)) == 1
    judging.judge_due(now)
    assert made.files.count() == 2
    assert fetching.fetch(now + timedelta(hours=40)) == 0
