"""What travels: a request with its arguments however they were encoded, an answer, and the table of routes."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from email.policy import HTTP
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl


def multipart(content_type: str, body: bytes) -> Iterator[tuple[str, str | None, str, bytes]]:
    """The parts of a form as (name, file name or None, media type, bytes). Bytes are never decoded on the way."""
    head = HeaderParser(policy=HTTP).parsestr(f"Content-Type: {content_type}\r\n\r\n")
    boundary = str(head.get_param("boundary") or "")
    if not boundary:
        return
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        lines, gap, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not gap or piece.startswith(b"--"):
            continue
        part = HeaderParser(policy=HTTP).parsestr(lines.decode("utf-8", "replace") + "\r\n\r\n")
        name = part.get_param("name", header="content-disposition")
        yield str(name or ""), part.get_filename(), part.get_content_type(), data


@dataclass(frozen=True)
class Upload:
    """A file inside a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass
class Request:
    """One HTTP request; `host` is the host the caller believes it talks to."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str] | Message
    body: bytes = b""

    @cached_property
    def mime(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or None when it is not JSON."""
        if self.mime != "application/json":
            return None
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None

    @cached_property
    def _parts(self) -> tuple[list[tuple[str, str]], dict[str, Upload]]:
        pairs: list[tuple[str, str]] = []
        files: dict[str, Upload] = {}
        for name, filename, mime, data in multipart(self.headers.get("Content-Type", ""), self.body):
            if filename is None:
                pairs.append((name, data.decode("utf-8", "replace")))
            else:
                files[name] = Upload(filename, mime, data)
        return pairs, files

    @cached_property
    def files(self) -> dict[str, Upload]:
        return self._parts[1] if self.mime == "multipart/form-data" else {}

    @cached_property
    def fields(self) -> dict[str, list[Any]]:
        """Query, form, multipart and top-level JSON fields together; `name[]` and `name` are one."""
        pairs: list[tuple[str, Any]] = list(parse_qsl(self.query, keep_blank_values=True))
        if self.mime == "application/x-www-form-urlencoded":
            pairs += parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        elif self.mime == "multipart/form-data":
            pairs += self._parts[0]
        elif isinstance(self.json, dict):
            for name, value in self.json.items():
                pairs += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
        found: dict[str, list[Any]] = {}
        for name, value in pairs:
            found.setdefault(name.removesuffix("[]"), []).append(value)
        return found

    def arg(self, name: str, default: str = "") -> str:
        """One argument as text; JSON true and false read as `true` and `false`."""
        values = self.fields.get(name)
        if not values or values[-1] is None:
            return default
        return values[-1] if isinstance(values[-1], str) else json.dumps(values[-1])

    def many(self, name: str) -> list[str]:
        """A repeated argument, or one with commas."""
        return [piece for value in self.fields.get(name, []) for piece in str(value).split(",") if piece]

    def flag(self, name: str) -> bool:
        return self.arg(name).lower() in {"true", "1", "on", "yes"}

    def number(self, name: str, default: int) -> int:
        text = self.arg(name)
        return int(text) if text.isdigit() else default

    @cached_property
    def basic(self) -> str:
        """The password of basic authentication; spaces in it do not count."""
        scheme, _, told = self.headers.get("Authorization", "").partition(" ")
        try:
            pair = base64.b64decode(told).decode() if scheme.lower() == "basic" else ""
        except ValueError:
            return ""
        return "".join(pair.partition(":")[2].split())

    @cached_property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass
class Answer:
    """What goes back. `body` is JSON-encoded unless it is bytes; `committed` names what the call made, for the log."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    committed: str | None = None

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


class Refuse(Exception):
    """Ends a call with an answer that is an error; whatever the call wrote is rolled back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


Handler = Callable[..., Answer]
Namer = str | Callable[[Request], str]


class Routes:
    """A dialect's table of method, path and name. Names are the same for every platform, so that faults can be too:
    publish reply media media_status alt_text edit delete hide like own_posts post replies mentions messages search
    profile insights token instance.
    """

    def __init__(self) -> None:
        self.table: list[tuple[str, re.Pattern[str], Namer, Handler]] = []

    def on(self, method: str, pattern: str, name: Namer) -> Callable[[Handler], Handler]:
        """Register a handler; `{word}` in the pattern is one path segment and becomes an argument."""
        compiled = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + r"/?\Z")

        def register(handler: Handler) -> Handler:
            self.table.append((method, compiled, name, handler))
            return handler

        return register

    def find(self, request: Request) -> tuple[str, Handler, dict[str, str]] | None:
        for method, pattern, name, handler in self.table:
            hit = pattern.match(request.path) if method == request.method else None
            if hit:
                return (name if isinstance(name, str) else name(request)), handler, hit.groupdict()
        return None
