"""A promise is caught before it is sent, chased, and its end is told once to everybody who asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Notification, Town
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.platforms.base import Refused
from engagement import chasing, checking, closings, promised, promising, replies, wording
from engagement.models import NoPromise, Promise, Reply
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_promises import FRIDAY, make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "We'll get that fixed by Friday."


@pytest.fixture
def officer():
    make_town(zone="Europe/London", pack="england")
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted):
    return make_conversation(at=NOON - HOUR)


def send(conversation, by, text=WORDS, now=NOON, **how) -> Reply:
    return replies.release(conversation, Sending(text, **how), by=by, now=now)


def stories_of(user) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("event", flat=True))


# --- caught before it is sent


def test_the_words_of_an_answer_are_stopped_until_the_promise_stands(asked, officer):
    with pytest.raises(Invalid) as refusal:
        send(asked, officer)
    assert "commits us to Friday 20 November" in refusal.value.words
    [one] = promised.suggestions(asked, WORDS, NOON)
    assert (one.caught.day, one.promise) == (FRIDAY, None)
    make_promise(asked, by=officer, quote=one.caught.quote, reply=wording.draft_of(asked, officer))
    assert send(asked, officer).state == "released"


def test_a_promise_for_another_day_does_not_stand_for_these_words(asked, officer):
    make_promise(asked, by=officer, quote=WORDS, due_on=FRIDAY + 3 * DAY)
    with pytest.raises(Invalid):
        send(asked, officer)


def test_working_days_are_the_towns_and_still_stand_for_the_words(officer, scripted: Scripted):
    christmas = datetime(2026, 12, 23, 12, tzinfo=UTC)
    asked, text = make_conversation(at=christmas - HOUR), "We will repair the light within 3 working days."
    [one] = promised.suggestions(asked, text, christmas)
    assert one.caught.day == date(2026, 12, 30)  # Boxing Day is observed on Monday the 28th
    make_promise(asked, by=officer, now=christmas, quote=text, due_on=one.caught.day)
    draft = wording.save(asked, text, by=officer, now=christmas)
    found = checking.look(draft.parent, text, "", reply=draft, by=officer, now=christmas).musts
    assert [one.rule for one in found] == []


def test_what_was_declined_is_not_asked_again_for_these_words_here(asked, officer):
    promising.decline(asked, WORDS, by=officer, now=NOON)
    promising.decline(asked, WORDS, by=officer, now=NOON)
    assert NoPromise.objects.count() == 1
    assert promised.suggestions(asked, "Sorry! we'll get that  fixed by friday.", NOON) == []
    assert len(promised.suggestions(asked, "We'll get that fixed by Monday.", NOON)) == 1
    assert len(promised.suggestions(make_conversation(at=NOON), WORDS, NOON)) == 1


def test_the_same_words_promised_twice_are_one_promise(asked, officer):
    first = make_promise(asked, by=officer, quote=WORDS)
    assert make_promise(asked, by=officer, quote="We’ll get that fixed by Friday") == first
    assert promised.suggestions(asked, WORDS, NOON)[0].promise == first


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"what": "  "}, "Say what is promised"),
        ({"what": "x" * 301}, "at most 300"),
        ({"due_on": date(2026, 11, 17)}, "has passed"),
        ({"due_on": date(2036, 11, 17)}, "three years"),
    ],
)
def test_a_promise_without_words_or_a_day_ahead_is_none(asked, officer, facts, said):
    with pytest.raises(Invalid, match=said):
        make_promise(asked, by=officer, **facts)


def test_its_owner_must_be_able_to_see_the_conversation(asked, officer):
    for owner in (make_user(), make_user("contributor"), make_user("officer", scope=make_channel().scope)):
        with pytest.raises(NotAllowed):
            make_promise(asked, by=officer, owner=owner)


def test_one_made_in_private_is_never_told_in_public(officer, scripted: Scripted):
    asked = make_conversation(at=NOON - HOUR, kind="direct", visibility="direct")
    assert make_promise(asked, by=officer, public=True).public is False


# --- chased


def test_the_owner_hears_before_on_and_after_the_day_and_then_a_manager_too(asked, officer):
    owner, manager = make_user("officer", name="Joy Ames"), make_user("manager")
    row = make_promise(asked, by=officer, owner=owner)
    nine = [datetime(2026, 11, day, 9, tzinfo=UTC) for day in (19, 20, 21, 28)]
    for moment in nine:
        assert chasing.due(moment - timedelta(minutes=1)) == []
        assert chasing.due(moment) == [row.pk]
        assert chasing.chase(row.pk, moment)
        assert chasing.chase(row.pk, moment) == 0
    assert stories_of(owner) == ["promise.yours", "promise.soon", "promise.due", "promise.late", "promise.late"]
    assert stories_of(manager) == ["promise.late", "promise.late"]


def test_the_day_before_is_a_working_day(asked, officer):
    row = make_promise(asked, by=officer, due_on=date(2026, 12, 29))  # after Christmas, a weekend and its Monday
    assert row.nudge_at == datetime(2026, 12, 24, 9, tzinfo=UTC)


def test_nine_is_the_towns_nine_in_summer(asked, officer):
    row = make_promise(asked, by=officer, due_on=date(2027, 7, 2))
    assert row.nudge_at == datetime(2027, 7, 1, 8, tzinfo=UTC)


def test_a_chase_that_was_asleep_tells_the_latest_step_once(asked, officer):
    row = make_promise(asked, by=officer)
    assert chasing.chase(row.pk, datetime(2026, 12, 9, 12, tzinfo=UTC)) == 5
    assert stories_of(officer) == ["promise.late"]


def test_what_nobody_was_told_is_not_chased(asked, officer):
    draft = wording.save(asked, WORDS, by=officer, now=NOON)
    row = make_promise(asked, by=officer, quote=WORDS, reply=draft)
    assert chasing.chase(row.pk, datetime(2026, 11, 20, 9, tzinfo=UTC)) == 0
    assert not Promise.objects.given().exists()
    send(asked, officer)
    assert Promise.objects.given().get() == row
    assert chasing.chase(row.pk, datetime(2026, 11, 21, 9, tzinfo=UTC)) == chasing.LATE


def test_another_day_needs_a_reason_keeps_the_history_and_is_chased_anew(asked, officer):
    row = make_promise(asked, by=officer)
    with pytest.raises(Invalid, match="Say why"):
        promising.re_date(row, FRIDAY + 7 * DAY, " ", by=officer, now=NOON)
    with pytest.raises(Invalid, match="that day already"):
        promising.re_date(row, FRIDAY, "Rain", by=officer, now=NOON)
    for days, why in ((7, "The lamp is on order"), (9, "It came broken")):
        promising.re_date(row, FRIDAY + days * DAY, why, by=officer, now=NOON)
    row.refresh_from_db()
    assert (row.first_due_on, row.due_on) == (FRIDAY, FRIDAY + 9 * DAY)
    assert [(one.was_on, one.due_on, one.reason) for one in row.days.all()] == [
        (FRIDAY, FRIDAY + 7 * DAY, "The lamp is on order"),
        (FRIDAY + 7 * DAY, FRIDAY + 9 * DAY, "It came broken"),
    ]
    assert row.nudge_at == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_handing_over_tells_the_new_owner_once(asked, officer):
    row, other = make_promise(asked, by=officer), make_user("manager")
    promising.hand_over(row, other, by=officer, now=NOON)
    promising.hand_over(row, other, by=officer, now=NOON)
    assert stories_of(other) == ["promise.yours"]


# --- ended, and told to everybody


@pytest.fixture
def five(officer, scripted: Scripted):
    """A promise that four others on the same channel asked for as well."""
    channel = make_channel()
    first, *others = (make_conversation(channel, "The lamp is out", at=NOON - HOUR) for _ in range(5))
    row = make_promise(first, by=officer)
    assert promising.join(row, others, by=officer, now=NOON) == 4
    assert promising.join(row, [first, *others], by=officer, now=NOON) == 0
    return row


def keep(row, by, words="The lamp is mended. Thank you for telling us.", now=NOON + DAY):
    return promising.end(row, "kept", by=by, now=now, closing=words)


def test_keeping_it_drafts_one_answer_for_each_reporter_and_each_is_sent_once(five, officer, scripted: Scripted):
    keep(five, officer)
    assert Reply.objects.filter(state="draft").count() == 5
    for _ in range(2):
        closings.send(five.reports.all(), by=officer, now=NOON + DAY)
        for _ in range(6):
            outbox.step(NOON + DAY)
    assert closings.send(five.reports.all(), by=officer, now=NOON + DAY) == (0, [])
    assert len(scripted.sent) == Delivery.objects.filter(kind="reply").count() == 5
    assert len({one.reply_to for one in scripted.sent}) == 5
    assert set(five.reports.values_list("reply__state", "conversation__state")) == {("published", "closed")}


def test_it_ends_once(five, officer):
    keep(five, officer)
    for how in ("kept", "broken", "withdrawn"):
        with pytest.raises(LostRace):
            promising.end(five, how, by=officer, now=NOON + DAY, reason="Again", closing="Again")
    with pytest.raises(IllegalMove):
        promising.join(five, [make_conversation(at=NOON)], by=officer, now=NOON)
    assert promising.draft_rest(five, by=officer, now=NOON + DAY) == 0
    assert Reply.objects.count() == 5


def test_kept_wants_the_closing_words_and_broken_or_withdrawn_the_reason(five, officer):
    for how in ("kept", "broken", "withdrawn"):
        with pytest.raises(Invalid):
            promising.end(five, how, by=officer, now=NOON)
    promising.end(five, "broken", by=officer, now=NOON, reason="The maker has gone")
    five.refresh_from_db()
    assert (five.state, five.why, five.nudge_at, Reply.objects.count()) == ("broken", "The maker has gone", None, 0)


def test_a_person_with_two_threads_hears_it_once(officer, scripted: Scripted):
    channel = make_channel()
    twice = [make_conversation(channel, "Out again", author_id="ann", at=NOON - HOUR) for _ in range(2)]
    row = make_promise(twice[0], by=officer)
    promising.join(row, twice, by=officer, now=NOON)
    keep(row, officer)
    assert Reply.objects.count() == 1
    assert closings.SAME_PERSON in set(row.reports.values_list("why", flat=True))


def test_a_draft_of_ones_own_is_not_written_over(five, officer):
    other = five.reports.exclude(conversation=five.conversation).first().conversation
    wording.save(other, "Half a thought", by=officer, now=NOON)
    keep(five, officer)
    assert wording.draft_of(other, officer).text == "Half a thought"
    assert five.reports.get(conversation=other).reply is None
    wording.save(other, "", by=officer, now=NOON + DAY)
    assert promising.draft_rest(five, by=officer, now=NOON + DAY) == 1
    assert five.reports.filter(reply=None).count() == 0


def test_a_message_that_was_taken_back_does_not_hold_up_the_others(five, officer):
    gone = five.reports.last().conversation
    gone.messages.update(gone_at=NOON)
    keep(five, officer)
    assert five.reports.exclude(reply=None).count() == 4
    assert "taken back" in five.reports.get(conversation=gone).why


def test_each_closing_answer_is_checked_like_any_other(five, officer, scripted: Scripted):
    keep(five, officer, "We guarantee that it never happens again.")
    sent, held = closings.send(five.reports.all(), by=officer, now=NOON + DAY)
    assert (sent, len(held), scripted.sent) == (0, 5, [])


def test_one_the_platform_refused_is_a_draft_again_and_can_be_sent_again(five, officer, scripted: Scripted):
    keep(five, officer)
    scripted.endings = [Refused("Not allowed here.", cause="content", code="refused")]
    closings.send(five.reports.all(), by=officer, now=NOON + DAY)
    for _ in range(6):
        outbox.step(NOON + DAY)
    assert five.reports.filter(reply__state="published").count() == 4
    assert closings.send(five.reports.all(), by=officer, now=NOON + DAY + HOUR) == (1, [])
    outbox.step(NOON + DAY + HOUR)
    out = Delivery.objects.filter(kind="reply", state="published").count()
    assert five.reports.filter(reply__state="published").count() == out == 5


def test_a_colleague_drafts_and_sends_where_the_first_may_not(officer, scripted: Scripted):
    here, there = make_channel(), make_channel()
    only_here, everywhere = make_user("officer", scope=here.scope), make_user("officer")
    row = make_promise(make_conversation(here, at=NOON - HOUR), by=only_here)
    promising.join(row, [make_conversation(there, at=NOON - HOUR)], by=everywhere, now=NOON)
    keep(row, only_here)
    assert row.reports.exclude(reply=None).count() == 1
    assert promising.draft_rest(row, by=everywhere, now=NOON + DAY) == 1
    closings.send(row.reports.all(), by=everywhere, now=NOON + DAY)
    assert Delivery.objects.get(kind="reply").channel == there


def test_who_may_not_answer_here_can_do_none_of_it(five):
    stranger = make_user("officer", scope=make_channel().scope)
    for act in (
        lambda: keep(five, stranger),
        lambda: promising.re_date(five, FRIDAY + DAY, "Why not", by=stranger, now=NOON),
        lambda: promising.hand_over(five, stranger, by=stranger, now=NOON),
        lambda: promising.decline(five.conversation, WORDS, by=stranger, now=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_somebody_who_leaves_leaves_no_promise_without_a_word(five, officer):
    boss = make_user("manager")
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    chasing.chase(five.pk, datetime(2026, 11, 19, 9, tzinfo=UTC))
    assert stories_of(boss) == ["promise.soon"]
    assert Town.here().name


def test_a_new_message_of_a_reporter_does_not_make_a_second_closing(five, officer, scripted: Scripted):
    keep(five, officer)
    one = five.reports.first().conversation
    first = one.messages.get(ours=False)
    receive(one.channel, make_incoming("Any news?", parent_id=first.remote_id, at=NOON + 2 * HOUR))
    promising.draft_rest(five, by=officer, now=NOON + DAY)
    assert Reply.objects.filter(conversation=one).count() == 1
