"""Pinterest, by its API v5: one picture or video on one board of the town's, with a title, words and a link.

A pin of several pictures has one alt text for all of them, so Parley pins one. A video is brought beforehand; captions
have no place there. Pinterest takes no key of ours, and tells nobody who comments, so that there is
nothing to answer or like; an uncertain pin is looked for among
the account's own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import liking, pinterest_reading, pinterest_video
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
    Picture,
    Profile,
    Receipt,
    Refused,
    TryLater,
    VideoLimits,
)
from channels_app.platforms.matching import done, matches
from channels_app.platforms.pinterest_client import GONE, TABLE, Client
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof

NAME = "pinterest"
LABEL = "Pinterest"
HOST = "api.pinterest.com"
CAN = frozenset({"publish", "link", "images", "video", "title", "delete", "own_posts", "metrics"})
STREAMS = ("posts",)
KEYED = False
SENDS_PICTURES = True  # the picture goes with the pin itself, so its bytes are needed when it is sent
PROOF = proof(TABLE)
NEEDS = (
    Need("access_token", "Access token", "With the rights boards:read, pins:read, pins:write and user_accounts:read."),
    Need("board", "Board", "The name of the board the pins go to, as it is on the profile.", shown=True),
)
# Pinterest names 500 characters in some places and 800 in others; the smaller number is the safe one. It takes videos
# of 2 GB, but in one piece, which hardly a line brings in time; and between 1:2 and 1.91:1, which it says itself.
LIMITS = Limits(
    text=500,
    images=1,
    image_bytes=10 * 1024 * 1024,
    alt=500,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
    video=VideoLimits(limiting.IN_ONE, 4, 900, frozenset({"video/mp4", "video/quicktime"})),
    title=100,
    must=frozenset({"picture", "video"}),
)
SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    """The link has a field of its own and counts nothing."""
    return Measured(len(text), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    return outgoing.text


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    """Whom the token speaks for, and the board that was named, which must be there."""
    client = Client(account)
    row = _read(lambda: client.call("GET", "user_account"))
    board = _read(lambda: _board(client, account))
    return _read(
        lambda: Profile(
            remote_id=str(row.get("id") or row["username"]),
            handle=f"@{row['username']}",
            name=str(row.get("business_name") or row["username"]),
            url=f"https://www.pinterest.com/{row['username']}/",
            limits={"board": int(board)},
            numbers=pinterest_reading.profile_numbers(row),
        )
    )


def _board(client: Client, account: Account) -> str:
    """The number of the board the town named; Refused where there is none of that name."""
    wanted = account.secrets["board"].reveal().strip() if "board" in account.secrets else ""
    rows = client.every("boards")
    for row in rows:
        if wanted.casefold() == str(row["name"]).strip().casefold() or wanted == str(row["id"]):
            return str(row["id"])
    names = ", ".join(str(row["name"]) for row in rows[:8]) or "none at all"
    raise Refused(f"There is no board named “{wanted[:60]}”. There are: {names}.", cause="content", code="no board")


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    if outgoing.video:
        return pinterest_video.steps(outgoing.video)
    return [f"image:{picture.key}" for picture in outgoing.pictures]


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    """A video is brought beforehand. A picture cannot be; what cannot be one is found out before anything is sent."""
    video = outgoing.video
    if video:
        return _read(lambda: pinterest_video.prepare(Client(account), video, outgoing, step))
    picture = next(each for each in outgoing.pictures if f"image:{each.key}" == step)
    if not picture.data.startswith(SIGNS) or len(picture.data) > LIMITS.image_bytes:
        raise Refused("This is no picture that Pinterest takes.", cause="content", code="unable")
    return "checked"


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind == "delete":
        _write(lambda: _delete(client, outgoing.target))
        return Receipt(outgoing.target)
    if outgoing.kind != "post":
        raise Refused("Pinterest lets no program answer or hide comments.", cause="content", code="unable")
    if not outgoing.pictures and not outgoing.video:
        raise Refused("A pin is a picture or a video, and this post has neither.", cause="content", code="unable")
    board = str(account.limits.get("board") or "") or _found(client, account)
    row = _write(lambda: client.call("POST", "pins", json=_pin(outgoing, board)))
    return _write(lambda: Receipt(str(row["id"]), pinterest_reading.address(row), pinterest_reading.moment(row)))


def _found(client: Client, account: Account) -> str:
    """The board, where it was not kept on connecting. What fails here was no attempt to publish."""
    try:
        return _read(lambda: _board(client, account))
    except TryLater as ending:
        problem = TryLater(ending.words, wait=ending.wait, code="not sent", whole_channel=ending.whole_channel)
    raise problem


def _pin(outgoing: Outgoing, board: str) -> dict[str, Any]:
    if outgoing.video:
        alt, source = outgoing.video.alt, pinterest_video.source(outgoing.video, outgoing)
    else:
        alt, source = outgoing.pictures[0].alt, _picture(outgoing.pictures[0])
    fields = {"title": title(outgoing), "link": outgoing.link, "alt_text": alt}
    shown = {name: value for name, value in fields.items() if value}
    return {"board_id": board, "description": words(outgoing), "media_source": source} | shown


def _picture(picture: Picture) -> dict[str, Any]:
    data = base64.b64encode(picture.data).decode()
    return {"source_type": "image_base64", "content_type": picture.mime, "data": data}


def title(outgoing: Outgoing) -> str:
    """The title it was given, or else its first line, cut between words."""
    line = outgoing.title.strip() or outgoing.text.strip().partition("\n")[0]
    return line if len(line) <= LIMITS.title else line[: LIMITS.title - 1].rsplit(" ", 1)[0].rstrip(" ,.;:-") + "…"


def _delete(client: Client, target: str) -> None:
    """To delete what is gone already is to have deleted it."""
    try:
        client.call("DELETE", f"pins/{target}")
    except Answered as answer:
        if answer.code != GONE:
            raise


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind == "delete":
        gone = _read(lambda: pinterest_reading.one(client, outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    rows, complete = _read(lambda: pinterest_reading.own_since(client, since))
    sent = replace(outgoing, pictures=() if outgoing.video else outgoing.pictures[:1])
    return Lookup([row for row in rows if matches(words(sent), sent, since, row)], complete=complete)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    row = _read(lambda: pinterest_reading.one(Client(account), remote_id))
    return _read(lambda: pinterest_reading.item(account, row)) if row is not None else None


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    client = Client(account)
    asked = {"page_size": "100", "pin_metrics": "true"} | ({"bookmark": page} if page else {})
    body = _read(lambda: client.call("GET", "pins", **asked))
    items = _read(lambda: [pinterest_reading.item(account, row) for row in body["items"]])
    return Page(items, next=str(body.get("bookmark") or ""), newest=items[0].remote_id if items else "")


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """Pinterest lets no program search what others pin."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Pins that are gone are left out."""
    client = Client(account)
    found: dict[str, Mapping[str, int | None]] = {}
    for name in remote_ids:
        if not name:
            found[""] = pinterest_reading.profile_numbers(_read(lambda: client.call("GET", "user_account")))
            continue
        row = _read(partial(pinterest_reading.one, client, name))
        if row is not None:
            found[name] = pinterest_reading.numbers(row)
    return found
