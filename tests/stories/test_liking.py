"""A like goes out once, through the outbox, can be taken back, and is never taken for an answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from accounts.refusals import Invalid, LostRace
from channels_app import connecting, outbox, trying
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Outgoing, Receipt, Refused
from config import today
from engagement import liking, replies
from engagement.models import ClockEvent, Conversation, Liking, Message
from metrics.measures import from_posts
from metrics.measures.shape import Span
from policy.models import ModeSpan
from tests.factories import NOON, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.stage import SILENCE, Stage, after

pytestmark = pytest.mark.django_db
GONE = Refused("This is no longer on Mastodon.", cause="gone", code="gone")
PERMISSION = Refused("This account may not do this.", cause="permission", code="permission")
TOKEN = Refused("The token is not accepted any more.", cause="token", code="token")


# --- from the page to the platform and back ---------------------------------------------------------------------------


@pytest.fixture
def channel(emulator: Emulator) -> Channel:
    """A real door, on the emulator's Mastodon server."""
    make_town()
    emulator.reset()
    made = emulator.create_account("mastodon", "fernhill", name="Town of Fernhill")
    given, boss = {"access_token": made["token"]}, make_user("administrator")
    connecting.connect("mastodon", "social.fernhill.example", given, by=boss, now=clock.now(), opened=True)
    trying.try_due(clock.now())
    return Channel.objects.get(state="ok")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user("officer", name="Dana Whitlock"))
    return client


def heard(channel: Channel, emulator: Emulator) -> Message:
    said = emulator.say("mastodon", "The new path is lovely.", to=channel.remote_id, by="rosa")["id"]
    return receive(channel, make_incoming(remote_id=said, author_name="Rosa Marsh", at=clock.now()))[0]


def likers(emulator: Emulator, message: Message) -> list[str]:
    rows = emulator.snapshot()["posts"]
    return list(next(one["liked_by"] for one in rows if one["id"] == message.remote_id))


def page(desk: Client, conversation: Conversation | None) -> str:
    assert conversation
    answer = desk.get(reverse("inbox:conversation", args=[conversation.key]))
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def press(desk: Client, act: str, message: Message) -> int:
    assert message.conversation
    return desk.post(reverse(f"inbox:{act}", args=[message.conversation.key]), {"message": message.pk}).status_code


def test_a_message_is_liked_once_however_often_it_is_pressed_and_the_like_taken_back(channel, desk, emulator):
    message = heard(channel, emulator)
    conversation = message.conversation
    assert "Like what Rosa Marsh wrote" in page(desk, conversation)
    was, events = fresh(conversation), ClockEvent.objects.count()
    assert [press(desk, "like", message) for _ in range(2)] == [302, 302]
    assert "Liking…" in page(desk, conversation)
    assert likers(emulator, message) == []  # a web request calls no platform
    outbox.step(clock.now())
    assert likers(emulator, message) == [channel.remote_id]
    shown = page(desk, conversation)
    assert "Liked by the town" in shown
    assert "Dana Whitlock liked what Rosa Marsh wrote" in shown
    assert press(desk, "like", message) == 302
    assert Delivery.objects.get().approval.rule_words.startswith("No sign-off needed: officers may like")

    now_it_is = fresh(conversation)
    assert (now_it_is.clock, now_it_is.due_at, now_it_is.unanswered_since) == ("running", was.due_at, message.at)
    assert ClockEvent.objects.count() == events
    assert replies.answers_of(conversation) == 0
    assert not Message.objects.filter(ours=True).exists()
    now = clock.now()
    day = Span(now - timedelta(days=1), now + timedelta(days=1), now + timedelta(days=1))
    assert from_posts.out(day) == []

    assert [press(desk, "unlike", message) for _ in range(2)] == [302, 302]
    outbox.step(clock.now())
    assert likers(emulator, message) == []
    shown = page(desk, conversation)
    assert "Liked by the town" not in shown
    assert "Dana Whitlock took back the like of what Rosa Marsh wrote" in shown
    assert [one["status"] for one in emulator.requests(route="like")] == [200, 200]
    told = AuditEntry.objects.filter(kind="conversation", act__in=["liked", "unliked"]).order_by("pk")
    assert [one.act for one in told] == ["liked", "unliked"]


