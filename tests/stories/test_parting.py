"""Disconnecting, platform by platform: what can be ended there is ended, and of the rest a person is told."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from channels_app import connecting, parting, platforms, vault
from channels_app.emulator.client import Emulator
from channels_app.platforms import doors, http
from channels_app.platforms.base import Secret
from tests.contract.conftest import secrets_for
from tests.emulated import emulated, emulator
from tests.factories import NOON, make_channel, make_user

__all__ = ["emulated", "emulator"]

pytestmark = pytest.mark.django_db
LEFT = "Take Parley's access away in the account's settings on {label} too."
ENDED = "{label} has ended Parley's access."
TYPED_IN = {
    "bluesky": "Bluesky has ended this session. The app password is still good: delete it there",
    "facebook": LEFT,
    "instagram": LEFT,
    "linkedin": LEFT,
    "mastodon": LEFT,
    "pinterest": LEFT,
    "vimeo": ENDED,
    "wordpress": ENDED,
    "x": LEFT,
    "youtube": ENDED,
}


@pytest.mark.parametrize("platform", platforms.SENT_TO)
def test_keys_that_were_typed_in_are_ended_where_the_key_is_enough(emulator: Emulator, platform: str) -> None:
    emulator.reset()
    made, admin = emulator.create_account(platform, "fernhill"), make_user("administrator")
    kind = {"kind": "refresh"} if platform == "bluesky" else {}
    token = emulator.create_token(made["id"], **kind) if kind else made["token"]
    channel = make_channel(platform, host=http.PRACTICE_HOSTS[platform], remote_id=made["id"], practice=True)
    given = {"refresh_token": Secret(token)} if kind else secrets_for(platform, token)
    for field, secret in given.items():
        vault.store(channel, field, secret)
    held = parting.held(channel)
    connecting.disconnect(channel, by=admin, now=NOON)
    words = parting.take_back(channel, held, by=admin, now=NOON)
    assert words.startswith(TYPED_IN[platform].format(label=channel.get_platform_display()))
    states = {one["token"]: one["state"] for row in emulator.accounts() for one in row["tokens"]}
    assert states[token] == ("ok" if words == LEFT.format(label=channel.get_platform_display()) else "revoked")
    told = AuditEntry.objects.filter(act="access_taken_back", ref=str(channel.key)).exists()
    assert told is (TYPED_IN[platform] == ENDED)


def test_another_channel_of_the_same_person_keeps_its_keys(emulator: Emulator) -> None:
    emulator.reset()
    made, admin = emulator.create_account("youtube", "fernhill"), make_user("administrator")
    channel = make_channel("youtube", host=http.PRACTICE_HOSTS["youtube"], remote_id=made["id"], practice=True)
    make_channel("youtube", name="Fernhill Library")
    vault.store(channel, "access_token", Secret(made["token"]))
    held = parting.held(channel)
    connecting.disconnect(channel, by=admin, now=NOON)
    assert "another channel still uses it" in parting.take_back(channel, held, by=admin, now=NOON)


def test_of_every_platform_is_known_what_becomes_of_its_keys() -> None:
    can = {name for name, door in doors.DOORS.items() if door.take_back}
    assert can | {"bluesky", "wordpress"} | {"pinterest"} == set(platforms.SENT_TO)
