"""Until when people may comment: for everybody, with a reason; closed by hand; the thread kept as it stood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Notification
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from calendar_app import commenting
from calendar_app.models import CommentWindow, Placement
from config.closing_comments import thread_of
from policy.models import Record
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_placement
from tests.factories_inbox import make_incoming, receive

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def placement() -> Placement:
    return make_placement("published", due_at=NOON - timedelta(hours=2))


def set_for(placement: Placement, by, **facts) -> CommentWindow:
    told = {"closes_at": LATER, "reason": "over", "why": "The fair is over.", "notice": ""} | facts
    return commenting.set_window(placement, **told, zone="Europe/London", by=by, now=NOON)


def talk(placement: Placement) -> None:
    root = placement.delivery.remote_id
    receive(
        placement.channel,
        make_incoming("Lovely!", kind="comment", root_id=root, at=NOON),
        make_incoming("A disgrace.", kind="comment", root_id=root, at=NOON + timedelta(minutes=1)),
        make_incoming("About something else", kind="comment", root_id="another", at=NOON),
    )


def test_a_window_wants_a_reason_a_time_to_come_and_something_that_is_out(publisher, placement):
    for wrong in ({"why": " "}, {"reason": "rude"}, {"closes_at": NOON}):
        with pytest.raises(Invalid):
            set_for(placement, publisher, **wrong)
    with pytest.raises(Invalid, match="published"):
        set_for(make_placement("scheduled"), publisher)
    with pytest.raises(NotAllowed):
        set_for(placement, make_user("officer"))
    row = set_for(placement, publisher)
    assert row.notice == (
        "Comments on this post are open to everybody until Sat 21 November, 12:00. Then they close. "
        "What it was about is over: The fair is over."
    )


def test_at_its_time_somebody_is_told_once_to_close_it_by_hand(publisher, placement):
    row = set_for(placement, publisher)
    assert commenting.fall_due(LATER - timedelta(seconds=1)) == 0
    assert commenting.fall_due(LATER) == 1
    assert commenting.fall_due(LATER + timedelta(hours=1)) == 0
    row.refresh_from_db()
    assert (row.state, commenting.by_hand(placement.channel)) == ("due", True)
    assert "for everybody" in Notification.objects.get(user=publisher, event="post.comments").words
    assert set_for(placement, publisher, closes_at=LATER + timedelta(days=1)).state == "planned"


def test_what_is_to_be_closed_stands_on_the_page_of_receipts_until_it_is(publisher, placement, client: Client):
    client.force_login(publisher)
    row = set_for(placement, publisher)
    assert "Comments to be closed by hand" not in client.get(reverse("calendar:receipts")).content.decode()
    commenting.fall_due(LATER)
    assert "Comments to be closed by hand" in client.get(reverse("calendar:receipts")).content.decode()
    commenting.close(CommentWindow.objects.get(pk=row.pk), [], by=publisher, now=LATER)
    assert commenting.waiting(publisher, LATER) == []


def test_closing_keeps_the_whole_thread_whatever_it_says(publisher, placement):
    talk(placement)
    row = set_for(placement, publisher)
    row = commenting.close(row, thread_of(placement), by=publisher, now=LATER)
    kept = Record.objects.get(kind="comment_thread")
    payload = kept.body.payload
    assert [one["text"] for one in payload["comments"]] == ["Lovely!", "A disgrace."]
    assert (payload["for"], payload["closed_by"], payload["why"]) == ("everybody", "Sam Okoro", "The fair is over.")
    assert (row.state, row.thread, row.closed_by) == ("closed", 2, publisher)
    assert AuditEntry.objects.filter(act="closed", kind="commentwindow").count() == 1
    with pytest.raises(IllegalMove):
        commenting.close(row, [], by=publisher, now=LATER)


def test_a_private_message_is_no_part_of_the_thread(publisher, placement):
    root = placement.delivery.remote_id
    receive(placement.channel, make_incoming("Secret", root_id=root, kind="direct", visibility="direct", at=NOON))
    assert thread_of(placement) == []


def test_from_the_page_of_the_post(publisher, placement, client: Client):
    client.force_login(publisher)
    talk(placement)
    url, prefix = reverse("calendar:post", args=[placement.post.key]), str(placement.key)
    told = {
        "closes": "2026-11-21T12:00",
        "reason": "decided",
        "why": "The council decided.",
        "notice": "Until Saturday.",
    }
    sent = {f"{prefix}-{name}": value for name, value in told.items()}
    assert "It holds for everybody" in client.get(url).content.decode()
    client.post(reverse("calendar:set-comment-window", args=[placement.key]), sent)
    shown = client.get(url).content.decode()
    assert "Until Saturday." in shown
    assert "does not let Parley close comments" in shown
    wrong = client.post(reverse("calendar:set-comment-window", args=[placement.key]), {**sent, f"{prefix}-closes": ""})
    assert wrong.status_code == 422
    assert "The council decided." in wrong.content.decode()
    past = {**sent, f"{prefix}-closes": "2026-11-01T10:00"}
    shown = client.post(reverse("calendar:set-comment-window", args=[placement.key]), past).content.decode()
    assert "That time is over." in shown
    client.post(reverse("calendar:drop-comment-window", args=[placement.key]))
    assert "Stays open" in client.get(url).content.decode()
    client.post(reverse("calendar:set-comment-window", args=[placement.key]), sent)
    client.post(reverse("desk:close-comments", args=[placement.key]))
    assert "2 comments were kept as they stood" in client.get(url).content.decode()
