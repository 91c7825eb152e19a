"""Facebook's Graph API: insights. Metrics that Facebook has retired are refused as it refuses them."""

import sqlite3
from typing import Any

from . import reach
from .clock import graph, parse
from .facebook import ROUTES, V, bad, node, refusal
from .wire import Answer, Refuse
from .world import DAY, Call

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
