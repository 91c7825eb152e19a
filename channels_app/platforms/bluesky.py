"""Bluesky, by plain XRPC to the server that keeps the account; what the public sees comes through it as well.

Every post has a name made from our key and is written only where nothing stands yet, so the same call again is safe.
Nobody but the writer can take a post away, but answers under our own posts can be hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from channels_app.platforms import (
    bluesky_chat,
    bluesky_likes,
    bluesky_reading,
    bluesky_streams,
    bluesky_text,
    bluesky_writing,
    liking,
)
from channels_app.platforms.base import (
    Account,
    Candidate,
    Incoming,
    Limits,
    Lookup,
    Measured,
    Need,
    Outgoing,
    Page,
    Profile,
    Receipt,
    Refused,
    VideoLimits,
)
from channels_app.platforms.bluesky_client import LABEL, TABLE, Client, reading
from channels_app.platforms.bluesky_session import REMAINS, expires_at, renew, take_back
from channels_app.platforms.matching import SLACK, done
from channels_app.platforms.plaintext import with_link
from channels_app.platforms.verdicts import proof

__all__ = ["LABEL", "REMAINS", "renew", "take_back"]

NAME = "bluesky"
HOST = "bsky.social"  # it passes on to the server of the account
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "captions", "thread", "delete", "reply", "hide", "like"),
        *("own_posts", "comments", "mentions", "direct", "metrics", "search"),
    }
)
STREAMS = ("posts", "comments", "mentions", "direct")
KEYED = True
PROOF = proof(TABLE)
NEEDS = (
    Need("identifier", "Handle", "The account's name, like fernhill.bsky.social."),
    Need("app_password", "App password", "From Settings, Privacy and security, App passwords. Allow direct messages."),
)
LIMITS = Limits(
    text=bluesky_text.MOST,
    images=4,
    image_bytes=25 * 1024 * 1024,  # more than 2 MB is made smaller on the way
    alt=2000,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
    # Not confirmed with a real account: that a video of three minutes is the longest it shows.
    video=VideoLimits(50_000_000, 0.1, 180, frozenset({"video/mp4"}), captions=True),
)


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(bluesky_text.length(with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    return bluesky_writing.words(outgoing)


def profile(account: Account) -> Profile:
    """Whom the session speaks for."""
    client = Client(account)
    did = reading(lambda: str(client.ask("com.atproto.server.getSession")["did"]))
    row = reading(lambda: client.ask("app.bsky.actor.getProfile", actor=did))
    return reading(
        lambda: Profile(
            remote_id=did,
            handle=bluesky_reading.handle_of(row),
            name=str(row.get("displayName") or row["handle"]),
            url=f"https://{bluesky_reading.web(account)}/profile/{row['handle']}",
            expires_at=expires_at(account.secrets["access_token"]),
            numbers=bluesky_reading.profile_numbers(row),
        )
    )


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    """One upload per picture; of a video its words as well."""
    names = [f"image:{one.key}" for one in outgoing.pictures]
    if outgoing.video and not outgoing.pictures:
        names.append(f"video:{outgoing.video.key}")
        names += [f"captions:{outgoing.video.key}"] if outgoing.video.captions else []
    return names


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    return bluesky_writing.uploaded(account, outgoing, step)


def send(account: Account, outgoing: Outgoing) -> Receipt:
    if outgoing.kind == "delete":
        bluesky_writing.deleted(account, outgoing.target)
        return Receipt(outgoing.target)
    if outgoing.kind in {"hide", "unhide"}:
        bluesky_writing.gated(account, outgoing.target, outgoing.kind == "hide")
        return Receipt(outgoing.target)
    if outgoing.kind in liking.LIKES:
        bluesky_likes.put(account, outgoing)
        return Receipt(outgoing.target)
    if outgoing.visibility == "direct":
        return bluesky_chat.sent(account, outgoing, words(outgoing))
    uri, at = bluesky_writing.posted(account, outgoing)
    return Receipt(uri, bluesky_reading.url_of(account, uri), bluesky_reading.moment(at))


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    """By name where the thing has one: then it is there or it is not."""
    if outgoing.kind == "delete":
        gone = reading(lambda: Client(account).record(outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    if outgoing.kind in {"hide", "unhide"}:
        return Lookup(exact=_as_wanted(account, outgoing, since), resend_safe=True)
    if outgoing.kind in liking.LIKES:
        liked = reading(lambda: bluesky_likes.is_liked(account, Client(account), outgoing.target))
        return liking.look(outgoing, liked, since)
    if outgoing.visibility == "direct":
        return Lookup(reading(lambda: bluesky_chat.seen(account, outgoing, words(outgoing), since)))
    uri = bluesky_writing.uri_of(account, outgoing)
    there = reading(lambda: Client(account).record(uri))
    found = there and reading(lambda: bluesky_reading.candidate(account, uri, there["value"]))
    ours = found if found and outgoing.idem_key and found.reply_to == outgoing.reply_to else None
    fresh = [ours] if ours and ours.at >= since - SLACK else []
    return Lookup(fresh, exact=ours, resend_safe=bool(outgoing.idem_key))


def _as_wanted(account: Account, outgoing: Outgoing, since: datetime) -> Candidate | None:
    try:
        hidden = reading(lambda: bluesky_writing.is_hidden(account, outgoing.target))
    except Refused as ending:
        if ending.cause == "token":
            raise
        return None
    return done(outgoing, since) if hidden == (outgoing.kind == "hide") else None


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    client = Client(account)
    if bluesky_chat.is_private(remote_id):
        return reading(lambda: bluesky_chat.one(account, client, remote_id))
    row = reading(lambda: bluesky_streams.one(client, remote_id))
    return reading(lambda: bluesky_reading.item(account, row)) if row else None


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    client = Client(account)
    if stream == "comments":
        return reading(lambda: bluesky_streams.comments(account, client, root))
    if stream == "posts":
        return reading(lambda: bluesky_streams.posts(account, client, page))
    look = bluesky_chat.talks if stream == "direct" else bluesky_streams.mentions
    return reading(lambda: look(account, client, page))


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    return reading(lambda: bluesky_streams.found(account, Client(account), phrases, since))


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Posts that are gone are left out."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    if "" in remote_ids:
        row = reading(lambda: client.ask("app.bsky.actor.getProfile", actor=account.remote_id))
        found[""] = bluesky_reading.profile_numbers(row)
    wanted = [one for one in remote_ids if one.startswith("at:")]
    for start in range(0, len(wanted), 25):
        uris = wanted[start : start + 25]
        rows = reading(lambda uris=uris: client.ask("app.bsky.feed.getPosts", uris=uris)["posts"])  # type: ignore[misc]
        found |= {str(row["uri"]): bluesky_reading.numbers(row) for row in rows}
    return found
