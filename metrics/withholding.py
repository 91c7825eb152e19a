"""Comments that are counted and never read: once a day both are held against each other, from what was read anyway.

A right to read comments that was quietly taken away looks like a town in which nobody says a word; the numbers of its
posts know better. What honest platforms do is no reason for alarm: comments that were hidden or deleted or that come
from people who were blocked stay in a count, counts come late, and the town's own answers are counted too. So only
what residents wrote is looked at, only what has stood in the count for a day, and only under posts whose comments were
asked for since. Where comments were read before, what was missing then is left out, and where many always were
missing, more have to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_app import withheld
from channels_app.models import Channel, Cursor, Delivery
from engagement.intake import FIRST_REACH
from engagement.models import Message
from metrics.models import Reading, Tracked

MEASURE = "replies"
DAY = timedelta(days=1)
REACH = timedelta(days=90)  # older posts are seldom read
READ_AFTER = timedelta(hours=1)  # lists show what is new a little late
ENOUGH = withheld.MANY  # where comments were read before
RARE = 0.01  # how likely it may be that so many are missing as ever


@dataclass(frozen=True)
class Post:
    """What is known of the comments under one post of the town.

    `counted`: when the platform told which number, in the order of time. `known`: when each comment known here was
    read or sent, the town's own included; `heard`: those of residents alone. `asked_at`: when they were last asked for.
    """

    published_at: datetime
    counted: Sequence[tuple[datetime, int]]
    known: Sequence[datetime] = ()
    heard: Sequence[datetime] = ()
    asked_at: datetime | None = None

    def missing(self, start: datetime | None, now: datetime) -> int:
        """How many have been counted for a day and were never read, without those that were missing at the start."""
        stands = _last(self.counted, now - DAY)
        if stands is None or self.asked_at is None or self.asked_at < stands[0] + READ_AFTER:
            return 0
        gap = min(stands[1], self.counted[-1][1]) - len(self.known)
        if start is not None and self.published_at <= start:
            gap -= self._gap(_last(self.counted, start) or self.counted[0])
        return max(gap, 0)

    def before(self, start: datetime) -> tuple[int, int]:
        """How many were missing then, of how many."""
        then = _last(self.counted, start)
        return (max(self._gap(then), 0), then[1]) if then else (0, 0)

    def _gap(self, then: tuple[datetime, int]) -> int:
        return then[1] - sum(at <= then[0] for at in self.known)


def _last(counted: Sequence[tuple[datetime, int]], until: datetime) -> tuple[datetime, int] | None:
    """The newest of these that was told by then."""
    return next((one for one in reversed(counted) if one[0] <= until), None)


def judge(posts: Sequence[Post], start: datetime | None, now: datetime) -> tuple[int, datetime] | None:
    """How many comments are counted and kept back, and since when; None where nothing points to that.

    `start`: until when nothing was wrong as far as anybody knows, apart from what the posts themselves say; None where
    no comment was ever read.
    """
    heard = [at for post in posts for at in post.heard]
    start = max([*heard, *([start] if start else [])], default=None)
    lacking = [(post, count) for post in posts if (count := post.missing(start, now))]
    total = sum(count for _, count in lacking)
    if start is None:
        first = [at for post, _ in lacking for at, value in post.counted if value]
        return (total, min(first)) if total else None
    usual = _usual(posts, start) if heard else 0.0
    return (total, start) if total >= ENOUGH and usual**total < RARE else None


def _usual(posts: Sequence[Post], start: datetime) -> float:
    """The share of what was counted that had not been read then: 0.0 to 1.0."""
    was = [post.before(start) for post in posts]
    of = sum(count for _, count in was)
    return min(sum(count for count, _ in was) / of, 1.0) if of else 0.0


def watch(now: datetime) -> int:
    """Compare the channels whose day is over, and each hour those where something is wrong; how many."""
    wrong = {row.channel_id for row in withheld.open_on(Channel.objects.filter(state__in=Channel.READ))}
    done = 0
    for channel in Channel.objects.filter(state__in=Channel.READ).exclude(remote_id=""):
        last = withheld.last_compared(channel)
        due = channel.pk in wrong or last is None or now - last >= DAY
        if due and withheld.counted(channel.platform):
            compare(channel, now)
            done += 1
    return done


def compare(channel: Channel, now: datetime) -> None:
    """Hold what the platform counts against what was read, and note or end what that comes to."""
    posts = posts_of(channel, now)
    found = judge(posts, _known_start(channel, now), now)
    if found is None:
        withheld.over(channel, now)
    else:
        withheld.note(channel, *found, now)
    withheld.compared(channel, now)


def _known_start(channel: Channel, now: datetime) -> datetime | None:
    """When a person last looked; or, where comments were read at all, however long ago that is."""
    looked = withheld.looked_at(channel)
    if looked is None and Message.objects.filter(channel=channel, ours=False).exclude(root_id="").exists():
        return now - REACH
    return looked


def posts_of(channel: Channel, now: datetime) -> list[Post]:
    """The posts of which the platform told how many comments they have and whose comments Parley reads."""
    rows = Tracked.objects.filter(channel=channel, published_at__gt=now - REACH).exclude(remote_id="")
    tracked = {row.pk: row for row in rows}
    names = _read_from_the_first(channel, [row.remote_id for row in rows])
    counted: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    told = Reading.objects.filter(tracked__in=tracked, measure=MEASURE, value__isnull=False).order_by("at")
    for pk, at, value in told.values_list("tracked", "at", "value"):
        counted[tracked[pk].remote_id].append((at, value or 0))
    asked = _asked(channel, names, now)
    heard, ours = _under(channel, names, now)
    return [
        Post(
            row.published_at,
            counted[name],
            known=[*heard[name], *ours[name].values()],
            heard=heard[name],
            asked_at=asked.get(name),
        )
        for row in tracked.values()
        if (name := row.remote_id) in names and counted[name]
    ]


def _read_from_the_first(channel: Channel, names: Iterable[str]) -> set[str]:
    """Those whose comments were read from their first day on: reading does not go back for ever."""
    rows = Message.objects.filter(channel=channel, kind="post", ours=True, gone_at=None, remote_id__in=list(names))
    found = rows.values_list("remote_id", "at", "ingested_at")
    return {name for name, at, met_at in found if met_at - at < FIRST_REACH - DAY}


def _asked(channel: Channel, names: Iterable[str], now: datetime) -> Mapping[str, datetime | None]:
    """When the comments of each were last asked for; what is asked for in vain is asked for all the time."""
    rows = Cursor.objects.filter(channel=channel, stream="comments", root__in=list(names))
    return {row.root: now if row.failures else row.last_ok_at for row in rows}


def _under(
    channel: Channel, names: Iterable[str], now: datetime
) -> tuple[Mapping[str, list[datetime]], Mapping[str, dict[str, datetime]]]:
    """What is known under each: when residents' comments were read; and the town's own, each once."""
    heard: dict[str, list[datetime]] = defaultdict(list)
    ours: dict[str, dict[str, datetime]] = defaultdict(dict)
    for name, key, at in _sent(channel, now):
        ours[name][key] = at
    rows = Message.objects.filter(channel=channel, root_id__in=list(names))
    for name, own, sent, remote_id, at in rows.values_list("root_id", "ours", "delivery", "remote_id", "ingested_at"):
        if own:
            ours[name].setdefault(f"sent {sent}" if sent else remote_id, at)
        else:
            heard[name].append(at)
    return heard, ours


def _sent(channel: Channel, now: datetime) -> Iterable[tuple[str, str, datetime]]:
    """Answers and further parts of posts that Parley sent: under which post, a key of its own, when."""
    rows = Delivery.objects.filter(channel=channel, state="published", published_at__gt=now - REACH)
    found = list(
        rows.filter(kind__in=("post", "reply")).values_list(
            "pk", "kind", "part", "remote_id", "payload__root", "approval", "published_at"
        )
    )
    first = {approval: remote_id for _, kind, part, remote_id, _, approval, _ in found if kind == "post" and not part}
    for pk, kind, part, _, root, approval, at in found:
        if at is not None and (kind == "reply" or part):
            yield str(root) if kind == "reply" else first.get(approval, ""), f"sent {pk}", at
