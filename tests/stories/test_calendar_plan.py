"""Planning as a team does it: weeks, many at once, slots, rhythm and civic dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Town
from calendar_app import cadence, civic, month, planned, slots
from calendar_app.filtering import Filters
from calendar_app.models import Cadence, Moving, Placement, Post, Slot
from calendar_app.month import bounds
from config import today
from policy.models import CivicDate
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import (
    fill_calendar,
    make_campaign,
    make_objective,
    make_placement,
    make_post,
)

pytestmark = pytest.mark.django_db
MONTH = "/calendar/?month=2026-11"
WEEK = "/calendar/?view=week&week=2026-11-16"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def town(monkeypatch) -> Town:
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London", pack="england")


@pytest.fixture
def publisher():
    return make_user("publisher")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


def signed_in(role: str, **where: object) -> Client:
    client = Client()
    client.force_login(make_user(role, **where))
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return " ".join(answer.content.decode().split())


def of(placement: Placement) -> datetime | None:
    return Placement.objects.get(pk=placement.pk).due_at


# --- looking ---------------------------------------------------------------------------------------------------------


def test_a_week_shows_its_posts_and_leads_on(desk: Client):
    make_placement(post=make_post(text="The pool opens again", campaign=make_campaign(name="Summer")))
    make_placement(post=make_post(text="Far away"), due_at=NOON + 20 * DAY)
    shown = page(desk, WEEK)
    assert "16 to 22 November 2026" in shown
    assert "The pool opens again" in shown
    assert "Summer" in shown
    assert "Far away" not in shown
    assert "week=2026-11-23" in shown
    assert "month=2026-11" in shown


def test_every_filter_is_in_the_address_as_a_chip(desk: Client):
    author, objective = make_user("officer", name="Tom Birch"), make_objective(sentence="Fewer missed bins")
    make_placement(post=make_post(text="Wanted", author=author, kind="question", objective=objective))
    make_placement(post=make_post(text="Unwanted", unplanned=True))
    for query, chip in [
        (f"author={author.key}", "Tom Birch"),
        ("kind=question", "Question"),
        (f"objective={objective.key}", "Fewer missed bins"),
    ]:
        shown = page(desk, f"{MONTH}&{query}")
        assert f"Remove the filter {chip}" in shown
        assert ">Wanted<" in shown
        assert ">Unwanted<" not in shown
    assert ">Unwanted<" in page(desk, f"{MONTH}&objective=unplanned")


def test_words_said_again_within_two_days_on_one_channel_are_marked(desk: Client):
    here, there = make_channel("x"), make_channel("x")
    for channel, after in ((here, 0), (here, 47), (there, 3)):
        make_placement(post=make_post(text="Bins are late.", channels=[channel]), due_at=NOON + timedelta(hours=after))
    later = make_placement("draft", post=make_post(text="Bins are late.", channels=[here]), due_at=NOON + 5 * DAY)
    start, end = bounds(date(2026, 11, 16), date(2026, 11, 29), "Europe/London")
    second = Placement.objects.filter(channel=here).order_by("due_at")[1]
    rows = planned.rows(make_user("publisher"), start, end, Filters(), NOON)
    assert str(later.key) in {one.key for one in rows}
    assert month.said_again(rows) == {str(second.key)}
    assert "Same words within 48 h" in page(desk, MONTH)


def test_words_said_again_are_marked_whatever_the_filter_hides(desk: Client):
    channel, mine = make_channel("x"), make_user("officer", name="Tom Birch")
    make_placement(post=make_post(text="Bins are late.", channels=[channel]), due_at=NOON)
    post = make_post(text="Bins are late.", channels=[channel], author=mine)
    make_placement(post=post, due_at=NOON + timedelta(hours=20))
    assert "Same words within 48 h" in page(desk, f"{MONTH}&author={mine.key}")
    post.placements.update(text="Other words.")
    assert "Same words within 48 h" not in page(desk, f"{MONTH}&author={mine.key}")


def test_what_only_colleagues_planned_is_compared_with_for_who_sees_only_their_own():
    channel, contributor = make_channel("x"), make_user("contributor")
    make_placement(post=make_post(text="Bins are late.", channels=[channel]), due_at=NOON)
    post = make_post(text="Bins are late.", channels=[channel], author=contributor)
    make_placement("draft", post=post, due_at=NOON + timedelta(hours=20))
    own = Client()
    own.force_login(contributor)
    assert "Same words within 48 h" in page(own, MONTH)


def test_a_holiday_or_a_day_the_town_is_closed_is_no_empty_day(town: Town):
    """Today is a Wednesday; the town does not work on Mondays, and Friday is a holiday of its own."""
    Town.objects.update(hours=[[], *town.hours[1:]])
    CivicDate.objects.create(day=NOON.date() + 2 * DAY, name="Founders' Day", kind="holiday")
    make_placement("draft", due_at=NOON + DAY)
    empty = today.empty_days(make_user("publisher"), NOON, Town.here())
    assert [(day - NOON.date()).days for day in empty] == [0, 6]


def test_week_month_and_agenda_ask_as_often_for_many_as_for_few(desk: Client):
    channels = [make_channel("x"), make_channel("facebook"), make_channel()]
    for channel in channels:
        Cadence.objects.create(channel=channel, least=2, most=5)
        Slot.objects.create(channel=channel, weekday=1, at=time(10, 0))
    paths = [MONTH, WEEK, f"{MONTH}&view=agenda", f"{MONTH}&select=1"]
    fill_calendar(8, channels)
    few = [questions(desk, path) for path in paths]
    fill_calendar(2_000, channels)
    assert [questions(desk, path) for path in paths] == few


def questions(client: Client, path: str) -> int:
    page(client, path)
    with CaptureQueriesContext(connection) as asked:
        page(client, path)
    return len(asked)


# --- moving ----------------------------------------------------------------------------------------------------------


def test_many_are_moved_by_days_and_all_come_back(desk: Client):
    rows = [make_placement("scheduled", due_at=NOON + (n + 1) * DAY) for n in range(3)]
    rows.append(make_placement("draft", due_at=NOON + 4 * DAY))
    was = [of(one) for one in rows]
    picked = {"pick": [str(one.key) for one in rows], "days": "7", "how": "by", "back": MONTH}
    shown = desk.post(reverse("calendar:move-many"), picked, follow=True)
    assert "4 posts moved 7 days later" in shown.content.decode()
    assert [of(one) for one in rows] == [at and at + 7 * DAY for at in was]
    assert {one.delivery.due_at for one in Placement.objects.exclude(delivery=None)} == {
        at + 7 * DAY for at in was[:3] if at
    }
    undo = reverse("calendar:undo-move", args=[Moving.objects.get().key])
    assert undo in shown.content.decode()
    assert "4 posts moved back" in desk.post(undo, follow=True).content.decode()
    assert [of(one) for one in rows] == was
    assert "This was undone already." in desk.post(undo).content.decode()


def test_moving_over_the_change_of_the_clocks_keeps_the_time_of_day(desk: Client):
    before = NOON.replace(year=2027, month=3, day=26, hour=10)
    placement = make_placement("draft", due_at=before)
    desk.post(reverse("calendar:move-many"), {"pick": str(placement.key), "days": "3", "how": "by"})
    assert of(placement) == before + 3 * DAY - timedelta(hours=1)


def test_what_cannot_be_moved_is_named_and_the_others_move(desk: Client):
    fine, out = make_placement(due_at=NOON + DAY), make_placement("published", due_at=NOON - DAY)
    soon = make_placement("draft", due_at=NOON + timedelta(hours=2))
    picked = {"pick": [str(one.key) for one in (fine, out, soon)], "days": "-1", "how": "by"}
    shown = desk.post(reverse("calendar:move-many"), picked, follow=True).content.decode()
    assert "Nothing could be moved 1 day earlier" in shown
    assert "is out, on its way, or cancelled" in shown
    assert shown.count("is over; it is") == 2
    shown = desk.post(reverse("calendar:move-many"), {**picked, "days": "2"}, follow=True).content.decode()
    assert "2 posts moved 2 days later" in shown
    assert "1 stayed where it was" in shown
    assert of(fine) == NOON + 3 * DAY
    assert of(out) == NOON - DAY


def test_many_go_to_one_day_each_at_its_own_time(desk: Client):
    early, late = make_placement("draft", due_at=NOON + DAY), make_placement("draft", due_at=NOON + timedelta(hours=4))
    picked = {"pick": f"{early.key},{late.key}", "day": "2026-12-01", "how": "to"}
    desk.post(reverse("calendar:move-many"), picked)
    assert [of(early), of(late)] == [NOON + 13 * DAY, NOON + 13 * DAY + timedelta(hours=4)]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"days": "3", "how": "by"}, "Nothing is chosen."),
        ({"pick": "nonsense", "days": "3", "how": "by"}, "One of these is no post."),
        ({"days": "0", "how": "by"}, "moves nothing"),
        ({"how": "to", "day": ""}, "Choose the day"),
        ({"how": "by", "days": "1000"}, "less than or equal to 366"),
    ],
)
def test_a_move_of_nothing_is_refused_in_words(desk: Client, sent: dict[str, str], said: str):
    answer = desk.post(reverse("calendar:move-many"), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_undo_leaves_what_a_colleague_moved_on(desk: Client):
    placement = make_placement("draft", due_at=NOON + DAY)
    desk.post(reverse("calendar:move-many"), {"pick": str(placement.key), "days": "1", "how": "by"})
    Placement.objects.filter(pk=placement.pk).update(due_at=NOON + 9 * DAY, wall_at=NOON + 9 * DAY)
    undo = reverse("calendar:undo-move", args=[Moving.objects.get().key])
    assert "A colleague moved it" in desk.post(undo, follow=True).content.decode()
    assert of(placement) == NOON + 9 * DAY


def test_an_undo_is_its_movers_alone(desk: Client):
    placement = make_placement("draft", due_at=NOON + DAY)
    desk.post(reverse("calendar:move-many"), {"pick": str(placement.key), "days": "1", "how": "by"})
    undo = reverse("calendar:undo-move", args=[Moving.objects.get().key])
    assert signed_in("publisher").post(undo).status_code == 404


def test_a_move_without_javascript_offers_its_undo_on_the_next_page(desk: Client):
    placement = make_placement(due_at=NOON + DAY)
    path = reverse("calendar:move-post", args=[placement.post.key])
    sent = {"to": "2026-11-25T09:00", "at": "", "was": placement.due_at.isoformat(), "placements": str(placement.key)}
    shown = desk.post(path, sent, follow=True).content.decode()
    assert of(placement) == datetime.fromisoformat("2026-11-25T09:00+00:00")
    undo = reverse("calendar:undo-move", args=[Moving.objects.get().key])
    assert undo in shown
    desk.post(undo)
    assert of(placement) == NOON + DAY


def test_a_draft_put_on_a_day_goes_back_into_the_drawer(desk: Client):
    post = make_post(text="An idea")
    desk.post(reverse("calendar:move-post", args=[post.key]), {"at": "2026-11-20T10:00", "was": "", "placements": ""})
    (placement,) = post.placements.all()
    assert of(placement)
    desk.post(reverse("calendar:undo-move", args=[Moving.objects.get().key]))
    assert of(placement) is None


def test_the_dialog_offers_ready_times_and_the_next_free_slot(desk: Client):
    placement = make_placement("draft", due_at=NOON + DAY)
    Slot.objects.create(channel=placement.channel, weekday=4, at=time(16, 0))
    shown = page(desk, reverse("calendar:move-post", args=[placement.post.key]))
    assert 'name="to" value="2026-11-26T12:00"' in shown
    assert 'name="to" value="2026-11-20T16:00"' in shown
    assert "A week earlier" not in shown


# --- slots and rhythm ------------------------------------------------------------------------------------------------


def test_the_next_free_slot_is_one_nothing_else_goes_out_beside():
    channel, other = make_channel(), make_channel()
    for weekday in (2, 3):
        Slot.objects.create(channel=channel, weekday=weekday, at=time(15, 0))
    make_placement("draft", channel=channel, due_at=NOON + timedelta(hours=3, minutes=10))
    make_placement("failed", channel=channel, due_at=NOON + DAY + timedelta(hours=3))
    found = slots.next_free(channel, NOON, NOON)
    assert found
    assert found.due_at == NOON + DAY + timedelta(hours=3)
    assert slots.next_free(other, NOON, NOON) is None
    Slot.objects.create(channel=other, weekday=6, at=time(9, 0))
    Slot.objects.create(channel=other, weekday=3, at=time(15, 0))
    both = slots.next_for([channel, other], NOON, NOON)
    assert both
    assert both.due_at == found.due_at


def test_the_composer_takes_the_next_free_slot(desk: Client):
    channel = make_channel("x")
    Slot.objects.create(channel=channel, weekday=3, at=time(9, 30))
    sent = {"text": "The library is open.", "kind": "news", "channels": [str(channel.key)], "act": "slot"}
    shown = desk.post(reverse("calendar:new-post"), sent, follow=True).content.decode()
    assert "The next free slot is Thu 19 November, 09:30" in shown
    assert 'value="2026-11-19T09:30"' in shown
    assert Post.objects.get().placements.get().state == "draft"
    Slot.objects.all().delete()
    answer = desk.post(reverse("calendar:new-post"), sent)
    assert answer.status_code == 422
    assert "no free slot" in answer.content.decode()


def test_slots_and_bounds_are_set_per_channel_on_the_record(desk: Client):
    channel = make_channel("x")
    key = str(channel.key)
    sent = {f"{key}-weekdays": ["0", "3"], f"{key}-at": "09:30"}
    desk.post(reverse("calendar:add-slots", args=[key]), sent)
    desk.post(reverse("calendar:add-slots", args=[key]), sent)
    assert [str(one) for one in Slot.objects.all()] == ["Monday 09:30", "Thursday 09:30"]
    desk.post(reverse("calendar:remove-slot", args=[key, Slot.objects.first().pk]))
    assert Slot.objects.count() == 1
    bounds_sent = {f"{key}-least": "4", f"{key}-most": "2"}
    wrong = desk.post(reverse("calendar:set-cadence", args=[key]), bounds_sent)
    assert wrong.status_code == 422
    assert "cannot be below the least" in wrong.content.decode()
    desk.post(reverse("calendar:set-cadence", args=[key]), {**bounds_sent, f"{key}-most": "6"})
    assert (Cadence.objects.get().least, Cadence.objects.get().most) == (4, 6)
    acts = list(AuditEntry.objects.filter(kind="channel").order_by("id").values_list("act", flat=True))
    assert acts == ["added_slots", "removed_slot", "set_cadence"]


def test_a_silent_channel_and_one_that_posts_too_much_are_told_everywhere(desk: Client, town: Town):
    quiet, loud = make_channel("x", name="Quiet"), make_channel("facebook", name="Loud")
    Cadence.objects.create(channel=quiet, least=2)
    Cadence.objects.create(channel=loud, most=2)
    for number in range(3):
        make_placement(channel=loud, due_at=NOON + timedelta(hours=number))
    found = cadence.now_and_next(town, [quiet, loud], NOON)
    assert [(one.channel.name, one.kind, one.monday.day) for one in found] == [
        ("Quiet", "silent", 16), ("Loud", "many", 16), ("Quiet", "silent", 23),
    ]  # fmt: skip
    said = "3 posts in the week of 16 November, where you want 2 at most"
    for path in (MONTH, "/calendar/rhythm/", "/", "/channels/"):
        assert said in page(desk, path), path


def test_the_week_of_christmas_asks_for_less(town: Town):
    channel = make_channel()
    Cadence.objects.create(channel=channel, least=5)
    monday = date(2026, 12, 21)
    dates = civic.events(town, [monday + n * DAY for n in range(7)])
    (found,) = cadence.findings(town, [channel], monday, monday + 6 * DAY, dates)
    assert found.bound == 4


def test_the_free_slots_of_a_week_lead_into_the_composer(desk: Client):
    channel = make_channel("x")
    Slot.objects.create(channel=channel, weekday=4, at=time(9, 30))
    shown = page(desk, WEEK)
    assert "Free slot at 09:30" in shown
    address = f"/calendar/posts/new/?at=2026-11-20T09:30&channel={channel.key}"
    assert address.replace("&", "&amp;") in shown
    assert 'value="2026-11-20T09:30"' in page(desk, address)


# --- civic dates -----------------------------------------------------------------------------------------------------


def test_civic_dates_are_added_changed_and_taken_out(desk: Client):
    sent = {"day": "2026-11-26", "name": "Council meeting", "kind": "meeting", "at": "19:00"}
    assert "stands in the calendar" in desk.post(reverse("calendar:add-date"), sent, follow=True).content.decode()
    assert "Council meeting, 19:00" in page(desk, MONTH)
    row = CivicDate.objects.get()
    assert desk.post(reverse("calendar:add-date"), sent).status_code == 422
    desk.post(reverse("calendar:edit-date", args=[row.pk]), {**sent, "name": "Budget meeting"})
    assert "Budget meeting" in page(desk, "/calendar/dates/?year=2026")
    desk.post(reverse("calendar:remove-date", args=[row.pk]))
    assert not CivicDate.objects.exists()


def test_a_years_holidays_are_taken_over_once_and_can_be_changed(desk: Client, town: Town):
    for _ in range(2):
        desk.post(reverse("calendar:take-over-holidays"), {"year": "2026"})
    rows = CivicDate.objects.filter(day__year=2026, pack="england")
    assert rows.count() == len(set(rows.values_list("day", "name"))) > 5
    rows.filter(name="Boxing Day").delete()
    found = civic.events(town, [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)])
    assert [str(one) for one in found[date(2026, 12, 25)]] == ["Christmas Day"]
    assert not [one for one in found.get(date(2026, 12, 26), []) if one.name == "Boxing Day"]
    assert date(2027, 1, 1) in civic.holidays(found)
