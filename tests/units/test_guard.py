"""No request goes to a private, special or disguised address, in whatever spelling it is written."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from channels_app.platforms import guard, http

CLOSED = {
    "unspecified": ["0.0.0.0", "::", "0.1.2.3"],
    "this machine": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    "carrier": ["100.64.0.1", "100.127.255.255"],
    "link local": ["169.254.169.254", "fe80::1", "fe80::1%1", "fec0::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1", "3fff:fff::1"],
    "benchmark": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.0.8", "5f00::1", "4000::1", "8000::1"],
    "relays and anycast": ["192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"],
    "IPv4 in IPv6": ["::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
    "6to4 and Teredo": ["2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:0:4136:e378::1"],
    "ISATAP": ["2a00:1450::5efe:127.0.0.1", "2a00:1450::200:5efe:10.0.0.1"],
    "discard and ORCHID": ["100::1", "2001:10::1", "2001:20::1"],
}
ALL_CLOSED = [address for kind in CLOSED.values() for address in kind]


def spellings(address: str) -> Iterator[str]:
    """Compressed, exploded and upper case; IPv4 also as hexadecimal IPv6 in mapped form."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    yield address
    yield from (str(parsed), parsed.exploded, str(parsed).upper())
    if parsed.version == 4:
        yield f"::ffff:{int(parsed) >> 16:x}:{int(parsed) & 0xFFFF:x}"
        yield f"::ffff:{parsed}"


@pytest.mark.parametrize("address", ALL_CLOSED)
def test_a_closed_address_is_closed_in_every_spelling(address: str) -> None:
    for text in spellings(address):
        assert not guard.is_public(ipaddress.ip_address(text)), text


@pytest.mark.parametrize("address", ["8.8.8.8", "104.244.42.1", "157.240.1.35", "2606:4700::1111", "2a03:2880:f10c::1"])
def test_an_ordinary_address_is_open(address: str) -> None:
    assert guard.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("social.example.org", "social.example.org"),
        (" https://Social.Example.org/ ", "social.example.org"),
        ("social.example.org.", "social.example.org"),
        ("bürgerhaus.example", "xn--brgerhaus-q9a.example"),
    ],
)
def test_a_servers_name_is_brought_into_its_plain_form(text: str, host: str) -> None:
    assert guard.clean_host(text) == host


NO_NAMES = [
    "", " ", "localhost", "intranet", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "[::1]", "::1", "a.example:443", "a.example/path", "user@a.example", "a..example", "-a.example", "a.example\\@b",
    "a example.org", "a.example?x", "a.example#x", "%6c.example", "x" * 64 + ".example",
    "a." * 130 + "de", "a.example\nb",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_is_not_a_plain_name_is_refused(text: str) -> None:
    with pytest.raises(guard.Forbidden):
        guard.clean_host(text)


@pytest.mark.parametrize("url", [
    "http://social.example.org/", "ftp://social.example.org/", "file:///etc/passwd", "https://social.example.org:8443/",
    "https://user:pass@social.example.org/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https:///x",
    "gopher://social.example.org/", "https://social.example.org@127.0.0.1/", "//social.example.org/",
    "javascript:alert(1)",
])  # fmt: skip
def test_only_plain_https_addresses_of_named_servers_are_opened(url: str) -> None:
    reached: list[tuple[str, str, int]] = []
    before, http.seen = http.seen, lambda *where: reached.append(where)
    practice, http.rules.practice = http.rules.practice, False
    try:
        with pytest.raises(http.NotSent):
            http.get_public(url)
    finally:
        http.seen, http.rules.practice = before, practice
    assert reached == []


def test_one_private_address_among_public_ones_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: rows)
    with pytest.raises(guard.Forbidden, match="private or special network"):
        guard.public_addresses("two-faced.example.org", 1)
