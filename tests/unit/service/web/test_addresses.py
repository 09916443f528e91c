"""Whose request it is: the last hop that is not a proxy of ours."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from service.web.addresses import client_address, limit_subject

OURS = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1", "192.0.2.2"], "192.0.2.2"),
        ("10.0.0.1", ["6.6.6.6, 192.0.2.1"], "192.0.2.1"),
        ("::ffff:10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        ("192.0.2.9", ["192.0.2.1"], "192.0.2.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("", ["192.0.2.1"], ""),
    ],
)
def test_a_proxy_of_ours_is_believed_and_nobody_else(peer, forwarded, expected):
    assert client_address(peer, forwarded, OURS) == expected


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_what_is_counted_together(address, subject):
    assert limit_subject(address) == subject
