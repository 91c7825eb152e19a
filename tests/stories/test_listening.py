"""What people do with what was heard: into the inbox, held, or forgotten in time; and how much it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from accounts.models import AuditEntry, Notification
from accounts.refusals import IllegalMove, Invalid
from channels_app import tallies, vault
from channels_app.models import Cursor
from channels_app.platforms import budgets
from channels_app.platforms.base import Refused, Renewed, Secret, TryLater
from engagement import sparing, tasks
from engagement.listening import acting, forgetting, searching, volumes
from engagement.models import (
    Conversation,
    ListeningChoices,
    Message,
    ProfileView,
    Watch,
    WatchDay,
    WatchHit,
    WatchSearch,
    WatchVoice,
)
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.factories_listening import make_hit, make_voice, make_watch
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def town(db):
    return make_town(zone="Europe/London")


@pytest.fixture
def channel(db):
    return make_channel()


@pytest.fixture
def manager(db):
    return make_user("manager")


def heard(watch):
    return [hit.matched for hit in watch.hits.order_by("at", "id")]


# --- what people do with it ------------------------------------------------------------------------------------------


def test_what_a_search_found_becomes_a_conversation_and_its_words_move_there(channel):
    officer, hit = make_user("officer"), make_hit(channel, text="The pool on Mill Road leaks", at=NOON)
    conversation = acting.take(hit, by=officer, now=NOON + HOUR)
    hit.refresh_from_db()
    assert (hit.state, hit.item, hit.conversation) == ("taken", {}, conversation)
    assert fresh(conversation).excerpt == "The pool on Mill Road leaks"
    assert acting.take(hit, by=officer, now=NOON + HOUR) == conversation
    assert (Conversation.objects.count(), Message.objects.get().kind) == (1, "mention")


def test_what_came_to_the_inbox_is_only_pointed_at(channel):
    watch = make_watch("pool")
    conversation = make_conversation(channel, "the pool")
    hit = watch.hits.get()
    assert (hit.item, hit.conversation) == ({}, conversation)
    assert acting.take(hit, by=make_user("officer"), now=NOON) == conversation


def test_what_was_found_and_then_written_to_us_is_one_thing(channel):
    watch = make_watch("pool")
    hit = make_hit(channel, watch, "the pool", remote_id="77")
    message = receive(channel, make_incoming("the pool", remote_id="77"))[0]
    hit.refresh_from_db()
    assert (hit.message, hit.item, watch.hits.count()) == (message, {}, 1)


def test_what_nobody_acts_on_is_deleted_in_time_and_what_is_held_stays(channel):
    officer, watch = make_user("officer"), make_watch("pool")
    gone, kept, taken, aside = (make_hit(channel, watch, f"pool {n}") for n in range(4))
    with pytest.raises(Invalid, match="why"):
        acting.hold(kept, " ", by=officer, now=NOON)
    acting.hold(kept, "The police asked", by=officer, now=NOON)
    acting.take(taken, by=officer, now=NOON)
    acting.set_aside(aside, by=officer, now=NOON)
    assert forgetting.forget(NOON + 14 * DAY) == 0
    assert forgetting.forget(NOON + 14 * DAY + HOUR) == 2
    assert set(watch.hits.values_list("pk", flat=True)) == {kept.pk, taken.pk}
    assert WatchDay.objects.get().heard == 4
    kept.refresh_from_db()
    acting.release(kept, by=officer, now=NOON + 20 * DAY)
    assert forgetting.forget(NOON + 20 * DAY) == 1
    with pytest.raises(IllegalMove, match="forgotten"):
        acting.take(gone, by=officer, now=NOON)


def test_the_town_says_after_how_many_days(channel):
    ListeningChoices.objects.create(pk=1, forget_days=3)
    make_hit(channel)
    assert forgetting.forget(NOON + 2 * DAY) == 0
    assert forgetting.forget(NOON + 4 * DAY) == 1


def test_looking_people_up_is_counted_and_stops_at_the_days_limit(channel):
    ListeningChoices.objects.create(pk=1, views_a_day=2)
    officer, watch = make_user("officer"), make_watch("pool")
    first, second, third = (make_hit(channel, watch, f"pool {n}") for n in range(3))
    for hit in (first, second, first):
        acting.look_up(hit, "", by=officer, now=NOON)
    assert ProfileView.objects.count() == 2
    with pytest.raises(acting.TooManyProfiles, match="as many as the town allows") as refused:
        acting.look_up(third, "", by=officer, now=NOON)
    assert refused.value.rule == "listening"
    acting.look_up(third, "", by=make_user("officer"), now=NOON)
    acting.look_up(third, "", by=officer, now=NOON + DAY + MINUTE)


def test_the_third_look_at_one_person_in_a_month_wants_a_reason(channel):
    hit = make_hit(channel)
    for at in (NOON, NOON + 9 * DAY):
        acting.look_up(hit, "", by=make_user("officer"), now=at)
    officer = make_user("officer")
    with pytest.raises(Invalid, match="looked up before this month"):
        acting.look_up(hit, "", by=officer, now=NOON + 10 * DAY)
    acting.look_up(hit, "A missing child", by=officer, now=NOON + 10 * DAY)
    acting.look_up(hit, "", by=officer, now=NOON + 39 * DAY + HOUR)


def test_no_name_of_whoever_was_looked_up_is_kept(channel):
    hit = make_hit(channel, author_handle="@ann", author_id="4711", author_name="Ann")
    acting.look_up(hit, "", by=make_user("officer"), now=NOON)
    row = ProfileView.objects.get()
    assert not any(one in row.whose for one in ("ann", "4711"))
    told = str(AuditEntry.objects.filter(act="looked_up_author").values().get())
    assert "@ann" not in told
    forgetting.forget(NOON + 40 * DAY)
    assert ProfileView.objects.count() == 0


# --- searching -------------------------------------------------------------------------------------------------------


def test_a_search_brings_what_strangers_say_once_and_moves_on(scripted: Scripted, channel):
    scripted.CAN = Scripted.CAN | {"search"}
    watch = make_watch("Mill Road")
    scripted.items = [make_incoming("a lake on Mill Road"), make_incoming("the pool"), make_incoming("x", at=NOON)]
    (row,) = searching.due(NOON)
    assert searching.search(row, NOON + MINUTE) == 1
    assert searching.search(row, NOON + MINUTE) is None
    assert searching.search(row, NOON + HOUR) == 0
    assert (heard(watch), Message.objects.count()) == (["Mill Road"], 0)
    assert WatchHit.objects.get().item["text"] == "a lake on Mill Road"


def test_what_several_searches_bring_again_is_paid_for_once(scripted: Scripted) -> None:
    scripted.CAN = Scripted.CAN | {"search"}
    channel = make_channel("x")
    make_watch("Mill Road")
    scripted.items = [make_incoming("a lake on Mill Road", at=NOON)]
    (row,) = searching.due(NOON)
    for minutes in (1, 20, 40):
        searching.search(row, NOON + minutes * MINUTE)
    scripted.items += [
        make_incoming("the pool", at=NOON + 50 * MINUTE),
        make_incoming("Mill Road", at=NOON + MINUTE / 2),
    ]
    searching.search(row, NOON + 60 * MINUTE)
    assert tallies.read(["reads"])["reads"] == {f"{channel.key}:2026-11:others": 2}


def test_a_network_that_cannot_be_searched_or_a_watch_that_does_not_want_it_is_not(scripted: Scripted, channel):
    make_watch("Mill Road")
    assert searching.due(NOON) == []
    scripted.CAN = Scripted.CAN | {"search"}
    assert len(searching.due(NOON)) == 1
    Watch.objects.update(search=False)
    assert searching.due(NOON) == []


def test_several_channels_of_one_network_search_it_once(scripted: Scripted, channel):
    make_channel()
    scripted.CAN = Scripted.CAN | {"search"}
    make_watch("Mill Road")
    assert len(searching.due(NOON)) == 1


@pytest.mark.parametrize(
    ("ending", "wait"), [(TryLater("busy", wait=3600), HOUR), (Refused("no", cause="permission"), 6 * HOUR)]
)
def test_a_search_that_fails_says_why_and_waits(scripted: Scripted, channel, ending, wait):
    scripted.CAN = Scripted.CAN | {"search"}
    make_watch("Mill Road")
    (row,) = searching.due(NOON)
    scripted.faults = [ending]
    assert searching.search(row, NOON) is None
    found = WatchSearch.objects.get()
    assert (found.why, found.next_at) == (ending.words, NOON + wait)


def test_keys_that_had_run_out_are_renewed_and_dead_ones_end_the_connection(scripted: Scripted, channel, monkeypatch):
    scripted.CAN = Scripted.CAN | {"search"}
    vault.store(channel, "access_token", Secret("old"))
    vault.store(channel, "refresh_token", Secret("for a new one"))
    renewals = []

    def renew(account):
        renewals.append(account)
        return Renewed({"access_token": Secret("new")}, NOON + HOUR)

    monkeypatch.setattr(scripted, "renew", renew, raising=False)
    make_watch("Mill Road")
    (row,) = searching.due(NOON)
    scripted.faults = [Refused("The token has run out.", cause="token")]
    assert searching.search(row, NOON) is None
    assert len(renewals) == 1
    assert WatchSearch.objects.get().next_at <= NOON + MINUTE
    assert searching.search(row, NOON + MINUTE) == 0
    monkeypatch.delattr(scripted, "renew")
    scripted.faults = [Refused("The token was revoked.", cause="token")]
    assert searching.search(row, NOON + HOUR) is None
    channel.refresh_from_db()
    assert (channel.state, searching.due(NOON + DAY)) == ("needs_reconnect", [])


def test_searches_share_the_budget_of_what_is_written_under_posts():
    channel = make_channel("x")
    cursor = Cursor.objects.create(channel=channel, stream="comments", root="1", root_at=NOON, next_poll_at=NOON)
    for n in range(30):
        watch = make_watch(f"Mill Road {n}")
        WatchSearch.objects.create(watch=watch, channel=channel, next_at=NOON)
    assert sparing.stretch(cursor, NOON) == pytest.approx((1 / 300 + 30 * 3 / 900) / (300 * budgets.SHARE / 900))
    Watch.objects.update(search=False)
    assert sparing.stretch(cursor, NOON) == 1


def test_a_watch_that_ran_out_while_its_search_waited_hears_nothing(scripted: Scripted, channel):
    scripted.CAN = Scripted.CAN | {"search"}
    make_watch("Mill Road", ends_at=NOON + MINUTE)
    scripted.items = [make_incoming("Mill Road")]
    (row,) = searching.due(NOON)
    assert searching.search(row, NOON + HOUR) is None
    assert WatchHit.objects.count() == 0


# --- how much --------------------------------------------------------------------------------------------------------


def test_a_day_without_listening_is_a_gap_and_a_quiet_day_is_a_nought(channel):
    watch = make_watch("pool")
    channel.last_read_at = NOON
    channel.save(update_fields=["last_read_at"])
    volumes.note_listening(NOON)
    volumes.note_listening(NOON)
    WatchDay.objects.create(watch=watch, channel=channel, day=NOON.date() - 2 * DAY, heard=4)
    days = volumes.by_day(watch, [channel.pk], NOON.date(), 4)
    assert [number for _, number in days] == [None, 4, None, 0]
    make_conversation(channel, "the pool")
    assert volumes.by_day(watch, [channel.pk], NOON.date(), 1) == [(NOON.date(), 1)]
    assert volumes.by_day(watch, [], NOON.date(), 1) == [(NOON.date(), None)]


def test_days_are_the_towns_days(channel):
    make_town(zone="America/New_York")
    watch = make_watch("pool")
    receive(channel, make_incoming("the pool", at=NOON.replace(hour=3)), now=NOON)
    assert WatchDay.objects.get(watch=watch).day == NOON.date() - DAY


def test_where_the_talk_is(channel):
    watch, other = make_watch("pool"), make_channel("x")
    for _ in range(3):
        make_conversation(channel, "the pool")
    make_conversation(other, "the pool")
    found = volumes.places(watch, [channel.pk, other.pk], NOON.date())
    assert [(one.channel, one.heard, one.share) for one in found] == [(channel, 3, 75), (other, 1, 25)]


def test_only_organisations_are_counted_with_the_evidence(channel):
    watch, voice = make_watch("pool"), make_voice("friends")
    for n in range(2):
        facts = {"author_handle": "@Friends", "author_id": "77", "at": NOON + n * HOUR}
        receive(channel, make_incoming("the pool", url=f"https://social.fernhill.example/{n}", **facts))
    receive(channel, make_incoming("the pool", author_handle="@resident"))
    (row,) = volumes.voices(watch)
    assert (row.voice, row.heard, row.url) == (voice, 2, "https://social.fernhill.example/1")
    assert (row.first_at, row.last_at) == (NOON, NOON + HOUR)
    assert WatchVoice.objects.count() == 1


def usual(watch, channel, heard, days=20):
    WatchDay.objects.bulk_create(
        WatchDay(watch=watch, channel=channel, day=NOON.date() - n * DAY, heard=heard) for n in range(1, days + 1)
    )


def flood(channel, count, at=NOON):
    receive(channel, *[make_incoming("the pool", at=at) for _ in range(count)], now=at + MINUTE)


def test_far_more_than_usual_is_told_once_until_it_was_quiet_in_between(channel, manager):
    watch = make_watch("pool", by=manager)
    usual(watch, channel, 4)
    flood(channel, 11)
    assert volumes.warn(NOON + HOUR) == []
    flood(channel, 1)
    assert volumes.warn(NOON + HOUR) == [watch]
    flood(channel, 30)
    assert volumes.warn(NOON + 2 * HOUR) == []
    note = Notification.objects.get()
    assert (note.user, note.event) == (manager, "listening.loud")
    assert note.words == f"“{watch}” was heard 12 times in 24 hours; usual is 4"
    flood(channel, 10, NOON + 30 * HOUR)  # less than it takes to be loud, more than half of it
    assert volumes.warn(NOON + 31 * HOUR) == []
    assert Watch.objects.get().loud_since is not None
    assert volumes.warn(NOON + 60 * HOUR) == []
    assert Watch.objects.get().loud_since is None


def test_a_few_are_never_loud_and_what_is_usual_is_not_known_at_once(channel):
    watch, young = make_watch("pool"), make_watch("lido")
    usual(watch, channel, 0)
    usual(young, channel, 0, days=3)
    flood(channel, 9)
    assert volumes.warn(NOON + HOUR) == []
    ListeningChoices.objects.create(pk=1, loud_least=9)
    assert volumes.warn(NOON + HOUR) == [watch]


def test_the_ticks_do_all_of_it(channel):
    now = clock.now()
    make_watch("pool", now=now, ends_at=now + DAY, search=False)
    channel.last_read_at = now
    channel.save(update_fields=["last_read_at"])
    tasks.listen_due()
    assert WatchDay.objects.get().heard == 0
    tasks.forget_due()
