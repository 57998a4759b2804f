"""Which private addresses the desk may lead the hub to: those the deployment names, and no other.

``LIENTHONG_PRIVATE_HOSTS`` lists hosts, or hosts with a port (``thuvien.lan``, ``10.0.0.5:8080``), divided by commas; a
port that is not one of the usual web ports must be named. ``*`` allows all of them, for a machine on which nothing else
runs. An address of the public internet needs no entry, unless its port is unusual.
"""

from __future__ import annotations

import os

from connectors.address import Origin, split_url


def named() -> frozenset[str]:
    """The hosts of ``LIENTHONG_PRIVATE_HOSTS``."""
    said = os.environ.get("LIENTHONG_PRIVATE_HOSTS", "").split(",")
    return frozenset(name.strip().lower() for name in said if name.strip())


def allows(origin: Origin) -> bool:
    """Whether a host and port may be asked at a private address."""
    host, port = origin[0].lower(), origin[1]
    known = named()
    return "*" in known or f"{host}:{port}" in known or (host in known and port in (80, 443, 8080, 8443))


def allows_url(url: str) -> bool:
    """The same of a web address; :class:`schemas.problem.Trouble` ``http_url`` where it is none."""
    return allows(split_url(url)[1])
