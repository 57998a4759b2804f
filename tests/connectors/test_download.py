import gzip
import io
import os
import tarfile
import zipfile
from datetime import timedelta

import pytest

from connectors import file_records, http_download
from connectors.connector import Job
from connectors.download import CONNECTOR, Options, file_name, pages
from connectors.http import Client
from connectors.http_download import download
from schemas.format import Reading
from schemas.problem import Trouble
from tests.connectors.dumps import dumps
from tests.connectors.partner import Reply, identifiers, serving, until_trouble
from tests.connectors.test_files import LINES, deleted

LONG = b"".join(b"%06d\n" % number for number in range(40_000))


def job(urls, checkpoint=None, *, full=False, **options):
    settings = {"allow_private": True, "pause": "0.001s", "tries": 3} | options
    return Job("x", Options(urls=urls, **settings), LINES, Reading(), checkpoint or {}, full)


def harvest(*arguments, **named):
    return list(pages(job(*arguments, **named)))


def fault(call):
    with pytest.raises(Trouble) as caught:
        list(call())
    return caught.value.problem


def client(**settings):
    return Client(**({"allow_private": True, "pause": 0.001, "tries": 3} | settings))


@pytest.fixture
def no_copies_left(tmp_path, monkeypatch):
    """Temporary files go to a folder that must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def packed_zip(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in members:
            archive.writestr(name, body)
    return stream.getvalue()


def packed_tar(*members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return stream.getvalue()


def test_plain_and_packed_dumps_are_read_and_places_name_their_address(no_copies_left):
    with dumps() as site:
        site.files = {
            "a.txt": b"1\n",
            "b.txt.gz": gzip.compress(b"2\n"),
            "c.zip": packed_zip(("../../x.txt", b"3\n")),
            "d.tar.gz": packed_tar(("/abs.txt", b"4\n")),
            "dump": gzip.compress(b"5\n"),
        }
        harvested = harvest([site.at(name) for name in site.files])
        assert identifiers(harvested) == ["1", "2", "3", "4", "5"]
        assert harvested[0].records[0].place == f"{site.at('a.txt')}, line 1"
    assert harvested[-1].complete
    assert not harvested[-1].everything


def test_what_has_not_changed_is_not_sent_again(no_copies_left):
    with dumps(files={"a.txt": b"1\n", "b.txt": b"2\n"}) as site:
        urls = [site.at("a.txt"), site.at("b.txt")]
        last = harvest(urls)[-1].checkpoint
        site.files["b.txt"] = b"3\n"
        again = harvest(urls, last)
        assert (identifiers(again), site.answered) == (["3"], [200, 200, 304, 200])
        assert identifiers(harvest(urls, again[-1].checkpoint, full=True)) == ["1", "3"]


def test_the_same_content_without_a_tag_is_not_read_again():
    with dumps(files={"a.txt": b"1\n"}, tags=False) as site:
        last = harvest([site.at("a.txt")])[-1].checkpoint
        assert identifiers(harvest([site.at("a.txt")], last)) == []
        assert site.answered == [200, 200]


def test_a_full_copy_of_several_dumps_is_read_whole_when_one_has_changed(no_copies_left):
    with dumps(files={"a.txt": b"1\n", "b.txt": b"2\n"}) as site:
        urls = [site.at("a.txt"), site.at("b.txt")]
        first = harvest(urls, content="full")
        (same,) = harvest(urls, first[-1].checkpoint, content="full")
        assert (first[-1].everything, same.everything) == (True, False)
        site.files["b.txt"] = b"3\n"
        changed = harvest(urls, same.checkpoint, content="full")
        assert (identifiers(changed), changed[-1].everything) == (["1", "3"], True)
        assert site.answered == [200, 200, 304, 304, 304, 200, 200]


def test_an_address_may_name_deletions():
    with dumps(files={"moi.txt": b"1\n2\n", "xoa.txt": b"2\n"}) as site:
        harvested = harvest([site.at("moi.txt"), site.at("xoa.txt")], delete_pattern="xoa*")
        assert (identifiers(harvested), deleted(harvested)) == (["1", "2", "2"], ["2"])


def test_a_cut_download_goes_on_where_it_ended(tmp_path):
    with dumps(files={"a.txt": LONG}, cuts=[100_000, 50_000]) as site, client() as web:
        found = download(web, site.at("a.txt"), tmp_path / "a", {})
        asked = [headers.get("Range", "") for _, headers in site.asked]
    assert (tmp_path / "a").read_bytes() == LONG
    assert found.bytes == len(LONG)
    assert asked == ["", "bytes=100000-", "bytes=150000-"]
    assert site.answered == [200, 206, 206]


@pytest.mark.parametrize("settings", [{"ranges": False}, {"tags": False}])
def test_without_parts_or_tags_a_cut_download_begins_again(tmp_path, settings):
    with dumps(files={"a.txt": LONG}, cuts=[100_000], **settings) as site, client() as web:
        download(web, site.at("a.txt"), tmp_path / "a", {})
    assert (tmp_path / "a").read_bytes() == LONG
    assert site.answered == [200, 200]


def test_a_file_that_changes_between_two_tries_is_not_patched_together(tmp_path):
    with dumps(files={"a.txt": LONG}, cuts=[100_000]) as site, client() as web:
        web.rest = lambda _: site.files.update({"a.txt": LONG[::-1]})
        download(web, site.at("a.txt"), tmp_path / "a", {})
    assert (tmp_path / "a").read_bytes() == LONG[::-1]


def test_a_server_that_gives_a_part_of_another_version_is_not_believed(tmp_path):
    """One that ignores If-Range and gives the rest of a file that has changed."""
    answers = [
        Reply(b"old old", headers={"ETag": '"1"'}, cut=3),
        Reply(b"new", 206, {"ETag": '"2"', "Content-Range": "bytes 4-6/7"}),
        Reply(b"new new", headers={"ETag": '"2"'}),
    ]
    with serving(lambda _: answers.pop(0)) as server, client() as web:
        download(web, server.url, tmp_path / "a", {})
    assert (tmp_path / "a").read_bytes() == b"new new"


def test_a_download_that_stays_cut_is_said_and_nothing_is_read(no_copies_left):
    with dumps(files={"a.txt": LONG}, cuts=[10, 10, 10], ranges=False) as site:
        assert fault(lambda: pages(job([site.at("a.txt")]))).code == "http_cut"


def test_a_missing_dump_fails_the_run_after_the_others_are_read():
    with dumps(files={"b.txt": b"2\n"}) as site:
        seen, problem = until_trouble(pages(job([site.at("none.txt"), site.at("b.txt")])))
        assert problem.code == "http_status"
        assert identifiers(seen) == ["2"]
        assert [p.code for p in CONNECTOR.check(job([site.at("none.txt"), site.at("b.txt")]))] == ["http_status"]


def test_a_cut_run_goes_on_after_the_last_page(monkeypatch, no_copies_left):
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 10_000)
    with dumps(files={"a.txt": LONG}) as site:
        running = pages(job([site.at("a.txt")]))
        first = [next(running), next(running)]
        running.close()
        rest = harvest([site.at("a.txt")], first[-1].checkpoint)
    assert b"".join(raw.body for page in [*first, *rest] for raw in page.records) == LONG


@pytest.mark.parametrize("lengths", [True, False])
def test_a_file_beyond_the_limit_is_refused_announced_or_not(lengths, no_copies_left):
    with dumps(files={"a.txt": LONG}, lengths=lengths) as site:
        assert fault(lambda: pages(job([site.at("a.txt")], max_bytes=1000))).code == "file_too_large"


def test_a_slow_server_is_left_at_the_deadline(tmp_path):
    import threading

    never = threading.Event()
    with serving(lambda _: Reply(b"x" * 10, cut=5, drip=never)) as server, client(deadline_seconds=0.3) as web:
        assert fault(lambda: [download(web, server.url, tmp_path / "a", {})]).code == "http_deadline"
        never.set()


def test_a_bomb_is_refused(monkeypatch, no_copies_left):
    monkeypatch.setattr("connectors.packed.RATIO_FROM", 1000)
    with dumps(files={"a.gz": gzip.compress(b"x\n" * 2_000_000)}) as site:
        assert fault(lambda: pages(job([site.at("a.gz")]))).code == "file_bomb"


def test_a_web_page_in_place_of_a_dump_is_said():
    with dumps(files={"a.mrc": b"<!DOCTYPE html><title>Login</title>"}) as site:
        assert fault(lambda: pages(job([site.at("a.mrc")]))).code == "download_is_page"
        assert [p.code for p in CONNECTOR.check(job([site.at("a.mrc")]))] == ["download_is_page"]


def test_a_check_asks_for_no_more_than_the_start(monkeypatch):
    monkeypatch.setattr(http_download, "CHUNK", 1000)
    with dumps(files={"a.bin": os.urandom(5_000_000), "b.bin": b""}) as site, client() as web:
        assert [p.code for p in CONNECTOR.check(job([site.at("a.bin"), site.at("b.bin")]))] == ["file_empty"]
        assert web


def test_a_private_address_needs_to_be_allowed():
    with dumps(files={"a.txt": b"1\n"}) as site:
        assert fault(lambda: pages(job([site.at("a.txt")], allow_private=False))).code == "http_private"
        assert site.asked == []


def test_a_full_disk_is_said_as_such(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    from pathlib import Path

    with dumps(files={"a.txt": LONG}) as site, client() as web:
        assert fault(lambda: [download(web, site.at("a.txt"), Path("/dev/full"), {})]).code == "file_not_kept"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://x/dump/bi%E1%BB%83u%20ghi.mrc.gz", "biểu ghi.mrc.gz"),
        ("http://x/export?file=all.mrc.gz&day=1", "all.mrc.gz"),
        ("http://x/", "download"),
        ("http://x/..%2f..%2fetc/passwd", "passwd"),
    ],
)
def test_a_dump_is_called_by_its_address(url, name):
    assert file_name(url) == name


def test_options_have_room_for_dumps_and_refuse_what_is_no_web_address():
    options = Options(urls=["https://x.example/a.mrc"])
    assert (options.max_bytes, options.deadline, options.url) == (
        2 * 2**30,
        timedelta(hours=1),
        "https://x.example/a.mrc",
    )
    for wrong in ([], ["file:///etc/passwd"], ["http://a@b/"]):
        with pytest.raises(ValueError, match="urls"):
            Options(urls=wrong)
