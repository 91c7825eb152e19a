"""How many people a town's post meets: fixed when it is published, then unfolding with its age.

Numbers are a pure function of what was drawn at publication and of the post's age, so they only grow, need no
upkeep and are the same however the clock was moved.
"""

import math
import random
import sqlite3
from datetime import datetime

from .world import DAY, World

NAMES = ("impressions", "likes", "shares", "quotes", "clicks", "bookmarks")
# Share of followers who see a post, and what part of those who see it act.
HABITS: dict[str, dict[str, float]] = {
    "x": {
        "seen": 0.34,
        "likes": 0.016,
        "shares": 0.0042,
        "quotes": 0.0008,
        "clicks": 0.011,
        "bookmarks": 0.0011,
        "half": 0.22,
    },
    "facebook": {
        "seen": 0.21,
        "likes": 0.028,
        "shares": 0.0061,
        "quotes": 0.0,
        "clicks": 0.024,
        "bookmarks": 0.0,
        "half": 0.65,
    },
    "mastodon": {
        "seen": 0.42,
        "likes": 0.031,
        "shares": 0.0115,
        "quotes": 0.0012,
        "clicks": 0.012,
        "bookmarks": 0.0,
        "half": 0.35,
    },
    "instagram": {
        "seen": 0.3,
        "likes": 0.041,
        "shares": 0.0032,
        "quotes": 0.0,
        "clicks": 0.0,
        "bookmarks": 0.004,
        "half": 0.5,
    },
}
FILMS = {"seen": 0.3, "likes": 0.02, "shares": 0.003, "quotes": 0.0, "clicks": 0.004, "bookmarks": 0.0, "half": 1.5}
HABITS |= {"youtube": FILMS, "vimeo": FILMS}
HABITS["bluesky"] = HABITS["mastodon"] | {"seen": 0.36, "half": 0.3}
HABITS["linkedin"] = HABITS["facebook"] | {"seen": 0.28, "likes": 0.021, "clicks": 0.019, "half": 1.4}
WARM = (
    "thank",
    "new",
    "open",
    "volunteer",
    "festival",
    "library",
    "market",
    "photo",
    "congratulations",
    "fixed",
    "free",
)
PLAIN = ("tender", "minutes", "consultation", "notice", "agenda", "statement", "pursuant")


def by_hour(local: datetime) -> float:
    """How awake the town is: little at night, most at breakfast and in the evening, a little less at weekends."""
    hour = local.hour + local.minute / 60
    curve = 0.35 + 0.55 * math.exp(-((hour - 8) ** 2) / 4) + 0.8 * math.exp(-((hour - 18.5) ** 2) / 9)
    return curve * (0.85 if local.weekday() >= 5 else 1.0) * (0.25 if hour < 5.5 or hour > 23 else 1.0)


def draw(
    world: World, post: sqlite3.Row, followers: int, dice: random.Random, *, media: int, local: datetime
) -> dict[str, float]:
    """Draw the totals a post will reach in the end and remember them."""
    habit = HABITS[post["platform"]]
    words = post["text"].lower()
    pull = dice.lognormvariate(0, 0.45) * (1 + 0.35 * min(media, 2)) * (1.15 if "?" in words else 1)
    pull *= 1.25 if any(word in words for word in WARM) else 1
    pull *= 0.6 if any(word in words for word in PLAIN) else 1
    part = 0.12 if post["parent"] else 1.0
    seen = max(followers, 40) * habit["seen"] * pull * part * by_hour(local)
    totals = {name: seen * habit[name] * dice.lognormvariate(0, 0.35) * math.sqrt(pull) for name in NAMES[1:]}
    if not (post["link"] or "http" in words):
        totals["clicks"] = 0.0
    columns = {"impressions": seen, **totals, "half_life": habit["half"] * DAY * dice.uniform(0.7, 1.4)}
    world.store.run("DELETE FROM reach WHERE post = ?", post["id"])
    world.store.insert("reach", post=post["id"], **columns)
    return columns


def at(world: World, post: sqlite3.Row, now: float) -> dict[str, int]:
    """The numbers of a post now; all zero for a post nobody drew for."""
    row = world.store.one("SELECT * FROM reach WHERE post = ?", post["id"])
    if row is None:
        numbers = dict.fromkeys(NAMES, 0)
    else:
        grown = 1 - 0.5 ** (max(0.0, now - post["created_at"]) / row["half_life"])
        numbers = {name: int(row[name] * grown + 0.5) for name in NAMES}
    more = world.store.one("SELECT count(*) AS n FROM reactions WHERE post = ?", post["id"])
    numbers["likes"] += more["n"] if more else 0
    return numbers


def followers(account: sqlite3.Row, now: float) -> int:
    """Followers now: a slow drift, a little different every day, the same for the same day."""
    days = int((now - account["counted_at"]) // DAY)
    base = account["followers"]
    if base == 0 or days <= 0:
        return int(base)
    step = max(base, 200) * 0.0018
    since = max(0, days - 800)
    drift = sum(random.Random(f"{account['id']}/{day}").uniform(-0.6, 1.5) for day in range(since, days))  # noqa: S311
    return max(0, int(base + step * drift))
