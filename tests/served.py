"""Pictures and videos at an address of this machine, for platforms that fetch them themselves."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEPT: dict[str, bytes] = {}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        data = KEPT.get(self.path) or KEPT.get(self.path.rstrip("/").rpartition("/")[0])
        self.send_response(200 if data is not None else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@cache
def address() -> str:
    """Where all of it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def served(data: bytes) -> str:
    """The address at which these bytes are from now on."""
    path = f"/{hashlib.sha256(data).hexdigest()}"
    KEPT[path] = data
    return address() + path
