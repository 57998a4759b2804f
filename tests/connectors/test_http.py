import gzip
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.address import is_public, resolve, split_url
from connectors.errand import errand
from connectors.http import Client
from connectors.http_session import contact_of_this_hub
from connectors.retry_after import retry_after
from connectors.server import ServerOptions
from schemas.problem import Trouble
from tests.connectors.partner import Reply, serving

GZIP = {"Content-Encoding": "gzip"}


def client(**settings):
    return Client(**({"allow_private": True, "pause": 0.001, "tries": 3} | settings))


def fault(call, *arguments):
    with pytest.raises(Trouble) as caught:
        call(*arguments)
    return caught.value.problem


def test_an_answer_comes_whole_with_its_query_and_our_name():
    with serving(lambda _: Reply(gzip.compress(b"xin ch\xc3\xa0o" * 1000), headers=GZIP)) as server:
        answer = client(contact="it@thuvien.example").get(server.url, {"token": "a+b/c=|&% é"})
    assert (answer.status, answer.body) == (200, b"xin ch\xc3\xa0o" * 1000)
    assert server.asked == [{"token": "a+b/c=|&% é"}]
    assert server.headers[0]["User-Agent"] == "Lienthong/0.1 (+it@thuvien.example)"
    assert server.headers[0]["Accept-Encoding"] == "gzip"


def test_two_gzip_members_are_one_body():
    with serving(lambda _: Reply(gzip.compress(b"a") + gzip.compress(b"b"), headers=GZIP)) as server:
        assert client().get(server.url).body == b"ab"


@pytest.mark.parametrize("announced", [True, False])
def test_a_cut_gzip_stream_is_no_answer(announced):
    packed = gzip.compress(bytes(range(256)) * 400)
    body = packed[: len(packed) // 2]
    with serving(lambda _: Reply(body, headers=GZIP, length=announced)) as server:
        assert fault(client().get, server.url).code == "http_cut"
    assert [h["Accept-Encoding"] for h in server.headers] == ["gzip", "identity", "identity"]


def test_a_body_shorter_than_announced_is_asked_for_again():
    replies = [Reply(b"x" * 1000, cut=500), Reply(b"x" * 1000)]
    with serving(lambda _: replies.pop(0)) as server:
        assert client().get(server.url).body == b"x" * 1000


def test_limits_of_size_hold_packed_and_unpacked():
    with serving(lambda _: Reply(b"x" * 200_001)) as server:
        assert fault(client(max_bytes=200_000).get, server.url).code == "http_too_long"
    with serving(lambda _: Reply(gzip.compress(bytes(range(256)) * 1000), headers=GZIP)) as server:
        assert fault(client(max_bytes=200_000).get, server.url).code == "http_too_long"


def test_a_gzip_bomb_is_refused():
    with serving(lambda _: Reply(gzip.compress(b"\0" * 20_000_000), headers=GZIP)) as server:
        assert fault(client().get, server.url).code == "http_bomb"
    assert len(server.asked) == 1


def test_a_dripping_body_ends_at_the_deadline():
    done = threading.Event()
    with serving(lambda _: Reply(b"x" * 10, cut=5, drip=done)) as server:
        assert fault(client(deadline_seconds=0.2).get, server.url).code == "http_deadline"
        done.set()


NOW = ["0", format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True), "Sun Nov  6 08:49:37 1994"]


@pytest.mark.parametrize("header", [*NOW, "0.02"])
def test_a_busy_server_is_asked_again(header):
    replies = [Reply(status=503, headers={"Retry-After": header}), Reply(b"now")]
    with serving(lambda _: replies.pop(0)) as server:
        assert client().get(server.url).body == b"now"


@pytest.mark.parametrize("header", NOW)
def test_a_server_that_says_to_come_back_at_once_is_asked_so_often_and_no_more(header):
    with serving(lambda _: Reply(status=503, headers={"Retry-After": header})) as server:
        assert fault(client(pause=0).get, server.url).code == "http_failing"
    assert len(server.asked) == 3


def test_a_server_that_is_busy_again_and_again_is_left_alone_for_longer_each_time():
    with serving(lambda _: Reply(status=503, headers={"Retry-After": "0.001"})) as server:
        assert fault(client(pause=0.01, max_wait=timedelta(seconds=0.3)).get, server.url).code == "http_busy"
    assert len(server.asked) == 5  # 0.01 + 0.02 + 0.04 + 0.08 seconds, and 0.16 would be too many


def test_what_a_run_waits_counts_over_all_its_requests_and_clients():
    replies = [Reply(status=503, headers={"Retry-After": "0.1"}), Reply(b"now")] * 9
    patience = {"max_wait": timedelta(seconds=0.25)}
    with serving(lambda _: replies.pop(0)) as server:
        with errand(ServerOptions()) as spent:
            assert client(**patience).get(server.url).body == b"now"
            assert client(**patience).get(server.url).body == b"now"
            assert fault(client(**patience).get, server.url).code == "http_busy"
            assert spent.waited == pytest.approx(0.2)
        assert client(**patience).get(server.url).body == b"now"


