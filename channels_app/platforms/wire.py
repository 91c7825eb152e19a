"""One request's line: opened to a checked address, cut when its time is up, and knowing whether it was used."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

Hook = Callable[[str], None]
Seen = Callable[[str, str, int], None]


class Line:
    """The way to one server for one request. As a context manager it cuts the line when `seconds` have passed.

    `begun` turns true just before the first byte of the request: as long as it is false, nothing was sent. `sent` turns
    true when its last byte was handed over.
    """

    def __init__(self, host: str, addresses: Sequence[str], port: int, seconds: float, connect: float) -> None:
        self.host = host
        self.begun = False
        self.sent = False
        self.over = False
        self._addresses = addresses
        self._port = port
        self._connect = connect
        self._ends = time.monotonic() + seconds
        self._twin: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self.hit: Hook = lambda name: None
        self.seen: Seen = lambda host, address, port: None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._twin is not None:
            self._twin.close()

    def open(self) -> socket.socket:
        """A connected socket to the first address that answers; raises OSError when none does."""
        problem: OSError = TimeoutError("no time left")
        for address in self._addresses:
            left = min(self._connect, self._ends - time.monotonic())
            if left <= 0:
                break
            self.seen(self.host, address, self._port)
            try:
                sock = socket.create_connection((address, self._port), left)
            except OSError as error:
                problem = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._twin = sock.dup()  # survives the wrapping in TLS, so that the timer can cut a handshake too
            if self.over:
                self._strike()
            return sock
        raise problem

    def _strike(self) -> None:
        self.over = True
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)


class _OnLine:
    """What both kinds of connection add: their line, and the marks before, within and after the request."""

    line: Line
    sock: Any
    _marked = False
    _bodiless = True
    _in_body = False

    def _new_conn(self) -> socket.socket:
        try:
            return self.line.open()
        except OSError as error:
            raise NewConnectionError(self, "no connection") from error  # type: ignore[arg-type]

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.line.hit("after_connect")

    def request(self, method: str, url: str, body: Any = None, **options: Any) -> None:
        self._bodiless = not body
        super().request(method, url, body=body, **options)  # type: ignore[misc]
        self.line.sent = True
        self.line.hit("after_body")

    def endheaders(self, *args: Any, **options: Any) -> None:
        super().endheaders(*args, **options)  # type: ignore[misc]
        self._in_body = True

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.line.begun = True
        if self._marked or not isinstance(data, bytes) or not (self._bodiless or self._in_body):
            super().send(data)  # type: ignore[misc]
            return
        self._marked = True
        half = len(data) // 2
        super().send(data[:half])  # type: ignore[misc]
        self.line.hit("mid_body")
        super().send(data[half:])  # type: ignore[misc]


class _Plain(_OnLine, HTTPConnection):  # type: ignore[misc]
    """Plain HTTP, for the emulator on this machine only."""


class _Tls(_OnLine, HTTPSConnection):  # type: ignore[misc]
    """TLS with the server's own name in SNI, Host and certificate, whatever address the line goes to."""


def pool(line: Line, tls: bool, host: str, port: int, options: dict[str, Any]) -> HTTPConnectionPool:
    """A pool for one request: its only connection runs over `line`."""
    kind = _Tls if tls else _Plain

    def connection(*args: Any, **settings: Any) -> HTTPConnection:
        made = kind(*args, **settings)
        made.line = line
        return made

    made = (HTTPSConnectionPool if tls else HTTPConnectionPool)(host, port, maxsize=1, **options)
    made.ConnectionCls = connection  # type: ignore[assignment]
    return made
