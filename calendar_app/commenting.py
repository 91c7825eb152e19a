"""Until when people may comment on a post: a window for everybody, with a reason, a notice, and the thread kept.

No network that Parley speaks to lets a program close the comments of one post, so closing is a task for a person: at
its time those who decide about what is published are told, they close it there and say so here. It is for the whole
post and never about one person or opinion; that is what a moderation case is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.notifications import tell_role
from accounts.refusals import Invalid, LostRace
from calendar_app.models import CommentWindow, Placement
from calendar_app.wording import day_and_time
from channels_app import platforms
from channels_app.models import Channel
from policy import records
from policy.moves import move

ABLE = "close_comments"  # a platform module that can close comments itself says so
WAITING_SHOWN = 20


def by_hand(channel: Channel) -> bool:
    """Whether a person has to close comments on this channel's network."""
    return ABLE not in platforms.get(channel.platform).CAN


def notice_for(reason: str, why: str, when: str) -> str:
    """What residents are told, as a beginning; `when` in words."""
    told = dict(CommentWindow.REASONS).get(reason, "").rstrip(".")
    return f"Comments on this post are open to everybody until {when}. Then they close. {told}: {why.strip()}"


@transaction.atomic
def set_window(
    placement: Placement, closes_at: datetime, reason: str, why: str, notice: str, zone: str, *, by: User, now: datetime
) -> CommentWindow:
    """Choose until when comments stay open, or change it. An empty notice is written from the reason."""
    require(by, "decide_delivery", now, placement.channel.scope)
    _sane(placement, closes_at, reason, why, now)
    notice = notice.strip() or notice_for(reason, why, day_and_time(closes_at, zone))
    facts: dict[str, Any] = {
        "closes_at": closes_at,
        "reason": reason,
        "why": why.strip()[:300],
        "notice": notice[:2000],
    }
    row = CommentWindow.objects.select_for_update(of=("self",)).filter(placement=placement).first()
    if row is None:
        row = CommentWindow.objects.create(placement=placement, by=by, at=now, **facts)
        audit.record("set_comment_window", row, by=by, now=now, **_told(facts))
        return row
    was = _told({name: getattr(row, name) for name in facts})
    if row.state == "planned":
        CommentWindow.objects.filter(pk=row.pk).update(**facts)
    else:
        move(row, "planned", now=now, by=by, closed_at=None, closed_by=None, thread=None, record="", **facts)
    audit.record("set_comment_window", row, by=by, now=now, was=was, became=_told(facts))
    row.refresh_from_db()
    return row


def _told(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}


def _sane(placement: Placement, closes_at: datetime, reason: str, why: str, now: datetime) -> None:
    if reason not in dict(CommentWindow.REASONS) or not why.strip():
        raise Invalid("Closing comments needs a reason that residents are told.")
    if closes_at <= now:
        raise Invalid("That time is over.", next_step="Choose a later one; then close them by hand when it comes.")
    if placement.shown_state != "published":
        raise Invalid("Comments are closed on what is published.", next_step="Publish it first.")


@transaction.atomic
def drop(window: CommentWindow, *, by: User, now: datetime) -> CommentWindow:
    """Comments stay open after all."""
    require(by, "decide_delivery", now, window.placement.channel.scope)
    return move(window, "dropped", now=now, by=by)


def fall_due(now: datetime, limit: int = 50) -> int:
    """At their time: tell those who decide that somebody has to close them; how many."""
    rows = CommentWindow.objects.filter(state="planned", closes_at__lte=now).order_by("closes_at", "pk")
    found = rows.select_related("placement__post", "placement__channel__scope")[:limit]
    return sum(_due(one, now) for one in found)


@transaction.atomic
def _due(row: CommentWindow, now: datetime) -> bool:
    try:
        move(row, "due", now=now, holding={"closes_at": row.closes_at}, again=False)
    except LostRace:  # another worker told it, or somebody chose another time this moment
        return False
    placement = row.placement
    words = f"Close the comments on “{placement.post}” on {placement.channel}, for everybody. {row.why}"
    url, once = reverse("calendar:post", args=[placement.post.key]) + "#comments", f"comments:{row.key}:{row.closes_at}"
    tell_role("decide_delivery", placement.channel.scope, "post.comments", words, url, now=now, once=once[:100])
    return True


@transaction.atomic
def close(window: CommentWindow, thread: Sequence[Mapping[str, object]], *, by: User, now: datetime) -> CommentWindow:
    """A person closed them on the network: keep the whole thread as it is at this moment."""
    placement = window.placement
    require(by, "decide_delivery", now, placement.channel.scope)
    told = {
        "post": str(placement.post.key),
        "channel": str(placement.channel),
        "reason": window.get_reason_display(),
        "why": window.why,
        "notice": window.notice,
        "for": "everybody",
        "closed_by": by.name,
        "closed_how": "by hand on the network" if by_hand(placement.channel) else "by Parley",
        "comments": list(thread),
    }
    record = records.keep("comment_thread", str(placement.key), str(placement)[:200], told, now, now)
    facts: dict[str, Any] = {
        "closed_at": now,
        "closed_by": by,
        "thread": len(thread),
        "record": f"comment_thread {record.ref}"[:80],
    }
    return move(window, "closed", now=now, by=by, reason=window.why, **facts)


def of(placements: Sequence[Placement]) -> dict[int, CommentWindow]:
    """The window of each of these that has one, by row id of the placement: one query."""
    rows = CommentWindow.objects.filter(placement__in=placements).select_related("by", "closed_by")
    return {one.placement_id: one for one in rows}


def waiting(user: User, now: datetime) -> list[CommentWindow]:
    """What somebody has to close by hand, on the channels this person sees, the longest overdue first."""
    rows = CommentWindow.objects.filter(state="due", placement__in=Placement.objects.visible_to(user, now))
    return list(
        rows.select_related("placement__post", "placement__channel").order_by("closes_at", "pk")[:WAITING_SHOWN]
    )
