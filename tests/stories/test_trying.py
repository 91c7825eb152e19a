"""A trial call is of the keys it opened: what others enter meanwhile is neither taken for them nor thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from channels_app import connecting, platforms, trying, vault
from channels_app.models import Channel
from channels_app.platforms.base import Account, Profile, Refused, Secret, TryLater
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.stage import Stage, after, live

pytestmark = pytest.mark.django_db


@dataclass
class Slow(Stage):
    """A platform that takes its time: `meanwhile` happens while it is asked for the first time."""

    meanwhile: Callable[[], object] | None = None
    ending: Exception | None = None
    STREAMS: tuple[str, ...] = ()

    def profile(self, account: Account) -> Profile:
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        ending, self.ending = self.ending, None
        if ending and act:
            raise ending
        return Profile("7", f"@{account.secrets['access_token'].reveal()}", "Us")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    platform = Slow()
    monkeypatch.setattr(platforms, "get", lambda name: platform)
    return platform


def channel_with(*tokens: str) -> Channel:
    """A channel with keys in force, and with the second ones waiting for their trial."""
    channel = make_channel(remote_id="7")
    vault.store(channel, "access_token", Secret(tokens[0]))
    for token in tokens[1:]:
        enter(channel, token)
    channel.refresh_from_db()
    return channel


def enter(channel: Channel, token: str) -> None:
    connecting.renew_keys(channel, {"access_token": Secret(token)}, by=None, now=NOON)


def keys(channel: Channel, prefix: str = "") -> Mapping[str, str]:
    return {name: one.reveal() for name, one in vault.secrets_of(channel, prefix).items()}


@pytest.mark.parametrize(
    "ending", [None, Refused("Not these.", cause="token", code="token"), TryLater("Busy.", code="busy")]
)
@pytest.mark.parametrize("waiting", [["a"], []])
def test_keys_entered_during_a_trial_have_a_trial_of_their_own(
    slow: Slow, ending: Exception | None, waiting: list[str]
) -> None:
    channel = channel_with("old", *waiting)
    Channel.objects.update(test_due_at=NOON)
    slow.meanwhile, slow.ending = lambda: enter(channel, "b"), ending
    assert trying.try_due(NOON, limit=1) == 1
    channel.refresh_from_db()
    assert (keys(channel), keys(channel, "new:")) == ({"access_token": "old"}, {"access_token": "b"})
    assert (channel.state, channel.test_due_at, channel.why) == ("ok", NOON, "")
    assert trying.try_due(NOON) == 1
    channel.refresh_from_db()
    assert (keys(channel), channel.handle, channel.test_due_at) == ({"access_token": "b"}, "@b", None)


def test_keys_that_are_tried_twice_at_once_stay(slow: Slow) -> None:
    channel = channel_with("old", "a")
    slow.meanwhile = lambda: trying.try_out(channel, NOON)
    trying.try_due(NOON)
    assert (keys(channel), keys(channel, "new:")) == ({"access_token": "a"}, {})


def test_a_channel_that_is_disconnected_during_its_trial_stays_so(slow: Slow) -> None:
    channel = channel_with("old", "a")
    slow.meanwhile = lambda: Channel.objects.update(state="archived")
    assert trying.try_out(channel, NOON + timedelta(seconds=1)) is False
    channel.refresh_from_db()
    assert (channel.state, keys(channel)) == ("archived", {"access_token": "old"})


def test_a_channel_a_person_paused_is_paused_again_when_it_is_connected_again(slow: Slow) -> None:
    channel, boss = channel_with("old"), make_user("administrator")
    delivery = make_delivery(channel=channel)
    connecting.pause(channel, "A court has stopped it.", by=boss, now=NOON)
    connecting.needs_reconnect(channel, "The token was withdrawn.", NOON)
    assert live(delivery, NOON).state == "blocked"
    enter(channel, "fresh")
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert (channel.state, channel.why, keys(channel)) == (
        "paused",
        "A court has stopped it.",
        {"access_token": "fresh"},
    )
    assert (live(delivery, after(minutes=2)).state, slow.sent) == ("blocked", [])
    connecting.resume(channel, by=boss, now=after(minutes=3))
    connecting.needs_reconnect(channel, "The token was withdrawn.", after(minutes=4))
    enter(channel, "fresher")
    trying.try_due(after(minutes=5))
    channel.refresh_from_db()
    assert (channel.state, channel.why) == ("ok", "")
