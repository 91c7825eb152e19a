"""A pile-on raises one alert, settles with a margin, and can raise another; those who defend the town are marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notification
from accounts.refusals import Invalid, NotAllowed
from engagement import heat, naming, triaging
from engagement.models import AlertRule, Defence, Heat
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def officer():
    return make_user("officer")


@pytest.fixture
def channel():
    return make_channel()


@pytest.fixture
def post(channel):
    receive(channel, make_own(channel, "The pool closes", kind="post", remote_id="post-1", at=NOON - HOUR))
    return "post-1"


def pile(channel, post, count, *, start=0.0, over=30.0, people=None, text="Why is that?"):
    """So many comments evenly over so many minutes, from so many people."""
    for n in range(count):
        who = {"author_id": f"person-{n % people}"} if people else {}
        at = NOON + (start + over * n / count) * MINUTE
        receive(channel, make_incoming(text, kind="comment", root_id=post, parent_id=post, at=at, **who), now=at)


def told(user) -> int:
    return Notification.objects.filter(user=user, event="issue.heat").count()


def test_forty_comments_in_thirty_minutes_raise_one_alert(channel, post, officer):
    raised = []
    for minute in range(30):
        pile(channel, post, 4 if minute % 3 == 0 else 0, start=minute, over=3)
        raised += heat.look(NOON + (minute + 1) * MINUTE)
    [one] = raised
    one.refresh_from_db()
    assert (Heat.objects.count(), told(officer)) == (1, 1)
    assert (one.comments, one.people, one.state) == (40, 40, "hot")


def test_a_few_loud_people_are_no_pile_on(channel, post, officer):
    pile(channel, post, 40, people=4)
    assert heat.look(NOON + 30 * MINUTE) == []


def test_nineteen_are_not_enough_and_twenty_are(channel, post):
    pile(channel, post, 19, over=10)
    assert heat.look(NOON + 10 * MINUTE) == []
    pile(channel, post, 1, start=10)
    assert len(heat.look(NOON + 11 * MINUTE)) == 1


def test_it_settles_only_after_a_whole_time_of_calm_and_then_can_rise_again(channel, post, officer):
    pile(channel, post, 40)
    heat.look(NOON + 30 * MINUTE)
    pile(channel, post, 12, start=35, over=25)  # fewer than raise it, more than let it settle
    for minute in (60, 61):
        assert heat.look(NOON + minute * MINUTE) == []
    assert Heat.objects.get().state == "hot"
    for minute in (80, 90, 100):
        assert heat.look(NOON + minute * MINUTE) == []
        assert Heat.objects.get().state == "hot"
    heat.look(NOON + 125 * MINUTE)
    first = Heat.objects.get()
    assert (first.state, first.top_comments) == ("settled", 40)
    pile(channel, post, 25, start=130, over=10)
    assert len(heat.look(NOON + 140 * MINUTE)) == 1
    assert (Heat.objects.count(), told(officer)) == (2, 2)


def test_a_flicker_while_it_cools_begins_the_calm_anew(channel, post):
    pile(channel, post, 40, over=10)
    for minute in (10, 45):
        heat.look(NOON + minute * MINUTE)
    assert Heat.objects.get().cool_since == NOON + 45 * MINUTE
    pile(channel, post, 9, start=46, over=4)
    heat.look(NOON + 50 * MINUTE)
    assert Heat.objects.get().cool_since is None


def test_the_thresholds_are_the_towns(channel, post):
    manager = make_user("manager")
    naming.set_thresholds(AlertRule(comments=6, people=3, within=10), by=manager, now=NOON)
    pile(channel, post, 6, over=5, people=3)
    assert len(heat.look(NOON + 6 * MINUTE)) == 1


def test_each_post_has_its_own_alert(channel, post):
    receive(channel, make_own(channel, "The bus", kind="post", remote_id="post-2", at=NOON - HOUR))
    for one in (post, "post-2"):
        pile(channel, one, 20, over=20)
    assert {one.root_id for one in heat.look(NOON + 20 * MINUTE)} == {post, "post-2"}


def test_an_answer_of_ours_at_the_top_is_to_be_pinned(channel, post):
    receive(
        channel, make_own(channel, "It opens in May", kind="comment", root_id=post, parent_id=post, at=NOON), now=NOON
    )
    pile(channel, post, 25, over=20)
    assert [one.posture for one in heat.look(NOON + 20 * MINUTE)] == ["pin"]


# --- what a person says of a conversation


def test_a_kind_is_confirmed_by_a_person_and_changed_in_the_open(officer):
    asked = make_conversation(text="There is a pothole in Mill Road")
    first = triaging.confirm(asked, "failure", by=officer, now=NOON)
    assert (first.kind, first.suggested) == ("failure", "failure")
    triaging.confirm(asked, "criticism", by=officer, now=NOON)
    assert fresh(asked).triage.get_kind_display() == "Legitimate criticism"
    with pytest.raises(Invalid):
        triaging.confirm(asked, "nonsense", by=officer, now=NOON)
    with pytest.raises(NotAllowed):
        triaging.confirm(asked, "rant", by=make_user("records_officer"), now=NOON)


def test_a_resident_who_corrects_is_marked_and_the_share_counts_threads(channel, officer):
    threads = [make_conversation(channel, f"Useless {n}", at=NOON) for n in range(4)]
    for one in threads[:3]:
        triaging.confirm(one, "rant", by=officer, now=NOON)
    first = threads[0].messages.get()
    helpers = receive(
        channel,
        *[make_incoming("Not so, it opened in May", parent_id=first.remote_id, at=NOON + MINUTE) for _ in range(2)],
    )
    for helper in helpers:
        triaging.mark(helper, "corrects", by=officer, now=NOON)
    span = (NOON - HOUR, NOON + HOUR)
    assert triaging.support([channel.pk], *span) == (1, 3)
    for helper in helpers:
        triaging.mark(helper, "", by=officer, now=NOON)
    assert (triaging.support([channel.pk], *span), Defence.objects.count()) == ((0, 3), 0)


def test_support_beside_a_thread_under_the_same_post_counts(channel, post, officer):
    angry, kind = (
        receive(channel, make_incoming(text, kind="comment", root_id=post, parent_id=post, at=NOON))[0]
        for text in ("Useless", "They did well")
    )
    triaging.confirm(angry.conversation, "rant", by=officer, now=NOON)
    triaging.mark(kind, "supports", by=officer, now=NOON)
    assert triaging.support([channel.pk], NOON - HOUR, NOON + HOUR) == (1, 1)


def test_our_own_words_and_private_ones_are_never_marked(channel, officer):
    private = make_conversation(channel, kind="direct", visibility="direct").messages.get()
    ours = receive(channel, make_own(channel, kind="reply", parent_id=private.remote_id))[0]
    for one in (private, ours):
        with pytest.raises(NotAllowed):
            triaging.mark(one, "supports", by=officer, now=NOON)
