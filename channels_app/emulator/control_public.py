"""The control calls that look at, or change, what is on the platforms: posts, numbers, accounts, tokens, residents."""

import sqlite3
from typing import TYPE_CHECKING, Any

from . import moving, reach, telling, things
from .acts import act
from .clock import iso, parse
from .control_town import clock
from .world import HOSTS, extra

if TYPE_CHECKING:
    from .answering import Emulator

LIKED = "SELECT account FROM reactions WHERE post = ? ORDER BY at, account"
BLUESKY_KEYS = (("refresh_token", "refresh"), ("app_password", "password"))


def shown(emulator: "Emulator", row: sqlite3.Row) -> dict[str, Any]:
    """A post as the public meets it, with the checksums of its pictures."""
    world = emulator.world
    author = world.account(row["account"])
    pictures = [
        {name: one[name] for name in ("id", "sha256", "size", "mime", "alt", "width", "height")}
        | {"captions": moving.captions_of(world, one["id"])}
        for one in things.media_of(world, row["id"])
    ]
    return {
        "id": row["id"], "platform": row["platform"], "account": row["account"],
        "by": author["handle"] if author else "",
        "kind": row["kind"], "text": row["text"], "link": row["link"], "parent": row["parent"], "root": row["root"],
        "visibility": row["visibility"], "created_at": iso(row["created_at"]), "hidden": bool(row["hidden"]),
        "edited_at": row["edited_at"] and iso(row["edited_at"]),
        "deleted_at": row["deleted_at"] and iso(row["deleted_at"]),
        "origin": row["origin"], "media": pictures, "poll": extra(row).get("poll"),
        "title": extra(row).get("title"), "captions": extra(row).get("captions"),
        "liked_by": [one["account"] for one in world.store.rows(LIKED, row["id"])],
    }  # fmt: skip


