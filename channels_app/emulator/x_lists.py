"""X API v2: everything that reads."""

import re
import sqlite3
from collections.abc import Callable

from . import things, x_show
from .clock import iso, parse
from .wire import Answer, Refuse
from .world import DAY, Call
from .x import ROUTES, invalid, problem

WEEK = 7 * DAY
TERM = re.compile(r'-?"[^"]*"|\(|\)|[^\s()]+')
Test = Callable[[sqlite3.Row], bool]


def _size(call: Call, least: int) -> int:
    size = call.request.number("max_results", 10)
    if not least <= size <= 100:
        raise invalid(
            f"The `max_results` query parameter value [{size}] is not between {least} and 100", max_results=str(size)
        )
    return size


def _bounds(call: Call) -> tuple[str, list[object]]:
    """The SQL for since_id, until_id, start_time and end_time."""
    request, terms, values = call.request, ["p.platform = 'x'", "p.visibility = 'public'"], list[object]()
    for name, sql in (("since_id", "p.id > ?"), ("until_id", "p.id < ?")):
        if request.arg(name):
            terms.append(sql)
            values.append(request.arg(name).rjust(19, "0"))
    for name, sql in (("start_time", "p.created_at >= ?"), ("end_time", "p.created_at < ?")):
        if request.arg(name):
            terms.append(sql)
            try:
                values.append(parse(request.arg(name)))
            except ValueError:
                raise invalid(f"Invalid time value for {name}.", **{name: request.arg(name)}) from None
    return " AND ".join(terms), values


def _paged(call: Call, rows: list[sqlite3.Row], least: int, token: str) -> Answer:
    """One page of a list that is newest first."""
    size, after = _size(call, least), call.request.arg(token) or call.request.arg("pagination_token")
    if after:
        place = after.removeprefix("b26v")
        if not place.isdigit():
            raise invalid("The `pagination_token` query parameter value is invalid", pagination_token=after)
        rows = [row for row in rows if int(row["id"]) < int(place)]
    shown = rows[:size]
    body = x_show.page(call, shown) if shown else {}
    meta: dict[str, object] = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
    if len(rows) > size:
        meta["next_token"] = f"b26v{shown[-1]['id']}"
    return Answer(body | {"meta": meta})


@ROUTES.on("GET", "/2/users/{user}/tweets", "own_posts")
def own_posts(call: Call, user: str) -> Answer:
    sql, values = _bounds(call)
    if "replies" in call.request.many("exclude"):
        sql += " AND p.parent IS NULL"
    rows = things.listed(call, f"p.account = ? AND {sql}", _known(call, user), *values)
    return _paged(call, rows, 5, "pagination_token")


@ROUTES.on("GET", "/2/users/{user}/mentions", "mentions")
def mentions(call: Call, user: str) -> Answer:
    sql, values = _bounds(call)
    where = f"p.id IN (SELECT post FROM mentions WHERE account = ?) AND p.account != ? AND {sql}"  # noqa: S608
    known = _known(call, user)
    return _paged(call, things.listed(call, where, known, known, *values), 5, "pagination_token")


def _known(call: Call, user: str) -> str:
    account = call.world.account(user)
    if account is None or account["platform"] != "x":
        detail = f"Could not find user with id: [{user}]."
        raise Refuse(problem(404, "Not Found Error", detail, "resource-not-found"))
    return str(account["id"])


@ROUTES.on("GET", "/2/tweets/search/recent", "search")
def search(call: Call) -> Answer:
    """The last seven days, by X's query language: words, "phrases", #tags, @names, OR, -, conversation_id:, from:."""
    query = call.request.arg("query")
    if not query or len(query) > 512:
        raise invalid("query must be between 1 and 512 characters", query=query)
    if call.request.arg("start_time") and parse(call.request.arg("start_time")) < call.now - WEEK:
        text = f"'start_time' must be on or after {iso(call.now - WEEK)}."
        raise invalid(text, start_time=call.request.arg("start_time"))
    test = _either(call, TERM.findall(query))
    sql, values = _bounds(call)
    rows = things.listed(call, f"p.created_at > ? AND {sql}", call.now - WEEK, *values)
    return _paged(call, [row for row in rows if test(row)], 10, "next_token")


def _either(call: Call, terms: list[str]) -> Test:
    """Read `a b OR c` up to a closing bracket, taking what it reads out of `terms`."""
    groups: list[list[Test]] = [[]]
    while terms and (term := terms.pop(0)) != ")":
        if term == "OR":
            groups.append([])
        elif term == "(":
            groups[-1].append(_either(call, terms))
        else:
            groups[-1].append(_term(call, term))
    return lambda row: any(all(test(row) for test in group) for group in groups if group)


def _term(call: Call, term: str) -> Test:
    if term.startswith("-"):
        plain = _term(call, term[1:])
        return lambda row: not plain(row)
    key, _, value = term.partition(":")
    if key == "conversation_id":
        return lambda row: row["root"] == value and row["id"] != value
    if key in {"from", "to"}:
        account = call.world.handle("x", value)
        wanted = account and account["id"]
        if key == "from":
            return lambda row: row["account"] == wanted
        return lambda row: any(one["id"] == wanted for one in things.mentions_of(call.world, row["id"]))
    if term in {"is:retweet", "is:quote"}:
        return lambda row: False
    if term == "is:reply":
        return lambda row: row["parent"] is not None
    if key == "lang":
        return lambda row: row["lang"] == value
    word = re.compile(rf"(?<!\w){re.escape(term.strip(chr(34)))}(?!\w)", re.IGNORECASE)
    return lambda row: bool(word.search(row["text"]))


def _public(call: Call, post: str) -> sqlite3.Row | None:
    row = things.alive(call.world, "x", post)
    return row if row is not None and row["visibility"] == "public" else None


@ROUTES.on("GET", "/2/tweets", "post")
def several(call: Call) -> Answer:
    ids = call.request.many("ids")
    if not 1 <= len(ids) <= 100:
        raise invalid("ids must have between 1 and 100 items", ids=",".join(ids))
    found = {one: _public(call, one) for one in ids}
    errors = [x_show.missing(one) for one, row in found.items() if row is None]
    body = x_show.page(call, [row for row in found.values() if row is not None], errors)
    if not body["data"]:
        del body["data"]
    return Answer(body)


@ROUTES.on("GET", "/2/tweets/{post}", "post")
def single(call: Call, post: str) -> Answer:
    row = _public(call, post)
    if row is None:
        return Answer({"errors": [x_show.missing(post, "id")]})
    body = x_show.page(call, [row])
    return Answer(body | {"data": body["data"][0]})


@ROUTES.on("GET", "/2/users/me", "profile")
def profile(call: Call) -> Answer:
    return Answer({"data": x_show.user(call.me, x_show.wanted(call.request, "user"), call)})


@ROUTES.on("GET", "/2/users/by/username/{name}", "profile")
def by_name(call: Call, name: str) -> Answer:
    account = call.world.handle("x", name)
    return user_by_id(call, account["id"] if account else name)


@ROUTES.on("GET", "/2/users/{user}", "profile")
def user_by_id(call: Call, user: str) -> Answer:
    account = call.world.account(user)
    if account is None or account["platform"] != "x":
        detail = f"Could not find user with id: [{user}]."
        error = {"value": user, "detail": detail, "title": "Not Found Error", "type": x_show.NOT_FOUND}
        return Answer({"errors": [error]})
    return Answer({"data": x_show.user(account, x_show.wanted(call.request, "user"), call)})
