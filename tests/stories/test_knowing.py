"""Audience cards: a claim without a source is an assumption, what is a year old says so, and what held once is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.refusals import Invalid, LostRace
from calendar_app.models import Audience
from metrics import knowing
from metrics.models import AudienceClaim
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_objective

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def officer() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("officer")


@pytest.fixture
def families(officer: User) -> Audience:
    return Audience.objects.create(name="Families", size=3000)


def test_what_has_no_source_is_assumed_and_what_is_a_year_old_is_flagged(families: Audience, officer: User) -> None:
    for kind, source, days in (("networks", "Survey of schools", 10), ("languages", "", 366), ("size", "Census", 365)):
        knowing.claim(families, kind, "They are", source, TODAY - timedelta(days=days), by=officer, now=NOON)
    (card,) = knowing.cards(NOON)
    told = {one.claim.kind: (one.assumption, one.old) for one in card.told}
    assert told == {"networks": (False, False), "languages": (True, True), "size": (False, False)}
    assert (card.assumed, card.old) == (1, False)
    assert "Ways to reach them offline" in card.lacking
    (later,) = knowing.cards(NOON + timedelta(days=400))
    assert later.old
    assert not knowing.card(families, [], TODAY).old  # empty is not old


def test_a_claim_is_withdrawn_with_its_reason_and_no_day_to_come_is_taken(families: Audience, officer: User) -> None:
    one = knowing.claim(families, "needs", "Term dates", "", TODAY, by=officer, now=NOON)
    knowing.withdraw(one, "Asked the schools", by=officer, now=NOON)
    assert knowing.cards(NOON)[0].told == []
    with pytest.raises(LostRace):
        knowing.withdraw(one, "Again", by=officer, now=NOON)
    with pytest.raises(Invalid, match="still to come"):
        knowing.claim(families, "needs", "Term dates", "", TODAY + timedelta(days=1), by=officer, now=NOON)


def test_the_card_is_kept_on_its_page(families: Audience, officer: User) -> None:
    client = Client()
    client.force_login(officer)
    url = reverse("measures:claim", args=[families.key])
    assert client.post(url, {"kind": "needs", "words": "", "dated": "2026-11-01"}).status_code == 422
    facts = {"kind": "needs", "words": "Term dates and snow days", "dated": "2026-11-01"}
    assert client.post(url, facts).status_code == 302
    page = client.get(reverse("measures:audience-card", args=[families.key])).content.decode()
    assert "assumption" in page
    assert "Term dates and snow days" in page
    assert "Families" in client.get(reverse("measures:audience-cards")).content.decode()
    claim = AudienceClaim.objects.get()
    back = reverse("measures:withdraw-claim", args=[claim.key])
    assert client.post(back, {"why": ""}).status_code == 422
    assert client.post(back, {"why": "Not so"}).status_code == 302
    assert "Held no longer" in client.get(reverse("measures:audience-card", args=[families.key])).content.decode()


def test_whoever_writes_a_post_sees_why_each_objective_is_worth_it(officer: User) -> None:
    make_objective(owner=officer, sentence="Fewer calls", why="People should not have to phone.")
    client = Client()
    client.force_login(make_user("publisher"))
    page = client.get(reverse("calendar:new-post"), follow=True).content.decode()
    assert "Why we do this" in page
    assert "People should not have to phone." in page
