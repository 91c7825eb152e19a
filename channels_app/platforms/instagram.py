"""Instagram professional accounts that are linked with a Facebook Page, by the Graph API through facebook-sdk.

Instagram fetches pictures and videos itself, from a public address of ours, into a container. The container's id is
kept before it is published, and its status answers whether it was. A post cannot be deleted from outside, and
nothing there can be liked from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from channels_app.platforms import instagram_containers as containers
from channels_app.platforms import instagram_private as private
from channels_app.platforms import instagram_reading as reading
from channels_app.platforms import instagram_search, instagram_streams, liking, plaintext
from channels_app.platforms.base import (
    Account,
    Ending,
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
    TryLater,
    VideoLimits,
)
from channels_app.platforms.graph import SUNSET, ends_at
from channels_app.platforms.instagram_client import EXPIRED, TABLE, Client, before_sending, one, publish
from channels_app.platforms.instagram_client import read as _read
from channels_app.platforms.instagram_client import write as _write
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import Answered, proof

NAME = "instagram"
LABEL = "Instagram"
HOST = "graph.facebook.com"
CAN = frozenset(
    {
        *("publish", "images", "video", "first_comment", "reply", "hide"),
        *("own_posts", "comments", "mentions", "direct", "metrics"),
    }
)
STREAMS = ("posts", "comments", "mentions", "direct")
THREADS = True
FETCHES = frozenset({"image/jpeg"})  # kinds of pictures it fetches from an address of ours
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need("access_token", "Page access token", "A long-lived token of the Facebook Page the account is linked with."),
    Need(
        "app_secret",
        "App secret",
        "Of your app at Meta; with it every call is signed. May stay empty.",
        required=False,
    ),
)
# A drawing in PNG goes out as JPEG. The lengths of alt texts and of reels are not verified.
LIMITS = Limits(
    text=containers.TEXT,
    images=containers.ITEMS,
    image_bytes=8 * 1024 * 1024,
    alt=1000,
    mimes=frozenset({"image/jpeg", "image/png"}),
    video=VideoLimits(300 * 1024 * 1024, 3, 900, frozenset({"video/mp4", "video/quicktime"})),
    must=frozenset({"picture", "video"}),
    together=True,
)
PROFILE = "id,username,name,followers_count,follows_count,media_count"
WINDOW = timedelta(hours=24)


def sunset() -> date | None:
    """The day from which Meta may refuse the version of its interface that is spoken here."""
    return SUNSET


def limits(account: Account | None) -> Limits:
    return LIMITS


def reply_window(kind: str) -> timedelta | None:
    return WINDOW if kind == "direct" else None


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(len(plaintext.with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    """A link is text like any other: nobody can click on it."""
    return plaintext.with_link(outgoing.text, outgoing.link)


def profile(account: Account) -> Profile:
    return _read(lambda: _profile(account))


def _profile(account: Account) -> Profile:
    row = _linked(Client(account))
    return Profile(
        remote_id=str(row["id"]),
        handle=f"@{row['username']}",
        name=str(row.get("name") or row["username"]),
        url=f"https://www.{_site(account)}/{row['username']}/",
        numbers=reading.profile_numbers(row),
        expires_at=ends_at(account),
    )


def _linked(client: Client) -> dict[str, Any]:
    """The account that the token's Page is linked with. A person has no such field, and asking for it is an error."""
    try:
        row: dict[str, Any] = client.get_object("me", fields=f"id,instagram_business_account{{{PROFILE}}}")
    except Answered as answer:
        if answer.code != "100":
            raise
        row = {}
    linked: dict[str, Any] | None = row.get("instagram_business_account")
    if not linked:
        problem = "This is no token of a Facebook Page that an Instagram professional account is linked with."
        raise Refused(problem, cause="token")
    return linked


def _site(account: Account) -> str:
    return account.host.removeprefix("graph.").replace("facebook", "instagram")


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    """A container for each of several pictures, the one to publish, and a look whether Instagram is done with it."""
    if outgoing.kind != "post" or outgoing.reply_to:
        return []
    shown = containers.items(outgoing)
    return [*(f"item:{one.key}" for one in shown if len(shown) > 1), "container", "ready"]


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    client = Client(account)
    if step == "ready":
        return _read(lambda: containers.ready(client, outgoing.prepared["container"]))
    containers.refuse_what_cannot_be(words(outgoing), outgoing)
    shown = containers.items(outgoing)
    if step != "container":
        fields = containers.within(next(one for one in shown if f"item:{one.key}" == step))
    elif len(shown) > 1:
        fields = containers.together([outgoing.prepared[f"item:{one.key}"] for one in shown], words(outgoing))
    else:
        fields = containers.alone(shown[0], words(outgoing))
    return _anew(lambda: _read(lambda: str(client.put_object(account.remote_id, "media", **fields)["id"])))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        _act(client, outgoing)
        return Receipt(outgoing.target)
    if outgoing.kind == "post" and not outgoing.reply_to:
        return _published(account, client, outgoing)
    text = words(outgoing)
    if outgoing.visibility == "direct":
        return Receipt(_said(account, client, outgoing, text))
    if problem := containers.too_much(text):
        raise Refused(problem, cause="content", code="unable")
    if not outgoing.root:
        media, _, comment = outgoing.reply_to.partition("/")
        name, edge, fields = account.remote_id, "mentions", {"media_id": media, "message": text}
        fields |= {"comment_id": comment} if comment else {}
    else:
        edge = "comments" if outgoing.reply_to == outgoing.root else "replies"
        name, fields = outgoing.reply_to, {"message": text}
    return Receipt(_write(lambda: str(client.put_object(name, edge, **fields)["id"])))


