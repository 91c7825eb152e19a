"""Mistakes that are out: a decision, the correction in the same place, the lesson, and nothing taken down before."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.refusals import IllegalMove, Invalid
from calendar_app import corrections, deciding
from calendar_app.corrections import Told
from calendar_app.models import Correction, Placement, TakedownDecision
from channels_app.models import Delivery
from policy.models import PolicyChoices, Record
from tests.factories import NOON, make_user
from tests.factories_calendar import make_placement, make_post, whole

pytestmark = pytest.mark.django_db
TOLD = Told("The car park closes at 8", "It closes at 10", "About 900 people", "Ask the wardens first", "correct")
LINK = "https://social.fernhill.example/@fernhill/1"


@pytest.fixture
def publisher(db):
    return make_user("publisher")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


@pytest.fixture
def out(publisher) -> Placement:
    return make_placement("published", post=make_post(author=publisher), remote_url=LINK)


def test_a_correction_begins_on_the_same_channel_and_keeps_the_original(publisher, out):
    row = corrections.decide(out.post, [out], TOLD, by=publisher, now=NOON)
    assert (row.post.kind, row.post.placements.get().channel) == ("correction", out.channel)
    assert LINK in row.post.placements.get().text
    assert (row.original[0]["url"], row.original[0]["text"]) == (LINK, out.delivery.payload["text"])
    assert Record.objects.filter(kind="correction", ref=str(row.key)).exists()


@pytest.mark.parametrize("missing", ["wrong", "right", "reached", "lesson", "decision"])
def test_a_mistake_is_noted_whole(publisher, out, missing):
    told = Told(**{**vars(TOLD), missing: " "})
    with pytest.raises(Invalid, match="Say"):
        corrections.decide(out.post, [out], told, by=publisher, now=NOON)


def test_what_is_not_out_is_not_corrected(publisher):
    placement = make_placement("draft", post=make_post(author=publisher))
    with pytest.raises(IllegalMove):
        corrections.decide(placement.post, [placement], TOLD, by=publisher, now=NOON)


def test_what_was_wrong_is_not_taken_down_without_a_correction_decision(publisher, out):
    with pytest.raises(Invalid, match="Decide first how it is put right"):
        deciding.delete(out, "wrong", "The time is wrong.", by=publisher, now=NOON)
    assert not Delivery.objects.filter(kind="delete").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        TakedownDecision.objects.create(
            placement=out, delivery=out.delivery, ground="wrong", reason="So", by=publisher, at=NOON
        )
    none = Told(**{**vars(TOLD), "decision": "none", "why": "Nobody saw it."})
    row = corrections.decide(out.post, [out], none, by=publisher, now=NOON)
    deciding.delete(out, "wrong", "The time is wrong.", by=publisher, now=NOON)
    assert TakedownDecision.objects.get().correction == row


def test_every_deletion_says_why(desk, out):
    path = reverse("calendar:delete-post", args=[out.key])
    assert desk.post(path, {"ground": "twice"}).status_code == 422
    assert desk.post(path, {"ground": "wrong", "reason": "So"}).status_code == 422
    desk.post(path, {"ground": "twice", "reason": "It went out on both."})
    assert TakedownDecision.objects.get().ground == "twice"


def test_noting_a_mistake_on_the_page_leads_to_the_draft_of_its_correction(desk, out):
    path = reverse("calendar:correct-post", args=[out.key])
    assert desk.post(path, {"wrong": "A"}).status_code == 422
    answer = desk.post(path, {**vars(TOLD), "placement": str(out.key)})
    assert answer["Location"] == reverse("calendar:edit-post", args=[Correction.objects.get().post.key])
    assert "Ask the wardens first" in desk.get(reverse("calendar:post", args=[out.post.key])).content.decode()
    assert "Ask the wardens first" in desk.get(reverse("calendar:corrections")).content.decode()


def test_the_public_log_holds_what_is_out_only_and_no_lesson(desk, publisher, out):
    row = corrections.decide(out.post, [out], TOLD, by=publisher, now=NOON)
    public = reverse("calendar:public-corrections")
    table = desk.get(reverse("calendar:corrections-table")).content.decode()
    assert "It closes at 10" not in table
    make_placement("published", post=whole(row.post), remote_url="https://social.fernhill.example/@fernhill/2")
    table = desk.get(reverse("calendar:corrections-table")).content.decode()
    assert "It closes at 10" in table
    assert "wardens" not in table
    assert Client().get(public).status_code == 404
    PolicyChoices.here()
    PolicyChoices.objects.update(public_corrections=True)
    page = Client().get(public).content.decode()
    assert "It closes at 10" in page
    assert "wardens" not in page
