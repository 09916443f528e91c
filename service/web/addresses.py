"""Whose request it is, by address: that of the connection, or what a proxy of ours says."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from aiohttp import web

from service.web.state import TRUSTED_PROXIES

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Whoever has one address of such a network has them all.
_IPV6_PREFIX = 64


def address_of(request: web.Request) -> str:
    """The address that a request is counted and remembered by; empty for a local socket."""
    peer = request.remote or ""
    trusted = request.app[TRUSTED_PROXIES]
    if not trusted:
        return peer
    return client_address(peer, request.headers.getall("X-Forwarded-For", []), trusted)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The last address in the chain of proxies that is not one of ours: what stands before it is hearsay.

    >>> client_address("10.0.0.1", ["1.1.1.1, 8.8.8.8"], [ip_network("10.0.0.0/8")])
    '8.8.8.8'
    """
    address = peer
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while _is_trusted(address, trusted) and hops:
        hop = hops.pop()
        if _parse(hop) is None:
            break
        address = hop
    return address


def limit_subject(address: str) -> str:
    """What is counted together: an IPv4 address, or the IPv6 network of one household.

    >>> limit_subject("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    """
    parsed = _parse(address) if ":" in address else None
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parse(text: str) -> Address | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
