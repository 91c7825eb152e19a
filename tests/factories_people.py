"""Signing in through the pages, for stories about people."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts import clock
from accounts.models import User

WORDS = "brook lantern seven mill"
NEW = "otter pebble tram window"
HOUR = 3600


def sign_in(client: Client, user: User, words: str = WORDS) -> int:
    return client.post("/account/login/", {"login": user.email, "password": words}).status_code


def age(client: Client, **seconds: float) -> None:
    """Let the session have started, or been used last, that long ago."""
    session = client.session
    for name, ago in seconds.items():
        session[name] = clock.now().timestamp() - ago
    session.save()


def is_in(client: Client, **headers: str) -> bool:
    return client.get("/me/", headers=headers).status_code == 200


def set_up_second_factor(user: User) -> tuple[str, list[str]]:
    """Through the pages; returns the seed and the recovery codes."""
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": WORDS})
    page = client.get("/account/second-factor/set-up/")
    seed: str = page.context["form"].secret
    answer = client.post("/account/second-factor/set-up/", {"code": code_of(seed, -1)})
    assert answer.status_code == 302, answer.content.decode()
    codes = re.findall(r"(?:\d{4} ){6}\d{2}", client.get("/account/second-factor/recovery-codes/").content.decode())
    return seed, codes


def code_of(seed: str, step: int = 0) -> str:
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30 + step)))


def enter(user: User, code: str) -> Client:
    client = Client()
    sign_in(client, user)
    client.post("/account/second-factor/code/", {"code": code})
    return client
