"""YouTube, by the Data API.

A post is a video: its text is the description. The video is uploaded and captioned where nobody sees it; publishing it
is to make it public, which can be read and repeated. A comment has no key of ours and is looked for among its
neighbours. Searching what strangers say costs a hundredth of the day for each question, so that is not offered.
Nobody can like a comment from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import (
    liking,
    plaintext,
    youtube_captions,
    youtube_keys,
    youtube_lists,
    youtube_reading,
    youtube_upload,
)
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
from channels_app.platforms.youtube_client import TABLE, Client

NAME = "youtube"
LABEL = "YouTube"
HOST = "www.googleapis.com"
CAN = frozenset(
    {
        *("publish", "link", "video", "captions", "title", "first_comment", "delete", "reply", "hide"),
        *("own_posts", "comments", "metrics"),
    }
)
STREAMS = ("posts", "comments")
THREADS = True
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need("access_token", "Access token", "Of the Google account that owns the channel. It lasts an hour."),
    Need("refresh_token", "Refresh token", "With it Parley gets the next access token by itself.", required=False),
    Need("client_id", "Client ID", "From your Google project, under Credentials.", required=False),
    Need("client_secret", "Client secret", "Shown together with the client ID.", required=False),
)
LIMITS = limiting.of_videos(text=5000, title=youtube_upload.TITLE, size=256 * 1024**3, most=12 * 3600)
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    """YouTube counts the bytes of a description."""
    return Measured(len(plaintext.with_link(youtube_upload.plain(text), link).encode()), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    whole = plaintext.with_link(outgoing.text, outgoing.link)
    return whole if outgoing.is_comment else youtube_upload.plain(whole)


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    row = _read(lambda: youtube_lists.channel(Client(account), "snippet,statistics"))
    snippet = row["snippet"]
    name = str(snippet.get("title") or "")
    return Profile(
        remote_id=str(row["id"]),
        handle=str(snippet.get("customUrl") or name),
        name=name,
        url=f"https://{youtube_reading.web(account)}/channel/{row['id']}",
        numbers=youtube_reading.profile_numbers(row),
    )


renew = youtube_keys.renew


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    return youtube_upload.steps(outgoing.video) if outgoing.video and not outgoing.is_comment else ()


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    return _read(lambda: youtube_upload.prepare(Client(account), outgoing, step, words(outgoing)))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        _write(lambda: _act(account, client, outgoing))
        return Receipt(outgoing.target)
    if outgoing.is_comment:
        said = youtube_reading.comment(account, _write(lambda: _comment(client, outgoing)))
        return Receipt(said.remote_id, said.url, said.at)
    if not youtube_upload.id_of(outgoing):
        raise Refused("YouTube takes nothing without a video.", cause="content", code="unable")
    shown = _write(lambda: youtube_upload.show(client, outgoing))
    return _write(lambda: _receipt(account, shown))


def _receipt(account: Account, video: Mapping[str, Any]) -> Receipt:
    remote_id = str(video["id"])
    pending = (video.get("status") or {}).get("uploadStatus") != "processed"
    return Receipt(remote_id, youtube_reading.url_of(account, remote_id), pending=pending)


def _comment(client: Client, outgoing: Outgoing) -> dict[str, Any]:
    above = outgoing.reply_to.partition(".")[0]  # an answer to an answer goes under the comment both hang under
    text = {"textOriginal": words(outgoing)}
    if youtube_reading.is_comment(above):
        return client.call("POST", "comments", {"part": "snippet"}, {"snippet": {"parentId": above, **text}})
    snippet = {"videoId": above, "topLevelComment": {"snippet": text}}
    made = client.call("POST", "commentThreads", {"part": "snippet"}, {"snippet": snippet})
    found: dict[str, Any] = made["snippet"]["topLevelComment"]
    return found


def _act(account: Account, client: Client, outgoing: Outgoing) -> None:
    """An act on something that exists. To delete what is gone already is to have deleted it."""
    status = {"hide": "heldForReview", "unhide": "published", "delete": "rejected"}[outgoing.kind]
    try:
        if outgoing.kind == "delete" and (what := _ours(account, client, outgoing.target)):
            client.call("DELETE", what, {"id": outgoing.target})
        else:
            query = {"id": outgoing.target, "moderationStatus": status}
            client.call("POST", "comments/setModerationStatus", query)
    except Answered as answer:
        if outgoing.kind != "delete" or not answer.code.startswith("404"):
            raise


def _ours(account: Account, client: Client, target: str) -> str:
    """Where our own video or comment is deleted; "" for what others wrote, which can only be rejected."""
    if not youtube_reading.is_comment(target):
        return "videos"
    row = youtube_lists.one_comment(client, target)
    if row is None:
        raise Answered("404 commentNotFound")
    return "comments" if youtube_reading.comment(account, row).author_id == account.remote_id else ""


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        seen = _read(lambda: _is_done(account, client, outgoing))
        return Lookup(exact=done(outgoing, since) if seen else None, resend_safe=True)
    made = youtube_upload.id_of(outgoing)
    if made and not outgoing.is_comment:
        return _shown(account, client, outgoing, made, since)
    look = youtube_lists.seen_comments if outgoing.is_comment else youtube_lists.seen_posts
    rows, complete = _read(lambda: look(account, client, outgoing, since))
    return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)


def _shown(account: Account, client: Client, outgoing: Outgoing, made: str, since: datetime) -> Lookup:
    """Whether the video uploaded for this is public."""
    found = _read(lambda: youtube_lists.videos(client, [made]))
    there = None
    if found and not youtube_reading.is_private(found[0]):
        there = _read(lambda: youtube_reading.candidate(youtube_reading.post(account, found[0])))
    return made_public(words(outgoing), outgoing, since, there)


def _is_done(account: Account, client: Client, outgoing: Outgoing) -> bool:
    if not youtube_reading.is_comment(outgoing.target):
        return not youtube_lists.videos(client, [outgoing.target], "id")
    row = youtube_lists.one_comment(client, outgoing.target)
    if row is None or outgoing.kind == "delete":
        return row is None and outgoing.kind == "delete"
    return youtube_reading.comment(account, row).hidden == (outgoing.kind == "hide")


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    """A video still being processed is there, but cannot be shown yet: TryLater. One that failed is refused."""
    client = Client(account)
    if youtube_reading.is_comment(remote_id):
        row = _read(lambda: youtube_lists.one_comment(client, remote_id))
        found = row
        return _read(lambda: youtube_reading.comment(account, found)) if found else None
    rows = _read(lambda: youtube_lists.videos(client, [remote_id]))
    if not rows:
        return None
    _read(lambda: youtube_captions.processed(rows[0]))
    return _read(lambda: youtube_reading.post(account, rows[0]))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    client = Client(account)
    if stream == "comments":
        return _read(lambda: youtube_lists.comments(account, client, root, page))
    return _read(lambda: youtube_lists.own(account, client, page))


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """Not offered: see above."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Videos that are gone are left out. Shares are known to YouTube's reports only, days later; reach to nobody."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    if "" in remote_ids:
        found[""] = _read(lambda: youtube_reading.profile_numbers(youtube_lists.channel(client, "statistics")))
    wanted = [one for one in remote_ids if one and not youtube_reading.is_comment(one)]
    rows = _read(lambda: youtube_lists.videos(client, wanted, "statistics")) if wanted else []
    there = [str(row["id"]) for row in rows]
    shared = _read(lambda: youtube_lists.shares(client, there, datetime.now(UTC).date())) if there else {}
    return found | {
        name: youtube_reading.numbers(row["statistics"], shared.get(name))
        for name, row in zip(there, rows, strict=True)
    }


id_in = youtube_reading.id_in
