"""Harvest over HTTP: our pages against Sickle's record iteration, from the same server on this machine.

Ours reads whole pages, makes the raw records with their bytes and fingerprints, and reads every record as MARC. Sickle
iterates ListRecords and touches ``header.identifier`` and ``raw`` of each record. The goal is 2.5 times as many records
a second. Two more rates show where the time goes: ours as far as it is stored, without reading it as MARC, and Sickle
with every record read as MARC by our format. Run ``python -m benchmarks.harvest --records N``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

from sickle import Sickle

from connectors.connector import Job
from connectors.oai_pmh import Options, pages
from schemas.format import Reading, find_format
from schemas.record import RawRecord

PAGE = 100
LIFE = 600
FORM = find_format("marcxml")
TEXT = "Việt Nam thư viện lịch sử văn học thiếu nhi truyện ký nghiên cứu phát triển Hà Nội Hải Phòng giáo trình"
WORDS = TEXT.split()
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-03-01T10:00:00Z</responseDate><request>http://127.0.0.1/</request>"
)
IDENTIFY = HEAD + "<Identify><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>"


def marcxml(number: int) -> str:
    """A MARCXML record of about 1.7 kB, the same for the same number."""
    choose = random.Random(number)
    fields = []
    for tag, codes in (("020", "ac"), ("040", "abc"), ("041", "a"), ("082", "2ab"), ("100", "ae"), ("245", "abc"),
                       ("260", "abc"), ("300", "abc"), ("490", "av"), ("520", "a"), ("650", "axz"), ("650", "ax"),
                       ("653", "a"), ("700", "ae"), ("852", "abj")):  # fmt: skip
        inner = "".join(
            f'<subfield code="{code}">{" ".join(choose.choices(WORDS, k=choose.randint(1, 6)))}</subfield>'
            for code in codes
        )
        fields.append(f'<datafield tag="{tag}" ind1=" " ind2=" ">{inner}</datafield>')
    return (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        f'<controlfield tag="001">{number}</controlfield>'
        f'<controlfield tag="008">260301s2026    vm            000 0 vie d</controlfield>{"".join(fields)}</record>'
    )


def page(first: int, total: int) -> bytes:
    """The ListRecords answer that starts at record ``first``."""
    numbers = range(first, min(first + PAGE, total))
    body = "".join(
        f"<record><header><identifier>oai:bench:{n}</identifier><datestamp>2026-02-01T00:00:00Z</datestamp></header>"
        f"<metadata>{marcxml(n)}</metadata></record>"
        for n in numbers
    )
    token = first + PAGE if first + PAGE < total else ""
    mark = f'<resumptionToken completeListSize="{total}">{token}</resumptionToken>'
    return f"{HEAD}<ListRecords>{body}{mark}</ListRecords></OAI-PMH>".encode()


def serve(total: int, line: Connection) -> None:
    """Serve the records until the process is ended; all pages are made before the first is asked for."""
    made = {str(first): page(first, total) for first in range(0, total, PAGE)}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            identify = asked["verb"] == ["Identify"]
            body = IDENTIFY.encode() if identify else made[asked.get("resumptionToken", ["0"])[0]]
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.timeout = 1
    line.send(server.server_port)
    end = time.monotonic() + LIFE
    while time.monotonic() < end:
        server.handle_request()


def harvested(url: str) -> Iterator[RawRecord]:
    """Every raw record with its bytes and fingerprint, by our connector."""
    options = Options(url=url, metadata_prefix="marcxml", allow_private=True)
    for given in pages(Job("benchmark", options, FORM, Reading())):
        yield from given.records


def raw_records(url: str) -> int:
    """Our harvest as it is stored; how many records."""
    return sum(1 for raw in harvested(url) if raw.fingerprint)


def marc_records(url: str) -> int:
    """Our harvest, and every record read as MARC; how many."""
    return sum(1 for raw in harvested(url) if FORM.parse(raw.body, Reading()).fields)


def with_sickle(url: str) -> int:
    """Sickle's own iteration; how many records."""
    return sum(
        1 for record in Sickle(url).ListRecords(metadataPrefix="marcxml") if record.header.identifier and record.raw
    )


def sickle_and_marc(url: str) -> int:
    """Sickle's own iteration, and every record read as MARC by our format; how many."""
    listed = Sickle(url).ListRecords(metadataPrefix="marcxml")
    return sum(1 for record in listed if FORM.parse(record.raw.encode(), Reading()).fields)


RUNS = (raw_records, marc_records, with_sickle, sickle_and_marc)


def measure(run: Callable[[str], int], url: str, expected: int) -> tuple[float, float]:
    """(records a second by the clock, records a second of this process's processor time)."""
    start, worked = time.perf_counter(), time.process_time()
    count = run(url)
    assert count == expected, f"{run.__name__} read {count} of {expected}"
    return count / (time.perf_counter() - start), count / (time.process_time() - worked)


def main() -> None:
    """Run both in turn, and print the best rates and their ratio. Processor time holds on a busy machine too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    line, other = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(asked.records, other), daemon=True)
    server.start()
    try:
        url = f"http://127.0.0.1:{line.recv()}/oai"
        rounds = [[measure(run, url, asked.records) for run in RUNS] for _ in range(asked.rounds)]
    finally:
        server.terminate()
        server.join()
    for kind, name in enumerate(("clock", "processor time")):
        raw, marc, plain, both = (max(measured[run][kind] for measured in rounds) for run in range(len(RUNS)))
        print(f"{name}: raw records: ours {raw:,.0f}/s, sickle {plain:,.0f}/s, ratio {raw / plain:.2f} (goal: 2.5)")
        print(f"{name}: read as MARC: ours {marc:,.0f}/s, sickle {both:,.0f}/s, ratio {marc / both:.2f}")


if __name__ == "__main__":
    main()
