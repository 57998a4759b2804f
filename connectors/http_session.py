"""The session beneath the client: its own sockets, nothing from the environment, redirects and bodies left alone."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

Line = Callable[[], socket.socket]  # opens a connection for the request at hand


class _Session(requests.Session):
    """A session that leaves redirects, and the bodies they come with, to the client."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests would read the whole body of a redirect, even of one it does not follow."""
        return None


def session(open_line: Line, contact: str) -> requests.Session:
    """A session that takes nothing from the environment and connects through ``open_line`` alone."""
    made = _Session()
    made.trust_env = False
    made.headers["User-Agent"] = f"Lienthong/0.1 (+{contact})" if contact else "Lienthong/0.1"
    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = _pools(open_line)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


def contact_of_this_hub() -> str:
    """Where a partner reaches who asks: ``LIENTHONG_CONTACT``, or who answers for the hub; ``""`` when neither is set.

    What a header cannot hold is left out.
    """
    written = os.environ.get("LIENTHONG_CONTACT", "").strip() or os.environ.get("LIENTHONG_ADMIN_EMAIL", "").strip()
    return "".join(letter for letter in written if " " <= letter <= "~")


def _pools(open_line: Line) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose sockets come from ``open_line``; Host, SNI and the certificate's name stay those of the URL."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return open_line()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return open_line()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

        def _validate_conn(self, conn: HTTPSConnection) -> None:  # type: ignore[override]
            """Connect, without urllib3's warning: a waived certificate is noted with the run."""
            if conn.is_closed:
                conn.connect()

    return {"http": PlainPool, "https": SecurePool}
