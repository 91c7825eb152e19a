"""How the checks' cost grows: with the text, not with its square; the absolute figure is the bench's."""

from __future__ import annotations

import time
from statistics import median

from config.bench.drafting import CRAMMED, FACTS, PLAIN
from policy import checks
from policy.checks import Draft

TIMES = 7


def cost(text: str) -> float:
    times = []
    for _ in range(TIMES):
        begun = time.process_time()
        checks.check(Draft(text), FACTS)
        times.append(time.process_time() - begun)
    return median(times)


def test_four_times_the_text_costs_about_four_times() -> None:
    checks.check(Draft(PLAIN), FACTS)
    assert cost(PLAIN * 4) / cost(PLAIN) < 10


def test_a_text_of_nothing_but_findings_costs_little_more() -> None:
    checks.check(Draft(CRAMMED), FACTS)
    assert cost(CRAMMED[: len(PLAIN)]) / cost(PLAIN) < 6
