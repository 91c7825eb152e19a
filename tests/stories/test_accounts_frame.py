"""The frame: what the rail offers to whom, what the bands warn of, and how little it asks the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import clock, notifications
from channels_app.models import Heartbeat, Instance
from policy.models import ModeSpan
from tests.factories import make_channel, make_delivery, make_town, make_user

pytestmark = pytest.mark.django_db

PAGE = "/account/second-factor/"
EVERY_ROLE = ["contributor", "officer", "publisher", "approver", "manager", "records_officer", "administrator"]


def bands(role: str = "administrator", **facts: Any) -> list[str]:
    client = Client()
    client.force_login(make_user(role, **facts))
    return [band.words for band in client.get(PAGE).context["bands"]()]


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_the_rail_leads_only_where_the_person_may_go(role: str, client: Client) -> None:
    client.force_login(make_user(role))
    doors = {door["name"]: door["url"] for door in client.get(PAGE).context["nav"]()}
    assert "Today" in doors
    assert ("Settings" in doors) == (role in {"administrator", "manager"})
    assert ("Objectives" in doors) == (role != "contributor")
    for url in doors.values():
        if url.startswith("/settings"):
            assert client.get(url).status_code == 200


def test_one_door_at_most_is_where_one_is(client: Client) -> None:
    client.force_login(make_user("administrator"))
    for path, name in [("/settings/people/", "People"), ("/settings/mail/", "Settings"), (PAGE, None)]:
        active = [door["name"] for door in client.get(path).context["nav"]() if door["active"]]
        assert active == ([name] if name else [])


def test_new_post_is_offered_to_those_who_write(client: Client) -> None:
    may = {}
    for role in EVERY_ROLE:
        client.force_login(make_user(role))
        may[role] = client.get(PAGE).context["can_write_post"]()
    assert {role for role, can in may.items() if can} == {"contributor", "officer", "publisher"}


def test_nothing_is_said_while_nothing_is_wrong() -> None:
    now = clock.now()
    Instance.objects.create(pk=1)
    for role in ("publisher", "poller"):
        Heartbeat.objects.create(role=role, at=now - timedelta(seconds=100))
    make_channel()
    assert bands() == []


def test_paused_publishing_names_its_cause_and_outranks_the_rest() -> None:
    make_channel()
    Instance.objects.create(pk=1, publishing=False, stopped_why="flood at the town hall")
    Heartbeat.objects.create(role="publisher", at=clock.now() - timedelta(hours=3))
    assert bands() == ["Publishing is paused: flood at the town hall. Nothing goes out."]


@pytest.mark.parametrize(
    ("role", "ago", "words"),
    [
        ("publisher", timedelta(minutes=4), "The publisher has not been seen for 4 minutes."),
        ("poller", timedelta(hours=5), "The worker has not been seen for 5 hours."),
        ("poller", timedelta(days=3), "The worker has not been seen for 3 days."),
    ],
)
def test_a_part_not_seen_for_two_minutes_is_told(role: str, ago: timedelta, words: str) -> None:
    Heartbeat.objects.create(role=role, at=clock.now() - ago)
    assert [band for band in bands() if band.startswith(words)]


def test_deliveries_more_than_a_minute_late_are_counted() -> None:
    late, soon = clock.now() - timedelta(seconds=90), clock.now() + timedelta(minutes=5)
    channel, paused = make_channel(), make_channel(state="paused")
    for where, at in [(channel, late), (channel, late), (channel, soon), (paused, late)]:
        make_delivery(channel=where, due_at=at, next_action_at=at)
    assert bands() == ["2 deliveries are more than a minute late."]


def test_a_channel_without_connection_is_told_to_those_who_see_it() -> None:
    pool = make_channel(state="needs_reconnect", name="Fernhill Pool")
    library = make_channel(name="Fernhill Library")
    assert bands() == ["Fernhill Pool on Mastodon has lost its connection; what is planned for it waits."]
    assert bands("officer", scope=pool.scope) != []
    assert bands("officer", scope=library.scope) == []
    assert bands("contributor") == []


def test_an_emergency_is_on_every_page() -> None:
    ModeSpan.objects.create(mode="emergency", starts_at=clock.now() - timedelta(minutes=1), reason="River flood")
    assert bands("contributor") == ["Emergency mode is on: River flood."]


def test_the_bell_counts_what_is_unread() -> None:
    user = make_user("officer")
    for n in range(3):
        notifications.tell(user, "note", f"Number {n}", now=clock.now())
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).context["unread"]() == 3


def queries(client: Client, path: str, **headers: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path, headers=headers).status_code == 200
    return [query["sql"] for query in caught.captured_queries]


def test_the_frame_costs_three_queries_whatever_there_is(client: Client) -> None:
    make_town()
    user = make_user("administrator")
    client.force_login(user)
    make_channel(state="needs_reconnect")
    client.get("/notifications/")
    few = queries(client, "/notifications/")
    for n in range(30):
        notifications.tell(user, "note", f"Number {n}", now=clock.now(), mail=False)
        make_channel(state="needs_reconnect")
    assert len(queries(client, "/notifications/")) == len(few) + 1  # the page's own second one
    own = [sql for sql in few if "accounts_notification" in sql and "heartbeat" not in sql]
    session_user_clock_town = 4
    assert len(few) - len(own) - session_user_clock_town <= 3


def test_a_fragment_does_not_pay_for_a_frame(client: Client) -> None:
    make_town()
    client.force_login(make_user("manager"))
    client.get("/settings/mail/tests/")
    found = queries(client, "/settings/mail/tests/", **{"X-Parley-Poll": "1"})
    assert not [sql for sql in found if "heartbeat" in sql]


def test_the_frame_renews_itself_and_is_silent_while_nothing_changed(client: Client) -> None:
    user = make_user("officer")
    client.force_login(user)
    page = client.get("/notifications/")
    mark = page.context["frame_seen"]()
    assert f"/frame/?seen={mark}" in page.content.decode()
    assert client.get(f"/frame/?seen={mark}").status_code == 204
    notifications.tell(user, "note", "Look at this.", now=clock.now())
    answer = client.get(f"/frame/?seen={mark}").content.decode()
    assert 'hx-swap-oob="true"' in answer
    assert "1<span" in answer
    assert mark not in answer


def test_a_person_without_a_role_is_not_asked_for_a_frame(client: Client) -> None:
    client.force_login(make_user())
    assert "/frame/" not in client.get("/me/").content.decode()


def test_pages_without_a_sign_in_have_no_frame_and_no_facts(client: Client) -> None:
    make_channel(state="needs_reconnect")
    answer = client.get("/account/login/")
    assert answer.context["nav"] == []
    assert answer.context["bands"] == []