def test_a_run_ends_at_its_limit():
    with serving(lambda _: b"here") as server, errand(ServerOptions(run_limit="1s")) as spent:
        asking = client()
        asking.get(server.url)
        spent.started -= 1
        assert fault(asking.get, server.url).code == "run_limit"
    assert len(server.asked) == 1


@pytest.mark.parametrize("header", ["86400", format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)])
def test_a_server_busy_for_long_is_left_and_says_until_when(header):
    with serving(lambda _: Reply(status=429, headers={"Retry-After": header})) as server:
        problem = fault(client(max_wait=timedelta(minutes=15)).get, server.url)
    assert problem.code == "http_busy"
    until = datetime.fromisoformat(problem.facts["until"])
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24, seconds=1)
    assert len(server.asked) == 1


def test_retry_after_that_says_nothing():
    assert retry_after({}) is None
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after({"Retry-After": "-1"}) is None
    assert retry_after({"Retry-After": "120"}) == 120
    assert retry_after({"Retry-After": "1.5"}) == 1.5
    dates = {"Date": "Sun, 01 Mar 2026 10:00:00 GMT", "Retry-After": "Sun, 01 Mar 2026 10:01:00 GMT"}
    assert retry_after(dates) == 60
    for form in ("Sunday, 01-Mar-26 10:01:00 GMT", "Sun Mar  1 10:01:00 2026"):
        assert retry_after(dates | {"Retry-After": form}) == 60


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 522, 524])
def test_a_failing_server_is_tried_so_often_and_no_more(status):
    with serving(lambda _: Reply(status=status)) as server:
        assert fault(client().get, server.url).facts["status"] == str(status)
        assert fault(client().get, server.url, None, None, 1).code == "http_failing"
    assert len(server.asked) == 4


def test_other_statuses_are_answers():
    with serving(lambda _: Reply(b"gone", status=404)) as server:
        assert client().get(server.url).status == 404


def test_a_redirect_keeps_the_query_and_ends_after_three():
    replies = [Reply(status=302, headers={"Location": "/there"}), Reply(b"here")]
    with serving(lambda _: replies.pop(0)) as server:
        answer = client().get(server.url, {"verb": "Identify"})
    assert answer.body == b"here"
    assert answer.url.endswith("/there?verb=Identify")
    with serving(lambda _: Reply(status=302, headers={"Location": "/again"})) as server:
        assert fault(client().get, server.url).code == "http_redirects"
    assert len(server.asked) == 4


@pytest.mark.parametrize("named", [(), ("elsewhere.example",), ("localhost:1",)])
def test_a_redirect_to_a_host_that_nobody_named_is_not_followed(named):
    with serving(lambda _: Reply(status=301, headers={"Location": "http://opac.example/oai"})) as server:
        problem = fault(client(redirect_hosts=named).get, server.url)
    assert (problem.code, problem.facts["host"]) == ("http_redirect", "opac.example")
    assert len(server.asked) == 1


@pytest.mark.parametrize("named", [None, ["OPAC.example"], ["opac.example:443"]])
def test_a_redirect_to_a_host_that_was_named_is_judged_and_followed(monkeypatch, named):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.168.1.1", 443))])
    asking = client(redirect_hosts=named, tries=1)
    asking._first = ("partner.example", 443)
    target = asking._redirected("https://partner.example/oai", "https://opac.example/oai", "verb=Identify")
    assert target == "https://opac.example/oai?verb=Identify"
    asking._origin = ("opac.example", 443)
    assert fault(asking.open_line).code == "http_private"


def test_a_redirect_from_https_to_http_is_not_followed():
    asking = client()
    asking._first = ("partner.example", 443)
    problem = fault(asking._redirected, "https://partner.example/oai", "http://partner.example/oai", "")
    assert problem.code == "http_redirect_plain"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_server_that_moved_for_good_is_noted(status):
    replies = [Reply(status=status, headers={"Location": "/there?x=1"}), Reply(b"here")]
    with errand(ServerOptions()) as spent, serving(lambda _: replies.pop(0)) as server:
        assert client().get(server.url, {"verb": "Identify"}).body == b"here"
    moved = [(note.code, note.facts["target"].endswith("/there")) for note in spent.notes]
    assert moved == ([("http_moved", True)] if status in (301, 308) else [])


@pytest.mark.parametrize("port", [81, 5432, 8081])
def test_a_port_that_is_none_of_the_web_needs_leave(monkeypatch, port):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("9.9.9.9", port))])
    monkeypatch.setattr("connectors.http.connect", lambda *_: pytest.fail("connected"))
    problem = fault(client(allow_private=False, tries=1).get, f"http://opac.example:{port}/oai")
    assert (problem.code, problem.facts["port"]) == ("http_port", str(port))


