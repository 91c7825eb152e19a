"""The control endpoint: how tests, the trial and the seed steer the emulator and look at what the public sees.

All bodies and answers are JSON. It answers callers on this machine only; where a token was given at the
start (`--control-token`), the header `X-Control-Token` must carry it.

GET  /_control/clock                       {now, epoch, speed, next_event}
POST /_control/clock    {to?, speed?, live?}    set the instant (ISO or seconds), the speed (0 stops), or real time
POST /_control/advance  {seconds? | to? | event?}   move on; residents live through it; `event` moves to the next event
GET  /_control/published?platform=&account=&since=&deleted=1    what the town's own accounts show, oldest first
GET  /_control/snapshot                    everything public: posts, pictures, alt texts, replies, deletions
GET  /_control/requests?platform=&route=&after=    the log of requests, without tokens
GET  /_control/metrics?post=               the numbers of a post now
POST /_control/metrics  {post, impressions?, likes?, shares?, quotes?, clicks?, bookmarks?, half_life?}   set its totals
GET  /_control/accounts?kind=              accounts with their tokens
POST /_control/accounts {platform, handle, name?, host?, token?, kind?, scopes?, followers?, ...}   → {id, token, ...}
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

from .clock import iso, parse
from .wire import Answer, Request

if TYPE_CHECKING:
    from .answering import Emulator

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
