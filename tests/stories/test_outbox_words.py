"""What pages say about a delivery."""

from __future__ import annotations

import pytest

from channels_app.outbox import words_for
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.stage import Stage, after

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "label", "tone"),
    [
        ("scheduled", "Scheduled", "calm"),
        ("claimed", "Publishing…", "accent"),
        ("preparing", "Publishing…", "accent"),
        ("sending", "Publishing…", "accent"),
        ("awaiting_platform", "Publishing…", "accent"),
        ("unknown", "Checking with Stage", "warn"),
        ("published", "Published", "good"),
        ("retry_wait", "Waiting", "warn"),
        ("blocked", "Waiting", "warn"),
        ("needs_attention", "Needs you", "alarm"),
        ("missed", "Missed", "alarm"),
        ("failed", "Failed", "alarm"),
        ("cancelled", "Cancelled", "plain"),
        ("removed", "Removed on Stage", "plain"),
    ],
)
def test_every_state_has_its_words(stage: Stage, state: str, label: str, tone: str):
    words = words_for(make_delivery(state, due_at=after(hours=1)), NOON)
    assert (words.label, words.tone) == (label, tone)


def test_checking_says_that_nothing_is_sent_twice(stage: Stage):
    assert words_for(make_delivery("unknown"), NOON).detail == "will not be sent twice"


@pytest.mark.parametrize("state", ["scheduled", "retry_wait", "claimed", "preparing"])
def test_what_may_be_out_is_still_being_checked_whatever_its_state(stage: Stage, state: str):
    words = words_for(make_delivery(state, intent_at=NOON), NOON)
    assert (words.label, words.detail) == ("Checking with Stage", "will not be sent twice")


def test_failed_gives_its_reason_and_that_nothing_was_sent(stage: Stage):
    words = words_for(make_delivery("failed", why_words="Too long."), NOON)
    assert words.detail == "Too long. It was not sent."


def test_published_has_its_link_and_who_said_so(stage: Stage):
    ines = make_user("publisher", name="Ines Marlow")
    told = words_for(make_delivery("published", stated_by=ines, remote_url="https://stage.example/1"), NOON)
    assert (told.url, told.detail) == ("https://stage.example/1", "as Ines Marlow found")
    assert words_for(make_delivery("published", late=True), NOON).detail == "late"


def test_waiting_says_why_and_until_when(stage: Stage):
    words = words_for(
        make_delivery("retry_wait", why_words="The limit is reached.", next_action_at=after(hours=1)), NOON
    )
    assert (words.detail, words.until) == ("The limit is reached.", after(hours=1))
    assert words_for(make_delivery("retry_wait"), after(hours=1)).until is None


@pytest.mark.parametrize("why", ["pacing", "limit", "breaker"])
def test_due_on_a_channel_that_is_put_off_is_waiting(stage: Stage, why: str):
    channel = make_channel(next_send_at=after(minutes=5), next_send_why=why)
    words = words_for(make_delivery(channel=channel), NOON)
    assert (words.label, words.until) == ("Waiting", after(minutes=5))
    assert words.detail


def test_a_part_waits_for_the_part_before_it(stage: Stage):
    first = make_delivery()
    assert "part before it" in words_for(make_delivery(channel=first.channel, follows=first), NOON).detail


def test_a_crashed_one_is_still_being_published(stage: Stage):
    assert words_for(make_delivery(crashes=1), NOON).label == "Publishing…"
    assert words_for(make_delivery("needs_attention"), NOON).detail == "Say whether it is out."
