"""What happens in a town: each kind of event is one function, told in the order in which a conversation goes."""

import json
import random
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import things
from .speaking import speak
from .words import Person, Saying
from .world import DAY, World, extra

if TYPE_CHECKING:
    from .town import Town

HOUR, MINUTE = 3600.0, 60.0
Happening = Callable[["Town", float, random.Random, dict[str, Any]], None]
KINDS: dict[str, Happening] = {}
LOUDER = {"x": 0.8, "facebook": 1.3, "mastodon": 0.75, "bluesky": 0.75, "instagram": 0.9}
WANTS_ANSWER = {"question", "failure", "criticism", "urgent"}


def happening(function: Happening) -> Happening:
    KINDS[function.__name__] = function
    return function


def plan(world: World, at: float, kind: str, payload: dict[str, Any]) -> None:
    world.store.insert("events", n=world.store.next_number("event"), at=at, kind=kind, payload=json.dumps(payload))


def happen(town: "Town", event: sqlite3.Row) -> None:
    """Let one event happen at its own time."""
    KINDS[event["kind"]](town, event["at"], town.dice(event["kind"], event["n"]), json.loads(event["payload"]))


def stir(town: "Town", now: float, dice: random.Random) -> None:
    """Something happens now: mostly a message, sometimes a comment under a recent post."""
    sql = (
        "SELECT p.* FROM posts p JOIN accounts a ON a.id = p.account WHERE a.kind = 'ours' AND p.parent IS NULL "
        "AND p.visibility = 'public' AND p.deleted_at IS NULL AND p.created_at > ? ORDER BY p.created_at DESC LIMIT 8"
    )
    recent = town.world.store.rows(sql, now - 4 * DAY)
    if recent and dice.random() < 0.4:
        comment(town, now, dice, {"post": dice.choice(recent)["id"]})
    else:
        _written(town, now, dice)


# A resident writes


def _utter(town: "Town", at: float, dice: random.Random, saying: Saying, reply_to: str = "") -> sqlite3.Row:
    """Put words on a platform, and plan what tends to follow them."""
    more: dict[str, Any] = {"lang": saying.lang, "origin": "town", "extra": {"kind": saying.kind}}
    if saying.private:
        more["visibility"] = "direct"
    by = saying.by.handles[saying.platform]
    row = speak(town.world, at, saying.platform, saying.clumsy or saying.text, by=by, reply_to=reply_to, **more)
    if saying.clumsy:
        town.plan(
            at + dice.uniform(2, 25) * MINUTE,
            "correct",
            post=row["id"],
            text=row["text"].replace(saying.clumsy, saying.text),
        )
    elif dice.random() < 0.03:
        town.plan(at + dice.uniform(0.3, 30) * HOUR, "withdraw", post=row["id"])
    if saying.kind in WANTS_ANSWER and dice.random() < 0.16:
        town.plan(town.waking(at + dice.uniform(18, 52) * HOUR, dice), "wonder", post=row["id"])
    if saying.kind == "failure" and not saying.private and dice.random() < 0.16:
        town.plan(town.waking(at + dice.uniform(0.2, 9) * HOUR, dice), "join", post=row["id"])
    return row


def _written(town: "Town", at: float, dice: random.Random) -> None:
    assert town.words is not None
    ours = town.world.store.rows("SELECT DISTINCT platform FROM accounts WHERE kind = 'ours' ORDER BY platform")
    platforms = [row["platform"] for row in ours if town.words.lives_on(row["platform"])]
    if platforms:
        _utter(town, at, dice, town.words.spontaneous(dice, town.draw(dice), platforms))


