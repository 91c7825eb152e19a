"""Relationships, the map, outreach, supporters and time: kept with a basis, nothing scored, names only by consent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from engagement import outreach, relations, stakeholders, supporting, timelog
from engagement.models import OutreachPlace, Relationship, RelationshipHandle, Supporter, TimeEntry
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective
from tests.factories_inbox import make_conversation
from tests.factories_relations import make_outreach_place, make_relationship, make_stake, make_supporter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture
def officer(db):
    make_town(zone="UTC")
    return make_user("officer", name="Dana Whitlock")


def seat(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- records ---------------------------------------------------------------------------------------------------------


def test_a_private_individual_is_added_only_with_a_stated_basis(officer):
    with pytest.raises(Invalid, match="without a stated basis"):
        make_relationship("Ada Byrne", kind="person", by=officer)
    one = make_relationship("Ada Byrne", kind="person", basis="Own consent, 3 May", reach=500, by=officer)
    assert one.reach is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.filter(pk=one.pk).update(basis="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.filter(pk=one.pk).update(reach=5)
    typed = {"kind": "person", "name": "Bo", "owner": officer.pk, "quiet_days": 90, "basis": ""}
    answer = seat(officer).post(reverse("inbox:new-relationship"), typed)
    assert answer.status_code == 422
    assert "stated basis" in answer.content.decode()


def test_history_lists_threads_by_their_accounts_contacts_and_outreach_in_the_order_of_days(officer):
    channel = make_channel("mastodon")
    make_conversation(channel, "Can we use the hall?", author_handle="@FoodBank", at=NOON - 3 * DAY)
    make_conversation(channel, "Somebody else", author_handle="@other")
    make_conversation(make_channel("x"), "Same name elsewhere", author_handle="@foodbank")
    one = make_relationship(handles=[("mastodon", "foodbank")], by=officer)
    relations.note_contact(one, "met", "Tea at the hall", TODAY - DAY, by=officer, now=NOON)
    place = make_outreach_place(by=officer, relationship=one)
    outreach.log(place, "I work for Fernhill Council. Open Monday.", "https://g.example/1", TODAY, by=officer, now=NOON)
    told = [event.words for event in relations.history(one, officer, NOON)]
    assert told[-1] == "Can we use the hall?"
    assert told[-2] == "Tea at the hall"
    assert "Same name elsewhere" not in told
    assert "Somebody else" not in told
    elsewhere = make_user("officer", scope=make_channel().scope)
    assert "Can we use the hall?" not in [event.words for event in relations.history(one, elsewhere, NOON)]


def test_a_partner_without_contact_appears_and_snoozing_wants_a_reason(officer):
    one = make_relationship(quiet_days=30, by=officer, now=NOON - 31 * DAY)
    make_relationship("Young", quiet_days=30, by=officer)
    noted = make_relationship("Only noted", quiet_days=30, by=officer, now=NOON - 40 * DAY)
    relations.note_contact(noted, "note", "They moved", TODAY, by=officer, now=NOON)

    def quiet() -> list[str]:
        rows = list(Relationship.objects.all())
        return [row.relationship.name for row in relations.gone_quiet(rows, relations.last_contacts(rows), TODAY)]

    assert quiet() == ["Only noted", one.name]
    with pytest.raises(Invalid):
        relations.snooze(one, TODAY + DAY, " ", by=officer, now=NOON)
    relations.snooze(one, TODAY + DAY, "On holiday", by=officer, now=NOON)
    relations.note_contact(noted, "called", "All well", TODAY, by=officer, now=NOON)
    assert quiet() == []
    with pytest.raises(Invalid):
        relations.note_contact(one, "met", "Later", TODAY + DAY, by=officer, now=NOON)


def test_a_message_of_theirs_ends_the_quiet(officer):
    one = make_relationship(handles=[("mastodon", "foodbank")], quiet_days=30, by=officer, now=NOON - 60 * DAY)
    make_conversation(make_channel("mastodon"), author_handle="@FoodBank", at=NOON - 2 * DAY)
    assert relations.last_contacts([one]) == {one.pk: TODAY - 2 * DAY}


def test_the_conversation_shows_the_relationship_behind_the_account_and_none_for_residents(officer):
    channel = make_channel("mastodon")
    theirs = make_conversation(channel, author_handle="@FoodBank")
    resident = make_conversation(channel)
    one = make_relationship("Fernhill Food Bank", handles=[("mastodon", "foodbank")], by=officer)
    desk = seat(officer)
    assert "Fernhill Food Bank" in page(desk, "inbox:conversation", theirs.key)
    assert "keeps in touch" not in page(desk, "inbox:conversation", resident.key)
    assert str(relations.partner_of(theirs)) == str(one)
    assert relations.partner_of(make_conversation(make_channel("x"), author_handle="@foodbank")) is None
    relations.put_away(one, by=officer, now=NOON)
    assert "keeps in touch" not in page(desk, "inbox:conversation", theirs.key)


def test_an_account_belongs_to_one_record_and_changes_meet(officer):
    one = make_relationship("First", handles=[("x", "hall")], by=officer)
    with pytest.raises(Invalid, match="belongs to First"):
        make_relationship("Second", handles=[("x", "hall")], by=officer)
    facts = {name: getattr(one, name) for name in relations.FACTS}
    relations.change(one, facts | {"name": "The hall"}, [("x", "hall"), ("mastodon", "hall")], 1, by=officer, now=NOON)
    with pytest.raises(LostRace):
        relations.change(one, facts, [], 1, by=officer, now=NOON)
    assert RelationshipHandle.objects.filter(relationship=one).count() == 2
    with pytest.raises(Invalid):
        relations.read_handles("myspace @hall")
    with pytest.raises(Invalid, match="has its server"):
        relations.read_handles("Mastodon @hall")
    both = [("mastodon", "hall@social.example"), ("x", "hall")]
    assert relations.read_handles("Mastodon @Hall@social.example\n\nx hall") == both


def test_a_record_is_made_changed_and_followed_up_on_its_pages(officer):
    desk = seat(officer)
    typed = {"kind": "group", "name": "Mill Road group", "owner": officer.pk, "quiet_days": 30, "handles": "myspace @a"}
    wrong = desk.post(reverse("inbox:new-relationship"), typed)
    assert wrong.status_code == 422
    assert "myspace @a" in wrong.content.decode()
    assert desk.post(reverse("inbox:new-relationship"), typed | {"handles": "X @mill"}).status_code == 302
    one = Relationship.objects.get()
    today = clock.now().date()
    on = {"on": today.isoformat(), "words": "Send the plan"}
    assert desk.post(reverse("inbox:follow-up", args=[one.key]), on | {"words": ""}).status_code == 422
    desk.post(reverse("inbox:follow-up", args=[one.key]), on)
    assert "Send the plan" in page(desk, "inbox:relationships", query="?show=follow-ups")
    assert "Follow up with Mill Road group" in page(desk, "desk:today")
    assert "Follow up with" not in page(seat(make_user("officer")), "desk:today")
    assert desk.post(reverse("inbox:note-contact", args=[one.key]), on | {"kind": "met"}).status_code == 302
    snooze = {"until": (today + DAY).isoformat(), "reason": ""}
    assert desk.post(reverse("inbox:snooze-relationship", args=[one.key]), snooze).status_code == 422
    desk.post(reverse("inbox:snooze-relationship", args=[one.key]), snooze | {"reason": "Away"})
    assert "left quiet until" in page(desk, "inbox:relationship", one.key)
    desk.post(reverse("inbox:snooze-relationship", args=[one.key]), {"wake": "1"})
    again = typed | {"handles": "X @mill", "name": "Mill Road", "version": 1}
    assert desk.post(reverse("inbox:change-relationship", args=[one.key]), again).status_code == 302
    assert "Mill Road" in page(desk, "inbox:relationships", query="?show=all")
    assert "Nobody has gone quiet" in page(desk, "inbox:relationships", query="?show=quiet")
    desk.post(reverse("inbox:put-relationship-away", args=[one.key]))
    assert desk.get(reverse("inbox:relationship", args=[one.key])).status_code == 404


# --- the map ---------------------------------------------------------------------------------------------------------


def test_a_changed_weight_reorders_the_map_and_the_formula_is_on_it(officer):
    trees, bins = make_objective(), make_objective()
    small = make_stake(relationship=make_relationship("Small", reach=100), objective=trees, openness=4, by=officer)
    big = make_stake(relationship=make_relationship("Big", reach=1200), objective=bins, openness=3, by=officer)
    make_stake(relationship=make_relationship("Unknown"), objective=bins, by=officer)
    assert [row.stake.relationship.name for row in stakeholders.the_map()] == ["Big", "Small", "Unknown"]
    desk = seat(officer)
    assert desk.post(reverse("inbox:set-weights"), {f"w{trees.pk}": 11, f"w{bins.pk}": 1}).status_code == 422
    desk.post(reverse("inbox:set-weights"), {f"w{trees.pk}": 10, f"w{bins.pk}": 1})
    assert [row.stake for row in stakeholders.the_map()][:2] == [small, big]
    assert "10 × 100 × 4 = 4,000" in page(desk, "inbox:stakeholder-map")
    desk.post(reverse("inbox:drop-stake", args=[small.key]))
    assert "4,000" not in page(desk, "inbox:stakeholder-map")


def test_nobody_is_on_the_map_as_a_person(officer):
    aim = make_objective()
    for kind in ("role", "person"):
        one = make_relationship(kind=kind, basis="Named in the council's register", by=officer)
        with pytest.raises(IllegalMove):
            stakeholders.add(one, aim, 3, "She chairs it", "", by=officer, now=NOON)
        typed = {"relationship": one.pk, "objective": aim.pk, "openness": 3, "evidence": "She chairs it"}
        assert seat(officer).post(reverse("inbox:add-stake"), typed).status_code == 422
    one = make_stake(by=officer).relationship
    facts = {name: getattr(one, name) for name in relations.FACTS}
    with pytest.raises(IllegalMove):
        relations.change(one, facts | {"kind": "role"}, [], one.version, by=officer, now=NOON)
    with pytest.raises(Invalid):
        stakeholders.add(one, aim, 3, " ", "", by=officer, now=NOON)


# --- outreach --------------------------------------------------------------------------------------------------------


def test_what_we_write_elsewhere_says_who_we_are_and_only_named_people_log_it(officer):
    place, line = make_outreach_place(by=officer), "I work for Fernhill Council."
    with pytest.raises(Invalid, match="does not say who we are"):
        outreach.log(place, "The path opens Monday.", "https://g.example/1", TODAY, by=officer, now=NOON)
    with pytest.raises(NotAllowed):
        outreach.log(place, line, "https://g.example/1", TODAY, by=make_user("officer"), now=NOON)
    desk, typed = seat(officer), {"words": "Open Monday.", "url": "https://g.example/1", "on": "2026-01-05"}
    wrong = desk.post(reverse("inbox:log-outreach", args=[place.key]), typed)
    assert wrong.status_code == 422
    assert "Open Monday." in wrong.content.decode()
    assert desk.post(reverse("inbox:log-outreach", args=[place.key]), typed | {"words": line}).status_code == 302
    assert "See it there" in page(desk, "inbox:place", place.key)


def test_the_town_may_answer_on_its_own_page_instead(officer):
    place, manager = make_outreach_place(by=officer), make_user("manager")
    typed = {"own_page_only": "on", "weekly_goal": 2, "community_name": "Neighbours"}
    assert seat(officer).post(reverse("inbox:choose-outreach"), typed).status_code == 403
    assert seat(manager).post(reverse("inbox:choose-outreach"), typed).status_code == 302
    with pytest.raises(IllegalMove, match="own page instead"):
        outreach.log(place, "I work for Fernhill Council.", "https://g.example/1", TODAY, by=officer, now=NOON)
    desk = seat(officer)
    assert "We answer on our own page instead" in page(desk, "inbox:place", place.key)
    assert "of 2 new relationships" in page(desk, "inbox:outreach")


def test_the_weekly_goal_counts_only_new_records_with_a_logged_first_contact(officer):
    touched = make_relationship(by=officer)
    make_relationship(by=officer)
    noted = make_relationship(by=officer)
    old = make_relationship(by=officer, now=NOON - 8 * DAY)
    person = make_relationship(kind="role", by=officer)
    for one, kind in ((touched, "called"), (noted, "note"), (old, "called"), (person, "called")):
        relations.note_contact(one, kind, "Hello", TODAY, by=officer, now=NOON)
    assert relations.new_this_week(NOON) == 1


def test_a_place_is_added_and_changed_on_its_pages(officer):
    desk = seat(officer)
    typed = {"name": "Allotments", "url": "https://g.example/", "may_post": [officer.pk], "disclosure": ""}
    assert desk.post(reverse("inbox:new-place"), typed).status_code == 422
    desk.post(reverse("inbox:new-place"), typed | {"disclosure": "We are the council."})
    one = OutreachPlace.objects.get()
    changed = typed | {"disclosure": "We are the council.", "house_rules": "Be kind."}
    desk.post(reverse("inbox:change-place", args=[one.key]), changed)
    assert "Be kind." in page(desk, "inbox:place", one.key)


def test_following_is_noted_by_hand_for_organisations_and_lists_who_follows_back(officer):
    both, planned = make_relationship(handles=[("x", "hall")]), make_relationship(handles=[("x", "school")])
    role = make_relationship(kind="role", handles=[("x", "mayor")])
    desk, days = seat(officer), {"planned": "on", "followed_on": "2026-01-05", "back_on": "2026-01-09"}
    desk.post(reverse("inbox:note-follow", args=[both.handles.get().pk]), days)
    desk.post(reverse("inbox:note-follow", args=[planned.handles.get().pk]), {"planned": "on"})
    desk.post(reverse("inbox:note-follow", args=[planned.handles.get().pk]), {"followed_on": "soon"})
    told = page(desk, "inbox:follow-plan")
    assert "We follow 1, of whom 1 follows back. 1 more is planned." in told
    assert "@mayor" not in told
    with pytest.raises(IllegalMove):
        outreach.note_follow(role.handles.get(), True, None, None, by=officer, now=NOON)


# --- supporters ------------------------------------------------------------------------------------------------------


def test_names_are_shown_only_with_consent_and_wiped_the_moment_it_ends(officer):
    with pytest.raises(Invalid):
        make_supporter(consent="", by=officer)
    with pytest.raises(Invalid):
        make_supporter(consent_on=TODAY + DAY, by=officer)
    one, desk = make_supporter("Ada Byrne", by=officer), seat(officer)
    assert "Ada Byrne" in page(desk, "inbox:supporters")
    desk.post(reverse("inbox:withdraw-supporter", args=[one.key]))
    assert "Ada Byrne" not in page(desk, "inbox:supporters")
    one.refresh_from_db()
    assert (one.name, one.still_in) == ("", [])
    with pytest.raises(LostRace):
        supporting.thank(one, TODAY, by=officer, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Supporter.objects.filter(pk=one.pk).update(name="Ada Byrne")


def test_posts_on_their_way_that_name_somebody_who_withdrew_are_told_the_same_moment(officer):
    words = {"text": "Thank you, Ada Byrne!"}
    delivery = make_delivery(kind="post", payload=words, asked_by=officer)
    one = make_supporter("Ada Byrne", by=officer)
    assert supporting.withdraw(one, by=officer, now=NOON) == [delivery]
    told = Notification.objects.get(user=officer)
    assert "take the name out today" in told.words
    assert "Ada" not in told.words
    desk = seat(officer)
    assert "A withdrawn name is still in 1 post on the way" in page(desk, "inbox:supporters")
    type(delivery).objects.filter(pk=delivery.pk).update(state="cancelled")
    assert "still in" not in page(desk, "inbox:supporters")


def test_a_supporter_is_added_and_thanked_on_the_page(officer):
    desk = seat(officer)
    typed = {"kind": "ambassador", "name": "Bo", "why": "Walks", "consent": "", "consent_on": "2026-01-05"}
    assert desk.post(reverse("inbox:add-supporter"), typed).status_code == 422
    desk.post(reverse("inbox:add-supporter"), typed | {"consent": "Told Dana"})
    one = Supporter.objects.get()
    desk.post(reverse("inbox:thank-supporter", args=[one.key]))
    assert "Thanked" in page(desk, "inbox:supporters")


# --- time ------------------------------------------------------------------------------------------------------------


def test_the_weeks_time_holds_what_was_written_down_and_what_was_done(officer):
    monday = timelog.monday_of(TODAY)
    timelog.log("solving", 30, TODAY, "", by=officer, now=NOON)
    timelog.log("helpful", 20, TODAY - 7 * DAY, "", by=officer, now=NOON)
    make_delivery(kind="post", asked_by=officer, created_at=NOON)
    found = {one.activity: one.minutes for one in timelog.week(monday) if one.minutes}
    assert found == {"solving": 30, "broadcasting": timelog.PER_POST}
    with pytest.raises(Invalid):
        timelog.log("solving", 0, TODAY, "", by=officer, now=NOON)
    with pytest.raises(Invalid):
        timelog.log("solving", 5, TODAY + DAY, "", by=officer, now=NOON)


def test_minutes_are_written_down_and_taken_back_by_whoever_wrote_them(officer):
    desk, today = seat(officer), clock.now().date().isoformat()
    typed = {"activity": "complaints", "minutes": "0", "on": today, "words": "Letters"}
    assert desk.post(reverse("inbox:log-time"), typed).status_code == 422
    desk.post(reverse("inbox:log-time"), typed | {"minutes": "45"})
    assert "45 minutes" in page(desk, "inbox:time-log")
    assert page(desk, "inbox:time-log", query="?week=0001-01-01")
    one = TimeEntry.objects.get()
    assert seat(make_user("officer")).post(reverse("inbox:take-time-back", args=[one.pk])).status_code == 404
    desk.post(reverse("inbox:take-time-back", args=[one.pk]))
    assert "Nothing was written down" in page(desk, "inbox:time-log")
