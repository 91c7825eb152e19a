"""An emergency: one switch, nothing scheduled goes out, one message everywhere, and a decision for each post."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import leaving, people
from accounts.models import AuditEntry, Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import alerting, composing, emergency, outside, releasing, scheduling, thawing
from calendar_app.models import EmergencyCopy, EmergencyMessage, Frozen
from calendar_app.words import words_of
from channels_app import outbox
from channels_app.models import Delivery
from policy import issuers, modes
from policy.models import EmergencyPlan, Issuer, ModeSpan
from tests.factories import NOON, give, make_channel, make_delivery, make_user
from tests.factories_modes import issue, make_draft, scheduled, switch_on
from tests.factories_people import make_attempt, make_module
from tests.stage import Stage, after, live, step

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def forty() -> list[Delivery]:
    """Forty posts on ten channels, due over the next hour."""
    channels, author = [make_channel() for _ in range(10)], make_user("publisher")
    return [scheduled(after(minutes=1 + n), channel=channels[n % 10], author=author) for n in range(40)]


def test_one_switch_freezes_forty_posts_and_none_goes_out_in_the_next_hour(stage: Stage, forty: list[Delivery]):
    span = switch_on()
    assert set(Delivery.objects.values_list("state", "why")) == {("blocked", "frozen")}
    assert Frozen.objects.filter(span=span, decided_at=None).count() == 40
    for minute in range(0, 61, 10):
        step(after(minutes=minute))
    assert stage.sent == []
    emergency.switch_off(span, "The river is back in its bed.", by=make_user("manager"), now=after(minutes=61))
    for minute in (62, 90, 60 * 24, 60 * 24 * 30):
        step(after(minutes=minute))
    assert stage.sent == []
    log = AuditEntry.objects.get(act="froze")
    assert len(log.data["items"]) == 40


def test_each_frozen_post_is_sent_kept_or_cancelled_by_a_person_and_never_flushed(stage: Stage, forty: list[Delivery]):
    span, publisher = switch_on(), make_user("publisher")
    emergency.switch_off(span, "Over.", by=make_user("manager"), now=after(minutes=61))
    first, second, third, *rest = Frozen.objects.order_by("pk")
    at = releasing.moment(after(hours=3).replace(tzinfo=None), "UTC", None, after(hours=2))
    thawing.decide(first, "send", by=publisher, now=after(hours=2), at=at)
    thawing.decide(second, "draft", by=publisher, now=after(hours=2))
    thawing.decide(third, "cancel", by=publisher, now=after(hours=2))
    step(after(hours=3, seconds=1))
    assert len(stage.sent) == 1
    for one in (first, second, third):
        one.refresh_from_db()
        one.delivery.refresh_from_db()
    states = [one.delivery.state for one in (first, second, third)]
    assert states == ["published", "cancelled", "cancelled"]
    assert [one.placement.state for one in Frozen.objects.order_by("pk")[:3] if one.placement] == [
        "approved",
        "draft",
        "cancelled",
    ]
    assert {one.delivery.state for one in rest} == {"blocked"}
    with pytest.raises(LostRace):
        thawing.decide(first, "cancel", by=publisher, now=after(hours=3))


def test_no_other_door_thaws_a_frozen_post(stage: Stage):
    placement = scheduled(after(hours=2)).release.placement
    switch_on()
    at = releasing.moment(after(hours=5).replace(tzinfo=None), "UTC", None, NOON)
    placement.refresh_from_db()
    with pytest.raises(Invalid, match="frozen"):
        scheduling.move_to(
            placement.post, [placement], at, placement.due_at, by=make_user("publisher"), now=after(minutes=1)
        )
    delivery = Delivery.objects.get()
    outbox.decide(delivery, "reschedule", make_user("publisher"), NOON, "All the same.", due_at=after(minutes=2))
    assert (live(delivery, after(minutes=2)).state, stage.sent) == ("blocked", [])
    ModeSpan.objects.update(ends_at=after(minutes=3))
    assert (live(delivery, after(minutes=9)).why, stage.sent) == ("frozen", [])


def test_while_it_is_on_a_frozen_post_can_be_kept_or_cancelled_but_not_sent(stage: Stage):
    scheduled(after(hours=2))
    switch_on()
    frozen, publisher = Frozen.objects.get(), make_user("publisher")
    at = releasing.moment(after(hours=5).replace(tzinfo=None), "UTC", None, NOON)
    with pytest.raises(Invalid, match="still on"):
        thawing.decide(frozen, "send", by=publisher, now=after(minutes=1), at=at)
    thawing.decide(frozen, "draft", by=publisher, now=after(minutes=1))
    assert Frozen.objects.get().decision == "draft"


def test_a_thawed_post_is_checked_again_and_one_that_was_changed_meanwhile_can_still_be_kept(stage: Stage):
    wrong = scheduled(after(hours=2), text="Her National Insurance number is AB123456C.").release.placement
    mended = scheduled(after(hours=2)).release.placement
    span, publisher = switch_on(), make_user("publisher")
    words = replace(words_of(mended.post), text="The library is shut.")
    composing.save(mended.post, words, mended.post.version, by=mended.post.author, now=after(minutes=1))
    emergency.switch_off(span, "Over.", by=make_user("manager"), now=after(minutes=61))
    at = releasing.moment(after(hours=5).replace(tzinfo=None), "UTC", None, after(hours=2))
    frozen = {one.placement_id: one for one in Frozen.objects.all()}
    with pytest.raises(Invalid):
        thawing.decide(frozen[wrong.pk], "send", by=publisher, now=after(hours=2), at=at)
    thawing.decide(frozen[mended.pk], "draft", by=publisher, now=after(hours=2))
    assert list(Frozen.objects.filter(decided_at=None)) == [frozen[wrong.pk]]
    step(after(hours=6))
    assert stage.sent == []


def test_an_officer_decides_about_no_frozen_post(stage: Stage):
    scheduled(after(hours=2))
    switch_on()
    with pytest.raises(NotAllowed):
        thawing.decide(Frozen.objects.get(), "cancel", by=make_user("officer"), now=after(minutes=1))


def test_what_came_due_meanwhile_waits_for_a_decision_too(stage: Stage):
    span = switch_on()
    late = scheduled(after(minutes=5), created_at=after(minutes=1))
    planned = scheduled(after(days=3), created_at=after(minutes=1))
    assert live(late, after(minutes=5)).why == "mode"
    emergency.switch_off(span, "Over.", by=make_user("manager"), now=after(minutes=20))
    assert Frozen.objects.get().delivery == late
    assert live(planned, after(days=3)).state == "published"


def test_a_message_is_on_every_channel_at_once_past_the_pacing(stage: Stage):
    channels = [make_channel(next_send_at=after(minutes=9), next_send_why="pacing") for _ in range(10)]
    message = issue(switch_on())
    step(after(seconds=1))
    assert len(stage.sent) == len(channels) == message.copies.count()
    assert {one.text for one in stage.sent} == {stage.sent[0].text}
    assert stage.sent[0].text.startswith("Flood warning: Mill Road and Riverside.")
    assert "Next update by 13:00." in stage.sent[0].text
    assert set(Delivery.objects.values_list("approval__rule", flat=True)) == {"emergency_issuer"}


@pytest.mark.parametrize("part", ["place", "action", "hazard_words", "time", "source"])
def test_a_message_without_one_of_its_parts_cannot_be_sent(stage: Stage, part: str):
    make_channel()
    span = switch_on()
    with pytest.raises(Invalid, match="does not say"):
        issue(span, make_draft(parts={part: "  "}))
    assert Delivery.objects.count() == 0
    whole = {"source": "S", "hazard_words": "H", "place": "P", "action": "A", "time": "T", part: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyMessage.objects.create(span=span, state="sent", hazard="flood", created_at=NOON, sent_at=NOON, **whole)


def test_it_says_whom_to_call_as_long_as_there_is_danger(stage: Stage):
    EmergencyPlan.objects.update_or_create(pk=1, defaults={"number": "999"})
    make_channel()
    span = switch_on()
    first = issue(span)
    issue(span, make_draft("clear", "cancel", replaces=first), now=after(minutes=40))
    step(after(minutes=41))
    assert ["In danger, call 999." in one.delivery.payload["text"] for one in EmergencyCopy.objects.order_by("pk")] == [
        True,
        False,
    ]
    assert outside.as_alert(first).infos[0].contact == "999"


def test_it_says_which_channels_a_message_does_not_reach(stage: Stage):
    mine = make_channel(name="Fernhill")
    make_channel(name="Library", state="paused")
    local, span = make_user("publisher", scope=mine.scope), switch_on()
    assert alerting.left_out(make_user("publisher"), span, NOON) == ["Library (Mastodon): paused"]
    told = alerting.left_out(local, span, NOON)
    assert told == ["Library (Mastodon): not yours to speak on"]


def test_it_goes_nowhere_where_a_picture_or_a_video_has_to_be_and_says_so():
    mine = make_channel("bluesky")
    make_channel("instagram", name="Pictures")
    make_channel("youtube", name="Films", state="paused")
    publisher, span = make_user("publisher"), switch_on()
    assert alerting.channels_for(publisher, span, NOON) == [mine]
    told = alerting.left_out(publisher, span, NOON)
    assert told == [
        "Films (YouTube): paused",
        "Pictures (Instagram): nothing goes out there without a picture or a video",
    ]


def test_two_languages_go_out_together_and_each_says_all(stage: Stage):
    make_channel()
    welsh = {"hazard_words": "Mae'r afon yn codi", "place": "Heol y Felin", "action": "Ewch i fyny", "time": "Nawr"}
    issue(switch_on(), make_draft(second_language="cy", other=welsh | {"source": "Cyngor Fernhill"}))
    step(after(seconds=1))
    assert [one.language for one in stage.sent] == ["en", "cy"]
    assert stage.sent[1].text.startswith("Rhybudd llifogydd: Heol y Felin.")
    with pytest.raises(Invalid, match="In Welsh it does not say what to do"):
        issue(ModeSpan.objects.get(), make_draft(second_language="cy", other=welsh | {"action": "", "source": "C"}))


def test_where_two_languages_are_owed_one_alone_wants_a_reason(stage: Stage):
    make_channel()
    span, duty = switch_on(), "Wales owes Welsh."
    with pytest.raises(Invalid, match=duty):
        alerting.send(make_draft(), span, by=make_user("publisher"), now=NOON, parity=duty)
    draft = make_draft(one_language_why="No Welsh speaker on shift; the other follows in ten minutes.")
    assert alerting.send(draft, span, by=make_user("publisher"), now=NOON, parity=duty).one_language_why


def test_an_update_supersedes_every_earlier_one_and_calls_off_what_waits(stage: Stage):
    make_channel()
    span = switch_on()
    first = issue(span)
    step(after(seconds=1))
    second = issue(span, make_draft(kind="update", replaces=first), now=after(minutes=20))
    third = issue(span, make_draft("clear", "cancel", replaces=second), now=after(minutes=40))
    step(after(minutes=41))
    assert [one.state for one in EmergencyMessage.objects.order_by("pk")] == ["superseded", "superseded", "sent"]
    assert [one.delivery.state for one in EmergencyCopy.objects.order_by("pk")] == [
        "published",
        "cancelled",
        "published",
    ]
    assert emergency.last_word(span) == third
    assert "This replaces our message of 12:20." in stage.sent[-1].text
    span.refresh_from_db()
    assert span.next_update_at is None


def test_the_promise_of_the_next_update_alerts_once_when_it_is_broken(stage: Stage):
    make_channel()
    publisher = make_user("publisher")
    span = switch_on(by=publisher)
    issue(span, make_draft(minutes=30), by=publisher)
    assert emergency.watch(after(minutes=29)) == 0
    assert emergency.watch(after(minutes=31)) >= 1
    assert emergency.watch(after(minutes=32)) == 0
    assert Notification.objects.filter(user=publisher, event="emergency.overdue").count() == 1
    issue(span, make_draft(minutes=30, kind="update"), by=publisher, now=after(minutes=33))
    assert emergency.watch(after(minutes=40)) == 0
    assert emergency.watch(after(minutes=66)) >= 1


def test_the_town_chooses_who_speaks_and_a_fallback_says_why(stage: Stage):
    make_channel()
    chief, fallback, publisher = make_user("officer"), make_user("manager"), make_user("publisher")
    for user, second in ((chief, False), (fallback, True)):
        Issuer.objects.create(user=user, fallback=second, starts_at=NOON - HOUR)
    span = switch_on(by=chief)
    with pytest.raises(NotAllowed):
        issue(span, by=publisher)
    with pytest.raises(Invalid, match="could not reach"):
        issue(span, by=fallback)
    issue(span, make_draft(fallback_why="Called Officer 1 twice at 12:00."), by=fallback)
    issue(span, by=chief, now=after(minutes=1))
    step(after(minutes=1, seconds=1))
    assert len(stage.sent) == 2
    with pytest.raises(NotAllowed):
        switch_on(by=make_user("approver"))


def test_who_no_longer_issues_does_not_speak_a_minute_later(stage: Stage):
    make_channel()
    chief = make_user("officer")
    Issuer.objects.create(user=chief, starts_at=NOON - HOUR)
    issue(switch_on(by=chief), by=chief)
    Issuer.objects.update(ends_at=NOON)
    step(after(seconds=1))
    assert (Delivery.objects.get().why, stage.sent) == ("rights", [])


def test_on_the_list_one_speaks_while_one_works_here_and_not_a_day_longer(stage: Stage):
    make_channel()
    agency = make_user("officer")
    agency.grants.update(ends_at=NOON + HOUR)
    Issuer.objects.create(user=agency, starts_at=NOON - HOUR)
    span = switch_on(by=agency)
    issue(span, by=agency)
    message = issue(span, by=agency, now=after(minutes=59))
    assert live(message.copies.get().delivery, after(minutes=60)).why == "rights"
    with pytest.raises(NotAllowed):
        issue(span, by=agency, now=after(minutes=61))
    assert issuers.chosen(after(minutes=61)) == []
    assert not issuers.may_switch(agency, after(minutes=61))


def test_who_leaves_is_off_the_list_for_good():
    chief = make_user("officer")
    Issuer.objects.create(user=chief, starts_at=NOON - HOUR)
    listed = leaving.leave(chief, by=make_user("administrator"), now=NOON)
    assert any("off the list of those who issue" in words for words in listed.done_here)
    people.enable(chief, by=make_user("administrator"), now=NOON + HOUR)
    give(chief, "officer")
    assert not issuers.may_issue(chief, NOON + 2 * HOUR)


def test_without_the_training_a_publisher_freezes_but_speaks_to_nobody(stage: Stage):
    make_channel()
    publisher, module = make_user("publisher"), make_module(roles=["publisher"])
    make_attempt(publisher, module, until=NOON + HOUR)
    span = switch_on(by=publisher, now=after(minutes=59))
    message = issue(span, by=publisher, now=after(minutes=59))
    assert live(message.copies.get().delivery, after(minutes=60)).why == "rights"
    with pytest.raises(NotAllowed, match="ended on"):
        issue(span, by=publisher, now=after(minutes=61))
    Issuer.objects.create(user=publisher, starts_at=NOON)  # the town named them: a warning waits for no course
    issue(span, by=publisher, now=after(minutes=62))


def test_a_real_emergency_waits_for_no_exercise(stage: Stage):
    make_channel()
    practised = switch_on("A flood, for practice", exercise=True)
    waiting = scheduled(after(hours=2), channel=make_channel(practice=False))
    with pytest.raises(LostRace):
        switch_on("Another", exercise=True, now=after(seconds=5))
    real = switch_on("The brook is over its banks", now=after(minutes=1))
    practised.refresh_from_db()
    waiting.refresh_from_db()
    assert (practised.ended_why, waiting.why) == ("Broken off: this is real.", "frozen")
    assert modes.emergency(after(minutes=1)) == real
    officer = make_user("officer")
    emergency.announce(after(minutes=2))
    told = Notification.objects.filter(user=officer).order_by("pk").values_list("words", flat=True)
    assert "The emergency exercise is over: Broken off: this is real." in list(told)
    assert "Emergency mode is on: The brook is over its banks" in list(told)
    with pytest.raises(LostRace):
        switch_on("Again", now=after(minutes=3))


def test_an_exercise_reaches_practice_channels_and_no_others(stage: Stage):
    practice, real = make_channel(), make_channel(practice=False)
    kept = scheduled(after(minutes=1), channel=real)
    span = switch_on(exercise=True)
    message = issue(span)
    assert [copy.delivery.channel for copy in message.copies.all()] == [practice]
    assert live(kept, after(minutes=1)).state == "published"  # an exercise holds nothing real
    assert stage.sent[0].text.startswith("Exercise only.") or stage.sent[1].text.startswith("Exercise only.")
    assert modes.current(None, NOON) == "normal"


def test_the_database_refuses_an_exercise_on_a_real_channel_and_so_does_the_last_look(stage: Stage, settings):
    message = issue(switch_on(exercise=True)) if make_channel() else EmergencyMessage()
    real = make_delivery(channel=make_channel(practice=False), origin="emergency", priority=outbox.EMERGENCY)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyCopy.objects.create(message=message, delivery=real, language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyMessage.objects.filter(pk=message.pk).update(exercise=False)
    assert live(real, NOON).why == "unknown_copy"
    emergency.switch_off(message.span, "Over.", by=make_user("manager"), now=after(seconds=1))
    copy = issue(switch_on(now=after(seconds=2)), now=after(seconds=3)).copies.get(delivery__channel=real.channel)
    settings.PRACTICE = True
    assert live(copy.delivery, after(seconds=4)).why == "exercise"
    assert all("Exercise" in one.text for one in stage.sent[:1])


def test_there_is_one_emergency_at_a_time_and_it_wants_a_reason():
    with pytest.raises(Invalid):
        switch_on(" ")
    switch_on()
    with pytest.raises(LostRace):
        switch_on()
    assert ModeSpan.objects.count() == 1


def test_everybody_at_the_desk_is_told(stage: Stage):
    officer = make_user("officer")
    span = switch_on("Flood")
    assert emergency.announce(after(seconds=9)) >= 1
    assert emergency.announce(after(seconds=19)) == 0
    emergency.switch_off(span, "Over", by=make_user("manager"), now=after(minutes=5))
    emergency.announce(after(minutes=6))
    told = Notification.objects.filter(user=officer).order_by("pk").values_list("words", flat=True)
    assert list(told) == ["Emergency mode is on: Flood", "Emergency mode is off: Over."]
    assert {"switched_on", "switched_off"} <= set(AuditEntry.objects.values_list("act", flat=True))


def test_too_long_for_a_channel_is_said_before_anything_goes_out(stage: Stage):
    make_channel()
    draft = make_draft(parts={"place": "Mill Road, " * 60})
    with pytest.raises(Invalid, match="too long"):
        issue(switch_on(), draft)
    assert EmergencyPlan.here().update_minutes == 60
    assert Delivery.objects.count() == 0
