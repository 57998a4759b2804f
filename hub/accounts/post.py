"""Letters: where they go (``LIENTHONG_EMAIL_URL``), and how they are sent without anybody waiting."""

from __future__ import annotations

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from schemas.problem import Trouble

PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT = 20  # seconds for the mail server
log = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def post(folder: Path) -> dict[str, Any]:
    """Django's settings for e-mail: SMTP where ``LIENTHONG_EMAIL_URL`` says so, otherwise files in ``folder``.

    ``smtp://user:password@host:587`` speaks STARTTLS (``?tls=0``: not), ``smtps://…:465`` TLS from the start.
    """
    sender = os.environ.get("LIENTHONG_EMAIL_FROM") or os.environ.get("LIENTHONG_ADMIN_EMAIL", "")
    common = {"DEFAULT_FROM_EMAIL": sender or "lienthong@lienthong.example", "EMAIL_TIMEOUT": TIMEOUT}
    url = os.environ.get("LIENTHONG_EMAIL_URL", "")
    if not url:
        return common | {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder),
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Trouble("email_url", start=url[:7]) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Trouble("email_url", start=url[:7])
    return common | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and "tls=0" not in parts.query,
    }


def send(to: str, subject: str, text: str) -> Future[None]:
    """Send a letter soon: the page that asks for it takes as long for a letter as for none."""
    return _sender.submit(_send, to, subject, text)


def _send(to: str, subject: str, text: str) -> None:
    from django.core.mail import EmailMessage

    try:
        EmailMessage(" ".join(subject.split()), text, to=[to]).send()
    except Exception as error:  # the page was answered long ago
        log.warning("A letter was not sent: %s", error)


def wait() -> None:
    """Come back when every letter that was given up to now is on its way."""
    _sender.submit(lambda: None).result()
