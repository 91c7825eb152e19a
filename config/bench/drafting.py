"""Row `checks`: what every check together takes for a long draft, as it is typed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from config.bench.asking import bare, heard
from config.bench.figures import Figure, p95
from config.bench.ground import Ground
from config.trial import posts
from policy import asking, checks

CHARACTERS, TIMES, WARM = 3_000, 200, 5
QUESTION = "photo of child"
WORD = re.compile(r"\w+")
TODAY = date(2026, 11, 23)
SEEDED = " ".join(draft.text for draft in posts.DRAFTS)
PLAIN = (SEEDED * (CHARACTERS // len(SEEDED) + 1))[:CHARACTERS]
CRAMMED = " ".join(rule.fires.draft.text for rule in checks.RULES.values() if rule.fires.draft.text.strip())
FACTS = checks.Context(
    place="Facebook",
    network="facebook",
    reply=True,
    situation="criticism",
    today=TODAY,
    window=(TODAY, TODAY + timedelta(days=30)),
    border=True,
    reading="uk",
    facts=frozenset(["214 answers"]),
    their_words="The lamp at the crossing is out again.",
    person="Sam",
    earlier=tuple(draft.text for draft in posts.DRAFTS[:10]),
    politicians=frozenset(["Jo Marsh", "Ann Reed"]),
    parties=frozenset(["Green Party"]),
    children=frozenset(["Mia"]),
    homes=frozenset(["Mill Lane"]),
    people_behind=True,
    own_contacts=frozenset(["01632 960 100", "01632 960 101", "01632 960 102"]),
)


def drafting(ground: Ground) -> list[Figure]:
    """Every check over 3,000 characters: of what a town writes, and of nothing but findings; and “can I…?”."""
    ground.tell("every check over 3,000 characters")
    return [_figure("as written", PLAIN), _figure("all findings", CRAMMED[:CHARACTERS]), _asking(ground)]


def _figure(what: str, text: str) -> Figure:
    draft = checks.Draft(text)
    found = len(checks.check(draft, FACTS))
    times = timed(lambda: checks.check(draft, FACTS))
    floor = timed(lambda: sum(1 for _ in WORD.finditer(text)))
    size = f"{len(text):,} characters {what}, {len(checks.RULES)} rules"
    return Figure(
        "checks", size, p95(times), "ms p95", 20, median(floor), f"{found} findings; yardstick: its words counted"
    )


def _asking(ground: Ground) -> Figure:
    """A question put to the shipped guides; its yardstick is the same statements alone."""
    name = ground.database()
    with heard() as statements:
        answers = len(asking.ask(QUESTION))
    times = timed(lambda: asking.ask(QUESTION))
    floor = timed(lambda: bare(statements))
    ground.drop(name)
    why = f"{answers} answers; yardstick: its statements alone"
    return Figure("checks", "“can I…?” over the shipped guides", p95(times), "ms p95", 50, median(floor), why)


def timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each time, once it has run warm."""
    for _ in range(WARM):
        work()
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return times
