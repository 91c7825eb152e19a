"""Series: made from a post by a rule, changed for one part or more, linked, scheduled like any post, and stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import composing, linking, releasing, scheduling, series, spreading
from calendar_app.models import Post, Series, SeriesPart
from calendar_app.recurring import LATER, Rule
from calendar_app.words import words_of
from channels_app.models import Delivery
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_post, whole
from tests.factories_plan import WEEKLY

pytestmark = pytest.mark.django_db
LONDON = "Europe/London"


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone=LONDON)


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


def made(publisher, rule: Rule = WEEKLY, *, channels=None, gaps: str = "", fold: int | None = None) -> Series:
    post = make_post(author=publisher, channels=channels or [make_channel()], text="What shall we plant?")
    slots = series.planned(rule, LONDON, fold, gaps, NOON)
    return series.make(post, "Planting", rule, slots, zone=LONDON, fold=fold, by=publisher, now=NOON)


def parts(one: Series) -> list[SeriesPart]:
    return series.parts_of(one)


def walls(one: Series) -> list[str]:
    return [f"{series.wall_of(part.post):%m-%d %H:%M}" for part in parts(one)]


def edit(part: SeriesPart, by, **changes) -> None:
    post = whole(part.post)
    composing.save(post, words_of(post).but(**changes), post.version, by=by, now=NOON)


def shift(part: SeriesPart, wall: datetime, by) -> None:
    post = whole(part.post)
    scheduling.plan(post, list(post.placements.all()), releasing.moment(wall, LONDON, None, NOON))


def fresh(one: Series, n: int) -> SeriesPart:
    return next(part for part in parts(one) if part.n == n)


def publish(part: SeriesPart, url: str) -> None:
    placement = part.post.placements.get()
    delivery = make_delivery("published", channel=placement.channel, remote_url=url)
    type(placement).objects.filter(pk=placement.pk).update(
        state="approved", delivery=delivery, approval=delivery.approval
    )


def test_every_part_is_a_post_with_its_own_placements_and_a_pencilled_time(publisher):
    one = made(publisher)
    assert walls(one) == ["12-07 10:00", "12-14 10:00", "12-21 10:00"]
    assert [part.post.text for part in parts(one)] == ["What shall we plant?"] * 3
    assert len({part.post.key for part in parts(one)}) == 3
    assert all(part.post.versions.count() == 1 for part in parts(one))
    assert not any(spreading.is_open(part) for part in parts(one))
    assert Delivery.objects.count() == 0


def test_over_a_change_of_clocks_it_stays_at_ten_and_a_missing_time_is_as_was_said(publisher):
    rule = Rule("week", 1, date(2027, 3, 21), time(1, 30), weekdays=(6,), count=3)
    one = made(publisher, rule, gaps=LATER)
    assert walls(one) == ["03-21 01:30", "03-28 02:30", "04-04 01:30"]
    for part in parts(one):
        placement = part.post.placements.get()
        assert to_wall(placement.due_at, LONDON) == placement.wall_at.replace(tzinfo=None)


def test_parts_are_scheduled_by_the_same_checks_as_any_post_and_the_reason_is_said(publisher):
    one = made(publisher)
    edit(parts(one)[1], publisher, topic=None)
    outcome, asked = series.schedule(one, {part.post.key for part in parts(one)}, by=publisher, now=NOON)
    assert [part.n for part in outcome.done] == [1, 3]
    assert [(part.n, "Choose a topic" in why) for part, why in outcome.left] == [(2, True)]
    assert asked == 0
    assert Delivery.objects.filter(state="scheduled").count() == 2


def test_what_an_officer_schedules_waits_for_its_signature():
    officer = make_user("officer")
    one = made(officer)
    outcome, asked = series.schedule(one, {part.post.key for part in parts(one)}, by=officer, now=NOON)
    assert (len(outcome.done), asked) == (3, 3)
    assert {part.post.placements.get().state for part in parts(one)} == {"in_review"}


def test_a_change_is_for_one_part_until_somebody_says_more(publisher):
    one = made(publisher)
    edit(parts(one)[1], publisher, text="What shall we sow?")
    part = fresh(one, 2)
    assert spreading.change_of(part).told == "its text"
    spreading.carry(part, spreading.ONE, by=publisher, now=NOON)
    assert [each.post.text[-5:] for each in parts(one)] == ["lant?", " sow?", "lant?"]
    assert not spreading.change_of(fresh(one, 2))


def test_a_change_for_the_following_reaches_them_and_a_change_for_all_reaches_all(publisher):
    one = made(publisher)
    edit(parts(one)[1], publisher, text="What shall we sow?")
    spreading.carry(fresh(one, 2), spreading.FOLLOWING, by=publisher, now=NOON)
    assert [each.post.text[-5:] for each in parts(one)] == ["lant?", " sow?", " sow?"]
    edit(fresh(one, 3), publisher, link="https://fernhill.example/sow")
    spreading.carry(fresh(one, 3), spreading.ALL, by=publisher, now=NOON)
    assert {each.post.link for each in parts(one)} == {"https://fernhill.example/sow"}
    assert [each.post.text[-5:] for each in parts(one)] == ["lant?", " sow?", " sow?"]


def test_what_somebody_wrote_into_another_part_stays_and_is_named(publisher):
    one = made(publisher)
    edit(parts(one)[2], publisher, text="The last one is mine.")
    edit(fresh(one, 1), publisher, text="Another question", benefit="say")
    outcome = spreading.carry(fresh(one, 1), spreading.ALL, by=publisher, now=NOON)
    assert fresh(one, 3).post.text == "The last one is mine."
    assert fresh(one, 3).post.benefit == "say"
    assert [(part.n, why) for part, why in outcome.left] == [(3, "It keeps its own text.")]
    assert spreading.is_open(fresh(one, 3)), "its own question was not answered by that"


def test_another_time_moves_the_following_by_as_much_but_not_what_was_moved_by_itself(publisher):
    one = made(publisher)
    shift(parts(one)[2], datetime(2026, 12, 23, 9, 0), publisher)
    shift(fresh(one, 1), datetime(2026, 12, 8, 11, 30), publisher)
    outcome = spreading.carry(fresh(one, 1), spreading.FOLLOWING, by=publisher, now=NOON)
    assert walls(one) == ["12-08 11:30", "12-15 11:30", "12-23 09:00"]
    assert [why for _, why in outcome.left] == ["It keeps its own time."]
    shift(fresh(one, 2), datetime(2026, 12, 15, 12, 0), publisher)
    spreading.carry(fresh(one, 2), spreading.ALL, by=publisher, now=NOON)
    assert walls(one) == ["12-08 12:00", "12-15 12:00", "12-23 09:00"]


def test_a_move_into_a_time_that_does_not_exist_leaves_that_part_and_says_so(publisher):
    one = made(publisher, Rule("week", 1, date(2027, 3, 21), time(4, 0), weekdays=(6,), count=3))
    shift(parts(one)[0], datetime(2027, 3, 21, 1, 30), publisher)
    outcome = spreading.carry(fresh(one, 1), spreading.ALL, by=publisher, now=NOON)
    assert walls(one) == ["03-21 01:30", "03-28 04:00", "04-04 01:30"]
    assert [(part.n, "does not exist on 28 March 2027" in why) for part, why in outcome.left] == [(2, True)]


def test_a_scheduled_part_is_moved_with_its_delivery_and_one_that_is_out_stays(publisher):
    one = made(publisher)
    series.schedule(one, {part.post.key for part in parts(one)}, by=publisher, now=NOON)
    publish(parts(one)[0], "https://social.example/1")
    post = whole(fresh(one, 2).post)
    rows = list(post.placements.all())
    at = releasing.moment(datetime(2026, 12, 14, 12, 0), LONDON, None, NOON)
    scheduling.move_to(post, rows, at, rows[0].due_at, by=publisher, now=NOON)
    outcome = spreading.carry(fresh(one, 2), spreading.ALL, by=publisher, now=NOON)
    assert walls(one) == ["12-07 10:00", "12-14 12:00", "12-21 12:00"]
    third = fresh(one, 3).post.placements.get()
    assert third.delivery.due_at == third.due_at
    assert [(part.n, why) for part, why in outcome.left] == [(1, "It is out, or on its way.")]


def test_stopping_drops_what_is_still_to_come_and_each_part_can_be_taken_up_again(publisher):
    one = made(publisher)
    publish(parts(one)[0], "https://social.example/1")
    outcome = series.stop(one, by=publisher, now=NOON)
    assert [part.n for part in outcome.done] == [2, 3]
    assert [part.post.dropped_at is None for part in parts(one)] == [True, False, False]
    composing.take_up(fresh(one, 2).post, by=publisher, now=NOON)
    assert fresh(one, 2).post.placements.get().state == "draft"


def test_part_two_offers_to_link_part_one_and_part_one_that_part_two_is_out(publisher, desk):
    one = made(publisher)
    publish(parts(one)[0], "https://social.example/1")
    second = fresh(one, 2)
    page = desk.get(reverse("calendar:post", args=[second.post.key])).content.decode()
    assert "Part 2 of 3" in page
    assert "Link part 1" in page
    assert f'href="{reverse("calendar:post", args=[fresh(one, 3).post.key])}" rel="next"' in page
    assert "Link part 1" in desk.get(reverse("calendar:publish-post", args=[second.post.key])).content.decode()
    desk.post(reverse("series:link", args=[second.post.key]), {"n": "1"})
    assert fresh(one, 2).post.link == "https://social.example/1"
    assert linking.beside(whole(second.post), publisher, NOON).offers == ()
    publish(fresh(one, 2), "https://social.example/2")
    page = desk.get(reverse("calendar:post", args=[parts(one)[0].post.key])).content.decode()
    assert "Write that part 2 is out" in page
    assert "Link part 2" in desk.get(reverse("calendar:post", args=[fresh(one, 3).post.key])).content.decode()


def form(**changes) -> dict[str, object]:
    return {
        "name": "Planting", "start": "2026-12-07", "clock": "10:00", "every": 1, "unit": "week", "weekdays": ["0"],
        "month_by": "day", "ends": "count", "count": 3, "act": "make", **changes,
    }  # fmt: skip


def test_the_form_shows_every_date_asks_about_the_clocks_and_then_makes_the_parts(publisher, desk):
    post = make_post(author=publisher)
    address = reverse("series:new", args=[post.key])
    assert "Make a series" in desk.get(address).content.decode()
    shown = desk.post(address, form(act="look")).content.decode()
    assert "Mon 14 December 2026, 10:00" in shown
    assert Series.objects.count() == 0
    early = form(unit="day", start="2027-03-27", clock="01:30")
    asked = desk.post(address, early)
    assert asked.status_code == 422
    assert "01:30 does not exist on 28 March 2027" in asked.content.decode()
    assert 'type="radio" name="gaps"' in asked.content.decode()
    assert Series.objects.count() == 0
    done = desk.post(address, {**early, "gaps": "skip"})
    one = Series.objects.get()
    assert done["Location"] == reverse("series:series", args=[one.key])
    assert walls(one) == ["03-27 01:30", "03-29 01:30"]
    assert "Planting" in desk.get(reverse("series:list")).content.decode()
    assert "Schedule the ticked drafts" in desk.get(done["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": "2026-11-01"}, "is over"),
        ({"start": "2030-11-01"}, "more than two years away"),
        ({"ends": "until", "until": ""}, "Say on which day it ends"),
        ({"name": ""}, "This field is required"),
        ({"unit": "day", "ends": "until", "until": "2027-12-07"}, "104 parts at most"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(publisher, desk, changes, said):
    answer = desk.post(reverse("series:new", args=[make_post(author=publisher).key]), form(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="10:00"' in answer.content.decode()


def test_the_page_of_a_changed_part_asks_and_carries_the_answer_out(publisher, desk):
    one = made(publisher)
    edit(parts(one)[0], publisher, text="Another question")
    address = reverse("calendar:post", args=[parts(one)[0].post.key])
    page = desk.get(address).content.decode()
    assert "You changed its text in part 1 of 3. Is that for other parts too?" in page
    assert "This and the 2 following" in page
    assert "Is that for other parts too?" in desk.get(f"{address}edit/").content.decode()
    answer = desk.post(reverse("series:carry", args=[parts(one)[0].post.key]), {"which": "all"}, follow=True)
    assert "Changed 2 parts as well." in answer.content.decode()
    assert "Is that for other parts too?" not in answer.content.decode()


def test_a_post_is_in_one_series_and_a_dropped_one_in_none(publisher):
    one = made(publisher)
    slots = series.planned(WEEKLY, LONDON, None, "", NOON)
    with pytest.raises(Exception, match="part of a series already"):
        series.make(parts(one)[0].post, "x", WEEKLY, slots, zone=LONDON, fold=None, by=publisher, now=NOON)
    gone = composing.drop(make_post(author=publisher), by=publisher, now=NOON)
    with pytest.raises(Invalid, match="was dropped"):
        series.make(gone, "x", WEEKLY, slots, zone=LONDON, fold=None, by=publisher, now=NOON)


def test_a_person_of_another_channel_sees_no_part_of_it(publisher):
    one = made(publisher)
    other = make_user("officer", scope=make_channel().scope)
    assert not Series.objects.visible_to(other, NOON).exists()
    assert Series.objects.visible_to(publisher, NOON + timedelta(seconds=1)).get() == one
    assert Post.objects.count() == 3
    assert parts(one)[0].slot == datetime(2026, 12, 7, 10, tzinfo=UTC)
