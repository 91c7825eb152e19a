"""Plain functions that make valid things. Every argument is optional; one cast plays in all stories."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Grant, Scope, Town, User
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import LEASED, READING, WAITING
from channels_app.platforms import http
from policy.approvals import content_hash
from policy.models import Approval

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
COUNT = itertools.count(1)

# --- people and the town ---------------------------------------------------------------------------------------------


def make_town(**facts: Any) -> Town:
    """The one town, with these facts."""
    return Town.objects.update_or_create(pk=1, defaults={"name": "Fernhill", **facts})[0]


def make_user(role: str = "", *, scope: Scope | None = None, name: str = "", password: str = "", **facts: Any) -> User:
    """A person; with a role over one scope, or over everything. Without a password they cannot sign in."""
    number = next(COUNT)
    name = name or f"{(role or 'stranger').replace('_', ' ').capitalize()} {number}"
    email = facts.pop("email", f"person{number}@fernhill.example")
    user = User.objects.create_user(email, name, password or None, **facts)
    if role:
        give(user, role, scope)
    return user


def give(user: User, role: str, scope: Scope | None = None) -> Grant:
    return Grant.objects.create(user=user, role=role, scope=scope, starts_at=NOON - timedelta(days=400))


# --- channels and deliveries -----------------------------------------------------------------------------------------


def make_channel(platform: str = "mastodon", *, state: str = "ok", **facts: Any) -> Channel:
    """A practice channel on the platform's fictional host, connected unless told otherwise."""
    number = next(COUNT)
    hosts = http.PRACTICE_HOSTS
    name = facts.pop("name", f"Fernhill {number}")
    return Channel.objects.create(
        scope=facts.pop("scope", None) or Scope.objects.create(kind="channel", name=name),
        platform=platform,
        host=facts.pop("host", hosts.get(platform, f"{platform}.example")),
        remote_id=facts.pop("remote_id", str(1000 + number)),
        handle=facts.pop("handle", f"@fernhill{number}"),
        name=name,
        practice=facts.pop("practice", True),
        state=state,
        created_at=facts.pop("created_at", NOON - timedelta(days=90)),
        **facts,
    )


def make_payload(text: str = "", **parts: Any) -> dict[str, Any]:
    """What goes out, as a Delivery freezes it; without a text it gets one of its own."""
    return {
        "text": text or f"Road works on Mill Road, notice {next(COUNT)}.",
        "link": "",
        "pictures": [],
        "reply_to": "",
        "root": "",
        "target": "",
        "mention": "",
        "visibility": "public",
        "language": "en",
        **parts,
    }


def make_approval(
    payload: dict[str, Any] | None = None, channel: Channel | None = None, *, by: User | None = None, **facts: Any
) -> Approval:
    """The approval of these words on this channel; without a person it says that nobody needed to sign."""
    content = facts.pop("hash", "") or content_hash(payload or make_payload(), channel.key if channel else "none")
    words = "Signed off by an approver." if by else "No sign-off needed: publishers answer for their own posts."
    return Approval.objects.create(
        hash=content,
        rule=facts.pop("rule", "second_pair_of_eyes" if by else "own_post"),
        rule_words=facts.pop("rule_words", words),
        by=by,
        at=facts.pop("at", NOON - timedelta(hours=2)),
        **facts,
    )


def make_delivery(state: str = "scheduled", **facts: Any) -> Delivery:
    """An approved post in any state, with what the database demands of that state."""
    channel = facts.pop("channel", None) or make_channel()
    payload = facts.pop("payload", None) or make_payload(facts.pop("text", ""))
    due_at = facts.pop("due_at", NOON)
    approval = facts.pop("approval", None) or make_approval(payload, channel)
    needs: dict[str, Any] = {"next_action_at": due_at if state in [*WAITING, *READING] else None}
    if state in LEASED:
        needs |= {"lease_until": NOON + timedelta(seconds=90), "fence": 1, "owner": "test"}
    if state in {"sending", "unknown", "awaiting_platform", "published", "removed"}:
        needs |= {"fence": 1, "sends": 1, "intent_at": NOON, "settle_from": NOON + timedelta(seconds=90)}
    if state in {"published", "removed", "awaiting_platform"}:
        needs |= {"remote_id": f"remote-{next(COUNT)}"}
    if state in {"published", "removed"}:
        needs |= {"published_at": NOON, "via": "answer"}
    return Delivery.objects.create(
        channel=channel,
        kind=facts.pop("kind", "post"),
        origin=facts.pop("origin", "post"),
        payload=payload,
        content_hash=facts.pop("content_hash", "") or content_hash(payload, channel.key),
        approval=approval,
        state=state,
        due_at=due_at,
        created_at=facts.pop("created_at", NOON - timedelta(hours=1)),
        **{**needs, **facts},
    )
