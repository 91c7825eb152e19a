"""A week of known events: every measure is what a hand counts, and its rows as a table compute to the same figure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_app import outbox
from channels_app.models import Channel, Click, Link
from engagement import handling, outreach, replies
from engagement.models import Conversation, LegalRequest, Message, Promise
from engagement.replies import Sending
from metrics import collecting, costs, weekly
from metrics.measures import answers, from_inbox, from_posts, from_weeks, shape, tracing
from metrics.measures.ledger import ALSO, FAMILIES, RULES
from metrics.measures.shape import Span
from metrics.models import Reading, Tracked
from policy.models import Firing, Topic
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_asking import make_suggestion
from tests.factories_calendar import make_placement, make_post, make_topic
from tests.factories_effects import make_recall
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_measures import bring_in
from tests.factories_paid import make_paid, spend
from tests.factories_promises import FRIDAY, make_issue, make_promise
from tests.factories_relations import make_outreach_place
from tests.factories_samples import make_read_sample
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = NOON + 4 * DAY  # the Sunday after
UTC = ZoneInfo("UTC")
(WEEK,) = weekly.weeks(NOON, UTC, 1)
# What a hand counts in the events of `town`: value, part, whole. None: nobody can know, and it says why.
BY_HAND: dict[str, tuple[float | None, int | None, int | None]] = {
    # Ada, Ben, Cyd and Eve wait, and Ada again; Dan is coded as needing nothing. Two were answered, one in time.
    "response_rate": (40.0, 2, 5),
    "first_response": (16.0, None, 2),  # 2 h and 30 h
    "within_promise": (20.0, 1, 5),
    "resolution_rate": (25.0, 1, 4),  # Ben's is closed with an answer; Ada's, Cyd's and Eve's are open
    "problem_solving": (100 / 3, 1, 3),  # one promise kept, one open, one issue open
    "promises_kept": (50.0, 1, 2),
    "complaint_rate": (1000 / 7, 1, 7),
    "continuation": (50.0, 1, 2),  # Ada wrote twice after our answer, Ben did not
    "thread_depth": (2.5, None, 2),  # Ada, we and Ada twice in one turn: 3; Ben and we: 2
    "participants": (5.0, 4, 5),  # Ben had written before
    "ideas_gathered": (1.0, None, 1),
    "ideas_taken_up": (0.0, 0, 1),
    "conversation_balance": (400 / 6, 4, 6),  # 2 tell, 1 asks, 2 answer, 1 joins in
    "engagement_rate": (5.0, 50, 1000),
    "popularity": (7.5, None, 2),
    "commitment": (1.0, None, 2),
    "virality": (2.5, None, 2),
    "own_clicks": (3.0, None, 1),
    "population_reached": (5.0, 1000, 20_000),
    "useful_followers": (100 * 1380 / 1800, 1380, 1800),
    "useful_count": (1380.0, None, 1),
    "followers": (2000.0, 1, 1),
    "engaged_followers": (0.25, 5, 2000),
    "influence": (None, None, 52),
    "contacts": (60.0, None, 1),
    "pressure": (-30.0, None, 4),  # 60 % of the week before, where the control has 90 %
    "cost_avoided": (52.5, None, 6),  # 30 avoided, times 1.0 to 2.5
    "spend": (92.5, None, 3),  # 30 of the register, 40 of a file, and 6 hours at 2.5 to 5
    "accessible": (200 / 3, 2, 3),
    "originality": (100.0, 3, 3),
    "unlinked": (100 / 3, 1, 3),
    "demand": (7.0, None, 7),
    "backlog": (3.0, 3, 5),  # Cyd, Eve and Ada's second question
    "breaches": (4.0, 4, 5),  # Ben's answer came late, and three have none
    "hours_needed": (2.0, None, 1),  # 3 posts and 2 answers in four weeks are less than the two hours it takes anyway
    "hours_short": (None, None, 1),  # nobody has said how many are kept
    "capacity": (0.4, None, None),  # nothing is planned; 8 messages in four weeks, none under a post: 2 of 12 minutes
    "praise": (None, None, 7),  # seven are too few for a share
    "criticism": (None, None, 7),
    "praise_to_criticism": (1.5, 3, 2),
    "recall": (45.0, 9, 20),
    "put_right": (None, 0, 0),
    "cost_per_outcome": (2.5, None, 1),  # 30 for 12
}


@pytest.fixture
def boss() -> User:
    return make_user("manager")


@pytest.fixture
def town(scripted: Scripted, boss: User) -> Channel:
    """One channel and its week."""
    make_town(zone="UTC", pack="none", population=20_000)
    channel, officer = make_channel(name="Fernhill"), make_user("officer")
    people_write(channel, officer)
    posts_go_out(channel, officer)
    others_know(channel, boss)
    said = Message.objects.filter(ours=False, at__gte=WEEK.start).order_by("at", "pk")
    make_read_sample(said, ["praise"] * 3 + ["criticism"] * 2 + ["neutral"] * 2, by=boss, now=NOW)
    make_recall(by=boss)
    spend(make_paid(by=boss), 30, 12)
    return channel


def answer(one: Conversation, by: User, after: timedelta, *, close: bool = False) -> None:
    replies.release(one, Sending("On Thursday.", close_after=close), by=by, now=NOON + after)
    outbox.step(NOON + after)


def people_write(channel: Channel, by: User) -> None:
    receive(channel, make_incoming(author_id="ben", at=NOON - 20 * DAY))
    ada, ben, cyd, dan = (make_conversation(channel, author_id=who, at=NOON) for who in ("ada", "ben", "cyd", "dan"))
    handling.close(dan, "thanks", by=by, now=NOON + HOUR)
    answer(ada, by, 2 * HOUR)
    answer(ben, by, 30 * HOUR, close=True)
    ours = Message.objects.get(conversation=ada, ours=True)
    thread = Message.objects.get(conversation=ada, ours=False).remote_id
    again = {"author_id": "ada", "kind": "reply", "thread_key": thread, "parent_id": ours.remote_id}
    receive(channel, *(make_incoming(at=NOON + n * HOUR, **again) for n in (50, 51)))
    make_suggestion(channel, by=by)
    said = Message.objects.get(conversation=cyd)
    LegalRequest.objects.create(
        conversation=cyd, message=said, kind="complaint", state="done", outcome="answered", became="Put right",
        received_at=NOON, ended_at=NOON + 3 * DAY, at=NOON,
    )  # fmt: skip
    kept, _ = make_promise(cyd, by=by), make_promise(cyd, by=by, what="The path is swept")
    Promise.objects.filter(pk=kept.pk).update(state="kept", ended_on=FRIDAY, ended_at=NOON + DAY, ended_by=by)
    make_issue(cyd)
    place = make_outreach_place(by=by)
    outreach.log(place, "I work for Fernhill Council. Hello.", "https://groups.example/1", NOON.date(), by=by, now=NOON)


def posts_go_out(channel: Channel, by: User) -> None:
    facts = [{}, {"kind": "question"}, {"unplanned": True}]
    posts = [make_post(author=by, channels=[channel], **one) for one in facts]
    for post in posts:
        make_placement("published", post=post)
    collecting.track_new(NOW)
    told = [
        {"likes": 10, "replies": 4, "shares": 2, "clicks": 4, "reach": 400},
        {"likes": 20, "replies": 0, "shares": 8, "clicks": 2, "reach": 600},
        {"likes": None},
    ]
    for post, numbers in zip(posts, told, strict=True):
        read(Tracked.objects.get(delivery__release__placement__post=post), numbers)
    read(Tracked.objects.get(channel=channel, remote_id=""), {"followers": 2000})
    link = Link.objects.create(
        code="abcdefgh", origin="post", ref=posts[0].key, channel=channel, url="https://a.example/",
        target="https://a.example/", at=NOON,
    )  # fmt: skip
    Click.objects.bulk_create(Click(link=link, at=NOON + n * HOUR) for n in range(3))
    Firing.objects.create(kind="post", ref=posts[0].key, rule="A01", level="must", mark="m", at=NOON - HOUR)


def read(tracked: Tracked, numbers: dict[str, int] | dict[str, None]) -> None:
    Reading.objects.bulk_create(
        Reading(tracked=tracked, measure=name, at=NOON + DAY, value=value, missing="" if value is not None else "busy")
        for name, value in numbers.items()
    )


def others_know(channel: Channel, by: User) -> None:
    make_topic(name="Bins")
    make_topic(name="Road works")
    calls = [("2026-11-09", "Bins", "Phone", "100"), ("2026-11-16", "Bins", "Phone", "60")]
    calls += [("2026-11-09", "Road works", "Phone", "80"), ("2026-11-16", "Road works", "Phone", "72")]
    bring_in(calls, by=by, now=NOW)
    bring_in([("2026-11-17", "6")], ("Week", "Hours"), kind="hours", by=by, now=NOW)
    bring_in([("2026-11-17", "Advert", "40")], ("Week", "What for", "Amount"), kind="spend", by=by, now=NOW)
    places = [("2026-11-17", channel.name, "Fernhill", "1380"), ("2026-11-17", channel.name, "Newport", "420")]
    bring_in(places, ("Day", "Channel", "Place", "Followers"), kind="places", by=by, now=NOW)
    source, day = "Finance, 2026 budget", date(2026, 4, 1)
    costs.settle("phone", Decimal(2), Decimal(3), source, day, by=by, now=NOON)
    costs.settle("hour", Decimal("2.5"), Decimal(5), source, day, by=by, now=NOON)


def span() -> Span:
    topics = dict(Topic.objects.values_list("name", "pk"))
    return Span(WEEK.start, WEEK.end, NOW, topics["Bins"], topics["Road works"])


def test_every_measure_is_what_a_hand_counts_and_its_table_gives_the_same_figure(town: Channel) -> None:
    asked = span()
    found, again, hidden = {}, {}, {}
    for name, rule in RULES.items():
        rows = rule.rows(asked)
        figure = rule.figure(rows)
        found[name] = (figure.value, figure.part, figure.whole)
        again[name] = rule.figure(tracing.read(rule.row, tracing.table(rule.row, rows))) == figure
        blank = rule.figure(tracing.seen(rows, ()))
        hidden[name] = (blank.value, blank.part, blank.whole)
    assert found == {name: (pytest.approx(row[0]), *row[1:]) for name, row in BY_HAND.items()}
    assert [name for name, same in again.items() if not same] == []
    assert hidden == found  # also for somebody who sees none of the channels
    for name, other in ALSO.items():  # the figures on Today and in the charts are the same ones
        (figure,) = weekly.series(name, [WEEK], NOW)
        assert figure.value == pytest.approx(found[other][0]), name


def test_every_measure_of_a_family_can_be_told_week_by_week_and_a_quiet_town_has_no_nought_for_a_share(
    scripted: Scripted,
) -> None:
    make_town(zone="UTC", pack="none")
    over = weekly.weeks(NOON, UTC, 2)
    for name in sorted({ALSO.get(name, name) for names in FAMILIES.values() for name in names}):
        rule = RULES[name]
        figures = shape.series(rule, over, NOW)
        assert rule.weekly, name
        assert len(figures) == 2, name
        if rule.unit == "%":
            assert all(one.value is None and one.missing for one in figures), name


def test_rows_open_on_a_page_and_the_table_computes_to_the_figure_whoever_looks(town: Channel, boss: User) -> None:
    asked = "?from=2026-11-16&to=2026-11-23"
    client = Client()
    client.force_login(boss)
    page = client.get(reverse("measures:figure", args=["answered_in_time"]) + asked)
    assert "1 of 5" in page.content.decode()
    links = re.findall(r'href="(/inbox/[0-9a-f-]{36}/)">Open', page.content.decode())
    assert links
    assert client.get(links[0]).status_code == 200
    neighbour = Client()
    neighbour.force_login(make_user("officer", scope=make_channel().scope))
    for one in (client, neighbour):
        for name in ("within_promise", "conversation_balance"):
            text = one.get(reverse("measures:figure-rows", args=[name]) + asked).content.decode()
            figure = RULES[name].figure(tracing.read(RULES[name].row, text))
            assert (figure.part, figure.whole) == BY_HAND[name][1:], name
    assert str(town) not in text
    assert "a channel you do not see (1)" in text


def test_a_deleted_promise_of_a_week_changes_its_figure_and_no_other(town: Channel) -> None:
    before = RULES["promises_kept"].figure(RULES["promises_kept"].rows(span()))
    Promise.objects.filter(state="open").update(state="withdrawn", why="Asked twice", ended_on=FRIDAY)
    after = RULES["promises_kept"].figure(RULES["promises_kept"].rows(span()))
    assert (before.part, before.whole, after.part, after.whole) == (1, 2, 1, 1)


def test_counts_of_many_weeks_are_those_of_their_rows(town: Channel) -> None:
    over = [Span(week.start, week.end, NOW) for week in weekly.weeks(NOW, ZoneInfo("Europe/London"), 5)]
    assert from_weeks.writers(over) == [len(from_inbox.writers(one)) for one in over]
    assert from_weeks.came_back(over) == [answers.continuation(from_inbox.answered(one)).value for one in over]
    known = [[row.reach for row in from_posts.posts(one) if row.reach is not None] for one in over]
    assert from_weeks.reached(over) == [sum(week) if week else None for week in known]
    assert any(known)
