"""Five hundred addresses that lead somewhere they must not: no connection is opened to any of them."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from accounts.refusals import Invalid
from channels_app import connecting, platforms
from channels_app.emulator.client import Emulator
from channels_app.platforms import http
from channels_app.platforms.base import Account
from tests.emulated import emulated, emulator
from tests.units.test_guard import ALL_CLOSED, NO_NAMES, spellings

__all__ = ["emulated", "emulator"]

PUBLIC = "93.184.216.34"
SCHEMES = ["http", "ftp", "file", "gopher", "ws", "data", "javascript", "HTTP", "unix", "jar:https"]
DISGUISES = [
    "https://{a}/", "https://{a}:443/", "https://{a}:8443/", "https://user@{a}/", "https://social.example.org@{a}/",
    "https://{a}#social.example.org", "https://{a}/%2e%2e/",
]  # fmt: skip


def in_brackets(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def numbers_for(address: str) -> Iterator[str]:
    """An IPv4 address as no person writes it."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        one, two, three, four = (int(part) for part in str(parsed).split("."))
        yield from (
            str(int(parsed)),
            hex(int(parsed)),
            f"0{one:o}.{two}.{three}.{four}",
            f"{one}.{two * 65536 + three * 256 + four}",
        )
        yield f"{one:#x}.{two:#x}.{three:#x}.{four:#x}"


def addresses() -> list[str]:
    urls = [form.format(a=in_brackets(address.partition("%")[0])) for address in ALL_CLOSED for form in DISGUISES]
    urls += [f"https://{number}/" for address in ALL_CLOSED if "%" not in address for number in numbers_for(address)]
    urls += [f"{scheme}://social.example.org/" for scheme in SCHEMES]
    return urls


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to open a connection or to look a name up; there is no network beyond."""
    tried: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(http.rules, "practice", False)
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", answering([PUBLIC]))
    return tried


def answering(*answers: list[str]):
    """A resolver that gives these answers in turn, the last one for ever."""
    left = list(answers)

    def look_up(host: str, port: int, *asked: object, **more: object) -> list[tuple[object, ...]]:
        answer = left.pop(0) if len(left) > 1 and not host[:1].isdigit() else left[0]
        found = [host] if host[:1].isdigit() else answer  # an address is its own answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    return look_up


def test_no_address_but_a_plain_https_one_of_a_named_server_is_opened(lines: list[object]) -> None:
    urls = addresses()
    assert len(urls) >= 400
    passed = []
    for url in urls:
        with pytest.raises(http.NotSent):
            http.get_public(url)
        if lines:
            passed.append((url, lines.pop()))
    assert not passed


def test_a_name_that_leads_to_a_closed_address_is_not_opened(
    lines: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0
    for address in ALL_CLOSED:
        for spelling in spellings(address):
            monkeypatch.setattr(socket, "getaddrinfo", answering([PUBLIC, spelling]))
            with pytest.raises(http.Barred):
                http.get_public("https://two-faced.example.org/")
            tried += 1
    assert tried > 150
    assert lines == []


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_the_one_opened(
    lines: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ALL_CLOSED[:20]:
        monkeypatch.setattr(socket, "getaddrinfo", answering([PUBLIC], [address]))
        with pytest.raises(http.NotSent):
            http.get_public("https://rebinding.example.org/")
    assert {line[0] for line in lines} == {PUBLIC}


def test_what_a_person_gives_as_their_server_must_be_a_public_name() -> None:
    module = platforms.get("mastodon")
    hosts = [in_brackets(address.partition("%")[0]) for address in ALL_CLOSED] + NO_NAMES
    hosts += [number for address in ALL_CLOSED if "%" not in address for number in numbers_for(address)]
    for host in hosts:
        with pytest.raises(Invalid):
            connecting.host_for(module, host, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "https://10.0.0.1/", "//169.254.169.254/latest/", "file:///etc/passwd"]
)
def test_an_answer_that_sends_us_on_is_not_followed(emulator: Emulator, status: int, to: str) -> None:
    emulator.clear_faults()
    emulator.fault("refuse", status=status, headers={"Location": to}, times=1)
    account = Account("mastodon", http.PRACTICE_HOSTS["mastodon"], "1", "@fernhill", {}, practice=True)
    with http.session(account) as line, pytest.raises(http.Cut, match="sent Parley on to another address"):
        line.get(f"https://{account.host}/api/v1/instance")
    emulator.clear_faults()
