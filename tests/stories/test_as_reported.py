"""A frozen report long after: each of its figures opens the rows it was made from, or says that they have changed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from calendar_app.models import Post
from channels_app import outbox
from engagement import replies
from engagement.models import Conversation, Issue, Promise
from engagement.replies import Sending
from metrics import collecting
from metrics.measures import tracing
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span, figure_of
from metrics.models import Aim, FrozenReport, Reading, Tracked
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_objective, make_placement, make_post, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_measures import bring_in, make_report
from tests.factories_promises import make_issue, make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    """Two people wait for an answer, somebody follows, and fewer call about bins; then the report is made."""
    make_town(zone="Europe/London", pack="none", population=20_000)
    boss, channel, bins = make_user("manager"), make_channel(name="Fernhill"), make_topic(name="Bins")
    collecting.track_new(MONDAY_SIX - 9 * DAY)
    Reading.objects.create(tracked=Tracked.objects.get(), measure="followers", at=MONDAY_SIX - 2 * DAY, value=900)
    post = make_post(author=boss, channels=[channel], unplanned=True)
    make_placement("published", post=post, published_at=MONDAY_SIX - 3 * DAY)
    one, _ = (make_conversation(channel, at=MONDAY_SIX - 4 * DAY) for _ in range(2))
    Aim.objects.create(objective=make_objective(owner=boss), topic=bins, since=WEEK)
    calls = [("2026-11-02", "Bins", "Phone", "40"), ("2026-11-09", "Bins", "Phone", "30")]
    bring_in(calls, by=boss, now=MONDAY_SIX - HOUR)
    make_report(WEEK, MONDAY_SIX)
    return one


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(one: Conversation, now: datetime) -> None:
    """Late, and it is closed with it."""
    replies.release(one, Sending("On Thursday.", close_after=True), by=make_user("officer"), now=now)
    outbox.step(now)


def serve() -> None:
    """The post of that week is said to serve an objective after all."""
    Post.objects.update(objective=make_objective(owner=make_user("manager")), unplanned=False)


def links(client: Client) -> list[str]:
    page = client.get(reverse("reports:report", args=[WEEK])).content.decode()
    rows = reverse("measures:figure", args=["name"]).replace("name", "[a-z_]+")
    return [unescape(one) for one in re.findall(rf'href="({rows}\?[^"]+)"', page)]


def test_every_link_of_a_report_opens_what_it_was_made_from_or_says_what_has_changed(asked: Conversation) -> None:
    content = FrozenReport.objects.get().content
    told = {line["label"]: line for part in content["sections"] for line in part["lines"]}
    boss = make_user("manager")
    answer(asked, MONDAY_SIX + HOUR)
    serve()
    more = [("2026-11-02", "Bins", "Phone", "90"), ("2026-11-09", "Bins", "E-mail", "5")]
    bring_in(more, by=boss, now=MONDAY_SIX + HOUR)
    client, changed, followed = seat(boss), set(), links(seat(boss))
    assert len(followed) == len(told) + 1  # and the objective
    for link in followed:
        page = client.get(link)
        rule, figure, reported = (page.context[name] for name in ("rule", "figure", "reported"))
        lines = [one for one in told.values() if one["name"] == rule.name]
        assert reported is not None, link
        if reported.same:
            assert figure.value == (lines[0]["value"] if lines else 900), link
            text = client.get(link.replace("/?", ".csv?")).content.decode()
            assert rule.figure(tracing.read(rule.row, text)) == figure, link
        else:
            changed.add(rule.name)
            assert reported.words in unescape(page.content.decode())
    assert (told["Got an answer"]["value"], told["Solved and not opened again"]["value"]) == (0, 0)
    assert changed == {"unlinked"}, "which objective a post serves is known only as it stands"


def test_what_can_not_be_read_as_of_then_names_the_frozen_figure_and_todays(asked: Conversation) -> None:
    answer(asked, MONDAY_SIX + HOUR)
    serve()
    client = seat(make_user("manager"))
    link = next(one for one in links(client) if "unlinked" in one)
    words = client.get(link).context["reported"].words
    assert words == (
        "The rows have changed since the report was made. The report of the week of 9 November 2026 says "
        "100 % (1 of 1); these rows give 0 % (0 of 1)."
    )
    link = next(one for one in links(client) if "response_rate" in one)
    page = client.get(link)
    assert "says 0 % (0 of 2), and so do these rows" in page.context["reported"].words
    now = client.get("?".join((link.split("?")[0], page.context["asked"].query_now))).context
    assert (now["figure"].part, now["figure"].whole, now["reported"]) == (1, 2, None)


@pytest.mark.parametrize(
    "moment", ["", "yesterday", "2026-11-16", "2026-11-16T06:00:00", "2099-01-01T00:00+00:00", "0001-01-01T00:00+00:00"]
)
def test_a_moment_that_can_not_be_is_now(asked: Conversation, moment: str) -> None:
    client = seat(make_user("manager"))
    page = client.get(reverse("measures:figure", args=["response_rate"]), {"as": moment})
    assert page.context["asked"].known is None


def test_problems_are_told_as_they_stood_then() -> None:
    make_town(zone="UTC", pack="none")
    issue, kept = make_issue(now=NOON), make_promise(now=NOON)
    later = NOON + 2 * DAY
    Issue.objects.filter(pk=issue.pk).update(state="closed", closed_at=later, closing="It is mended.")
    facts = {"state": "kept", "ended_on": later.date(), "ended_at": later, "ended_by": kept.owner}
    Promise.objects.filter(pk=kept.pk).update(**facts)
    rule, moments = RULES["problem_solving"], (later - DAY, later + DAY)
    told = [figure_of(rule, Span(NOON - DAY, NOON + DAY, now)) for now in moments]
    assert [(one.part, one.whole) for one in told] == [(0, 2), (2, 2)]
