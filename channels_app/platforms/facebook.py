"""Facebook Pages, by the Graph API through facebook-sdk.

There is no key of ours and no promise about repeats, so an uncertain post is looked for among the Page's posts, and an
uncertain reply among the comments. Pictures are uploaded unpublished first and attached by id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import (
    counting,
    facebook_likes,
    facebook_reading,
    facebook_search,
    facebook_videos,
    liking,
    plaintext,
)
from channels_app.platforms import facebook_private as private
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
    Uncertain,
    VideoLimits,
)
from channels_app.platforms.facebook_search import one
from channels_app.platforms.graph import SUNSET, TABLE, Graph, ends_at
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof

NAME = "facebook"
LABEL = "Facebook"
HOST = "graph.facebook.com"
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "captions", "first_comment", "delete", "reply", "hide", "like"),
        *("own_posts", "comments", "mentions", "direct", "metrics"),
    }
)
STREAMS = ("posts", "comments", "mentions", "visitors", "direct")
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need("access_token", "Page access token", "A long-lived token of the Page itself, not of a person."),
    Need(
        "app_secret",
        "App secret",
        "Of your Facebook app; with it every call is signed. May stay empty.",
        required=False,
    ),
)
LIMITS = Limits(
    text=63_206,
    images=10,
    image_bytes=10 * 1024 * 1024,
    alt=1000,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
    video=VideoLimits(10 * 1024**3, 1, 14_400, frozenset({"video/mp4", "video/quicktime"}), captions=True),
)
# Why a video that was brought there cannot be published now.
UNFIT: Mapping[str, Callable[[], Ending]] = {
    "gone": partial(TryLater, "The video is no longer on Facebook.", wait=5, code=facebook_videos.LOST, anew=True),
    "failed": partial(Refused, "Facebook cannot read this video.", cause="content", code="unable"),
    "taken": partial(Uncertain, "Facebook is at work on this video already.", code="published"),
    "shown": partial(Uncertain, "Facebook shows this video already.", code="published"),
}
EDGES = {"posts": "published_posts", "visitors": "visitor_posts"}
WINDOW = timedelta(hours=24)
T = TypeVar("T")


def sunset() -> date | None:
    """The day from which Facebook may refuse the version of its interface that is spoken here."""
    return SUNSET


def limits(account: Account | None) -> Limits:
    return LIMITS


def reply_window(kind: str) -> timedelta | None:
    return WINDOW if kind == "direct" else None


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    """The link is a card of its own and counts nothing; with pictures it stands in the text, and the limit is far."""
    return Measured(counting.facebook(text), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    """A post with pictures or a video has no room for a link card, a comment none at all: there the link is text."""
    if outgoing.pictures or outgoing.video or outgoing.is_comment:
        return plaintext.with_link(outgoing.text, outgoing.link)
    return outgoing.text


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    fields = "id,name,username,link,category,followers_count,fan_count"
    row = _read(lambda: _page_itself(Graph(account), fields))
    name = str(row.get("name") or "")
    return Profile(
        remote_id=str(row["id"]),
        handle=str(row.get("username") or name),
        name=name,
        url=str(row.get("link") or ""),
        numbers=facebook_reading.profile_numbers(row),
        expires_at=ends_at(account),
    )


def _page_itself(client: Graph, fields: str) -> dict[str, Any]:
    """`/me` of a Page. A person has no category, and asking for it is an error of its own."""
    try:
        row: dict[str, Any] = client.get_object("me", fields=fields)
    except Answered as answer:
        if answer.code != "100":
            raise
        row = {}
    if "category" not in row:
        raise Refused("This token belongs to a person. Parley needs the token of the Page itself.", cause="token")
    return row


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    if outgoing.video:
        return facebook_videos.steps(outgoing)
    return [f"image:{picture.key}" for picture in outgoing.pictures]


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    if outgoing.video:
        return _read(lambda: facebook_videos.prepare(account, Graph(account), outgoing, step))
    picture = next(each for each in outgoing.pictures if f"image:{each.key}" == step)
    fields = {"published": False, "temporary": True, "alt_text_custom": picture.alt or None}
    file = (f"image.{picture.mime.rpartition('/')[2]}", picture.data, picture.mime)
    return _read(lambda: str(Graph(account).put_photo(file, f"{account.remote_id}/photos", **fields)["id"]))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    client = Graph(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        _write(lambda: _act(client, outgoing))
        return Receipt(outgoing.target)
    if outgoing.kind in liking.LIKES:
        _write(lambda: facebook_likes.put(client, outgoing))
        return Receipt(outgoing.target)
    if outgoing.visibility == "direct":
        return Receipt(_said(account, client, outgoing))
    if outgoing.video:
        return _filmed(account, client, outgoing)
    media = [outgoing.prepared[f"image:{picture.key}"] for picture in outgoing.pictures]
    fields: dict[str, Any] = {"message": words(outgoing)}
    if outgoing.is_comment:
        fields |= {"attachment_id": media[0]} if media else {}
        remote_id = _write(lambda: str(client.put_object(outgoing.reply_to, "comments", **fields)["id"]))
    else:
        fields |= {"attached_media": [{"media_fbid": name} for name in media]} if media else {}
        fields |= {"link": outgoing.link} if outgoing.link and not media else {}
        remote_id = _write(lambda: str(client.put_object(account.remote_id, "feed", **fields)["id"]))
    return Receipt(remote_id, f"https://www.{account.host.removeprefix('graph.')}/{remote_id}")


def _said(account: Account, client: Graph, outgoing: Outgoing) -> str:
    """A private answer, once it is known to whom; what fails before that has sent nothing."""
    text = words(outgoing)
    if len(text) > private.MOST:
        raise Refused("A private answer is too long for Facebook.", cause="content", code="unable")
    try:
        to = _read(lambda: private.person(account, client, outgoing))
    except TryLater as ending:
        problem: Ending = ending if ending.code in TABLE else TryLater(ending.words, wait=ending.wait, code="not sent")
    else:
        return _write(lambda: private.say(client, to, text))
    raise problem


def _filmed(account: Account, client: Graph, outgoing: Outgoing) -> Receipt:
    """Publish a video that is there, once it is seen that nobody has. Facebook works on it for a while."""
    try:
        became = facebook_videos.state(_read(lambda: facebook_videos.ask(client, facebook_videos.number(outgoing))))
    except TryLater as ending:
        problem: Ending = ending if ending.code in TABLE else TryLater(ending.words, wait=ending.wait, code="not sent")
    else:
        if became == "kept":
            _write(lambda: facebook_videos.finish(account, client, outgoing, words(outgoing)))
            return Receipt(f"{facebook_videos.MARK}{facebook_videos.number(outgoing)}", pending=True)
        problem = UNFIT[became]()
    raise problem


def _act(client: Graph, outgoing: Outgoing) -> None:
    """An act on something that exists. To delete what is gone already is to have deleted it."""
    if outgoing.kind == "delete":
        try:
            client.delete_object(outgoing.target)
        except Answered as answer:
            if answer.code not in {"100/33", "803"}:
                raise
    else:
        hidden = {"is_hidden": outgoing.kind == "hide"}
        client.request(f"{client.version}/{outgoing.target}", post_args=hidden)


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Graph(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        row = _read(lambda: one(client, outgoing.target, "id,is_hidden"))
        if outgoing.kind == "delete":
            seen = row is None
        else:
            seen = row is not None and bool(row.get("is_hidden")) == (outgoing.kind == "hide")
        return Lookup(exact=done(outgoing, since) if seen else None, resend_safe=True)
    if outgoing.kind in liking.LIKES:
        return liking.look(outgoing, _read(lambda: facebook_likes.is_liked(client, outgoing.target)), since)
    if outgoing.video:
        return _read(lambda: facebook_videos.look_up(account, client, outgoing))
    if outgoing.visibility == "direct":
        rows, complete = _read(lambda: private.said(account, client, outgoing, since))
    elif outgoing.is_comment:
        rows, complete = _read(lambda: facebook_search.replies(account, client, outgoing, since))
    else:
        rows, complete = _read(lambda: facebook_search.posts(account, client, outgoing, since))
    return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    client = Graph(account)
    if kind == "direct":
        return _read(lambda: private.read(account, client, remote_id))
    if remote_id.startswith(facebook_videos.MARK):
        return _read(lambda: facebook_videos.read(account, client, remote_id))
    # a post of ours bears the Page's number in front, its first comment the post's
    whole = kind == "mention" or (kind == "post" and remote_id.startswith(f"{account.remote_id}_"))
    row = _read(
        lambda: one(client, remote_id, facebook_reading.POST if whole else f"{facebook_reading.COMMENT},object")
    )
    if row is None:
        return None
    found = row
    if whole:
        return _read(lambda: facebook_reading.post(account, found))
    return _read(lambda: facebook_reading.comment(found, str((found.get("object") or {}).get("id") or "")))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    client = Graph(account)
    if stream in {"mentions", "direct"}:
        look = private.tagged if stream == "mentions" else private.talks
        return _read(lambda: look(account, client, page))
    asked: dict[str, Any] = {"limit": "100"} | ({"after": page} if page else {})
    if stream == "comments":
        asked |= {"fields": facebook_reading.COMMENT, "filter": "stream", "order": "reverse_chronological"}
        body = _read(lambda: client.get_connections(root, "comments", **asked))
        items = _read(lambda: [facebook_reading.comment(row, root) for row in body["data"]])
    else:
        asked["fields"] = facebook_reading.POST
        body = _read(lambda: client.get_connections(account.remote_id, EDGES[stream], **asked))
        items = _read(lambda: [facebook_reading.post(account, row) for row in body["data"]])
    paging = body.get("paging") or {}
    after = str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
    return Page(items, next=after, newest=items[0].remote_id if items else "")


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """Facebook lets nobody search what people write."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Posts that are gone are left out. Facebook counts impressions and reach of a post as views of its media."""
    client = Graph(account)
    found: dict[str, Mapping[str, int | None]] = {}
    for name in remote_ids:
        fields = facebook_reading.COUNTS if name else "followers_count"
        row = _read(partial(one, client, name or account.remote_id, fields))
        if row is not None and not name:
            found[""] = facebook_reading.profile_numbers(row)
        elif row is not None:
            found[name] = facebook_reading.numbers(row) | _read(partial(_insights, client, name))
    return found


def _insights(client: Graph, name: str) -> dict[str, int | None]:
    """What Facebook tells of a post beyond its counts; nothing where it does not tell, as for comments."""
    try:
        body = client.get_connections(name, "insights", metric=",".join(facebook_reading.INSIGHTS), period="lifetime")
    except Answered as answer:
        if answer.code in {"100", "100/33", "10", "200", "3"}:
            return {}
        raise
    return facebook_reading.insights(body)
