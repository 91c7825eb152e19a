"""The town behind the platforms."""

import random
import sqlite3
from typing import Any

from . import reach, things
from .speaking import speak
from .world import World


class Town:
    """Residents who read, like, answer and write."""

    def __init__(self, world: World) -> None:
        self.world = world

    def settings(self) -> dict[str, Any]:
        return dict(self.world.store.get("town", {}))

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        self.world.store.put("town", self.settings() | changes)
        return self.settings()

    def found(self, name: str, seed: int, now: float) -> None:
        self.world.store.put("town", {"name": name, "seed": seed})

    def next_at(self) -> float | None:
        return None

    def live(self, now: float) -> int:
        return 0

    def arrive(self, now: float) -> None:
        pass

    def say(self, now: float, platform: str, text: str, **more: Any) -> sqlite3.Row:
        return speak(self.world, now, platform, text, **more)

    def hear(self, post: sqlite3.Row) -> None:
        account = self.world.account(post["account"])
        assert account is not None
        dice = random.Random(f"1/{post['id']}")
        reach.draw(
            self.world,
            post,
            reach.followers(account, post["created_at"]),
            dice,
            media=len(things.media_of(self.world, post["id"])),
        )
