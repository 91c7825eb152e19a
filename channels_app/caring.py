"""How a channel is, line by line, before anything fails: what its page and the health page say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import Town
from channels_app import (
    canary,
    expiring,
    granted,
    health,
    hooks,
    platforms,
    prices,
    quotas,
    renewing,
    unheard,
    withheld,
)
from channels_app.models import Channel, Delivery, UnheardMention, WithheldComments
from channels_app.models.deliveries import WAITING

HOOK_QUIET = timedelta(days=3)
TOLD = frozenset({"Last good read", "Last good write", "Access"})
ADDRESS = "The address for them is on the page of the town's app."
HOOKED = frozenset({"facebook", "instagram", "x"})  # platforms that send notices by themselves


@dataclass(frozen=True)
class Line:
    """One thing that can be well or not. `tone`: good, warn, alarm or plain; `words` say it without the colour."""

    name: str
    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Care:
    """A channel with all that is to be said of it; `worst` is the tone of what wants a person first.

    `held` counts the deliveries that wait until it is connected again; `unheard` are mentions a person has to look at,
    `withheld` comments that are counted and not shown.
    """

    channel: Channel
    health: health.Health
    lines: list[Line]
    held: int = 0
    unheard: Sequence[UnheardMention] = ()
    withheld: WithheldComments | None = None

    @property
    def worst(self) -> str:
        tones = {self.health.tone, *(line.tone for line in self.lines)}
        return next((tone for tone in ("alarm", "warn") if tone in tones), "good")

    @property
    def more(self) -> list[Line]:
        """What the channel's own facts do not say already."""
        return [line for line in self.lines if line.name not in TOLD]

    @property
    def wanting(self) -> list[Line]:
        return [line for line in self.lines if line.tone in {"warn", "alarm"}]


def of(channel: Channel, now: datetime) -> Care:
    """Everything about one channel."""
    found = health.of(channel, now)
    if channel.platform in platforms.KEYLESS:
        return Care(channel, found, _without_keys(channel, found))
    mentions, kept_back = unheard.open_on([channel]), next(iter(withheld.open_on([channel])), None)
    lines = [
        Line("Last good read", _at(channel.last_read_at), "warn" if found.read_is_stale else "good"),
        Line("Last good write", _at(channel.last_write_at)),
        _access(channel, found, now),
        Line("Rights", *granted.words(channel)),
        _read_back(channel, now),
        _comments(channel, kept_back),
        *quota(channel, now),
        *notices(channel, channel.last_hook_at, now),
        *_mentions(channel, mentions),
        *_version(channel, now),
    ]
    held = Q(state__in=WAITING) | Q(state="blocked", why="channel")
    dead = channel.state == "needs_reconnect"
    waiting = Delivery.objects.filter(held, channel=channel).count() if dead else 0
    return Care(channel, found, lines, waiting, mentions, kept_back)


def _without_keys(channel: Channel, found: health.Health) -> list[Line]:
    """A feed anybody may read, or a place where a person posts: nothing there runs out."""
    if not platforms.get(channel.platform).STREAMS:
        return [Line("Keys", "None: a person posts here, and says where it is.")]
    read = Line("Last good read", _at(channel.last_read_at), "warn" if found.read_is_stale else "good")
    return [read, Line("Keys", "None: anybody may read it, and Parley posts nothing there.")]


def _access(channel: Channel, found: health.Health, now: datetime) -> Line:
    if channel.renew_at is not None and renewing.goes_on(channel, now):
        last = f"last on {_at(channel.renewed_at)}" if channel.renewed_at else "not needed yet"
        return Line("Access", f"Keys are renewed by themselves: {last}, next from {_at(channel.renew_at)}.", "good")
    if channel.expires_at is None:
        return Line("Access", "The platform names no end. It ends when the keys are withdrawn there.")
    tone = "good" if found.expiry_tone == "plain" else found.expiry_tone
    return Line("Access", f"{found.expiry}, until {_at(channel.expires_at)}.", tone)


def _read_back(channel: Channel, now: datetime) -> Line:
    if channel.silent_since:
        words = f"Nothing of what is there is shown since {_at(channel.silent_since)}: read nothing into silence."
        return Line("Daily read-back", words, "alarm")
    if "own_posts" not in platforms.get(channel.platform).CAN:
        return Line("Daily read-back", "The platform does not let own posts be read.")
    if canary.known_post(channel, now) is None:
        return Line("Daily read-back", "Nothing has been published here lately that could be read back.")
    if channel.canary_at is None:
        return Line("Daily read-back", "It comes first within a few minutes.")
    return Line("Daily read-back", "An own post is shown, as it should be.", "good")


