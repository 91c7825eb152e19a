"""Sign-off: of the exact words, by another person, and late never publishes by surprise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import composing, scheduling, signoff, wording
from calendar_app.models import Placement
from calendar_app.words import words_of
from channels_app.models import Delivery
from policy import approvals
from tests.factories import NOON, give, make_channel, make_user
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
    post = make_post(author=by, **facts)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=by, now=NOON)
    return Placement.objects.get(post=post)


def approve(placement, by, now=NOON, seen=""):
    return signoff.approve(placement, seen or wording.content_hash(placement), by=by, now=now)


def test_an_officers_post_waits_for_an_approver_who_is_told(officer, approver):
    placement = asked(officer)
    assert (placement.state, placement.asked_by) == ("in_review", officer)
    assert not Delivery.objects.exists()
    assert "asks for your sign-off" in Notification.objects.get(user=approver).words
    assert signoff.queue(approver, NOON) == [placement]


def test_signed_in_time_it_is_scheduled_and_the_writer_is_told(officer, approver):
    placement = approve(asked(officer), approver)
    delivery = Delivery.objects.get()
    assert (placement.shown_state, delivery.due_at) == ("scheduled", LATER)
    assert (delivery.approval.by, delivery.approval.rule) == (approver, "second_pair_of_eyes")
    assert "signed off and scheduled" in Notification.objects.get(user=officer).words


def test_signed_late_it_does_not_go_out_by_itself(officer, approver):
    placement = approve(asked(officer), approver, LATER + timedelta(minutes=1))
    assert placement.shown_state == "approved"
    assert not Delivery.objects.exists()


def test_signed_late_it_goes_out_at_a_new_time_under_the_same_signature(officer, approver):
    placement = approve(asked(officer), approver, LATER + timedelta(minutes=1))
    new = at(LATER + timedelta(days=1))
    scheduling.move_to(placement.post, [placement], new, LATER, by=officer, now=LATER + timedelta(minutes=2))
    assert Delivery.objects.get().approval == placement.approval


def test_words_changed_while_reading_are_not_signed(officer, approver):
    placement = asked(officer)
    seen = wording.content_hash(placement)
    words = words_of(whole(placement.post)).but(text="Other words")
    composing.save(placement.post, words, 1, by=officer, now=NOON)
    placement.refresh_from_db()
    assert placement.state == "draft"
    scheduling.schedule(whole(placement.post), [placement], at(LATER), by=officer, now=NOON)
    with pytest.raises(LostRace, match="changed while you were reading"):
        approve(Placement.objects.get(), approver, seen=seen)


def test_nobody_signs_their_own_words_in_any_role(officer, approver):
    give(officer, "approver")
    with pytest.raises(NotAllowed, match="their own words"):
        approve(asked(officer), officer)


def test_who_mended_a_word_does_not_sign_either(officer, approver):
    post = make_post(author=officer)
    editor = make_user("officer")
    give(editor, "approver")
    composing.save(post, words_of(post).but(text="Mended words"), 1, by=editor, now=NOON)
    scheduling.schedule(whole(post), list(whole(post).placements.all()), at(LATER), by=officer, now=NOON)
    with pytest.raises(NotAllowed, match="their own words"):
        approve(Placement.objects.get(), editor)


def test_nor_who_wrote_words_too_late_that_another_took_up(officer, approver):
    post = make_post(author=officer)
    editor = make_user("officer")
    give(editor, "approver")
    composing.save(post, words_of(post).but(text="First"), 1, by=officer, now=NOON)
    late = composing.save(whole(post), words_of(post).but(text="The editor's words"), 1, by=editor, now=NOON)
    assert late.beside is not None
    fresh = whole(post)
    composing.save(fresh, words_of(fresh).but(text="The editor's words"), fresh.version, by=officer, now=NOON)
    scheduling.schedule(whole(post), list(whole(post).placements.all()), at(LATER), by=officer, now=NOON)
    with pytest.raises(NotAllowed, match="their own words"):
        approve(Placement.objects.get(), editor)


def test_an_administrator_does_not_sign_by_being_one(officer):
    with pytest.raises(NotAllowed):
        approve(asked(officer), make_user("administrator"))


def test_an_approver_of_another_channel_does_not_sign_here(officer):
    elsewhere = make_user("approver", scope=make_channel().scope)
    placement = asked(officer)
    assert signoff.queue(elsewhere, NOON) == []
    with pytest.raises(NotAllowed):
        approve(placement, elsewhere)


def test_sent_back_with_a_reason_it_is_a_draft_again(officer, approver):
    placement = asked(officer)
    with pytest.raises(Invalid, match="Say what should change"):
        signoff.send_back(placement, " ", by=approver, now=NOON)
    signoff.send_back(placement, "Name the street.", by=approver, now=NOON)
    placement.refresh_from_db()
    assert placement.state == "draft"
    assert "Name the street." in Notification.objects.get(user=officer).words


def test_a_publishers_correction_is_signed_too(approver):
    placement = asked(make_user("publisher"), kind="correction")
    assert placement.state == "in_review"
    assert approve(placement, approver).approval.rule == "correction"


def test_a_publisher_answers_for_what_they_schedule_themselves(officer):
    publisher = make_user("publisher")
    placement = asked(officer)
    scheduling.schedule(placement.post, [placement], at(LATER), by=publisher, now=NOON)
    delivery = Delivery.objects.get()
    assert (delivery.asked_by, delivery.approval.rule) == (publisher, "own_post")


def test_a_withdrawn_approval_covers_nothing(officer, approver):
    placement = approve(asked(officer), approver)
    approvals.void(placement.approval, by=approver, now=NOON)
    placement.refresh_from_db()
    from calendar_app import releasing  # noqa: PLC0415

    assert not releasing.approval_holds(placement)


def test_the_hash_covers_words_pictures_and_channel():
    payload = {"text": "A", "link": "", "pictures": [{"media": "m", "alt": "x"}]}
    base = approvals.content_hash(payload, "one")
    assert base == approvals.content_hash(dict(reversed(payload.items())), "one")
    others = [({**payload, "text": "B"}, "one"), ({**payload, "pictures": []}, "one"), (payload, "two")]
    assert base not in {approvals.content_hash(*other) for other in others}
