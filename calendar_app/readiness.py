"""Whether a post may go out: what is still missing, and what must be mended first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from accounts.refusals import Invalid
from calendar_app import carrying, checking, pictures, wording
from calendar_app.carrying import Consent, Quote
from calendar_app.models import Placement, Post
from policy import modes, setting
from policy.models import PlanLimits

UNPLANNED_DAYS = timedelta(days=28)
UNPLANNED_FROM = 10  # so many posts within that time before the share says anything


class NotReady(Invalid):
    """Everything that stands against it, one sentence each in `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems), next_step="Nothing was scheduled.")
        self.problems = problems


def problems(
    post: Post, placements: list[Placement], due_at: datetime, now: datetime, *, at_once: bool = False
) -> list[str]:
    """Sentences; empty when all is well."""
    found = [*_facts(post, placements), *_channels(placements, at_once=at_once), *_pictures(post, due_at)]
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


def _pictures(post: Post, due_at: datetime) -> list[str]:
    waiting = [
        f"“{one.media.name}” is still being checked; wait a moment."
        for one in post.pictures.all()
        if one.media.state == "waiting"
    ]
    return waiting + pictures.problems(post, due_at)


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
    unplanned, total = recent(now, post)
    ceiling = PlanLimits.here().unplanned_share
    if total < UNPLANNED_FROM or 100 * (unplanned + 1) <= ceiling * (total + 1):
        return []
    return [
        f"{unplanned} of the last {total} posts had no objective, and the town's ceiling is {ceiling} %. "
        "Choose one for this post."
    ]


def of_recent(now: datetime) -> Q:
    """The placements whose posts `recent` counts."""
    return Q(state="approved", post__created_at__gt=now - UNPLANNED_DAYS)


def recent(now: datetime, but: Post | None = None) -> tuple[int, int]:
    """Of the posts of the last four weeks that were approved, how many serve no objective, and how many there are."""
    rows = Post.objects.filter(created_at__gt=now - UNPLANNED_DAYS, placements__state="approved")
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    counted = rows.aggregate(
        unplanned=Count("pk", filter=Q(objective=None), distinct=True), total=Count("pk", distinct=True)
    )
    return counted["unplanned"], counted["total"]
