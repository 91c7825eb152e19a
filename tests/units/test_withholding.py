"""When a count of comments that nobody can read is a right that was taken away, and when it is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from metrics.withholding import Post, judge
from tests.factories import NOON

DAY = timedelta(days=1)


def post(
    counted: Mapping[float, int],
    *,
    at: float = 20,
    heard: Sequence[float] = (),
    ours: Sequence[float] = (),
    asked: float = 0,
) -> Post:
    """All times are in days before noon; the comments known are those of residents and of the town."""
    told = [(NOON - days * DAY, value) for days, value in counted.items()]
    read = [NOON - days * DAY for days in heard]
    return Post(NOON - at * DAY, told, [*read, *(NOON - days * DAY for days in ours)], read, NOON - asked * DAY)


def found(*posts: Post, start: float | None = None) -> tuple[int, float] | None:
    """How many, and since how many days."""
    come = judge(posts, None if start is None else NOON - start * DAY, NOON)
    return come and (come[0], round((NOON - come[1]) / DAY, 3))


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([post({5: 0, 4: 2, 3: 9, 0: 14})], (9, 4)),
        ([post({3: 1}), post({2: 1, 0.5: 1})], (2, 3)),
        ([post({0.9: 14})], None),
        ([post({3: 0, 0: 0})], None),
        ([post({3: 14, 0: 2})], (2, 3)),
        ([post({3: 14, 0: 0})], None),
        ([post({3: 1, 0: 1}, ours=[3])], None),
        ([post({3: 14, 0: 14}, asked=3)], None),
        ([], None),
    ],
    ids=[
        "counted for days and none ever read",
        "on two posts",
        "counts may be ahead for a day",
        "nothing to read",
        "most were deleted since",
        "all were deleted since",
        "it is the town's own answer",
        "nobody has asked for them since",
        "no post",
    ],
)
def test_where_no_comment_was_ever_read(posts: list[Post], expected: tuple[int, float] | None) -> None:
    assert found(*posts) == expected


HEARD = post({12: 0, 11: 3}, heard=[11.5, 11.4, 11.3])  # three of three; nothing since


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([HEARD, post({3: 3, 0: 3}, at=5)], (3, 11.3)),
        ([HEARD, post({3: 1}, at=5), post({2: 1}, at=4), post({2: 1}, at=3)], (3, 11.3)),
        ([HEARD, post({3: 2, 0: 2}, at=5)], None),
        ([HEARD, post({0.5: 9}, at=5)], None),
        ([post({12: 2, 11: 3, 2: 7}, heard=[13, 12.5, 11.5])], (4, 11.5)),
        ([post({12: 8, 11: 10, 2: 12}, heard=[12.5, 11.5])], None),
        ([HEARD, post({12: 9, 0: 9}, at=30)], None),
        ([post({12: 20}, heard=range(12, 22)), post({3: 5}, at=5)], None),
        ([post({12: 20}, heard=range(12, 22)), post({3: 9}, at=5)], (9, 12)),
        ([HEARD, post({3: 9, 0: 9}, at=5), post({2: 3}, heard=[0.1], at=4)], None),
    ],
    ids=[
        "as many as never before",
        "one on each of three posts",
        "two may be hidden",
        "not counted for a day",
        "the count of an old post rises",
        "less is missing than always was",
        "what was missing before is left out",
        "half are always missing",
        "half are always missing, but not so many",
        "one was read today",
    ],
)
def test_where_comments_were_read_before(posts: list[Post], expected: tuple[int, float] | None) -> None:
    assert found(*posts) == expected


def test_what_somebody_has_looked_at_is_told_again_only_when_more_is_missing() -> None:
    known = {9: 14, 5: 14}
    assert found(post(known), start=5) is None
    assert found(post(known | {2: 16, 0: 16}), start=5) is None
    assert found(post(known | {2: 17, 0: 17}), start=5) == (3, 5)
    assert found(post(known), post({2: 3, 0: 3}, at=4), start=5) == (3, 5)
