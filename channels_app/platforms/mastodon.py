"""Mastodon, on the town's own server, through Mastodon.py.

The server takes our key: within the hour the same call with the same key gives the same status, so an uncertain post
may be sent again. Nobody can hide another's status here. Mentions bring private messages with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import counting, liking, mastodon_reading, mastodon_streams, plaintext
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
    PollLimits,
    Profile,
    Receipt,
    Refused,
    TryLater,
    VideoLimits,
)
from channels_app.platforms.mastodon_client import TABLE, Client
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof

NAME = "mastodon"
LABEL = "Mastodon"
HOST = ""
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "poll", "thread", "delete", "reply", "like", "like_direct"),
        *("own_posts", "comments", "mentions", "direct", "metrics", "search"),
    }
)
STREAMS = ("posts", "comments", "mentions")
KEYED = True
PROOF = proof(TABLE)
NEEDS = (Need("access_token", "Access token", "From Preferences, Development, with the rights read and write."),)
MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
DEFAULTS = {"text": 500, "images": 4, "image_bytes": 16 * 1024 * 1024, "alt": 1500}
VIDEO_MIMES = frozenset({"video/mp4", "video/quicktime", "video/webm"})
VIDEO_BYTES = 99 * 1024 * 1024
POLLS = {"poll_options": 4, "poll_option": 50, "poll_least": 5, "poll_most": 30 * 24 * 60}
PENDING = "pending:"  # marks the id of a picture the server was still working on when it took it
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    """The server's own, as it told them when the channel was connected."""
    told = account.limits if account else {}
    known = {name: told.get(name, usual) for name, usual in DEFAULTS.items()}
    polls = {name.removeprefix("poll_"): told.get(name, usual) for name, usual in POLLS.items()}
    # Mastodon has no captions of its own, and names no longest time: the size is what limits a video.
    video = VideoLimits(told.get("video_bytes", VIDEO_BYTES), 0.1, 3600, VIDEO_MIMES)
    return Limits(
        text=known["text"],
        images=known["images"],
        image_bytes=known["image_bytes"],
        alt=known["alt"],
        mimes=MIMES,
        poll=PollLimits(**polls),
        video=video,
    )


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    most = limits(account).text
    return Measured(counting.mastodon(plaintext.with_link(text, link), most), most)


def words(outgoing: Outgoing) -> str:
    """A reply reaches nobody unless it names them."""
    text = plaintext.with_link(outgoing.text, outgoing.link)
    if outgoing.mention and outgoing.mention.lower() not in text.lower():
        return f"{outgoing.mention} {text}"
    return text


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    """Whom the token speaks for, with the server's limits. A token that may not write is refused here."""
    client = Client(account)
    row = _read(lambda: client.call("account_verify_credentials"))
    granted = _read(lambda: _scopes(client))
    if granted is not None and not any(scope.partition(":")[0] == "write" for scope in granted):
        raise Refused("This access token may only read. Make one with the right to write.", cause="permission")
    return _read(
        lambda: Profile(
            remote_id=str(row["id"]),
            handle=mastodon_reading.handle_of(account, row),
            name=str(row.get("display_name") or row["username"]),
            url=str(row.get("url") or ""),
            scopes=granted,
            limits=_limits(client.call("instance_v2")["configuration"]),
            numbers=mastodon_reading.profile_numbers(row),
        )
    )


def _scopes(client: Client) -> frozenset[str] | None:
    """What the token may do; None where the server is too old to say."""
    try:
        row = client.call("app_verify_credentials")
    except Answered as answer:
        if answer.code in {"403", "404"}:
            return None
        raise
    return frozenset(str(scope) for scope in row["scopes"]) if row.get("scopes") else None


