"""Elections and mourning: held from midnight on, exempted by name, ended again, and nothing goes out by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Invalid, NotAllowed
from calendar_app import composing, guarding, turning
from calendar_app.words import words_of
from channels_app.models import Delivery
from policy import modes
from policy.holding import Rules
from policy.models import MarkedPicture, ModeSpan, PublicName
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_calendar import make_post
from tests.factories_modes import scheduled
from tests.stage import Stage, live, step

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 25), date(2026, 12, 2)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
OVER = datetime(2026, 12, 3, tzinfo=UTC)
QUOTE = "“We are proud of the new bench,” said Councillor Ames."


@pytest.fixture
def election() -> ModeSpan:
    """Planned a week ahead, with a councillor on the list of names."""
    make_town(zone="Europe/London", pack="england")
    PublicName.objects.create(name="Councillor Ames", also="Ruby Ames", kind="politician")
    make_channel(outside_editors=True)
    return turning.plan("election", FIRST, LAST, "Council election", by=make_user("manager"), now=NOON)


def test_a_post_that_quotes_a_councillor_is_held_at_midnight_of_the_first_day(stage: Stage, election: ModeSpan):
    quoting = scheduled(MIDNIGHT + timedelta(hours=10), text=QUOTE)
    plain = scheduled(MIDNIGHT + timedelta(hours=10))
    before = scheduled(MIDNIGHT - timedelta(hours=1), text=QUOTE + " Come and see.")
    assert live(before, before.due_at).state == "published"
    assert turning.turn(MIDNIGHT - timedelta(seconds=1)) == 0
    assert turning.turn(MIDNIGHT) == 1
    quoting.refresh_from_db()
    assert (quoting.state, quoting.why) == ("blocked", "mode")
    assert quoting.why_words == "Held during the election: It names Councillor Ames, a politician."
    step(MIDNIGHT + timedelta(hours=10))
    assert [one.text for one in stage.sent[1:]] == [plain.payload["text"]]
    assert turning.turn(OVER) == 1
    step(OVER + timedelta(minutes=10))
    quoting.refresh_from_db()
    assert (quoting.state, len(stage.sent)) == ("missed", 2)


def test_it_is_asked_again_at_the_last_moment_even_if_no_tick_came(stage: Stage, election: ModeSpan):
    late = scheduled(MIDNIGHT + timedelta(hours=1), text=QUOTE)
    assert (live(late, late.due_at).why, stage.sent) == ("mode", [])
    own_wording = scheduled(MIDNIGHT + timedelta(hours=2), text="A bench.")
    PublicName.objects.create(name="Bench Party", kind="party", also="A bench")
    assert live(own_wording, own_wording.due_at).why == "mode"


def test_an_exemption_needs_a_named_permission_and_another_person(stage: Stage, election: ModeSpan):
    quoting = scheduled(MIDNIGHT + timedelta(hours=10), text=QUOTE)
    post, approver, now = quoting.release.placement.post, make_user("approver"), MIDNIGHT + timedelta(hours=1)
    turning.turn(MIDNIGHT)
    with pytest.raises(Invalid):
        guarding.exempt(election, post, " ", "Flood warning", by=approver, now=now)
    with pytest.raises(NotAllowed):
        guarding.exempt(election, post, "The officer", "Flood", by=make_user("officer"), now=now)
    own = scheduled(MIDNIGHT + timedelta(hours=9), text=QUOTE, author=make_user("manager")).release.placement.post
    with pytest.raises(NotAllowed):
        guarding.exempt(election, own, "Myself", "I want to", by=own.author, now=now)
    row = guarding.exempt(election, post, "Jo Bell, monitoring officer", "Safety", by=approver, now=now)
    assert live(quoting, now, quoting.due_at).state == "published"
    entry = AuditEntry.objects.get(act="exempted")
    assert entry.data["permitted_by"] == "Jo Bell, monitoring officer"
    guarding.withdraw(row, by=approver, now=now)
    assert not guarding.is_exempt(election, post)


def test_an_exemption_is_of_the_words_it_was_given_for(stage: Stage, election: ModeSpan):
    post, approver = (
        make_post(text=QUOTE, channels=[make_channel()], author=make_user("publisher")),
        make_user("approver"),
    )
    now = MIDNIGHT + timedelta(hours=1)
    guarding.exempt(election, post, "Jo Bell", "Safety", by=approver, now=now)
    assert guarding.is_exempt(election, post)
    words = replace(words_of(post), text="Vote for Councillor Ames.")
    post = composing.save(post, words, post.version, by=post.author, now=now + timedelta(minutes=1)).post
    assert not guarding.is_exempt(election, post)
    guarding.exempt(election, post, "Jo Bell", "She read it again", by=approver, now=now + timedelta(minutes=2))
    assert guarding.is_exempt(election, post)
    rows = election.exemptions.order_by("pk").values_list("withdrawn_at", flat=True)
    assert [one is None for one in rows] == [False, True]


def test_nobody_exempts_words_they_had_a_hand_in_nor_a_post_on_a_channel_that_is_not_theirs(election: ModeSpan):
    mine, theirs = make_channel(), make_channel()
    hand, local = make_user("publisher"), make_user("approver", scope=mine.scope)
    give(hand, "approver")
    now = MIDNIGHT + timedelta(hours=1)
    post = make_post(channels=[mine, theirs], author=make_user("publisher"))
    composing.save(post, replace(words_of(post), text=QUOTE), post.version, by=hand, now=now)
    for by in (hand, local):
        with pytest.raises(NotAllowed):
            guarding.exempt(election, post, "Jo Bell", "Safety", by=by, now=now + timedelta(minutes=1))
    assert not election.exemptions.exists()


def test_a_marked_picture_holds_a_post_that_does_not_say_whom_it_shows(election: ModeSpan):
    name = PublicName.objects.get()
    MarkedPicture.objects.create(media="11111111-1111-1111-1111-111111111111", name=name)
    (named,) = guarding.names()
    assert named.pictures == frozenset({"11111111-1111-1111-1111-111111111111"})


def test_the_checklist_asks_for_notices_and_shared_accounts_and_what_the_pack_says(election: ModeSpan):
    kinds = list(election.tasks.values_list("kind", flat=True))
    assert kinds.count("profile") == 1
    assert kinds.count("partnership") == 1
    assert election.tasks.filter(words__contains="Pictures of politicians").exists()


def test_afterwards_it_says_what_changed(stage: Stage, election: ModeSpan):
    scheduled(MIDNIGHT + timedelta(hours=10), text=QUOTE)
    turning.turn(MIDNIGHT)
    gone = make_channel(name="Partner page")
    PublicName.objects.create(name="Fernhill Greens", kind="party")
    turning.turn(OVER)
    election.refresh_from_db()
    assert turning.changes(election.before or {}, election.after or {}) == [
        f"{gone} was connected meanwhile.",
        "Fernhill Greens came onto the list of names.",
    ]
    assert len(list(turning.was_held(election))) == 1


def test_mourning_holds_humour_and_promotion_and_nothing_else(stage: Stage):
    make_town(zone="Europe/London")
    turning.plan("mourning", NOON.date(), None, "The mayor has died", by=make_user("manager"), now=NOON)
    later = NOON + timedelta(minutes=5)
    funny, useful = scheduled(later, kind="behind"), scheduled(later, kind="service")
    assert (live(funny, later).why, live(useful, later).state) == ("mode", "published")
    assert (modes.current(None, later), modes.situation(later)) == ("mourning", "condolence")
    span = ModeSpan.objects.get()
    turning.end(span, "The funeral is over", by=make_user("administrator"), now=later)
    assert modes.situation(later) == "everyday"
    assert live(funny, later + timedelta(minutes=10)).state == "missed"


def test_changed_rules_are_held_against_what_is_planned_at_once(stage: Stage):
    make_town(zone="Europe/London")
    manager = make_user("manager")
    span = turning.plan("mourning", NOON.date(), None, "A train crash", by=manager, now=NOON)
    delivery = scheduled(NOON + timedelta(hours=3), text="The railway museum is open.")
    turning.set_rules(span, Rules(words=("railway",)), by=manager, now=NOON)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == ("blocked", "mode")


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2026, 3, 29), "Europe/London", "2026-03-29T00:00:00+00:00"),
        (date(2026, 3, 30), "Europe/London", "2026-03-29T23:00:00+00:00"),
        (date(2026, 10, 25), "Europe/London", "2026-10-24T23:00:00+00:00"),
        (date(2026, 10, 26), "Europe/London", "2026-10-26T00:00:00+00:00"),
        (date(2026, 4, 24), "Africa/Cairo", "2026-04-23T22:00:00+00:00"),  # there is no midnight that night
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00+00:00"),  # midnight comes twice: the first
        (date(2026, 7, 1), "America/Edmonton", "2026-07-01T06:00:00+00:00"),
    ],
)
def test_midnight_is_the_first_moment_of_the_towns_day(day: date, zone: str, moment: str):
    assert turning.midnight(day, zone) == datetime.fromisoformat(moment)


def test_the_last_day_counts_whole_across_the_change_of_clocks():
    make_town(zone="Europe/London")
    span = turning.plan(
        "election", date(2027, 3, 20), date(2027, 3, 28), "By-election", by=make_user("manager"), now=NOON
    )
    assert span.ends_at == datetime(2027, 3, 28, 23, tzinfo=UTC)
    with timezone.override("Europe/London"):
        assert span.last_day == date(2027, 3, 28)
        assert ModeSpan(ends_at=NOON).last_day is None


@pytest.mark.parametrize(
    ("mode", "first", "last", "reason"),
    [
        ("emergency", FIRST, LAST, "Flood"),
        ("election", FIRST, None, "No end"),
        ("election", LAST, FIRST, "Backwards"),
        ("election", FIRST, LAST, " "),
        ("mourning", date(2020, 1, 1), date(2020, 1, 2), "Long ago"),
    ],
)
def test_what_makes_no_sense_is_refused(mode: str, first: date, last: date | None, reason: str):
    with pytest.raises(Invalid):
        turning.plan(mode, first, last, reason, by=make_user("manager"), now=NOON)
    assert not ModeSpan.objects.exists()


def test_only_managers_and_administrators_plan_and_end_them():
    with pytest.raises(NotAllowed):
        turning.plan("election", FIRST, LAST, "Election", by=make_user("publisher"), now=NOON)
    assert Delivery.objects.count() == 0
