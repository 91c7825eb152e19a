"""The four blocks of Today: what is due, what goes out, is anything broken, how the week goes. Each block is one
function that reads with a few queries whatever the size of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.access import may
from accounts.models import Town, User
from calendar_app import cadence, civic, planned, signoff
from calendar_app.models import Placement
from channels_app import outbox
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import ATTENTION, LIKES
from channels_app.outbox import StateWords
from engagement import words
from engagement.models import Conversation
from engagement.timing import PackDays
from engagement.words import Pill
from metrics import charts, weekly
from metrics.catalogue import MEASURES
from metrics.views import standings
from policy.clocks import Hours

DUE_SHOWN, TROUBLE_SHOWN = 8, 8
AHEAD = timedelta(hours=24)
RECENT = timedelta(hours=24)
LOOK = timedelta(days=14)  # how far the nearest service hours are looked for


@dataclass(frozen=True)
class Pause:
    """The time without service hours around an instant."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class DueRow:
    """One thing that waits: a conversation or a placement, with its countdown."""

    thing: Conversation | Placement
    countdown: Pill


@dataclass(frozen=True)
class Due:
    """What waits for this person: the first conversations by deadline, and posts to sign off. `waiting` counts all
    conversations, `late` those that were late while somebody was at the desk.
    """

    conversations: Sequence[DueRow]
    sign_offs: Sequence[DueRow]
    waiting: int
    late: int


@dataclass(frozen=True)
class Trouble:
    """A delivery that needs a person or failed, in words, with the page where it is cured."""

    delivery: Delivery
    title: str
    words: StateWords
    url: str


@dataclass(frozen=True)
class Mark:
    """One delivery on a channel's line: `hour` is its place in whole hours from the left edge, 0 to 23."""

    delivery: Delivery
    words: str
    url: str
    hue: int
    hour: int
    at: datetime


@dataclass(frozen=True)
class Lane:
    """One channel's next 24 hours."""

    channel: Channel
    marks: Sequence[Mark]


@dataclass(frozen=True)
class GoingOut:
    """The next day per channel, and on top what needs a person or failed lately."""

    trouble: Sequence[Trouble]
    lanes: Sequence[Lane]
    hours: Sequence[str]
    count: int


@dataclass(frozen=True)
class ThisWeek:
    """Objective bars, three figures with their history, the days ahead with nothing planned, and the channels with too
    little or too much in their week.
    """

    standings: Sequence[dict[str, object]]
    stats: Sequence[dict[str, object]]
    empty_days: Sequence[date]
    rhythm: Sequence[cadence.Finding]


def greeting(moment: datetime) -> str:
    """Good morning until noon, good afternoon until six, good evening after."""
    return "Good morning" if moment.hour < 12 else "Good afternoon" if moment.hour < 18 else "Good evening"


def summary(due: Due, going: GoingOut, decisions: int = 0) -> str:
    """The day in one or two sentences, worst first."""
    parts = []
    if decisions:
        parts.append(f"{decisions} {'decision waits' if decisions == 1 else 'decisions wait'} for you.")
    if due.waiting:
        late = "none is late" if not due.late else f"{due.late} {'is' if due.late == 1 else 'are'} late"
        parts.append(f"{due.waiting} {'answer is' if due.waiting == 1 else 'answers are'} due; {late}.")
    if going.trouble:
        count = str(len(going.trouble))
        parts.append(f"{count} {'delivery needs' if count == '1' else 'deliveries need'} a person.")
    elif not due.late:
        parts.append("Everything that was due to go out has gone.")
    return " ".join(parts)


def due(user: User, now: datetime, town: Town) -> Due:
    """My open conversations and those nobody has, earliest deadline first; posts that wait for my signature."""
    owed = Conversation.objects.open().visible_to(user, now).filter(unanswered_since__isnull=False)
    owed = owed.select_related("channel", "person", "assignee").order_by("due_at", "id")
    mine = Q(assignee=user) | Q(assignee=None) if may(user, "answer", now) else Q(assignee=user)
    pause = closed_now(town, now)
    over = Count("pk", filter=Q(due_at__lt=pause.since if pause else now))
    counts = owed.filter(mine).order_by().aggregate(waiting=Count("pk"), late=over)
    rows = [DueRow(row, calmed(words.pill(row, now), pause, now)) for row in owed.filter(mine)[:DUE_SHOWN]]
    return Due(rows, _sign_offs(user, now), **counts)


def _sign_offs(user: User, now: datetime) -> list[DueRow]:
    if not may(user, "approve_post", now):
        return []
    waiting = [row for row in signoff.queue(user, now) if user.pk not in {row.post.author_id, row.asked_by_id}]
    return [DueRow(row, _until(row.due_at, now)) for row in waiting[:DUE_SHOWN]]


def _until(at: datetime | None, now: datetime) -> Pill:
    if at is None:
        return Pill("no time yet")
    if at <= now:
        return Pill("time has passed", "late", at=at)
    left = at - now
    return Pill(f"{words.length(left)} left", "soon" if left < timedelta(hours=4) else "calm", at=at)


def closed_now(town: Town, now: datetime) -> Pause | None:
    """The pause in the service hours that is now; None while they run (and where a town has none)."""
    hours = Hours.of(town.zone, town.hours, PackDays(town.pack))
    since = now - LOOK
    for opens, closes in hours.open_between(now - LOOK, now + LOOK):
        if closes > now:
            return None if opens <= now else Pause(since, opens)
        since = closes
    return None


