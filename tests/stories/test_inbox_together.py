"""One answer under a post for many who asked alike: published once, each of them settled as it names them or not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.platforms.base import Refused
from engagement import answering_together, handling, replies, signing, wording
from engagement.models import ClockEvent, Conversation, Message, Person, Reply, Together
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


def three(at=NOON) -> list[Conversation]:
    """Three residents under one post of ours."""
    make_town()
    channel = make_channel("facebook")
    receive(channel, make_own(channel, "The pool is shut on Friday.", kind="post", remote_id="post-1", at=at - HOUR))
    items = [
        make_incoming(
            f"Why is that, {n}?", kind="comment", parent_id="post-1", root_id="post-1", at=at, author_handle=f"@res{n}"
        )
        for n in range(3)
    ]
    return [one.conversation for one in receive(channel, *items)]


@pytest.fixture
def there(scripted: Scripted) -> list[Conversation]:
    return three()


def send(there, officer, text="@res0 @res1 The pump is new on Saturday.", **how) -> Reply:
    return answering_together.send(there[0], there, Sending(text, **how), by=officer, now=NOON + HOUR)


def test_those_it_names_are_answered_and_the_others_settled_with_a_reason(there, officer, scripted: Scripted):
    reply = send(there, officer)
    assert [fresh(one).clock for one in there] == ["running"] * 3
    outbox.step(NOON + HOUR)
    assert len(scripted.sent) == 1
    assert (scripted.sent[0].reply_to, scripted.sent[0].root, scripted.sent[0].mention) == ("post-1", "post-1", "")
    assert [fresh(one).clock for one in there] == ["answered", "answered", "settled"]
    assert [fresh(one).state for one in there] == ["closed"] * 3
    assert ClockEvent.objects.get(kind="no_reply_needed").reason == "answered_together"
    assert list(Together.objects.filter(reply=reply).order_by("id").values_list("named", flat=True)) == [
        True,
        True,
        False,
    ]
    replies.after(Delivery.objects.get(), NOON + 2 * HOUR)
    assert (
        ClockEvent.objects.exclude(kind="started").count(),
        Message.objects.filter(ours=True, kind="reply").count(),
    ) == (3, 1)


def test_while_it_is_on_its_way_none_of_them_is_answered_again(there, officer):
    send(there, officer)
    with pytest.raises(LostRace, match="An answer by Dana Whitlock is on its way already"):
        replies.release(there[2], Sending("Because."), by=make_user("officer"), now=NOON + HOUR)


def test_what_is_on_its_way_to_one_of_them_stops_it(there, officer):
    replies.release(there[2], Sending("Because."), by=officer, now=NOON + HOUR)
    with pytest.raises(LostRace, match="on its way already"):
        send(there, make_user("officer"))
    assert Delivery.objects.count() == 1
    assert not Together.objects.exists()


def test_a_double_click_is_one_answer(there, officer):
    assert send(there, officer, form_key="f") == send(there, officer, form_key="f")
    assert Delivery.objects.count() == 1


def test_a_resident_who_writes_meanwhile_is_still_owed(there, officer):
    send(there, officer)
    first = there[2].messages.get()
    receive(there[2].channel, make_incoming("And?", kind="comment", parent_id=first.remote_id, root_id="post-1",
            thread_key=first.remote_id, author_id=first.person.remote_id, at=NOON + HOUR),
            now=NOON + HOUR + HOUR / 60)  # fmt: skip
    outbox.step(NOON + 2 * HOUR)
    assert (fresh(there[2]).clock, fresh(there[2]).state) == ("running", "open")


def test_one_that_fails_keeps_its_words_and_frees_everybody(there, officer, scripted: Scripted):
    scripted.endings = [Refused("Facebook does not allow this.", cause="content", code="refused")]
    reply = send(there, officer)
    outbox.step(NOON + HOUR)
    reply.refresh_from_db()
    assert (reply.state, reply.text) == ("draft", "@res0 @res1 The pump is new on Saturday.")
    assert reply.why == "Not sent: Facebook does not allow this."
    assert [fresh(one).clock for one in there] == ["running"] * 3
    assert wording.draft_of(there[0], officer) is None
    again = send(there, officer)
    assert Reply.objects.filter(state="draft").count() == 0
    outbox.step(NOON + HOUR)
    again.refresh_from_db()
    assert again.state == "published"


def test_it_needs_two_and_a_post_and_words(there, officer):
    with pytest.raises(Invalid, match="Choose between 2"):
        answering_together.send(there[0], there[:1], Sending("Yes."), by=officer, now=NOON)
    with pytest.raises(Invalid, match="Write the answer first"):
        send(there, officer, " ")
    Message.objects.filter(kind="post").update(gone_at=NOON)
    with pytest.raises(Invalid, match="not there any more"):
        send(there, officer)


def test_an_answer_with_risk_waits_for_an_approver_and_holds_all_of_them(there, officer):
    reply = send(there, officer, "@res0 @res1 @res2 You get a refund and compensation.")
    assert reply.state == "in_review"
    with pytest.raises(LostRace):
        replies.release(there[1], Sending("Because."), by=officer, now=NOON + HOUR)
    ruth = make_user("approver")
    replies.approve(reply, signing.seal(reply), by=ruth, now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    assert [fresh(one).clock for one in there] == ["answered"] * 3


def test_people_are_named_by_handle_or_by_name(there):
    assert answering_together.named(there[:2]) == "@res0 @res1"
    Person.objects.update(handle="", name="Ken Adeyemi")
    there = list(Conversation.objects.order_by("pk"))
    assert answering_together.named(there) == "Ken Adeyemi:"


def test_by_the_page(client: Client, officer, scripted):
    now = clock.now().replace(microsecond=0)
    there = three(now - HOUR)
    handling.close(there[2], "thanks", by=officer, now=now)
    client.force_login(officer)
    url = reverse("inbox:answer-together", args=[there[0].key])
    page = client.get(url).content.decode()
    assert page.count('name="chosen"') == 2
    chosen = [str(one.key) for one in there[:2]]
    named = client.post(url, {"chosen": chosen, "text": "On Saturday.", "name": "1"}).content.decode()
    assert "@res0 @res1 On Saturday.</textarea>" in named
    assert "It names 2 of 2" in named
    wrong = client.post(url, {"chosen": chosen[:1], "text": "On Saturday.", "form_key": "a"})
    assert (wrong.status_code, "On Saturday.</textarea>" in wrong.content.decode()) == (422, True)
    sent = client.post(url, {"chosen": chosen, "text": "@res0 On Saturday.", "form_key": "b"})
    assert sent.status_code == 302
    outbox.step(clock.now())
    body = client.get(reverse("inbox:conversation", args=[there[1].key])).content.decode()
    assert "Settled by one answer under the post, by Dana Whitlock" in body
    assert "Dana Whitlock answered it under the post, with 2 in all" in body
