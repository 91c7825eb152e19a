"""Kept and missed: what became of a week's promises, traceable to its rows, with the reasons people give."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, User
from accounts.refusals import Invalid
from channels_app import outbox
from channels_app.models import Channel
from engagement import handling, kept, rates, rechecking, replies
from engagement.kept import Week
from engagement.models import Conversation, MissReason
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 3 * DAY


def answer(conversation: Conversation, by: User, after: float) -> None:
    now = conversation.opened_at + after * HOUR
    replies.release(conversation, Sending("On Thursday."), by=by, now=now)
    outbox.step(now)


def a_week(channel: Channel, officer: User, start=NOON) -> dict[str, Conversation]:
    """One conversation for everything that can become of a promise."""
    names = ("quick", "slow", "late", "open", "thanks", "gone", "outside", "young")
    found = {name: make_conversation(channel, at=start) for name in names[:-1]}
    found["young"] = make_conversation(channel, at=start + 2 * DAY + 12 * HOUR)
    answer(found["quick"], officer, 1)
    answer(found["slow"], officer, 9)
    answer(found["late"], officer, 30)
    handling.close(found["thanks"], "thanks", by=officer, now=start + HOUR)
    rechecking.mark_gone(channel, [found["gone"].messages.get().remote_id], start + HOUR)
    first = found["outside"].messages.get()
    receive(channel, make_own(channel, parent_id=first.remote_id, at=start + 5 * HOUR))
    return found


@pytest.fixture
def officer() -> User:
    return make_user("officer")


@pytest.fixture
def channel(scripted: Scripted) -> Channel:
    make_town(zone="UTC", pack="none")
    return make_channel(name="Fernhill Council")


def test_each_wait_ends_in_exactly_one_way(channel: Channel, officer: User):
    found = a_week(channel, officer)
    rows = kept.between([channel.pk], NOON - DAY, NOON + 6 * DAY, LATER)
    outcomes = {one.conversation: one.outcome for one in rows}
    assert {name: outcomes[one] for name, one in found.items()} == {
        "quick": "kept",
        "slow": "kept",
        "late": "missed",
        "open": "missed",
        "thanks": "excused",
        "gone": "withdrawn",
        "outside": "kept",
        "young": "waiting",
    }
    assert len(rows) == len(found)


def test_the_rate_leaves_out_coded_reasons_alone_and_says_how_many(channel: Channel, officer: User):
    a_week(channel, officer)
    whole = rates.tally(kept.between([channel.pk], NOON - DAY, NOON + 6 * DAY, LATER))
    assert (whole.kept, whole.missed, whole.needing, whole.kept_share) == (3, 2, 5, 60)
    assert (whole.answered, whole.answered_share) == (4, 80)
    assert (whole.excused, whole.excused_count) == ({"Thanks or a like, nothing asked": 1}, 1)
    assert (whole.withdrawn, whole.waiting, whole.unanswered, whole.oldest) == (1, 1, 1, 3 * DAY)


def test_medians_are_of_first_answers_by_both_clocks(channel: Channel, officer: User):
    a_week(channel, officer)
    whole = rates.tally(kept.between([channel.pk], NOON - DAY, NOON + 6 * DAY, LATER))
    assert (whole.median, whole.ninetieth) == (7 * HOUR, 23.7 * HOUR)  # of 1, 5, 9 and 30 hours
    assert whole.service_median == 5 * HOUR  # of 1, 5, 5 and 13 hours: the desk closes at 17:00
    assert whole.service_ninetieth == 10.6 * HOUR


@pytest.mark.parametrize(
    ("hours", "share", "value"),
    [([], 50, None), ([4], 90, 4), ([1, 2], 50, 1.5), ([1, 2, 3, 4, 5], 90, 4.6), ([3, 1, 2], 50, 2)],
)
def test_percentiles_lie_between_neighbours_in_proportion(hours: list[float], share: int, value: float | None):
    assert rates.percentile([one * HOUR for one in hours], share) == (value and value * HOUR)


def test_by_channel_and_by_the_hour_in_which_people_wrote(channel: Channel, officer: User):
    a_week(channel, officer)
    other = make_channel(name="Other")
    make_conversation(other, at=NOON + 2 * HOUR)
    rows = kept.between([channel.pk, other.pk], NOON - DAY, NOON + 6 * DAY, LATER)
    assert [(one.name, one.kept, one.missed) for one in rates.by_channel(rows)] == [
        ("Fernhill Council on Mastodon", 3, 2),
        ("Other on Mastodon", 0, 1),
    ]
    zone = ZoneInfo("America/New_York")
    assert [(one.name, one.kept, one.missed) for one in rates.by_hour(rows, zone)] == [
        ("07:00", 3, 2),
        ("09:00", 0, 1),
        ("19:00", 0, 0),
    ]


def test_a_question_after_the_answer_is_a_wait_of_its_own(channel: Channel, officer: User):
    conversation = make_conversation(channel, at=NOON)
    answer(conversation, officer, 1)
    first = conversation.messages.earliest("at")
    receive(channel, make_incoming(parent_id=first.remote_id, at=NOON + 2 * HOUR))
    assert [one.outcome for one in kept.of(conversation, NOON + 40 * HOUR)] == ["kept", "missed"]


def test_a_reason_is_added_and_the_newest_counts(channel: Channel, officer: User):
    missed = make_conversation(channel, at=NOON)
    kept.explain(missed, NOON, "overlooked", "", by=officer, now=LATER)
    kept.explain(missed, NOON, "no_cover", "Two were ill", by=officer, now=LATER)
    (row,) = kept.between([channel.pk], NOON, NOON + DAY, LATER)
    assert row.reason
    assert (row.reason.code, row.reason.words) == ("no_cover", "Two were ill")
    assert MissReason.objects.count() == AuditEntry.objects.filter(act="explained").count() == 2


@pytest.mark.parametrize(
    ("after", "code", "words", "refusal"),
    [(0, "boredom", "", "Choose"), (0, "other", " ", "in words"), (1, "overlooked", "", "not missed")],
)
def test_a_reason_that_says_nothing_is_refused(channel: Channel, officer: User, after, code, words, refusal):
    missed = make_conversation(channel, at=NOON)
    with pytest.raises(Invalid, match=refusal):
        kept.explain(missed, NOON + after * HOUR, code, words, by=officer, now=LATER)
    assert not MissReason.objects.exists()


def test_weeks_run_from_monday_on_the_towns_clocks_and_turn_over_the_year():
    zone = ZoneInfo("Pacific/Auckland")
    week = Week.asked("2026-W53", NOON, zone)
    assert (week.first.isoformat(), week.key, week.beside(1).key) == ("2026-12-28", "2026-W53", "2027-W01")
    assert week.start.tzinfo == zone
    assert Week.asked("nonsense", NOON, zone).key == "2026-W46"
    assert Week.asked("9999-W99", NOON, zone).key == "2026-W46"


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def past(channel: Channel, officer: User):
    """The Monday of the week before this, at nine."""
    monday = clock.now() - timedelta(days=clock.now().weekday() + 14)
    start = monday.replace(hour=9, minute=0, second=0, microsecond=0)
    return Week(start.date(), ZoneInfo("UTC")), a_week(channel, officer, start)


def test_the_page_shows_the_week_and_its_rows(client: Client, officer: User, past):
    week, found = past
    client.force_login(officer)
    page = client.get(reverse("inbox:kept") + f"?week={week.key}").content.decode()
    assert "3 of 6 that needed an answer" in page
    assert "1 × thanks or a like, nothing asked" in page
    assert f"/inbox/{found['late'].key}/" in page
    assert f"/inbox/{found['quick'].key}/" not in page
    every = client.get(reverse("inbox:kept") + f"?week={week.key}&show=all").content.decode()
    assert all(f"/inbox/{one.key}/" in every for one in found.values())


def test_the_table_holds_every_row_and_the_figures_recompute_from_it(client: Client, officer: User, past):
    week, found = past
    client.force_login(officer)
    answer = client.get(reverse("inbox:kept-table") + f"?week={week.key}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(found)
    times = [timedelta(hours=float(row["hours by the clock"])) for row in rows if row["how"].startswith("answered")]
    assert rates.percentile(times, 50) == 7 * HOUR
    assert [sum(row["outcome"] == name for row in rows) for name in ("Kept", "Missed")] == [3, 3]


def test_each_figure_of_the_tables_opens_its_rows(client: Client, officer: User, past):
    week, found = past
    client.force_login(officer)
    page = client.get(reverse("inbox:kept") + f"?week={week.key}&hour=9&show=kept").content.decode()
    assert f"/inbox/{found['quick'].key}/" in page
    assert f"/inbox/{found['late'].key}/" not in page
    assert "Written after 09:00" in page
    evening = client.get(reverse("inbox:kept") + f"?week={week.key}&hour=21&show=all").content.decode()
    assert f"/inbox/{found['young'].key}/" in evening
    assert f"/inbox/{found['quick'].key}/" not in evening
    key = found["quick"].channel.key
    assert f"week={week.key}&amp;channel={key}&amp;show=missed" in page.replace("&amp;hour=9", "")


def test_strangers_channels_are_not_in_it(client: Client, past):
    week, _ = past
    client.force_login(make_user("officer", scope=make_channel().scope))
    page = client.get(reverse("inbox:kept") + f"?week={week.key}&show=all").content.decode()
    assert "Nobody wrote in this week" in page


def test_why_it_was_missed_is_said_on_a_page_and_shown(client: Client, officer: User, past):
    week, found = past
    client.force_login(officer)
    missed = found["late"]
    address = reverse("inbox:explain", args=[missed.key])
    since = missed.opened_at.isoformat()
    asked = client.get(address, {"since": since}).content.decode()
    assert missed.messages.get(ours=False).text in asked
    assert "30 h of 24 h by the clock" in asked
    wrong = client.post(address, {"code": "other", "words": "", "since": since})
    assert (wrong.status_code, MissReason.objects.count()) == (422, 0)
    right = client.post(address, {"code": "sign_off", "words": "Ruth was away", "since": since})
    assert right["Location"] == reverse("inbox:kept") + f"?week={week.key}"
    page = client.get(right["Location"]).content.decode()
    assert "It waited for a signature" in page
    assert "Ruth was away" in page
