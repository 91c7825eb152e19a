"""LinkedIn pages, by its versioned REST interface through httpx.

The town speaks as its page: it posts, comments and answers, and reads what is said to it; nobody can search LinkedIn
or hide what somebody wrote there. There is no key of ours. The same words again are refused with the name of the post
that has them, which does not say whether that is this delivery's own, and is at times of a post that is not there: so
an uncertain post is looked for among the page's posts, and an uncertain answer among the comments.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from channels_app.platforms import (
    counting,
    liking,
    linkedin_lists,
    linkedin_little,
    linkedin_media,
    linkedin_writing,
    plaintext,
)
from channels_app.platforms import linkedin_reading as reading
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
    VideoLimits,
)
from channels_app.platforms.linkedin_client import SUNSET, TABLE, Client
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import after_read, after_write, ended, proof

NAME = "linkedin"
LABEL = "LinkedIn"
HOST = "api.linkedin.com"
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "captions", "first_comment", "delete", "reply", "like"),
        *("own_posts", "comments", "mentions", "metrics"),
    }
)
STREAMS = ("posts", "comments", "mentions")
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need(
        "access_token", "Access token", "Of somebody who manages the town's page, for an app with Community Management."
    ),
    Need(
        "page",
        "Page number",
        "The number in the address of the page's admin view. Only where the token manages several pages.",
        required=False,
    ),
)
COMMENT = 1250  # characters of a comment
LIMITS = Limits(
    text=3000,
    images=20,
    image_bytes=8 * 1024 * 1024,
    alt=4086,
    mimes=frozenset({"image/jpeg", "image/png", "image/gif"}),
    video=VideoLimits(500 * 1024 * 1024, 3, 30 * 60, frozenset({"video/mp4"}), captions=True),
)
T = TypeVar("T")


def sunset() -> date | None:
    """The day from which LinkedIn may refuse the version of its interface that is spoken here."""
    return SUNSET


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    """The link is a card of its own and counts nothing; a mention counts as the name people see."""
    return Measured(counting.linkedin(linkedin_little.shown(text)), LIMITS.text)


def measure_reply(text: str, account: Account | None = None) -> Measured:
    """Answers are comments, which are shorter than posts and know no markup."""
    return Measured(counting.linkedin(text), COMMENT)


def words(outgoing: Outgoing) -> str:
    """A post with pictures or a video has no room for a link's card, and a comment none at all: there it is text."""
    if outgoing.is_comment:
        return plaintext.with_link(outgoing.text, outgoing.link)
    return linkedin_little.shown(_text(outgoing))


def _text(outgoing: Outgoing) -> str:
    shown = bool(outgoing.pictures) or outgoing.video is not None
    return plaintext.with_link(outgoing.text, outgoing.link) if shown else outgoing.text


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    """The page the token speaks for: the one it manages, or the one that was named among several."""
    client = Client(account)
    mine = _read(lambda: linkedin_lists.pages_of(client))
    named = account.secrets["page"].reveal().strip() if "page" in account.secrets else ""
    wanted = account.remote_id or (mine[0] if len(mine) == 1 else named)
    if wanted not in mine:
        several = "This token manages several pages. Give the number of the town's." if mine and not wanted else ""
        alone = "This token does not manage the town's page, or may not write for it."
        raise Refused(several or alone, cause="permission", code="page")
    client.page = f"urn:li:organization:{wanted}"
    row = _read(lambda: client.get(f"organizations/{wanted}"))
    name, vanity = str(row.get("localizedName") or ""), str(row.get("vanityName") or "")
    return Profile(
        remote_id=wanted,
        handle=vanity or name,
        name=name,
        url=f"https://www.{account.host.removeprefix('api.')}/company/{vanity or wanted}/",
        numbers=_profile_numbers(client),
    )


