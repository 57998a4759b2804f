"""The command z3950: the union catalog for library systems that speak Z39.50 and nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.sax.saxutils import escape

import click

from connectors.address import split_url
from flows.commands.serve import PORTAL, end, port_free, stay, wait_for
from flows.screen import tell
from hub.home import home
from schemas.problem import Trouble

PORT = 9999
PACKAGE = "libnet-z3950-simple2zoom-perl"
GATEWAY = Path(__file__).with_name("z3950_gateway.pl")
DATABASES = ("Default", "lienthong")
USMARC = "1.2.840.10003.5.10"
USES = {  # Bib-1 use attributes (https://www.loc.gov/z3950/agency/defns/bib1.html) by our CQL indexes
    "author": (1, 2, 3, 1002, 1003, 1004, 1005, 1006),
    "title": (4, 6, 33, 36),
    "isbn": (7,),
    "issn": (8,),
    "id": (12,),
    "subject": (21, 25, 27, 29, 1079),
    "year": (30, 31),
    "language": (54,),
    "identifier": (1007,),
    "any": (5, 63, 1010, 1016, 1017, 1035),
    "publisher": (1018,),
    "library": (1044,),
}


def configuration(sru: str) -> str:
    """The file that tells Simple2ZOOM where our SRU server is and what the attributes mean."""
    maps = "".join(f'<map use="{use}"><index>{index}</index></map>\n' for index, uses in USES.items() for use in uses)
    database = (
        '<database name="{}">\n'
        f"<zurl>{escape(sru)}</zurl>\n<resultsetid>search</resultsetid>\n"
        '<option name="sru">get</option>\n<option name="sru_version">1.2</option>\n'
        '<option name="schema">marcxml</option>\n<option name="timeout">30</option>\n'
        f"<search>\n<querytype>cql</querytype>\n{maps}</search>\n"
        f'<schema oid="{USMARC}" sru="marcxml" format="MARC21" encoding="UTF-8"/>\n</database>\n'
    )
    return "<client>\n" + "".join(database.format(name) for name in DATABASES) + "</client>\n"


def installed() -> bool:
    """Whether the gateway is on this machine."""
    if shutil.which("perl") is None:
        return False
    return (
        subprocess.run(["perl", "-MNet::Z3950::Simple2ZOOM", "-e1"], capture_output=True, check=False).returncode == 0
    )


@contextmanager
def gateway(host: str, port: int, sru: str) -> Iterator[subprocess.Popen[bytes]]:
    """The gateway as a process, from when it answers; :class:`Trouble` when it is not installed or does not start."""
    if not installed():
        raise Trouble("z3950_gateway_missing", package=PACKAGE)
    split_url(sru)
    port_free(port)
    path = home() / "z3950.xml"
    path.write_text(configuration(sru), encoding="utf-8")
    log = home() / "z3950.log"
    command = ["perl", str(GATEWAY), str(path), "-v", "none,fatal", "-t", "15", f"tcp:{host}:{port}"]
    with log.open("ab") as stream:
        child = subprocess.Popen(command, stdout=stream, stderr=stream, cwd=home(), start_new_session=True)
    try:
        wait_for(child, "Z39.50", port, log)
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)  # with its sessions, each of which is a process
        end(child)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để nghe. Address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="Cổng Z39.50. The Z39.50 port.")
@click.option(
    "--sru",
    default=f"http://127.0.0.1:{PORTAL}/sru",
    show_default=True,
    help="Địa chỉ SRU của cổng thông tin. The portal's SRU address.",
)
def z3950(host: str, port: int, sru: str) -> None:
    """Z39.50 cho phần mềm thư viện chỉ biết Z39.50: cổng chuyển sang SRU của cổng thông tin.

    Z39.50 for library systems that know nothing else: a gateway to the portal's SRU server.
    """
    with gateway(host, port, sru) as child:
        tell(
            f"Z39.50: {host}:{port}/{DATABASES[0]} → {sru}  (Ctrl+C để dừng)",
            f"Z39.50: {host}:{port}/{DATABASES[0]} → {sru}  (Ctrl+C to stop)",
        )
        stay([child])
        raise Trouble("z3950_gateway_ended", path=home() / "z3950.log")


COMMANDS = (z3950,)
