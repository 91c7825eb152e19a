"""Things of the voice for tests: a version of it, an approved position."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from policy import voice
from policy.models import Position, Voice
from policy.positions import Said, decide
from tests.factories import COUNT, NOON, make_user


def make_position(**facts: Any) -> Position:
    """A position on a subject of its own, decided by a manager."""
    by = facts.pop("by", None) or make_user("manager")
    subject = facts.pop("subject", f"Incinerator {next(COUNT)}")
    said = Said(subject, facts.pop("says", "We are listening until May and decide in June."), **facts)
    return decide(said, by=by, now=NOON)


def change_voice(remark: str = "Changed", *, by: User | None = None, now: datetime = NOON, **parts: Any) -> Voice:
    """The next version of the voice, with these parts of the profile changed."""
    held = voice.current()
    return voice.change(held.profile.but(**parts), held.n, remark, by=by or make_user("manager"), now=now)
