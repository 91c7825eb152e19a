"""Reading what people write: each stream of each channel by its cursor, nothing lost, nothing twice.

A cursor is claimed by lease and fence, read from the newest item back to fifteen minutes before where reading stood,
and moved in the one transaction that files the items, only after a complete walk. A walk that is cut short keeps its
place. What a platform shows late is met again by the overlap, and once a day by a walk of seven days.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.keyring import CannotOpen
from accounts.refusals import LostRace
from channels_app import connecting, hooks, platforms, prices, quotas, renaming, renewing, tallies, unheard
from channels_app.models import Channel, Cursor
from channels_app.platforms.base import Account, Incoming, Page, Platform, Refused, TryLater, Uncertain
from engagement import filing, pace, sparing, threaded
from engagement.models import Message

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=150)  # longer than a task may run
OVERLAP = timedelta(minutes=15)
SWEEP = timedelta(days=7)
FIRST_REACH = timedelta(days=30)
MAX_PAGES = 20
GIVE_UP = 48  # failures in a row: half a day at the least
MAX_SECONDS = 45.0


@dataclass
class Walk:
    """One reading of a stream: what was met, where it would go on, and whether it reached back far enough.

    One that is to be `whole` goes on to the end.
    """

    reach: datetime
    page: str = ""
    top: datetime | None = None
    newest: str = ""
    handle: str = ""
    items: list[Incoming] = field(default_factory=list)
    whole: bool = False
    complete: bool = False
    cut_by: TryLater | None = None

    def take(self, page: Page) -> None:
        self.items += page.items
        self.newest = self.newest or page.newest
        self.handle = self.handle or page.handle
        newest = max((item.at for item in page.items), default=None)
        self.top = max((at for at in (newest, self.top) if at), default=None)
        self.page = page.next
        rest = page.rest or newest
        self.complete = not page.next or (not self.whole and rest is not None and rest < self.reach)


def due(now: datetime) -> list[int]:
    """The cursors to read now, the longest waiting first and only so many of one channel."""
    ensure_cursors(now)
    waiting = Cursor.objects.filter(_free(now), channel__state__in=Channel.READ, next_poll_at__lte=now)
    share: dict[int, int] = {}
    chosen = []
    for pk, channel in waiting.order_by("next_poll_at").values_list("pk", "channel_id")[:500]:
        share[channel] = share.get(channel, 0) + 1
        if share[channel] <= pace.PER_TICK:
            chosen.append(pk)
    return chosen


def ensure_cursors(now: datetime) -> None:
    """Every connected channel has a cursor for each of its streams."""
    channels = Channel.objects.filter(state__in=Channel.READ).exclude(remote_id="")
    wanted = [(channel.pk, name) for channel in channels for name in streams_of(channel.platform)]
    known = set(Cursor.objects.filter(root="").values_list("channel_id", "stream"))
    Cursor.objects.bulk_create(
        (Cursor(channel_id=pk, stream=name, next_poll_at=now) for pk, name in wanted if (pk, name) not in known),
        ignore_conflicts=True,
    )


def streams_of(platform: str) -> list[str]:
    return [name for name in platforms.get(platform).STREAMS if name != "comments"]


def poll(cursor_id: int, now: datetime, *, reach: timedelta | None = None) -> filing.Filed | None:
    """Read one stream if it is due and free. `reach` walks back further, for a channel's history.

    None when somebody else has it, it is not due, or the platform did not let us read.
    """
    cursor = claim(cursor_id, now, force=reach is not None)
    if cursor is None:
        return None
    platform = platforms.get(cursor.channel.platform)
    first, whole = _first_of_day(cursor, now) or reach is not None, threaded.to_the_end(cursor, now)
    begin, account = "" if first else threaded.begin(cursor), None
    try:
        account = connecting.account_of(cursor.channel)
        walk = _walk(platform, account, cursor, _back_to(cursor, now, reach), whole=whole, begin=begin)
    except Refused as refused:
        ending = renewing.met(cursor.channel, account, refused, now)
        if isinstance(ending, TryLater):
            _failed(cursor, ending, now)
        else:
            _refused(cursor, ending, now)
        return None
    except CannotOpen as problem:
        _refused(cursor, Refused(str(problem), cause="token"), now)
        return None
    except (TryLater, Uncertain) as ending:
        _failed(cursor, ending, now)
        return None
    try:
        return _settle(cursor, walk, now)
    except LostRace:
        log.info("lost a stream", extra={"channel": str(cursor.channel.key), "stream": cursor.stream})
        return None


def claim(cursor_id: int, now: datetime, *, force: bool = False) -> Cursor | None:
    """Lease a cursor for one reading. A reader that dies leaves a failure behind and the lease runs out."""
    free = Cursor.objects.filter(_free(now), pk=cursor_id, channel__state__in=Channel.READ)
    ready = free if force else free.filter(next_poll_at__lte=now)
    with transaction.atomic():
        cursor = ready.select_for_update(skip_locked=True, of=("self",)).select_related("channel").first()
        if cursor is None:
            return None
        cursor.fence += 1
        cursor.failures += 1
        cursor.lease_until = now + LEASE
        cursor.save(update_fields=["fence", "failures", "lease_until"])
    return cursor


def _free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=now)


def _back_to(cursor: Cursor, now: datetime, reach: timedelta | None) -> datetime:
    """How far back this walk goes; the first one of a day goes back a week."""
    if cursor.seen_to is None or reach is not None:
        return now - (reach or FIRST_REACH)
    sweep = _first_of_day(cursor, now)
    return min(cursor.seen_to - OVERLAP, now - SWEEP) if sweep else cursor.seen_to - OVERLAP


def _first_of_day(cursor: Cursor, now: datetime) -> bool:
    return cursor.last_ok_at is None or cursor.last_ok_at.date() < now.date()


def _walk(
    platform: Platform, account: Account, cursor: Cursor, back_to: datetime, *, whole: bool = False, begin: str = ""
) -> Walk:
    """Page by page from the newest, or from where the last walk was cut. A limit on the way keeps what was read.

    One that was to go back less far than this one is begun anew: the sweep of a day is not left out for it.
    """
    walk = _resumed(cursor)
    if walk is None or walk.reach > back_to or (whole and not walk.whole):
        walk = Walk(back_to, begin, whole=whole)
    until = time.monotonic() + MAX_SECONDS
    for number in range(MAX_PAGES):
        try:
            page = platform.fetch(account, cursor.stream, walk.page, cursor.root)
        except (TryLater, Uncertain) as ending:
            if not number or isinstance(ending, Uncertain):
                raise
            walk.cut_by = ending
            break
        walk.take(page)
        if walk.complete or time.monotonic() > until:
            break
    return walk


def _resumed(cursor: Cursor) -> Walk | None:
    kept = cursor.resume
    if not kept.get("page"):
        return None
    top = datetime.fromisoformat(kept["top"]) if kept.get("top") else None
    whole = bool(kept.get("whole"))
    return Walk(datetime.fromisoformat(kept["reach"]), kept["page"], top, kept.get("newest", ""), whole=whole)


def _settle(cursor: Cursor, walk: Walk, now: datetime) -> filing.Filed:
    """Items and cursor in one transaction; the fence decides whether this reader still may."""
    with transaction.atomic():
        renaming.seen(cursor.channel, walk.handle, now)
        filed = filing.file(cursor.channel, walk.items, now)
        _follow_posts(cursor.channel, filed.new, now)
        threaded.note(cursor.channel, walk.items if cursor.stream == "posts" else ())
        held = _held(cursor)
        if not (held.delete()[0] if cursor.stream == hooks.NAMED else held.update(**_after(cursor, walk, now))):
            raise LostRace(f"{cursor} was read by someone else meanwhile.")
        if cursor.stream == hooks.NAMED:
            unheard.heard(cursor, now)
        Channel.objects.filter(pk=cursor.channel_id).update(last_read_at=now)
        hooks.meanwhile(cursor, now)
    if walk.cut_by and walk.cut_by.whole_channel:
        _rest(cursor, now + timedelta(seconds=walk.cut_by.wait))
    _report_late(cursor, filed, now)
    _count_reads(cursor, walk, filed, now)
    quotas.note(cursor.channel, now)
    return filed


def _after(cursor: Cursor, walk: Walk, now: datetime) -> dict[str, object]:
    fields: dict[str, object] = {"lease_until": None, "failures": 0, "why": ""}
    if not walk.complete:
        kept = {"page": walk.page, "reach": walk.reach.isoformat(), "newest": walk.newest, "whole": walk.whole}
        fields["resume"] = kept | {"top": walk.top.isoformat() if walk.top else ""}
        wait = timedelta(seconds=walk.cut_by.wait) if walk.cut_by else timedelta(0)
        return fields | {"next_poll_at": now + wait}
    if walk.whole:
        fields |= {"walked": cursor.told, "walked_at": now}
    seen = [at for at in (cursor.seen_to, min(walk.top, now) if walk.top else None) if at]
    return fields | {
        "resume": {},
        "token": walk.newest[:200] or cursor.token,
        "seen_to": max(seen, default=None),
        "last_ok_at": now,
        "next_poll_at": now + (_pause(cursor, now) if not cursor.resume else timedelta(0)),
    }


def _pause(cursor: Cursor, now: datetime) -> timedelta:
    usual = pace.for_comments(cursor.root_at, now) if cursor.root else pace.every()
    return usual * sparing.stretch(cursor, now)


def _follow_posts(channel: Channel, new: Iterable[Message], now: datetime) -> None:
    """Each post of ours gets a cursor for what people write under it."""
    if "comments" not in platforms.get(channel.platform).STREAMS:
        return
    Cursor.objects.bulk_create(
        (
            Cursor(channel=channel, stream="comments", root=row.remote_id, root_at=row.at, next_poll_at=now)
            for row in new
            if row.ours and row.kind == "post"
        ),
        ignore_conflicts=True,
    )


def _failed(cursor: Cursor, ending: TryLater | Uncertain, now: datetime) -> None:
    """The stream waits as long as the platform said, longer after the third failure, and then the channel with it."""
    quotas.note(cursor.channel, now)
    if _given_up(cursor, ending, now):
        return
    wait = max(timedelta(seconds=ending.wait), pace.after_failure(cursor.failures))
    _held(cursor).update(lease_until=None, next_poll_at=now + wait, why=ending.words[:200])
    impatient = cursor.failures >= pace.PATIENCE and cursor.stream not in hooks.ALONE
    if getattr(ending, "whole_channel", False) or impatient:
        _rest(cursor, now + wait)


def _refused(cursor: Cursor, ending: Refused, now: datetime) -> None:
    if ending.cause == "token":
        _held(cursor).update(lease_until=None, failures=0, why=ending.words[:200])
        connecting.needs_reconnect(cursor.channel, ending.words, now)
    elif ending.cause == "gone" and cursor.root:
        _held(cursor).delete()
        Message.objects.filter(channel=cursor.channel, remote_id=cursor.root, gone_at=None).update(gone_at=now)
    elif not _given_up(cursor, ending, now):
        later = now + (pace.every() if cursor.resume else timedelta(hours=1))  # a kept place may have run out
        _held(cursor).update(lease_until=None, resume={}, next_poll_at=later, why=ending.words[:200])


def _given_up(cursor: Cursor, ending: TryLater | Uncertain | Refused, now: datetime) -> bool:
    """One thing a webhook named that cannot be read keeps nobody else waiting; after many times a person is told."""
    if cursor.stream != hooks.NAMED or cursor.failures < GIVE_UP:
        return False
    with transaction.atomic():
        if _held(cursor).delete()[0]:
            unheard.note(cursor, ending.words, now)
    log.error("a mention could not be read", extra={"channel": str(cursor.channel.key), "named": cursor.root})
    return True


def _rest(cursor: Cursor, until: datetime) -> None:
    """Every stream of the channel rests until then; other channels do not notice."""
    Cursor.objects.filter(channel=cursor.channel_id, next_poll_at__lt=until).update(next_poll_at=until)


def _held(cursor: Cursor) -> QuerySet[Cursor]:
    return Cursor.objects.filter(pk=cursor.pk, fence=cursor.fence)


def _report_late(cursor: Cursor, filed: filing.Filed, now: datetime) -> None:
    """Items that the overlap would have missed: should be none, and a rising number is an alarm."""
    if cursor.seen_to is None:
        return
    late = sum(1 for message in filed.new if message.at < cursor.seen_to - OVERLAP)
    if late:
        tallies.add("late_found", f"{cursor.channel.key}:{now:%Y-%m-%d}", late)
        log.warning("found late", extra={"channel": str(cursor.channel.key), "stream": cursor.stream, "late": late})


def _count_reads(cursor: Cursor, walk: Walk, filed: filing.Filed, now: datetime) -> None:
    """For platforms that charge: the same thing once a day, so what the later walks of a day meet again is free."""
    first = _first_of_day(cursor, now)
    ours = cursor.channel.remote_id
    met = [(item.kind, item.author_id == ours) for item in walk.items] if first else _kinds(filed)
    own, others = (sum(kind != "direct" and mine is one for kind, mine in met) for one in (True, False))
    prices.count_reads(cursor.channel, now, own=own, others=others, messages=len(met) - own - others)


def _kinds(filed: filing.Filed) -> list[tuple[str, bool]]:
    return [(message.kind, message.ours) for message in filed.new]
