"""On every platform that counts comments and shows them: when it only counts them any more, somebody is told."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts import clock
from accounts.models import AuditEntry, Notification
from channels_app import caring, platforms, vault, withheld
from channels_app.models import Alarm, Channel, Cursor, WithheldComments
from config.vitals import alarms, facts, rules
from engagement import intake
from engagement.models import Message
from metrics import collecting, withholding
from metrics.models import Reading
from tests.contract.conftest import Desk, can
from tests.factories import make_channel, make_town, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def channel(desk: Desk) -> Channel:
    make_town(zone="UTC")
    facts = {"host": desk.account.host, "remote_id": desk.account.remote_id, "handle": desk.account.handle}
    made = make_channel(desk.name, created_at=clock.now() - DAY, **facts)
    for field, secret in desk.account.secrets.items():
        vault.store(made, field, secret)
    return made


def read_all(channel: Channel, now: datetime) -> None:
    """Everything that can be read of the channel then; new posts first, and what is under them."""
    Cursor.objects.filter(channel=channel).update(next_poll_at=now)
    for _ in range(3):
        for cursor in intake.due(now):
            intake.poll(cursor, now)


def look(now: datetime) -> None:
    withholding.watch(now)
    alarms.keep(rules.judge(facts.read(now)), now)


def counted_and_hushed(desk: Desk, channel: Channel, now: datetime) -> str:
    """A post with three comments that are counted and not shown, a day later; the first of them."""
    post = desk.posted()
    desk.fault("hushed")
    said = [desk.hear(words, reply_to=post) for words in ("Is it open?", "From when on?", "Is there a lift?")]
    read_all(channel, now)
    collecting.collect(now + HOUR)
    read_all(channel, now + 3 * HOUR)
    assert Reading.objects.filter(measure=withholding.MEASURE, value=3).exists()
    assert not Message.objects.filter(ours=False).exists()
    return said[0]


@can("publish", "comments", "metrics")
def test_comments_that_are_only_counted_any_more_are_an_alarm_until_they_are_read_again(
    desk: Desk, channel: Channel
) -> None:
    boss, now = make_user("administrator"), clock.now()
    said = counted_and_hushed(desk, channel, now)
    look(now + 4 * HOUR)
    assert not WithheldComments.objects.exists()
    later = now + DAY + 5 * HOUR
    look(later)
    look(later + HOUR)
    words = withheld.words(WithheldComments.objects.get())
    assert words.startswith(f"{platforms.get(desk.name).LABEL} counts 3 comments since ")
    assert caring.of(channel, later).worst == "alarm"
    alarm = Alarm.objects.open().get(kind="withheld")
    assert (alarm.level, alarm.channel) == ("page", channel)
    assert Notification.objects.get(user=boss, event="alarm.withheld").words.startswith(words)
    desk.emulator.clear_faults()
    read_all(channel, later + 2 * HOUR)
    assert Message.objects.filter(remote_id=said).exists()
    look(later + 2 * HOUR)
    assert not WithheldComments.objects.filter(ended_at=None).exists()
    assert not Alarm.objects.open().filter(kind="withheld").exists()


@can("publish", "comments", "metrics", only=["facebook"])
def test_a_person_who_has_looked_ends_it_and_only_more_of_it_is_told_again(desk: Desk, channel: Channel) -> None:
    officer, now = make_user("officer"), clock.now()
    counted_and_hushed(desk, channel, now)
    look(now + 2 * DAY)
    row, client = WithheldComments.objects.get(), Client()
    client.force_login(officer)
    for page in (f"/channels/{channel.key}/", "/channels/health/"):
        assert f"{withheld.words(row)}." in html.unescape(client.get(page).content.decode())
    address = f"/channels/{channel.key}/comments/{row.pk}/look-at/"
    assert client.post(address).status_code == 302
    assert "I have looked at the posts" not in client.get(f"/channels/{channel.key}/").content.decode()
    assert client.post(address).status_code == 409
    entry = AuditEntry.objects.get(act="looked_at_comments")
    assert (entry.actor, entry.data) == (officer, {"count": 3})
    WithheldComments.objects.update(ended_at=now + 2 * DAY)  # the page has the real clock, this story does not
    collecting.collect(now + 3 * DAY)
    read_all(channel, now + 4 * DAY)
    look(now + 5 * DAY)
    assert not WithheldComments.objects.filter(ended_at=None).exists()
    Reading.objects.bulk_create(
        Reading(tracked=one.tracked, measure=one.measure, at=now + 5 * DAY, value=6)
        for one in Reading.objects.filter(measure=withholding.MEASURE)[:1]
    )
    read_all(channel, now + 6 * DAY)
    look(now + 6 * DAY)
    assert WithheldComments.objects.get(ended_at=None).count == 3


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("wordpress", "WordPress does not tell how many there are: if it kept them from Parley, that could not be"),
        ("pinterest", "Parley reads none on Pinterest."),
        ("vimeo", "Their number as Vimeo tells it has not been compared with what was read yet."),
    ],
)
def test_where_it_could_not_be_noticed_the_page_says_so(platform: str, words: str) -> None:
    channel = make_channel(platform)
    line = next(one for one in caring.of(channel, clock.now()).lines if one.name == "Comments")
    assert line.words.startswith(words)
    assert line.tone == "plain"
