"""Searching: what a person may see, by part of a word, and with a clear word when the query is too short."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import give, make_channel, make_user
from tests.factories_calendar import make_post
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db


def found(user: User, query: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("desk:search"), {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_part_of_a_word_finds_posts_and_conversations():
    officer = make_user("officer")
    make_post(text="The gritters go out at four.", author=officer)
    make_conversation(text="Has Church Lane been gritted?")
    page = found(officer, "gritte")
    assert "The gritters go out at four." in page
    assert "Conversations" in page


def test_another_channels_conversations_are_not_found():
    mine, theirs = make_channel(), make_channel()
    officer = make_user()
    give(officer, "officer", mine.scope)
    make_conversation(theirs, text="My reference is otter seven.")
    assert "My reference" not in found(officer, "otter seven")


def test_a_short_query_says_what_is_missing():
    assert "at least three letters" in found(make_user("officer"), "ab")


def test_signs_of_a_pattern_are_plain_letters():
    officer = make_user("officer")
    make_post(text="The gritters go out at four.", author=officer)
    assert "Nothing found" in found(officer, "%g_i%")


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    officer = make_user("officer")
    channel = make_channel()
    for number in range(15):
        make_conversation(channel, text=f"Gritters on street {number}, please.")
    client = Client()
    client.force_login(officer)
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:search"), {"q": "gritters"})
