"""Comment windows for tests."""

from __future__ import annotations

from datetime import timedelta

from calendar_app.models import CommentWindow, Placement
from tests.factories import NOON, make_user


def make_window(placement: Placement) -> CommentWindow:
    """Comments that close in two days, as a row only."""
    return CommentWindow.objects.create(
        placement=placement,
        closes_at=NOON + timedelta(days=2),
        reason="over",
        why="The fair is over.",
        notice="Comments close.",
        by=make_user("publisher"),
        at=NOON,
    )
