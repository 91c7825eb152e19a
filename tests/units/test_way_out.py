"""The one way out: where it leads, when it is cut, what its errors tell and what they never tell."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels_app.platforms import http, wire
from channels_app.platforms.base import Account

ACCOUNT = Account("x", "api.x.example", "1", "@fernhill", {}, practice=True)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\n{}"
Behaviour = Callable[[socket.socket], None]


def whole_request(line: socket.socket) -> bytes:
    """Head and body, so that nobody answers before everything was said."""
    heard = line.recv(65_536)
    while heard and b"\r\n\r\n" not in heard:
        heard += line.recv(65_536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]) and (more := line.recv(65_536)):
        body += more
    return head + b"\r\n\r\n" + body


class Server:
    """A server of one behaviour on this machine, and what it was sent."""

    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard: list[bytes] = []
        self.names: list[str] = []
        self._behave, self._tls = behave, tls
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
            self.heard.append(whole_request(line))
            self._behave(line)
        except OSError:
            pass
        finally:
            line.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], Server]]:
    made: list[Server] = []
    before = vars(http.rules).copy()

    def start(behave: Behaviour) -> Server:
        server = Server(behave)
        made.append(server)
        http.configure(emulator_url=f"http://127.0.0.1:{server.port}", practice=True, seconds=1.0)
        return server

    yield start
    http.configure(**before)
    for server in made:
        server.socket.close()


def ask(method: str = "POST", **options: object) -> requests.Response:
    return http.session(ACCOUNT).request(method, "https://api.x.example/2/tweets", **options)


def test_a_practice_account_reaches_the_emulator_under_its_fictional_name(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    assert ask().json() == {}
    assert b"X-Forwarded-Host: api.x.example" in server.heard[0]


@pytest.mark.parametrize(
    "url", ["https://api.x.com/2/tweets", "https://graph.facebook.com/me", "https://fernhill.gov/"]
)
def test_in_practice_no_other_host_is_reached(serve: Callable[[Behaviour], Server], url: str) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    for account in (ACCOUNT, Account("x", "api.x.com", "1", "@fernhill", {}), None):
        with pytest.raises(http.Barred, match="practice"):
            http.session(account).get(url)
    assert server.heard == []


def test_a_real_account_never_reaches_the_emulator(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    real = Account("x", "api.x.example", "1", "@fernhill", {})
    with pytest.raises(http.NotSent):
        http.session(real).get("https://api.x.example/")
    assert server.heard == []


def test_every_connection_is_reported_with_its_address(
    serve: Callable[[Behaviour], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    reached: list[tuple[str, str, int]] = []
    monkeypatch.setattr(http, "seen", lambda *where: reached.append(where))
    ask()
    assert reached == [("api.x.example", "127.0.0.1", server.port)]


def test_a_file_too_large_for_the_line_is_told_from_a_server_that_does_not_answer(
    serve: Callable[[Behaviour], Server],
) -> None:
    serve(lambda line: None)
    deaf = socket.create_server(("127.0.0.1", 0))  # takes the line, and reads nothing of what comes
    http.configure(emulator_url=f"http://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.5)
    with pytest.raises(http.Slow, match="too large for the line"):
        ask(data=b"x" * 20_000_000)
    with pytest.raises(http.Cut) as cut:
        ask(data=b"x")
    assert not isinstance(cut.value, http.Slow)
    deaf.close()


def test_a_server_that_drips_is_cut_when_the_time_is_up(serve: Callable[[Behaviour], Server]) -> None:
    def drip(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        for _ in range(100):
            line.sendall(b"x")
            time.sleep(0.1)

    serve(drip)
    started = time.monotonic()
    with pytest.raises(http.Cut, match="did not answer"):
        ask()
    assert time.monotonic() - started < 1.5


def test_headers_that_drip_are_cut_too(serve: Callable[[Behaviour], Server]) -> None:
    def drip(line: socket.socket) -> None:
        for letter in HELLO:
            line.sendall(bytes([letter]))
            time.sleep(0.1)

    serve(drip)
    started = time.monotonic()
    with pytest.raises(http.Cut):
        ask()
    assert time.monotonic() - started < 1.5


def test_a_handshake_that_never_ends_is_cut_and_nothing_was_sent() -> None:
    server = Server(lambda line: time.sleep(5))
    line = wire.Line("slow.example.org", ["127.0.0.1"], server.port, seconds=0.5, connect=1)
    started = time.monotonic()
    with line, pytest.raises(urllib3.exceptions.HTTPError):
        wire.pool(line, True, "slow.example.org", server.port, {}).urlopen("GET", "/", retries=False, timeout=30)
    assert time.monotonic() - started < 1.5
    assert not line.begun
    server.socket.close()


def test_a_refused_line_proves_that_nothing_was_sent(serve: Callable[[Behaviour], Server]) -> None:
    serve(lambda line: None)
    http.configure(emulator_url="http://127.0.0.1:1")  # nobody listens there
    with pytest.raises(http.NotSent):
        ask()


def test_a_line_that_breaks_after_the_request_proves_nothing(serve: Callable[[Behaviour], Server]) -> None:
    serve(lambda line: None)
    with pytest.raises(http.Cut):
        ask(json={"text": "hello"})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(serve: Callable[[Behaviour], Server], status: int) -> None:
    answer = f"HTTP/1.1 {status} Moved\r\nLocation: https://api.x.example/else\r\nContent-Length: 0\r\n\r\n"
    server = serve(lambda line: line.sendall(answer.encode()))
    with pytest.raises(http.Cut, match="another address"):
        ask("GET")
    assert len(server.heard) == 1


def test_a_308_that_names_no_address_asks_for_more_of_an_upload(serve: Callable[[Behaviour], Server]) -> None:
    answer = b"HTTP/1.1 308 Resume Incomplete\r\nRange: bytes=0-9\r\nContent-Length: 0\r\n\r\n"
    serve(lambda line: line.sendall(answer))
    assert ask("PUT", data=b"x" * 20).headers["Range"] == "bytes=0-9"


def test_an_answer_larger_than_the_limit_is_not_taken(serve: Callable[[Behaviour], Server]) -> None:
    serve(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000))
    with pytest.raises(http.Cut, match="more than"):
        http.session(ACCOUNT, cap=100_000).get("https://api.x.example/")


def test_cookies_are_neither_kept_nor_sent(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    session = http.session(ACCOUNT)
    session.get("https://api.x.example/")
    session.get("https://api.x.example/")
    assert b"cookie" not in b"".join(server.heard).lower()


def test_proxies_of_the_environment_are_not_used(
    serve: Callable[[Behaviour], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert ask().ok
    assert len(server.heard) == 1


def test_errors_quote_neither_the_address_nor_a_header(serve: Callable[[Behaviour], Server]) -> None:
    serve(lambda line: None)
    headers = {"Authorization": "Bearer canary-123456"}
    for bad in (headers, {"Authorization": "canary-123456\n"}, {"Authorization": "canary-123456€"}):
        with pytest.raises(requests.ConnectionError) as problem:
            ask("GET", params={"access_token": "canary-123456"}, headers=bad)
        assert problem.value.__context__ is None
        assert "canary" not in f"{problem.value} {problem.value!r} {problem.value.args}"


def test_fail_points_are_passed_in_order_and_only_by_requests_that_change_something(
    serve: Callable[[Behaviour], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(lambda line: line.sendall(HELLO))
    passed: list[str] = []
    monkeypatch.setattr(http, "fail", passed.append)
    ask("GET")
    assert passed == []
    for body in ({"json": {"a": 1}}, {}, {"data": {"a": "b"}}, {"files": {"f": ("n", b"bytes")}}):
        passed.clear()
        ask("POST", **body)
        assert passed == ["after_connect", "mid_body", "after_body"]


def test_httpx_goes_the_same_way(serve: Callable[[Behaviour], Server]) -> None:
    server = serve(lambda line: line.sendall(HELLO))
    with http.httpx_client(ACCOUNT) as client:
        assert client.post("https://api.x.example/token", data={"a": "b"}).json() == {}
        with pytest.raises(httpx.ConnectError, match="practice"):
            client.get("https://api.x.com/")
    assert b"X-Forwarded-Host: api.x.example" in server.heard[0]


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for one name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "crt.pem", folder / "key.pem"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    clear = serialization.NoEncryption()
    pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, clear))
    return crt, pem


def test_a_pinned_address_is_spoken_to_under_the_servers_own_name(tmp_path: Path) -> None:
    crt, pem = certificate(tmp_path, "social.example.org")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, pem)
    asked: list[str | None] = []
    context.sni_callback = lambda sock, name, ctx: asked.append(name)
    server = Server(lambda line: line.sendall(HELLO), tls=context)
    options = {"cert_reqs": "CERT_REQUIRED", "ca_certs": str(crt)}
    for name, trusted in (("social.example.org", True), ("other.example.org", False)):
        line = wire.Line(name, [str(ipaddress.ip_address("127.0.0.1"))], server.port, seconds=5, connect=1)
        with line:
            pool = wire.pool(line, True, name, 443, options)
            if trusted:
                assert pool.urlopen("GET", "/", retries=False).status == 200
                assert line.begun
            else:
                with pytest.raises(urllib3.exceptions.SSLError):
                    pool.urlopen("GET", "/", retries=False)
                assert not line.begun
    assert asked == ["social.example.org", "other.example.org"]
    assert b"Host: social.example.org\r\n" in server.heard[0]
    server.socket.close()