def _limits(configuration: Mapping[str, Any]) -> dict[str, int]:
    statuses, media = configuration.get("statuses") or {}, configuration.get("media_attachments") or {}
    polls = configuration.get("polls") or {}
    told = {
        "text": statuses.get("max_characters"),
        "images": statuses.get("max_media_attachments"),
        "image_bytes": media.get("image_size_limit"),
        "alt": media.get("description_limit"),
        "video_bytes": media.get("video_size_limit"),
        "poll_options": polls.get("max_options"),
        "poll_option": polls.get("max_characters_per_option"),
        "poll_least": -(-int(polls.get("min_expiration") or 0) // 60),
        "poll_most": int(polls.get("max_expiration") or 0) // 60,
    }
    return {name: int(value) for name, value in told.items() if value}


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    """One upload per picture or video, and a second look at those the server did not finish at once."""
    names = []
    for first, key in _files(outgoing):
        names.append(first)
        if outgoing.prepared.get(first, "").startswith(PENDING):
            names.append(f"ready:{key}")
    return names


def _files(outgoing: Outgoing) -> list[tuple[str, str]]:
    """Each file's upload and key. A video goes alone."""
    if outgoing.video:
        return [(f"video:{outgoing.video.key}", outgoing.video.key)]
    return [(f"image:{one.key}", one.key) for one in outgoing.pictures]


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    kind, _, key = step.partition(":")
    client = Client(account)
    if kind == "ready":
        first = next(name for name, one in _files(outgoing) if one == key)
        media = outgoing.prepared[first].removeprefix(PENDING)
        _read(lambda: client.call("media", media))
        if client.answer is not None and client.answer.status_code == 206:
            what = "video" if outgoing.video else "picture"
            raise TryLater(f"The Mastodon server is still working on a {what}.", wait=5, code="206", at_work=True)
        return media
    if outgoing.video:
        video = outgoing.video
        made, waits = _read(lambda: client.send_file(video.path, video.mime, video.alt))
        return f"{PENDING}{made}" if waits else made
    picture = next(each for each in outgoing.pictures if each.key == key)
    file = {"mime_type": picture.mime, "description": picture.alt or None}
    media = _read(lambda: str(client.call("media_post", picture.data, **file)["id"]))
    waiting = client.answer is not None and client.answer.status_code == 202
    return f"{PENDING}{media}" if waiting else media


def send(account: Account, outgoing: Outgoing) -> Receipt:
    client = Client(account)
    if outgoing.kind == "delete":
        _write(lambda: _delete(client, outgoing.target))
        return Receipt(outgoing.target)
    if outgoing.kind in liking.LIKES:
        _write(lambda: _like(client, outgoing))
        return Receipt(outgoing.target)
    if outgoing.kind not in {"post", "reply"}:
        raise Refused("Mastodon has no way to hide what somebody else wrote.", cause="content", code="unable")
    row = _write(lambda: _posted(client, outgoing))
    return Receipt(row.remote_id, row.url, row.at)


def _posted(client: Client, outgoing: Outgoing) -> Candidate:
    done_steps = outgoing.prepared
    media = [done_steps.get(f"ready:{key}") or done_steps[first] for first, key in _files(outgoing)]
    poll = outgoing.poll and client.make_poll(list(outgoing.poll.options), outgoing.poll.minutes * 60)
    row = client.call(
        "status_post",
        words(outgoing),
        in_reply_to_id=outgoing.reply_to or None,
        media_ids=media or None,
        visibility=outgoing.visibility,
        language=outgoing.language or None,
        idempotency_key=outgoing.idem_key or None,
        poll=poll,
    )
    return mastodon_reading.candidate(row)


def _delete(client: Client, target: str) -> None:
    """To delete what is gone already is to have deleted it."""
    try:
        client.call("status_delete", target)
    except Answered as answer:
        if answer.code not in {"404", "410"}:
            raise


def _like(client: Client, outgoing: Outgoing) -> None:
    """What is gone carries no like any more."""
    try:
        client.call("status_favourite" if outgoing.kind == "like" else "status_unfavourite", outgoing.target)
    except Answered as answer:
        if outgoing.kind == "like" or answer.code not in {"404", "410"}:
            raise


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind in liking.LIKES:
        row = _read(lambda: mastodon_streams.one(client, outgoing.target))
        return liking.look(outgoing, bool(row and row.get("favourited")), since)
    if outgoing.kind == "delete":
        gone = _read(lambda: mastodon_streams.one(client, outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    rows, complete = _read(
        lambda: mastodon_streams.own_since(account, client, since, filmed=outgoing.video is not None)
    )
    hits = [one for one in rows if matches(words(outgoing), outgoing, since, one)]
    return Lookup(candidates=hits, complete=complete, resend_safe=bool(outgoing.idem_key))


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    row = _read(lambda: mastodon_streams.one(Client(account), remote_id))
    if row is None:
        return None
    return _read(lambda: mastodon_reading.item(account, row))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    """`direct` is the private part of `mentions`, for those who want it alone."""
    client = Client(account)
    if stream == "comments":
        return _read(lambda: mastodon_streams.comments(account, client, root))
    if stream == "posts":
        rows = _read(lambda: mastodon_streams.statuses(account, client, page))
        items = _read(lambda: [mastodon_reading.item(account, row) for row in rows])
        return Page(items, next=client.next_page(), newest=items[0].remote_id if items else "")
    return _read(lambda: mastodon_streams.mentions(account, client, page, only_direct=stream == "direct"))


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """As far as the server searches statuses at all, and their writers agreed to be found."""
    return _read(lambda: mastodon_streams.found(account, Client(account), phrases, since))


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Statuses that are gone are left out."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    if "" in remote_ids:
        found[""] = mastodon_reading.profile_numbers(_read(lambda: client.call("account_verify_credentials")))
    wanted = [one for one in remote_ids if one]
    for start in range(0, len(wanted), 20):
        rows = _read(partial(client.call, "statuses", wanted[start : start + 20]))
        found |= {str(row["id"]): mastodon_reading.numbers(row) for row in rows}
    return found
