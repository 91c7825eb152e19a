"""Somebody on their way to a platform, as `tests.factories`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts import clock
from accounts.models import User
from channels_app import joining
from channels_app.models import Joining
from channels_app.platforms import oauth


def make_joining(user: User, platform: str = "x", *, session: str = "session", **facts: Any) -> Joining:
    """Begun a moment ago; its state is in `sealed` alone."""
    now, state = clock.now(), oauth.new_state()
    row = Joining(
        user=user,
        platform=platform,
        host=facts.pop("host", "api.x.example"),
        state_hash=joining.digest(state),
        session_hash=joining.digest(session),
        begun_at=now,
        ends_at=facts.pop("ends_at", now + timedelta(minutes=10)),
        **facts,
    )
    proof = {"state": state, "verifier": "v" * 64, "redirect": "http://testserver/channels/connect/back/"}
    row.sealed = joining._seal(row, proof)
    row.save(force_insert=True)
    return row
