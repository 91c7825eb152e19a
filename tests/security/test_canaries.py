"""Every secret field gets a value that can be looked for; then everything that is ever written is searched for it."""

from __future__ import annotations

import base64
import io
import logging
import os
import secrets
import traceback
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
import redis
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock, invitations
from accounts.models import Mail, User
from channels_app import connecting, outbox, platforms, trying, vault
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Cursor
from channels_app.platforms import http
from channels_app.platforms.base import Ending
from channels_app.redaction import Mask
from config.celery import app
from config.logs import JsonLine
from engagement import intake
from policy.approvals import content_hash, free
from tests.emulated import emulated, emulator
from tests.factories import give, make_payload, make_user
from tests.factories_calendar import make_objective

__all__ = ["emulated", "emulator"]
pytestmark = pytest.mark.django_db
FAULTS = ("rate_limited", "html", "drop_before", "truncated", "empty_body", "forbidden", "revoked")


class Search:
    """The secrets that were given out, and everything that was written."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self.written: list[tuple[str, str]] = []

    def secret(self, name: str) -> str:
        self.given[name] = f"canary{secrets.token_hex(16)}"
        return self.given[name]

    def add(self, where: str, text: object) -> None:
        self.written.append((where, text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)))

    def hits(self) -> list[tuple[str, str]]:
        forms = {(name, form) for name, value in self.given.items() for form in forms_of(value)}
        return [(where, name) for where, text in self.written for name, form in forms if form in text]


def forms_of(value: str) -> Iterator[str]:
    """As it is, in hexadecimal, percent by percent, and in base64 wherever it may begin."""
    raw = value.encode()
    yield from (value, value[6:26], raw.hex(), raw.hex().upper(), "".join(f"%{byte:02X}" for byte in raw), quote(value))
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw).decode()
        yield whole[4:-4]


@pytest.fixture
def search() -> Iterator[Search]:
    """Every logger wide open, written as the running system writes."""
    found, stream, root = Search(), io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    handler.addFilter(Mask())
    handler.setLevel(logging.DEBUG)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield found
    root.setLevel(before)
    root.removeHandler(handler)
    found.add("logs", stream.getvalue())
    assert len(stream.getvalue()) > 1000
    assert found.hits() == []


@pytest.fixture
def client(search: Search) -> Client:
    """An administrator who also publishes, signed in with a password that is looked for as well."""
    user = make_user("administrator", password=search.secret("password"))
    for role in ("publisher", "manager"):
        give(user, role)
    browser = Client(raise_request_exception=False)
    answer = browser.post("/account/login/", {"login": user.email, "password": search.given["password"]})
    search.add("sign-in page", answer.content)
    assert answer.status_code == 302
    return browser


def shown(name: str) -> dict[str, str]:
    """The fields of a platform that are no secrets."""
    told = {"username": "fernhill", "board": "Town news"}
    return {need.key: told[need.key] for need in platforms.get(name).NEEDS if need.shown}


def connected(name: str, emulator: Emulator, client: Client, search: Search) -> Channel:
    """Through the form, with a secret in every field; then the worker's trial call."""
    made = emulator.create_account(name, "fernhill", name="Town of Fernhill")
    values = {need.key: search.secret(f"{name} {need.key}") for need in platforms.get(name).NEEDS} | shown(name)
    needed = "access_token"
    if "app_password" in values:  # it opens a session, under a name that is no secret
        needed = "app_password"
        values["identifier"] = "fernhill.bsky.example"
    kind = {"app_password": "password"}.get(needed, "user")
    emulator.create_token(made["id"], token=values[needed], kind=kind)
    wrong = client.post(reverse("channels:connect-channel", args=[name]), values | {"host": "127.0.0.1", needed: ""})
    search.add("refused form", wrong.content)
    whole = values | {"name": f"Fernhill {name}", "host": http.PRACTICE_HOSTS[name]}
    posted = client.post(reverse("channels:connect-channel", args=[name]), whole)
    search.add("connecting", str(posted.headers) + posted.content.decode())
    assert posted.status_code == 302
    trying.try_due(clock.now())
    channel = Channel.objects.get(platform=name)
    assert channel.state == "ok", channel.why
    kept = vault.secrets_of(channel).items()
    search.given |= {f"{name} kept {field}": one.reveal() for field, one in kept if field not in values}
    return channel


def publish(channel: Channel, search: Search, number: int) -> None:
    now = clock.now()
    payload = make_payload(f"Notice {number} on {channel.platform}")
    approval = free(content_hash(payload, channel.key), "post", asked_by=None, now=now)
    outbox.create(channel, "post", "canary", payload, approval, None, now, now)
    outbox.step()


