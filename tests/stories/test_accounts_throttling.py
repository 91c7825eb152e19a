"""A town hall of two hundred people signs in at eight from behind one address; a guesser is stopped."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import hashing, throttling
from accounts.models import User
from tests.factories import make_user
from tests.factories_people import WORDS, sign_in

pytestmark = pytest.mark.django_db
HALL, CAFE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with less memory and time, for a file that signs in a thousand times."""
    monkeypatch.setattr(hashing.Argon2, "time_cost", 1)
    monkeypatch.setattr(hashing.Argon2, "memory_cost", 64)
    monkeypatch.setattr(hashing.Argon2, "parallelism", 1)
    cache.clear()


def people(number: int) -> list[User]:
    stored = make_user(password=WORDS).password
    found = [User(email=f"p{n}@fernhill.example", name=f"P {n}", password=stored) for n in range(number)]
    return User.objects.bulk_create(found)


def lets_in(user: User, place: str, words: str = WORDS) -> bool:
    return sign_in(Client(REMOTE_ADDR=place), user, words) == 302


def test_two_hundred_people_behind_one_address_sign_in_at_eight_and_some_mistype() -> None:
    hall = people(200)
    lets_in(hall[0], HALL)
    for n, user in enumerate(hall):
        if n % 2:
            throttling.failed(user.email, HALL)
        if n % 5 == 0:
            assert not lets_in(user, HALL, "a slip of the finger")
            assert lets_in(user, HALL), n
        assert throttling.may_try(user.email, HALL), n


def test_a_guesser_is_stopped_and_locks_nobody_else_out() -> None:
    rosa, tom = people(2)
    assert lets_in(rosa, HALL)
    for _ in range(10):
        assert not lets_in(rosa, CAFE, "guess")
    assert not lets_in(rosa, CAFE)
    assert lets_in(rosa, HALL)
    assert lets_in(tom, CAFE)


def test_a_place_nobody_signed_in_from_tries_sixty_addresses_and_no_more() -> None:
    known = people(1)[0]
    for n in range(60):
        throttling.failed(f"unknown{n}@fernhill.example", CAFE)
    assert not lets_in(known, CAFE)
    assert lets_in(known, HALL)


def test_a_thousand_machines_guess_no_faster_than_one_and_the_owner_still_gets_in() -> None:
    rosa, fresh = people(2)
    assert lets_in(rosa, HALL)
    for n in range(50):
        for user in (rosa, fresh):
            throttling.failed(user.email, f"192.0.2.{n}")
    assert not throttling.may_try(rosa.email, "192.0.2.200")
    assert not throttling.may_try(fresh.email, "192.0.2.200")
    assert lets_in(rosa, HALL)


def test_an_insider_who_guesses_from_the_town_hall_is_stopped_too() -> None:
    hall = people(3)
    assert lets_in(hall[0], HALL)
    for _ in range(10):
        assert not lets_in(hall[1], HALL, "guess")
    assert not lets_in(hall[1], HALL)
    assert lets_in(hall[2], HALL)


def test_an_unknown_address_is_stopped_like_a_known_one() -> None:
    for _ in range(10):
        throttling.failed("nobody@fernhill.example", CAFE)
    answer = Client(REMOTE_ADDR=CAFE).post("/account/login/", {"login": "Nobody@Fernhill.example", "password": "x"})
    assert "Too many tries" in answer.content.decode()


def test_it_is_over_after_a_quarter_of_an_hour_and_not_at_the_turn_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_800_000_000 // 900 * 900 + 890.0
    now = [start]
    monkeypatch.setattr(time, "time", lambda: now[0])
    for _ in range(10):
        throttling.failed("rosa@fernhill.example", CAFE)
    now[0] = start + 20
    assert not throttling.may_try("rosa@fernhill.example", CAFE)
    now[0] = start + 1800
    assert throttling.may_try("rosa@fernhill.example", CAFE)
