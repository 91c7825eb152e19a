"""The bands over a page, each with its cause and the way to the cure, and the one row of facts behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.access import places_for
from accounts.gate import Lapse
from accounts.models import User
from channels_app.models import Channel

QUIET = timedelta(minutes=2)
OVERDUE = timedelta(seconds=60)
NAMED = 3  # channels named in one band
EXERCISE = "Exercise: "


@dataclass(frozen=True)
class Band:
    """tone: emergency, alarm, warn or calm; url and link lead to the cure."""

    tone: str
    words: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Facts:
    """What one query tells, in its order: counts for this person, and how the machinery is."""

    unread: int | None = None
    mine: int | None = None
    to_sign: int | None = None
    overdue: int | None = None
    publishing: bool | None = None
    stopped_why: str | None = None
    publisher_at: datetime | None = None
    poller_at: datetime | None = None
    emergency: str | None = None
    quieter_mode: str | None = None
    channel_lost: bool = False
    alarms: Sequence[tuple[str, str]] = ()
    next_update: datetime | None = None
    issues: bool = False
    to_read: int | None = None
    review_on: date | None = None
    not_set_up: bool = False


FACTS = """
SELECT (SELECT count(*) FROM accounts_notification WHERE user_id = %(user)s AND read_at IS NULL) AS unread,
       (SELECT count(*) FROM engagement_conversation
         WHERE state = 'open' AND assignee_id = %(user)s AND due_at IS NOT NULL
           AND (snoozed_until IS NULL OR snoozed_until <= %(now)s)) AS mine,
       (SELECT count(*) FROM calendar_app_placement p JOIN channels_app_channel c ON c.id = p.channel_id
         WHERE p.state = 'in_review' AND (%(everywhere)s OR c.scope_id = ANY(%(places)s::bigint[])))
       + (SELECT count(*) FROM engagement_reply r JOIN engagement_message m ON m.id = r.parent_id
          JOIN channels_app_channel c ON c.id = m.channel_id
         WHERE r.state = 'in_review' AND (%(everywhere)s OR c.scope_id = ANY(%(places)s::bigint[]))
           AND NOT EXISTS (SELECT 1 FROM engagement_decision d WHERE d.reply_id = r.id AND d.state = 'open'
                           AND d.holder_id <> %(user)s)) AS to_sign,
       (SELECT count(*) FROM channels_app_delivery d JOIN channels_app_channel c ON c.id = d.channel_id
         WHERE d.state IN ('scheduled', 'retry_wait') AND d.due_at < %(late)s AND d.next_action_at < %(late)s
           AND c.state = 'ok' AND d.follows_id IS NULL
           AND (c.next_send_at IS NULL OR c.next_send_at < %(late)s)) AS overdue,
       (SELECT publishing FROM channels_app_instance WHERE id = 1) AS publishing,
       (SELECT stopped_why FROM channels_app_instance WHERE id = 1) AS stopped_why,
       (SELECT at FROM channels_app_heartbeat WHERE role = 'publisher') AS publisher_at,
       (SELECT at FROM channels_app_heartbeat WHERE role = 'poller') AS poller_at,
       (SELECT max(CASE WHEN exercise THEN 'Exercise: ' ELSE '' END || reason) FILTER (WHERE mode = 'emergency')
          FROM policy_modespan
         WHERE scope_id IS NULL AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)) AS emergency,
       (SELECT max(mode) FILTER (WHERE mode <> 'emergency') FROM policy_modespan
         WHERE scope_id IS NULL AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)) AS quieter_mode,
       EXISTS (SELECT 1 FROM channels_app_channel WHERE state = 'needs_reconnect') AS channel_lost,
       (SELECT coalesce(json_agg(json_build_array(a.words, a.url) ORDER BY a.since, a.id), '[]')
          FROM channels_app_alarm a LEFT JOIN channels_app_channel c ON c.id = a.channel_id
         WHERE a.ended_at IS NULL AND a.level = 'page' AND a.kind <> ALL(%(shown)s)
           AND (a.channel_id IS NULL OR %(sees_all)s OR c.scope_id = ANY(%(seen)s::bigint[]))) AS alarms,
       (SELECT min(next_update_at) FROM policy_modespan WHERE mode = 'emergency' AND scope_id IS NULL
           AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)) AS next_update,
       EXISTS (SELECT 1 FROM policy_issuer WHERE user_id = %(user)s AND starts_at <= %(now)s
                  AND (ends_at IS NULL OR ends_at > %(now)s)) AS issues,
       (SELECT count(*) FROM policy_guideversion v WHERE v.state = 'approved'
           AND NOT EXISTS (SELECT 1 FROM policy_guideversion n
                            WHERE n.guide = v.guide AND n.state = 'approved' AND n.number > v.number)
           AND NOT EXISTS (SELECT 1 FROM policy_acknowledgement a
                            WHERE a.version_id = v.id AND a.user_id = %(user)s)) AS to_read,
       (SELECT min(v.review_on) FROM policy_guideversion v WHERE v.state = 'approved'
           AND NOT EXISTS (SELECT 1 FROM policy_guideversion n
                            WHERE n.guide = v.guide AND n.state = 'approved' AND n.number > v.number)) AS review_on,
       NOT EXISTS (SELECT 1 FROM channels_app_channel)
           AND NOT EXISTS (SELECT 1 FROM policy_policychoices WHERE set_up_ended_at IS NOT NULL) AS not_set_up
