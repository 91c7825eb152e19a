"""The control endpoint: how tests, the trial and the seed steer the emulator and look at what the public sees.

All bodies and answers are JSON. It answers callers on this machine only; where a token was given at the
start (`--control-token`), the header `X-Control-Token` must carry it.

GET  /_control/clock                       {now, epoch, speed, next_event}
POST /_control/clock    {to?, speed?, live?}    set the instant (ISO or seconds), the speed (0 stops), or real time
POST /_control/advance  {seconds? | to? | event?}   move on; residents live through it; `event` moves to the next event
GET  /_control/published?platform=&account=&since=&deleted=1    what the town's own accounts have in public, oldest first
GET  /_control/snapshot                    everything public: posts, pictures, alt texts, replies, deletions
GET  /_control/requests?platform=&route=&after=    the log of requests, without tokens
GET  /_control/metrics?post=               the numbers of a post now
POST /_control/metrics  {post, impressions?, likes?, shares?, quotes?, clicks?, bookmarks?, half_life?}   set its totals
GET  /_control/accounts?kind=              accounts with their tokens
POST /_control/accounts {platform, handle, name?, host?, token?, kind?, scopes?, followers?, ...}   → {id, token, refresh_token?}
POST /_control/tokens   {account, token?, kind?, scopes?, expires_at?}     another token
POST /_control/tokens/state {token | account, state}     ok, revoked or expired
POST /_control/accounts/state {account, state}           ok, suspended or no_role
GET  /_control/rules    POST /_control/rules {name: value}      see `world.RULES`
GET  /_control/faults   POST /_control/faults {kind, ...}       see `faults`;  DELETE /_control/faults?name=
POST /_control/say      {platform, text, by?, to?, reply_to?, visibility?, lang?}    a resident writes now → {id}
POST /_control/edit     {post, text}       somebody edits their words (also the town's own, as outside Parley)
POST /_control/delete   {post}             somebody deletes theirs
GET  /_control/town     POST /_control/town {messages_per_day?, comments_per_post?, lively_minutes?, quiet?}
POST /_control/reset    {town?, seed?, keep_accounts?}
"""

import json
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import reach, things
from .clock import iso, parse
from .wire import Answer, Request
from .world import HOSTS, extra

if TYPE_CHECKING:
    from .server import Emulator

Act = Callable[["Emulator", dict[str, Any]], Any]
ACTS: dict[tuple[str, str], Act] = {}


