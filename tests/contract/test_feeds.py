"""Reading the town's news pages by their feed, over the whole way in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts import clock
from channels_app import vault
from channels_app.models import Cursor
from channels_app.platforms import rss
from channels_app.platforms.base import Outgoing, Refused, Secret, TryLater
from engagement import intake
from engagement.models import Message
from tests.contract.conftest import Desk, can
from tests.factories import make_channel, make_town

ONLY = can("own_posts", only=("rss",))


def at(desk: Desk, path: str) -> Desk:
    return replace(desk, account=replace(desk.account, secrets={"feed": Secret(f"https://{desk.account.host}{path}")}))


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    rss._kept.clear()


@ONLY
@pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom"])
def test_news_are_read_newest_first_with_their_words(desk: Desk, path: str) -> None:
    here = at(desk, path)
    made = [desk.hear(f"Notice {n} & <more>.") for n in range(3)]
    items = here.platform.fetch(here.account, "posts", "").items
    assert [one.remote_id for one in items] == made[::-1]
    assert items[0].text == "News\n\nNotice 2 & <more>."
    assert (items[0].kind, items[0].author_id) == ("post", here.account.remote_id)
    assert here.platform.profile(here.account).name == "Town of Fernhill"


@ONLY
def test_what_did_not_change_is_not_sent_again(desk: Desk) -> None:
    desk.hear("The weir is closed.")
    first = desk.platform.fetch(desk.account, "posts", "")
    assert desk.platform.fetch(desk.account, "posts", "") == first
    assert [one["status"] for one in desk.requests("own_posts")] == [200, 304]
    desk.hear("The weir is open.")
    assert len(desk.platform.fetch(desk.account, "posts", "").items) == 2


@ONLY
@pytest.mark.parametrize("kind", ["html", "drop_before", "truncated", "drip", "unavailable", "rate_limited"])
def test_a_read_that_fails_is_tried_later(desk: Desk, kind: str) -> None:
    desk.hear("The weir is closed.")
    desk.fault(kind)
    with pytest.raises(TryLater):
        desk.platform.fetch(desk.account, "posts", "")


@ONLY
def test_what_is_no_feed_is_said_in_words(desk: Desk) -> None:
    for path, words in (("/", "https://news.fernhill.example/feed.atom"), ("/gone", "no feed at this address")):
        here = at(desk, path)
        with pytest.raises(Refused, match=words):
            here.platform.profile(here.account)
    plain = {"feed": Secret("http://news.fernhill.example/feed.atom")}
    with pytest.raises(Refused, match="https"):
        desk.platform.fetch(replace(desk.account, secrets=plain), "posts", "")


@ONLY
def test_nothing_can_be_sent_there(desk: Desk) -> None:
    with pytest.raises(Refused, match="sends nothing here"):
        desk.send(Outgoing("post", "No."))


@ONLY
@pytest.mark.django_db
def test_the_inbox_has_each_news_item_once_and_its_new_wording(desk: Desk) -> None:
    make_town()
    channel = make_channel("rss", host=desk.account.host, remote_id=desk.account.remote_id)
    vault.store(channel, "feed", desk.account.secrets["feed"])
    said = desk.hear("The weir is clsoed.")
    for wording in ("", "The weir is closed."):
        if wording:
            desk.emulator.edit(said, wording)
        now = clock.now()
        Cursor.objects.filter(channel=channel).update(next_poll_at=now)
        intake.ensure_cursors(now)
        for cursor in intake.due(now):
            intake.poll(cursor, now)
    message = Message.objects.get()
    assert (message.remote_id, message.ours, message.kind) == (said, True, "post")
    assert message.text == "News\n\nThe weir is closed."