@act("GET", "published")
def published(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Posts and replies of the town's own accounts."""
    sql = "SELECT p.* FROM posts p JOIN accounts a ON a.id = p.account WHERE a.kind = 'ours' AND p.created_at >= ?"
    values: list[Any] = [parse(given["since"]) if "since" in given else 0.0]
    for name in ("platform", "account"):
        if given.get(name):
            sql += f" AND p.{name} = ?"
            values.append(given[name])
    if not given.get("deleted"):
        sql += " AND p.deleted_at IS NULL"
    rows = emulator.world.store.rows(sql + " ORDER BY p.created_at, p.id", *values)
    return [shown(emulator, row) for row in rows]


@act("GET", "snapshot")
def snapshot(emulator: "Emulator", given: dict[str, Any]) -> Any:
    rows = emulator.world.store.rows("SELECT * FROM posts ORDER BY created_at, id")
    return {"clock": clock(emulator, {}), "posts": [shown(emulator, row) for row in rows]}


@act("GET", "requests")
def requests(emulator: "Emulator", given: dict[str, Any]) -> Any:
    sql, values = "SELECT * FROM requests WHERE n > ?", [int(given.get("after", 0))]
    for name in ("platform", "route", "account", "method"):
        if given.get(name):
            sql += f" AND {name} = ?"
            values.append(given[name])
    return [dict(row) for row in emulator.world.store.rows(sql + " ORDER BY n", *values)]


@act("GET", "metrics")
def metrics(emulator: "Emulator", given: dict[str, Any]) -> Any:
    world = emulator.world
    return reach.at(world, _post(emulator, given), world.clock.now())


@act("POST", "metrics")
def set_metrics(emulator: "Emulator", given: dict[str, Any]) -> Any:
    row = _post(emulator, given)
    old = emulator.world.store.one("SELECT * FROM reach WHERE post = ?", row["id"])
    columns = dict(old) if old else {"post": row["id"], "half_life": 1.0} | dict.fromkeys(reach.NAMES, 0.0)
    columns |= {name: float(given[name]) for name in (*reach.NAMES, "half_life") if name in given}
    emulator.world.store.run("DELETE FROM reach WHERE post = ?", row["id"])
    emulator.world.store.insert("reach", **columns)
    return metrics(emulator, given)


def _post(emulator: "Emulator", given: dict[str, Any]) -> sqlite3.Row:
    row = things.find(emulator.world, given["post"])
    if row is None:
        raise ValueError(f"no post {given['post']}")
    return row


@act("GET", "accounts")
def accounts(emulator: "Emulator", given: dict[str, Any]) -> Any:
    store, kind = emulator.world.store, given.get("kind", "")
    found = []
    for row in store.rows("SELECT * FROM accounts WHERE ? IN ('', kind) ORDER BY platform, created_at, handle", kind):
        tokens = store.rows("SELECT token, kind, state, scopes FROM tokens WHERE account = ? ORDER BY rowid", row["id"])
        found.append(dict(row) | {"extra": extra(row), "tokens": [dict(one) for one in tokens]})
    return found


@act("POST", "accounts")
def create_account(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """An account of the town (or of `kind` resident or manager) with a token that is known at once."""
    world, now, platform = emulator.world, emulator.world.clock.now(), given.pop("platform")
    if platform not in HOSTS:
        raise ValueError(f"no such platform: {platform}")
    handle, given = given.pop("handle"), dict(given)
    wanted = {name: given.pop(name) for name in ("token", "scopes", "expires_at") if name in given}
    row = world.create_account(platform, handle, now, **given)
    if row["kind"] == "resident":
        return {"id": row["id"], "handle": row["handle"], "host": row["host"]}
    kind = "page" if platform in {"facebook", "instagram"} and row["kind"] == "ours" else "user"
    made = {"id": row["id"], "handle": row["handle"], "host": row["host"]}
    made["token"] = world.create_token(row["id"], platform, now, kind=kind, **wanted)
    if platform in {"x", "youtube"}:
        made["refresh_token"] = world.create_token(row["id"], platform, now, kind="refresh")
    if platform == "bluesky":
        made |= {name: world.create_token(row["id"], platform, now, kind=kind) for name, kind in BLUESKY_KEYS}
    return made


@act("POST", "tokens")
def create_token(emulator: "Emulator", given: dict[str, Any]) -> Any:
    row = emulator.world.account(given.pop("account"))
    if row is None:
        raise ValueError("no such account")
    token = emulator.world.create_token(row["id"], row["platform"], emulator.world.clock.now(), **given)
    return {"token": token}


@act("POST", "tokens/state")
def token_state(emulator: "Emulator", given: dict[str, Any]) -> Any:
    where = {"token": given["token"]} if "token" in given else {"account": given["account"]}
    return {"changed": emulator.world.store.update("tokens", where, state=given["state"])}


@act("POST", "accounts/state")
def account_state(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return {"changed": emulator.world.store.update("accounts", {"id": given["account"]}, state=given["state"])}


@act("POST", "accounts/handle")
def rename(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return {"changed": emulator.world.store.update("accounts", {"id": given["account"]}, handle=given["handle"])}


@act("POST", "say")
def say(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """A resident writes now."""
    row = emulator.world.town.say(emulator.world.clock.now(), **given)
    return shown(emulator, row)


@act("POST", "hooks")
def hook(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Send signed webhooks of a platform to an address on this machine."""
    return telling.send_to(emulator.world, given["platform"], given.get("url", ""), given.get("secret", ""))


@act("POST", "edit")
def edit(emulator: "Emulator", given: dict[str, Any]) -> Any:
    row = _post(emulator, given)
    things.edit(emulator.world, row, given["text"], emulator.world.clock.now())
    return shown(emulator, _post(emulator, given))


@act("POST", "delete")
def delete(emulator: "Emulator", given: dict[str, Any]) -> Any:
    things.delete(emulator.world, _post(emulator, given), emulator.world.clock.now())
    return shown(emulator, _post(emulator, given))
