"""Somebody on their way to a platform, and what a platform does not let be read, as `tests.factories`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts import clock
from accounts.models import User
from channels_app import joining
from channels_app.models import Channel, Joining, UnheardMention, WithheldComments
from channels_app.platforms import oauth
from tests.factories import NOON


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


def make_unheard(channel: Channel, named: str = "17900000000000001/17900000000000002", **facts: Any) -> UnheardMention:
    """A mention nobody has looked at."""
    return UnheardMention.objects.create(channel=channel, named=named, **{"told_at": NOON, "at": NOON, **facts})


def make_withheld(channel: Channel, **facts: Any) -> WithheldComments:
    """Comments that are counted and not shown, and nobody has looked."""
    row = {"count": 14, "since": NOON - timedelta(days=2), "at": NOON, **facts}
    return WithheldComments.objects.get_or_create(channel=channel, ended_at=None, defaults=row)[0]
