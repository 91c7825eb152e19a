"""The HTTP server: one port on 127.0.0.1, every dialect, and the faults that happen while an answer is sent.

A request belongs to the host in `X-Forwarded-Host` (or `Host`), and without a known host to the platform its path
looks like.
"""

import logging
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from . import control, pages, web
from .answering import Dropped, Emulator, canned
from .faults import Fault
from .wire import Answer, Request

log = logging.getLogger(__name__)
MOST_BODY = 40 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Reads one request, lets the emulator answer it, and sends the answer as the faults allow."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "practice", ""
    timeout = 120
    emulator: Emulator

    def received(self) -> Request | None:
        """The whole request; None when it is too large or its caller died in the middle of it."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY:
            self.send(Answer({"error": "Payload Too Large"}, 413, {"Connection": "close"}), [])
            self.close_connection = True
            return None
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        host = self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or ""
        request = Request(self.command, host.lower(), parts.path, parts.query, self.headers, body)
        if len(body) < length:
            self.close_connection = True
            self.emulator.cut_short(request)
            return None
        return request

    def handle_any(self) -> None:
        try:
            request = self.received()
            if request is not None:
                self.send(*self.answered(request))
        except Dropped:
            self.cut()
        except OSError:
            self.close_connection = True
        except Exception:
            log.exception("%s broke the emulator", self.path.partition("?")[0])
            self.send(Answer({"error": "Internal Server Error"}, 500), [])

    def answered(self, request: Request) -> tuple[Answer, list[Fault]]:
        if request.path.startswith("/_control/"):
            return control.answer(self.emulator, request), []
        if request.path.startswith("/_media/"):
            return self.emulator.picture(request.path.rpartition("/")[2]), []
        if web.wanted(request):
            return web.answer(self.emulator, request), []
        if pages.wanted(request):
            return pages.page(self.emulator.world, request), []
        return self.emulator.answer(request)

    def send(self, answer: Answer, faults: list[Fault]) -> None:
        """Send the answer in one piece, or as the faults want it."""
        kinds = {fault.kind: fault for fault in faults}
        if "delay_after" in kinds:
            time.sleep(kinds["delay_after"].seconds)
        if "drop_after" in kinds:
            raise Dropped
        for kind in ("html_after", "refuse_after"):
            if kind in kinds:
                answer = canned(kinds[kind])
        body = b"" if "empty_body" in kinds else answer.encoded()
        if kinds.keys() & {"empty_body", "truncated"} and not answer.encoded():
            answer.headers.pop("x-restli-id", None)  # what an answer without a body has to say stands here
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **answer.headers,
            "Content-Length": str(len(body)),
        }
        if "empty_body" in kinds:
            del headers["Content-Type"]
        if "truncated" in kinds:
            body = body[: len(body) // 2]
            headers["Content-Length"] = str(len(body))
        lines = [
            f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('Status', ''))[0]}",
            f"Date: {self.date_time_string()}",
        ]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items())]) + "\r\n\r\n"
        whole = head.encode("latin-1", "replace") + (b"" if self.command == "HEAD" else body)
        if "drip" in kinds:
            self.drip(whole)
        else:
            self.wfile.write(whole)

    def drip(self, whole: bytes) -> None:
        """A byte a second, for as long as somebody listens."""
        for at in range(len(whole)):
            try:
                self.wfile.write(whole[at : at + 1])
            except OSError:
                return
            time.sleep(1)

    def cut(self) -> None:
        """Close the line hard, so that the caller sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        log.debug(format, *args)


class Server(ThreadingHTTPServer):
    """A thread for each connection; none of them keeps the process alive."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


def serve(home: Path, port: int, control_token: str = "") -> tuple[Server, Emulator]:
    """A bound server, not yet serving; port 0 picks a free one."""
    emulator = Emulator(home, control_token)
    handler = type("Bound", (Handler,), {"emulator": emulator})
    return Server(("127.0.0.1", port), handler), emulator