def test_a_like_whose_answer_was_lost_is_looked_for_and_not_given_again(channel, desk, emulator):
    message = heard(channel, emulator)
    press(desk, "like", message)
    emulator.fault("drop_after", platform="mastodon", route="like", times=1)
    now = clock.now()
    outbox.step(now)
    assert Delivery.objects.get().state == "unknown"
    assert "Liking…" in page(desk, message.conversation)
    outbox.step(now + timedelta(seconds=10))
    assert Delivery.objects.get().state == "published"
    assert likers(emulator, message) == [channel.remote_id]
    assert len(emulator.requests(route="like")) == 1


# --- what may get in its way ------------------------------------------------------------------------------------------


@pytest.fixture
def officer() -> User:
    make_town(zone="UTC")
    return make_user("officer", name="Dana Whitlock")


def asked(channel: Channel | None = None, **facts: object) -> Message:
    return make_conversation(channel, at=NOON, **facts).messages.get()


def stands(message: Message) -> str:
    row = message.likings.select_related("delivery").order_by("-n").first()
    return liking._of(row).words


def test_a_like_that_is_taken_back_in_time_never_goes_out(stage: Stage, officer):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    liking.unlike(message, by=officer, now=NOON)
    liking.unlike(message, by=officer, now=NOON)
    outbox.step(NOON)
    assert (stage.sent, stands(message), Liking.objects.count()) == ([], "", 1)
    liking.like(message, by=officer, now=NOON)
    outbox.step(NOON)
    assert ([one.kind for one in stage.sent], stands(message)) == (["like"], "Liked by the town")


def test_while_a_like_goes_out_nothing_overtakes_it(stage: Stage, officer):
    message = asked()

    def meanwhile(outgoing: Outgoing) -> Receipt:
        with pytest.raises(LostRace, match="going out right now"):
            liking.unlike(message, by=officer, now=NOON)
        liking.like(message, by=officer, now=NOON)
        return Receipt(outgoing.target)

    stage.answers = [meanwhile, meanwhile_taken_back(message, officer)]
    liking.like(message, by=officer, now=NOON)
    outbox.step(NOON)
    assert stands(message) == "Liked by the town"
    liking.unlike(message, by=officer, now=NOON)
    outbox.step(NOON)
    assert ([one.kind for one in stage.sent], stands(message)) == (["like", "unlike"], "")


def meanwhile_taken_back(message: Message, officer: User):
    def press_like(outgoing: Outgoing) -> Receipt:
        with pytest.raises(LostRace):
            liking.like(message, by=officer, now=NOON)
        return Receipt(outgoing.target)

    return press_like


def test_what_nobody_knows_is_asked_for_again_and_given_up_in_the_end(stage: Stage, officer):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    stage.answers = [SILENCE] * 99
    for minutes in range(0, 90, 2):
        outbox.step(after(minutes=minutes))
    delivery = Delivery.objects.get()
    assert (delivery.state, len(stage.sent) > 1) == ("cancelled", True)
    assert stands(message) == "Could not be liked: Mastodon did not say whether it took it."
    stage.answers = []
    liking.like(message, by=officer, now=after(hours=3))
    outbox.step(after(hours=3))
    assert stands(message) == "Liked by the town"


def test_one_that_is_refused_is_told_to_whoever_asked_and_is_nobodys_work(stage: Stage, officer):
    publisher, message = make_user("publisher"), asked()
    for answer, words in (
        (GONE, "Could not be liked: This is no longer on Mastodon."),
        (PERMISSION, "Could not be liked: This account may not do this."),
    ):
        stage.answers = [answer]
        liking.like(message, by=officer, now=NOON)
        outbox.step(NOON)
        assert stands(message) == words
    assert not Delivery.objects.unfinished().exists()
    told = Notification.objects.all()
    assert {(one.user, one.event) for one in told} == {(officer, "inbox.like")}
    assert today.going_out(publisher, NOON, NOON.tzinfo).trouble == []
    message.refresh_from_db()
    assert message.recheck_at == NOON  # the inbox looks whether it is gone