def _comments(channel: Channel, kept_back: WithheldComments | None) -> Line:
    """Whether comments that are kept from Parley would be noticed, and whether they are."""
    label = channel.get_platform_display()
    if kept_back:
        return Line("Comments", f"{withheld.words(kept_back)}.", "alarm" if withheld.many(kept_back) else "warn")
    if "comments" not in platforms.get(channel.platform).STREAMS:
        return Line("Comments", f"Parley reads none on {label}.")
    if not withheld.counted(channel.platform):
        kept = f"{label} does not tell how many there are: if it kept them from Parley, that could not be noticed here."
        return Line("Comments", kept)
    last = withheld.last_compared(channel)
    if last is None:
        return Line("Comments", f"Their number as {label} tells it has not been compared with what was read yet.")
    return Line("Comments", f"Nothing points to any that are kept from Parley; compared {_at(last)}.", "good")


def notices(channel: Channel, hook_at: datetime | None, now: datetime) -> list[Line]:
    """Notices only wake the reading; without them Parley still reads, a few minutes later."""
    if channel.platform not in HOOKED:
        return []
    if hook_at is None:
        return [_no_notice(channel)]
    quiet = now - hook_at > HOOK_QUIET
    return [Line("Notices", f"The last one came {_at(hook_at)}.", "warn" if quiet else "good")]


def _no_notice(channel: Channel) -> Line:
    """Where none has come. What names the account on Instagram, and is no tag on a picture, is in no list at all."""
    shut = channel.platform in hooks.META and channel.notices_at is None
    why = f" {channel.get_platform_display()} has not let Parley be told." if shut else ""
    words = f"None has come.{why} Parley reads every few minutes all the same"
    if channel.platform != "instagram" or channel.practice:
        return Line("Notices", f"{words}.")
    return Line("Notices", f"{words}, but who names the town in words is not heard then. {ADDRESS}", "warn")


def _mentions(channel: Channel, mentions: Sequence[UnheardMention]) -> list[Line]:
    if not mentions:
        return []
    count = f"{len(mentions)} mentions" if len(mentions) > 1 else "A mention"
    label, which = channel.get_platform_display(), "them" if len(mentions) > 1 else "it"
    return [Line("Mentions", f"{count} could not be read. Look at {which} on {label}.", "warn")]


def quota(channel: Channel, now: datetime) -> list[Line]:
    """How much the platform still lets itself be asked, as it said last; or that it does not say."""
    label, told = channel.get_platform_display(), quotas.of(channel)
    if told:
        kept_back = [Line("Quota", words) for name, words in quotas.PARTLY.items() if name == channel.platform]
        return [*(Line("Quota", _left(one, now), "warn" if one.low(now) else "plain") for one in told), *kept_back]
    if quotas.tells(channel.platform):
        return [Line("Quota", f"{label} has told nothing yet. It comes with the next reading.")]
    return [Line("Quota", quotas.untold(channel.platform, label))] if platforms.get(channel.platform).STREAMS else []


def _left(one: quotas.Told, now: datetime) -> str:
    of = "" if one.what.startswith("percent ") else f" of {one.most}"
    said = f"{one.left}{of} {one.what} left"
    if one.over(now):
        return f"Full again since {_at(one.ends)}. Last told {_at(one.at)}: {said}."
    return f"{said}, " + (f"until {_at(one.ends)}; " if one.ends else "") + f"told {_at(one.at)}."


def _version(channel: Channel, now: datetime) -> list[Line]:
    ends = expiring.sunset(channel.platform)
    if ends is None:
        return []
    days = (ends - now.astimezone(Town.here().tz).date()).days
    tone = "alarm" if days <= expiring.SUNSET_STEPS[1] else "warn" if days <= expiring.SUNSET_STEPS[0] else "good"
    label = channel.get_platform_display()
    left = f"{days} days left" if days > 0 else "it may fail any day"
    return [Line("Version", f"{label} ends this version on {date_format(ends, 'j F Y')}: {left}.", tone)]


def money(channel: Channel, now: datetime) -> list[prices.Spent]:
    """What this month and the last one came to, where the platform charges."""
    if not prices.charges(channel.platform):
        return []
    this = now.date().replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    rates = prices.history(channel.platform)
    return [prices.spent(channel, month, rates) for month in (this, last)]


def _at(when: datetime | None) -> str:
    return date_format(localtime(when), "j F Y, H:i") if when else "never"