FORBIDDEN = [
    "http://127.0.0.1:5432/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://localhost./",
    "http://169.254.169.254/latest/",
    "http://10.0.0.1/",
    "http://0.0.0.0/",
    "http://127.0.0.1#@ok/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "http://ok@127.0.0.1/",
    "http://127.0.0.1\\@ok/",
    "http://①②⑦.⓪.⓪.①/",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "http://",
    "http://127.0.0.1:99999/",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_addresses_that_are_not_public_are_never_connected_to(url):
    assert fault(client(allow_private=False, tries=1).get, url).code in {"http_private", "http_url", "http_no_host"}


@pytest.mark.parametrize("named", [(), None])
@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_redirect_to_them_is_refused_even_from_an_allowed_server(url, named):
    with serving(lambda _: Reply(status=302, headers={"Location": url.encode().decode("latin-1")})) as server:
        found = fault(client(tries=1, redirect_hosts=named).get, server.url).code
    allowed = {"http_private", "http_url", "http_no_host", "http_redirects"}
    assert found in allowed | ({"http_redirect"} if named == () else set())
    assert url != "http://127.0.0.1:5432/" or len(server.asked) == 1


def test_one_private_server_does_not_open_another():
    with serving(lambda _: b"secret") as secret:
        to = Reply(status=302, headers={"Location": secret.url})
        with serving(lambda _: to) as server:
            assert fault(client().get, server.url).code in {"http_private", "http_url"}
        assert secret.asked == []


def test_a_name_is_refused_when_one_of_its_addresses_is_private(monkeypatch):
    answers = [(2, 1, 6, "", ("9.9.9.9", 80)), (2, 1, 6, "", ("192.168.1.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answers)
    assert fault(resolve, ("opac.example", 80), False).facts["address"] == "192.168.1.1"


def test_public_addresses():
    assert is_public("9.9.9.9")
    assert is_public("2620:fe::9")
    assert not any(map(is_public, ["224.0.0.1", "fe80::1%eth0", "2002:7f00:1::", "100.64.0.1", "fc00::1"]))
    assert not any(map(is_public, ["fec0::1", "feff::1", "3fff::1", "192.88.99.1", "64:ff9b:1::7f00:1", "5f00::1"]))


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    with serving(lambda _: b"pinned") as server:
        port = split_url(server.url)[1][1]
        real, asked = socket.getaddrinfo, []

        def rebinding(host, *arguments, **named):
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", *arguments, **named)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        answer = client().get(f"http://opac.example:{port}/")
    assert (answer.body, asked, server.headers[0]["Host"]) == (b"pinned", ["opac.example"], f"opac.example:{port}")


@pytest.fixture
def certificate(tmp_path):
    """A file with the key and the self-signed certificate of ``opac.example``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "opac.example")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("opac.example")]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(key.private_bytes(*form) + signed)
    (tmp_path / "ca.pem").write_bytes(signed)
    return tmp_path


def test_tls_is_verified_by_name_and_authority(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
    ca_file = str(certificate / "ca.pem")
    with serving(lambda _: b"sealed", tls=context) as server:
        port = split_url(server.url)[1][1]
        assert client(ca_file=ca_file).get(f"https://opac.example:{port}/").body == b"sealed"
        assert fault(client(ca_file=ca_file).get, f"https://other.example:{port}/").code == "http_tls"
        assert fault(client().get, f"https://opac.example:{port}/").code == "http_tls"


def test_a_certificate_that_does_not_hold_is_put_up_with_until_a_day(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    real, today = socket.getaddrinfo, datetime.now(UTC).date()
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
    with serving(lambda _: b"sealed", tls=context) as server:
        url = f"https://other.example:{split_url(server.url)[1][1]}/"
        with errand(ServerOptions()) as spent:
            asking = client(tls_waiver_until=today)
            assert [asking.get(url).body for _ in range(2)] == [b"sealed"] * 2
        assert [(note.code, note.facts["until"]) for note in spent.notes] == [("http_tls_waived", str(today))]
        over = fault(client(tls_waiver_until=today - timedelta(days=1)).get, url)
    assert over.code == "http_tls_waiver_over"
    assert len(server.asked) == 2


def test_a_certificate_that_holds_needs_no_waiver(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    real, today = socket.getaddrinfo, datetime.now(UTC).date()
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
    with serving(lambda _: b"sealed", tls=context) as server, errand(ServerOptions()) as spent:
        asking = client(ca_file=str(certificate / "ca.pem"), tls_waiver_until=today)
        assert asking.get(f"https://opac.example:{split_url(server.url)[1][1]}/").body == b"sealed"
    assert spent.notes == []


@pytest.mark.parametrize(
    ("contact", "admin", "expected"),
    [("it@a.example", "an@b.example", "it@a.example"), ("", "an@b.example", "an@b.example"), ("", "", "")],
)
def test_a_partner_can_reach_who_asks(monkeypatch, contact, admin, expected):
    monkeypatch.setenv("LIENTHONG_CONTACT", contact)
    monkeypatch.setenv("LIENTHONG_ADMIN_EMAIL", admin)
    assert contact_of_this_hub() == expected
