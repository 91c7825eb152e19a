"""The conversation that the policy asks for: settled on its page, told with its numbers, the past held by its own."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.refusals import Invalid, NotAllowed
from channels_app.models import Channel
from policy import floors
from policy.models import ConversationFloor
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_measures import make_report

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
LAST = date(2026, 11, 16)
MONDAY = NOON + 5 * DAY
ASKED = "?by=week&of=2026-11-18"


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def spoke(channel: Channel, telling: int, answers: int) -> None:
    for _ in range(telling):
        make_delivery("published", channel=channel, published_at=NOON)
    for _ in range(answers):
        make_delivery("published", channel=channel, published_at=NOON, kind="reply", origin="reply")


def test_a_floor_is_added_to_what_was_settled_and_the_past_keeps_its_own(boss: User) -> None:
    page = make_channel()
    floors.settle(40, None, "People talk to us", by=boss, now=NOON)
    floors.settle(60, page.scope, "A page for questions", by=boss, now=NOON + DAY)
    floors.settle(30, None, "A busy winter", by=boss, now=NOON + 2 * DAY)
    floors.settle(None, page.scope, "As every channel", by=boss, now=NOON + 3 * DAY)
    found = [floors.at(NOON + n * DAY) for n in range(-1, 4)]
    assert [one.of(page.scope_id) for one in found] == [None, 40, 60, 60, 30]
    assert [bool(one) for one in found] == [False, True, True, True, True]
    assert ConversationFloor.objects.count() == 4
    entry = AuditEntry.objects.filter(act="set_floor").latest("pk")
    assert (entry.data["was"], entry.data["became"], entry.data["why"]) == (60, None, "As every channel")


@pytest.mark.parametrize(
    ("share", "why", "said"),
    [(0, "x", "from 1 to 100"), (101, "x", "from 1 to 100"), (40, " ", "Say why"), (None, "x", "holds already")],
)
def test_what_is_no_floor_is_refused(boss: User, share: int | None, why: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        floors.settle(share, None, why, by=boss, now=NOON)


def test_only_whoever_writes_the_policy_settles_it(boss: User) -> None:
    with pytest.raises(NotAllowed):
        floors.settle(40, None, "x", by=make_user("officer"), now=NOON)
    officer = at(make_user("officer"))
    assert "Ask for another share" not in officer.get(reverse("policy:floors")).content.decode()


def test_the_page_settles_it_and_says_what_is_wrong_without_losing_a_word(boss: User) -> None:
    desk, page = at(boss), make_channel(name="Fernhill")
    wrong = desk.post(reverse("policy:settle-floor"), {"share": "140", "why": "We are asked much"})
    assert wrong.status_code == 422
    assert 'value="140"' in wrong.content.decode()
    assert "We are asked much" in wrong.content.decode()
    desk.post(reverse("policy:settle-floor"), {"share": "40", "why": "We are asked much"})
    desk.post(reverse("policy:settle-floor"), {"share": "55", "why": "For questions", "scope": page.scope_id})
    again = desk.post(reverse("policy:settle-floor"), {"share": "40", "why": "Again"})
    assert "That holds already for every channel." in again.content.decode()
    shown = desk.get(reverse("policy:floors")).content.decode()
    assert "At least 40 % conversation" in shown
    assert "At least 55 % conversation" in shown
    assert "For questions" in shown


BREACH = "Fernhill on Facebook: 71 % broadcast of 38, the policy asks for at least 40 % conversation"


@pytest.fixture
def town(boss: User) -> Channel:
    """A page that mostly tells, a small one, and one that only warns."""
    page = make_channel("facebook", name="Fernhill")
    small, siren = make_channel(name="Parks"), make_channel(name="Siren", purpose="broadcast")
    spoke(page, 27, 11)
    spoke(small, 3, 1)
    spoke(siren, 12, 0)
    floors.settle(40, None, "People talk to us", by=boss, now=NOON)
    return page


def test_the_weekly_report_its_table_and_its_rows_say_a_breach_with_its_numbers(town: Channel, boss: User) -> None:
    report, desk = make_report(LAST, MONDAY), at(boss)
    page = desk.get(reverse("reports:report", args=[LAST])).content.decode()
    assert BREACH in page
    few = f"Held against nothing, as fewer than ten went out: {Channel.objects.get(name='Parks')}."
    warns = f"Asked for no conversation, as it only warns: {Channel.objects.get(name='Siren')}."
    assert few in page
    assert warns in page
    held = {one["channel"]: one for one in report.frozen.content["floor"]}
    text = desk.get(reverse("reports:report-table", args=[LAST])).content.decode().removeprefix("\ufeff")
    said = [row for row in csv.DictReader(io.StringIO(text)) if row["section"] == "Conversation the policy asks for"]
    rows = [row for row in said if row["measure"]]
    assert {row["measure"]: (row["part"], row["whole"]) for row in rows} == {
        name: (str(one["part"]), str(one["whole"])) for name, one in held.items()
    }
    assert [row["words"] for row in said if not row["measure"]] == [few, warns]
    assert rows[0]["standing"] == "under the floor (40 % asked)"
    asked = f"?channel={town.key}&from=2026-11-16&to=2026-11-23"
    figure = desk.get(reverse("measures:figure", args=["conversation_balance"]) + asked).context["figure"]
    assert (figure.part, figure.whole) == (11, 38)


def test_a_floor_of_later_changes_no_week_of_the_past(town: Channel, boss: User) -> None:
    floors.settle(20, None, "A busy winter", by=boss, now=NOON + 2 * WEEK)
    told = make_report(LAST, NOON + 3 * WEEK).frozen.content["floor"]
    assert [(one["asked"], one["standing"]) for one in told] == [(40, "under"), (40, "few"), (None, "exempt")]


def test_the_figures_of_the_town_and_of_a_channel_say_it_to_whoever_sees_the_channel(town: Channel, boss: User) -> None:
    desk, neighbour = at(boss), at(make_user("officer", scope=Channel.objects.get(name="Parks").scope))
    overview = reverse("figures:overview") + ASKED
    assert BREACH in desk.get(overview).content.decode()
    assert BREACH in desk.get(reverse("figures:channel", args=[town.key]) + ASKED).content.decode()
    told = neighbour.get(overview).content.decode()
    assert "Fernhill on Facebook" not in told
    assert "1 of 4 were conversation" in told


def test_where_nothing_is_asked_nothing_is_said(boss: User) -> None:
    spoke(make_channel(name="Fernhill"), 12, 0)
    assert make_report(LAST, MONDAY).frozen.content["floor"] == []
    assert "Conversation that the policy asks for" not in at(boss).get(reverse("figures:overview")).content.decode()