def calmed(pill: Pill, pause: Pause | None, now: datetime) -> Pill:
    """Outside service hours nothing turns red: what runs out meanwhile is due from the next opening, its true time in
    `full`. What was late already when the desk closed stays late.
    """
    if pause is None or (pill.at and pill.at < pause.since):
        return pill
    local = timezone.localtime(pause.until)
    day = "" if local.date() == timezone.localtime(now).date() else f"{local:%a} "
    full = pill.full + (f", {pill.words}" if pill.state == "late" else "")
    return Pill(f"due from {day}{local:%H:%M}", "unstarted", full, pill.at)


def going_out(user: User, now: datetime, zone: ZoneInfo) -> GoingOut:
    """What leaves in the next 24 hours on each channel, what failed in the last 24 and what waits for a person."""
    seen = Delivery.objects.visible_to(user, now).select_related("channel")
    linked = seen.select_related("channel", "release__placement__post", "reply__conversation").exclude(kind__in=LIKES)
    waiting = linked.filter(state__in=ATTENTION).exclude(why="frozen")  # these are decided about on the emergency page
    trouble = list(waiting.order_by("due_at")[:TROUBLE_SHOWN])
    trouble += list(linked.filter(state="failed", due_at__gte=now - RECENT).order_by("-due_at")[:TROUBLE_SHOWN])
    edge = now.replace(minute=0, second=0, microsecond=0)
    coming = seen.filter(due_at__gte=now - timedelta(minutes=1), due_at__lt=edge + AHEAD, kind="post", part=0).exclude(
        state__in=["cancelled", "failed", "removed", *ATTENTION]
    )
    marks: dict[int, list[Mark]] = {}
    beside = ("release__placement__post__campaign", "emergency_copy__message")
    for delivery in coming.select_related(*beside).order_by("due_at")[:200]:
        marks.setdefault(delivery.channel_id, []).append(_mark(delivery, edge, zone))
    channels = Channel.objects.visible_to(user, now, "see_calendar").proven().speaking()
    lanes = [Lane(channel, marks.get(channel.pk, [])) for channel in channels]
    hours = [f"{(edge + timedelta(hours=3 * step)).astimezone(zone):%H:%M}" for step in range(8)]
    told = [_trouble(delivery, now) for delivery in trouble]
    return GoingOut(told, lanes, hours, sum(len(lane.marks) for lane in lanes))


def _trouble(delivery: Delivery, now: datetime) -> Trouble:
    """A reply leads to its conversation, a post to its page; a delete or hide has no page of its own."""
    said = outbox.words_for(delivery, now)
    if hasattr(delivery, "release"):
        post = delivery.release.placement.post
        return Trouble(delivery, str(post), said, reverse("calendar:post", args=[post.key]))
    if hasattr(delivery, "reply"):
        conversation = delivery.reply.conversation
        title = f"Answer to {conversation.person}"
        return Trouble(delivery, title, said, reverse("inbox:conversation", args=[conversation.key]))
    return Trouble(delivery, str(delivery), said, "")


def _mark(delivery: Delivery, edge: datetime, zone: ZoneInfo) -> Mark:
    hour = min(max(int((delivery.due_at - edge) / timedelta(hours=1)), 0), 23)
    if hasattr(delivery, "emergency_copy"):
        message = delivery.emergency_copy.message
        url = reverse("emergency:message", args=[message.key])
        return Mark(delivery, str(message), url, 0, hour, delivery.due_at.astimezone(zone))
    post = delivery.release.placement.post
    url = reverse("calendar:post", args=[post.key])
    hue = post.campaign.hue if post.campaign else 0
    return Mark(delivery, str(post), url, hue, hour, delivery.due_at.astimezone(zone))


def this_week(user: User, now: datetime, town: Town) -> ThisWeek:
    """Objectives on their lines, the week's figures with eight weeks of history, and the empty days ahead."""
    over = weekly.weeks(now, town.tz, 8)
    stats: list[dict[str, object]] = []
    for name in ("answered_in_time", "first_answer_hours", "conversation_share"):
        figures, measure = weekly.series(name, over, now), MEASURES[name]
        change = charts.change(figures[:-1], measure)
        stats.append(
            {
                "name": measure.label,
                "number": charts.number(figures[-1].value, measure),
                "unit": measure.unit,
                "change": f"{figures[-1].part} of {figures[-1].whole} this week"
                if figures[-1].part is not None and figures[-1].whole
                else change.words,
                "tone": "plain",
                "values": [figure.value for figure in figures],
            }
        )
    channels = list(Channel.objects.visible_to(user, now, "see_calendar").proven().speaking())
    return ThisWeek(standings(now, town), stats, empty_days(user, now, town), cadence.now_and_next(town, channels, now))


def empty_days(user: User, now: datetime, town: Town, ahead: int = 7) -> list[date]:
    """The days of the coming week on which the town works and nothing is planned: no holiday, no day it is closed."""
    today = now.astimezone(town.tz).date()
    end = now + timedelta(days=ahead + 1)
    rows = Placement.objects.visible_to(user, now).in_days(now - timedelta(days=1), end)
    taken = {at.astimezone(town.tz).date() for at in rows.values_list("due_at", flat=True) if at}
    days = [today + timedelta(days=step) for step in range(ahead)]
    off, works = civic.holidays(civic.events(town, days)), planned.working_days(town)
    return [day for day in days if works[day.weekday()] and day not in off | taken]
