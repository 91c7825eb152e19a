"""The history of somebody the town works with: what they were promised and the issues they reported, as far as seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from engagement import between, issues, promising
from engagement.models import Reply
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.factories_promises import FRIDAY, make_issue, make_promise
from tests.factories_relations import make_relationship

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer(db):
    make_town(zone="UTC")
    return make_user("officer", name="Dana Whitlock")


def lines(one, user, now=NOON) -> list[tuple[str, str]]:
    return [(event.kind, event.words) for event in between.history(one, user, now) if event.kind[:6] != "Thread"]


def test_promises_and_issues_stand_in_the_history_with_their_state_and_a_link(officer):
    channel = make_channel("mastodon")
    theirs = make_conversation(channel, "The lamp is out", author_handle="@FoodBank", at=NOON - 2 * DAY)
    one = make_relationship(handles=[("mastodon", "foodbank")], by=officer)
    row, issue = make_promise(theirs, by=officer), make_issue(theirs)
    make_promise(make_conversation(channel, author_handle="@other"), what="Somebody else's", by=officer)
    issues.say(issue, "The contractor comes on Friday.", by=officer, now=NOON)
    told = f"{issue.title}: The contractor comes on Friday."
    assert lines(one, officer) == [("Promise, open, due 20 November 2026", row.what), ("Issue, open", told)]
    late = lines(one, officer, NOON + 7 * DAY)
    assert late[0] == ("Promise, overdue since 20 November 2026", row.what)
    assert (FRIDAY.day, FRIDAY.month) == (20, 11)
    promising.end(row, "broken", by=officer, now=NOON, reason="No spare lamp is left.")
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("inbox:relationship", args=[one.key])).content.decode()
    for words in (promising.address(row), issues.address(issue), "Promise, broken on 18 November 2026"):
        assert words in page


def test_a_promise_they_only_joined_counts_once_and_what_was_taken_out_does_not(officer):
    channel = make_channel("mastodon")
    row = make_promise(make_conversation(channel), by=officer)
    theirs = [make_conversation(channel, author_id="fb", author_handle="@foodbank") for _ in range(2)]
    one = make_relationship(handles=[("mastodon", "foodbank")], by=officer)
    promising.join(row, theirs, by=officer, now=NOON)
    issue = make_issue(*theirs)
    issues.take_out(issue, theirs[0], by=officer, now=NOON)
    assert [kind for kind, _ in lines(one, officer)] == ["Promise, open, due 20 November 2026", "Issue, open"]
    issues.take_out(issue, theirs[1], by=officer, now=NOON)
    assert [kind for kind, _ in lines(one, officer)] == ["Promise, open, due 20 November 2026"]


def test_nobody_reads_there_what_they_may_not_see_or_what_was_not_said_yet(officer):
    seen, hidden = make_channel("mastodon"), make_channel("mastodon")
    one = make_relationship(handles=[("mastodon", "foodbank")], by=officer)
    theirs = make_conversation(seen, author_handle="@foodbank")
    elsewhere = make_conversation(hidden, author_handle="@foodbank")
    draft = Reply.objects.create(
        conversation=theirs,
        parent=theirs.messages.get(),
        author=officer,
        text="By Friday.",
        visibility="public",
        at=NOON,
    )
    make_promise(theirs, by=officer, reply=draft)
    make_promise(elsewhere, by=officer)
    make_issue(elsewhere)
    assert len(lines(one, officer)) == 2
    assert lines(one, make_user("officer", scope=seen.scope)) == []