def _published(account: Account, client: Client, outgoing: Outgoing) -> Receipt:
    """The one call that makes the container public, once it is seen that nobody has and that there is room for it."""
    container, since = outgoing.prepared["ready"], partial(instagram_search.times, account, client)
    before_sending(lambda: containers.publishable(client, container))
    before_sending(lambda: containers.room(account, client, since))
    made = {"creation_id": container}
    name = _anew(lambda: publish(lambda: str(client.put_object(account.remote_id, "media_publish", **made)["id"])))
    return Receipt(name, _address(client, name))


def _anew(call: Callable[[], str]) -> str:
    """A container that has expired is of no use: what was prepared is done again."""
    problem: Ending
    try:
        return call()
    except TryLater as ending:
        if ending.code != EXPIRED:
            raise
        problem = TryLater(ending.words, wait=ending.wait, code=ending.code, anew=True)
    raise problem


def _address(client: Client, name: str) -> str:
    """Where it can be seen. A post whose address Instagram does not tell is out all the same."""
    try:
        row = _read(lambda: one(client, name, "permalink"))
    except Ending:
        row = None
    return str((row or {}).get("permalink") or "")


def _said(account: Account, client: Client, outgoing: Outgoing, text: str) -> str:
    if len(text.encode()) > private.MOST_BYTES:
        raise Refused("A private answer is too long for Instagram.", cause="content", code="unable")
    to = before_sending(lambda: private.person(account, client, outgoing))
    return _write(lambda: private.say(client, to, text))


def _act(client: Client, outgoing: Outgoing) -> None:
    """An act on a comment. To delete what is gone already is to have deleted it."""
    if outgoing.kind == "delete":
        try:
            row = before_sending(lambda: one(client, outgoing.target, "id,text"))
        except Refused as ending:
            if ending.cause != "content":
                raise
            row = {}
        if row == {}:
            problem = "Nobody can delete a post on Instagram from outside. Delete it in Instagram's app."
            raise Refused(problem, cause="content", code="unable")
        if row is not None:
            _write(lambda: client.delete_object(outgoing.target))
        return
    hide = {"hide": outgoing.kind == "hide"}
    _write(lambda: client.request(f"{client.version}/{outgoing.target}", post_args=hide))


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        row = _read(lambda: one(client, outgoing.target, "id,hidden"))
        seen = row is None
        if outgoing.kind != "delete":
            seen = row is not None and bool(row.get("hidden")) == (outgoing.kind == "hide")
        return Lookup(exact=done(outgoing, since) if seen else None, resend_safe=True)
    if outgoing.is_comment:
        rows, complete = _read(lambda: instagram_search.replies(account, client, outgoing, since))
        return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)
    code = ""
    if container := outgoing.prepared.get("ready"):
        code, _ = _read(lambda: containers.status(client, container))
    rows, complete = _read(lambda: instagram_search.posts(account, client, since))
    hits = [row for row in rows if matches(words(outgoing), outgoing, since, row)]
    if code == "PUBLISHED" and not hits:
        return Lookup(complete=False)  # it is out, and the list does not show it yet
    return Lookup(hits, complete=complete, resend_safe=code == "FINISHED" and not hits)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    client = Client(account)
    if kind == "direct":
        return _read(lambda: private.message(account, client, remote_id))
    if kind == "mention":
        return _read(lambda: instagram_streams.mention(account, client, remote_id))
    return _read(lambda: instagram_streams.single(account, client, remote_id, kind))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    """`named` is the one thing that `root` names."""
    client = Client(account)
    if stream == "named":
        return _read(lambda: instagram_streams.named(account, client, root))
    if stream in {"mentions", "direct"}:
        look = instagram_streams.tagged if stream == "mentions" else private.talks
        return _read(lambda: look(account, client, page))
    return _read(lambda: instagram_streams.listed(account, client, stream, page, root))


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """Instagram lets nobody search what people write."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Posts that are gone are left out."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    for name in remote_ids:
        if not name:
            fields = "followers_count,follows_count,media_count"
            row = _read(partial(one, client, account.remote_id, fields))
            found[""] = reading.profile_numbers(row or {})
        elif (row := _read(partial(instagram_streams.counts, client, name))) is not None:
            found[name] = reading.numbers(row) | _read(partial(instagram_streams.insights, client, name))
    return found
