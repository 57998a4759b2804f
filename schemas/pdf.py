"""What a PDF is, before it is kept: whether it opens without a password, what it would do, who signed it.

ISO 32000-1; read by pikepdf (qpdf), signatures by pyHanko. It is parsed only where :mod:`schemas.inspection` runs, in a
process of its own with limits: a hostile file may cost that process, nothing else.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pikepdf

from schemas.findings import Findings
from schemas.isbn import isbns
from schemas.problem import Problem

MOST_OBJECTS = 2_000_000
ACTIONS = {"/JavaScript": "script", "/Launch": "launch", "/SubmitForm": "submit", "/ImportData": "import"}
ACTIONS |= {"/GoToR": "remote", "/GoToE": "embedded", "/RichMedia": "media", "/Rendition": "media"}


def inspect(path: Path) -> Findings:
    """Everything that can be said of the file without showing it."""
    found = Findings("pdf")
    with path.open("rb") as stream:
        if stream.read(5) != b"%PDF-":
            found.grave(Problem("pdf_before", {}))
            return found
    try:
        with pikepdf.open(path) as pdf:
            _look(pdf, found)
    except pikepdf.PasswordError:
        found.grave(Problem("pdf_password", {}))
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError, OSError) as error:
        found.grave(Problem("pdf_broken", {"detail": str(error)[:120]}))
    if found.facts.get("signed"):
        found.facts["signature"] = _signature(path)
        if found.facts["signature"] == "invalid":
            found.grave(Problem("signature_invalid", {}))
    return found


def _look(pdf: pikepdf.Pdf, found: Findings) -> None:
    found.facts |= {"pdf": pdf.pdf_version, "pages": len(pdf.pages), "signed": False, "signature": "none"}
    if not len(pdf.pages):
        found.grave(Problem("pdf_pages", {}))
    if pdf.is_encrypted:
        found.note(Problem("pdf_restricted", {}))
    if len(pdf.objects) > MOST_OBJECTS:
        found.grave(Problem("pdf_objects", {"count": str(len(pdf.objects)), "most": str(MOST_OBJECTS)}))
        return
    for text in pdf.get_warnings()[:3]:
        found.note(Problem("pdf_mended", {"detail": str(text).rpartition("): ")[2][:120]}))
    _active(pdf, found)
    _said(pdf, found)


def _active(pdf: pikepdf.Pdf, found: Findings) -> None:
    seen: set[str] = set()
    if "/OpenAction" in pdf.Root and isinstance(pdf.Root.OpenAction, pikepdf.Dictionary):
        seen.add("open" if str(pdf.Root.OpenAction.get("/S", "")) != "/GoTo" else "")
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        kind = str(one.get("/S", "")) if "/S" in one else ""
        seen.add(ACTIONS.get(kind, ""))
        if "/JS" in one:
            seen.add("script")
        if "/EF" in one or str(one.get("/Type", "")) == "/EmbeddedFile":
            seen.add("embedded")
        if str(one.get("/FT", "")) == "/Sig" and "/V" in one:
            found.facts["signed"] = True
    for what in sorted(seen - {""}):
        found.note(Problem("pdf_active", {"what": what}))


def _said(pdf: pikepdf.Pdf, found: Findings) -> None:
    """Title, author, ISBNs and the claim of PDF/A (ISO 19005) of the metadata."""
    info = {name: _text(pdf.docinfo.get(f"/{name}")) for name in ("Title", "Author", "Subject", "Keywords")}
    xmp: dict[str, str] = {}
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            xmp = {str(name): str(value)[:500] for name, value in metadata.items()}
    except Exception:  # metadata of any shape: what cannot be read says nothing
        found.note(Problem("pdf_metadata", {}))
    part = next(
        (value for name, value in xmp.items() if name.endswith("pdfaid:part") or "pdfa/ns/id/}part" in name), ""
    )
    found.facts |= {
        "title": info["Title"],
        "author": info["Author"],
        "isbns": isbns(" ".join([*info.values(), *xmp.values()])),
        "pdfa": part[:3],
    }


def _text(value: Any) -> str:
    return " ".join(str(value).split())[:500] if value is not None else ""


def _signature(path: Path) -> str:
    """ "valid" by a root of LIENTHONG_DEPOSIT_TRUST (a folder of PEM files), "unknown" by another, "invalid"."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    folder = os.environ.get("LIENTHONG_DEPOSIT_TRUST", "")
    read: Any = load_certs_from_pemder
    roots = list(read([str(one) for one in sorted(Path(folder).glob("*.pem"))])) if folder else []
    worst = "valid"
    with path.open("rb") as stream:
        for one in PdfFileReader(stream, strict=False).embedded_signatures:
            try:
                status = validate_pdf_signature(one, ValidationContext(trust_roots=roots, allow_fetching=False))
            except Exception:  # a signature of a kind that is not known here
                worst = "unknown"
                continue
            if not (status.intact and status.valid):
                return "invalid"
            worst = worst if status.trusted else "unknown"
    return worst