def test_a_like_that_cannot_be_taken_back_still_stands(stage: Stage, officer):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    outbox.step(NOON)
    stage.answers = [PERMISSION]
    liking.unlike(message, by=officer, now=NOON)
    outbox.step(NOON)
    assert stands(message) == "Liked by the town. It could not be taken back: This account may not do this."


def test_it_waits_for_its_channel_like_an_answer_and_a_day_at_the_most(stage: Stage, officer):
    message, late = asked(), asked()
    liking.like(message, by=officer, now=NOON)
    stage.answers = [TOKEN]
    outbox.step(NOON)
    assert stands(message) == f"Liking… It waits: {TOKEN.words}"
    assert Channel.objects.get(pk=message.channel_id).state == "needs_reconnect"
    Channel.objects.filter(pk=message.channel_id).update(state="ok")
    for seconds in (0, 5):  # first it is seen that nothing stands against it any more
        outbox.step(after(hours=2, seconds=seconds))
    assert stands(message) == "Liked by the town"
    Channel.objects.filter(pk=late.channel_id).update(state="paused")
    liking.like(late, by=officer, now=NOON)
    outbox.step(after(hours=2))
    Channel.objects.filter(pk=late.channel_id).update(state="ok")
    outbox.step(after(hours=25))
    assert (stands(late), len(stage.sent)) == ("Could not be liked: It waited for too long.", 2)


def test_whoever_may_not_answer_any_more_likes_nothing(stage: Stage, officer):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    officer.grants.update(ends_at=NOON)
    outbox.step(NOON)
    assert (stage.sent, stands(message)) == (
        [],
        "Could not be liked: Dana Whitlock asked for it and may no longer publish here.",
    )


def test_what_was_taken_back_by_its_author_meanwhile_is_not_liked(stage: Stage, officer):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    Message.objects.update(gone_at=NOON)
    outbox.step(NOON)
    assert (stage.sent, stands(message)) == ([], f"Could not be liked: {liking.GONE}")
    with pytest.raises(Invalid, match="taken back by its author"):
        liking.like(message, by=officer, now=NOON)


# --- where it is offered ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("can", "facts", "offered"),
    [
        ({"like"}, {}, True),
        (set(), {}, False),
        ({"like"}, {"kind": "direct", "visibility": "direct"}, False),
        ({"like", "like_direct"}, {"kind": "direct", "visibility": "direct"}, True),
    ],
)
def test_it_is_offered_where_the_platform_can_and_nowhere_else(stage: Stage, desk, can, facts, offered):
    make_town()
    stage.CAN = Stage.CAN - {"like"} | can
    message = asked(**facts)
    assert ("Like what" in page(desk, message.conversation)) is offered
    assert press(desk, "like", message) == (302 if offered else 422)
    assert Delivery.objects.exists() is offered


def test_it_is_not_offered_on_what_is_gone_or_where_nobody_is_answered(stage: Stage, desk):
    make_town()
    message = asked()
    Channel.objects.update(purpose="broadcast")
    assert "Like what" not in page(desk, message.conversation)
    assert press(desk, "like", message) == 422
    Channel.objects.update(purpose="conversation")
    Message.objects.update(gone_at=NOON)
    assert "Like what" not in page(desk, message.conversation)
    assert press(desk, "like", message) == 422


def test_who_may_only_read_sees_that_it_is_liked_and_no_button(stage: Stage, officer, client: Client):
    message = asked()
    liking.like(message, by=officer, now=NOON)
    outbox.step(NOON)
    client.force_login(make_user("records_officer"))
    shown = page(client, message.conversation)
    assert "Liked by the town" in shown
    assert "Take the like back" not in shown


@pytest.mark.parametrize(
    ("pack", "words"), [("england", "Nobody shares or likes what parties"), ("us", "No likes, follows"), ("none", "")]
)
def test_an_election_has_its_own_word_on_likes_where_the_pack_has_one(stage: Stage, desk, pack: str, words: str):
    make_town(pack=pack)
    message = asked()
    assert "An election runs" not in page(desk, message.conversation)
    by = make_user("manager")
    ModeSpan.objects.create(mode="election", reason="Council election", starts_at=NOON, by=by)
    shown = page(desk, message.conversation)
    assert ("An election runs" in shown) is bool(words)
    assert words in shown
