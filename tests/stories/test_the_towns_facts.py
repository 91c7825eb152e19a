"""What the checks know of the town by itself: its law, its way of writing, its published contacts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import Town
from policy import checks, setting
from policy.checks import Context, Draft, Finding, Image, Video
from policy.models import PolicyChoices
from tests.factories import NOON, make_town

pytestmark = pytest.mark.django_db
UNSPOKEN = Draft("The new bus route.", videos=(Video(captions="reviewed", described=False),))
THEIRS = Draft("The new bus route.", pictures=(Image(alt="", theirs=True),))
LONG = "Accessibility considerations necessitate operational modifications."


def context(now: datetime = NOON, **town: Any) -> Context:
    make_town()
    Town.objects.update(**town)
    return setting.at(now).context("post")


def found(draft: Draft, where: Context, rule: str) -> list[Finding]:
    return [one for one in checks.check(draft, where) if one.rule == rule]


@pytest.mark.parametrize(("draft", "rule"), [(UNSPOKEN, "A10"), (THEIRS, "A34")])
@pytest.mark.parametrize(
    ("town", "now", "level"),
    [
        ({"pack": "us", "population": 50_000}, datetime(2027, 4, 25, 12, tzinfo=UTC), "should"),
        ({"pack": "us", "population": 50_000}, datetime(2027, 4, 26, 12, tzinfo=UTC), "must"),
        ({"pack": "us", "population": 49_999}, datetime(2028, 4, 25, 12, tzinfo=UTC), "should"),
        ({"pack": "us", "population": 49_999}, datetime(2028, 4, 26, 12, tzinfo=UTC), "must"),
        ({"pack": "us", "population": None}, datetime(2030, 1, 1, tzinfo=UTC), "should"),
        ({"pack": "england", "population": 50_000}, datetime(2030, 1, 1, tzinfo=UTC), "should"),
        ({"pack": "none"}, datetime(2030, 1, 1, tzinfo=UTC), "should"),
    ],
)
def test_from_the_day_the_law_binds_posts_a_should_becomes_a_must(draft, rule, town, now, level):
    assert [one.level for one in found(draft, context(now, **town), rule)] == [level]


@pytest.mark.parametrize(
    ("pack", "day", "level"), [("wales", 15, "should"), ("wales", 16, "must"), ("alberta", 30, "should")]
)
def test_a_broadcast_left_up_for_two_weeks_wants_its_captions_where_the_pack_says_so(pack, day, level):
    kept = Video(kind="live", captions="auto", kept_since=date(2026, 11, 1))
    where = context(datetime(2026, 11, day, 12, tzinfo=UTC), pack=pack)
    assert [one.level for one in found(Draft("The council met.", videos=(kept,)), where, "A12")] == [level]


def test_hard_words_and_long_texts_are_told_to_every_town():
    assert found(Draft(LONG), context(), "A26")
    text = "The administration considers every application individually before determination. " * 15
    assert "grade" in found(Draft(text), context(locale="en-us"), "A26")[0].words
    assert "reading age" in found(Draft(text), context(locale="en-gb"), "A26")[0].words


@pytest.mark.parametrize(
    ("locale", "better"),
    [("en-gb", "The hall opens on 3 April 2027."), ("en-us", "The hall opens on March 4, 2027."), ("en-ca", None)],
)
def test_a_date_of_figures_is_spelt_out_the_way_the_town_writes(locale, better):
    text = "The hall opens on 03/04/2027."
    told = found(Draft(text), context(locale=locale), "A29")
    assert [checks.apply(text, one) if one.fix else None for one in told] == [better]


def test_contacts_that_stand_in_the_clauses_are_the_towns_own():
    text = "Write to press@fernhill.example or ring 01904 552848."
    assert len(found(Draft(text), context(), "V15")) == 2
    PolicyChoices.here()
    PolicyChoices.objects.update(contact="press@fernhill.example or 01904 552848")
    assert found(Draft(text), context(), "V15") == []
