"""Resumable uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, checksum, termination.

For people under ``/cua-toi/CODE/luu-chieu/tep`` with a session, for programs under ``/deposit/CODE/files`` with a key
that has ``deposit.declare``. ``Upload-Metadata`` has ``filename``, and may have ``sha256`` (hexadecimal, of the
whole) and ``publication`` (its number). ``GET`` of an upload says, as JSON, what became of it.
"""

from __future__ import annotations

import base64
import binascii
from errno import ENOSPC
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from hub.accounts.access import anyone, needs, reader_of
from hub.accounts.keys import authenticated
from hub.accounts.pages import language
from hub.accounts.rights import Reader
from hub.accounts.roles import Permission
from hub.deposit import arriving
from hub.deposit.models import Delivery, Publication
from hub.network.models import Library
from hub.network.own_pages import private
from schemas.problem import Problem, Trouble

VERSION = "1.0.0"
CONTENT = "application/offset+octet-stream"
STATUS = {"arriving_offset": 409, "arriving_busy": 423, "arriving_piece": 460, "arriving_longer": 413}
STATUS |= {"arriving_size": 413, "arriving_disk": 507, "arriving_many": 429, "arriving_done": 410}
LONGEST = 4096  # of Upload-Metadata
ABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,checksum,termination",
    "Tus-Checksum-Algorithm": ",".join(arriving.ALGORITHMS),
}


def _by_key(view: Any) -> Any:
    """The same for programs: who they are their key says."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, **named: Any) -> HttpResponse:
        reader = authenticated(request)
        if reader is None or not reader.may(Permission.DEPOSIT_DECLARE, code):
            response = HttpResponse("A key with the permission deposit.declare is needed.\n", "text/plain", 401)
            response.headers["WWW-Authenticate"] = 'Bearer realm="lienthong"'
            return response
        return private(view(request, code, reader=reader, door="api", **named))

    return guarded


def _by_session(view: Any) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, code: str, **named: Any) -> HttpResponse:
        return private(view(request, code, reader=reader_of(request), door="page", **named))

    return guarded


def _files(request: HttpRequest, code: str, *, reader: Reader, door: str) -> HttpResponse:
    """Announce a file: 201 with its address."""
    if request.method == "OPTIONS":
        return _answer(204, ABILITIES | {"Tus-Max-Size": str(arriving.largest())})
    if request.method != "POST":
        return _answer(405)
    length, said = request.headers.get("Upload-Length", ""), _metadata(request.headers.get("Upload-Metadata", ""))
    if not (length.isascii() and length.isdigit() and len(length) < 16) or said is None:
        return _answer(400)
    try:
        publication = _publication(code, said.get("publication", ""))
        library = Library.objects.get(pk=code)
        delivery = arriving.begin(
            library, publication, said.get("filename", ""), int(length), said.get("sha256", ""), door,
            by=reader.signature,
        )  # fmt: skip
    except Library.DoesNotExist:
        raise Http404 from None
    except Trouble as trouble:
        return _refused(trouble)
    name = "deposit-api-upload" if door == "api" else "deposit-upload"
    here = {"Location": reverse(name, args=[code, delivery.token]), "Upload-Offset": str(arriving.offset_of(delivery))}
    return _answer(201, here)


def _file(request: HttpRequest, code: str, token: str, *, reader: Reader, door: str) -> HttpResponse:
    """One upload: where it stands (HEAD), its next bytes (PATCH), giving it up (DELETE), what became of it (GET)."""
    delivery = Delivery.objects.filter(library=code, token=token).select_related("library", "publication").first()
    if delivery is None:
        return _answer(404)
    arriving.recover([delivery])
    try:
        method = request.headers.get("X-HTTP-Method-Override", "") if request.method == "POST" else request.method
        if method == "HEAD":
            gone = delivery.state == Delivery.State.DROPPED
            offset = {"Upload-Offset": str(arriving.offset_of(delivery)), "Upload-Length": str(delivery.size)}
            return _answer(410) if gone else _answer(200, offset)
        if method == "PATCH":
            return _patch(request, delivery)
        if method == "DELETE":
            arriving.drop(delivery, by=reader.signature)
            return _answer(204)
    except Trouble as trouble:
        return _refused(trouble)
    except OSError as error:  # the line broke, or the disk is full: what came whole is kept
        return _answer(507 if error.errno == ENOSPC else 400)
    return JsonResponse(status_of(delivery)) if method == "GET" else _answer(405)


def _patch(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if request.headers.get("Content-Type", "") != CONTENT:
        return _answer(415)
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return _answer(400)
    checksum = _checksum(request.headers.get("Upload-Checksum", ""))
    if checksum is None:
        return _answer(400)
    arriving.append(delivery, int(offset), request, checksum)
    return _answer(204, {"Upload-Offset": str(delivery.offset)})


def _checksum(text: str) -> tuple[str, str] | None:
    """(algorithm, hexadecimal) of Upload-Checksum; ("", "") for none, None for what cannot be one."""
    if not text:
        return "", ""
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True).hex()
    except binascii.Error:
        return None
    return (algorithm, digest) if algorithm in arriving.ALGORITHMS else None


def _metadata(text: str) -> dict[str, str] | None:
    """Upload-Metadata: names with values in Base64; None for what cannot be read."""
    if len(text) > LONGEST:
        return None
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def _publication(code: str, number: str) -> Publication | None:
    """The publication that a file is for; none where the sender leaves that to its ISBN."""
    if not number:
        return None
    known = number.isascii() and number.isdigit() and len(number) < 16
    found = Publication.objects.filter(publisher=code, pk=int(number)).first() if known else None
    if found is None:
        raise Trouble("keep_publication", number=number[:20])
    return found


def status_of(delivery: Delivery) -> dict[str, Any]:
    """What became of a file, with its reasons in both languages."""
    rows = [(Problem(row["code"], row["facts"]), row["grave"]) for row in delivery.report.get("problems", ())]
    shown = language()
    return {
        "token": delivery.token,
        "name": delivery.name,
        "state": delivery.state,
        "offset": arriving.offset_of(delivery),
        "size": delivery.size,
        "sha256": delivery.sha256,
        "format": delivery.format,
        "version": delivery.version,
        "publication": delivery.publication_id,
        "problems": [{"code": one.code, "grave": grave, "text": one.sentence(shown)} for one, grave in rows],
    }


def _answer(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(status=status)
    for name, value in {"Tus-Resumable": VERSION, **(headers or {})}.items():
        response.headers[name] = value
    return response


def _refused(trouble: Trouble) -> HttpResponse:
    status = STATUS.get(trouble.problem.code, 400)
    text = trouble.problem.sentence(language())
    response = HttpResponse(text + "\n", "text/plain; charset=utf-8", status)
    response.headers["Tus-Resumable"] = VERSION
    return response


files = needs(Permission.DEPOSIT_DECLARE, library="code")(_by_session(_files))
file = needs(Permission.DEPOSIT_DECLARE, library="code")(_by_session(_file))
api_files = anyone(csrf_exempt(_by_key(_files)))
api_file = anyone(csrf_exempt(_by_key(_file)))
