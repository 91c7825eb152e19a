"""What chance explains is no difference: ranks within a channel, their intervals, and the sentences made of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import permutations
from statistics import fmean, pstdev
from typing import Any

import pytest

from metrics import chance, resonance
from metrics.measures import tracing
from metrics.measures.reach import PostRow

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
FLAT = [3, 5, 4, 6, 2, 5, 4, 3, 6, 5]
FACTS = ("likes", "replies", "shares", "clicks", "own_clicks", "reach", "impressions", "followers")


def post(n: int = 0, channel: str = "Fernhill on X", **facts: Any) -> PostRow:
    numbers = {name: facts.pop(name, None) for name in FACTS}
    told = {"kind": "news", "medium": "text", "topic": "Bins", "call": "", "hour": 9} | facts
    return PostRow(f"p{n}", channel, AT + timedelta(hours=n), "Words", "x", **told, **numbers, read_at=AT)


def posts(topic: str, replies: list[int | None], **facts: Any) -> list[PostRow]:
    return [post(n, topic=topic, replies=value, **facts) for n, value in enumerate(replies)]


def cell(rows: list[PostRow], topic: str, what: str = "commented") -> resonance.Cell:
    table = next(one for one in resonance.tables(rows) if one.part == "topic")
    return next(one for one in table.groups if one.name == topic).cells[what]


# --- the comparison itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("some", "rest", "share"),
    [
        ([5, 7, 9, 11, 13], [4, 6, 8, 10, 3], 19 / 25),  # Mann and Whitney's U of 19 among 25 pairs
        ([1, 2], [3, 4], 0.0),
        ([3, 4], [1, 2], 1.0),
        ([2, 2], [2, 2], 0.5),  # draws are half a win
        ([2], [1, 2, 3, 4], (1 + 0.5) / 4),
    ],
)
def test_the_share_of_pairs_won_is_counted_by_hand(some: list[float], rest: list[float], share: float) -> None:
    found = chance.beats([(some, rest)])
    assert found is not None
    assert found.share == pytest.approx(share)


def test_the_spread_is_that_of_all_ways_to_deal_out_the_same_numbers() -> None:
    """Of 2, 2, 3, 5, 7 every pair is dealt out once: the standard deviation of its share is the one by formula."""
    numbers = [2.0, 2, 3, 5, 7]
    dealt = []
    for first, second in permutations(range(5), 2):
        some, rest = [numbers[first], numbers[second]], [numbers[n] for n in range(5) if n not in {first, second}]
        dealt.append(fmean(chance._beaten(some, rest)))
    ranked, ties = chance.ranks(numbers)
    assert ranked == [1.5, 1.5, 3, 4, 5]
    assert ties == 2**3 - 2
    assert pstdev(dealt) ** 2 == pytest.approx((5 + 1 - ties / (5 * 4)) / (12 * 2 * 3))


def test_the_wider_of_two_spreads_counts() -> None:
    """Some are all at the top or all at the bottom: ranks dealt out would hardly scatter, what was found does."""
    torn, rest = [0.0, 0, 0, 100, 100, 100], [float(n) for n in range(20, 60)]
    found = chance.beats([(torn, rest)])
    assert found is not None
    assert found.share == pytest.approx(0.5)
    assert found.spread == pytest.approx((0.3 / 6) ** 0.5)  # 0, 0, 0, 1, 1, 1 vary by 0.3
    apart = chance.beats([([90.0, 91, 92, 93, 94], rest)])
    assert apart is not None
    assert apart.spread == pytest.approx((46 / (12 * 5 * 40)) ** 0.5)  # what was found does not scatter at all


def test_strata_weigh_as_many_as_they_have_and_one_side_alone_says_nothing() -> None:
    found = chance.beats([([9], [1, 2]), ([1, 1, 1], [5, 6]), ([100, 100], []), ([], [1])])
    assert found is not None
    assert found.share == pytest.approx((1 * 1.0 + 3 * 0.0) / 4)
    assert chance.beats([([1.0], []), ([], [1.0])]) is None
    assert chance.beats([]) is None


def test_alike_numbers_have_no_spread_and_no_difference() -> None:
    found = chance.beats([([7.0] * 9, [7.0] * 9)])
    assert found == chance.Beats(0.5, 0.0)
    assert found.interval(3.0) == (0.5, 0.5)


@pytest.mark.parametrize(("looked_at", "width"), [(0, 1.96), (1, 1.96), (10, 2.807), (100, 3.481)])
def test_the_more_is_looked_at_the_wider_an_interval_must_be(looked_at: int, width: float) -> None:
    assert chance.sure(0.05, looked_at) == pytest.approx(width, abs=0.001)


def test_an_interval_stays_within_what_can_be() -> None:
    assert chance.Beats(0.9, 0.2).interval(2) == (0.5, 1.0)
    assert chance.Beats(0.1, 0.2).interval(2) == (0.0, 0.5)


# --- groups of posts -------------------------------------------------------------------------------------------------


def test_a_topic_that_people_comment_on_more_than_chance_explains_is_named_with_n_and_interval() -> None:
    rows = posts("Bins", FLAT * 3) + posts("Mill Pond", [20, 25, 19, 30, 22, 28, 21, 26, 24, 23])
    found = cell(rows, "Mill Pond")
    assert (found.posts, found.unknown, found.total, found.middle) == (10, 0, 238, 23.5)
    assert found.beats == 100.0
    assert found.low == pytest.approx(73.6, abs=0.1)  # two groups are looked at: 2.24 standard errors of 11.8
    assert (found.verdict, cell(rows, "Bins").verdict) == ("more", "less")
    table = resonance.tables(rows)[0]
    assert resonance.finding(table, "commented", str.upper) == "MILL POND reliably more; BINS reliably less."


def test_no_reliable_difference_is_an_answer() -> None:
    rows = posts("Bins", FLAT * 2) + posts("Roads", FLAT[::-1] * 2)
    found = cell(rows, "Bins")
    assert found.verdict == "no difference"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 50 < found.high
    assert resonance.finding(resonance.tables(rows)[0], "commented") == "No reliable difference between topics."
    same = posts("Bins", [4] * 20) + posts("Roads", [4] * 20)
    assert (cell(same, "Bins").beats, cell(same, "Bins").verdict) == (50.0, "no difference")


def test_few_posts_say_nothing_and_are_shown_with_their_number() -> None:
    rows = posts("Bins", FLAT * 3) + posts("Roads", [90, 95, 99, 97])
    assert cell(rows, "Roads") == resonance.Cell(4, 0, 381, 96.0, None, None, None, "too few")
    assert cell(rows, "Bins").verdict == "too few"  # four are not enough to hold it against either
    few = posts("Bins", FLAT) + posts("Roads", FLAT)
    assert cell(few, "Bins").verdict == "too few"
    table = resonance.tables(few)[0]
    assert resonance.finding(table, "commented") == "Too few posts to compare topics: 20 have numbers, 30 are needed."
    alone = resonance.tables(posts("Bins", FLAT * 4))[0]
    assert resonance.finding(alone, "commented") == "None of the topics has enough posts to be compared."


def test_a_bigger_channel_makes_no_topic_look_better() -> None:
    """Bins mostly go out where everything gets ten times as much; within each channel nothing differs."""
    big = posts("Bins", [n * 10 for n in FLAT * 2], channel="Big") + posts("Roads", [30, 50, 40, 60, 50], channel="Big")
    small = posts("Bins", FLAT[:5], channel="Small") + posts("Roads", FLAT * 2, channel="Small")
    assert cell(big + small, "Bins").verdict == "no difference"
    apart = posts("Bins", FLAT * 2, channel="Big") + posts("Roads", FLAT * 2, channel="Small")
    assert cell(apart, "Bins").verdict == "too few"  # no channel has both, so nothing can be compared


def test_a_missing_number_is_left_out_and_said() -> None:
    rows = posts("Bins", [*FLAT * 3, None, None]) + posts("Roads", FLAT) + posts("Silence", [None] * 6)
    assert (cell(rows, "Bins").posts, cell(rows, "Bins").unknown) == (30, 2)
    silent = cell(rows, "Silence")
    assert (silent.posts, silent.unknown, silent.middle, silent.beats) == (0, 6, None, None)
    assert silent.verdict == "not known"
    assert cell(rows, "Bins", "shared").verdict == "not known"


def test_hours_stand_in_their_order_and_what_names_nothing_has_its_own_line() -> None:
    rows = [post(n, hour=hour, replies=1) for n, hour in enumerate([18, 9, None, 12, 9])]
    assert [one.name for one in resonance.tables(rows)[-1].groups] == ["", "09:00", "12:00", "18:00"]
    assert [one.name for one in resonance.tables(rows)[3].groups] == [""]


def test_the_rows_as_a_table_give_the_same_comparison() -> None:
    rows = posts("Bins", FLAT * 3, shares=2) + posts("Mill Pond", [20, 25, 19, 30, 22], likes=3, reach=80)
    assert resonance.tables(tracing.read(PostRow, tracing.table(PostRow, rows))) == resonance.tables(rows)
    assert [one.groups for one in resonance.tables([])] == [[]] * 5


def test_of_twenty_pages_of_pure_chance_hardly_one_claims_a_finding() -> None:
    claims = 0
    for seed in range(20):
        dice = random.Random(seed)  # noqa: S311  chance, not secrecy
        rows = [
            post(n, f"Channel {n % 3}", topic=dice.choice("abcde"), kind=dice.choice("fgh"), hour=dice.randint(8, 17),
                 replies=int(dice.expovariate(0.2)), shares=dice.choice([0, 0, 1, 4]), likes=dice.randint(0, 50))
            for n in range(100)
        ]  # fmt: skip
        cells = [cell for table in resonance.tables(rows) for group in table.groups for cell in group.cells.values()]
        claims += any(cell.verdict in {"more", "less"} for cell in cells)
    assert claims <= 1


# --- lists side by side ----------------------------------------------------------------------------------------------


def test_shared_and_not_shared_stand_side_by_side_and_nobody_is_guessed() -> None:
    rows = [
        post(1, shares=0, replies=4, likes=1, reach=100),
        post(2, shares=9, replies=0, likes=40, reach=1000),
        post(3, shares=3, likes=2),
        post(4, replies=7),
        post(5, shares=0, replies=0, reach=0),
        post(6),
    ]
    found = resonance.lists(rows)
    told = {name: [one.ref for one in getattr(found, name)] for name in
            ("commented", "shared", "interacted", "by_rate", "not_shared")}  # fmt: skip
    assert told == {
        "commented": ["p4", "p1"],
        "shared": ["p2", "p3"],
        "interacted": ["p2", "p4", "p3", "p1"],  # 49, 7, 5, 5: of equals the newer first
        "by_rate": ["p1", "p2"],  # 5 of 100 before 49 of 1,000; without people reached there is no rate
        "not_shared": ["p5", "p1"],
    }
    assert found.untold == 2
    assert resonance.rate(rows[1]) == pytest.approx(4.9)
    assert resonance.rate(rows[4]) is None
