"""What the page of a post says about comments: until when they are open, and the form to choose it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.access import may
from accounts.models import User
from accounts.walltime import to_wall
from calendar_app import commenting
from calendar_app.comment_forms import CommentWindowForm
from calendar_app.models import CommentWindow, Placement


@dataclass(frozen=True)
class Shown:
    """One channel's comments on the post's page."""

    placement: Placement
    window: CommentWindow | None
    form: CommentWindowForm | None
    by_hand: bool


def shown(
    placements: Sequence[Placement], zone: str, user: User, now: datetime, wrong: CommentWindowForm | None = None
) -> list[Shown]:
    """For each that is out, where this person decides or a window is set; `wrong` is the form as it was sent."""
    out = [one for one in placements if one.shown_state == "published"]
    windows = commenting.of(out) if out else {}
    found = []
    for one in out:
        window, decides = windows.get(one.pk), may(user, "decide_delivery", now, one.channel.scope)
        if window or decides:
            form = _form(one, window, zone, wrong) if decides else None
            found.append(Shown(one, window, form, commenting.by_hand(one.channel)))
    return found


def _form(
    placement: Placement, window: CommentWindow | None, zone: str, wrong: CommentWindowForm | None
) -> CommentWindowForm:
    key = str(placement.key)
    if wrong is not None and wrong.prefix == key:
        return wrong
    if window is None:
        return CommentWindowForm(prefix=key)
    told = {"closes": to_wall(window.closes_at, zone), "reason": window.reason, "why": window.why}
    return CommentWindowForm(prefix=key, initial={**told, "notice": window.notice})
