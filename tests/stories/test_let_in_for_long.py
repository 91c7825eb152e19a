"""What was let in is kept for as long as it may be, and taken back when nobody uses it any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import clock
from channels_app import canary, caring, connecting, expiring, platforms, renewing, trying, vault
from channels_app.emulator.client import Emulator
from channels_app.models import Channel
from channels_app.platforms.base import Refused, Secret
from tests.factories import make_user
from tests.letting_in import admin, client, keys_of, let_in, pages_of, town

__all__ = ["admin", "client", "town"]

pytestmark = pytest.mark.django_db


def test_an_app_that_is_given_nothing_to_renew_with_works_to_the_end_of_its_keys(
    client: Client, town: Emulator
) -> None:
    page = town.create_account("linkedin", "fernhill", name="Town of Fernhill")["id"]
    town.create_account("linkedin", "webteam", name="Web team", kind="manager", extra={"pages": [page]})
    town.rules(refresh_tokens=False)
    let_in(client, "linkedin")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.state, channel.renew_at) == ("ok", None)
    assert channel.expires_at is not None
    Channel.objects.update(renew_at=channel.expires_at - timedelta(days=15))  # as it was planned once
    near = channel.expires_at - timedelta(days=10)
    assert renewing.renew_due(near) == 0
    channel.refresh_from_db()
    assert (channel.state, channel.renew_at, renewing.goes_on(channel, near)) == ("ok", None, False)
    assert expiring.warn(near) == 1
    gone = Refused("LinkedIn does not accept this access token any more.", cause="token", code="401")
    assert renewing.met(channel, connecting.account_of(channel), gone, near) is gone


def test_a_secret_that_was_replaced_at_meta_is_entered_once_for_every_channel(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill")
    let_in(client, "facebook")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert not channel.credentials.filter(field="app_secret").exists()
    vault.store(channel, "app_secret", Secret("practice-secret-facebook"))  # a copy that was kept once
    town.rules(meta_secret="replaced")
    with pytest.raises(Refused, match="secret of the town's app") as refused:
        platforms.get("facebook").fetch(connecting.account_of(channel), "posts", "")
    assert (refused.value.cause, refused.value.code in platforms.get("facebook").PROOF) == ("token", True)
    connecting.needs_reconnect(channel, refused.value.words, clock.now())
    client.post("/channels/connect/facebook/app/", keys_of("facebook", client_secret="replaced"))
    connecting.try_again(channel, by=make_user("administrator"), now=clock.now())
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert channel.state == "ok"
    assert not platforms.get("facebook").fetch(connecting.account_of(channel), "posts", "").items


def test_a_page_that_ends_with_its_unused_permission_is_warned_of(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill")
    let_in(client, "facebook")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert channel.expires_at is not None
    assert timedelta(days=89) < channel.expires_at - clock.now() <= timedelta(days=90)
    near = channel.expires_at - timedelta(days=10, hours=-1)
    assert expiring.warn(near) == 1
    assert caring.of(channel, near).lines[2].words.startswith("9 days left, until ")
    ends = channel.expires_at
    Channel.objects.update(expires_at=None)  # as one was that was connected once
    assert canary.look_due(clock.now()) == 1
    channel.refresh_from_db()
    assert channel.expires_at == ends


def test_what_another_person_let_in_does_not_keep_a_permission_alive(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill")
    let_in(client, "facebook")
    trying.try_due(clock.now())
    millbrook = town.create_account("facebook", "Millbrook", name="Millbrook")["id"]
    town.create_account("facebook", "guest", name="Guest", kind="manager", extra={"pages": [millbrook]})
    people = {row["handle"]: row["id"] for row in town.accounts("manager")}
    let_in(client, "facebook", account=people["guest"])
    trying.try_due(clock.now())
    first, second = Channel.objects.order_by("pk")
    page = client.post(f"/channels/{first.key}/disconnect/", follow=True).content.decode()
    assert "Facebook has ended Parley&#x27;s access" in page
    connecting.try_again(second, by=make_user("administrator"), now=clock.now())
    trying.try_due(clock.now())
    second.refresh_from_db()
    assert second.state == "ok"


def test_two_channels_of_two_people_on_youtube_end_apart(client: Client, town: Emulator) -> None:
    for handle in ("fernhill", "fernhill-library"):
        made = town.create_account("youtube", handle)
        let_in(client, "youtube", account=made["id"])
        trying.try_due(clock.now())
    first = Channel.objects.order_by("pk").first()
    assert first is not None
    assert "openid" not in first.scopes
    page = client.post(f"/channels/{first.key}/disconnect/", follow=True).content.decode()
    assert "YouTube has ended Parley&#x27;s access" in page


def test_an_app_that_was_registered_anew_leaves_older_channels_their_own(
    client: Client, town: Emulator, settings: Settings
) -> None:
    town.create_account("mastodon", "fernhill")
    let_in(client, "mastodon")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    settings.ALLOWED_HOSTS = ["desk.fernhill.example", "127.0.0.1"]
    client.post(f"/channels/{channel.key}/let-in/", headers={"host": "desk.fernhill.example"})
    page = client.post(f"/channels/{channel.key}/disconnect/", follow=True).content.decode()
    assert "Mastodon has ended Parley&#x27;s access" in page
