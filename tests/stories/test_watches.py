"""Listening that can prove it is no spying: a purpose and an end, nobody watched, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from engagement import leaving
from engagement.listening import handles, watching
from engagement.listening.handles import NotAPerson
from engagement.models import (
    Watch,
    WatchDay,
    WatchHit,
)
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, make_own, receive
from tests.factories_listening import make_hit, make_voice, make_watch

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


def seat(user):
    client = Client()
    client.force_login(user)
    return client


def heard(watch):
    return [hit.matched for hit in watch.hits.order_by("at", "id")]


# --- what is heard ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["Town Hall", "Toon Hall"], "the Toon Hall is cold", "Toon Hall"),
        (["Town Hall"], "the Toon Hall is cold", "Town Hall"),
        (["@TownofX"], "well done @townofx", "@TownofX"),
        (["Mill Road"], "a lake on MILL ROAD!", "Mill Road"),
        (["Mill Road"], "#MillRoad again", "Mill Road"),
        (["Café Brücke"], "the cafe brucke is open", "Café Brücke"),
    ],
)
def test_names_nicknames_misspellings_and_places_are_heard(channel, names, text, found):
    make_channel(handle="@townofx")
    watch = make_watch(*names)
    make_conversation(channel, text)
    assert heard(watch) == [found]


def test_a_word_that_tells_another_thing_of_that_name_keeps_it_out(channel):
    watch = make_watch("Mill Road", without=["Cambridge"])
    make_conversation(channel, "Mill Road in Cambridge")
    make_conversation(channel, "Mill Roadworks")
    assert heard(watch) == []


def test_private_messages_our_own_words_and_old_ones_are_never_listened_to(channel):
    watch = make_watch("pool")
    receive(channel, make_incoming("the pool", visibility="direct", kind="direct"))
    receive(channel, make_own(channel, "the pool", kind="post"))
    receive(channel, make_incoming("the pool", at=NOON - 15 * DAY), now=NOON)
    assert heard(watch) == []


def test_reading_the_same_again_is_heard_once_and_counted_once(channel):
    watch = make_watch("pool")
    item = make_incoming("the pool")
    receive(channel, item)
    receive(channel, item)
    assert heard(watch) == ["pool"]
    assert [day.heard for day in WatchDay.objects.all()] == [1]


def test_one_that_has_run_out_hears_nothing_and_is_ended(channel):
    watch = make_watch("pool", ends_at=NOON - MINUTE)
    make_conversation(channel, "the pool")
    assert heard(watch) == []
    assert watching.run_out(NOON) == 1
    assert Watch.objects.get().state == "ended"
    assert Notification.objects.get().user == watch.by
    assert watching.run_out(NOON) == 0


def test_an_ended_one_hears_nothing_and_a_new_end_begins_it_again(channel, manager):
    watch = watching.end(make_watch("pool"), by=manager, now=NOON)
    make_conversation(channel, "the pool")
    assert heard(watch) == []
    said = facts(watch) | {"ends_at": NOON + 9 * DAY}
    watch = watching.change(watch, said, watch.version, by=manager, now=NOON)
    make_conversation(channel, "the pool")
    assert (watch.state, heard(watch)) == ("on", ["pool"])


def facts(watch):
    names = ("kind", "basis", "name", "names", "without", "slips", "search", "topic", "purpose", "ends_at", "worker")
    return {name: getattr(watch, name) for name in names}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"purpose": " "}, "what it is for"),
        ({"names": []}, "at least one name"),
        ({"ends_at": NOON - 2 * HOUR}, "a day to come"),
        ({"ends_at": NOON + 400 * DAY}, "at most a year"),
        ({"basis": "consent"}, "ground for a watch on a worker"),
        ({"kind": "worker"}, "names that worker"),
    ],
)
def test_a_watch_has_a_purpose_a_ground_and_an_end(said, words):
    base = facts(make_watch("pool"))
    with pytest.raises(Invalid, match=words):
        watching.make(base | said, by=make_user("manager"), now=NOON)


def test_the_database_takes_no_watch_without_a_purpose_and_none_on_a_worker_without_consent():
    watch, asked = make_watch("pool"), make_watch("Tom Baker", worker=make_user("officer", name="Tom Baker"))
    for row, change in ((watch, {"purpose": ""}), (watch, {"kind": "worker"}), (asked, {"state": "on"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Watch.objects.filter(pk=row.pk).update(**change)


def test_two_people_changing_a_watch_do_not_overwrite_each_other(manager):
    watch = make_watch("pool")
    watching.change(watch, facts(watch) | {"names": ["lido"]}, 1, by=manager, now=NOON)
    with pytest.raises(LostRace):
        watching.change(watch, facts(watch), 1, by=manager, now=NOON)


# --- never on a resident ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("@ann", "is a resident who has written to the town"),
        ("@ANN", "is a resident"),
        ("ann", "is a resident"),
        ("@ann@social.example", "is a resident"),
        ("Ann Novak", "is a resident"),
        ("ann novák", "is a resident"),
        ("@somebody", "a personal account that is on no list"),
        ("@somebody@social.example", "a personal account"),
        ("ann@mail.example", "a personal account"),
        ("https://x.example/ann", "address of a page"),
        ("x.example/ann", "address of a page"),
    ],
)
def test_a_resident_and_a_personal_account_are_refused_with_the_clause(channel, name, words):
    receive(channel, make_incoming("hello", author_handle="@ann@social.example", author_name="Ann Novák"))
    with pytest.raises(NotAPerson, match=words) as refused:
        make_watch("bins", name)
    assert refused.value.rule == "listening"
    assert refused.value.next_step
    assert Watch.objects.count() == 0


@pytest.mark.parametrize("name", ["@library", "@Library@social.example", "@fernhillcouncil", "Mill Road", "#bins"])
def test_public_voices_our_own_accounts_and_things_are_not(channel, name):
    make_voice("library@social.example")
    make_channel(handle="@fernhillcouncil")
    handles.refuse_people([name])


def test_a_voice_that_has_written_to_us_is_no_resident_once_it_is_on_the_list(channel):
    receive(channel, make_incoming("hello", author_handle="@friends", author_name="Mill Road Friends"))
    with pytest.raises(NotAPerson):
        handles.refuse_people(["Mill Road Friends"])
    make_voice("friends", name="Mill Road Friends")
    handles.refuse_people(["Mill Road Friends", "@friends"])


# --- key workers -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tom(db):
    return make_user("contributor", name="Tom Baker")


def test_a_watch_on_a_worker_begins_with_their_own_word_and_hears_only_abuse(channel, tom, manager):
    watch = make_watch("Tom Baker", "@tombaker", worker=tom, by=manager)
    assert watch.state == "asked"
    assert Notification.objects.get(user=tom).url == "/listening/about-me/"
    make_conversation(channel, "I know where Tom Baker is, I will kill him")
    assert heard(watch) == []
    with pytest.raises(NotAllowed, match="Only the person"):
        watching.agree(watch, 1, by=manager, now=NOON)
    watch = watching.agree(watch, 1, by=tom, now=NOON)
    make_conversation(channel, "Tom Baker was very helpful")
    make_conversation(channel, "@tombaker watch your back")
    assert (watch.agreed_at, heard(watch)) == (NOON, ["Tom Baker"])


def test_whoever_agreed_is_asked_anew_about_what_is_changed(tom, manager):
    watch = watching.agree(make_watch("Tom Baker", worker=tom), 1, by=tom, now=NOON)
    watch = watching.change(watch, facts(watch) | {"names": ["Baker"]}, 1, by=manager, now=NOON)
    assert (watch.state, watch.agreed_at) == ("asked", None)
    with pytest.raises(LostRace):
        watching.agree(watch, 1, by=tom, now=NOON)
    assert watching.agree(watch, 2, by=tom, now=NOON).state == "on"
    with pytest.raises(Invalid, match="stays as it is"):
        watching.change(watch, facts(watch) | {"worker": manager}, 2, by=manager, now=NOON)


def test_consent_taken_back_ends_it_and_deletes_what_was_found(channel, tom):
    watch = watching.agree(make_watch("Tom Baker", worker=tom), 1, by=tom, now=NOON)
    make_hit(channel, watch, "kill Tom Baker")
    watch = watching.withdraw(watch, by=tom, now=NOON)
    assert (watch.state, watch.agreed_at, WatchHit.objects.count()) == ("ended", None, 0)


def test_it_ends_with_what_it_found_when_the_worker_leaves(channel, tom):
    watch = watching.agree(make_watch("Tom Baker", worker=tom), 1, by=tom, now=NOON)
    make_hit(channel, watch, "kill Tom Baker")
    admin = make_user("administrator")
    assert leaving.part(tom, admin, NOON, False).done
    assert WatchHit.objects.count() == 1
    leaving.part(tom, admin, NOON, True)
    assert (Watch.objects.get().state, WatchHit.objects.count()) == ("ended", 0)


def test_only_the_worker_and_those_who_keep_watches_see_it(channel, tom, manager):
    watch = watching.agree(make_watch("Tom Baker", worker=tom), 1, by=tom, now=NOON)
    hit = make_hit(channel, watch, "kill Tom Baker")
    for user, sees in ((tom, True), (manager, True), (make_user("officer"), False), (make_user("approver"), False)):
        assert list(Watch.objects.visible_to(user, NOON)) == ([watch] if sees else [])
        assert list(WatchHit.objects.visible_to(user, NOON)) == ([hit] if sees else [])


def test_the_worker_says_yes_and_takes_it_back_on_a_page_of_their_own(channel, tom):
    watch = make_watch("Tom Baker", worker=tom, now=clock.now())
    client = seat(tom)
    page = client.get(reverse("listening:about-me")).content.decode()
    assert "I agree" in page
    client.post(reverse("listening:agree"), {"watch": str(watch.key), "version": "1"})
    make_hit(channel, watch, "stab Tom Baker", at=clock.now() - MINUTE)
    assert "stab Tom Baker" in client.get(reverse("listening:about-me")).content.decode()
    client.post(reverse("listening:withdraw"), {"watch": str(watch.key)})
    assert Watch.objects.get().state == "ended"
    assert seat(make_user("officer")).post(reverse("listening:agree"), {"watch": str(watch.key)}).status_code == 422
