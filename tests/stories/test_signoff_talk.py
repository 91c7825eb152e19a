"""Around a signature: changes asked for and answered, remarks, an edit with the signature, and too late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import composing, mending, remarks, scheduling, signoff, wording
from calendar_app.authors import writers
from calendar_app.models import Placement, Remark
from calendar_app.words import words_of
from channels_app.models import Delivery
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_post, whole
from tests.stories.test_scheduling import LATER, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_user("officer", name="Jo Webb")


@pytest.fixture
def approver(db):
    return make_user("approver", name="Priya Nair")


def asked(by, **facts) -> Placement:
    post = make_post(author=by, text="The pool opens on Monday.", **facts)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=by, now=NOON)
    return Placement.objects.filter(post=post).order_by("pk")[0]


def seals(post) -> dict[str, str]:
    return {str(one.key): wording.content_hash(one) for one in post.placements.all()}


def test_sent_back_the_writer_sees_what_and_where_and_comes_back_with_it_marked(officer, approver):
    placement = asked(officer)
    signoff.send_back(placement, "Say which one.", by=approver, now=NOON, about="words", quote="The pool")
    post = whole(placement.post)
    (change,) = remarks.changes(post)
    assert (change.remark.quote, change.answered) == ("The pool", False)
    desk = Client()
    desk.force_login(officer)
    page = desk.get(reverse("calendar:edit-post", args=[post.key])).content.decode()
    assert "Priya Nair asked for a change" in page
    composing.save(post, words_of(post).but(text="The town pool opens on Monday."), 1, by=officer, now=NOON)
    scheduling.schedule(whole(post), list(whole(post).placements.all()), at(LATER), by=officer, now=NOON)
    signing = Client()
    signing.force_login(approver)
    page = signing.get("/sign-off/").content.decode()
    assert "Changed since" in page
    assert re.search(r"<ins>\s*town\s*</ins>", page)
    placement.refresh_from_db()
    signoff.approve(placement, wording.content_hash(placement), by=approver, now=NOON)
    assert remarks.changes(whole(post)) == []


def test_one_change_asked_of_two_channels_is_one_remark(officer, approver):
    post = asked(officer, channels=[make_channel(), make_channel("x")]).post
    desk = Client()
    desk.force_login(approver)
    desk.post(reverse("calendar:send-back-post", args=[post.key]), {"reason": "Shorter.", "about": "words"})
    assert set(post.placements.values_list("state", flat=True)) == {"draft"}
    assert Remark.objects.get().places.count(",") == 1


def test_remarks_reach_those_who_take_part_and_nobody_else(officer, approver):
    post = asked(officer).post
    before = approver.notifications.count()
    remarks.add(post, "Is the date right?", by=approver, now=NOON)
    remarks.add(post, "Yes, from the manager.", by=officer, now=NOON)
    assert officer.notifications.filter(event="post.remark").count() == 1
    assert approver.notifications.count() == before + 1
    with pytest.raises(Invalid):
        remarks.add(post, "  ", by=officer, now=NOON)


def test_edited_and_approved_the_writer_sees_the_edit_and_the_words_stay_theirs(officer, approver):
    post = asked(officer).post
    rows, new = list(post.placements.all()), "The pool opens on Tuesday."
    texts = {str(one.key): new for one in rows}
    mending.edit_and_approve(post, rows, seals(post), texts, by=approver, now=NOON)
    delivery = Delivery.objects.get()
    assert (delivery.payload["text"], delivery.approval.by) == (new, approver)
    post = whole(post)
    assert (post.text, post.version, writers(post)) == (new, 2, {officer.pk})
    assert Remark.objects.get(kind="edit").version == 1
    with pytest.raises(LostRace):
        mending.edit_and_approve(post, rows, seals(post), texts, by=approver, now=NOON)


def test_an_edit_of_one_channel_leaves_the_others_as_they_are(officer, approver):
    here, there = make_channel(), make_channel("x")
    post = asked(officer, channels=[here, there]).post
    row = post.placements.get(channel=here)
    mending.edit_and_approve(post, [row], seals(post), {str(row.key): "Only here."}, by=approver, now=NOON)
    post = whole(post)
    assert (post.text, post.placements.get(channel=here).text) == ("The pool opens on Monday.", "Only here.")
    assert post.placements.get(channel=there).state == "in_review"


def test_nobody_edits_and_approves_their_own(officer):
    post = asked(officer).post
    rows = list(post.placements.all())
    texts = {str(one.key): "Mine" for one in rows}
    with pytest.raises(NotAllowed):
        mending.edit_and_approve(post, rows, seals(post), texts, by=officer, now=NOON)
    assert whole(post).version == 1


def test_signed_too_late_whoever_asked_says_now_or_when(officer, approver):
    placement = asked(officer)
    late = LATER + timedelta(minutes=1)
    placement = signoff.approve(placement, wording.content_hash(placement), by=approver, now=late)
    assert signoff.signed_late(officer, late) == [placement]
    post, rows = placement.post, [placement]
    with pytest.raises(NotAllowed, match="decides when"):
        scheduling.send_signed(post, rows, zone="UTC", by=make_user("officer"), now=late)
    scheduling.send_signed(post, rows, zone="UTC", by=officer, now=late)
    assert Delivery.objects.get().approval == placement.approval
    with pytest.raises(LostRace):
        scheduling.send_signed(post, rows, zone="UTC", by=officer, now=late)
