"""On a channel that only warns nobody is asked anything: said when it is planned, and again when it would go out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from calendar_app import deciding
from channels_app import outbox
from channels_app.models import Channel, Delivery
from engagement import answering_together, kickstarts, replies
from engagement.models import KickStarter
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_asking import make_kickstarter
from tests.factories_calendar import make_placement
from tests.factories_inbox import make_conversation, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(db):
    make_town(zone="UTC", pack="none")
    return make_user("officer", name="Dana Whitlock")


def only_warns(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(purpose="broadcast")


def test_a_kick_starter_is_not_offered_there_and_is_refused_in_words(client: Client, officer):
    siren = make_channel(name="Fernhill warns", purpose="broadcast")
    post = receive(siren, make_own(siren, "Stay away from the river.", kind="post", at=NOON - HOUR))[0]
    client.force_login(officer)
    assert kickstarts.own_posts(officer, NOON) == []
    address = f"{reverse('inbox:ask-kickstarter')}?post={siren.key}:{post.remote_id}"
    typed = {"shape": "yes_no", "question": "Did you hear the siren?", "closes_on": "2030-01-01"}
    for page in (client.get(address), client.post(address, typed)):
        assert page.status_code == 422
        assert f"{siren} only warns: nobody is asked anything there." in page.content.decode()
        assert "Ask under a post on another channel" in page.content.decode()
    assert not KickStarter.objects.exists()


def test_a_channel_that_turned_meanwhile_takes_no_question_and_the_open_one_says_so(client: Client, officer):
    channel = make_channel()
    one = make_kickstarter(channel, by=officer)
    found = kickstarts.find_post(channel.key, one.remote_id, officer, NOON)
    only_warns(channel)
    with pytest.raises(Invalid, match="nobody is asked anything there"):
        kickstarts.put(found, "yes_no", "And now?", NOON.date(), None, by=officer, now=NOON)
    client.force_login(officer)
    page = client.get(reverse("inbox:kickstarter", args=[one.key])).content.decode()
    assert "This channel only warns now" in page


def test_a_question_that_was_planned_before_does_not_go_out_there(officer):
    delivery = make_placement().delivery
    assert deciding.recheck(delivery, NOON) is None
    only_warns(delivery.channel)
    block = deciding.recheck(Delivery.objects.select_related("channel__scope").get(pk=delivery.pk), NOON)
    assert block is not None
    assert block.words.endswith("only warns in an emergency: an ordinary post does not go out there.")


def test_a_result_on_its_way_back_to_those_who_answered_stops_there(officer, scripted: Scripted):
    asked = make_conversation(at=NOON)
    replies.release(asked, Sending("We did it."), by=officer, now=NOON + HOUR)
    only_warns(asked.channel)
    outbox.step(NOON + HOUR)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why) == ("blocked", "one_way")
    assert delivery.why_words == "This channel only warns: nobody is answered there. Cancel this reply."
    assert not scripted.sent


def test_many_are_not_answered_together_there_either(officer):
    channel = make_channel("facebook", purpose="broadcast")
    receive(channel, make_own(channel, "Stay inside.", kind="post", remote_id="post-1", at=NOON - HOUR))
    homes = [make_conversation(channel, kind="comment", root_id="post-1", parent_id="post-1") for _ in range(2)]
    with pytest.raises(Invalid, match="only warns"):
        answering_together.send(homes[0], homes, Sending("Yes."), by=officer, now=NOON + HOUR)
