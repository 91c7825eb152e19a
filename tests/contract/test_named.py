"""Who names the town on Instagram under somebody else's post: told by webhook alone, heard once, answered there."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts import clock
from accounts.models import AuditEntry, Notification
from channels_app import caring, hooks, outbox, vault
from channels_app.models import Alarm, Channel, Cursor, Delivery, UnheardMention, WebhookSeen
from channels_app.platforms.base import Outgoing, TryLater, Uncertain
from config.vitals import alarms, facts, rules
from engagement import intake, replies
from engagement.models import Conversation, Message
from engagement.replies import Sending
from tests.contract.conftest import Desk, can
from tests.factories import make_channel, make_town, make_user

pytestmark = [pytest.mark.django_db, can(only=("instagram",))]


@pytest.fixture
def channel(desk: Desk) -> Channel:
    make_town()
    facts = {"host": desk.account.host, "remote_id": desk.account.remote_id, "handle": desk.account.handle}
    made = make_channel(desk.name, created_at=clock.now() - timedelta(days=1), **facts)
    for field, secret in desk.account.secrets.items():
        vault.store(made, field, secret)
    return made


def somewhere(desk: Desk, text: str = "@fernhill is this yours?") -> tuple[str, str]:
    """A comment that names the town under a post which does not; their numbers."""
    other = desk.emulator.create_account(desk.name, "millroad", name="Mill Road")
    post = desk.emulator.say(desk.name, "Our street.", by="neighbour", to=other["id"])["id"]
    return post, desk.hear(text, reply_to=post, by="ann")


def webhook(desk: Desk, *values: dict[str, str]) -> bytes:
    changes = [{"field": "mentions", "value": one} for one in values]
    return json.dumps({"object": "instagram", "entry": [{"id": desk.account.remote_id, "changes": changes}]}).encode()


def told(desk: Desk, *values: dict[str, str]) -> None:
    """A webhook of the field `mentions`, whose signature was looked at; then whatever is due is read."""
    hooks.take(desk.name, webhook(desk, *values), clock.now())
    read()


def read() -> None:
    for _ in range(3):
        for cursor in intake.due(clock.now()):
            intake.poll(cursor, clock.now())


def test_a_comment_is_heard_once_and_answered_below_it(desk: Desk, channel: Channel) -> None:
    post, said = somewhere(desk)
    told(desk, {"media_id": post, "comment_id": said})
    told(desk, {"media_id": post, "comment_id": said}, {"media_id": post, "comment_id": said})
    conversation = Conversation.objects.get()
    message = conversation.messages.get()
    assert (message.kind, message.remote_id, message.text) == ("mention", f"{post}/{said}", "@fernhill is this yours?")
    assert message.person is not None
    assert message.person.handle == "@ann"
    assert not Cursor.objects.filter(stream=hooks.NAMED).exists()
    replies.release(conversation, Sending("It is. We will mend it."), by=make_user("officer"), now=clock.now())
    outbox.step()
    assert Delivery.objects.get().state == "published"
    (answer,) = [row for row in desk.public() if "We will mend it" in str(row["text"])]
    assert (answer["parent"], answer["root"]) == (said, post)


def test_a_caption_is_heard_once_whether_it_is_told_or_listed(desk: Desk, channel: Channel) -> None:
    post = desk.hear("@fernhill look at this lamp")
    told(desk, {"media_id": post})
    message = Message.objects.get()
    assert (message.kind, message.remote_id) == ("mention", post)


def test_what_stands_under_our_own_post_is_read_there_alone(desk: Desk, channel: Channel) -> None:
    post = desk.posted()
    said = desk.hear("@fernhill is it open?", reply_to=post)
    told(desk, {"media_id": post, "comment_id": said})
    read()
    assert [row.remote_id for row in Message.objects.filter(ours=False)] == [said]
    assert not Cursor.objects.filter(stream=hooks.NAMED).exists()


@pytest.mark.parametrize(
    "value",
    [{}, {"media_id": "1/../me"}, {"media_id": "a"}, {"comment_id": "x" * 300}, {"media_id": "1){id},me{id"}],
)
def test_nothing_but_numbers_is_taken_from_a_webhook(desk: Desk, channel: Channel, value: dict[str, str]) -> None:
    hooks.take(desk.name, webhook(desk, value), clock.now())
    assert not Cursor.objects.filter(stream=hooks.NAMED).exists()


def test_one_that_is_gone_is_let_go(desk: Desk, channel: Channel) -> None:
    post, said = somewhere(desk)
    desk.emulator.delete(said)
    told(desk, {"media_id": post, "comment_id": said})
    assert not Message.objects.exists()
    assert not Cursor.objects.filter(stream=hooks.NAMED).exists()


def test_what_instagram_did_not_show_at_once_is_asked_for_again(desk: Desk, channel: Channel) -> None:
    post, said = somewhere(desk)
    desk.fault("unavailable")
    told(desk, {"media_id": post, "comment_id": said})
    assert Cursor.objects.filter(stream=hooks.NAMED, failures__gt=0).exists()
    desk.emulator.clear_faults()
    Cursor.objects.update(next_poll_at=clock.now())
    read()
    assert Message.objects.get().remote_id == f"{post}/{said}"


def tell_tired(desk: Desk, *values: dict[str, str]) -> None:
    """Told, and asked for in vain so often that the next time is the last."""
    hooks.take(desk.name, webhook(desk, *values), clock.now())
    Cursor.objects.filter(stream=hooks.NAMED).update(failures=intake.GIVE_UP - 1)
    desk.fault("unavailable")
    read()
    desk.emulator.clear_faults()


def test_one_that_is_never_shown_is_a_persons_to_look_at_until_somebody_has(desk: Desk, channel: Channel) -> None:
    boss, officer = make_user("administrator"), make_user("officer")
    post, said = somewhere(desk)
    tell_tired(desk, {"media_id": post, "comment_id": said})
    assert not Cursor.objects.filter(stream=hooks.NAMED).exists()
    for _ in range(2):
        alarms.keep(rules.judge(facts.read(clock.now())), clock.now())
    alarm = Alarm.objects.open().get(kind="unheard")
    assert f"could not be read: comment {said} under post {post}." in alarm.words
    told_of = Notification.objects.filter(event="alarm.unheard")
    assert [(one.user, one.words, one.url) for one in told_of] == [(boss, alarm.words, f"/channels/{channel.key}/")]
    client = Client()
    client.force_login(officer)
    for page in (f"/channels/{channel.key}/", "/channels/health/"):
        shown = client.get(page).content.decode()
        assert f"Comment {said} under post {post}" in shown
        assert "A mention could not be read. Look at it on Instagram." in shown
    address = f"/channels/{channel.key}/mentions/{UnheardMention.objects.get().pk}/look-at/"
    assert client.post(address).status_code == 302
    assert f"under post {post}" not in client.get(f"/channels/{channel.key}/").content.decode()
    assert client.post(address).status_code == 409
    alarms.keep(rules.judge(facts.read(clock.now())), clock.now())
    assert not Alarm.objects.open().filter(kind="unheard").exists()
    entry = AuditEntry.objects.get(act="looked_at_mention")
    assert (entry.actor, entry.data) == (officer, {"mention": f"{post}/{said}"})


def test_one_that_can_be_read_after_all_bothers_nobody_any_more(desk: Desk, channel: Channel) -> None:
    post, said = somewhere(desk)
    for _ in range(2):
        tell_tired(desk, {"media_id": post, "comment_id": said})
        WebhookSeen.objects.all().delete()
    assert UnheardMention.objects.get().ended_at is None
    told(desk, {"media_id": post, "comment_id": said})
    assert Message.objects.get().remote_id == f"{post}/{said}"
    assert UnheardMention.objects.get().ended_at is not None
    assert caring.of(channel, clock.now()).unheard == []


def test_one_that_cannot_be_read_keeps_no_webhook_from_waking_the_channel(desk: Desk, channel: Channel) -> None:
    now = clock.now()
    later = {"next_poll_at": now + timedelta(hours=1), "channel": channel}
    Cursor.objects.create(stream=hooks.NAMED, root="1/2", root_at=now, why="Instagram is busy.", failures=9, **later)
    mentions = Cursor.objects.create(stream="mentions", **later)
    hooks.take(desk.name, webhook(desk), now)
    mentions.refresh_from_db()
    assert mentions.next_poll_at == now
    assert Cursor.objects.get(stream=hooks.NAMED).next_poll_at == later["next_poll_at"]


@pytest.mark.parametrize("kind", ["drop_after", "html_after"])
def test_an_answer_nobody_heard_of_is_found_and_never_given_twice(desk: Desk, kind: str) -> None:
    post, said = somewhere(desk)
    before, answer = desk.since(), Outgoing("reply", "It is.", reply_to=f"{post}/{said}", idem_key="one")
    desk.fault(kind, "reply", times=1)
    with pytest.raises((Uncertain, TryLater)):
        desk.send(answer)
    lookup = desk.platform.look_up(desk.account, answer, before)
    assert [one.remote_id for one in lookup.candidates] == [row["id"] for row in desk.public()]
    assert lookup.complete
