"""Is the town strong on each of its channels, or thin on some? The numbers of thirteen weeks, and what they propose.

A channel with too few posts, too few answers in time and fewer people who come back is proposed for closing; with two
of the three, for merging with one on which the town is stronger. A person decides, with a reason, once a quarter. A
young channel has had no time to find its people, so that its numbers propose nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from accounts import audit
from accounts.models import Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid
from calendar_app.models import Cadence
from channels_app import staffing
from channels_app.models import Channel, Delivery
from engagement import waits
from engagement.models import Conversation
from metrics.models import Review

WEEKS = 13
SPAN = timedelta(weeks=WEEKS)
TARGET = 80  # per cent of those who needed an answer and got it in time
OLD_ENOUGH = timedelta(weeks=6)
LEAST = 1.0  # posts a week, where the town has settled no rhythm
REVIEW_DAYS = 14  # so long after a quarter has begun people are reminded
CAME_BACK = """
WITH answered AS (
  SELECT m.channel_id, c.person_id, min(m.at) AS first
    FROM engagement_message m JOIN engagement_conversation c ON c.id = m.conversation_id
   WHERE m.ours AND m.at >= %(start)s AND m.at < %(end)s AND c.person_id IS NOT NULL
     AND NOT EXISTS (
           SELECT FROM channels_app_delivery d WHERE d.id = m.delivery_id AND d.origin = 'acknowledgement')
   GROUP BY 1, 2)
SELECT a.channel_id, count(*) AS people, count(*) FILTER (WHERE (
         SELECT count(*) FROM engagement_message t
          WHERE t.channel_id = a.channel_id AND t.person_id = a.person_id AND NOT t.ours
            AND t.at > a.first AND t.at < %(end)s) >= 2) AS back
  FROM answered a GROUP BY 1
"""


@dataclass(frozen=True)
class Share:
    """So many of so many; no value where there was nothing to count."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None

    @property
    def words(self) -> str:
        return f"{self.part} of {self.whole} ({self.percent:.0f} %)" if self.whole else "nothing to count"


@dataclass(frozen=True)
class Numbers:
    """What a proposal is made of. `posts` and `wanted` are per week, hours too."""

    posts: float
    wanted: float
    in_time: Share
    back: Share
    back_before: Share
    needs: Decimal
    given: Decimal | None

    @property
    def thin(self) -> bool:
        return self.posts < self.wanted

    @property
    def slow(self) -> bool:
        return self.in_time.percent is not None and self.in_time.percent < TARGET

    @property
    def falling(self) -> bool:
        now, before = self.back.percent, self.back_before.percent
        return now is not None and before is not None and now < before

    def stored(self) -> dict[str, Any]:
        return {
            "posts_a_week": self.posts,
            "wanted": self.wanted,
            "answered_in_time": [self.in_time.part, self.in_time.whole],
            "came_back": [self.back.part, self.back.whole],
            "came_back_before": [self.back_before.part, self.back_before.whole],
            "hours_needed": str(self.needs),
            "hours_kept": None if self.given is None else str(self.given),
        }


@dataclass(frozen=True)
class Proposal:
    """What the numbers say of one channel. `end`: keep, merge or close. `young`: they say nothing yet, it is kept."""

    channel: Channel
    numbers: Numbers
    end: str
    why: str
    young: bool = False


def judge(numbers: Numbers, *, alone: bool = False) -> tuple[str, str]:
    """Keep, merge or close, and why. `alone`: it is the only channel there is, which is never closed. Pure."""
    signs = [
        (numbers.thin, f"{numbers.posts:g} post{'s' * (numbers.posts != 1)} a week, {numbers.wanted:g} wanted"),
        (numbers.slow, f"{numbers.in_time.words} answered in time, below {TARGET} %"),
        (numbers.falling, f"{numbers.back.words} came back, before it was {numbers.back_before.words}"),
    ]
    weak = [words for sign, words in signs if sign]
    if len(weak) == 3 and not alone:
        return "close", f"{'; '.join(weak)}."
    if len(weak) == 2 and not alone:
        return "merge", f"{'; '.join(weak)}. Its people may be better met where the town is stronger."
    if weak:
        last = " It is the town's only channel." if alone else ""
        return "keep", f"{'; '.join(weak)}.{last}"
    return (
        "keep",
        "Enough posts, answers in time, and people come back as before, as far as there is anything to count.",
    )


def proposals(channels: Sequence[Channel], now: datetime) -> list[Proposal]:
    """What the last thirteen weeks propose for each of these, what is weakest first."""
    found = numbers(channels, now)
    alone = Channel.objects.filter(state__in=Channel.READ).count() <= 1
    rows = [_proposal(one, found[one.pk], alone, now) for one in channels]
    return sorted(rows, key=lambda row: ("close", "merge", "keep").index(row.end))


def _proposal(channel: Channel, its: Numbers, alone: bool, now: datetime) -> Proposal:
    if now - channel.created_at < OLD_ENOUGH:
        return Proposal(channel, its, "keep", _young(channel, now), young=True)
    return Proposal(channel, its, *judge(its, alone=alone))


