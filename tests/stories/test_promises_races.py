"""The end of a promise told by two people at the same moment: each reporter has one closing answer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from accounts.refusals import LostRace
from channels_app.models import Delivery
from engagement import closings, gathering, heat, promising
from engagement.models import Heat, Issue, Promise, PromiseReport, Reply
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_promises import make_place, make_promise
from tests.scripted import Scripted
from tests.stories.test_inbox_races import at_once

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_two_who_keep_it_at_once_and_send_twice_tell_everybody_once(transactional_db: str, scripted: Scripted):
    channel, people = make_channel(), [make_user("officer") for _ in range(2)]
    first, *others = (make_conversation(channel, at=NOON - HOUR) for _ in range(4))
    row = make_promise(first, by=people[0])
    promising.join(row, others, by=people[0], now=NOON)

    def keep(n: int) -> object:
        return promising.end(Promise.objects.get(pk=row.pk), "kept", by=people[n], now=NOON, closing="It works again.")

    results = at_once(*[lambda n=n: keep(n) for n in range(2)])
    assert Counter(type(one) for one in results) == {Promise: 1, LostRace: 1}
    assert Reply.objects.filter(state="draft").count() == 4
    winner = Promise.objects.get(pk=row.pk).ended_by
    rows = PromiseReport.objects.filter(promise=row)
    drafts = at_once(*[lambda: promising.draft_rest(row, by=winner, now=NOON) for _ in range(3)])
    assert drafts == [0, 0, 0]
    at_once(*[lambda: closings.send(list(rows), by=winner, now=NOON) for _ in range(3)])
    assert Delivery.objects.filter(kind="reply").count() == 4
    assert set(Reply.objects.values_list("state", flat=True)) == {"released"}


def test_two_workers_who_look_at_once_make_one_issue_and_one_alert_for_what_is_hot(
    transactional_db: str, scripted: Scripted
):
    channel = make_channel()
    make_place("Mill Road")
    make_user("officer")
    items = [
        make_incoming("The lamp in Mill Road is broken", kind="comment", root_id="post-1", at=NOON + n * MINUTE)
        for n in range(24)
    ]
    receive(channel, *items, now=NOON + 24 * MINUTE)
    now = NOON + 25 * MINUTE
    at_once(*[lambda: gathering.gather(now) for _ in range(3)], *[lambda: heat.look(now) for _ in range(3)])
    assert (Issue.objects.count(), Heat.objects.count()) == (1, 1)
    assert Issue.objects.get().members.count() == 24