"""
SHOWN = ["overdue", "silent", "held", "mismatch"]  # kinds of alarm that have a band of their own


def facts(user: User, now: datetime) -> Facts:
    """All of it in one row. Every page asks this, so it is written out: composing it takes longer than reading it."""
    places, seen = places_for(user, "approve_post", now), places_for(user, "see_channels", now)
    asked: dict[str, Any] = {
        "user": user.pk,
        "now": now,
        "late": now - OVERDUE,
        "everywhere": places is None,
        "places": places or [],
    }
    asked |= {"shown": SHOWN, "sees_all": seen is None, "seen": seen or []}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, asked)
        return Facts(*cursor.fetchone())


def from_facts(known: Facts, now: datetime) -> list[Band]:
    """What the row of facts gives reason to say, the gravest first."""
    found = []
    if known.emergency:
        words = f"{_emergency(known.emergency)}{_next_update(known.next_update, now)}"
        found.append(Band("emergency", words, "/emergency/", "Emergency page"))
    if known.quieter_mode:
        words = f"{known.quieter_mode.capitalize()} mode is on; every post is checked against it."
        found.append(Band("calm", words, "/policy/modes/", "What it holds"))
    if known.publishing is False:
        why = f": {_sentence(known.stopped_why)}" if known.stopped_why else "."
        return [
            *found,
            Band("alarm", f"Publishing is paused{why} Nothing goes out.", "/channels/", "Look at the channels"),
        ]
    if known.publisher_at and now - known.publisher_at > QUIET:
        found.append(
            Band(
                "alarm",
                f"The publisher has not been seen for {_minutes(now - known.publisher_at)}."
                " Nothing goes out until it runs again.",
                "/working/",
                "Is it working?",
            )
        )
    elif known.overdue:
        what = "1 delivery is" if known.overdue == 1 else f"{known.overdue} deliveries are"
        found.append(Band("warn", f"{what} more than a minute late.", "/working/", "Is it working?"))
    if known.poller_at and now - known.poller_at > QUIET:
        found.append(
            Band(
                "warn",
                f"The worker has not been seen for {_minutes(now - known.poller_at)}."
                " What residents write is not being read.",
                "/working/",
                "Is it working?",
            )
        )
    return [*found, *_alarmed(known.alarms)]


def _alarmed(alarms: Sequence[tuple[str, str]]) -> list[Band]:
    """A band for each of a few; of many, as when every channel falls silent at once, the oldest and how many more."""
    named = alarms if len(alarms) <= NAMED else alarms[: NAMED - 1]
    bands = [Band("alarm", words, url, "Look at it") for words, url in named]
    more = len(alarms) - len(named)
    return [*bands, Band("alarm", f"{more} more alarms like these.", "/working/", "All of them")] if more else bands


def _emergency(reason: str) -> str:
    """An exercise is called one on every page, so that nobody takes it for the real thing."""
    if reason.startswith(EXERCISE):
        return f"Emergency exercise, nothing is real: {_sentence(reason.removeprefix(EXERCISE))}"
    return f"Emergency mode is on: {_sentence(reason)}"


def _next_update(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    clock = f"{timezone.localtime(at):%H:%M}"
    return f" Next update promised by {clock}." if at > now else f" The next update is overdue since {clock}."


def of_policy(known: Facts, today: date, *, reads: bool, writes: bool, sets_up: bool) -> list[Band]:
    """What waits to be read, what is to be reviewed, and a set-up that is not finished."""
    found = []
    if known.not_set_up and sets_up:
        found.append(Band("calm", "Parley is not set up yet.", reverse("desk:set-up"), "Go on with the set-up"))
    if known.to_read and reads:
        words = "A guide waits to be read by you." if known.to_read == 1 else "Two guides wait to be read by you."
        found.append(Band("calm", words, reverse("policy:handbook"), "Read and acknowledge"))
    if known.review_on and known.review_on <= today and writes:
        found.append(Band("warn", "The review of a guide is due.", reverse("policy:handbook"), "Look at it"))
    return found


def of_channels(user: User, now: datetime) -> list[Band]:
    """One band for all channels this person may see that lost their connection."""
    rows = Channel.objects.visible_to(user, now).filter(state="needs_reconnect")
    names = [str(channel) for channel in rows[: NAMED + 1]]
    if not names:
        return []
    if len(names) == 1:
        words = f"{names[0]} has lost its connection; what is planned for it waits."
    else:
        shown = ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
        words = f"Channels have lost their connection: {shown}. What is planned for them waits."
    return [Band("alarm", words, "/channels/", "Reconnect")]


def second_factor(by: datetime) -> Band:
    day = timezone.localtime(by)
    words = f"Your role needs a second factor by {day.day} {day:%B}."
    return Band("warn", words, reverse("mfa_index"), "Set it up now")


def untrained(lapse: Lapse) -> Band:
    """What keeps a person's keys away is said on every page, not first when they press the button."""
    words = f"{lapse.words} Until then the rights that need it rest."
    return Band("warn", words, lapse.url, lapse.link)


def _minutes(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
