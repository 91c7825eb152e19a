"""Webhooks: believed only where they are signed, never read for what they say, and each at most once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from accounts import clock
from channels_app import app_keys, hook_views, hooks, vault
from channels_app.emulator.client import Emulator
from channels_app.models import AppKey, Channel, Cursor, WebhookSeen
from channels_app.platforms import budgets
from channels_app.platforms.base import Secret, TryLater
from engagement import intake
from engagement.models import Message
from tests.emulated import emulated, emulator
from tests.factories import NOON, make_channel, make_user
from tests.scripted import Scripted

__all__ = ["emulated", "emulator"]

pytestmark = pytest.mark.django_db
SECRET, TOKEN = "practice-app-secret", "practice-verify-token"  # noqa: S105
LATER = timedelta(minutes=4)


@pytest.fixture(autouse=True)
def app(db: None) -> None:
    by, apps = make_user("administrator"), {"facebook": (SECRET, TOKEN), "x": ("another", SECRET)}
    for platform, (secret, token) in apps.items():
        given = {"client_id": "practice-app", "client_secret": secret, "webhook_token": token}
        app_keys.replace(platform, given, by=by, now=NOON)


def make_cursor(channel: Channel, stream: str = "posts", **facts: Any) -> Cursor:
    facts = {"next_poll_at": clock.now() + LATER, "last_ok_at": clock.now() - timedelta(minutes=1)} | facts
    return Cursor.objects.create(channel=channel, stream=stream, **facts)


def body_of(channel: Channel, **value: Any) -> bytes:
    told = {"id": channel.remote_id, "time": 1, "changes": [{"field": "feed", "value": {"item": "comment"} | value}]}
    return json.dumps({"object": "page", "entry": [told]}).encode()


def signed(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def post(body: bytes, signature: str, platform: str = "facebook", **more: Any) -> int:
    headers = {hooks.SIGNATURE[platform]: signature} if signature else {}
    client = Client(enforce_csrf_checks=True)
    answer = client.generic("POST", f"/hooks/{platform}/", body, "application/json", headers=headers, **more)
    assert answer.content == b""
    assert not client.cookies
    return answer.status_code


def is_due(cursor: Cursor) -> bool:
    cursor.refresh_from_db()
    return cursor.next_poll_at <= clock.now()


def test_a_signed_webhook_brings_the_reading_of_its_channel_forward_and_keeps_nothing_it_said() -> None:
    mine, other = make_channel("facebook"), make_channel("facebook")
    cursor, others = make_cursor(mine), make_cursor(other)
    body = body_of(mine, message="My neighbour is ill", comment_id="1_2")
    assert post(body, signed(body)) == 200
    assert (is_due(cursor), is_due(others)) == (True, False)
    mine.refresh_from_db()
    assert mine.last_hook_at is not None
    seen = WebhookSeen.objects.get()
    assert (seen.platform, seen.sha256) == ("facebook", hashlib.sha256(body).hexdigest())
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: "",
        lambda body: signed(body, "another"),
        lambda body: signed(body + b" "),
        lambda body: signed(body).removeprefix("sha256="),
        lambda body: f"sha1={hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}",
        lambda body: "sha256=é",
    ],
)
def test_what_is_not_signed_with_our_key_is_refused_and_nothing_is_said(forge: Any) -> None:
    cursor = make_cursor(make_channel("facebook"))
    body = body_of(cursor.channel)
    assert post(body, forge(body)) == 403
    assert not is_due(cursor)
    assert not WebhookSeen.objects.exists()


def test_the_same_again_is_answered_and_does_nothing() -> None:
    cursor = make_cursor(make_channel("facebook"))
    body = body_of(cursor.channel)
    assert post(body, signed(body)) == 200
    Cursor.objects.update(next_poll_at=clock.now() + LATER)
    Channel.objects.update(last_hook_at=None)
    assert post(body, signed(body)) == 200
    assert not is_due(cursor)
    assert Channel.objects.get().last_hook_at is None


def test_a_body_that_is_too_large_is_not_even_read() -> None:
    body = b"x" * (hooks.MOST + 1)
    assert post(body, signed(body)) == 413
    assert not WebhookSeen.objects.exists()


def test_whoever_forges_again_and_again_is_not_looked_at_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_views, "FORGERIES", 4)
    body = b"{}"
    assert [post(body, "sha256=00") for _ in range(5)][-2:] == [403, 429]
    assert post(body, signed(body)) == 429
    assert post(body, signed(body), REMOTE_ADDR="192.0.2.7") == 200


def test_without_a_key_or_a_public_address_nothing_is_believed(settings: Any) -> None:
    body = b"{}"
    keys = AppKey.objects.filter(platform="facebook", field="client_secret")
    (kept,) = keys.values()
    keys.delete()
    assert post(body, signed(body, "")) == 403
    AppKey.objects.create(**kept)
    settings.PRACTICE = False
    assert post(body, signed(body), secure=True) == 403
    assert (hooks.address("facebook"), hooks.why_off()) == ("", hooks.OFF)
    settings.PUBLIC_URL = "https://talk.fernhill.example"
    assert hooks.address("facebook") == "https://talk.fernhill.example/hooks/facebook/"
    assert post(body, signed(body), secure=True) == 200
    assert post(b"{ }", signed(b"{ }")) == 403  # not over https
    assert Client().post("/hooks/mastodon/").status_code == 404


def test_the_secret_that_came_with_a_channels_own_keys_signs_too() -> None:
    AppKey.objects.all().delete()
    cursor = make_cursor(make_channel("facebook"))
    vault.store(cursor.channel, "app_secret", Secret("of the channel"))
    body = body_of(cursor.channel)
    assert post(body, signed(body, "of the channel")) == 200
    assert is_due(cursor)


def test_a_channel_is_read_at_most_every_ten_seconds_and_rests_while_it_must() -> None:
    channel, now = make_channel("facebook"), clock.now()
    fresh = make_cursor(channel, last_ok_at=now)
    body = body_of(channel)
    hooks.take("facebook", body, now)
    fresh.refresh_from_db()
    assert fresh.next_poll_at == now + hooks.APART
    Cursor.objects.update(next_poll_at=now + LATER)
    limited = make_cursor(channel, "mentions", why="Facebook's limit for this Page is used up.")
    hooks.take("facebook", body_of(channel, n=2), now)
    for cursor in (fresh, limited):
        cursor.refresh_from_db()
        assert cursor.next_poll_at >= now + timedelta(minutes=3)


def test_private_messages_at_their_limit_rest_alone(scripted: Scripted) -> None:
    channel, now = make_channel("x"), clock.now()
    limited = make_cursor(channel, "direct", why="X's limit for this account is used up.")
    mentions = make_cursor(channel, "mentions")
    hooks.take("x", b"{}", now)
    assert [is_due(one) for one in (limited, mentions)] == [False, True]
    scripted.faults = [TryLater("X's limit for this account is used up.", wait=900)]
    Cursor.objects.filter(pk=limited.pk).update(next_poll_at=now, failures=5)
    intake.poll(limited.pk, now)
    assert is_due(mentions)


def test_comments_are_read_of_the_post_that_is_named() -> None:
    channel, now = make_channel("facebook"), clock.now()
    old = {"root_at": now - timedelta(days=40)}
    named, other = (make_cursor(channel, "comments", root=name, **old) for name in ("1_1", "1_2"))
    young = make_cursor(channel, "comments", root="1_3", root_at=now - timedelta(hours=1))
    hooks.take("facebook", body_of(channel, post_id="1_1"), now)
    assert [is_due(one) for one in (named, other, young)] == [True, False, False]


def test_reading_stays_within_the_budget_however_often_a_platform_tells(scripted: Scripted, settings: Any) -> None:
    settings.PRACTICE = False
    channel, posts = make_channel("facebook"), [f"1_{n}" for n in range(12)]
    for root in posts:
        facts = {"root_at": NOON - timedelta(hours=1), "last_ok_at": NOON, "next_poll_at": NOON + timedelta(minutes=5)}
        make_cursor(channel, "comments", root=root, **facts)
    for n in range(30):
        now = NOON + n * hooks.APART
        hooks.take("facebook", body_of(channel, n=n, post_id=posts[n % 12]), now)
        for cursor in intake.due(now):
            intake.poll(cursor, now)
    assert 20 < len(scripted.calls) <= budgets.BUDGETS["facebook"][""].allowed() * 300


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b'{"object": 1, "entry": [3, {"changes": "x"}]}'])
def test_a_signed_body_that_cannot_be_understood_wakes_every_channel_of_the_platform(body: bytes) -> None:
    cursor, elsewhere = make_cursor(make_channel("facebook")), make_cursor(make_channel("x"))
    assert post(body, signed(body)) == 200
    assert (is_due(cursor), is_due(elsewhere)) == (True, False)


def test_meta_asks_whether_the_address_is_ours() -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": TOKEN}
    answer = Client().get("/hooks/facebook/", asked)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain")
    assert Client().get("/hooks/instagram/", asked).content == b"1158201444"
    for wrong in ({"hub.verify_token": "guess"}, {"hub.mode": "other"}, {"hub.challenge": "<script>"}):
        assert Client().get("/hooks/facebook/", asked | wrong).status_code == 403
    assert Client().get("/hooks/facebook/").status_code == 403


def test_x_asks_for_a_token_to_be_signed_and_cannot_be_made_to_sign_a_body() -> None:
    made = base64.b64encode(hmac.new(SECRET.encode(), b"abc_123", hashlib.sha256).digest()).decode()
    answer = Client().get("/hooks/x/", {"crc_token": "abc_123"})
    assert (answer.status_code, answer.json()) == (200, {"response_token": f"sha256={made}"})
    for forged in ('{"for_user_id":"1"}', "", "a b", "x" * 257):
        assert Client().get("/hooks/x/", {"crc_token": forged}).status_code == 403


def test_what_x_had_signed_for_a_stranger_is_believed_by_nobody() -> None:
    cursor = make_cursor(make_channel("x"))
    for asked in ("abc1", "1", "a/b=", "-5"):
        signature = Client().get("/hooks/x/", {"crc_token": asked}).json()["response_token"]
        assert post(asked.encode(), signature, "x") == 403
    assert not is_due(cursor)
    assert Channel.objects.get().last_hook_at is None


def test_what_no_platform_sends_again_is_forgotten() -> None:
    hooks.take("facebook", b"{}", NOON)
    hooks.take("facebook", b"[]", NOON + timedelta(days=2))
    assert hooks.forget(NOON + timedelta(days=4)) == 1
    assert WebhookSeen.objects.count() == 1


@pytest.fixture
def sent() -> Iterator[tuple[str, queue.Queue[tuple[dict[str, str], bytes]]]]:
    """An address on this machine, and what is sent to it."""
    heard: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            heard.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", heard
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_a_resident_writes_and_is_heard_before_the_clock_would_have_read(
    emulator: Emulator, sent: tuple[str, queue.Queue[tuple[dict[str, str], bytes]]], platform: str
) -> None:
    url, heard = sent
    emulator.reset()
    made = emulator.create_account(platform, "fernhill")
    channel = make_channel(platform, remote_id=made["id"], handle="@fernhill")
    vault.store(channel, "access_token", Secret(made["token"]))
    intake.ensure_cursors(clock.now())
    now = clock.now()
    Cursor.objects.update(next_poll_at=now + LATER, last_ok_at=now - timedelta(minutes=1))
    assert intake.due(now) == []
    emulator.hook(platform, url, SECRET)
    emulator.say(platform, "@fernhill the lamp on Mill Road is out", to=made["id"])
    headers, body = heard.get(timeout=5)
    name = hooks.SIGNATURE[platform]
    signature = next(value for key, value in headers.items() if key.lower() == name.lower())
    assert post(body, signature, platform) == 200
    due = intake.due(clock.now())
    assert Cursor.objects.get(stream="mentions").pk in due
    intake.poll(Cursor.objects.get(stream="mentions").pk, clock.now())
    assert Message.objects.get().text.endswith("the lamp on Mill Road is out")


def test_what_is_told_while_a_channel_is_being_read_has_it_read_once_more(emulator: Emulator) -> None:
    emulator.reset()
    made = emulator.create_account("facebook", "fernhill")
    channel = make_channel("facebook", remote_id=made["id"])
    vault.store(channel, "access_token", Secret(made["token"]))
    now = clock.now()
    told, quiet = (make_cursor(channel, stream, next_poll_at=now) for stream in ("mentions", "visitors"))
    hooks.take("facebook", b"{}", now + timedelta(seconds=1))
    intake.poll(told.pk, now)
    told.refresh_from_db()
    assert now + hooks.APART <= told.next_poll_at < now + 2 * hooks.APART
    Channel.objects.update(last_hook_at=now - timedelta(seconds=1))
    intake.poll(quiet.pk, now)
    quiet.refresh_from_db()
    assert quiet.next_poll_at > now + hooks.APART
