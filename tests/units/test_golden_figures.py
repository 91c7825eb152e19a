"""Figures over known rows, each worked out by hand beside it; and the traps of each measure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from metrics import intervals
from metrics.catalogue import MEASURES
from metrics.figures import Figure
from metrics.measures import answers, effects, influence, paid, quality, reach, turns, useful
from metrics.measures.answers import (
    AnsweredRow,
    CaseRow,
    IdeaRow,
    InboundRow,
    ProblemRow,
    PromiseRow,
    WaitRow,
    WriterRow,
)
from metrics.measures.effects import ContactRow, SpendRow, ValueRow
from metrics.measures.influence import PartRow
from metrics.measures.ledger import ALSO, RULES
from metrics.measures.paid import PaidRow
from metrics.measures.quality import AccessRow, CodedRow, LineRow
from metrics.measures.reach import EngagedRow, FollowerRow, OutRow, PostRow, ReachRow
from metrics.measures.shape import Row
from metrics.measures.turns import DepthRow
from metrics.measures.useful import PlaceRow, UsefulRow

AT = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 16)
TOP = ("ref", "Fernhill on X", AT)
DRAWN = "60 of 214 messages from 1 November to 28 November 2026"


def wait(outcome: str, hours: float, *, answered: bool = True, service: float | None = None) -> WaitRow:
    return WaitRow(*TOP, outcome, answered, hours, service, 24.0)


WAITS = [
    wait("kept", 2, service=2),
    wait("kept", 4, service=3),
    wait("kept", 20, service=4),
    wait("missed", 30, service=9),  # answered, and too late
    wait("missed", 52, answered=False),  # nobody has answered yet
    wait("waiting", 3, answered=False),  # still in time
    wait("excused", 1, answered=False),  # coded: no answer needed
    wait("withdrawn", 1, answered=False),  # the resident took it back
]


def case(closed: bool, outcome: str = "", reopened: int = 0) -> CaseRow:
    return CaseRow(*TOP, closed, outcome, reopened)


CASES = [
    case(True, "answered"),
    case(True, "elsewhere"),
    case(True, "answered", 1),  # closed, came back, closed again: counts against
    case(False),
]
PROMISES = [
    PromiseRow(*TOP, "Lamp", DAY, outcome)
    for outcome in ["kept"] * 11 + ["late"] * 3 + ["extended"] * 4 + ["broken"] + ["overdue"]
]
PROBLEMS = [ProblemRow(*TOP, "Weir", end) for end in ("fixed", "fixed", "refused", "open", "dropped")]
INBOUND = [InboundRow(*TOP, n < 3, (4.0, 9.0, None)[n] if n < 3 else None) for n in range(250)]
ANSWERED = [AnsweredRow(*TOP, after) for after in (2, 3, 2, 5, 1, 1, 0, 0, 0, 0)]
# a question and its answer three times, one that came back, one of which five messages were one turn, one long talk
DEPTHS = [DepthRow(*TOP, n, said) for n, said in ((2, 2), (2, 2), (2, 2), (3, 3), (3, 7), (6, 8))]
WRITERS = [WriterRow(*TOP, n < 7, 1) for n in range(12)]
IDEAS = [IdeaRow(*TOP, "Oaks", state) for state in ("new", "considered", "taken_up", "done", "declined")]


def post(channel: str = "Fernhill on X", **numbers: Any) -> PostRow:
    facts: dict[str, Any] = dict.fromkeys(
        ("likes", "replies", "shares", "clicks", "own_clicks", "reach", "impressions", "followers")
    )
    told = facts | numbers
    return PostRow("ref", channel, AT, "Bins", "x", "news", "text", "Bins", "", 9, **told, read_at=AT)


POSTS = [
    post(likes=10, replies=4, shares=2, clicks=4, reach=400, impressions=900, followers=2000, own_clicks=3),
    post(likes=20, replies=0, shares=8, clicks=2, reach=600, impressions=1500, followers=2000, own_clicks=0),
    post("Fernhill on Mastodon", likes=6, replies=3, shares=3, followers=500),  # tells no reach
    post("Fernhill on WordPress"),  # tells nothing
]
REACHED = [ReachRow(*TOP, people, 20_000) for people in (400, 600)]
OUT = [OutRow(*TOP, what) for what in ["broadcast"] * 20 + ["ask"] * 5 + ["answer"] * 15]
PLACES = [
    PlaceRow("k", "Page", AT, "Fernhill", True, 1380, "Facebook"),
    PlaceRow("k", "Page", AT, "Newport", False, 1270, "Facebook"),
    PlaceRow("k", "Page", AT, "", None, 350, "no list says where"),
]

STATED = [
    PlaceRow("k", "Page", AT, "", True, 64, "Staff list", "staff"),  # counted as local
    PlaceRow("k", "Page", AT, "", False, 20, "Register of partners", "partner organisations"),
]
LISTED = [UsefulRow("k", "Page", AT, "", one.local, one.followers, "", one.who) for one in (*PLACES, *STATED)]


def fans(channel: str, value: int | None, days: int = 0, missing: str = "") -> FollowerRow:
    return FollowerRow("k", channel, AT + timedelta(days=days), value, missing, DAY)


FOLLOWERS = [
    fans("X", 900), fans("X", 950, 2), fans("X", None, 3, "no connection since Friday"),
    fans("Page", 2000), fans("Blog", None, 0, "WordPress tells no numbers"),
]  # fmt: skip


def called(part: str, contacts: int | None, about: str = "topic", route: str = "phone") -> ContactRow:
    return ContactRow("", "", AT, DAY, part, about, "Bins", route, contacts, "Call centre")


CALLS = [
    called("before", 100), called("before", 100), called("after", 70), called("after", 50),
    called("before", 80, "control"), called("after", 72, "control"),
]  # fmt: skip


def line(what: str, route: str, low: float | None, high: float | None = None) -> ValueRow:
    return ValueRow("", "", AT, what, route, low, low if high is None else high, "Finance", DAY)


VALUE = [
    line("before", "phone", 200), line("after", "phone", 120),
    line("control before", "phone", 80), line("control after", "phone", 72),
    line("cost", "phone", 2.0, 3.0), line("cost", "social", 0.5, 1.0),
]  # fmt: skip
SPENT = [SpendRow("", "", AT, "Advert", 40, 40, "Ledger"), SpendRow("", "", AT, "6 hours", 120, 150, "Time sheet")]
ACCESS = [
    AccessRow(*TOP, "a", True, False, False),
    AccessRow(*TOP, "b", True, False, False),
    AccessRow(*TOP, "c", False, True, False),  # overridden: said apart, not passed
    AccessRow(*TOP, "d", False, False, False),
    AccessRow(*TOP, "e", False, False, True),  # older than the law
]
LINES = [LineRow(*TOP, "w", benefit, origin, objective) for benefit, origin, objective in (
    ("learn", "own", "yes"), ("learn", "own", "yes"), ("say", "own", ""), ("done", "passed-on", "yes"),
    ("", "link-only", "yes"),
)]  # fmt: skip


def week(back: int, **values: float | None) -> list[PartRow]:
    parts: dict[str, float | None] = {"participants": 10, "partners": 4, "continuation": 20, "reach": 0.5}
    monday = DAY - timedelta(weeks=back)
    return [PartRow("", "", AT, monday, part, value) for part, value in (parts | values).items()]


USUAL = [row for back in range(1, 13) for row in week(back)]
# The newest week has 2 times the people, 1.5 times the partners, the usual returns, and 27/16 times the reach:
# the product of the ratios is 2 × 1.5 × 1 × 27/16 = 81/16, its fourth root 3/2.
INDEX = USUAL + week(0, participants=20, partners=6, reach=0.5 * 27 / 16)

GOLDEN: list[tuple[str, Figure, float, int | None, int | None]] = [
    # what                                            value                     part  whole
    ("6 need an answer, 4 have one", answers.response_rate(WAITS), 100 * 4 / 6, 4, 6),
    ("2, 4, 20, 30: between 4 and 20", answers.first_response(WAITS), 12.0, None, 4),
    ("3 kept, 2 missed", answers.within_promise(WAITS), 60.0, 3, 5),
    ("2 of 4", answers.resolution_rate(CASES), 50.0, 2, 4),
    ("11 of 20", answers.promise_kept_rate(PROMISES), 55.0, 11, 20),
    ("2 fixed + 1 refused of 5", answers.problem_solving_rate(PROBLEMS), 60.0, 3, 5),
    ("3 of 250, in a thousand", answers.complaint_rate(INBOUND), 12.0, 3, 250),
    ("4 of 10", answers.continuation(ANSWERED), 40.0, 4, 10),
    ("2, 2, 2, 3, 3, 6: between 2 and 3", turns.thread_depth(DEPTHS), 2.5, None, 6),
    ("12 people, 7 of them new", answers.participants(WRITERS), 12.0, 7, 12),
    ("5 ideas", answers.ideas_gathered(IDEAS), 5.0, None, 5),
    ("2 of 5", answers.ideas_taken_up(IDEAS), 40.0, 2, 5),
    ("5 + 15 of 40", reach.conversation_balance(OUT), 50.0, 20, 40),
    ("20 + 30 of 1,000 reached", reach.engagement_rate(POSTS), 5.0, 50, 1000),
    ("10/2000, 20/2000, 6/500: 5, 10, 12", reach.popularity(POSTS), 9.0, None, 3),
    ("4/2000, 0/2000, 3/500: 2, 0, 6", reach.commitment(POSTS), 8 / 3, None, 3),
    ("2/2000, 8/2000, 3/500: 1, 4, 6", reach.virality(POSTS), 11 / 3, None, 3),
    ("3 + 0 clicks on 2 posts", reach.own_clicks(POSTS), 3.0, None, 2),
    ("400 + 600 of 20,000", reach.population_reached(REACHED), 5.0, 1000, 20_000),
    ("1,380 of 2,650: 52 %", useful.useful_followers(PLACES), 52.0754716981, 1380, 2650),
    ("1,380 − 64 of 2,650 − 64 − 20", useful.useful_followers(PLACES + STATED), 100 * 1316 / 2566, 1316, 2566),
    ("1,380 − 64", useful.useful_count(LISTED), 1316.0, None, 1),
    ("950 + 2,000, the blog unknown", reach.total_followers(FOLLOWERS), 2950.0, 2, 3),
    ("9 of 900; the blog left out",
     reach.engaged_followers([EngagedRow(*TOP, 9, 900), EngagedRow(*TOP, 5, None)]), 1.0, 9, 900),
    ("70 + 50 contacts after", effects.contacts(CALLS), 120.0, None, 2),
    ("60 % less the control's 90 %", effects.pressure(CALLS), -30.0, None, 6),
    # 200 × 0.9 − 120 = 60 avoided; 60 × (2.0 − 1.0) to 60 × (3.0 − 0.5)
    ("60 to 150, the middle", effects.cost_avoided(VALUE), 105.0, None, 6),
    ("160 to 190, the middle", effects.spend(SPENT), 175.0, None, 2),
    ("2 of 4", quality.accessibility_pass_rate(ACCESS), 50.0, 2, 4),
    ("3 of 5", quality.originality(LINES), 60.0, 3, 5),
    ("1 of 5", quality.unlinked(LINES), 20.0, 1, 5),
    ("100 × 3/2", influence.influence(INDEX), 150.0, None, 52),
]  # fmt: skip


@pytest.mark.parametrize(("how", "figure", "value", "part", "whole"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_a_figure_is_what_a_hand_works_out(
    how: str, figure: Figure, value: float, part: int | None, whole: int | None
) -> None:
    assert figure.value == pytest.approx(value)
    assert (figure.part, figure.whole) == (part, whole)


@pytest.mark.parametrize(
    ("figure", "note"),
    [
        (answers.response_rate(WAITS), "4 of 6 that need an answer"),
        (answers.response_rate(WAITS), "1 was coded as needing no answer and is not counted"),
        (answers.first_response(WAITS), "2 without an answer, the oldest waits for at least 52 h"),
        (answers.first_response(WAITS), "nine in ten within 27.0 h"),
        (answers.first_response(WAITS), "in service hours 3.5 h, nine in ten within 7.5 h"),
        (answers.within_promise(WAITS), "1 is still in time and counted on neither side"),
        (answers.resolution_rate(CASES), "1 came back after it was closed and counts as not solved"),
        (answers.promise_kept_rate(PROMISES), "4 given more time"),
        (answers.problem_solving_rate(PROBLEMS), "1 refused with the reason"),
        (answers.complaint_rate(INBOUND), "1 not settled yet"),
        (answers.participants(WRITERS), "7 for the first time, 5 who had written before"),
        (
            reach.conversation_balance(OUT),
            "50.0 % told something, 12.5 % asked, 37.5 % answered, 0.0 % joined in where others talk",
        ),
        (reach.engagement_rate(POSTS), "50 times somebody took part in 2 posts, against 1,000 people reached"),
        (reach.engagement_rate(POSTS), "2 posts have no such number and are not counted"),
        (turns.thread_depth(DEPTHS), "3.0 turns on average, 4.0 messages"),
        (turns.thread_depth(DEPTHS), "3 of 6 conversations went on after a question and its answer"),
        (useful.useful_followers(PLACES), "350 unknown"),
        (useful.useful_followers(PLACES), useful.NOT_TOLD),
        (useful.useful_followers(PLACES + STATED), "without 20 partner organisations and 64 staff"),
        (useful.useful_count(LISTED), "350 unknown"),
        (reach.total_followers(FOLLOWERS), "missing, WordPress tells no numbers: Blog"),
        (effects.cost_avoided(VALUE), "about 60 contacts avoided"),
        (quality.accessibility_pass_rate(ACCESS), "1 was overridden with a reason"),
        (quality.accessibility_pass_rate(ACCESS), "1 is older than the law and not counted"),
    ],
)
def test_what_belongs_beside_a_figure_is_said(figure: Figure, note: str) -> None:
    assert note in figure.notes


NOTHING: list[Any] = []


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (answers.response_rate(NOTHING), "nobody asked"),
        (answers.first_response(NOTHING), "nobody asked"),
        (answers.first_response([WAITS[4]]), "nobody was answered yet"),
        (answers.within_promise([WAITS[5]]), "nobody asked"),
        (answers.resolution_rate(NOTHING), "no conversation"),
        (answers.promise_kept_rate(NOTHING), "no promise"),
        (answers.problem_solving_rate(NOTHING), "no problem"),
        (answers.complaint_rate(NOTHING), "nobody wrote"),
        (answers.continuation(NOTHING), "nobody was answered"),
        (answers.ideas_taken_up(NOTHING), "no idea"),
        (reach.engagement_rate(POSTS[3:]), "no platform tells"),
        (reach.engagement_rate([post(likes=3, reach=0)]), "no platform tells"),
        (reach.popularity([post(likes=3)]), "no post with likes and followers"),
        (reach.population_reached([ReachRow(*TOP, 5, None)]), "population is not entered"),
        (reach.population_reached([ReachRow(*TOP, None, 9)]), "no platform tells"),
        (reach.conversation_balance(NOTHING), "nothing went out"),
        (turns.thread_depth(NOTHING), "no conversation in which both sides spoke"),
        (useful.useful_followers(PLACES[2:]), "no platform's list of places"),
        (useful.useful_followers([PlaceRow(*TOP, "", True, 5, ""), PlaceRow(*TOP, "", True, 9, "", "staff")]),
         "all whose place is known were stated"),
        (useful.useful_count(NOTHING), "no platform's list of places"),
        (useful.useful_count(LISTED[2:3]), "no platform's list of places"),
        (reach.total_followers(FOLLOWERS[4:]), "no channel told"),
        (reach.engaged_followers([EngagedRow(*TOP, 3, None)]), "no channel told"),
        (reach.own_clicks(POSTS[2:]), "no post carries"),
        (effects.contacts(NOTHING), "no file"),
        (effects.contacts([called("after", None)]), "no number for the week of 16 November 2026"),
        (effects.pressure([called("before", 0), called("after", 4)]), "no contacts before"),
        (effects.pressure([called("before", 9), called("after", None)]), "no number for the week"),
        (effects.cost_avoided(VALUE[:4] + VALUE[5:]), "no unit cost for phone"),
        (effects.cost_avoided(VALUE[:5]), "no unit cost for social"),
        (effects.cost_avoided([line("before", "phone", None), *VALUE[1:]]), "not known: contacts before, by phone"),
        (effects.cost_avoided([*VALUE[:2], line("control before", "phone", 0), *VALUE[3:]]), "control topic before"),
        (effects.spend([SpendRow("", "", AT, "what an hour costs", None, None, "")]), "not known: what an hour costs"),
        (effects.spend(NOTHING), "no file"),
        (quality.accessibility_pass_rate(ACCESS[4:]), "no post went out"),
        (influence.influence(USUAL + week(0, reach=None)), "reach for each follower"),
        (influence.influence([r for n in range(1, 13) for r in week(n, partners=0)] + week(0)), "messages of partners"),
        (influence.influence(USUAL[:12] + week(0)), "without a usual"),
        (influence.influence(NOTHING), "not known"),
    ],
)  # fmt: skip
def test_nothing_is_ever_divided_by_a_missing_number(figure: Figure, why: str) -> None:
    assert figure.value is None
    assert why in figure.missing


def test_denominators_are_never_mixed_across_networks() -> None:
    found = reach.by_denominator(POSTS)
    assert {name: (one.part, one.whole) for name, one in found.items()} == {"reach": (50, 1000), "followers": (12, 500)}


def test_without_reach_the_rate_says_that_it_is_held_against_something_else() -> None:
    assert reach.engagement_rate(POSTS[2:3]).notes[0] == "12 times somebody took part in 1 post, against 500 followers"


def test_costs_avoided_are_a_range_with_their_dated_sources() -> None:
    figure = effects.cost_avoided(VALUE)
    assert (figure.low, figure.high) == (pytest.approx(60.0), pytest.approx(150.0))
    assert "a contact by phone costs 2 to 3 (Finance, 16 November 2026)" in figure.notes


def test_more_contacts_than_before_cost_instead_of_saving() -> None:
    figure = effects.cost_avoided([line("before", "phone", 10), line("after", "phone", 14), *VALUE[4:]])
    assert (figure.low, figure.high) == (pytest.approx(-10.0), pytest.approx(-4.0))


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # 50 messages: both say praise 20, criticism 15; 15 differ. Seen 0.7; by chance 0.5 × 0.6 + 0.5 × 0.4 = 0.5.
        ([("praise", "praise")] * 20 + [("praise", "criticism")] * 5 + [("criticism", "praise")] * 10
         + [("criticism", "criticism")] * 15, 0.4),
        ([("praise", "praise"), ("criticism", "criticism")], 1.0),
        ([("praise", "praise")] * 9, None),  # only ever one answer shows nothing
        ([("praise", "")] * 9, None),  # nobody looked twice
    ],
)  # fmt: skip
def test_two_coders_agree_as_far_as_not_by_chance(pairs: list[tuple[str, str]], kappa: float | None) -> None:
    found = quality.agreement([CodedRow(*TOP, DRAWN, first, second) for first, second in pairs])
    assert found == (None if kappa is None else pytest.approx(kappa))


def test_tone_is_told_of_a_sample_with_its_size_and_its_agreement() -> None:
    rows = [CodedRow(*TOP, DRAWN, first, "") for first in ("praise", "praise", "praise", "criticism", "criticism")]
    figure = quality.praise_to_criticism(rows)
    assert figure.value == 1.5
    drawn = f"drawn by lot: {DRAWN}"
    assert figure.notes == (
        "a sample of 5, read by people", "agreement is not known, 0 of 0 read twice were read alike", drawn,
    )  # fmt: skip
    assert quality.praise(rows).missing == "5 messages of a sample are too few to say anything"
    assert quality.criticism([]).missing == "no sample was read"


def test_a_share_of_a_sample_has_its_interval_and_says_where_two_people_hardly_agree() -> None:
    alike = [CodedRow(*TOP, DRAWN, "praise", "praise")] * 2 + [CodedRow(*TOP, DRAWN, "praise", "neutral")] * 8
    rows = [*alike, *[CodedRow(*TOP, DRAWN, "praise", "")] * 10, *[CodedRow(*TOP, DRAWN, "unclear", "")] * 40]
    figure = quality.praise(rows)
    assert (figure.part, figure.whole, figure.value) == (20, 60, pytest.approx(100 / 3))
    # (1/3 + 3.8416/120 ∓ 1.96 × √(0.2222/60 + 3.8416/14400)) ÷ (1 + 3.8416/60)
    assert (figure.low, figure.high) == (pytest.approx(22.73, abs=0.01), pytest.approx(45.94, abs=0.01))
    assert "two people agree too little (κ below 0.6) to rest much on it" in figure.notes
    assert intervals.wilson(0, 10) == (0.0, pytest.approx(27.75, abs=0.01))


def test_a_mean_has_moved_by_no_more_than_its_weeks_allow_to_say() -> None:
    told = intervals.moved([10, 12, 14], [20, 22, 24])
    # two degrees: 4.30 × √(4/3 + 4/3) = 7.02
    assert told is not None
    assert (told.by, told.low, told.high) == (10, pytest.approx(2.98, abs=0.01), pytest.approx(17.02, abs=0.01))
    assert intervals.moved([10, 12], [20, 22, 24]) is None


def bought(spent: float, results: float | None, outcome: str = "clicks") -> PaidRow:
    return PaidRow(*TOP, "AD-1 Warm rooms", outcome, spent, results, "Ads manager")


def test_a_result_costs_what_was_spent_on_those_that_have_results_of_one_kind() -> None:
    figure = paid.cost_per_outcome([bought(30, 60), bought(10, 20, "Clicks"), bought(99, None)])
    assert (figure.value, figure.whole) == (0.5, 2)
    assert figure.notes == (
        "40.00 for 80 clicks", "AD-1 Warm rooms is left out: no results were written down",
    )  # fmt: skip
    for rows, why in (
        ([], "nothing was paid for"),
        ([bought(9, None)], "no results were written down"),
        ([bought(9, 0)], "there were no clicks"),
        ([bought(9, 1), bought(9, 1, "calls")], "results of different kinds are not added up: calls, clicks"),
    ):
        assert (paid.cost_per_outcome(rows).value, paid.cost_per_outcome(rows).missing) == (None, why)


def test_benefits_are_shares_of_the_posts_that_name_one() -> None:
    assert {name: (one.part, one.whole) for name, one in quality.benefit_balance(LINES).items()} == {
        "learn": (2, 4), "say": (1, 4), "done": (1, 4),
    }  # fmt: skip


def test_every_row_type_of_this_table_is_a_row() -> None:
    assert all(isinstance(one, Row) for some in (WAITS, CASES, PROMISES, POSTS, CALLS, VALUE, INDEX) for one in some)


def test_a_measure_is_called_alike_by_both_of_its_names() -> None:
    assert {name: MEASURES[name].label for name in ALSO} == {name: RULES[other].label for name, other in ALSO.items()}
