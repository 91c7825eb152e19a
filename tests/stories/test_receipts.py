"""After publishing: the post read back, links that people paste, and copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid, LostRace
from calendar_app import claiming, cloning, receipts, scheduling
from calendar_app.models import LinkClaim, Placement, PostFact, Readback
from channels_app.platforms.base import Incoming, TryLater
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_placement, make_post, whole
from tests.stage import live
from tests.stories.test_scheduling import LATER, at

pytestmark = pytest.mark.django_db
SOON = LATER + timedelta(minutes=1)
URL = "https://stage.example/@fernhill/4711"


@pytest.fixture
def publisher(db):
    return make_user("publisher")


def out(publisher, stage, **facts) -> Placement:
    """A post that went out through the outbox a moment ago."""
    post = make_post(author=publisher, text="The pool opens on Monday.", **facts)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=publisher, now=NOON)
    placement = Placement.objects.get(post=post)
    live(placement.delivery, LATER)
    placement.refresh_from_db()
    assert placement.shown_state == "published"
    return placement


def seen(text="The pool opens on Monday.", pictures=(), **facts) -> Incoming:
    known = {"remote_id": "4711", "author_id": "", "at": LATER, "url": URL}
    plain = Incoming("post", "1", "1", "", "", "", "@us", "Us", text, NOON, URL, pictures=list(pictures))
    return replace(plain, **{**known, **facts})


def test_a_post_that_is_out_is_read_back_soon_and_once_more_a_day_later(publisher, stage):
    placement = out(publisher, stage)
    row = Readback.objects.get()
    assert receipts.read_due(LATER) == 0
    stage.reads = [seen(), seen()]
    assert receipts.read_due(SOON) == 1
    row.refresh_from_db()
    assert (row.lost, row.due_at, receipts.standing(row)) == ([], SOON + timedelta(days=1), "whole")
    assert receipts.read_due(SOON + timedelta(days=1)) == 1
    row.refresh_from_db()
    assert row.due_at is None
    desk = Client()
    desk.force_login(publisher)
    assert "Arrived whole" in desk.get(reverse("calendar:post", args=[placement.post.key])).content.decode()


def test_what_was_lost_is_told_and_stays_open_until_something_stands_in_for_it(publisher, stage):
    placement = out(publisher, stage, pictures=[make_media(mime="image/png")])
    stage.reads = [seen(pictures=[{"alt": ""}])]
    receipts.read_due(SOON)
    row = Readback.objects.get()
    assert [one["what"] for one in row.lost] == ["alt"]
    assert "alt text of the picture is not there" in publisher.notifications.get(event="delivery.lost").words
    desk = Client()
    desk.force_login(publisher)
    assert "Something was lost" in desk.get(reverse("calendar:post", args=[placement.post.key])).content.decode()
    assert "Something lost (1)" in desk.get(reverse("calendar:receipts")).content.decode()
    with pytest.raises(Invalid):
        receipts.choose_workaround(row, "reply", " ", by=publisher, now=SOON)
    desk.post(reverse("calendar:choose-workaround", args=[placement.key]), {"how": "reply", "words": "Said below it."})
    row.refresh_from_db()
    assert receipts.tally([row]) == {"whole": 0, "worked_around": 1, "open": 0, "unread": 0, "to_read": 0}


def test_what_cannot_be_read_is_tried_again_and_then_said(publisher, stage):
    out(publisher, stage)
    now = SOON
    for _ in range(receipts.TRIES):
        stage.reads = [TryLater("Not now.", code="busy")]
        receipts.read_due(now)
        now += timedelta(days=1)
    row = Readback.objects.get()
    assert (receipts.standing(row), row.why) == ("unread", "Not now.")


def test_a_fault_nobody_foresaw_is_seen_and_the_row_is_not_read_for_ever(publisher, stage):
    out(publisher, stage)
    now = SOON
    for _ in range(receipts.TRIES):
        stage.reads = [ZeroDivisionError()]
        with pytest.raises(ZeroDivisionError):
            receipts.read_due(now)
        assert receipts.read_due(now) == 0
        now += receipts.LEASE
    receipts.read_due(now)
    row = Readback.objects.get()
    assert (receipts.standing(row), row.why) == ("unread", receipts.UNREADABLE)


def test_gone_is_only_what_is_missing_twice(publisher, stage):
    placement = out(publisher, stage)
    receipts.read_due(SOON)
    assert placement.delivery.state == "published"
    receipts.read_due(SOON + receipts.GONE_TWICE)
    placement.delivery.refresh_from_db()
    assert placement.delivery.state == "removed"


@pytest.fixture
def open_one(publisher) -> Placement:
    """Nobody knows whether it is out."""
    post = make_post(author=publisher, text="The pool opens on Monday.", channels=[make_channel(remote_id="us")])
    return make_placement("needs_attention", post=post, intent_at=NOON, settle_from=NOON, text="The pool opens.")


def claim(placement, by) -> LinkClaim:
    row = claiming.claim(placement, URL, by=by, now=NOON + timedelta(minutes=9))
    claiming.check_due(NOON + timedelta(minutes=9))
    row.refresh_from_db()
    return row


def test_a_pasted_link_counts_once_the_channel_shows_our_post_there(publisher, stage, open_one):
    stage.reads = [seen("The pool opens.", author_id="us")]
    assert claim(open_one, publisher).found
    delivery = open_one.delivery
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id, delivery.remote_url) == ("published", "4711", URL)
    assert "noted as published" in publisher.notifications.order_by("-pk")[0].words
    with pytest.raises(LostRace):
        claiming.claim(Placement.objects.get(), URL, by=publisher, now=NOON)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"author_id": "them"}, "somebody else"),
        ({"text": "Other words"}, "other words"),
        ({"at": NOON - timedelta(days=1)}, "before this was sent"),
    ],
)
def test_a_link_to_something_else_changes_nothing(publisher, stage, open_one, facts, words):
    stage.reads = [seen(**{"text": "The pool opens.", "author_id": "us", **facts})]
    row = claim(open_one, publisher)
    assert row.found is False
    assert words in row.why
    open_one.delivery.refresh_from_db()
    assert open_one.delivery.state == "needs_attention"


def test_a_link_that_brings_a_fault_is_given_up_after_a_few_looks(publisher, stage, open_one):
    row = claiming.claim(open_one, URL, by=publisher, now=NOON)
    now = NOON
    for _ in range(claiming.TRIES):
        stage.reads = [ZeroDivisionError()]
        with pytest.raises(ZeroDivisionError):
            claiming.check_due(now)
        now += claiming.LEASE
    claiming.check_due(now)
    row.refresh_from_db()
    assert (row.found, row.due_at) == (False, None)


def test_a_link_that_is_none_is_refused_at_once(publisher, open_one):
    with pytest.raises(Invalid):
        claiming.claim(open_one, "fernhill", by=publisher, now=NOON)


def test_a_copy_is_an_own_draft_without_times_and_with_facts_to_check(publisher, stage):
    placement = out(publisher, stage)
    facts = {"words": "Monday", "source": "The pool", "checked_by": publisher, "checked_at": NOON}
    PostFact.objects.create(post=placement.post, **facts)
    other = make_user("officer")
    copy = cloning.clone(whole(placement.post), by=other, now=SOON)
    assert (copy.author, copy.text, copy.facts.get().checked_by) == (other, placement.post.text, None)
    assert copy.placements.get().due_at is None
