"""The town behind the platforms: residents who read, write, answer, correct themselves and lose patience.

Everything that will happen is a row in `events`; `live()` lets it happen up to an instant, in order, each event at its
own time. Dice are seeded by the town's seed and the event's number, so the same steps make the same weeks.
"""

import random
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import founding, happenings, reach, things, words
from .clock import moment
from .speaking import speak
from .world import DAY, World

HOUR = 3600.0
MOST_AWAKE = 1.3
LIVELY_MINUTES = 4  # in an inhabited town at real speed
SETTINGS: dict[str, Any] = {
    "name": "empty",
    "seed": 1,
    "messages_per_day": 3.4,  # written of their own accord
    "comments_per_post": 1.1,  # under a post of the town, on average
    "lively_minutes": 0,  # in real time: somebody writes about this often while somebody is looking
    "quiet": False,  # nobody does anything
}
RECURRING = ("write", "incident")


class Town:
    """Drives one town; all it knows is in the store."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lively_at = 0.0
        self._next: float | None = None
        self._settings: dict[str, Any] | None = None

    # Its settings

    def settings(self) -> dict[str, Any]:
        if self._settings is None:
            self._settings = SETTINGS | self.world.store.get("town", {})
        return self._settings

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Change settings; unknown names are a KeyError."""
        for name in changes:
            SETTINGS[name]
        self._settings = self.settings() | changes
        self.world.store.put("town", self._settings)
        self.lively_at = 0.0
        if {"messages_per_day", "quiet"} & changes.keys():
            self.arrive(self.world.clock.now())
        return self._settings

    @property
    def words(self) -> words.Words | None:
        """The phrases of an inhabited town that is not silenced."""
        return None if self.settings()["quiet"] else words.load(self.settings()["name"])

    def local(self, at: float) -> datetime:
        found = words.load(self.settings()["name"])
        return moment(at).astimezone(ZoneInfo(found.zone)) if found else moment(at)

    def forget(self) -> None:
        """What was read before a transaction was rolled back may not be so."""
        self._settings, self._next = None, None

    def found(self, name: str, seed: int, now: float) -> None:
        """Settle the town: its own accounts with tokens, its residents, its first events."""
        self.forget()
        lively = LIVELY_MINUTES if words.load(name) else 0
        self.world.store.put("town", {"name": name, "seed": seed, "lively_minutes": lively})
        if self.words is not None:
            founding.settle(self.world, self.words, seed, now)
        self.arrive(now)

    def arrive(self, now: float) -> None:
        """The clock was set: what should have happened in between has not, and daily life starts from here."""
        store = self.world.store
        if store.one("SELECT 1 FROM posts") is None:
            store.run("DELETE FROM events")
            store.run("UPDATE accounts SET counted_at = ? WHERE kind = 'ours'", now)
        store.run("DELETE FROM events WHERE at < ? OR kind IN (?, ?)", now, *RECURRING)
        self._next = None
        if self.words is not None:
            dice = self.dice("arrive", int(now))
            self.plan_write(now, dice)
            self.plan(now + dice.uniform(3, 12) * DAY, "incident")

    # What will happen

    def dice(self, *what: object) -> random.Random:
        return random.Random("/".join(str(one) for one in (self.settings()["seed"], *what)))  # noqa: S311

    def draw(self, dice: random.Random) -> Callable[[str, int], int]:
        """Bags of phrases that are emptied before they are filled again."""

        def out_of(bag: str, size: int) -> int:
            left = self.world.store.get(f"bag {bag}") or dice.sample(range(size), size)
            index = int(left.pop())
            self.world.store.put(f"bag {bag}", left)
            return index

        return out_of

    def plan(self, at: float, kind: str, **payload: Any) -> None:
        happenings.plan(self.world, at, kind, payload)
        if self._next is not None:
            self._next = min(self._next, at)

    def plan_write(self, now: float, dice: random.Random) -> None:
        """The next message somebody writes of their own accord, at a time when people are awake."""
        rate = float(self.settings()["messages_per_day"]) * 1.9
        at = now
        while rate > 0:
            at += dice.expovariate(rate) * DAY
            if dice.random() * MOST_AWAKE < reach.by_hour(self.local(at)):
                self.plan(at, "write")
                return

    def waking(self, at: float, dice: random.Random) -> float:
        """The same instant, or the morning after when it falls in the night."""
        hour = self.local(at).hour
        return at if 6 <= hour < 23 else at + ((30 - hour) % 24 + dice.uniform(0.3, 3)) * HOUR

    def next_at(self) -> float | None:
        """When the next thing happens."""
        if self._next is None:
            row = self.world.store.one("SELECT min(at) AS at FROM events")
            self._next = row["at"] if row and row["at"] is not None else float("inf")
        return None if self._next == float("inf") else self._next

    def live(self, end: float) -> int:
        """Let everything happen that is due by `end`; say how much it was."""
        count = 0
        while (due := self.next_at()) is not None and due <= end:
            row = self.world.store.one("SELECT * FROM events ORDER BY at, n LIMIT 1")
            assert row is not None
            self.world.store.run("DELETE FROM events WHERE n = ?", row["n"])
            self._next = None
            if self.words is not None:
                happenings.happen(self, row)
                count += 1
        return count

    def stir(self, now: float) -> None:
        """In real time, while somebody is looking: a message every few minutes, and no backlog of them."""
        minutes = float(self.settings()["lively_minutes"])
        if not minutes or self.words is None or self.world.clock.speed <= 0 or now < self.lively_at:
            return
        dice = self.dice("lively", int(now))
        if self.lively_at:
            happenings.stir(self, now, dice)
        self.lively_at = now + minutes * 60 * dice.uniform(0.5, 1.5)

    # What the town itself does

    def say(self, now: float, platform: str, text: str, **more: Any) -> sqlite3.Row:
        """A resident writes these words now."""
        return speak(self.world, now, platform, text, **more)

    def hear(self, post: sqlite3.Row) -> None:
        """The town published: draw how far it reaches and who will react."""
        world, at = self.world, post["created_at"]
        account = world.account(post["account"])
        assert account is not None
        dice = self.dice("post", post["id"])
        pictures = len(things.media_of(world, post["id"]))
        totals = reach.draw(world, post, reach.followers(account, at), dice, media=pictures, local=self.local(at))
        nobody = post["platform"] not in happenings.LOUDER  # no resident has an account there
        if self.words is None or nobody or post["visibility"] == "unpublished":
            return
        if post["parent"] is None:
            happenings.expect_comments(self, post, totals, dice)
        else:
            happenings.expect_answer(self, post, dice)
