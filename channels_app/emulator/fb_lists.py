"""Facebook's Graph API: everything that reads, insights, tokens."""

import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import fb_show, reach, things
from .clock import graph, parse
from .facebook import ROUTES, V, bad, error, node, page_of, refusal
from .wire import Answer, Refuse
from .world import DAY, Call, extra

Show = Callable[[Call, sqlite3.Row, str], dict[str, Any]]
POST_METRICS = {
    "post_media_view": lambda seen: seen["impressions"],
    "post_total_media_view_unique": lambda seen: int(seen["impressions"] * 0.83),
    "post_clicks": lambda seen: seen["clicks"],
    "post_reactions_by_type_total": lambda seen: {
        "like": seen["likes"] * 4 // 5,
        "love": seen["likes"] - seen["likes"] * 4 // 5,
    },
    "post_reactions_like_total": lambda seen: seen["likes"],
    "post_activity_by_action_type": lambda seen: {"like": seen["likes"], "share": seen["shares"]},
}
PAGE_METRICS = (
    "page_media_view", "page_total_media_view_unique", "page_follows", "page_daily_follows_unique",
    "page_daily_unfollows_unique", "page_post_engagements", "page_views_total",
)  # fmt: skip
PERIODS = {"day": 1, "week": 7, "days_28": 28}


def _cursor(row: sqlite3.Row) -> str:
    return urlsafe_b64encode(row["id"].encode()).decode().rstrip("=")


