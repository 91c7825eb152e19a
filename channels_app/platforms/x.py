"""X, by API v2 through tweepy.

Prices and rules that shape this module: every post costs, one with a link much more; likes, follows and quotes are not
offered to self-serve developers; a reply is accepted only where its author mentioned or quoted the town. There is no
key of ours, so an uncertain post is looked for among our own posts.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import tweepy

from channels_app.platforms import counting, liking, plaintext, x_messages, x_reading, x_search, x_session, x_video
from channels_app.platforms.base import (
    Account,
    Candidate,
    Ending,
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
    Renewed,
    TryLater,
)
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof
from channels_app.platforms.x_client import TABLE, Client

NAME = "x"
LABEL = "X"
HOST = "api.x.com"
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "captions", "poll", "thread", "delete", "reply", "hide"),
        *("own_posts", "comments", "mentions", "direct", "metrics", "search"),
    }
)
STREAMS = ("posts", "comments", "mentions", "direct")
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need("consumer_key", "API key", "From your app at developer.x.com, under Keys and tokens.", required=False),
    Need("consumer_secret", "API key secret", "Shown together with the API key.", required=False),
    Need("access_token", "Access token", "Of the town's own account, with read and write permission."),
    Need(
        "access_secret",
        "Access token secret",
        "Shown together with the access token. A token of OAuth 2.0 has none and stands alone.",
        required=False,
    ),
)
LIMITS = Limits(
    text=counting.X_LIMIT,
    images=4,
    image_bytes=5 * 1024 * 1024,
    alt=1000,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
    poll=PollLimits(options=4, option=25, least=5, most=7 * 24 * 60),
    video=x_video.LIMITS,
)
PAGES = 10  # a look-up that needs more pages than this is not complete
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(counting.x(plaintext.with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    return plaintext.with_link(outgoing.text, outgoing.link)


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE), tweepy.TweepyException)


def _before_sending(call: Callable[[], T]) -> T:
    """A read that comes before the one call that sends. Where it fails nothing was sent, and a limit it meets is of
    that read alone: what needs no such read goes out meanwhile.
    """
    problem: Ending
    try:
        return _read(call)
    except TryLater as ending:
        code = ending.code if ending.code in TABLE else "not sent"
        problem = TryLater(ending.words, wait=ending.wait, code=code)
    raise problem


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE), tweepy.TweepyException)


def profile(account: Account) -> Profile:
    """Whom the keys speak for. Keys that may only read are refused here, before the town relies on them."""
    client = Client(account)
    user = _read(lambda: client.call("GET", "/2/users/me", {"user.fields": "public_metrics"})["data"])
    if client.headers.get("x-access-level") == "read":
        raise Refused(TABLE["403 oauth2-permissions"].words, cause="permission", code="read only")
    handle = str(user["username"])
    return Profile(
        remote_id=str(user["id"]),
        handle=f"@{handle}",
        name=str(user.get("name") or handle),
        url=x_reading.url_of(account, handle, "").removesuffix("/status/"),
        numbers=x_reading.profile_numbers(user),
    )


def renew(account: Account) -> Renewed:
    """New tokens of OAuth 2.0; the keys of OAuth 1.0a cannot be renewed and need not be."""
    return _read(lambda: x_session.renewed(account))


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    """One upload per picture, then its alt text; the parts of a video."""
    names = [(f"image:{one.key}", f"alt:{one.key}" if one.alt else "") for one in outgoing.pictures]
    return [*(step for pair in names for step in pair if step), *x_video.steps(outgoing)]


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    kind, _, key = step.partition(":")
    client = Client(account)
    if kind in x_video.KINDS:
        return _read(lambda: x_video.prepared(client, outgoing, step))
    picture = next(one for one in outgoing.pictures if one.key == key)
    if kind == "alt":
        uploaded = outgoing.prepared[f"image:{key}"]
        body: dict[str, Any] = {"id": uploaded, "metadata": {"alt_text": {"text": picture.alt}}}
        _read(lambda: client.call("POST", "/2/media/metadata", json=body))
        return uploaded
    category = "tweet_gif" if picture.mime == "image/gif" else "tweet_image"
    body = {"media": base64.b64encode(picture.data).decode(), "media_category": category, "media_type": picture.mime}
    return _read(lambda: str(client.call("POST", "/2/media/upload", json=body)["data"]["id"]))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind == "delete":
        return _done_to(outgoing, lambda: client.delete_tweet(outgoing.target, user_auth=client.signed))
    if outgoing.kind in {"hide", "unhide"}:
        act = client.hide_reply if outgoing.kind == "hide" else client.unhide_reply
        return _done_to(outgoing, lambda: act(outgoing.target, user_auth=client.signed))
    if outgoing.visibility == "direct":
        conversation = _before_sending(lambda: x_messages.conversation_of(account, client, outgoing.reply_to))
        return Receipt(_write(lambda: x_messages.sent(client, conversation, words(outgoing))))
    remote_id = _write(lambda: _posted(client, outgoing))
    return Receipt(remote_id, x_reading.url_of(account, account.handle.removeprefix("@"), remote_id))


def _posted(client: Client, outgoing: Outgoing) -> str:
    media = [outgoing.prepared[f"image:{one.key}"] for one in outgoing.pictures] + x_video.media_of(outgoing)
    answer: Any = client.create_tweet(
        text=words(outgoing) or None,
        media_ids=media or None,
        in_reply_to_tweet_id=outgoing.reply_to or None,
        poll_options=list(outgoing.poll.options) if outgoing.poll else None,
        poll_duration_minutes=outgoing.poll.minutes if outgoing.poll else None,
        user_auth=client.signed,
    )
    return str(answer["data"]["id"])


def _done_to(outgoing: Outgoing, call: Callable[[], Any]) -> Receipt:
    """An act on something that exists. To delete what is gone already is to have deleted it."""
    try:
        _write(call)
    except Refused as ending:
        if outgoing.kind != "delete" or ending.cause != "gone":
            raise
    return Receipt(outgoing.target)


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    if outgoing.kind == "delete":
        gone = _read(lambda: _one(account, outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    if outgoing.kind in {"hide", "unhide"}:
        return Lookup(resend_safe=True)  # X shows nobody whether a reply is hidden
    client, token = Client(account), ""
    if outgoing.visibility == "direct":
        messages, complete = _read(lambda: x_messages.own(account, client, outgoing, since))
        return Lookup([one for one in messages if matches(words(outgoing), outgoing, since, one)], complete=complete)
    found: list[Candidate] = []
    start = (since - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for _ in range(PAGES):
        query = {"max_results": 100, "start_time": start, "tweet.fields": x_reading.TWEET}
        body = _timeline(account, client, "tweets", query, token)
        found += [x_reading.candidate(account, row) for row in body.get("data") or ()]
        token = str((body.get("meta") or {}).get("next_token") or "")
        if not token:
            break
    hits = [one for one in found if matches(words(outgoing), outgoing, since, one)]
    return Lookup(candidates=hits, complete=not token)


def _timeline(account: Account, client: Client, name: str, query: Mapping[str, Any], token: str) -> dict[str, Any]:
    asked = dict(query) | ({"pagination_token": token} if token else {})
    return _read(lambda: client.call("GET", f"/2/users/{account.remote_id}/{name}", asked))


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    if kind == "direct":
        return _read(lambda: x_messages.one(account, Client(account), remote_id))
    return _read(lambda: _one(account, remote_id))


def _one(account: Account, remote_id: str) -> Incoming | None:
    try:
        body = Client(account).call("GET", f"/2/tweets/{remote_id}", x_reading.ASK)
    except Answered as answer:
        if answer.code.startswith("404"):
            return None
        raise
    return x_reading.page_items(account, body)[0] if body.get("data") else None


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    """`comments` reach back seven days, which is as far as X searches."""
    client = Client(account)
    if stream == "direct":
        return _talks(account, client, page)
    if stream == "comments":
        query = x_reading.ASK | {"query": f"conversation_id:{root}", "max_results": "100"}
        query |= {"next_token": page} if page else {}
        body = _read(lambda: client.call("GET", "/2/tweets/search/recent", query))
    else:
        name = {"posts": "tweets", "mentions": "mentions"}[stream]
        query = x_reading.ASK | {"max_results": "100"} | ({"exclude": "retweets"} if stream == "posts" else {})
        body = _timeline(account, client, name, query, page)
    items = _read(lambda: x_reading.page_items(account, body))
    meta = body.get("meta") or {}
    return Page(items, next=str(meta.get("next_token") or ""), newest=str(meta.get("newest_id") or ""))


def _talks(account: Account, client: Client, page: str) -> Page:
    """X lets messages be read fifteen times in fifteen minutes; nothing else waits for that."""
    try:
        return _read(lambda: x_messages.page(account, client, page))
    except TryLater as ending:
        ending.whole_channel = ending.whole_channel and ending.code != "429"
        raise


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    return _read(lambda: x_search.found(account, Client(account), phrases, since))


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Private numbers are asked for first; a post too old for them is asked again for its public ones."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    if "" in remote_ids:
        user = _read(lambda: client.call("GET", "/2/users/me", {"user.fields": "public_metrics"})["data"])
        found[""] = x_reading.profile_numbers(user)
    wanted = [one for one in remote_ids if one]
    for fields in ("public_metrics,non_public_metrics", "public_metrics"):
        for start in range(0, len(wanted), 100):
            query = {"ids": ",".join(wanted[start : start + 100]), "tweet.fields": fields}
            body = _read(partial(client.call, "GET", "/2/tweets", query))
            found |= {str(row["id"]): x_reading.numbers(row) for row in body.get("data") or ()}
        wanted = [one for one in wanted if one not in found]
    return found
