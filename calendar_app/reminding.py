"""Reminders of signatures that are late: rows that are due once, written when somebody asks.

The limit is that of the rule, or the town's general one, and never later than three quarters of the way to the post's
own moment. At the limit whoever is to sign is reminded, and the deputy is asked. Each row is sent once, whatever
crashes in between; asking anew writes new rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.access import who_may
from accounts.models import User
from accounts.notifications import tell
from calendar_app.authors import writers
from calendar_app.models import Placement, SignReminder
from policy.models import PolicyChoices
from policy.signing import Step

SHARE = 0.75
AT_ONCE = 20  # rows in one turn


def limit(asked_at: datetime, due_at: datetime | None, hours: int) -> datetime:
    """When a signature is late."""
    by_rule = asked_at + timedelta(hours=hours)
    if due_at is None or due_at <= asked_at:
        return by_rule
    return min(by_rule, asked_at + (due_at - asked_at) * SHARE)


def plan(placement: Placement, steps: Sequence[Step], now: datetime) -> None:
    """Write down who is to be reminded when; `now` is when it was asked for."""
    choices = PolicyChoices.here()
    rows: dict[tuple[str, int | None], SignReminder] = {}
    for step in steps:
        due_at = limit(now, placement.due_at, step.hours or choices.sign_hours)
        deputy = step.deputy or (choices.sign_deputy if step.signer is None else None)
        for to, user in [("signer", step.signer), *([("deputy", deputy)] if deputy else [])]:
            key = (to, user.pk if user else None)
            if key not in rows or due_at < rows[key].due_at:
                rows[key] = SignReminder(placement=placement, asked_at=now, to=to, user=user, due_at=due_at)
    SignReminder.objects.bulk_create(rows.values(), ignore_conflicts=True)


def send_due(now: datetime) -> int:
    """Send what is due; how many people were told. Any number of processes may run this at once."""
    told = 0
    with transaction.atomic():
        due = SignReminder.objects.filter(sent_at=None, due_at__lte=now).order_by("due_at", "pk")
        for row in due.select_for_update(skip_locked=True, of=("self",)).select_related("user")[:AT_ONCE]:
            row.told = _send(row, now)
            row.sent_at = now
            row.save(update_fields=["sent_at", "told"])
            told += row.told
    return told


def _send(row: SignReminder, now: datetime) -> int:
    """Tell them, unless it was decided or asked anew meanwhile; how many."""
    placement = Placement.objects.select_related("post__author", "channel__scope", "asked_by").get(pk=row.placement_id)
    if placement.state != "in_review" or placement.asked_at != row.asked_at or placement.post.dropped_at:
        return 0
    once = f"remind:{row.pk}"
    url = reverse("desk:sign-off") + f"#post-{placement.post.key}"
    people = [
        one for one in _people(row, placement, now) if tell(one, *_words(row, placement), url, now=now, once=once)
    ]
    return len(people)


def _people(row: SignReminder, placement: Placement, now: datetime) -> list[User]:
    if row.user:
        return [row.user]
    besides = writers(placement.post) | {placement.asked_by_id or 0}
    return list(who_may("approve_post", now, placement.channel.scope).exclude(pk__in=besides))


def _words(row: SignReminder, placement: Placement) -> tuple[str, str]:
    asker = placement.asked_by or placement.post.author
    what = f"“{placement.post}” on {placement.channel}"
    if row.to == "deputy":
        return "post.to_sign", f"Nobody has decided about {what} yet. You are the deputy: please look at it."
    return "post.to_sign", f"Still waiting for your signature: {what}, asked for by {asker.name}."


def next_limit(placement: Placement) -> SignReminder | None:
    """The limit of what waits now: its deputy's row where there is one."""
    rows = [one for one in placement.reminders.all() if one.asked_at == placement.asked_at]
    return min(rows, key=lambda one: (one.to != "deputy", one.due_at), default=None)