def _young(channel: Channel, now: datetime) -> str:
    days = (now - channel.created_at).days
    age = "less than a day" if not days else "1 day" if days == 1 else f"{days} days"
    ripe = (channel.created_at + OLD_ENOUGH).astimezone(Town.here().tz)
    weeks = OLD_ENOUGH // timedelta(weeks=1)
    return f"It has been here for {age}. Numbers judge it once {weeks} weeks are behind it, on {ripe.day} {ripe:%B %Y}."


def numbers(channels: Sequence[Channel], now: datetime) -> dict[int, Numbers]:
    """The numbers by channel."""
    start = now - SPAN
    keys = [one.pk for one in channels]
    posts = _posts(keys, start, now)
    least = dict(Cadence.objects.filter(channel__in=keys).values_list("channel", "least"))
    in_time, back, before = _in_time(start, now), _back(start, now), _back(start - SPAN, start)
    work = {one.channel.pk: one for one in staffing.loads(list(channels), now)}
    nothing = Share(0, 0)
    return {
        one.pk: Numbers(
            posts=round(posts.get(one.pk, 0) / _weeks(one, now), 1),
            wanted=float(least.get(one.pk) or LEAST) if one.purpose == "conversation" else 0.0,
            in_time=in_time.get(one.pk, nothing),
            back=back.get(one.pk, nothing),
            back_before=before.get(one.pk, nothing),
            needs=work[one.pk].needs,
            given=work[one.pk].given,
        )
        for one in channels
    }


def _weeks(channel: Channel, now: datetime) -> float:
    return min(max((now - channel.created_at) / timedelta(weeks=1), 1.0), WEEKS)


def _posts(channels: Sequence[int], start: datetime, end: datetime) -> dict[int, int]:
    out = Delivery.objects.filter(channel__in=channels, kind="post", part=0, published_at__gte=start)
    return dict(out.filter(published_at__lt=end).order_by().values_list("channel").annotate(n=Count("pk")))


def _in_time(start: datetime, end: datetime) -> dict[int, Share]:
    """The waits that began in this time, by channel; the same that Kept and missed shows."""
    found = waits.between(start, end, end)
    channels = dict(
        Conversation.objects.filter(pk__in={one.conversation for one in found}).values_list("pk", "channel")
    )
    ends = Counter((channels[one.conversation], one.outcome) for one in found)
    return {key: Share(ends[key, "kept"], ends[key, "kept"] + ends[key, "missed"]) for key in {k for k, _ in ends}}


def _back(start: datetime, end: datetime) -> dict[int, Share]:
    """People who wrote at least twice after our first answer, of those who got one."""
    with connection.cursor() as cursor:
        cursor.execute(CAME_BACK, {"start": start, "end": end})
        return {channel: Share(back, people) for channel, people, back in cursor.fetchall()}


# --- the review ------------------------------------------------------------------------------------------------------


def quarter_of(day: date) -> date:
    """The first day of the quarter. Pure."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def reviews(quarter: date) -> Mapping[int, Review]:
    return {one.channel_id: one for one in Review.objects.filter(quarter=quarter).select_related("by")}


def decide(proposal: Proposal, decision: str, why: str, *, by: User, now: datetime) -> Review:
    """What this quarter's review comes to for a channel; decided again, the last word stands. Raises Invalid."""
    if decision not in dict(Review.ENDS):
        raise Invalid("Choose whether to keep, merge or close it.")
    if not why.strip():
        raise Invalid("Say in a sentence why.")
    facts = {"decision": decision, "why": why.strip()[:300], "proposal": proposal.end, "by": by, "at": now}
    quarter = quarter_of(now.astimezone(Town.here().tz).date())
    with transaction.atomic():
        row, _ = Review.objects.update_or_create(
            channel=proposal.channel, quarter=quarter, defaults=facts | {"numbers": proposal.numbers.stored()}
        )
        told = {"decision": decision, "proposal": proposal.end}
        audit.record("reviewed_channel", proposal.channel, by=by, now=now, reason=row.why, **told)
    return row


def remind(now: datetime) -> int:
    """Two weeks into a quarter, tell who decides that channels wait for their review; how many were told."""
    today = now.astimezone(Town.here().tz).date()
    quarter = quarter_of(today)
    if today < quarter + timedelta(days=REVIEW_DAYS):
        return 0
    old = Channel.objects.filter(state__in=Channel.READ, created_at__lte=now - OLD_ENOUGH)
    waiting = old.exclude(reviews__quarter=quarter).count()
    if not waiting:
        return 0
    what = "1 channel waits" if waiting == 1 else f"{waiting} channels wait"
    words = f"{what} for this quarter's review: keep, merge or close?"
    once = f"review:{quarter}"
    return len(tell_role("review_channels", None, "channel.review", words, "/channels/review/", now=now, once=once))
