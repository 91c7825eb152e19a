"""How the checks' cost grows: with the text, not with its square; the absolute figure is the bench's."""

from __future__ import annotations

import time
from statistics import median

import pytest

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


@pytest.mark.parametrize("bit", ["a.", "Dr. ", "3/4 ", "😀", "cancer ", "#a ", "1 ", "(AB "])
def test_no_odd_text_costs_more_than_its_length(bit: str) -> None:
    """Twelve, not four: a little of it may grow faster, as long as a pasted file cannot hold the desk."""
    short = bit * (1_500 // len(bit))
    checks.check(Draft(short), FACTS)
    assert cost(short * 4) / cost(short) < 12
