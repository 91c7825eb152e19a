"""Turning modes on and off at their time: elections and mourning begin and end at midnight on the town's clocks.

Each end is a due row, taken up by whichever tick comes first; until then the mode counts already, because whether it
runs is a question of time alone and is asked again before anything goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import require, who_may
from accounts.models import Town, User
from accounts.notifications import tell
from accounts.refusals import IllegalMove, Invalid, LostRace
from calendar_app import guarding
from channels_app.models import Attempt, Channel
from channels_app.publishing.landing import land
from policy import holding, pack_rules
from policy.holding import Rules
from policy.models import ModeSpan, ModeTask, PublicName

LONGEST = timedelta(days=366)


def midnight(day: date, zone: str) -> datetime:
    """The first moment of that day on the town's clocks, also where they go forward at midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@transaction.atomic
def plan(
    mode: str,
    first: date,
    last: date | None,
    reason: str,
    *,
    by: User,
    now: datetime,
    rules: Rules | None = None,
    poll_on: date | None = None,
) -> ModeSpan:
    """An election or mourning from the first to the last day, both included; without a last day until it is ended."""
    require(by, "set_mode", now)
    town = Town.here()
    starts_at = midnight(first, town.zone)
    ends_at = midnight(last + timedelta(days=1), town.zone) if last else None
    _sane(mode, first, last, reason, ends_at, now)
    span = ModeSpan.objects.create(
        mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:300],
        by=by,
        holds=(rules or holding.DEFAULTS[mode]).as_json(),
        poll_on=poll_on,
    )
    _checklist(span, town, now)
    audit.record("planned", span, by=by, now=now, starts=first.isoformat(), ends=last.isoformat() if last else "")
    turn(now)
    span.refresh_from_db()
    return span


def _sane(mode: str, first: date, last: date | None, reason: str, ends_at: datetime | None, now: datetime) -> None:
    if mode not in guarding.HOLDING:
        raise Invalid("Choose election or mourning; an emergency has a switch of its own.")
    if not reason.strip():
        raise Invalid("Say what it is for, such as “Council election on 6 May”.")
    if mode == "election" and last is None:
        raise Invalid("An election has a last day: the day of the poll.")
    if last and last < first:
        raise Invalid("The last day is before the first.")
    if ends_at and (ends_at <= now or ends_at - midnight(first, "UTC") > LONGEST):
        raise Invalid("It ends in the past, or is longer than a year.", next_step="Check the years.")


def _checklist(span: ModeSpan, town: Town, now: datetime) -> None:
    """What people do themselves: a notice on every profile, shared accounts handed over, and what the pack asks for."""
    rows: list[ModeTask] = []
    if span.mode == "election":
        for channel in Channel.objects.living().select_related("scope"):
            words = f"{channel}: the profile says that the election period is on and links to what that means."
            rows.append(ModeTask(span=span, kind="profile", words=words, scope=channel.scope))
            if channel.outside_editors:
                words = f"{channel}: others post there too. They keep to these rules, or take over every admin right."
                rows.append(ModeTask(span=span, kind="partnership", words=words, scope=channel.scope))
        for rule in pack_rules.rules(town.pack, "election", span.starts_at.astimezone(town.tz).date()):
            rows += [ModeTask(span=span, kind="other", words=words[:300]) for words in rule.data.get("tasks", ())]
    rows.append(ModeTask(span=span, kind="other", words="Everybody who posts has been told what holds and until when."))
    ModeTask.objects.bulk_create(rows)


def turn(now: datetime) -> int:
    """Take up every start and end that has come; how many."""
    mine = ModeSpan.objects.filter(mode__in=guarding.HOLDING)
    begun = [span for span in mine.filter(starts_at__lte=now, opened_at=None) if _open(span, now)]
    over = [span for span in mine.filter(ends_at__lte=now, closed_at=None) if _close(span, now)]
    return len(begun) + len(over)


@transaction.atomic
def _open(span: ModeSpan, now: datetime) -> bool:
    if not ModeSpan.objects.filter(pk=span.pk, opened_at=None).update(opened_at=now, before=snapshot(now)):
        return False
    caught = sweep(span, now) if span.runs(now) else []
    audit.record("opened", span, by=None, now=now, held=caught)
    words = f"{span} has begun. {_count(len(caught))} held; everything is asked again before it goes out."
    _tell(span, words, "begun", now)
    return True


@transaction.atomic
def _close(span: ModeSpan, now: datetime) -> bool:
    if not ModeSpan.objects.filter(pk=span.pk, closed_at=None).update(closed_at=now, after=snapshot(now)):
        return False
    audit.record("closed", span, by=span.ended_by, now=now)
    _tell(span, f"{span} is over. What it held waits for a decision each; its page says what changed.", "over", now)
    return True


def sweep(span: ModeSpan, now: datetime) -> list[str]:
    """Hold what waits and must not go out while it runs; the keys of what was held."""
    caught = []
    for delivery, words in guarding.to_hold(span):
        said = f"Held during {guarding.NAMES[span.mode]}: {words}"
        try:
            with transaction.atomic():
                facts = {"why": guarding.CODE, "words": said, "next_action_at": None}
                land(delivery, "blocked", "not_sent_blocked", now=now, holding={"version": delivery.version}, **facts)  # type: ignore[arg-type]
        except (LostRace, IllegalMove):
            continue  # it is on its way this moment, or somebody moved it: the re-check sees it
        caught.append(str(delivery.key))
    return caught


@transaction.atomic
def end(span: ModeSpan, why: str, *, by: User, now: datetime) -> ModeSpan:
    """End it now. What has not begun yet never does."""
    require(by, "set_mode", now)
    if not why.strip():
        raise Invalid("Say why it ends.")
    at = max(now, span.starts_at) if span.starts_at <= now else span.starts_at
    rows = ModeSpan.objects.filter(pk=span.pk, closed_at=None)
    if not rows.update(ends_at=at, ended_by=by, ended_why=why.strip()[:300]):
        raise LostRace("It is over already.")
    audit.record("ended", span, by=by, now=now, why=why.strip()[:300])
    span.refresh_from_db()
    if at <= now:
        _close(span, now)
    else:
        ModeSpan.objects.filter(pk=span.pk).update(opened_at=now, closed_at=now)
    span.refresh_from_db()
    return span


@transaction.atomic
def set_rules(span: ModeSpan, rules: Rules, *, by: User, now: datetime) -> ModeSpan:
    """Change what it holds; what waits is looked at again at once."""
    require(by, "set_mode", now)
    was = span.holds
    ModeSpan.objects.filter(pk=span.pk).update(holds=rules.as_json())
    span.refresh_from_db()
    audit.record("changed_rules", span, by=by, now=now, was=was, became=span.holds)
    if span.runs(now):
        sweep(span, now)
    return span


def snapshot(now: datetime) -> dict[str, Any]:
    """How the town stands: its pack, its channels, the list of names."""
    town = Town.here()
    return {
        "pack": town.pack,
        "zone": town.zone,
        "channels": {str(one): one.get_state_display() for one in Channel.objects.living().order_by("name", "pk")},
        "names": sorted(PublicName.objects.filter(active=True).values_list("name", flat=True)),
        "at": now.isoformat(),
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What is another one at the end than at the start, in sentences."""
    found = []
    for name, words in (("pack", "The pack"), ("zone", "The time zone")):
        if before.get(name) != after.get(name):
            found.append(f"{words} was {before.get(name)} and is {after.get(name)}.")
    was, now = before.get("channels", {}), after.get("channels", {})
    found += [f"{name} was connected meanwhile." for name in sorted(set(now) - set(was))]
    found += [f"{name} is gone." for name in sorted(set(was) - set(now))]
    for name in sorted(set(was) & set(now)):
        if was[name] != now[name]:
            found.append(f"{name} was “{was[name]}” and is “{now[name]}”.")
    listed, lists = set(before.get("names", ())), set(after.get("names", ()))
    found += [f"{name} came onto the list of names." for name in sorted(lists - listed)]
    return found + [f"{name} left the list of names." for name in sorted(listed - lists)]


def was_held(span: ModeSpan) -> Iterable[Attempt]:
    """Every time something was held while it ran, the newest first; `post` is the key of the post it was of."""
    rows = Attempt.objects.filter(code=guarding.CODE, event="not_sent_blocked", at__gte=span.starts_at)
    if span.ends_at:
        rows = rows.filter(at__lte=span.ends_at + timedelta(minutes=5))
    post = F("delivery__release__placement__post__key")
    return rows.annotate(post=post).select_related("delivery__channel").order_by("-at", "-pk")[:200]


def _count(number: int) -> str:
    return "1 scheduled post is" if number == 1 else f"{number} scheduled posts are"


def _tell(span: ModeSpan, words: str, event: str, now: datetime) -> None:
    for user in who_may("write_post", now).union(who_may("set_mode", now)):
        tell(user, f"mode.{event}", words, f"/policy/modes/{span.key}/", now=now, once=f"mode:{span.key}:{event}")