def read(channel: Channel) -> None:
    for cursor in Cursor.objects.filter(channel=channel):
        Cursor.objects.filter(pk=cursor.pk).update(next_poll_at=clock.now(), lease_until=None)
        intake.poll(cursor.pk, clock.now())


def live_through_faults(channel: Channel, emulator: Emulator, search: Search) -> None:
    for number, kind in enumerate(FAULTS):
        emulator.fault(kind, platform=channel.platform)
        publish(channel, search, number)
        read(channel)
        try:
            account = connecting.account_of(channel)
            search.add("an account shown", f"{account!r} {account} {vault.secrets_of(channel)!r}")
            platforms.get(channel.platform).profile(account)
        except Ending as ending:
            search.add("an exception", "".join(traceback.format_exception(ending)) + repr(ending.args))
        emulator.clear_faults()
        Channel.objects.filter(pk=channel.pk).exclude(state="needs_reconnect").update(failures=0, next_send_at=None)


def reconnect(channel: Channel, client: Client, search: Search) -> None:
    values = {
        need.key: search.secret(f"new {channel.platform} {need.key}") for need in platforms.get(channel.platform).NEEDS
    }
    values |= shown(channel.platform)
    answer = client.post(reverse("channels:reconnect-channel", args=[channel.key]), values)
    search.add("reconnecting", answer.content)
    trying.try_due(clock.now() + timedelta(seconds=1))


def look_at_pages(channels: list[Channel], client: Client, search: Search) -> None:
    pages = [
        "/",
        "/working/",
        "/channels/",
        "/calendar/",
        "/inbox/",
        "/objectives/",
        "/notifications/",
        "/mailbox/",
        "/settings/",
    ]
    pages += [
        "/settings/people/",
        "/sign-off/",
        "/search/?q=canary",
        "/me/",
        "/account/sessions/",
        "/health/deep",
        "/nowhere/",
    ]
    pages += [f"/channels/{channel.key}/{part}" for channel in channels for part in ("", "trial/", "reconnect/")]
    pages += [f"/objectives/{make_objective().key}/weeks.csv"]
    for page in pages:
        answer = client.get(page)
        search.add(page, str(answer.headers) + (b"".join(answer) if answer.streaming else answer.content).decode())


def break_something(channel: Channel, client: Client, search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault nobody foresaw, with opened secrets within reach of whoever writes it down."""

    def trip(*about: object, **more: object) -> None:
        opened = {name: one.reveal() for name, one in vault.secrets_of(channel).items()}
        raise ZeroDivisionError(f"broken with {opened}")

    with monkeypatch.context() as patch:
        patch.setattr("channels_app.health.of", trip)
        answer = client.get(reverse("channels:channel", args=[channel.key]))
    assert answer.status_code == 500
    search.add("error page", answer.content)


def dump_database(search: Search) -> None:
    """Every row of every table, as a dump would hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            out = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", out)
            search.add(f"table {table}", out.getvalue())


def dump_broker(search: Search) -> None:
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    app.send_task("channels_app.tasks.test_connections")
    keys = list(broker.scan_iter())
    assert keys
    for key in keys:
        search.add(f"broker {key!r}", key + (broker.dump(key) or b""))


def test_no_secret_is_found_anywhere(
    emulator: Emulator, client: Client, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.reset()
    channels = [connected(name, emulator, client, search) for name in platforms.SENT_TO]
    for channel in channels:
        publish(channel, search, 99)
        read(channel)
        live_through_faults(channel, emulator, search)
        break_something(channel, client, search, monkeypatch)
        reconnect(channel, client, search)
    by = User.objects.get(grants__role="administrator")
    _, path = invitations.invite("new@fernhill.example", "officer", by=by, now=clock.now())
    search.given["invitation"] = path.rstrip("/").rsplit("/", 1)[1]
    client.get(path)
    look_at_pages(channels, client, search)
    dump_database(search)
    dump_broker(search)
    search.add("mail", list(Mail.objects.values_list("sealed", "subject")))
    assert len(search.given) > 8
    assert len(search.written) > 100


def test_the_search_would_find_a_secret_in_any_dress() -> None:
    search = Search()
    value = search.secret("one")
    dresses = [
        value,
        value.encode().hex(),
        base64.b64encode(b"ab" + value.encode()),
        "".join(f"%{ord(c):02X}" for c in value),
    ]
    for dress in dresses:
        search.written = []
        search.add("here", dress)
        assert search.hits(), dress
    search.written = [("here", base64.b64encode(secrets.token_bytes(99)).decode())]
    assert not search.hits()
