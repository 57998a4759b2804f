"""Z39.50 and SRU servers on loopback: a real Zebra with records written by us, a line that is cut, a server that says nothing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

import pytest

from schemas.marcxml import to_marcxml
from schemas.record import Record, data_field

MODULES = next(iter(Path("/usr/lib").glob("*/idzebra-2.0/modules")), None)
STARTING = 20.0  # seconds

CONFIGURATION = """\
profilePath: {folder}:/usr/share/idzebra-2.0/tab
modulePath: {modules}
recordtype: dom.dom.xml
attset: bib1.att
encoding: utf-8
register: {folder}/register:100M
lockDir: {folder}/lock
keyTmpDir: {folder}/tmp
storeKeys: 1
storeData: 1
"""
INDEXING = """\
<dom><extract name="index"><xslt stylesheet="index.xsl"/></extract>
<retrieve name="marcxml"><xslt stylesheet="same.xsl"/></retrieve>
<input syntax="xml"><xmlreader level="1"/></input></dom>
"""
INDEX = """\
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">
<xsl:template match="/*"><z:record z:id="{normalize-space(m:controlfield[@tag=001])}">
<z:index name="title:w"><xsl:value-of select="m:datafield[@tag=245]"/></z:index>
<xsl:variable name="year" select="normalize-space(substring(m:controlfield[@tag='008'], 8, 4))"/>
<xsl:if test="$year"><z:index name="date:y"><xsl:value-of select="$year"/></z:index></xsl:if>
</z:record></xsl:template></xsl:stylesheet>
"""
SAME = """\
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/"><xsl:copy-of select="."/></xsl:template></xsl:stylesheet>
"""
SERVER = """\
<yazgfs><listen id="here">tcp:127.0.0.1:{port}</listen>
<server id="main" listenref="here"><directory>{folder}</directory><config>zebra.cfg</config>
<cql2rpn>cql.properties</cql2rpn>
<explain xmlns="http://explain.z3950.org/dtd/2.0/"><databaseInfo><title>Sách</title></databaseInfo>
<schemaInfo><schema name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/></schemaInfo></explain>
<retrievalinfo>
<retrieval syntax="usmarc" name="F"><backend syntax="xml" name="marcxml">
<marc inputformat="xml" outputformat="marc" outputcharset="utf-8"/></backend></retrieval>
<retrieval syntax="usmarc" name="B"><backend syntax="xml" name="marcxml">
<marc inputformat="xml" outputformat="marc" outputcharset="marc-8"/></backend></retrieval>
<retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
</retrievalinfo></server></yazgfs>
"""
CQL = """\
set = info:srw/cql-context-set/1/dc-v1.1
set.cql = info:srw/cql-context-set/1/cql-v1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
index.cql.serverChoice = 1=title
index.cql.allRecords = 1=_ALLRECORDS 2=103
index.dc.title = 1=title
index.dc.date = 1=date 4=4
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.= = 2=3
relation.scr = 2=3
relation.ge = 2=4
relation.> = 2=5
position.any = 3=3 6=1
structure.* = 4=2
always = 5=100
truncation.none = 5=100
"""
BROKEN = '<record xmlns="http://www.loc.gov/MARC21/slim"><controlfield tag="001">hong</controlfield><khong/></record>'


def book(number: int) -> Record:
    """A record of ours; every tenth has no year."""
    year = "    " if number % 10 == 0 else str(1950 + number % 50)
    return Record(
        "00000nam  2200000   4500",
        (
            ("001", f"vn{number:05d}"),
            ("008", f"240101s{year}    vm            000 0 vie d"),
            data_field("245", "10", [("a", f"Chuyện làng Nủa, đặc biệt là tập {number} /"), ("c", "Đỗ Thị Hường")]),
            data_field("650", " 4", [("a", "Văn học Việt Nam")]),
        ),
    )


def free_port() -> int:
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def zebra(folder: Path, records: Iterable[Record], broken: int = 0) -> Iterator[int]:
    """A Zebra server with these records and so many that it cannot give as MARC; the port it listens at."""
    if MODULES is None or not shutil.which("zebrasrv") or not shutil.which("zebraidx"):
        pytest.skip("Zebra is not installed: apt-get install idzebra-2.0")
    port = free_port()
    for name in ("register", "lock", "tmp", "records"):
        (folder / name).mkdir()
    files = {
        "zebra.cfg": CONFIGURATION.format(folder=folder, modules=MODULES),
        "server.xml": SERVER.format(folder=folder, port=port),
        "cql.properties": CQL,
        "dom.xml": INDEXING,
        "index.xsl": INDEX,
        "same.xsl": SAME,
        "records/books.xml": f"<all>{''.join(map(_stored, records))}{BROKEN * broken}</all>",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for arguments in (["init"], ["update", "records"]):
        subprocess.run(["zebraidx", "-c", "zebra.cfg", *arguments], cwd=folder, check=True, capture_output=True)
    server = subprocess.Popen(
        ["zebrasrv", "-f", "server.xml"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _stored(record: Record) -> str:
    """A record as Zebra keeps it: letters and marks apart, which is all that YAZ can write as MARC-8."""
    return normalize("NFD", to_marcxml(record))


def _wait_for(port: int) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens at port {port}")


@dataclass
class Listener:
    """A server of ours: its port and the lines it has taken."""

    port: int
    lines: list[socket.socket] = field(default_factory=list)

    def hang_up(self) -> None:
        """End every line."""
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[Listener]:
    """A server that calls ``answer(line)`` for each line, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                for _ in range(100):
                    line, _ = server.accept()
                    listener.lines.append(line)
                    threading.Thread(target=answer, args=(line,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listener
        listener.hang_up()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(port: int, cuts: list[int]) -> Iterator[Listener]:
    """A line to ``port`` that is cut after so many bytes of answers, the next one after the next number."""

    def pass_on(line: socket.socket) -> None:
        left = cuts.pop(0) if cuts else 2**40
        with suppress(OSError), line, socket.create_connection(("127.0.0.1", port), 5) as server:
            threading.Thread(target=_pump, args=(line, server), daemon=True).start()
            while left > 0 and (part := server.recv(min(left, 2**16))):
                line.sendall(part)
                left -= len(part)
            line.shutdown(socket.SHUT_RDWR)

    with listening(pass_on) as here:
        yield here


def _pump(line: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while part := line.recv(2**16):
            server.sendall(part)
        server.shutdown(socket.SHUT_WR)
