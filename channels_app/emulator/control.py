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
POST /_control/accounts/handle {account, handle}         it calls itself something else
GET  /_control/rules    POST /_control/rules {name: value}      see `world.RULES`
GET  /_control/faults   POST /_control/faults {kind, ...}       see `faults`;  DELETE /_control/faults?name=
POST /_control/say      {platform, text, by?, to?, reply_to?, visibility?, lang?, attached?}  a resident writes → {id}
POST /_control/hooks    {platform, url, secret}    tell this address, signed, whenever a resident writes; no url: stop
POST /_control/edit     {post, text}       somebody edits their words (also the town's own, as outside Parley)
POST /_control/delete   {post}             somebody deletes theirs
GET  /_control/town     POST /_control/town {messages_per_day?, comments_per_post?, lively_minutes?, quiet?}
POST /_control/reset    {town?, seed?, keep_accounts?}
"""

import json
import sqlite3
from typing import TYPE_CHECKING

from . import control_public, control_town
from .acts import ACTS
from .wire import Answer, Request

if TYPE_CHECKING:
    from .answering import Emulator

CALLS = (control_public, control_town)  # importing them fills the table


def answer(emulator: "Emulator", request: Request) -> Answer:
    """Do one control call; what the caller got wrong is a 400 with the reason."""
    local = request.host.partition(":")[0] in {"127.0.0.1", "localhost"}
    if not local or "Origin" in request.headers:
        return Answer({"error": "control calls come from programs on this machine, not from web pages"}, 403)
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
        emulator.world.town.forget()
        return Answer({"error": f"{type(problem).__name__}: {problem}"}, 400)
