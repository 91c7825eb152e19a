"""The HTTP server: one port, every dialect, every fault.

A request belongs to the host in `X-Forwarded-Host` (or `Host`), and without a known host to the platform its path
looks like. It listens on 127.0.0.1 only.
"""

import json
import logging
import re
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import control, facebook, fb_lists, m_lists, mastodon, media, x, x_lists, x_media
from .clock import iso
from .dialect import REFUSALS, Dialect
from .faults import Fault, Faults
from .town import Town
from .wire import Answer, Refuse, Request
from .world import Call, World

log = logging.getLogger(__name__)
READERS = (fb_lists, m_lists, x_lists, x_media)  # importing them registers their routes
DIALECTS = {"x": x.DIALECT, "facebook": facebook.DIALECT, "mastodon": mastodon.DIALECT}
MOST_BODY = 40 * 1024 * 1024
SECRET = {"access_token", "input_token", "client_secret", "fb_exchange_token", "code", "appsecret_proof"}
PAGE_5XX = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)
GRAPH_PATH = re.compile(r"/v\d+\.\d+/")


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def platform_of(request: Request) -> str:
    """Whose dialect a request speaks."""
    host = request.host.partition(":")[0]
    if host in {"api.x.example", "api.x.com", "api.twitter.com", "upload.twitter.com", "x.com", "twitter.com"}:
        return "x"
    if host in {"graph.facebook.example", "graph.facebook.com"}:
        return "facebook"
    if "." in host and not host.startswith("127."):
        return "mastodon"
    if GRAPH_PATH.match(request.path):
        return "facebook"
    return "x" if request.path.startswith("/2/") else "mastodon"


class Emulator:
    """The world with its faults, answering one request at a time."""

    def __init__(self, home: Path, control_token: str = "") -> None:
        self.world = World(home)
        self.world.town = Town(self.world)
        self.faults = Faults()
        self.control_token = control_token

    def prepare(self, town: str, seed: int, speed: float) -> None:
        """Found the town at the first start; later starts find it as it was."""
        with self.world.store.transaction():
            if self.world.store.get("town") is None:
                if speed != 1:
                    self.world.clock.set(speed=speed)
                self.world.town.found(town, seed, self.world.clock.now())

    def answer(self, request: Request) -> tuple[Answer, list[Fault]]:
        """Do what the request asks; the answer and the faults still to be acted on while sending it."""
        dialect = DIALECTS[platform_of(request)]
        hit = dialect.routes.find(request)
        route = hit[0] if hit else "unknown"
        owner = self.world.token(self._token(request))
        struck = self.faults.strike(request, dialect.platform, route, owner["account"] if owner else "")
        kinds = {fault.kind: fault for fault in struck}
        number = self._log(request, dialect, route, owner["account"] if owner else None, ",".join(kinds))
        answer = self._before(dialect, request, kinds, number) or self._commit(dialect, request, kinds, number)
        self.world.store.update("requests", {"n": number}, status=answer.status, committed=answer.committed)
        return answer, [
            fault
            for fault in struck
            if fault.kind.endswith("_after") or fault.kind in {"empty_body", "truncated", "drip"}
        ]

    @staticmethod
    def _token(request: Request) -> str:
        signed = x.OAUTH1.search(request.headers.get("Authorization", ""))
        return signed[1] if signed else request.bearer or request.arg("access_token")

    def _log(self, request: Request, dialect: Dialect, route: str, account: str | None, fault: str) -> int:
        query = urlencode([(name, value) for name, value in parse_qsl(request.query) if name not in SECRET])
        with self.world.store.transaction():
            number = self.world.store.next_number("request")
            self.world.store.insert(
                "requests", n=number, at=self.world.clock.now(), method=request.method, host=request.host,
                path=request.path + (f"?{query}" if query else ""), platform=dialect.platform, route=route,
                account=account, fault=fault or None,
            )  # fmt: skip
            if number % 5000 == 0:
                self.world.store.run("DELETE FROM requests WHERE n < ?", number - 50_000)
        return number

    def _before(self, dialect: Dialect, request: Request, kinds: dict[str, Fault], number: int) -> Answer | None:
        """Faults that strike before anything is done."""
        if "delay_before" in kinds:
            time.sleep(kinds["delay_before"].seconds)
        if "drop_before" in kinds:
            raise Dropped
        for kind in ("refuse", "html", "unavailable"):
            if kind in kinds:
                return canned(kinds[kind])
        for kind in REFUSALS:
            if kind in kinds:
                return self._refused(dialect, request, kinds[kind])
        if "late" in kinds:
            return self._late(dialect, request, kinds["late"], number)
        return None

    def _refused(self, dialect: Dialect, request: Request, fault: Fault) -> Answer:
        now = self.world.clock.now()
        answer = dialect.refusal(fault.kind, Call(self.world, request, now))
        if fault.kind == "rate_limited" and fault.reset is not None:
            answer.headers = limit_headers(dialect.platform, now, fault.reset)
        return answer

    def _late(self, dialect: Dialect, request: Request, fault: Fault, number: int) -> Answer:
        """Let the caller go, and do what it asked some seconds later."""

        def commit() -> None:
            answer = self._commit(dialect, request, {}, number)
            self.world.store.update("requests", {"n": number}, committed=answer.committed)

        timer = threading.Timer(fault.seconds, commit)
        timer.daemon = True
        timer.start()
        if fault.answer == "hang":
            time.sleep(fault.hold)
        if fault.answer in {"hang", "drop"}:
            raise Dropped
        return canned(Fault("html", status=503))

    def _commit(self, dialect: Dialect, request: Request, kinds: dict[str, Fault], number: int) -> Answer:
        """Run the handler in one transaction; a refusal rolls back what it wrote."""
        store, headers = self.world.store, dict[str, str]()
        hit = dialect.routes.find(request)
        with store.lock:
            with store.transaction():
                now = self.world.clock.now()
                self.world.town.live(now)
            call = Call(self.world, request, now, media_fails="media_fails" in kinds)
            call.lag = 1e12 if "silent" in kinds else kinds["lag"].seconds if "lag" in kinds else 0.0
            try:
                if hit is None:
                    return dialect.no_route(request)
                with store.transaction():
                    dialect.identify(call, hit[0])
                    headers = dialect.headers(call, hit[0])
                with store.transaction():
                    answer = hit[1](call, **hit[2])
            except Refuse as refused:
                answer = refused.answer
        answer.headers = headers | answer.headers
        return answer

    def picture(self, name: str) -> Answer:
        """The bytes of an upload."""
        row = self.world.store.one("SELECT * FROM media WHERE id = ?", name)
        if row is None:
            return Answer(b"", 404)
        return Answer(media.file_of(self.world, row["sha256"]).read_bytes(), headers={"Content-Type": row["mime"]})


