"""Where a post stands, channel by channel, in the words of the desk; what this person may do; what happened so far."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from accounts.access import may
from accounts.models import AuditEntry, User
from calendar_app import deciding, further, signoff, wording
from calendar_app.carrying import Poll
from calendar_app.further import Part
from calendar_app.models import Placement, Post, Release
from calendar_app.models.placements import WAITING
from calendar_app.views.finding import seen_placements
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.outbox import StateWords
from channels_app.publishing import attaching

PUBLISHABLE = ("draft", "in_review", "approved", "scheduled", "failed", "missed", "blocked", "retry_wait")
NOBODY_SIGNS = "No sign-off needed"
BUSY = ("claimed", "preparing", "sending", "awaiting_platform", "unknown", "retry_wait")
ACT_WORDS = {
    "created": ("wrote the first draft", "pencil-line"),
    "in_review": ("asked for sign-off", "signature"),
    "approved": ("approved it", "badge-check"),
    "draft": ("took it back to draft", "undo-2"),
    "cancelled": ("cancelled it", "ban"),
    "overrode": ("overrode a check", "shield-alert"),
    "took_back_override": ("took an override back", "undo-2"),
    "signed": ("signed it; others sign too", "signature"),
    "cloned": ("made it as a copy", "copy"),
    "attached": ("found it at a pasted link", "link-2"),
    "claimed_link": ("pasted the link to the live post", "link-2"),
    "chose_workaround": ("said what stands in for what was lost", "receipt"),
    "decided_correction": ("decided about a correction", "eraser"),
    "decided_takedown": ("decided to take it down", "trash-2"),
    "took_change_back": ("no longer asks for a change", "undo-2"),
    "dropped": ("dropped the post", "archive"),
    "taken_up": ("took the post up again", "archive-restore"),
    "rescheduled": ("moved it to another time", "calendar-clock"),
    "scheduled": ("had it sent again", "calendar-clock"),
    "published": ("published", "circle-check"),
    "failed": ("failed; not sent", "circle-x"),
    "missed": ("missed its moment; not sent", "calendar-x"),
    "blocked": ("held back", "hourglass"),
    "needs_attention": ("needs a person", "hand"),
    "posted_by_hand": ("posted it by hand", "hand"),
    "removed": ("removed on the platform", "trash-2"),
}


@dataclass
class Standing:
    """One placement as its page shows it: the state in words, what it says, and what this person may do."""

    placement: Placement
    words: StateWords | None
    text: str
    own: bool
    parts: list[Part]
    poll: Poll | None
    title: str
    delivery: Delivery | None
    takedown: StateWords | None
    may: dict[str, bool]


def standings(found: Post, user: User, now: datetime) -> list[Standing]:
    placements = seen_placements(found, user, now)
    downs = Release.objects.filter(placement__in=placements, delivery__kind="delete").order_by("pk")
    takedowns = {one.placement_id: one.delivery for one in downs.select_related("delivery__channel")}
    return [_standing(one, found, takedowns.get(one.pk), user, now) for one in placements]


def _standing(placement: Placement, found: Post, takedown: Delivery | None, user: User, now: datetime) -> Standing:
    delivery = placement.delivery if placement.state == "approved" else None
    if delivery is not None:
        delivery.channel = placement.channel
    scope, state = placement.channel.scope, placement.shown_state
    words = wording.said(placement, found)
    publishes = may(user, "schedule_post", now, scope)
    by_hand = delivery is not None and outbox.waits_for_a_hand(delivery)
    return Standing(
        placement=placement,
        words=outbox.words_for(delivery, now) if delivery else None,
        text=str(delivery.payload.get("text", "")) if delivery else words.text,
        own=words.own,
        parts=further.parts_of(placement, words.more.parts, user, now),
        poll=words.more.poll,
        title=str(delivery.payload.get("title", "")) if delivery else words.more.title,
        delivery=delivery,
        takedown=_takedown(takedown, now) if state == "published" else None,
        may={
            "attach": state in attaching.OPEN and not by_hand and may(user, "decide_delivery", now, scope),
            "by_hand": by_hand and may(user, "decide_delivery", now, scope),
            "correct": state == "published" and may(user, "correct_post", now, scope),
            "decide": state in deciding.FOR_A_PERSON and not by_hand and may(user, "decide_delivery", now, scope),
            "again": state == "failed" and publishes,
            "delete": state == "published" and may(user, "delete_post", now, scope) and _can_be_deleted(takedown),
            "cancel": (placement.waits or state in {"draft", "approved"}) and publishes,
            "move": (placement.waits and publishes) or (state == "approved" and may(user, "write_post", now, scope)),
            "withdraw": state == "in_review" and may(user, "write_post", now, scope),
        },
    )


def _takedown(takedown: Delivery | None, now: datetime) -> StateWords | None:
    return outbox.words_for(takedown, now) if takedown else None


def _can_be_deleted(takedown: Delivery | None) -> bool:
    return takedown is None or takedown.state in {"failed", "cancelled"}


def acts(found: Post, standings: list[Standing], user: User, now: datetime) -> dict[str, object]:
    """What can be done with the whole post, and how often the page looks again."""
    placements = [one.placement for one in standings]
    open_ones = [one for one in placements if one.shown_state in {"draft", "in_review", "approved"}]
    waiting = [one for one in placements if one.shown_state in WAITING]
    writes = may(user, "write_post", now)
    return {
        "standings": standings,
        "seen": mark(standings),
        "open": open_ones,
        "waiting": waiting,
        "can_write": writes and not found.dropped_at,
        "publishable": any(
            one.shown_state in PUBLISHABLE and may(user, "schedule_post", now, one.channel.scope) for one in placements
        ),
        "can_publish": any(may(user, "schedule_post", now, one.channel.scope) for one in open_ones + waiting),
        "signing": _to_sign(found, placements, user, now),
        "every": 5 if _is_busy(standings) else 20,
    }


def _is_busy(standings: list[Standing]) -> bool:
    """Something is on its way, or the next part of something that is out."""
    out = [one for one in standings if one.placement.shown_state in {*BUSY, "published"}]
    parts = [part.delivery.state for one in out for part in one.parts if part.delivery]
    return any(one.placement.shown_state in BUSY for one in standings) or any(
        state in {*BUSY, "scheduled"} for state in parts
    )


def _to_sign(found: Post, placements: list[Placement], user: User, now: datetime) -> list[Placement]:
    """Those in the queue that this person may sign: not their own words, and theirs to sign on that channel."""
    rows = [one for one in placements if one.state == "in_review" and one.asked_by_id != user.pk]
    if not rows or user.pk in signoff.writers(found):
        return []
    return [one for one in rows if may(user, "approve_post", now, one.channel.scope)]


def mark(standings: list[Standing]) -> str:
    """A short mark of everything the states show."""
    facts = [
        (one.placement.pk, one.placement.state, one.words, one.takedown, [part.words for part in one.parts])
        for one in standings
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def history(found: Post, placements: list[Placement], now: datetime) -> list[dict[str, object]]:
    """What people and Parley did, the newest first; one act on several channels at once is one line."""
    released = Release.objects.filter(placement__in=placements)
    where = {str(one.key): wording.place(one.channel) for one in placements}
    for key, name in released.values_list("delivery__key", "placement__channel__name"):
        where[str(key)] = name
    entries = AuditEntry.objects.filter(ref__in=[str(found.key), *where], kind__in=["post", "placement", "delivery"])
    newest = entries.order_by("-pk")[:60]
    gathered = groupby(newest, key=lambda one: (one.act, one.at, one.actor_id, one.kind))
    return [_told(list(same), where) for _, same in gathered]


def _told(same: list[AuditEntry], where: Mapping[str, str]) -> dict[str, object]:
    entry = same[0]
    words, icon = ACT_WORDS.get(entry.act, (entry.act.replace("_", " "), "dot"))
    reason = str(entry.data.get("reason", ""))
    if entry.act == "approved" and reason.startswith(NOBODY_SIGNS):
        words, icon = "let it go out", "calendar-check"
    places = ", ".join(sorted(where[one.ref] for one in same if one.ref in where))
    who = entry.actor_words if entry.actor_id else places
    return {
        "words": f"{who} {words}{f': {places}' if places and entry.actor_id else ''}",
        "more": reason,
        "at": entry.at,
        "icon": icon,
        "tone": "alarm" if entry.act in {"failed", "missed", "needs_attention"} else "plain",
    }
