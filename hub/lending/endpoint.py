"""Where libraries' own systems send ISO 18626 messages: ``POST /iso18626``, with a key for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.accounts.access import anyone
from hub.accounts.keys import authenticated
from hub.accounts.roles import Permission
from hub.lending.inbox import receive
from schemas.iso18626_xml import LARGEST

XML = "application/xml; charset=utf-8"


@anyone
@csrf_exempt
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """A message in, its confirmation out. Without a key that lends for a library: 401; a longer one than 1 MiB: 413."""
    reader = authenticated(request)
    if reader is None or not reader.may(Permission.LENDING_ACT):
        response = HttpResponse("A key with the permission lending.act is needed.\n", "text/plain", 401)
        response.headers["WWW-Authenticate"] = 'Bearer realm="lienthong"'
        return response
    length = request.headers.get("Content-Length", "")
    if (int(length) if length.isascii() and length.isdigit() else len(request.body)) > LARGEST:
        return HttpResponse(f"At most {LARGEST} bytes.\n", "text/plain", 413)
    return HttpResponse(receive(request.body, reader, timezone.now()), XML)
