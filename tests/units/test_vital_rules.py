"""The table of alerts: from which value on somebody should look, and from which somebody must act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from channels_app.models import Channel, UnheardMention, WithheldComments
from config.vitals import exposition, rules
from config.vitals.facts import Vitals
from tests.factories import NOON

HOUR, DAY = 3600, 86400
POOL = Channel(name="Fernhill Pool", platform="mastodon", pk=7)
WELL = Vitals(
    now=NOON,
    states={"scheduled": 3},
    overdue=0,
    overdue_for=0,
    unknown_for=0,
    beats={"publisher": 1, "reconciler": 1, "beat": 20, "poller": 8, "mailer": 6},
    unread={POOL: 200},
    poll_every=300,
    expiring={POOL: 60 * DAY},
    held={},
    twins=[],
    broken=[],
    mismatch="",
    clock_delta=0.01,
    backup_for=1800,
    late_found=0,
    due_soon=4,
    queues={"poll": 0},
    audit_head=12,
)


def mention(named: str, days: int = 0) -> UnheardMention:
    return UnheardMention(channel=POOL, named=named, at=NOON + timedelta(days=days))


def told(**facts: Any) -> list[tuple[str, str]]:
    return [(alert.kind, alert.level) for alert in rules.judge(replace(WELL, **facts))]


def test_nothing_is_wrong_while_all_is_well() -> None:
    assert rules.judge(WELL) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"overdue": 1, "overdue_for": 59}, []),
        ({"overdue": 1, "overdue_for": 60}, [("overdue", "warn")]),
        ({"overdue": 1, "overdue_for": 300}, [("overdue", "page")]),
        ({"unknown_for": 299}, []),
        ({"unknown_for": 300}, [("unknown", "warn")]),
        ({"unknown_for": 900}, [("unknown", "page")]),
        ({"beats": {"publisher": 30}}, [("silent", "warn")]),
        ({"beats": {"publisher": 120}}, [("silent", "page")]),
        ({"beats": {"beat": 60}}, [("silent", "warn")]),
        ({"beats": {"beat": 300}}, [("silent", "page")]),
        ({"beats": {"poller": 299}}, []),
        ({"beats": {"poller": 900}}, [("silent", "page")]),
        ({"beats": {}}, []),
        ({"unheard": [mention("1")]}, [("unheard", "warn")]),
        ({"unheard": [mention("1"), mention("2"), mention("3", days=1)]}, [("unheard", "warn")] * 2),
        ({"withheld": [(WithheldComments(channel=POOL, count=2), "")]}, [("withheld", "warn")]),
        ({"withheld": [(WithheldComments(channel=POOL, count=3), "")]}, [("withheld", "page")]),
        ({"unread": {POOL: 599}}, []),
        ({"unread": {POOL: 600}}, [("unread", "warn")]),
        ({"unread": {POOL: 1200}}, [("unread", "page")]),
        ({"unread": {POOL: 100}, "poll_every": 15}, []),
        ({"unread": {POOL: 130}, "poll_every": 15}, [("unread", "warn")]),
        ({"expiring": {POOL: 14 * DAY + 1}}, []),
        ({"expiring": {POOL: 14 * DAY}}, [("expires", "warn")]),
        ({"expiring": {POOL: 2 * DAY}}, [("expires", "page")]),
        ({"expiring": {POOL: -5}}, [("expires", "page")]),
        ({"held": {POOL: (2, 16 * 60)}}, [("held", "warn")]),
        ({"held": {POOL: (2, 15 * 60)}}, [("held", "page")]),
        ({"broken": ["audit"]}, [("chain", "page")]),
        ({"mismatch": "This database was restored."}, [("mismatch", "page")]),
        ({"clock_delta": 4.9}, []),
        ({"clock_delta": -5}, [("clock", "warn")]),
        ({"clock_delta": 30}, [("clock", "page")]),
        ({"backup_for": None}, []),
        ({"backup_for": 2 * HOUR}, [("backup", "warn")]),
        ({"backup_for": 6 * HOUR}, [("backup", "page")]),
        ({"late_found": 1}, [("late_found", "warn")]),
        ({"queues": None}, [("broker", "warn")]),
    ],
)
def test_each_limit(facts: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(**facts) == expected


def test_what_must_be_acted_on_comes_first() -> None:
    assert told(queues=None, broken=["records"]) == [("chain", "page"), ("broker", "warn")]


def test_every_sentence_ends_and_says_what_it_means() -> None:
    worst = {
        "overdue": 2,
        "overdue_for": 4000,
        "unknown_for": 4000,
        "beats": {"publisher": 400},
        "held": {POOL: (1, 0)},
    }
    for alert in rules.judge(replace(WELL, **worst)):
        assert alert.words.endswith(".")
        assert alert.url.startswith("/")
    words = [alert.words for alert in rules.judge(replace(WELL, **worst))]
    assert "2 deliveries are due and not moving, the first for 66 min." in words
    assert "Fernhill Pool on Mastodon is not connected and 1 post waits for it." in words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (9 * DAY, "9 days")]
)
def test_lengths_of_time_are_said_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert rules.lasting(seconds) == words


def test_a_histogram_is_cumulative_and_ends_with_everything() -> None:
    metric = exposition.lateness({"1": 3, "5": 2, "+Inf": 1}, 4000.5)
    counts = {sample.labels["le"]: sample.value for sample in metric.samples if sample.name.endswith("_bucket")}
    assert (counts["1"], counts["2"], counts["5"], counts["+Inf"]) == (3, 3, 5, 6)


def test_a_label_cannot_break_out_of_its_line() -> None:
    odd = Channel(name='Pool"\n} 1\nparley_forged 9', platform="mastodon", pk=8)
    families = text_string_to_metric_families(_exposed(replace(WELL, unread={odd: 5})))
    names = {sample.name for family in families for sample in family.samples}
    assert "parley_poll_age_seconds" in names
    assert "parley_forged" not in names


def _exposed(v: Vitals) -> str:
    registry = exposition.CollectorRegistry(auto_describe=False)
    registry.register(exposition.Once(exposition.gauges(v)))
    return exposition.generate_latest(registry).decode()
