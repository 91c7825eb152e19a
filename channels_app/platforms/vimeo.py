"""Vimeo, by its API.

A post is a video: its text is the description. The video is made, filled and captioned unseen; publishing it is to let
everybody see it, which can be read and repeated. A comment has no key of ours and is looked for among its neighbours.
Nobody can hide a comment on Vimeo, only delete it. Likes there are of videos, never of comments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import liking, plaintext, vimeo_lists, vimeo_reading, vimeo_upload
from channels_app.platforms import limits as limiting
from channels_app.platforms.base import (
    Account,
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
)
from channels_app.platforms.matching import done, made_public, matches
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof
from channels_app.platforms.vimeo_client import TABLE, Client

NAME = "vimeo"
LABEL = "Vimeo"
HOST = "api.vimeo.com"
CAN = frozenset(
    {
        *("publish", "link", "video", "captions", "title", "first_comment", "delete", "reply"),
        *("own_posts", "comments", "metrics"),
    }
)
STREAMS = ("posts", "comments")
THREADS = True
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need(
        "access_token",
        "Access token",
        "From your app at developer.vimeo.com, with the scopes public, private, create, edit, delete, interact, "
        "upload and stats.",
    ),
)
# Not confirmed with real credentials: the lengths of texts, and what a plan lets be uploaded.
LIMITS = limiting.of_videos(text=5000, title=vimeo_upload.NAME, size=250 * 1000**3, most=24 * 3600)
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(len(plaintext.with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    return plaintext.with_link(outgoing.text, outgoing.link)


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    row = _read(lambda: Client(account).call("GET", "/me"))
    link = str(row.get("link") or "")
    return Profile(
        remote_id=vimeo_upload.tail(row["uri"]),
        handle=f"@{vimeo_upload.tail(link)}",
        name=str(row.get("name") or ""),
        url=link,
        numbers=vimeo_reading.profile_numbers(row),
    )


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    return vimeo_upload.steps(outgoing.video) if outgoing.video and not outgoing.is_comment else ()


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    return _read(lambda: vimeo_upload.prepare(Client(account), outgoing, step, words(outgoing)))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind in {"hide", "unhide"}:
        raise Refused("Comments cannot be hidden on Vimeo.", cause="permission", code="unable")
    if outgoing.kind == "delete":
        _write(lambda: _delete(client, outgoing.target))
        return Receipt(outgoing.target)
    if outgoing.is_comment:
        said = _write(lambda: _comment(account, client, outgoing))
        return Receipt(said.remote_id, said.url, said.at)
    if not vimeo_upload.id_of(outgoing):
        raise Refused("Vimeo takes nothing without a video.", cause="content", code="unable")
    shown = _write(lambda: vimeo_upload.show(client, outgoing))
    return _write(lambda: _receipt(account, shown))


def _receipt(account: Account, video: Mapping[str, Any]) -> Receipt:
    remote_id = vimeo_upload.tail(video["uri"])
    pending = (video.get("transcode") or {}).get("status") != "complete"
    return Receipt(remote_id, vimeo_reading.url_of(account, remote_id), pending=pending)


def _delete(client: Client, target: str) -> None:
    """To delete what is gone already is to have deleted it."""
    try:
        client.call("DELETE", vimeo_reading.path_of(target))
    except Answered as answer:
        if answer.code != "404 5000":
            raise


def _comment(account: Account, client: Client, outgoing: Outgoing) -> Incoming:
    path = vimeo_reading.path_of(outgoing.reply_to)
    under = outgoing.reply_to if ":" in outgoing.reply_to else ""
    made = client.call("POST", f"{path}/{'replies' if under else 'comments'}", json={"text": words(outgoing)})
    return vimeo_reading.comment(account, made, under)


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind in {"hide", "unhide"}:
        return Lookup()
    if outgoing.kind == "delete":
        gone = _read(lambda: vimeo_lists.one(client, outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    made = vimeo_upload.id_of(outgoing)
    if made and not outgoing.is_comment:
        return _shown(account, client, outgoing, made, since)
    look = vimeo_lists.seen_comments if outgoing.is_comment else vimeo_lists.seen_posts
    rows, complete = _read(lambda: look(account, client, outgoing, since))
    return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)


def _shown(account: Account, client: Client, outgoing: Outgoing, made: str, since: datetime) -> Lookup:
    """Whether the video made for this can be seen by everybody."""
    video = _read(lambda: vimeo_lists.one(client, made, vimeo_reading.VIDEO))
    there = None
    if video is not None and vimeo_upload.is_shown(video):
        there = _read(lambda: vimeo_reading.candidate(vimeo_reading.post(account, video)))
    return made_public(words(outgoing), outgoing, since, there)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    """A video still being processed is there, but cannot be shown yet: TryLater. One that failed is refused."""
    client = Client(account)
    is_comment = ":" in remote_id
    row = _read(lambda: vimeo_lists.one(client, remote_id, "" if is_comment else vimeo_reading.VIDEO))
    if row is None:
        return None
    found = row
    if is_comment:
        return _read(lambda: vimeo_reading.comment(account, found))
    _read(lambda: vimeo_reading.processed(found))
    return _read(lambda: vimeo_reading.post(account, found))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    client = Client(account)
    if stream == "comments":
        return _read(lambda: vimeo_lists.comments(account, client, root, page))
    return _read(lambda: vimeo_lists.own(account, client, page))


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """Vimeo finds videos, not what people write about a town."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Videos that are gone are left out. Vimeo tells how often one was played, not how many people saw it."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    if "" in remote_ids:
        found[""] = _read(lambda: vimeo_reading.profile_numbers(client.call("GET", "/me")))
    for name in remote_ids:
        row = _read(partial(vimeo_lists.one, client, name, vimeo_reading.COUNTS)) if name and ":" not in name else None
        if row is not None:
            found[name] = vimeo_reading.numbers(row)
    return found
