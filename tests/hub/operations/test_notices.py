"""Who is told of what, once: failures, silence, digests; by e-mail and by a signed webhook, tried again when it fails."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from hub.catalog.models import Run, Source
from hub.network.models import Library
from hub.operations import contacts, notices, outbox
from hub.operations.models import Contact, Message
from schemas.problem import Trouble

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def told(store: str, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A source of a library whose last run failed."""
    library = Library.objects.create(code="TV-1", name_vi="Thư viện quận một")
    source = Source.objects.create(name="quan-1", library=library, connector="oai_pmh", schedule="0 2 * * *")
    run(source, "succeeded", days=1)
    return source


def run(source: Source, status: str, *, days: float = 0.0, **more: object) -> Run:
    at = timezone.now() - timedelta(days=days)
    return Run.objects.create(source=source, status=status, started_at=at, finished_at=at, **more)


def contact(**values: object) -> Contact:
    given = {"name": "Lan", "email": "lan@thuvien.example"} | values
    made = contacts.keep(given, by="it@x.vn")
    Contact.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=10))
    made.refresh_from_db()
    return made


def messages(**conditions: object) -> list[Message]:
    return list(Message.objects.filter(**conditions).order_by("pk"))


def test_a_failure_is_told_once_in_the_contacts_language(told: Source) -> None:
    contact()
    contact(name="Ann", email="ann@library.example", language="en")
    run(told, "failed", notes=[{"code": "list_incomplete", "facts": {}}])
    assert notices.gather() == 2
    assert notices.gather() == 0
    vietnamese, english = messages()
    assert vietnamese.subject == "Thu hoạch lỗi: Thư viện quận một"
    assert english.subject == "Harvest failed: Thư viện quận một"
    assert outbox.send() == (2, 0)
    assert outbox.send() == (0, 0)
    assert [letter.to for letter in mail.outbox] == [["lan@thuvien.example"], ["ann@library.example"]]
    assert "/luot/" in mail.outbox[0].body


def test_an_empty_run_is_no_success(told: Source) -> None:
    contact(language="en")
    run(told, "empty", notes=[{"code": "nothing_received", "facts": {}}])
    run(told, "succeeded")
    assert notices.gather() == 1
    [message] = messages()
    assert "no success" in message.body
    assert message.facts["status"] == "empty"


def test_who_is_told_of_what(told: Source) -> None:
    other = Library.objects.create(code="TV-2", name_vi="Thư viện khác")
    elsewhere = Source.objects.create(name="khac", library=other, connector="files")
    mine = contact(library="TV-1")
    theirs = contact(library="TV-2")
    quiet = contact(on_failure=False)
    run(told, "failed")
    run(elsewhere, "failed")
    notices.gather()
    assert [m.facts["source"] for m in messages(contact=mine)] == ["quan-1"]
    assert [m.facts["source"] for m in messages(contact=theirs)] == ["khac"]
    assert messages(contact=quiet) == []


def test_what_was_before_a_contact_is_no_news_to_it(told: Source) -> None:
    run(told, "failed")
    contacts.keep({"name": "Mới", "email": "moi@x.vn"}, by="it@x.vn")
    assert notices.gather() == 0


def test_silence_is_told_once(told: Source) -> None:
    contact(on_failure=False)
    Run.objects.update(finished_at=timezone.now() - timedelta(days=5))
    assert notices.gather() == 1
    assert notices.gather() == 0
    assert "Không có tin" in messages()[0].subject


def test_a_digest_comes_in_the_morning(told: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    contact(on_failure=False, on_silence=False, digest="daily")
    contact(on_failure=False, on_silence=False, digest="weekly", language="en")
    run(told, "failed")
    days = [(datetime(2026, 11, 23, 6), 0), (datetime(2026, 11, 23, 8), 2), (datetime(2026, 11, 23, 20), 0)]
    days += [(datetime(2026, 11, 24, 8), 1)]
    for moment, count in days:
        with monkeypatch.context() as clock:
            clock.setattr(notices.timezone, "localtime", lambda at=moment: at.replace(tzinfo=HANOI))
            assert notices.gather() == count, moment
    daily = messages()[0]
    assert daily.subject == "1 nguồn cần người xem"
    assert "Lỗi: Thư viện quận một (quan-1)" in daily.body


class Receiver:
    """A server that takes webhooks and answers with ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    @contextmanager
    def running(self) -> Iterator[Receiver]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/hook"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def test_a_webhook_is_signed_and_comes_once(told: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver().running() as receiver:
        monkeypatch.setenv("LIENTHONG_PRIVATE_HOSTS", receiver.url.split("/")[2])
        one = contact(email="", webhook=receiver.url)
        failed = run(told, "failed")
        notices.gather()
        assert outbox.send() == (1, 0)
        assert outbox.send() == (0, 0)
    [(headers, body)] = receiver.got
    signed = f"{headers['X-Lienthong-Timestamp']}.".encode() + body
    mac = hmac.new(contacts.key_of(one).encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Lienthong-Signature"] == f"sha256={mac}"
    assert json.loads(body) | {"run": failed.pk, "status": "failed", "source": "quan-1"} == json.loads(body)


def test_what_cannot_be_delivered_is_tried_again_and_at_last_given_up(
    told: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver().running() as receiver:
        receiver.status = 500
        monkeypatch.setenv("LIENTHONG_PRIVATE_HOSTS", "*")
        contact(email="", webhook=receiver.url)
        run(told, "failed")
        notices.gather()
        for _ in range(len(outbox.AGAIN) + 1):
            assert outbox.send() == (0, 1)
            assert outbox.send() == (0, 0), "not at once"
            Message.objects.exclude(due_at=None).update(due_at=timezone.now())
        assert outbox.send() == (0, 0)
    [message] = messages()
    assert (message.due_at, message.sent_at, message.tries) == (None, None, 6)
    assert message.problem


def test_a_private_address_is_refused(told: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIENTHONG_PRIVATE_HOSTS", raising=False)
    contact(email="", webhook="http://127.0.0.1/hook")
    run(told, "failed")
    notices.gather()
    assert outbox.send() == (0, 1)
    assert "127.0.0.1" in messages()[0].problem


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "contact_nameless"),
        ({"email": ""}, "contact_unreachable"),
        ({"email": "lan@"}, "contact_email"),
        ({"email": "a@x.vn\nBcc: b@x.vn"}, "contact_email"),
        ({"webhook": "file:///etc/passwd"}, "http_url"),
        ({"webhook": "http://127.0.0.1:22/"}, "http_url"),
        ({"digest": "hourly"}, "contact_digest"),
        ({"source": "none"}, "source_unknown"),
        ({"library": "none"}, "library_not_there"),
    ],
)
def test_contacts_that_are_wrong(values: dict[str, str], code: str, told: Source) -> None:
    with pytest.raises(Trouble) as refused:
        contact(**values)
    assert refused.value.problem.code == code
    assert Contact.objects.count() == 0
