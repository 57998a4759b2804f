import os
import socket
import threading
import time
import zipfile

import asyncssh
import pytest

from connectors import file_records, sftp_files
from connectors.connector import Job
from connectors.sftp import CONNECTOR, Options, list_files, pages
from connectors.sftp_server import HostKey
from schemas.format import Reading
from tests.connectors.partner import identifiers, until_trouble
from tests.connectors.sftp_site import PASSWORD, key, sftp_site
from tests.connectors.test_files import LINES, deleted

LONG = b"".join(b"%069d\n" % number for number in range(70_000))  # 4.9 MB: several pieces


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("THUVIEN_SFTP_PASSWORD", PASSWORD)


@pytest.fixture(autouse=True)
def no_copies_left(tmp_path_factory, monkeypatch):
    """Temporary files go to a folder that must be empty in the end."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def job(site, checkpoint=None, *, full=False, **options):
    settings = {
        "host": "127.0.0.1",
        "port": site.port,
        "username": "thuvien",
        "password_env": "THUVIEN_SFTP_PASSWORD",
        "host_key": key().get_fingerprint(),
        "allow_private": True,
        "pause": "0.001s",
        "tries": 3,
        "stable_seconds": 0,
    }
    return Job("x", Options(**(settings | options)), LINES, Reading(), checkpoint or {}, full, site.folder)


def harvest(*arguments, **named):
    return list(pages(job(*arguments, **named)))


def trouble(*arguments, **named):
    return until_trouble(pages(job(*arguments, **named)))[1]


def put(folder, age=0, **files):
    for name, content in files.items():
        path = folder / f"{name}.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (time.time() - age,) * 2)


def test_files_of_a_folder_are_read_and_nothing_is_written_there(tmp_path):
    (tmp_path / "xuất").mkdir()
    put(tmp_path / "xuất", a="1\n2\n", b="3\n", **{".hidden": "no\n"})
    (tmp_path / "xuất" / "deep").mkdir()
    with zipfile.ZipFile(tmp_path / "xuất" / "c.zip", "w") as archive:
        archive.writestr("../../x.txt", b"4\n")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    with sftp_site(tmp_path) as site:
        harvested = harvest(site, path="xuất")
        assert identifiers(harvested) == ["1", "2", "3", "4"]
        assert harvested[0].records[1].place == "a.txt, line 2"
        assert harvested[-1].complete
        assert CONNECTOR.check(job(site, path="xuất")) == []
        assert identifiers(harvest(site, path="xuất/*.zip")) == ["4"]
        assert identifiers(harvest(site, path="/xuất/b.txt")) == ["3"]
        assert site.wrote == []
    assert sorted((path.name, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_what_was_fetched_is_not_fetched_again_and_the_same_content_is_not_read_again(tmp_path):
    put(tmp_path, 10, a="1\n", b="2\n")
    with sftp_site(tmp_path) as site:
        last = harvest(site)[-1].checkpoint
        site.reads.clear()
        assert identifiers(harvest(site, last)) == []
        assert site.reads == []
        (tmp_path / "b.txt").rename(tmp_path / "c.txt")
        put(tmp_path, d="1\n", a="1\n5\n")
        again = harvest(site, last)
        assert identifiers(again) == ["1", "5", "1"]
        assert identifiers(harvest(site, again[-1].checkpoint)) == []
        assert identifiers(harvest(site, last, full=True)) == ["1", "5", "2", "1"]


def test_a_full_copy_is_everything_and_deletions_have_names_of_their_own(tmp_path):
    put(tmp_path, 10, a="1\n2\n", b="3\n", xoa="9\n")
    with sftp_site(tmp_path) as site:
        first = harvest(site, content="full", delete_pattern="xoa*")
        assert (identifiers(first), deleted(first), first[-1].everything) == (["9", "1", "2", "3"], ["9"], True)
        (same,) = harvest(site, first[-1].checkpoint, content="full", delete_pattern="xoa*")
        assert same.everything is False
        (tmp_path / "b.txt").unlink()
        rest = harvest(site, same.checkpoint, content="full", delete_pattern="xoa*")
        assert (identifiers(rest), rest[-1].everything) == (["1", "2"], True)


def test_a_cut_fetch_goes_on_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(sftp_files, "PIECE", 200_000)
    put(tmp_path, a=LONG)
    with sftp_site(tmp_path, cuts=[1_000_000, 1_500_000]) as site:
        harvested = harvest(site)
        assert b"".join(raw.body for page in harvested for raw in page.records) == LONG
        assert site.connections == 3
        assert sum(size for _, size in site.reads) < len(LONG) + 3 * 200_000 + 3 * 2**17


def test_a_connection_that_always_breaks_fails_and_the_next_run_starts_well(tmp_path):
    put(tmp_path, a=LONG)
    with sftp_site(tmp_path, cuts=[100_000] * 3) as site:
        assert trouble(site).code == "sftp_failed"
        assert b"".join(raw.body for page in harvest(site) for raw in page.records) == LONG


def test_a_stopped_harvest_goes_on_after_its_last_page(tmp_path, monkeypatch):
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 30_000)
    put(tmp_path, 10, a="first\n", b=LONG)
    with sftp_site(tmp_path) as site:
        running = pages(job(site))
        first = [next(running), next(running)]
        running.close()
        rest = harvest(site, first[-1].checkpoint)
    assert b"".join(raw.body for page in [*first, *rest] for raw in page.records) == b"first\n" + LONG
    assert [len(page.records) for page in rest] == [30_000, 10_000, 0]


# --- whom we talk to ---------------------------------------------------------------------------------------------------


def test_a_server_with_another_key_gets_no_password_and_its_fingerprint_is_said(tmp_path):
    put(tmp_path, a="1\n")
    other = key(name="other").get_fingerprint()
    with sftp_site(tmp_path) as site:
        problem = trouble(site, host_key=other)
        assert problem.code == "sftp_host_key_wrong"
        assert key().get_fingerprint() in problem.sentence("vi")
        assert site.passwords == []


def test_without_a_known_key_a_check_says_the_one_offered_and_needs_no_password(tmp_path, monkeypatch):
    monkeypatch.delenv("THUVIEN_SFTP_PASSWORD")
    with sftp_site(tmp_path) as site:
        (problem,) = CONNECTOR.check(job(site, host_key=""))
        assert problem.code == "sftp_host_key_missing"
        assert key().get_fingerprint() in problem.sentence("en")
        assert site.passwords == []


def test_of_a_server_with_several_keys_the_known_one_is_asked_for(tmp_path):
    put(tmp_path, a="1\n")
    known = key("ecdsa-sha2-nistp256").export_public_key().decode()
    with sftp_site(tmp_path, (key(), key("ecdsa-sha2-nistp256"))) as site:
        assert identifiers(harvest(site, host_key=f"127.0.0.1 {known}")) == ["1"]
        assert identifiers(harvest(site, host_key=key().export_public_key().decode())) == ["1"]
    with sftp_site(tmp_path) as site:
        assert trouble(site, host_key=known).code == "sftp_host_key_wrong"


@pytest.mark.parametrize("text", ["MD5:aa:bb", "SHA256:short", "ssh-ed25519 AAAA", "ssh-rsa"])
def test_a_host_key_that_is_none_is_refused_at_load(text):
    with pytest.raises(ValueError, match="neither a fingerprint"):
        Options(host="x", username="y", host_key=text)
    assert HostKey.read(key().get_fingerprint()).key is None


def test_a_wrong_password_is_said_and_not_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("THUVIEN_SFTP_PASSWORD", "sai")
    with sftp_site(tmp_path) as site:
        problem = trouble(site)
        assert (problem.code, problem.facts["user"]) == ("sftp_denied", "thuvien")
        assert "sai" not in problem.facts.values()
        assert (set(site.passwords), site.connections) == ({"sai"}, 1)


def test_a_password_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("THUVIEN_SFTP_PASSWORD")
    with sftp_site(tmp_path) as site:
        assert trouble(site).facts["name"] == "THUVIEN_SFTP_PASSWORD"
        assert trouble(site, password_env="").code == "sftp_no_login"


def test_a_key_file_logs_in_when_nobody_else_may_read_it(tmp_path, monkeypatch):
    monkeypatch.setenv("THUVIEN_SFTP_PHRASE", "câu mật khẩu")
    put(tmp_path, a="1\n")
    file = tmp_path / ".key"
    file.write_bytes(key(name="user").export_private_key(passphrase="câu mật khẩu"))
    file.chmod(0o600)
    options = {"password_env": "", "key_file": ".key"}
    with sftp_site(tmp_path) as site:
        assert identifiers(harvest(site, **options, passphrase_env="THUVIEN_SFTP_PHRASE")) == ["1"]
        assert trouble(site, **options).code == "sftp_key_file"
        file.chmod(0o640)
        assert trouble(site, **options, passphrase_env="THUVIEN_SFTP_PHRASE").code == "sftp_key_open"
        assert trouble(site, password_env="", key_file="none").code == "sftp_key_file"


def test_a_private_address_needs_to_be_allowed(tmp_path):
    with sftp_site(tmp_path) as site:
        assert trouble(site, allow_private=False).code == "http_private"
        assert site.connections == 0


def test_a_server_that_is_not_there_or_speaks_something_else_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other, sftp_site(tmp_path) as site:
        port = other.getsockname()[1]

        def answer():
            for _ in range(2):
                line, _ = other.accept()
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 200)
                line.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert trouble(site, port=port, tries=2).code == "sftp_failed"
        thread.join(10)
    assert trouble(site, port=port, tries=2).code == "http_unreachable"


def test_a_server_that_says_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("connectors.sftp_server.LOGIN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, sftp_site(tmp_path) as site:
        assert trouble(site, port=silent.getsockname()[1], tries=2).code == "sftp_timeout"


# --- files that are not as they should be ------------------------------------------------------------------------------


def test_a_file_that_grows_between_two_looks_waits_and_one_at_rest_is_read(tmp_path):
    ahead = -1000  # the clock of the server goes before ours: both files seem to be of this moment
    put(tmp_path, ahead, a="1\n", b="2\n")

    def grow(listing):
        put(tmp_path, ahead, a="1\n" * (listing + 1))

    with sftp_site(tmp_path, listed=grow) as site:
        harvested = harvest(site, stable_seconds=0.05)
        assert identifiers(harvested) == ["2"]
        assert [note.code for page in harvested for note in page.notes] == ["file_growing"]
        (page,) = harvest(site, content="full", stable_seconds=0.05)
        assert (page.records, [note.code for note in page.notes]) == ([], ["file_growing", "full_waits"])


def test_a_file_left_alone_long_enough_is_read_at_the_first_look(tmp_path):
    put(tmp_path, 100, a="1\n")
    with sftp_site(tmp_path) as site:
        assert identifiers(harvest(site, stable_seconds=None)) == ["1"]
        assert site.listings == 1


def test_a_file_that_changes_while_it_is_fetched_is_said_and_the_others_are_read(tmp_path):
    put(tmp_path, a="1\n", b="2\n")

    with sftp_site(tmp_path) as site:
        options = job(site).options
        with options.server(tmp_path) as server:
            listing = list_files(options, server)
            put(tmp_path, a="1\n1\n")
            (tmp_path / "b.txt").unlink()
            codes = [until_trouble(_content(entry))[1].code for entry in listing.entries]
    assert codes == ["file_changed", "file_changed"]


def _content(entry):
    with entry.content({}) as content:
        yield content


def test_empty_and_unmarked_files_wait(tmp_path):
    put(tmp_path, a="", b="2\n", c="3\n")
    (tmp_path / "c.txt.done").touch()
    with sftp_site(tmp_path) as site:
        notes = [note.code for page in harvest(site) for note in page.notes]
        assert notes == ["file_empty", "file_empty"]
        marked = harvest(site, stable_seconds=None, done_marker=".done")
        assert identifiers(marked) == ["3"]


def test_unsafe_names_and_links_out_of_the_folder_are_not_read(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    put(tmp_path, secret="secret\n")
    put(folder, a="1\n")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "within.txt").symlink_to("a.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    with sftp_site(tmp_path, names=[b"../secret.txt", b"/secret.txt"]) as site:
        harvested = harvest(site, path="in")
        assert identifiers(harvested) == ["1"]
        codes = sorted(note.code for page in harvested for note in page.notes)
        assert codes == ["file_name_refused", "file_name_refused", "file_outside"]


def test_a_name_that_is_not_utf_8_is_fetched_and_can_be_stored(tmp_path):
    (tmp_path / os.fsdecode(b"s\xe1ch.txt")).write_bytes(b"1\n")
    with sftp_site(tmp_path) as site:
        harvested = harvest(site)
    assert identifiers(harvested) == ["1"]
    assert list(harvested[-1].checkpoint["files"]) == ["s\\xe1ch.txt"]


def test_a_file_beyond_the_limit_is_not_fetched(tmp_path):
    put(tmp_path, a="1\n" * 1000, b="2\n")
    with sftp_site(tmp_path) as site:
        seen, problem = until_trouble(pages(job(site, max_bytes=1000)))
        assert (identifiers(seen), problem.code) == (["2"], "file_too_large")


def test_a_missing_or_empty_folder_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    with sftp_site(tmp_path) as site:
        assert trouble(site, path="none").code == "file_missing"
        assert trouble(site, path="empty").code == "file_missing"
        assert [problem.code for problem in CONNECTOR.check(job(site, path="empty"))] == ["file_missing"]


def test_a_server_that_stalls_is_left_at_the_deadline(tmp_path, monkeypatch):
    put(tmp_path, a=LONG)
    with sftp_site(tmp_path) as site:
        monkeypatch.setattr("tests.connectors.sftp_site._Files.read", lambda *_: _never())
        assert trouble(site, deadline="0.5s").code == "sftp_deadline"


async def _never():
    import asyncio

    await asyncio.sleep(20)
    raise asyncssh.SFTPFailure("late")