def _profile_numbers(client: Client) -> dict[str, int | None]:
    return {"followers": _read(lambda: linkedin_lists.followers(client)), "following": None, "posts": None}


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    return linkedin_media.steps(outgoing)


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    client = Client(account)
    _refuse_too_much(outgoing)
    return _read(lambda: linkedin_media.prepare(client, outgoing, step))


def _refuse_too_much(outgoing: Outgoing) -> None:
    """A comment is shorter than a post, and has room for one picture."""
    if not outgoing.is_comment:
        return
    if measure_reply(words(outgoing)).left < 0:
        raise Refused(f"A comment on LinkedIn has at most {COMMENT} characters.", cause="content", code="too long")
    if len(outgoing.pictures) > 1 or outgoing.video is not None:
        raise Refused("A comment on LinkedIn has one picture at most, and no video.", cause="content", code="unable")


def send(account: Account, outgoing: Outgoing) -> Receipt:
    client = Client(account)
    if outgoing.kind == "delete":
        _write(lambda: linkedin_writing.delete(client, outgoing.target))
        return Receipt(outgoing.target)
    if outgoing.kind in liking.LIKES:
        _write(lambda: linkedin_writing.like(client, outgoing))
        return Receipt(outgoing.target)
    if outgoing.kind not in {"post", "reply"}:
        raise Refused("LinkedIn has no way to hide what somebody else wrote.", cause="content", code="unable")
    if not outgoing.is_comment:
        remote_id = _write(lambda: linkedin_writing.posted(client, outgoing, _text(outgoing)))
        return Receipt(remote_id, reading.url_of(account, remote_id))
    _refuse_too_much(outgoing)
    above = _read(lambda: linkedin_lists.top_of(client, outgoing.reply_to))
    remote_id = _write(lambda: linkedin_writing.commented(client, outgoing, words(outgoing), above))
    return Receipt(remote_id, reading.url_of(account, remote_id, outgoing.root))


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind == "delete":
        gone = _read(lambda: linkedin_lists.one(client, outgoing.target)) is None
        return Lookup(exact=done(outgoing, since) if gone else None, resend_safe=True)
    if outgoing.kind in liking.LIKES:
        return liking.look(outgoing, _read(lambda: linkedin_lists.is_liked(client, outgoing.target)), since)
    if outgoing.is_comment:
        rows, complete = _read(lambda: linkedin_lists.look_for_comment(client, outgoing))
    else:
        rows, complete = _read(lambda: linkedin_lists.look_for_post(client, since))
    return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    """A comment tells what it hangs under by LinkedIn's own name for it, which is not the post's."""
    client = Client(account)
    row = _read(lambda: linkedin_lists.one(client, remote_id))
    if row is None:
        return None
    author = str(row.get("actor") or row.get("author") or "")
    known = _read(lambda: linkedin_lists.names(client, [author]))
    if remote_id.startswith(reading.COMMENT):
        return _read(lambda: reading.comment(account, row, str(row.get("object") or ""), known))
    return _read(lambda: reading.post(account, row, known))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    known = json.loads(page) if page.startswith("{") else {}
    client, start = Client(account), int(page or 0) if not known else 0
    if stream == "comments":
        return _read(lambda: linkedin_lists.comments(client, root, start, known))
    if stream == "posts":
        return _read(lambda: linkedin_lists.own_posts(client, start))
    return _read(lambda: linkedin_lists.mentions(client, start))


def knowing(answers: Mapping[str, int]) -> str:
    return json.dumps(answers) if answers else ""


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """LinkedIn lets no page search what people write."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """Posts that are gone are left out; of one that nobody has seen yet LinkedIn has no statistics."""
    client, wanted = Client(account), [one for one in remote_ids if one]
    found: dict[str, Mapping[str, int | None]] = {"": _profile_numbers(client)} if "" in remote_ids else {}
    there = _read(lambda: linkedin_lists.metadata(client, wanted))
    told = _read(lambda: linkedin_lists.statistics(client, [one for one in wanted if one in there]))
    return found | {name: reading.numbers(there[name], told.get(name)) for name in wanted if name in there}
