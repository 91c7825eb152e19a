"""Which machines Parley will talk to: whole host names, and only addresses that belong to the public internet."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
# Python's own `is_global` lets several of these through, depending on its version, so all of them are listed.
CLOSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IPv6 is an allow list: the internet is 2000::/3, and within it these blocks are documentation, tunnels or special.
OPEN_V6 = ipaddress.IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
ISATAP = (0x00005EFE, 0x02005EFE)  # interface identifiers that carry an IPv4 address in their last 32 bits


class Forbidden(Exception):
    """A host or address Parley will not talk to; the text is a sentence for staff."""


class NoSuchServer(Exception):
    """The name leads nowhere now; the text is a sentence for staff."""


def is_public(address: Address) -> bool:
    """Whether an address is an ordinary machine on the internet, in whatever spelling it was given."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in block for block in CLOSED_V4)
    if address.scope_id or address not in OPEN_V6 or any(address in block for block in CLOSED_V6):
        return False
    low = int(address) & 0xFFFF_FFFF_FFFF_FFFF
    return address.is_global and low >> 32 not in ISATAP


def clean_host(text: str) -> str:
    """A host name in its plain form. Addresses, single words, ports, paths and user names are Forbidden."""
    host = text.strip().lower().removeprefix("https://").removesuffix("/").removesuffix(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError as error:
        raise Forbidden("This is not the name of a server.") from error
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(LABEL.match(label) for label in labels):
        raise Forbidden("Give the server's name alone, like social.example.org.")
    if labels[-1].isdigit() or re.match(r"0x[0-9a-f]*\Z", labels[-1]):
        raise Forbidden("Give the server's name, not its address.")
    return host


def public_addresses(host: str, timeout: float) -> list[str]:
    """Every address of `host`, looked up once. One that is not public spoils them all."""
    found = list(dict.fromkeys(_look_up(host, timeout)))
    for text in found:
        if not is_public(ipaddress.ip_address(text)):
            raise Forbidden(f"{host} is on a private or special network, and Parley only talks to public servers.")
    return found


def _look_up(host: str, timeout: float) -> list[str]:
    """The resolver takes no time limit of its own, so it runs aside and is left behind when it is too slow."""
    answer: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answer.put(None)
        else:
            answer.put([str(row[4][0]) for row in rows])

    threading.Thread(target=ask, daemon=True, name="name-lookup").start()
    try:
        found = answer.get(timeout=timeout)
    except queue.Empty:
        found = None
    if not found:
        raise NoSuchServer(f"There is no server named {host}, or its name cannot be looked up at the moment.")
    return found
