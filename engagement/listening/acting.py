"""What people do with what a watch heard: take it into the inbox, hold it, set it aside, look up who wrote it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, Refusal
from channels_app.platforms.base import Incoming
from engagement import filing
from engagement.models import Conversation, ListeningChoices, Message, ProfileView, WatchHit
from policy.moves import move

DAY, MONTH = timedelta(days=1), timedelta(days=30)
SHOWN_FOR = timedelta(minutes=10)  # after looking somebody up
OFTEN = 3  # views of one profile within a month, by whomever: from then on there is to be a reason


class TooManyProfiles(Refusal):
    """The desk answers people, it does not study them."""

    status = 429
    rule = "listening"


def take(hit: WatchHit, *, by: User, now: datetime) -> Conversation:
    """Make it a conversation in the inbox. Its words are a message there from now on, and no longer kept here."""
    with transaction.atomic():
        fresh = _held(hit)
        if fresh.conversation:
            return fresh.conversation
        filing.file(fresh.channel, [_as_item(fresh)], now)
        message = Message.objects.get(channel=fresh.channel, remote_id=fresh.remote_id)
        facts: dict[str, Any] = {"message": message, "conversation": message.conversation, "item": {}}
        same = WatchHit.objects.filter(channel=fresh.channel, remote_id=fresh.remote_id).exclude(pk=fresh.pk)
        same.update(**facts)
        move(fresh, "taken", now=now, by=by, **facts)
        if message.conversation is None:
            raise IllegalMove("It is a post of our own by now.")
    return message.conversation


def hold(hit: WatchHit, reason: str, *, by: User, now: datetime) -> WatchHit:
    """Keep it beyond its time, for a reason that is written down."""
    if not reason.strip():
        raise Invalid("Say why it is kept.", rule="listening")
    return move(hit, "held", now=now, by=by, reason=reason.strip()[:300], hold_reason=reason.strip()[:300], held_by=by)


def release(hit: WatchHit, *, by: User, now: datetime) -> WatchHit:
    """It is forgotten in its time after all."""
    return move(hit, "new", now=now, by=by, hold_reason="", held_by=None)


def set_aside(hit: WatchHit, *, by: User, now: datetime) -> WatchHit:
    """Nothing to do here."""
    return move(hit, "aside", now=now, by=by)


def author_of(hit: WatchHit) -> dict[str, str]:
    """Who wrote it: name, handle, and the address of what they wrote."""
    if hit.message and hit.message.person:
        who = hit.message.person
        return {"id": who.remote_id, "name": who.name, "handle": who.handle, "url": hit.message.url}
    names = {"id": "author_id", "name": "author_name", "handle": "author_handle", "url": "url"}
    return {name: str(hit.item.get(key, "")) for name, key in names.items()}


def look_up(hit: WatchHit, reason: str, *, by: User, now: datetime) -> ProfileView | None:
    """Count that this person looks up who wrote it. Raises TooManyProfiles at the day's limit, and Invalid where the
    profile was looked up often and no reason is given. Public voices are not counted.
    """
    if hit.voice_id:
        return None
    whose, most = fingerprint(hit), ListeningChoices.here().views_a_day
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        mine = ProfileView.objects.filter(user=by, at__gt=now - DAY)
        if shown(hit, by, now):
            return None
        if mine.values("whose").distinct().count() >= most and not mine.filter(whose=whose).exists():
            raise TooManyProfiles(
                f"You have looked up {most} people today, which is as many as the town allows.",
                next_step="Answer in the thread: that needs no profile.",
            )
        often = ProfileView.objects.filter(whose=whose, at__gt=now - MONTH).count() >= OFTEN - 1
        if often and not reason.strip():
            raise Invalid("This person was looked up before this month. Say why again.", rule="listening")
        view = ProfileView.objects.create(user=by, whose=whose, reason=reason.strip()[:300], at=now)
        audit.record("looked_up_author", hit.watch, by=by, now=now, reason=reason.strip()[:300], hit=str(hit.key))
    return view


def shown(hit: WatchHit, user: User, now: datetime) -> bool:
    """Whether this person looked it up a moment ago, or it is a public voice."""
    if hit.voice_id:
        return True
    return ProfileView.objects.filter(user=user, whose=fingerprint(hit), at__gt=now - SHOWN_FOR).exists()


def fingerprint(hit: WatchHit) -> str:
    """The author without their name: the same for the same account, and of use to nobody without Parley's key."""
    who = author_of(hit)
    return salted_hmac(
        "profile-view", f"{hit.channel.platform}:{who['id'] or who['handle']}", algorithm="sha256"
    ).hexdigest()


def _held(hit: WatchHit) -> WatchHit:
    rows = WatchHit.objects.select_for_update(of=("self",)).select_related("channel", "conversation", "watch")
    found = rows.filter(pk=hit.pk).first()
    if found is None:
        raise IllegalMove("It was forgotten meanwhile.")
    return found


def _as_item(hit: WatchHit) -> Incoming:
    kept = hit.item
    return Incoming(
        kind="mention",
        remote_id=hit.remote_id,
        thread_key=hit.remote_id,
        parent_id="",
        root_id="",
        author_id=str(kept.get("author_id", "")),
        author_handle=str(kept.get("author_handle", "")),
        author_name=str(kept.get("author_name", "")),
        text=str(kept.get("text", "")),
        at=hit.at,
        url=str(kept.get("url", "")),
        language=str(kept.get("language", "")),
        raw={"found by": "a watch", "text": str(kept.get("text", ""))},
    )
