"""What did not survive the trip, and when a signature is late: tables over pure functions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from calendar_app.losing import losses
from calendar_app.reminding import limit
from tests.factories import NOON

TEXT = "The pool opens on Monday. See https://fernhill.example/pool"


@pytest.mark.parametrize(
    ("words", "alts", "seen", "pictures", "lost"),
    [
        (TEXT, [], TEXT, [], []),
        (TEXT, [], "The pool opens  on Monday.\nSee fernhill.example/pool/", [], []),
        ("#BinDay today", [], "#binday today", [], ["capitals"]),
        (TEXT, [], "The pool opens on…", [], ["text"]),
        (TEXT, [], "Something else", [], ["text"]),
        (TEXT, ["A pool"], TEXT, [{"alt": "A pool"}], []),
        (TEXT, ["A pool"], TEXT, [{"alt": ""}], ["alt"]),
        (TEXT, ["A pool"], TEXT, [{}], ["alt"]),
        (TEXT, ["A pool with ducks"], TEXT, [{"alt": "A pool"}], ["alt"]),
        (TEXT, ["A pool", "A duck"], TEXT, [{"alt": "A pool"}], ["picture"]),
        (TEXT, ["", "A duck"], TEXT, [{"alt": ""}, {"alt": "A goose"}], ["alt"]),
        (TEXT, ["A pool"], "Nothing", [], ["text", "picture"]),
    ],
)
def test_every_loss_is_named_and_nothing_else(words, alts, seen, pictures, lost):
    assert [one["what"] for one in losses(words, alts, seen, pictures)] == lost


@pytest.mark.parametrize(
    ("due_in", "hours", "late_after"),
    [(None, 24, 24), (48, 24, 24), (8, 24, 6), (4, 2, 2), (-1, 24, 24)],
)
def test_a_signature_is_late_by_the_rule_or_well_before_its_moment(due_in, hours, late_after):
    due_at = None if due_in is None else NOON + timedelta(hours=due_in)
    assert limit(NOON, due_at, hours) == NOON + timedelta(hours=late_after)
