"""The outbox: messages by e-mail and webhook, each sent once, tried again a few times when it cannot be sent.

A message is put aside for a while before it is sent, so that two workers do not send it both; it keeps its number on
the way (Message-ID, ``X-Lienthong-Delivery``), so that a receiver knows one that a crash lets come twice. A webhook is
a POST of JSON signed by HMAC-SHA256 over the time and the body, through :mod:`connectors.http` and its address policy.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from connectors import private
from connectors.http import Client
from hub.catalog import bulk
from hub.home import language
from hub.operations import contacts
from hub.operations.models import Message
from schemas.problem import Trouble

AT_ONCE = 100
AGAIN = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 480))  # after each failure; then it is given up
LEASE = timedelta(minutes=5)
DEADLINE = 20.0  # seconds for one webhook
MOST_BYTES = 2**16  # of an answer, which nobody reads
NO_WAIT = timedelta()  # a busy receiver is tried again by the outbox
KEPT = timedelta(days=180)


def send() -> tuple[int, int]:
    """Send what is due; (how many were sent, how many could not be)."""
    sent = failed = 0
    for number in _due():
        message = _claim(number)
        if message is None:
            continue
        if _try(message):
            sent += 1
        else:
            failed += 1
    Message.objects.filter(due_at=None, created_at__lt=timezone.now() - KEPT).delete()
    return sent, failed


def _due() -> list[int]:
    due = Message.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:AT_ONCE])


def _claim(number: int) -> Message | None:
    """The message, put aside for a while; ``None`` where another worker was faster."""
    now = timezone.now()
    with bulk.writing():
        if not Message.objects.filter(pk=number, due_at__lte=now).update(due_at=now + LEASE):
            return None
    return Message.objects.select_related("contact").filter(pk=number).first()


def _try(message: Message) -> bool:
    problem = ""
    try:
        (_mail if message.way == "email" else _call)(message)
    except Trouble as trouble:
        problem = trouble.problem.sentence(language())
    except (OSError, smtplib.SMTPException, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    now = timezone.now()
    message.tries += 1
    if not problem:
        message.sent_at, message.due_at, message.problem = now, None, ""
    else:
        message.problem = problem[:500]
        message.due_at = now + AGAIN[message.tries - 1] if message.tries <= len(AGAIN) else None
    message.save(update_fields=["tries", "sent_at", "due_at", "problem"])
    return not problem


def _mail(message: Message) -> None:
    host = urlsplit(settings.BASE_URL).hostname or "lienthong"
    subject = " ".join(message.subject.split())
    headers = {"Message-ID": f"<lienthong-{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(f"[Liên thông] {subject}", message.body, to=[message.contact.email], headers=headers).send()


def _call(message: Message) -> None:
    contact = message.contact
    told = {"id": message.pk, "kind": message.kind, "at": message.created_at.isoformat(), "subject": message.subject}
    body = json.dumps({**told, "text": message.body, **message.facts}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Lienthong-Delivery": str(message.pk),
        **signed(contacts.key_of(contact), body, int(time.time())),
    }
    allow = private.allows_url(contact.webhook)
    with Client(
        allow_private=allow, max_bytes=MOST_BYTES, deadline_seconds=DEADLINE, max_wait=NO_WAIT, tries=1
    ) as client:
        answer = client.deliver(contact.webhook, body, headers)
    if not 200 <= answer.status < 300:
        raise Trouble("http_status", url=contact.webhook, status=answer.status)


def signed(key: str, body: bytes, at: int) -> dict[str, str]:
    """The headers that prove who sent a body, and when: HMAC-SHA256 over ``<time>.<body>``."""
    mac = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Lienthong-Timestamp": str(at), "X-Lienthong-Signature": f"sha256={mac}"}
