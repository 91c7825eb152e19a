"""Health says whether work gets done, in as few words as possible."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from channels_app.models import Heartbeat
from channels_app.publishing import rounds
from config import env, health, probe, tasks


@pytest.mark.django_db
def test_a_ready_desk_says_so_to_anybody_and_nothing_more(client: Client, tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_desk_that_waits_for_its_tables_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "known_migrations", lambda: frozenset({("accounts", "9999_tomorrow")}))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_media_that_cannot_be_written_are_noticed(client: Client, settings: object) -> None:
    settings.MEDIA_ROOT = Path("/nowhere/at/all/media")  # type: ignore[attr-defined]
    assert client.get("/health/ready").status_code == 503


def test_a_role_is_healthy_while_its_last_cycle_is_fresh(transactional_db: str) -> None:
    assert probe.main(["publisher"]) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    rounds.beat("publisher", now)
    assert probe.main(["publisher"]) == 0
    Heartbeat.objects.update(at=now - timedelta(minutes=10))
    assert probe.main(["publisher"]) == 1


def test_a_tick_that_arrives_is_beats_sign_of_life(transactional_db: str) -> None:
    assert probe.main(["beat"]) == 1
    tasks.tick_heard()
    assert probe.main(["beat"]) == 0


def test_a_worker_that_does_not_answer_is_not_healthy() -> None:
    assert env.text("REDIS_URL")
    assert probe.main(["worker", "mail"]) == 1


class Page(BaseHTTPRequestHandler):
    """Answers readiness for the right host."""

    def do_GET(self) -> None:
        ready = self.path == "/health/ready" and self.headers["Host"] == env.words("ALLOWED_HOSTS")[0]
        self.send_response(200 if ready else 503)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def doorman() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_web_probe_asks_as_the_proxy_would(doorman: int, monkeypatch: pytest.MonkeyPatch) -> None:
    here = http.client.HTTPConnection("127.0.0.1", doorman, timeout=5)
    monkeypatch.setattr(probe.http.client, "HTTPConnection", lambda host, port, timeout: here)
    assert probe.main(["web"]) == 0


def test_the_probe_explains_itself() -> None:
    assert probe.main(["nonsense"]) == 2
