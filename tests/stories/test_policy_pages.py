"""Modes, final say and pack as people use them: planned, exempted, asked about the past, looked through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import clock
from accounts.models import Town
from calendar_app import turning
from policy import finalsay
from policy.models import Absence, FinalSay, MarkedPicture, ModeSpan, PackReview, PublicName
from tests.factories import make_channel, make_town, make_user
from tests.factories_calendar import make_media
from tests.factories_modes import scheduled
from tests.stories.test_emergency_pages import at, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    make_town(zone="Europe/London", pack="england", population=18_430)
    make_channel()
    return at("manager")[0]


def day(ahead: int) -> str:
    return f"{clock.now() + timedelta(days=ahead):%Y-%m-%d}"


def test_an_election_is_planned_changed_worked_off_and_ended(manager: Client) -> None:
    assert manager.post("/policy/modes/plan/", {"mode": "election", "first": day(1)}).status_code == 422
    data = {"mode": "election", "reason": "Council election", "first": day(-1), "last": day(20)}
    manager.post("/policy/modes/plan/", data)
    span = ModeSpan.objects.get()
    url = f"/policy/modes/{span.key}/"
    manager.post("/policy/modes/names/add/", {"name": "Councillor Ames", "kind": "politician", "also": "Ruby Ames"})
    delivery = scheduled(clock.now() + timedelta(days=2), text="Ruby Ames opened the bench.")
    turning.sweep(span, clock.now())
    page = words(manager.get(url))
    assert "It names Councillor Ames, a politician." in page
    assert "LGA tip 5" in page
    assert "Parley hides and deletes nothing by itself." in page
    assert "Election mode is on" in words(manager.get("/"))
    post = delivery.release.placement.post
    approver = at("approver")[0]
    assert approver.post(f"{url}exempt/", {"post": str(post.key), "permitted_by": "", "why": "x"}).status_code == 422
    permitted = {"post": str(post.key), "permitted_by": "Jo Bell, monitoring officer", "why": "Safety"}
    assert approver.post(f"{url}exempt/", permitted).status_code == 302
    assert "Jo Bell, monitoring officer" in words(manager.get(url))
    approver.post(f"{url}exemptions/{span.exemptions.get().pk}/withdraw/")
    task = span.tasks.first()
    assert task
    manager.post(f"{url}tasks/{task.pk}/", {"note": "Bio changed"})
    assert "Bio changed" in words(manager.get(url))
    manager.post(f"{url}tasks/{task.pk}/")
    manager.post(f"{url}rules/", {"kinds": ["quote"], "words": "bypass\n bypass ", "names": "on"})
    span.refresh_from_db()
    assert span.holds == {"kinds": ["quote"], "topics": [], "words": ["bypass"], "names": True}
    assert manager.post(f"{url}end/", {"why": ""}).status_code == 422
    manager.post(f"{url}end/", {"why": "The poll has closed"})
    assert "What changed from start to end" in words(manager.get(url))
    assert "Normal life" in words(manager.get("/policy/modes/"))


def test_the_us_pack_leaves_political_comments_up_and_names_no_tip_to_delete(manager: Client) -> None:
    make_town(pack="us")
    page = words(manager.get("/policy/modes/"))
    assert "Residents' political comments: leave it up" in page.replace("&#x27;", "'").replace("’", "'")
    assert "LGA" not in page


def test_names_are_put_away_and_pictures_marked(manager: Client) -> None:
    name, picture = PublicName.objects.create(name="Councillor Ames", kind="politician"), make_media()
    manager.post(f"/policy/modes/names/{name.key}/pictures/", {"media": str(picture.key)})
    assert MarkedPicture.objects.get().media == picture.key
    manager.post(f"/policy/modes/names/{name.key}/pictures/", {"media": str(picture.key)})
    assert not MarkedPicture.objects.exists()
    assert manager.post(f"/policy/modes/names/{name.key}/pictures/", {"media": "x"}).status_code == 422
    manager.post(f"/policy/modes/names/{name.key}/put-away/")
    assert "put away" in words(manager.get("/policy/modes/names/"))
    assert manager.post("/policy/modes/names/add/", {"name": "Councillor Ames", "kind": "party"}).status_code == 422


def test_the_register_is_kept_by_the_page_and_answers_for_the_past(manager: Client) -> None:
    ana, ben = make_user("approver", name="Ana"), make_user("manager", name="Ben")
    data: dict[str, Any] = {"subject": "Housing", "holder": str(ana.key), "deputy": str(ben.key), "day_0": "9-17"}
    assert manager.post("/policy/final-say/name/", data).status_code == 422
    assert manager.post("/policy/final-say/name/", data | {"day_0": "09:00-12:00, 13:00-17:00"}).status_code == 302
    row = FinalSay.objects.get()
    assert row.hours[0] == [["09:00", "12:00"], ["13:00", "17:00"]]
    assert "Ana" in words(manager.get(f"/policy/final-say/{row.key}/"))
    changed = {"subject": "Ignored", "holder": str(ben.key)}
    assert manager.post(f"/policy/final-say/{row.key}/change/", changed).status_code == 302
    now = clock.now()
    facts = {"kind": "conflict", "subject": "Housing", "why": "A neighbour", "user": str(ben.key)}
    times = {"starts": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}", "ends": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    assert manager.post("/policy/final-say/away/", facts | times | {"why": ""}).status_code == 422
    assert manager.post("/policy/final-say/away/", facts | times).status_code == 302
    assert "has a conflict of interest" in words(manager.get("/policy/final-say/"))
    manager.post(f"/policy/final-say/away/{Absence.objects.get().key}/back/")
    assert finalsay.who("Housing", clock.now()).holder == ben
    asked = words(manager.get("/policy/final-say/?subject=Housing&at=2026-05-03T21:10"))
    assert "Nobody is named for Housing yet." in asked
    assert "no day and time" in words(manager.get("/policy/final-say/?at=yesterday"))
    last = FinalSay.objects.get(ends_at=None)
    manager.post(f"/policy/final-say/{last.key}/end/")
    assert not FinalSay.objects.filter(ends_at=None).exists()


def test_the_pack_page_shows_what_held_on_the_day_asked_about_and_asks_to_be_looked_at(manager: Client) -> None:
    page = words(manager.get("/policy/pack/"))
    assert "Freedom of information request" in page
    assert "Not legal advice" in page
    alberta = words(manager.get("/policy/pack/?pack=alberta&on=2025-06-10"))
    assert "repealed" in alberta
    assert "30 business days" not in alberta
    us = words(manager.get("/policy/pack/?pack=us&on=2026-11-22"))
    assert "Accessible by 26 April 2028" in us
    Town.objects.update(population=None)
    assert "how many people the town has, and Settings do not say" in words(manager.get("/policy/pack/?pack=us"))
    assert "how many people" not in words(manager.get("/policy/pack/"))
    assert "the town last went through it" not in words(manager.get("/policy/pack/"))
    assert manager.post("/policy/pack/review/", {"note": ""}).status_code == 422
    manager.post("/policy/pack/review/", {"note": "Read with the town solicitor."})
    assert PackReview.objects.get().pack == "england"
    assert "the town last went through it" in words(manager.get("/policy/pack/"))
    assert "Read with the town solicitor." in words(manager.get("/policy/pack/"))


def test_a_pack_nobody_looked_at_for_a_year_nags(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from policy.views import packs  # noqa: PLC0415 - to shorten the year

    assert "more than a year ago" not in words(manager.get("/policy/pack/"))
    monkeypatch.setattr(packs, "YEARLY", timedelta(days=-1))
    assert "more than a year ago" in words(manager.get("/policy/pack/"))