def _place(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise bad("(#100) Invalid cursor: after") from None


def _bounds(call: Call) -> tuple[str, list[float]]:
    terms, values = ["1 = 1"], []
    for name, sign in (("since", ">="), ("until", "<=")):
        if call.request.arg(name):
            terms.append(f"p.created_at {sign} ?")
            try:
                values.append(parse(call.request.arg(name).replace("+0000", "+00:00")))
            except ValueError:
                raise bad(f"(#100) Param {name} must be a valid time.") from None
    return " AND ".join(terms), values


def _paged(call: Call, rows: list[sqlite3.Row], show: Show, **more: Any) -> Answer:
    """One page with cursors, and `next` as a whole address that carries the arguments but no token."""
    limit, after = min(call.request.number("limit", 25), 100), call.request.arg("after")
    if after:
        place = _place(after)
        known = [at for at, row in enumerate(rows) if row["id"] == place]
        rows = rows[known[0] + 1 :] if known else []
    shown = rows[:limit]
    body: dict[str, Any] = {"data": [show(call, row, call.request.arg("fields")) for row in shown], **more}
    if shown:
        paging: dict[str, Any] = {"cursors": {"before": _cursor(shown[0]), "after": _cursor(shown[-1])}}
        if len(rows) > limit:
            kept = [
                (name, value) for name, value in parse_qsl(call.request.query) if name not in {"after", "access_token"}
            ]
            query = urlencode([*kept, ("after", paging["cursors"]["after"])])
            paging["next"] = f"https://graph.facebook.com{call.request.path}?{query}"
        body["paging"] = paging
    return Answer(body)


@ROUTES.on("GET", V + "/{page}/(?:published_posts|posts|feed)", "own_posts")
def published(call: Call, page: str) -> Answer:
    account, (sql, values) = page_of(call, page), _bounds(call)
    where = f"p.account = ? AND p.kind = 'post' AND p.visibility = 'public' AND {sql}"
    return _paged(call, things.listed(call, where, account["id"], *values), fb_show.post)


@ROUTES.on("GET", V + "/{page}/tagged", "mentions")
def tagged(call: Call, page: str) -> Answer:
    """Posts of others that name the Page."""
    account, (sql, values) = page_of(call, page), _bounds(call)
    where = f"p.kind = 'post' AND p.id IN (SELECT post FROM mentions WHERE account = ?) AND {sql}"
    return _paged(call, things.listed(call, where, account["id"], *values), fb_show.post)


@ROUTES.on("GET", V + "/{page}/visitor_posts", "mentions")
def visitors(call: Call, page: str) -> Answer:
    """Posts of others on the Page's own wall; the town's residents name the Page instead."""
    page_of(call, page)
    return Answer({"data": []})


@ROUTES.on("GET", V + "/{name}/comments", "replies")
def comments(call: Call, name: str) -> Answer:
    """Comments under a post or a comment; `filter=stream` flattens both levels."""
    row, request = node(call, name), call.request
    under, value = (
        ("p.root = ? AND p.id != p.root", row["root"]) if row["id"] == row["root"] else ("p.parent = ?", row["id"])
    )
    if row["id"] == row["root"] and request.arg("filter") != "stream":
        under = "p.parent = ?"
    sql, values = _bounds(call)
    forward = request.arg("order") != "reverse_chronological"
    rows = things.listed(call, f"{under} AND {sql}", value, *values, oldest_first=forward)
    summary = {"order": "chronological", "total_count": len(rows), "can_comment": True}
    return _paged(call, rows, fb_show.comment, **({"summary": summary} if request.arg("summary") else {}))


@ROUTES.on("GET", V + "/{name}/insights", "insights")
def insights(call: Call, name: str) -> Answer:
    """Numbers of a post or a Page, of those metrics that still live."""
    metrics = call.request.many("metric")
    account = call.me if name == "me" else call.world.account(name)
    known: Any = PAGE_METRICS if account is not None else POST_METRICS
    if not metrics or any(metric not in known for metric in metrics):
        raise bad("(#100) The value must be a valid insights metric")
    if account is not None:
        if account["id"] != call.me["id"]:
            raise Refuse(refusal("forbidden", call))
        return Answer({"data": [_of_page(call, account, metric) for metric in metrics]})
    row = node(call, name)
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    seen = reach.at(call.world, row, call.now)
    return Answer(
        {"data": [_metric(name, metric, "lifetime", [{"value": POST_METRICS[metric](seen)}]) for metric in metrics]}
    )


def _metric(name: str, metric: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    title = metric.replace("_", " ").capitalize()
    return {
        "name": metric,
        "period": period,
        "values": values,
        "title": title,
        "description": title,
        "id": f"{name}/insights/{metric}/{period}",
    }


def _of_page(call: Call, account: sqlite3.Row, metric: str) -> dict[str, Any]:
    """The last days, or those between `since` and `until`, one value each."""
    period = call.request.arg("period", "day")
    if period not in PERIODS:
        raise bad(f"(#100) The period {period} is not valid for the metric {metric}")
    until = parse(call.request.arg("until")) if call.request.arg("until") else call.now
    since = parse(call.request.arg("since")) if call.request.arg("since") else until - 2 * DAY
    last = int(min(until, call.now) // DAY)
    days = range(max(int(since // DAY), last - 92) + 1, last + 1)
    values = [
        {"value": _day(call, account, metric, day * DAY, PERIODS[period]), "end_time": graph(day * DAY)} for day in days
    ]
    return _metric(account["id"], metric, period, values)


def _day(call: Call, account: sqlite3.Row, metric: str, end: float, length: int) -> int:
    """One metric over the `length` days before `end`."""
    start = end - length * DAY
    gained = reach.followers(account, end) - reach.followers(account, start)
    if metric == "page_follows":
        return reach.followers(account, end)
    if metric == "page_daily_follows_unique":
        return max(gained, 0) + length
    if metric == "page_daily_unfollows_unique":
        return max(-gained, 0) + length
    rows = call.store.rows(
        "SELECT * FROM posts WHERE account = ? AND created_at BETWEEN ? AND ?", account["id"], end - 30 * DAY, end
    )
    grown = [(reach.at(call.world, row, end), reach.at(call.world, row, start)) for row in rows]
    seen = sum(late["impressions"] - early["impressions"] for late, early in grown)
    if metric == "page_post_engagements":
        return sum(late[one] - early[one] for late, early in grown for one in ("likes", "shares", "clicks"))
    return {"page_media_view": seen, "page_total_media_view_unique": int(seen * 0.8)}.get(metric, seen // 25)


@ROUTES.on("GET", V + "/me/accounts", "profile")
def pages(call: Call) -> Answer:
    """The Pages a person runs, each with its token."""
    shown = []
    for name in extra(call.me).get("pages", []):
        row = call.world.account(name)
        token = call.store.one("SELECT token FROM tokens WHERE account = ? AND kind = 'page' AND state = 'ok'", name)
        if row is not None and token is not None and row["state"] != "no_role":
            tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
            shown.append(
                {
                    "access_token": token["token"],
                    "category": "Government Organization",
                    "name": row["name"],
                    "id": name,
                    "tasks": tasks,
                }
            )
    return Answer({"data": shown})


def _debug(call: Call, token: sqlite3.Row | None, account: sqlite3.Row | None) -> dict[str, Any]:
    if token is None or account is None:
        problem = {"code": 190, "message": "The access token could not be decrypted"}
        return {"error": problem, "is_valid": False, "scopes": []}
    valid = token["state"] == "ok" and (token["expires_at"] or call.now) >= call.now and account["state"] != "no_role"
    found = {
        "app_id": "1420", "type": token["kind"].upper(), "application": "Parley", "is_valid": valid,
        "expires_at": int(token["expires_at"] or 0), "data_access_expires_at": int(token["issued_at"] + 90 * DAY),
        "issued_at": int(token["issued_at"]), "scopes": token["scopes"].split(), "user_id": account["id"],
        "granular_scopes": [{"scope": scope} for scope in token["scopes"].split()],
    }  # fmt: skip
    if token["kind"] == "page":
        found["profile_id"] = account["id"]
    if not valid:
        subcode = 463 if token["state"] == "expired" else 458
        found["error"] = {"code": 190, "message": "Error validating access token", "subcode": subcode}
    return found


@ROUTES.on("GET", V + "/debug_token", "token")
def debug_token(call: Call) -> Answer:
    """What a token is worth, dead ones included."""
    if not (call.request.bearer or call.request.arg("access_token")):
        raise Refuse(error(104, "An access token is required to request this resource."))
    token = call.world.token(call.request.arg("input_token"))
    return Answer({"data": _debug(call, token, token and call.world.account(token["account"]))})


@ROUTES.on("GET", V + "/oauth/access_token", "token")
def exchange(call: Call) -> Answer:
    """A code or a short token for one that lasts sixty days."""
    old = call.world.token(call.request.arg("fb_exchange_token") or call.request.arg("code"))
    if old is None or old["state"] != "ok":
        raise Refuse(error(190, "Invalid OAuth access token - Cannot parse access token", status=401))
    made = call.world.create_token(
        old["account"], "facebook", call.now, scopes=old["scopes"], expires_at=call.now + 60 * DAY
    )
    return Answer({"access_token": made, "token_type": "bearer", "expires_in": int(60 * DAY)}, committed=old["account"])


@ROUTES.on("GET", V, "post")
def several(call: Call) -> Answer:
    """`?ids=a,b`: a dictionary of what there is; one that is not there refuses them all."""
    return Answer({name: any_node(call, name).body for name in call.request.many("ids")})


@ROUTES.on("GET", V + "/{name}", "post")
def any_node(call: Call, name: str) -> Answer:
    """A Page, a person, a post or a comment."""
    fields = call.request.arg("fields")
    account = call.me if name == "me" else call.world.account(name)
    if account is not None and account["platform"] == "facebook":
        return Answer(fb_show.page(call, account, fields))
    row = node(call, name)
    return Answer((fb_show.comment if row["kind"] == "comment" else fb_show.post)(call, row, fields))
