"""A busy while at a desk where something breaks all the time: nothing twice, nothing lost, nobody sees an error."""

from __future__ import annotations

import random
from collections import Counter
from statistics import median, quantiles
from typing import Any

import pytest

from tests.browser import doing
from tests.browser.desk import Desk
from tests.browser.soaking import Soak, asking

# MB of memory for everything, the database, the broker and the emulator included, on a desk that has shown every page
# to every role before: each of the two web processes then holds some 110, and its 16 database sessions together 240,
# since each of them has met nearly every table by then.
CEILING = 1200
FULL, SHORT = 600, 40  # seconds
SETTLED, SETTLED_LONG = 240, 1000  # seconds; in the long form one may meet its fourth wait, a quarter of an hour here
UNFINISHED = """
    SELECT id, state, why, next_action_at - now() FROM channels_app_delivery
     WHERE state NOT IN ('published', 'failed', 'cancelled', 'removed', 'needs_attention', 'missed', 'blocked')
       AND payload->>'text' LIKE 'Soak %'
"""
LATENESS = """
    SELECT extract(epoch FROM a.at - d.due_at) FROM channels_app_attempt a
      JOIN channels_app_delivery d ON d.id = a.delivery_id
     WHERE a.event = 'intent' AND a.n = 1 AND d.payload->>'text' LIKE 'Soak %'
"""


def test_a_busy_while(desk: Desk, seed: int, long: bool, capsys: pytest.CaptureFixture[str]) -> None:
    soak = Soak(desk, random.Random(seed), FULL if long else SHORT)
    soak.run()
    try:
        doing.wait_for(lambda: not rows(desk, UNFINISHED), SETTLED_LONG if long else SETTLED)
        doing.wait_for(lambda: heard(desk) >= len(soak.asked), SETTLED)
    finally:
        with capsys.disabled():
            report(soak, rows(desk, UNFINISHED))
    assert soak.wrong == []
    assert soak.broken >= soak.seconds / 6
    assert soak.killed
    assert heard_twice(desk) == []
    assert twice(soak) == []
    assert absent(soak) == []
    assert max(soak.memory) < CEILING
    if long:
        third = len(soak.memory) // 3
        assert median(soak.memory[-third:]) < 1.1 * median(soak.memory[third : 2 * third])


def rows(desk: Desk, question: str) -> list[tuple[Any, ...]]:
    with asking(desk) as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def heard(desk: Desk) -> int:
    ((count,),) = rows(desk, "SELECT count(DISTINCT text) FROM engagement_message WHERE text LIKE '%Soak question%'")
    return int(count)


def heard_twice(desk: Desk) -> list[str]:
    with asking(desk) as cursor:
        cursor.execute(
            "SELECT text FROM engagement_message WHERE text LIKE '%Soak question%' GROUP BY text HAVING count(*) > 1"
        )
        return [text for (text,) in cursor.fetchall()]


def public(soak: Soak) -> Counter[tuple[str, str]]:
    """How often each of the town's words stand on each account, by the word of the emulator."""
    seen = Counter[tuple[str, str]]()
    for post in soak.desk.emulator.public(deleted=True):
        words = next((words for words in soak.sent if words in post["text"]), None)
        if words:
            seen[(post["account"], words)] += 1
    return seen


def twice(soak: Soak) -> list[tuple[str, str]]:
    return [where for where, count in public(soak).items() if count > 1]


def absent(soak: Soak) -> list[str]:
    """What is called published and is not there."""
    there = Counter[str]()
    for (_, words), count in public(soak).items():
        there[words] += count
    with asking(soak.desk) as cursor:
        cursor.execute(
            "SELECT payload->>'text', count(*) FROM channels_app_delivery "
            "WHERE state = 'published' AND payload->>'text' LIKE 'Soak %' GROUP BY 1"
        )
        called = Counter[str]()
        for text, count in cursor.fetchall():  # an answer bears its writer's initials too
            called[next(words for words in soak.sent if words in text)] += count
    return [words for words, count in called.items() if there[words] != count]


def report(soak: Soak, unfinished: list[tuple[Any, ...]]) -> None:
    """The figures, to be pasted."""
    with asking(soak.desk) as cursor:
        cursor.execute(
            "SELECT state, count(*) FROM channels_app_delivery WHERE payload->>'text' LIKE 'Soak %' GROUP BY 1"
        )
        states = dict(cursor.fetchall())
        cursor.execute(LATENESS)
        late = sorted(max(float(row[0]), 0) for row in cursor.fetchall())
    pages = quantiles(soak.took, n=20)
    print(  # noqa: T201 - the figures are the point
        f"\nsoak of {soak.seconds:.0f} s: {len(soak.took)} pages, median {median(soak.took) * 1000:.0f} ms, "
        f"p95 {pages[-1] * 1000:.0f} ms, {len(soak.wrong)} errors; {len(soak.asked)} questions; deliveries {states}, "
        f"p95 {late[int(len(late) * 0.95)] if late else 0:.1f} s late; {soak.broken} platform faults, "
        f"{soak.killed} kills; memory {soak.memory[0]:.0f} to {soak.memory[-1]:.0f} MB, "
        f"at most {max(soak.memory):.0f} MB; by program, when it was least and most: {soak.least} and {soak.most}; "
        f"not ended: {unfinished}"
    )