@happening
def write(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody writes to the town of their own accord; the next one is planned."""
    _written(town, at, dice)
    town.plan_write(at, dice)


@happening
def correct(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody mends a slip in what they wrote."""
    post = _living(town, given)
    if post is not None:
        things.edit(town.world, post, given["text"], at)


@happening
def withdraw(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody deletes what they wrote."""
    post = _living(town, given)
    if post is not None:
        things.delete(town.world, post, at)


@happening
def wonder(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody whom nobody answered asks again."""
    post = _living(town, given)
    if post is None or post["lang"] != "en" or _answered(town, post):
        return
    assert town.words is not None
    by = _person(town, post["account"])
    if by is not None:
        text = town.words.aside(dice, town.draw(dice), "waiting", by)
        _reply(town, at, dice, post, by, text, "question")


@happening
def join(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody else has the same trouble."""
    post = _living(town, given)
    writer = _person(town, post["account"]) if post is not None else None
    if post is None or writer is None:
        return
    assert town.words is not None
    by = town.words.someone(dice, post["platform"], but=writer.name)
    text = town.words.aside(dice, town.draw(dice), "me_too", by)
    _reply(town, at, dice, post, by, text, "me_too")


@happening
def incident(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Something that several people notice within two hours."""
    assert town.words is not None
    chosen = dice.choice(town.words.data["incidents"])
    start = town.waking(at, dice)
    for text in dice.sample(chosen["says"], dice.randrange(4, len(chosen["says"]) + 1)):
        town.plan(start + dice.uniform(0, 2) * HOUR, "exclaim", text=text)
    town.plan(at + dice.uniform(12, 26) * DAY, "incident")


@happening
def exclaim(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """One of those who noticed."""
    assert town.words is not None
    platform = dice.choice(["facebook", "facebook", "x", "mastodon"])
    if town.world.store.one("SELECT 1 FROM accounts WHERE kind = 'ours' AND platform = ?", platform):
        _utter(town, at, dice, Saying(town.words.someone(dice, platform), platform, given["text"], "failure"))


# The town publishes


def expect_comments(town: "Town", post: sqlite3.Row, totals: dict[str, float], dice: random.Random) -> None:
    """Plan the comments under a new post: more where more see it and where it asks something."""
    mean = float(town.settings()["comments_per_post"]) * LOUDER[post["platform"]]
    mean *= 1.6 if "?" in post["text"] else 0.75
    mean *= min(2.0, max(0.4, (totals["impressions"] / 500) ** 0.5))
    count = sum(dice.random() < mean / 8 for _ in range(8))
    for _ in range(count):
        delay = min(dice.expovariate(1 / 5.0), 60) * HOUR + dice.uniform(2, 20) * MINUTE
        town.plan(town.waking(post["created_at"] + delay, dice), "comment", post=post["id"])


@happening
def comment(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Somebody comments on a post of the town."""
    post = _living(town, given)
    if post is not None and post["platform"] in LOUDER:
        assert town.words is not None
        _utter(
            town, at, dice, town.words.under(dice, town.draw(dice), post["platform"], post["text"]), reply_to=post["id"]
        )


# The town answers


def expect_answer(town: "Town", reply: sqlite3.Row, dice: random.Random) -> None:
    """The person who was answered will read it; perhaps they say something."""
    asked = things.find(town.world, reply["parent"])
    if asked is None or _person(town, asked["account"]) is None:
        return
    delay = min(dice.expovariate(1 / 2.5), 30) * HOUR + dice.uniform(3, 25) * MINUTE
    town.plan(town.waking(reply["created_at"] + delay, dice), "respond", post=reply["id"])


@happening
def respond(town: "Town", at: float, dice: random.Random, given: dict[str, Any]) -> None:
    """Thanks, a further question, displeasure, or silence; a private answer that does not name them stays unseen."""
    reply = _living(town, given)
    asked = reply and things.find(town.world, reply["parent"])
    by = asked and _person(town, asked["account"])
    if (
        reply is None
        or not asked
        or not by
        or (reply["visibility"] == "direct" and not _names(town, reply, asked["account"]))
    ):
        return
    if dice.random() < 0.4:
        town.world.store.run("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?)", reply["id"], asked["account"], at)
    assert town.words is not None
    kind, text = town.words.after(dice, town.draw(dice), by, extra(asked).get("kind", "question"), asked["lang"])
    if text and _rounds(town, reply) < 3:
        _reply(town, at, dice, reply, by, text, kind, lang=asked["lang"])


# Small questions about what is there


def _reply(
    town: "Town", at: float, dice: random.Random, post: sqlite3.Row, by: Person, text: str, kind: str, lang: str = "en"
) -> None:
    if post["platform"] in by.handles:
        _utter(town, at, dice, Saying(by, post["platform"], text, kind, lang), reply_to=post["id"])


def _living(town: "Town", given: dict[str, Any]) -> sqlite3.Row | None:
    post = things.find(town.world, given["post"])
    return post if post is not None and post["deleted_at"] is None else None


def _person(town: "Town", account: str) -> Person | None:
    row = town.world.account(account)
    name = extra(row).get("person") if row is not None else None
    return town.words.person(name) if town.words and name else None


def _answered(town: "Town", post: sqlite3.Row) -> bool:
    sql = (
        "SELECT 1 FROM posts p JOIN accounts a ON a.id = p.account "
        "WHERE p.parent = ? AND a.kind = 'ours' AND p.deleted_at IS NULL"
    )
    return town.world.store.one(sql, post["id"]) is not None


def _names(town: "Town", post: sqlite3.Row, account: str) -> bool:
    return (
        town.world.store.one("SELECT 1 FROM mentions WHERE post = ? AND account = ?", post["id"], account) is not None
    )


def _rounds(town: "Town", reply: sqlite3.Row) -> int:
    """How often the town has answered in this thread, by the chain of parents."""
    count, row = 0, things.find(town.world, reply["id"])
    while row is not None:
        count += row["account"] == reply["account"] and row["parent"] is not None
        row = things.find(town.world, row["parent"]) if row["parent"] else None
    return count