def act(method: str, name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[(method, name)] = function
        return function

    return register


def answer(emulator: "Emulator", request: Request) -> Answer:
    """Do one control call; what the caller got wrong is a 400 with the reason."""
    if emulator.control_token and request.headers.get("X-Control-Token") != emulator.control_token:
        return Answer({"error": "X-Control-Token is missing or wrong"}, 403)
    function = ACTS.get((request.method, request.path.removeprefix("/_control/").rstrip("/")))
    if function is None:
        return Answer({"error": f"no such control call: {request.method} {request.path}"}, 404)
    body = json.loads(request.body) if request.body and request.method != "GET" else {}
    query = {name: values[-1] for name, values in request.fields.items()}
    try:
        with emulator.world.store.transaction():
            return Answer(function(emulator, query | body))
    except (KeyError, ValueError, TypeError, sqlite3.IntegrityError) as problem:
        return Answer({"error": f"{type(problem).__name__}: {problem}"}, 400)


@act("GET", "clock")
def clock(emulator: "Emulator", given: dict[str, Any]) -> Any:
    due = emulator.world.town.next_at()
    return emulator.world.clock.state() | {"next_event": iso(due) if due else None}


@act("POST", "clock")
def set_clock(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Set the clock without living through the time between."""
    if given.get("live"):
        emulator.world.clock.go_live()
    else:
        emulator.world.clock.set(to=parse(given["to"]) if "to" in given else None, speed=given.get("speed"))
    emulator.world.town.arrive(emulator.world.clock.now())
    return clock(emulator, given)


@act("POST", "advance")
def advance(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Move the clock on and let the residents live through it."""
    world = emulator.world
    start, due = world.clock.now(), world.town.next_at()
    if given.get("event"):
        end = max(start, due or start)
    else:
        end = parse(given["to"]) if "to" in given else start + float(given["seconds"])
    if end < start:
        raise ValueError("the clock goes forward only; set it with POST /_control/clock")
    happened = world.town.live(end)
    world.clock.set(to=end)
    return clock(emulator, given) | {"happened": happened}


def shown(emulator: "Emulator", row: sqlite3.Row) -> dict[str, Any]:
    """A post as the public meets it, with the checksums of its pictures."""
    world = emulator.world
    author = world.account(row["account"])
    pictures = [
        {name: one[name] for name in ("id", "sha256", "size", "mime", "alt", "width", "height")}
        for one in things.media_of(world, row["id"])
    ]
    return {
        "id": row["id"], "platform": row["platform"], "account": row["account"], "by": author["handle"] if author else "",
        "kind": row["kind"], "text": row["text"], "link": row["link"], "parent": row["parent"], "root": row["root"],
        "visibility": row["visibility"], "created_at": iso(row["created_at"]), "hidden": bool(row["hidden"]),
        "edited_at": row["edited_at"] and iso(row["edited_at"]), "deleted_at": row["deleted_at"] and iso(row["deleted_at"]),
        "origin": row["origin"], "media": pictures,
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
    kind = "page" if platform == "facebook" and row["kind"] == "ours" else "user"
    made = {"id": row["id"], "handle": row["handle"], "host": row["host"]}
    made["token"] = world.create_token(row["id"], platform, now, kind=kind, **wanted)
    if platform == "x":
        made["refresh_token"] = world.create_token(row["id"], platform, now, kind="refresh")
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


@act("GET", "rules")
def rules(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.change_rules({})


@act("POST", "rules")
def change_rules(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.change_rules(given)


@act("GET", "faults")
def faults(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.faults.listed()


@act("POST", "faults")
def arm(emulator: "Emulator", given: dict[str, Any]) -> Any:
    if "dice" in given:
        emulator.faults.seed(int(given.pop("dice")))
    return vars(emulator.faults.arm(**given)) if given else {}


@act("DELETE", "faults")
def disarm(emulator: "Emulator", given: dict[str, Any]) -> Any:
    emulator.faults.clear(given.get("name", ""))
    return emulator.faults.listed()


@act("POST", "say")
def say(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """A resident writes now."""
    row = emulator.world.town.say(emulator.world.clock.now(), **given)
    return shown(emulator, row)


@act("POST", "edit")
def edit(emulator: "Emulator", given: dict[str, Any]) -> Any:
    row = _post(emulator, given)
    things.edit(emulator.world, row, given["text"], emulator.world.clock.now())
    return shown(emulator, _post(emulator, given))


@act("POST", "delete")
def delete(emulator: "Emulator", given: dict[str, Any]) -> Any:
    things.delete(emulator.world, _post(emulator, given), emulator.world.clock.now())
    return shown(emulator, _post(emulator, given))


@act("GET", "town")
def town(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.town.settings()


@act("POST", "town")
def change_town(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.town.change(given)


@act("POST", "reset")
def reset(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Forget everything; the clock, the rules and (if wished) the accounts stay."""
    world = emulator.world
    emulator.faults.clear()
    kept = {name: world.store.get(name) for name in ("clock", "town", "id", "request")}
    people = [dict(row) for table in ("accounts", "tokens") for row in world.store.rows(f"SELECT * FROM {table}")]  # noqa: S608
    world.store.wipe()
    for name, value in kept.items():
        if value is not None:
            world.store.put(name, value)
    for row in people if given.get("keep_accounts") else []:
        world.store.insert("tokens" if "token" in row else "accounts", **row)
    if not given.get("keep_accounts"):
        world.town.found(given.get("town", "empty"), int(given.get("seed", 1)), world.clock.now())
    return {"reset": True}