def canned(fault: Fault) -> Answer:
    """The answer a fault brings along, or a proxy's error page."""
    if fault.kind == "unavailable":
        return Answer({"error": "Service Unavailable"}, 503)
    if fault.kind in {"html", "html_after"}:
        return Answer(PAGE_5XX, fault.status if fault.status >= 500 else 502, {"Content-Type": "text/html"})
    return Answer(fault.body.encode(), fault.status, {"Content-Type": "application/json", **fault.headers})


def limit_headers(platform: str, now: float, wait: float) -> dict[str, str]:
    """What a 429 says about its end."""
    if platform == "x":
        return {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(now + wait))}
    if platform == "mastodon":
        return {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": iso(now + wait)}
    minutes = max(1, int(wait // 60))
    usage = {"page": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes}]}
    return {"X-Business-Use-Case-Usage": json.dumps(usage)}


class Handler(BaseHTTPRequestHandler):
    """Reads one request, lets the emulator answer it, and sends the answer as the faults allow."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "practice", ""
    timeout = 120
    emulator: Emulator

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY:
            self.send(Answer({"error": "Payload Too Large"}, 413, {"Connection": "close"}), [])
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        host = self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or ""
        request = Request(self.command, host.lower(), parts.path, parts.query, self.headers, self.rfile.read(length))
        try:
            answer, faults = self.answered(request)
            self.send(answer, faults)
        except Dropped:
            self.cut()
        except OSError:
            self.close_connection = True
        except Exception:
            log.exception("%s %s broke the emulator", request.method, request.path)
            self.send(Answer({"error": "Internal Server Error"}, 500), [])

    def answered(self, request: Request) -> tuple[Answer, list[Fault]]:
        if request.path.startswith("/_control/"):
            return control.answer(self.emulator, request), []
        if request.path.startswith("/_media/"):
            return self.emulator.picture(request.path.rpartition("/")[2]), []
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
