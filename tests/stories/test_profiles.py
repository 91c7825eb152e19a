"""Looking through what stands on a channel's profile: who may, what is kept, and when it is due again."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import audit, clock
from accounts.models import User
from accounts.refusals import Invalid
from channels_app import profiles
from channels_app.models import Channel, ProfileLook
from config.trial import profiling
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_voice import change_voice

pytestmark = pytest.mark.django_db
EVERY = tuple(one.key for one in profiles.items_of("mastodon"))


@pytest.fixture
def channel() -> Channel:
    make_town(zone="UTC")
    return make_channel("mastodon", name="Fernhill on Mastodon")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(channel: Channel, name: str = "profile") -> str:
    return reverse(f"channels:{name}", args=[channel.key])


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_look_is_noted_with_who_when_and_what_was_found(channel: Channel) -> None:
    desk = seat(make_user("publisher", name="Amara Osei"))
    before = text_of(desk.get(address(channel)))
    assert "6 of 6 want a look" in before
    assert "Pinned post: nobody has looked at it yet." in before
    sent = {"items": ["bio", "pinned"], "note": "Unpinned the summer fair."}
    after = text_of(desk.post(address(channel, "look-at-profile"), sent, follow=True))
    assert "Noted for Fernhill on Mastodon." in after
    assert "4 of 6 want a look" in after
    assert "Amara Osei Unpinned the summer fair." in after
    entry = audit.history_of(channel).get(act="looked_at_profile")
    assert entry.data == {"items": ["Bio", "Pinned post"], "note": "Unpinned the summer fair."}
    page = text_of(desk.get(reverse("channels:channel", args=[channel.key])))
    assert "4 of 6 want a look : Profile picture, Banner or cover, Link in the bio, Contact and hours" in page
    assert "Amara Osei looked at its profile" in page
    assert "Bio, Pinned post: Unpinned the summer fair." in page


def test_the_next_look_takes_the_place_of_the_last_one_and_both_are_on_the_trail(channel: Channel) -> None:
    first, second = make_user("publisher"), make_user("manager")
    profiles.look(channel, ["bio"], "Fine.", by=first, now=NOON)
    profiles.look(channel, ["bio"], "New hours.", by=second, now=NOON + timedelta(days=30))
    look = ProfileLook.objects.get()
    assert (look.by, look.note, look.looked_on) == (second, "New hours.", datetime(2026, 12, 18, tzinfo=UTC).date())
    assert audit.history_of(channel).filter(act="looked_at_profile").count() == 2


def test_it_is_due_again_when_the_towns_days_are_over_and_the_person_responsible_is_told(channel: Channel) -> None:
    desk, town = seat(make_user("publisher")), make_town(zone="UTC")
    now = clock.now()
    profiles.look(channel, EVERY, "Fine.", by=make_user("manager"), now=now - timedelta(days=100))
    assert "Everything was looked at in time" in text_of(desk.get(address(channel)))
    assert "Profiles that want a look" not in text_of(desk.get("/"))
    change_voice("Looked at oftener", numbers={"profile_days": 90}, now=now)
    page = text_of(desk.get(address(channel)))
    assert "6 of 6 want a look" in page
    assert "Each thing wants another look after 90 days." in page
    then = now - timedelta(days=100)
    assert f"Bio: last looked at on {then.day} {then:%B %Y}." in page
    assert "Profiles that want a look: Fernhill on Mastodon (6)" in text_of(desk.get("/"))
    assert "Days after which the things on a profile want another look: 90" in text_of(desk.get("/policy/checks/"))
    assert profiles.due(make_user("officer"), now, town) == []


def test_the_day_of_a_look_is_the_towns(channel: Channel) -> None:
    town = make_town(zone="Pacific/Auckland")
    profiles.look(channel, EVERY, "Fine.", by=make_user("manager"), now=datetime(2026, 1, 1, 12, tzinfo=UTC))
    row = profiles.of(channel, datetime(2026, 7, 1, 11, 59, tzinfo=UTC), town).rows[0]
    assert row.look is not None
    assert (f"{row.look.looked_on}", f"{row.due_on}") == ("2026-01-02", "2026-07-02")
    assert profiles.of(channel, datetime(2026, 7, 1, 11, 59, tzinfo=UTC), town).due == []
    assert len(profiles.of(channel, datetime(2026, 7, 1, 12, 1, tzinfo=UTC), town).due) == 6


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"note": "The cover shows the fair."}, "Tick at least one thing."),
        ({"items": ["bio", "cover"]}, "Say in a few words what you found."),
        ({"items": ["bio", "highlights"], "note": "The cover shows the fair."}, "Select a valid choice"),
        ({"items": ["bio"], "note": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_entered_is_lost(channel: Channel, sent: dict[str, Any], words: str) -> None:
    answer = seat(make_user("publisher")).post(address(channel, "look-at-profile"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert sent.get("note", "") in page
    ticked = set(re.findall(r'value="(\w+)"[^>]*checked', page))
    assert ticked == set(sent.get("items", [])) - {"highlights"}
    assert not ProfileLook.objects.exists()


def test_who_may_not_change_a_channel_reads_and_notes_nothing(channel: Channel) -> None:
    sent = {"items": ["bio"], "note": "Fine."}
    officer = seat(make_user("officer"))
    assert "Note the look" not in text_of(officer.get(address(channel)))
    assert officer.post(address(channel, "look-at-profile"), sent).status_code == 403
    elsewhere = seat(make_user("publisher", scope=make_channel().scope))
    assert elsewhere.get(address(channel)).status_code == 404
    assert elsewhere.post(address(channel, "look-at-profile"), sent).status_code == 404
    assert not ProfileLook.objects.exists()


def test_nobody_looks_after_a_disconnected_channel(channel: Channel) -> None:
    boss = make_user("manager")
    Channel.objects.update(state="archived")
    channel.refresh_from_db()
    page = text_of(seat(boss).get(address(channel)))
    assert "This channel is disconnected" in page
    assert "Note the look" not in page
    with pytest.raises(Invalid, match="disconnected"):
        profiles.look(channel, ["bio"], "Fine.", by=boss, now=NOON)
    assert profiles.due(boss, NOON, make_town(zone="UTC")) == []


def test_the_trial_has_looked_at_some_things_and_others_wait(channel: Channel) -> None:
    page, x = make_channel("facebook"), make_channel("x")
    staff = {"amara": make_user("publisher"), "dev": make_user("manager")}
    profiling.look_round(staff, NOON)
    waiting = dict(profiles.due(staff["amara"], NOON, make_town(zone="UTC")))
    assert waiting == {channel: 3, x: 3}
    assert not profiles.of(page, NOON, make_town(zone="UTC")).due
