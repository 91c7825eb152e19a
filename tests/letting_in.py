"""What a browser and a platform's own page do on the way there and back, over real HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.test import Client

from accounts.models import User
from channels_app.emulator.client import Emulator
from tests.factories import make_town, make_user

BACK = "/channels/connect/back/"


@pytest.fixture
def town(emulator: Emulator) -> Iterator[Emulator]:
    emulator.reset()
    yield emulator
    emulator.clear_faults()


def sign_in(user: User) -> Client:
    """A signed-in person who has just given their password."""
    client = Client(SERVER_NAME="127.0.0.1")  # where the practice platforms send people back to
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.fixture
def admin() -> User:
    make_town()
    return make_user("administrator")


@pytest.fixture
def client(admin: User) -> Client:
    return sign_in(admin)


def keys_of(platform: str, **more: str) -> dict[str, str]:
    return {"client_id": f"practice-app-{platform}", "client_secret": f"practice-secret-{platform}"} | more


def set_up(client: Client, platform: str) -> None:
    if platform != "mastodon":
        assert client.post(f"/channels/connect/{platform}/app/", keys_of(platform)).status_code == 302


def going(client: Client, address: str, **given: str) -> str:
    """Press the button that begins; where its page leads the browser."""
    answer = client.post(address, given, follow=True)
    page = answer.content.decode()
    hit = re.search(r'href="(http://127\.0\.0\.1:\d+/_web/[^"]+)"', page)
    assert hit, page
    return hit[1].replace("&amp;", "&")


def decide(address: str, answer: str = "allow", *, account: str = "", without: tuple[str, ...] = ()) -> str:
    """What a person does on the platform's page; the address their browser is sent back to."""
    shown = requests.get(address, timeout=5).text
    people = re.findall(r'name="as" value="([^"]+)"', shown)
    scopes = re.findall(r'name="allowed" value="([^"]+)"', shown)
    form = [("as", account or people[0]), ("answer", answer)]
    form += [("allowed", scope) for scope in scopes if scope not in without]
    said = requests.post(address, data=form, timeout=5, allow_redirects=False)
    assert said.status_code == 302, said.text
    return said.headers["Location"].partition("#")[0]


def come_back(client: Client, where: str, **changes: str) -> tuple[int, str]:
    """Come back to the desk by that address; the status and the page."""
    parts = urlsplit(where)
    assert parts.path == BACK
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    answer = client.get(f"{BACK}?{urlencode(query)}", follow=True)
    return answer.status_code, answer.content.decode()


def let_in(client: Client, platform: str, **how: object) -> tuple[int, str]:
    set_up(client, platform)
    host = {"host": "social.fernhill.example"} if platform == "mastodon" else {}
    return come_back(client, decide(going(client, f"/channels/connect/{platform}/let-in/", **host), **how))


def pages_of(town: Emulator, *names: str) -> list[str]:
    made = [town.create_account("facebook", name, name=f"Town of {name}")["id"] for name in names]
    town.create_account("facebook", "webteam", name="Web team", kind="manager", extra={"pages": made})
    return made
