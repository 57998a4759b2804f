"""What a browser may do with our pages: show them, run our own scripts, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DEVICES = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
YEAR = 365 * 24 * 3600
# the signs that turn the direction of writing (https://unicode.org/reports/tr36/#Bidirectional_Text_Spoofing), in UTF-8
TURNING = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
SHOWN = "\ufffd".encode()


def content_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a Content-Security-Policy (https://www.w3.org/TR/CSP3/) without inline scripts or styles.

    Where the portal's public address is https, browsers are told to come by https only.
    """

    def guard(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", DEVICES)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if settings.HTTPS:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        return response

    return guard


def keep_direction(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no name, note or record turns the writing of the page around it; what would do so is shown as "�"."""

    def straighten(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            content, turned = TURNING.subn(SHOWN, response.content)
            if turned:
                response.content = content
                if response.has_header("Content-Length"):
                    response.headers["Content-Length"] = str(len(content))
        return response

    return straighten
