"""From where a request comes: the address that a proxy of ours has seen, never one that the client claims."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The client's address: what connected to us, or, where that is a trusted proxy, what the nearest one has seen."""
    found = _address(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while found is not None and _trusted(found) and hops and (before := _address(hops.pop())) is not None:
        found = before
    return found


def network_of(request: HttpRequest) -> str:
    """The network that tries are counted for: an IPv4 address, the /64 of an IPv6 address (RFC 6177)."""
    address = address_of(request)
    if address is None:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((int(address), 64), strict=False))


def on_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made on this machine itself, at a portal that only this machine is meant to see."""
    address = request.META.get("REMOTE_ADDR", "")
    found = _address(address)
    forwarded = any(request.META.get(f"HTTP_{name}") for name in ("X_FORWARDED_FOR", "FORWARDED", "X_REAL_IP", "VIA"))
    hosts = {urlsplit(f"//{request.get_host()}").hostname, urlsplit(settings.BASE_URL).hostname}
    return found is not None and found.is_loopback and not forwarded and hosts <= {"localhost", "127.0.0.1", "::1"}


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
