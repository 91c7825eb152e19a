"""The whole loop over each platform's own dialect: a resident writes, Parley hears it, answers, and hears itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts import clock
from accounts.models import AuditEntry
from channels_app import outbox, vault
from channels_app.models import Channel, Cursor, Delivery
from channels_app.platforms.base import Outgoing, Uncertain
from engagement import intake, rechecking, replies
from engagement.models import ClockEvent, Conversation, Message, MessageVersion
from engagement.replies import Sending
from tests.contract.conftest import Desk, can
from tests.factories import make_channel, make_town, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HASTE = 120  # messages of one person, more than any platform gives at once


@pytest.fixture
def channel(desk: Desk) -> Channel:
    make_town()
    made = make_channel(
        desk.name,
        host=desk.account.host,
        remote_id=desk.account.remote_id,
        handle=desk.account.handle,
        created_at=clock.now() - DAY,
    )
    for field, secret in desk.account.secrets.items():
        vault.store(made, field, secret)
    return made


def read_all(channel: Channel) -> datetime:
    """Read every stream of the channel until none is due; then as if an interval had passed."""
    now = clock.now()
    Cursor.objects.filter(channel=channel).update(next_poll_at=now)
    for _ in range(5):
        for cursor in intake.due(now):
            intake.poll(cursor, now)
    return now


@can("publish", "comments", "reply")
def test_a_resident_is_heard_answered_and_the_answer_is_known_again(desk: Desk, channel: Channel):
    post = desk.posted()
    said = desk.hear("Is the library open on Sunday?", reply_to=post)
    now = read_all(channel)
    conversation = Conversation.objects.get()
    message = conversation.messages.get()
    assert (message.remote_id, message.root_id, conversation.clock) == (said, post, "running")
    assert Message.objects.get(kind="post").ours
    officer = make_user("officer", name="Dana Whitlock")
    sending = Sending("Yes, from ten to four.", close_after=True)
    reply = replies.release(conversation, sending, by=officer, now=now)
    outbox.step()
    reply.refresh_from_db()
    conversation.refresh_from_db()
    assert (reply.state, reply.delivery.state) == ("published", "published")
    assert (conversation.state, conversation.clock) == ("closed", "answered")
    read_all(channel)
    ours = Message.objects.get(conversation=conversation, ours=True)
    assert (ours.remote_id, ours.delivery) == (reply.delivery.remote_id, reply.delivery)
    assert ours.parent_id == said
    assert ClockEvent.objects.filter(kind="answered").count() == 1
    assert len([row for row in desk.public() if "from ten to four" in str(row)]) == 1


@can("mentions")
def test_a_mention_starts_a_conversation(desk: Desk, channel: Channel):
    said = desk.hear("@fernhill the lamp on Mill Road is out")
    read_all(channel)
    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.messages.get().remote_id) == ("mention", said)
    assert conversation.person.name


@can("publish", "comments")
def test_an_edit_adds_a_version_and_a_deletion_marks(desk: Desk, channel: Channel):
    post = desk.posted()
    said = desk.hear("Is the lift workign?", reply_to=post)
    read_all(channel)
    desk.emulator.edit(said, "Is the lift working?")
    read_all(channel)
    assert [row.text for row in MessageVersion.objects.filter(message__remote_id=said)][-1].endswith("working?")
    desk.emulator.delete(said)
    message = Message.objects.get(remote_id=said)
    Message.objects.filter(pk=message.pk).update(recheck_at=clock.now())
    assert rechecking.look_again(message.pk, clock.now()) is False
    assert Conversation.objects.get().outcome == "withdrawn"


@can("direct", but=("mastodon",))  # where they are named like any mention
def test_more_private_messages_than_one_list_shows_are_all_heard(desk: Desk, channel: Channel):
    said = {desk.hear(f"@fernhill my neighbour is ill ({n})", visibility="direct") for n in range(HASTE)}
    desk.fault("rate_limited", "messages", times=1, reset=1)
    read_all(channel)
    assert Channel.objects.get().state == "ok"
    assert not Message.objects.exists()
    read_all(channel)
    assert set(Message.objects.values_list("remote_id", flat=True)) == said


@can("direct", "reply")
def test_a_private_message_is_answered_so_that_nobody_else_sees_it(desk: Desk, channel: Channel):
    desk.hear("@fernhill my neighbour is ill", visibility="direct")
    now = read_all(channel)
    conversation = Conversation.objects.get()
    assert conversation.private
    replies.release(conversation, Sending("We will call you."), by=make_user("officer"), now=now)
    outbox.step()
    assert Delivery.objects.get().state == "published"
    answer = Message.objects.get(ours=True)
    assert answer.visibility == "direct"
    assert desk.platform.read(desk.account, answer.remote_id, "direct").visibility == "direct"
    seen_by = {row["visibility"] for row in desk.public() if "We will call you" in str(row["text"])}
    assert seen_by == {"direct"}


@can("publish", "comments", "reply")
def test_an_answer_made_on_the_platform_itself_stops_the_clock(desk: Desk, channel: Channel):
    post = desk.posted()
    said = desk.hear("@fernhill is it open?", reply_to=post)
    read_all(channel)
    by_hand = Outgoing("reply", "It is.", reply_to=said, root=post, mention="@resident", idem_key="by hand")
    desk.platform.send(desk.account, by_hand)
    read_all(channel)
    assert (Conversation.objects.get().clock, Conversation.objects.get().state) == ("outside", "closed")


@can("mentions")
def test_a_limit_puts_reading_off_and_nothing_is_lost(desk: Desk, channel: Channel):
    said = desk.hear("@fernhill the lamp is out")
    desk.fault("rate_limited", reset=600)
    read_all(channel)
    now = clock.now()
    assert Cursor.objects.filter(channel=channel, next_poll_at__gt=now).exists()
    desk.emulator.clear_faults()
    read_all(channel)
    assert Message.objects.filter(remote_id=said).count() == 1


@can("own_posts", but=("rss",))  # whose address is no key
def test_a_revoked_token_asks_for_reconnecting(desk: Desk, channel: Channel):
    desk.fault("revoked")
    read_all(channel)
    channel.refresh_from_db()
    assert channel.state == "needs_reconnect"


@can("publish", "comments", "reply", only=("instagram",))
def test_an_account_with_a_new_name_is_still_ours(desk: Desk, channel: Channel):
    post, before = desk.posted(), desk.since()
    said = desk.hear("Is the lift working?", reply_to=post)
    desk.emulator.call("POST", "accounts/handle", {"account": desk.account.remote_id, "handle": "fernhilltown"})
    answer = Outgoing("reply", "It is.", reply_to=said, root=post, idem_key="once")
    desk.fault("drop_after", "reply", times=1)
    with pytest.raises(Uncertain):
        desk.send(answer)
    assert len(desk.platform.look_up(desk.account, answer, before).candidates) == 1
    read_all(channel)
    channel.refresh_from_db()
    assert channel.handle == "@fernhilltown"
    assert AuditEntry.objects.filter(act="account_renamed").count() == 1
    assert set(Message.objects.filter(ours=True).values_list("kind", flat=True)) == {"post", "reply"}
    assert Message.objects.get(ours=False).remote_id == said


@can("publish", "comments", "reply", only=("linkedin",))
def test_answers_that_are_on_file_are_not_asked_for_again(desk: Desk, channel: Channel):
    post = desk.posted()
    for n in range(20):
        top = desk.hear(f"Question {n}?", reply_to=post)
        desk.hear("I wonder too.", reply_to=top)
    read_all(channel)
    assert Message.objects.filter(root_id=post).count() == 40
    before = len(desk.requests("replies")), Message.objects.get(remote_id=top).person.name
    read_all(channel)
    assert (len(desk.requests("replies")) - before[0], Message.objects.get(remote_id=top).person.name) == (1, before[1])
    desk.hear("And so do I.", reply_to=top)
    read_all(channel)
    assert Message.objects.filter(root_id=post).count() == 41
