"""Signing in through the pages, for stories about people."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import clock
from accounts.lessons import Lesson, Question
from accounts.models import (
    Departure,
    DepartureTask,
    Identity,
    NativeRole,
    TrainingAttempt,
    TrainingModule,
    TrainingRule,
    TrainingVersion,
    User,
)
from tests.factories import COUNT, NOON, make_user

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


# --- training --------------------------------------------------------------------------------------------------------


def make_lesson(title: str = "Personal data", **facts: Any) -> Lesson:
    """Two questions; the second one has two right answers."""
    first = Question("What is public?", ("Everything", "What was published"), (1,), "The rest is not.")
    second = Question("What is personal?", ("A name", "A house number", "The weather"), (0, 1), "People can be found.")
    return Lesson(title, "What we may say.", "Read this.", facts.pop("questions", (first, second)), **facts)


RIGHT, WRONG = [[1], [0, 1]], [[0], [2]]


def make_module(title: str = "Personal data", **facts: Any) -> TrainingModule:
    """A module with one version; `roles` must hold it, since long ago and without grace."""
    roles, grace = facts.pop("roles", ()), facts.pop("grace", timedelta(0))
    since = facts.pop("since", NOON - timedelta(days=400))
    lesson = make_lesson(title, **facts)
    module = TrainingModule.objects.create(slug=f"module-{next(COUNT)}", title=title)
    TrainingVersion.objects.create(module=module, number=1, at=since, **lesson.stored())
    for role in roles:
        TrainingRule.objects.create(module=module, role=role, grace=grace, since=since)
    return module


def make_attempt(
    user: User, module: TrainingModule | None = None, *, until: datetime | None = NOON + timedelta(days=300)
) -> TrainingAttempt:
    """A pass that is good until then; with None, a try that failed."""
    version = (module or make_module()).versions.get(number=1)
    at = (until or NOON) - timedelta(days=365)
    answers, right = (RIGHT, 2) if until else (WRONG, 0)
    return TrainingAttempt.objects.create(
        user=user, version=version, answers=answers, right=right, asked=2, at=at, good_until=until
    )


# --- leaving ---------------------------------------------------------------------------------------------------------


def make_native_role(user: User, **facts: Any) -> NativeRole:
    plain = {"network": "Facebook", "handle": f"Fernhill {next(COUNT)}", "noted_at": NOON}
    return NativeRole.objects.create(user=user, **(plain | facts))


def make_departure_task() -> DepartureTask:
    """One thing left to do after somebody left, already due."""
    departure = Departure.objects.create(user=make_user(), kind="leaver", by=make_user("administrator"), at=NOON)
    return DepartureTask.objects.create(departure=departure, words="Look at the page's administrators.", due_at=NOON)


def make_identity(user: User, **facts: Any) -> Identity:
    """The person's account at the town's own sign-in."""
    plain = {"issuer": "https://login.fernhill.example", "subject": f"subject-{next(COUNT)}", "linked_at": NOON}
    return Identity.objects.create(user=user, **(plain | facts))


def make_passkey(user: User) -> Authenticator:
    """A passkey on record, as a browser registers one; no device behind it answers."""
    identity, key = secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1()).public_key()
    held = AttestedCredentialData.create(bytes(16), identity, ES256.from_cryptography_key(key))
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 0, held)
    said = CollectedClientData.create("webauthn.create", b"challenge", "https://testserver")
    response = {
        "clientDataJSON": websafe_encode(said),
        "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
    }
    name = websafe_encode(identity)
    credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
    data = {"name": "Work phone", "credential": credential}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
