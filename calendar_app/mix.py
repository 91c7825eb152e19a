"""Shares of the plan that open into their posts: without objective, little but a link, about us, own, passed on.

Each share is a list of posts that count, a list of those they are held against, and the days it looks at; the numbers
are the lengths of the lists, so that a page can show every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from accounts.models import User
from calendar_app import balance, readiness
from calendar_app.balance import Line, Share
from calendar_app.models import MixLimits, Placement, PostPicture, Readback, ShareKit
from channels_app import links
from channels_app.models import Channel, Delivery
from policy.models import PlanLimits

WEEKS = timedelta(days=28)
KEPT_SHOWN = 20
OURSELVES = re.compile(r"\b(?:we|us|our|ours|ourselves)\b", re.IGNORECASE)
READER = re.compile(r"\b(?:you|your|yours|yourself|yourselves)\b|\?", re.IGNORECASE)
# Where people post: a link there leads to what somebody else said.
NETWORKS = frozenset(
    {
        *("x.com", "twitter.com", "facebook.com", "fb.com", "instagram.com", "threads.net", "threads.com"),
        *("linkedin.com", "youtube.com", "youtu.be", "vimeo.com", "pinterest.com", "tiktok.com", "bsky.app"),
    }
)
OWN, PASSED_ON, BARE = "own", "passed-on", "link-only"


@dataclass(frozen=True)
class Part:
    """One share: `counted` are the posts that make it, `others` the rest it is a share of. `ceiling` None: has none."""

    key: str
    name: str
    about: str
    span: str
    none: str
    counted: Sequence[Line]
    others: Sequence[Line]
    ceiling: int | None = None
    unseen: int = 0  # on channels this person does not see; they are in the number

    @property
    def share(self) -> Share:
        part = len(self.counted) + self.unseen
        return Share(part, part + len(self.others), 100 if self.ceiling is None else self.ceiling)


def is_about_us(text: str, call: str, language: str) -> bool:
    """Whether it speaks of us, never to the reader, and asks for nothing. Only English words are looked at. Pure."""
    if call or (language and not language.lower().startswith("en")):
        return False
    return OURSELVES.search(text) is not None and READER.search(text) is None


def leads_to_others(text: str, link: str, hosts: Collection[str], own: Collection[str]) -> bool:
    """Whether a post passes on what somebody else posted: it links to one on a network that is not ours. Pure."""
    found = [link, *balance.ADDRESS.findall(text)] if link else balance.ADDRESS.findall(text)
    return any(_host(one) in hosts and one.rstrip("/.,") not in own for one in found)


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").removeprefix("m.")


def of_whom(
    rows: Iterable[Line], pictured: Collection[int], hosts: Collection[str], own: Collection[str]
) -> dict[str, list[Line]]:
    """Every post once: passed on, else little but a link, else our own. Pure."""
    found: dict[str, list[Line]] = {OWN: [], PASSED_ON: [], BARE: []}
    for one in rows:
        if leads_to_others(one.text, one.link, hosts, own):
            found[PASSED_ON].append(one)
        elif balance.is_link_only(one.text, one.link, one.post in pictured):
            found[BARE].append(one)
        else:
            found[OWN].append(one)
    return found


def parts(user: User, rows: Sequence[Line], limits: PlanLimits, now: datetime) -> dict[str, Part]:
    """Every share by its key, in the order a page shows them; `rows` reach back at least four weeks."""
    recent = [one for one in rows if now - WEEKS < one.due_at <= now]
    about = [one for one in recent if is_about_us(one.text, one.call, one.language)]
    _, listed = balance.link_only(rows, now, limits.link_only_share)
    fortnight = [one for one in rows if now - balance.LINK_DAYS < one.due_at <= now]
    made = [
        _unplanned(user, limits, now),
        Part(
            BARE,
            "Posts that are little but a link",
            "A link, hardly any words beside it, no picture. Say what it is about and what the reader can do, so that "
            "it helps without a click.",
            "of the last 14 days",
            "No post in the last 14 days.",
            listed,
            _rest(fortnight, listed),
            limits.link_only_share,
        ),
        Part(
            "about-us",
            "Posts about ourselves",
            "They say we, us or our, never you, and ask readers for nothing. What can the reader do or know now?",
            "of the last four weeks",
            "No post in the last four weeks.",
            about,
            _rest(recent, about),
            MixLimits.here().about_us_share,
        ),
        *_origins(recent),
    ]
    return {one.key: one for one in made}


def _origins(recent: Sequence[Line]) -> list[Part]:
    keys = [one.post for one in recent]
    pictured = set(PostPicture.objects.filter(post__in=keys).values_list("post", flat=True))
    hosts = NETWORKS | {host for host in Channel.objects.values_list("host", flat=True) if host}
    links = {one.rstrip("/") for one in Delivery.objects.exclude(remote_url="").values_list("remote_url", flat=True)}
    found = of_whom(recent, pictured, hosts, links)
    told = {
        OWN: ("own-content", "Our own", "Made by us: our words, beside whatever they lead to."),
        PASSED_ON: ("passed-on", "Passed on", "They lead to a post of somebody else on a network."),
        BARE: ("bare-content", "Little but a link", "A link and hardly any words, without a picture."),
    }
    span, none = "of the last four weeks", "No post in the last four weeks."
    return [
        Part(key, name, about, span, none, found[which], _rest(recent, found[which]))
        for which, (key, name, about) in told.items()
    ]


def _rest(rows: Sequence[Line], counted: Sequence[Line]) -> list[Line]:
    known = {one.post for one in counted}
    return [one for one in rows if one.post not in known]


def _unplanned(user: User, limits: PlanLimits, now: datetime) -> Part:
    """The number counts every approved post of the town; listed are those this person sees."""
    part, whole = readiness.recent(now)
    seen = Placement.objects.visible_to(user, now).filter(readiness.of_recent(now))
    columns = ("post", "post__key", "post__created_at", "post__text", "post__link", "post__benefit", "post__topic_id")
    more = ("post__call", "post__language", "post__objective_id", "post__kind")
    first = seen.order_by("post", "pk").distinct("post").values_list(*columns, *more)
    rows = sorted((Line(*row) for row in first), key=lambda one: (one.due_at, one.post))
    counted = [one for one in rows if one.objective is None]
    return Part(
        "unplanned",
        "Posts without an objective",
        "Approved posts that serve none of the town's objectives.",
        "of the last four weeks",
        "No post was approved in the last four weeks.",
        counted,
        _rest(rows, counted)[: max(whole - part, 0)],
        limits.unplanned_share,
        max(part - len(counted), 0),
    )


@dataclass(frozen=True)
class Kept:
    """A post that is useful to keep, and what is known of its use. None: the network does not say.

    `again` counts the share kits that pass its pictures on, and later posts with one of them.
    """

    line: Line
    saved: int | None
    shared: int | None
    clicks: int
    again: int


def kept(rows: Sequence[Line]) -> list[Kept]:
    """The posts of the kind “useful to keep”, the newest first, with how often they were kept, passed on and used."""
    found = sorted((one for one in rows if one.kind == "keep"), key=lambda one: one.due_at, reverse=True)[:KEPT_SHOWN]
    if not found:
        return []
    numbers = _numbers([one.post for one in found])
    clicks = links.clicks_by_ref("post", [one.key for one in found])
    again = _again([one.post for one in found])
    return [
        Kept(
            one,
            numbers.get(one.post, {}).get("bookmarks"),
            numbers.get(one.post, {}).get("shares"),
            clicks.get(one.key, 0),
            again.get(one.post, 0),
        )
        for one in found
    ]


def _numbers(posts: Sequence[int]) -> dict[int, dict[str, int]]:
    """What the networks said when the posts were read back, added up over channels."""
    found: dict[int, dict[str, int]] = {}
    rows = Readback.objects.filter(placement__post__in=posts).values_list("placement__post", "numbers")
    for post, numbers in rows:
        for name in ("bookmarks", "shares"):
            if numbers.get(name) is not None:
                sums = found.setdefault(post, {})
                sums[name] = sums.get(name, 0) + int(numbers[name])
    return found


def _again(posts: Sequence[int]) -> dict[int, int]:
    """How many other posts and share kits use a picture of each of these."""
    mine = list(PostPicture.objects.filter(post__in=posts).values_list("media", "post"))
    media = {one for one, _ in mine}
    users: dict[int, set[tuple[str, int]]] = {}
    for one, post in PostPicture.objects.filter(media__in=media, post__dropped_at=None).values_list("media", "post"):
        users.setdefault(one, set()).add(("post", post))
    for one, kit in ShareKit.media.through.objects.filter(media__in=media).values_list("media", "sharekit"):
        users.setdefault(one, set()).add(("kit", kit))
    found: dict[int, set[tuple[str, int]]] = {}
    for one, post in mine:
        found.setdefault(post, set()).update(users.get(one, set()) - {("post", post)})
    return {post: len(rows) for post, rows in found.items()}
