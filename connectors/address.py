"""Which addresses the hub may connect to (OWASP ASVS 5.0, 1.3.6 and 15.3.2: server-side request forgery).

A name is resolved once, every address it has is judged, and the connection goes to an address that was judged: a second
answer of the name server is never used.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from schemas.problem import Trouble

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
SET_ASIDE = (  # what the standard library of Python 3.11 takes for public
    IPv6Network("fec0::/10"),  # site-local, RFC 3879
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, RFC 7526
)
WEB_PORTS = frozenset({80, 443, 8080, 8443})

Origin = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be connected to, in the terms of :func:`socket.socket` and its ``connect``."""

    family: int
    to: tuple[object, ...]


def split_url(url: str) -> tuple[SplitResult, Origin]:
    """The parts of a web address and its (host, port).

    :class:`Trouble` ``http_url`` when it is not http or https, has no host, or names a user.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise Trouble("http_url", url=url) from None
    if not port or not parts.hostname or "@" in parts.netloc or any(c.isspace() or c == "\\" for c in url):
        raise Trouble("http_url", url=url)
    return parts, (parts.hostname.rstrip("."), port)


def resolve(origin: Origin, allow_private: bool) -> list[Address]:
    """The addresses of (host, port). Without ``allow_private`` all of them must be public.

    :class:`Trouble` ``http_no_host`` when the name is unknown, ``http_private`` when an address is not public.
    """
    host, port = origin
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Trouble("http_no_host", host=host) from None
    if not allow_private:
        for *_, to in found:
            if not is_public(str(to[0])):
                raise Trouble("http_private", host=host, port=port, address=to[0])
    return [Address(family, to) for family, *_, to in found]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also the IPv4 address that an IPv6 address carries."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None:
            return False
    aside = any(ip.version == network.version and ip in network for network in SET_ASIDE)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or aside)


def connect(addresses: list[Address], seconds: float) -> socket.socket:
    """A connection to the first address that answers within ``seconds``; raises :class:`OSError` when none does."""
    failure: OSError = OSError("no address")
    for address in addresses:
        line = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.connect(address.to)
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure
