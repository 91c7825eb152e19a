"""Twelve weeks in fast motion, from event to event: first without Parley, then with it, through the same functions.

The emulator's clock is stopped and driven; Parley's functions are handed the same instants. The weeks before Parley
are the town posting by hand; they come into Parley by reading back, as they would in a real town.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import Town, User
from channels_app import connecting, platforms, trying
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Cursor
from channels_app.platforms.base import Outgoing
from config.trial import (
    befriending,
    contributing,
    deciding,
    lawful,
    listening,
    neighbouring,
    planning,
    posts,
    programme,
    promising,
    queueing,
    rehearsal,
    responding,
    reusing,
    spreading,
    voicing,
)
from config.trial.desk_life import LETTERS, Desk

SESSION, AFTERNOON = time(10, 20), time(15, 40)
SUNDAY = 6
COUNTED = (1, 3, 5, 6)  # evenings on which numbers are read: every post once when it is about a day old
SETTLE = timedelta(seconds=3)
NAMES = {"x": "Fernhill on X", "facebook": "Fernhill Town Council", "mastodon": "Fernhill on Mastodon"}
Say = Callable[[str], None]


class Life:
    """The trial's past. `weeks` long, the first `before` of them without Parley."""

    def __init__(self, emulator: Emulator, now: datetime, weeks: int, seed: int, say: Say) -> None:
        self.emulator, self.now, self.say = emulator, now, say
        self.dice = random.Random(seed)  # noqa: S311  a story, not a secret
        self.town = Town.here()
        self.staff = {user.email.split("@")[0]: user for user in User.objects.all()}
        self.before = max(weeks * 2 // 3, 1)
        monday = now.astimezone(self.town.tz).date()
        self.first = monday - timedelta(days=monday.weekday(), weeks=weeks)
        self.weeks = weeks + 1
        self.begins = self.at(0, time(6, 0))
        self.joins = self.at(self.before * 7, time(7, 0))

    def at(self, day: int, wall: time) -> datetime:
        return datetime.combine(self.first + timedelta(days=day), wall, self.town.tz)

    def live(self) -> Desk:
        """Everything, up to now; returns the desk as its staff left it."""
        self.emulator.set_clock(self.begins, speed=0)
        everything = sorted(programme.weeks(self.first, self.weeks, self.dice), key=lambda one: one.wall)
        plans = [one for one in everything if one.due(self.town.tz) < self.now]
        channels = self.connect()
        self.say("The weeks before Parley")
        for one in plans:
            if one.due(self.town.tz) < self.joins:
                self.post_by_hand(channels, one)
        self.emulator.advance(to=self.joins)
        Channel.objects.update(created_at=self.joins)
        desk = Desk(self.dice, self.town, self.staff, channels)
        self.say("Reading back what was written before")
        desk.read(self.joins, back=self.joins - self.begins, reach=self.joins - self.begins)
        rehearsal.prepare(self.staff, self.joins)
        rehearsal.rehearse(desk, self.joins)
        listening.begin(self.staff, self.joins)
        self.with_parley(desk, [one for one in plans if one.due(self.town.tz) >= self.joins])
        return desk

    def connect(self) -> dict[str, Channel]:
        """The three channels by the form's function and its trial call, with the practice tokens."""
        tokens = {one["platform"]: one for one in self.emulator.accounts("ours")}
        for platform in LETTERS.values():
            connecting.connect(
                platform,
                "",
                secrets_of(platform, tokens[platform]),
                by=self.staff["inge"],
                now=self.begins,
                name=NAMES[platform],
                opened=True,
            )
        while trying.try_due(self.begins):
            pass
        return {channel.platform: channel for channel in Channel.objects.filter(state="ok")}

    def post_by_hand(self, channels: dict[str, Channel], one: programme.Planned) -> None:
        """The town posts on the platform itself, as it did before it had Parley."""
        self.emulator.advance(to=one.due(self.town.tz))
        for letter in one.draft.channels:
            channel = channels[LETTERS[letter]]
            module = platforms.get(channel.platform)
            module.send(connecting.account_of(channel), Outgoing("post", text=one.draft.text, language="en"))

    def with_parley(self, desk: Desk, plans: list[programme.Planned]) -> None:
        """Day by day: plan the week on Monday, publish on time, read and answer in sessions, count in the evening."""
        moments = sorted([*self.sessions(), *((one.due(self.town.tz), "publish", None) for one in plans)], key=first)
        week = None
        for moment, what, plan_of in moments:
            self.emulator.advance(to=moment)
            if plan_of is not None and plan_of != week:
                week = plan_of
                self.say(f"Week of {moment:%-d %B}")
                self.plan_week(desk, plans, moment)
            if what == "publish":
                desk.send(moment + SETTLE)
            elif what == "session":
                desk.read(moment)
                desk.look_again(moment)
                desk.answer(moment, eagerness=0.45 + 0.4 * (moment - self.joins) / (self.now - self.joins))
                desk.send(moment + SETTLE)
            else:
                desk.count(moment)
        self.last_night(desk)

    def sessions(self) -> Iterator[tuple[datetime, str, Any]]:
        """When staff sit at the desk (of late also in the afternoon), and when the numbers are read."""
        last = self.weeks * 7
        for day in range(self.before * 7, last):
            walls = [SESSION] if day % 7 != SUNDAY else []
            walls += [AFTERNOON] if day % 7 < 5 and day >= last - 14 else []
            for wall in walls:
                if self.at(day, wall) < self.now - timedelta(hours=3):
                    yield self.at(day, wall), "session", day // 7
            if day % 7 in COUNTED and self.at(day, time(19, 0)) < self.now:
                yield self.at(day, time(19, 0)), "count", None

    def plan_week(self, desk: Desk, plans: list[programme.Planned], now: datetime) -> None:
        """On the week's first session everything of the next seven days is written and scheduled."""
        for one in plans:
            if now < one.due(self.town.tz) <= now + timedelta(days=7):
                desk.plan(one, now)

    def last_night(self, desk: Desk) -> None:
        """Up to now: what waits is read, some of it answered, and the days ahead are planned."""
        neighbouring.ask(self.emulator, desk.channels, self.now)
        self.emulator.advance(to=self.now)
        desk.read(self.now, back=timedelta(days=14))
        desk.look_again(self.now)
        desk.answer(self.now, eagerness=0.1)
        desk.send(self.now + SETTLE)
        desk.count(self.now)
        for one in programme.coming(self.now, self.town.tz):
            desk.plan(one, self.now - timedelta(hours=20), by="amara")
        desk.leave_open([*posts.IDEAS, posts.DRAFTS[0]], self.now - timedelta(hours=2))
        Cursor.objects.filter(root="").update(next_poll_at=self.now)
        Cursor.objects.filter(root_at__lt=self.now - timedelta(days=14)).update(
            next_poll_at=self.now + timedelta(days=1)
        )
        contributing.contribute(desk, self.now)
        contributing.correct(desk, self.now - timedelta(hours=1))
        contributing.sign_off(desk, self.now - timedelta(minutes=50))
        rehearsal.look_ahead(self.staff, self.now)
        voicing.leave(self.staff, self.now - timedelta(hours=1))
        queueing.arrange(self.staff, self.now - timedelta(hours=1))
        deciding.leave(self.staff, self.now - timedelta(minutes=20))
        listening.catch_up(desk, self.joins, self.now - timedelta(minutes=40))
        planning.plan_ahead(desk, self.now - timedelta(hours=1))
        responding.respond(desk, self.now - timedelta(minutes=40))
        reusing.leave(self.staff, self.now - timedelta(minutes=5))
        desk.send(self.now + SETTLE)
        lawful.ask(self.emulator)
        promising.promise_much(desk, self.emulator, self.joins, self.now)  # reads what was asked, too
        lawful.work_through(desk, self.now)
        neighbouring.keep_company(desk, self.now - timedelta(minutes=45))
        befriending.promise(self.staff, self.now - timedelta(minutes=40))
        self.say("The channels it opened lately")
        spreading.spread(desk, self.emulator, self.now)
        self.emulator.go_live()
        self.emulator.town(lively_minutes=4)


def first(moment: tuple[datetime, str, Any]) -> datetime:
    return moment[0]


def secrets_of(platform: str, account: dict[str, Any]) -> dict[str, str]:
    """What a person would paste into the form for this practice account: its token, and stand-ins for the rest."""
    token = next(one["token"] for one in account["tokens"] if one["kind"] in {"user", "page"})
    needed = [need.key for need in platforms.get(platform).NEEDS if need.required]
    return {key: token if key == "access_token" else f"practice-{key}" for key in needed}
