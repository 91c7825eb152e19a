"""Whether a post may go out: what is still missing, and what must be mended first."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.refusals import Invalid
from calendar_app import carrying, checking, wording
from calendar_app.carrying import Consent, Quote
from calendar_app.models import Placement, Post
from policy import modes, setting

UNPLANNED_DAYS = timedelta(days=28)
UNPLANNED_FROM = 10  # so many posts within that time before the share says anything
UNPLANNED_SHARE = 1 / 3


class NotReady(Invalid):
    """Everything that stands against it, one sentence each in `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems), next_step="Nothing was scheduled.")
        self.problems = problems


def problems(
    post: Post, placements: list[Placement], due_at: datetime, now: datetime, *, at_once: bool = False
) -> list[str]:
    """Sentences; empty when all is well."""
    found = [*_facts(post, placements), *_channels(placements, at_once=at_once), *_pictures(post)]
    if at_once and modes.current(None, now) == "emergency":
        found.append("An emergency is on: nothing but its own messages goes out now. Give the post a later time.")
    found += _carried(post, placements)
    return found + checked(post, placements, now) + _unplanned(post, now)


def checked(post: Post, placements: list[Placement], now: datetime) -> list[str]:
    """What the checks still stop, in sentences: must-findings that nobody has overridden."""
    found = checking.open_musts(post, placements, setting.at(now)) if placements else []
    return [f"{one.words}{f' “{one.quote}”' if one.quote else ''}" for one in found]


def require_checked(post: Post, placements: list[Placement], now: datetime) -> None:
    """The checks once more, before a signature and before a release: a list, a mode or a date may have changed."""
    found = checked(post, placements, now)
    if found:
        raise NotReady(found)


def require_ready(
    post: Post, placements: list[Placement], due_at: datetime, now: datetime, *, at_once: bool = False
) -> None:
    if placements:
        found = problems(post, placements, due_at, now, at_once=at_once)
        if found:
            raise NotReady(found)


def _facts(post: Post, placements: list[Placement]) -> list[str]:
    missing = []
    if post.dropped_at:
        missing.append("This post was dropped; take it up again first.")
    if not placements:
        missing.append("Choose at least one channel.")
    if post.topic is None:
        missing.append("Choose a topic.")
    if not post.benefit:
        missing.append("Say what readers get from it.")
    if post.objective is None and not post.unplanned:
        missing.append("Choose the objective it serves, or say that it is unplanned.")
    return missing


def _channels(placements: list[Placement], *, at_once: bool) -> list[str]:
    found = []
    for placement in placements:
        channel = placement.channel
        if channel.state == "archived":
            found.append(f"{channel} is archived.")
        elif at_once and channel.state != "ok":
            state = {"paused": "is paused", "needs_reconnect": "has lost its connection"}
            found.append(f"{channel} {state.get(channel.state, 'is not connected yet')}: nothing can go out there now.")
    return found


def _pictures(post: Post) -> list[str]:
    return [
        f"“{one.media.name}” is still being checked; wait a moment."
        for one in post.pictures.all()
        if one.media.state == "waiting"
    ]


def _carried(post: Post, placements: list[Placement]) -> list[str]:
    """Polls, quotes and consents that are not whole."""
    sayings = [wording.said(one, post) for one in placements]
    alts = {str(one.media.key): one.alt for one in post.pictures.all()}
    found = [words for one in sayings for words in carrying.problems(one.more, one.channel, len(alts))]
    found += carrying.quote_problems(post.kind, Quote(**post.quote), [one.text for one in sayings], alts)
    return found + carrying.consent_problems(post.kind, Consent(**post.consent))


def _unplanned(post: Post, now: datetime) -> list[str]:
    """A desk that mostly posts without an objective has none: the unplanned are capped at a share of the recent."""
    if not post.unplanned or post.objective:
        return []
    recent = Post.objects.filter(created_at__gt=now - UNPLANNED_DAYS, placements__state="approved").distinct()
    recent = recent.exclude(pk=post.pk)
    total, unplanned = recent.count(), recent.filter(objective=None).count()
    if total < UNPLANNED_FROM or (unplanned + 1) / (total + 1) <= UNPLANNED_SHARE:
        return []
    return [
        f"{unplanned} of the last {total} posts had no objective, which is as many as may be. Choose one for this post."
    ]
