"""What a browser may do with our pages: show them, run our own scripts, and nothing else."""

from __future__ import annotations

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
