"""Every route is in the access table: it is an act, public by name, or about one's own account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import ACTS, EVERYONE, PUBLIC, SIGNED_IN
from tests.factories import make_user

ABSENT = [
    "/account/signup/",
    "/account/email/",
    "/account/confirm-email/",
    "/account/password/set/",
    "/account/login/code/",
    "/account/second-factor/webauthn/",
    "/account/second-factor/recovery-codes/download/",
    "/account/3rdparty/",
    "/admin/",
]


def routes(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or f"unnamed {entry.pattern}"]), entry.callback
        else:
            yield from routes(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


ROUTES = dict(routes(get_resolver()))


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_is_in_the_access_table(name: str) -> None:
    view = ROUTES[name]
    act = getattr(view, "act", None)
    assert (act in ACTS) + (name in PUBLIC) + (name in SIGNED_IN) == 1, f"{name} is in no part of the access table"


@pytest.mark.parametrize("name", ROUTES)
def test_only_public_routes_go_without_a_sign_in(name: str) -> None:
    assert getattr(ROUTES[name], "login_required", True) is (name not in PUBLIC)


def test_the_table_names_no_route_that_does_not_exist() -> None:
    assert not (PUBLIC | SIGNED_IN) - set(ROUTES)


def test_every_act_is_somebodys_and_nobody_else_exists() -> None:
    for act, roles in ACTS.items():
        assert roles, act
        assert roles <= EVERYONE, act


@pytest.mark.parametrize("path", ABSENT)
def test_routes_we_do_not_use_do_not_exist(path: str, client: Client, db: None) -> None:
    client.force_login(make_user("administrator"))
    assert client.get(path).status_code == 404


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    for path in ("/", "/me/", "/settings/", "/settings/people/", "/notifications/", "/mailbox/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")


def test_a_person_without_a_role_reaches_only_their_own_account(client: Client, db: None) -> None:
    client.force_login(make_user(password="brook lantern seven mill"))
    for path in ("/me/", "/account/second-factor/", "/account/sessions/", "/account/password/change/"):
        assert client.get(path).status_code == 200
    for path in ("/", "/settings/", "/settings/people/"):
        assert client.get(path).status_code == 403
