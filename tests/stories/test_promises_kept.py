"""The rate of kept promises is what one counts by hand, and each number finds the rows it was counted from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engagement import promise_list, promises_kept
from engagement.models import Promise
from engagement.promise_list import Wish
from tests.factories import NOON, make_user
from tests.factories_inbox import make_conversation
from tests.factories_promises import make_promise

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday; its Monday is the 16th
DAY = timedelta(days=1)
# first promised for, now promised for, state, ended on, outcome: twenty of them, as one would count them by hand
TWENTY = [
    *[(-9, -9, "kept", -9, "kept")] * 4,
    *[(-9, -9, "kept", -12, "kept")] * 3,
    *[(-2, -2, "kept", -2, "kept")] * 2,
    (+5, +5, "kept", 0, "kept"),
    (-9, -4, "kept", -5, "extended"),
    (-9, -4, "kept", -9, "extended"),
    (-9, +4, "open", None, "extended"),
    (-9, -9, "kept", -8, "late"),
    (-9, -4, "kept", -3, "late"),
    (-9, -9, "broken", -5, "broken"),
    (-9, -4, "broken", -5, "broken"),
    (-9, -9, "open", None, "overdue"),
    (-9, -1, "open", None, "overdue"),
    (+9, -1, "open", None, "overdue"),
]
LEFT_OUT = [(0, 0, "open", None, "open"), (+3, +3, "open", None, "open"), (-9, -9, "withdrawn", -9, "withdrawn")]


@pytest.fixture
def twenty():
    by, asked = make_user("officer"), make_conversation(at=NOON - DAY)
    for first, due, state, ended, _ in TWENTY + LEFT_OUT:
        row = make_promise(asked, by=by, due_on=TODAY)
        ends = {} if ended is None else {"ended_on": TODAY + ended * DAY, "ended_at": NOON, "ended_by": by, "why": "x"}
        facts = {"first_due_on": TODAY + first * DAY, "due_on": TODAY + due * DAY, "state": state, **ends}
        Promise.objects.filter(pk=row.pk).update(**facts)
    return by


def test_the_tally_is_what_one_counts_by_hand(twenty):
    tally = promises_kept.tally(Promise.objects.all(), TODAY)
    assert tally == promises_kept.Tally(due=20, kept=10, extended=3, late=2, broken=2, overdue=3)
    assert (tally.rate, tally.percent) == (0.5, 50)


def test_each_promise_has_the_outcome_that_the_conditions_count(twenty):
    rows = Promise.objects.order_by("pk")
    assert [promises_kept.outcome(row, TODAY) for row in rows] == [one[4] for one in TWENTY + LEFT_OUT]
    for name, condition in promises_kept.conditions(TODAY).items():
        found = set(rows.filter(promises_kept.fallen_due(TODAY)).filter(condition).values_list("pk", flat=True))
        assert found == {row.pk for row in rows if promises_kept.outcome(row, TODAY) == name}, name


def test_every_number_opens_exactly_its_rows(twenty):
    whole = promises_kept.Tally()
    for monday, tally in promises_kept.by_week(Promise.objects.all(), TODAY, 12):
        whole += tally
        for name in ("due", *promises_kept.OUTCOMES):
            wish = Wish(outcome=name, week=monday)
            assert promise_list.rows(wish, twenty, NOON, TODAY).count() == getattr(tally, name), (monday, name)
        assert tally == promises_kept.of_week(twenty, NOON, TODAY, monday)
    assert (whole.due, whole.kept) == (18, 9)  # two are promised first for the weeks ahead


def test_the_table_counts_to_the_same_numbers(twenty):
    rows = promise_list.table(promise_list.whole(Promise.objects.all()).order_by("pk"), TODAY)
    outcomes = [row[promise_list.NAMES.index("Outcome")] for row in rows]
    counts = {name: outcomes.count(words) for name, words in promises_kept.OUTCOMES.items()}
    assert counts == {"kept": 10, "extended": 3, "late": 2, "broken": 2, "overdue": 3}


def test_nothing_fell_due_is_no_rate_and_never_nought():
    assert promises_kept.tally(Promise.objects.all(), TODAY).rate is None
    assert [tally.percent for _, tally in promises_kept.by_week(Promise.objects.all(), TODAY, 3)] == [None] * 3


def test_a_promise_is_kept_until_the_end_of_the_towns_day():
    now = datetime(2026, 7, 3, 22, 59, tzinfo=UTC)  # 23:59 in London
    assert promises_kept.monday(now.date()) == date(2026, 6, 29)
    row = Promise(state="open", due_on=date(2026, 7, 3), first_due_on=date(2026, 7, 3))
    assert promises_kept.outcome(row, date(2026, 7, 3)) == "open"
    assert promises_kept.outcome(row, date(2026, 7, 4)) == "overdue"
