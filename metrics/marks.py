"""Which weeks are not counted from the same rows as before: one mark for each week and kind of row, over a year.

A report keeps the marks it saw. Where a mark of the next one differs, something was added, changed or removed since,
whenever it says it happened, and what is counted from such rows is looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Town

Marks = dict[str, dict[str, str]]  # by Monday, by kind of row
CONVERSATION = ("response_rate", "within_promise", "first_response", "resolution_rate")
# Each kind of row: what is counted from it, and the moments and marks of its rows.
SOURCES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "messages": (
        ("participants", "continuation", "thread_depth", "complaint_rate", "engaged_followers", "influence"),
        "SELECT at, hashtext(ROW(channel_id, person_id, ours, conversation_id, visibility)::text)::bigint"
        " FROM engagement_message WHERE at >= %(start)s AND at < %(end)s",
    ),
    "clocks": (
        CONVERSATION,
        "SELECT s.at, e.mark FROM engagement_clockevent s JOIN ("
        "SELECT conversation_id, sum(hashtext(ROW(kind, at, reason, promise_id)::text)) AS mark"
        " FROM engagement_clockevent GROUP BY 1) e USING (conversation_id)"
        " WHERE s.kind = 'started' AND s.at >= %(start)s AND s.at < %(end)s",
    ),
    "conversations": (
        ("resolution_rate",),
        "SELECT opened_at, hashtext(ROW(state, outcome, clock = 'none', merged_into_id)::text)::bigint"
        " FROM engagement_conversation WHERE opened_at >= %(start)s AND opened_at < %(end)s",
    ),
    "deliveries": (
        ("conversation_balance", "accessible", "originality", "unlinked"),
        "SELECT d.published_at, hashtext(ROW(d.kind, d.origin, d.part, d.channel_id,"
        " p.objective_id, p.benefit, p.kind, p.link)::text)::bigint FROM channels_app_delivery d"
        " LEFT JOIN calendar_app_release r ON r.delivery_id = d.id"
        " LEFT JOIN calendar_app_placement l ON l.id = r.placement_id"
        " LEFT JOIN calendar_app_post p ON p.id = l.post_id"
        " WHERE d.state IN ('published', 'removed') AND d.published_at >= %(start)s AND d.published_at < %(end)s",
    ),
    "outreach": (
        ("conversation_balance",),
        "SELECT (\"on\" + time '12:00') AT TIME ZONE %(zone)s, place_id::bigint FROM engagement_outreachpost"
        ' WHERE "on" >= %(first)s AND "on" < %(after)s',
    ),
    "posts": (
        ("engagement_rate", "own_clicks", "population_reached", "popularity", "commitment", "virality", "influence"),
        "SELECT published_at, hashtext(ROW(channel_id, remote_id, delivery_id)::text)::bigint FROM metrics_tracked"
        " WHERE remote_id <> '' AND published_at >= %(start)s AND published_at < %(end)s",
    ),
    "outside": (
        (
            *("contacts", "pressure", "cost_avoided", "spend"),
            *("followers", "useful_followers", "useful_count", "engaged_followers"),
        ),
        "SELECT (f.\"on\" + time '12:00') AT TIME ZONE %(zone)s, hashtext(ROW(f.kind, f.topic_id, f.channel_id,"
        " f.route, f.label, f.value, f.local)::text)::bigint FROM metrics_outsidefigure f"
        " JOIN metrics_outsidefile o ON o.id = f.file_id"
        ' WHERE o.state = \'made\' AND f."on" >= %(first)s AND f."on" < %(after)s',
    ),
    "paid": (
        ("spend",),
        "SELECT (\"on\" + time '12:00') AT TIME ZONE %(zone)s,"
        " hashtext(ROW(what, value, taken_back_at)::text)::bigint"
        ' FROM metrics_paidentry WHERE "on" >= %(first)s AND "on" < %(after)s',
    ),
    "issues": (
        ("problem_solving",),
        "SELECT i.opened_at, hashtext(ROW(i.state, i.closing = '', p.state)::text)::bigint FROM engagement_issue i"
        " LEFT JOIN engagement_promise p ON p.id = i.promise_id"
        " WHERE i.opened_at >= %(start)s AND i.opened_at < %(end)s",
    ),
    "promised": (
        ("problem_solving",),
        "SELECT made_at, hashtext(ROW(state)::text)::bigint FROM engagement_promise"
        " WHERE made_at >= %(start)s AND made_at < %(end)s",
    ),
    "promises": (
        ("promises_kept",),
        "SELECT (first_due_on + time '12:00') AT TIME ZONE %(zone)s,"
        " hashtext(ROW(state, due_on, ended_on)::text)::bigint"
        " FROM engagement_promise WHERE first_due_on >= %(first)s AND first_due_on < %(after)s",
    ),
    "ideas": (
        ("ideas_gathered", "ideas_taken_up"),
        "SELECT at, hashtext(ROW(state)::text)::bigint FROM engagement_suggestion"
        " WHERE at >= %(start)s AND at < %(end)s",
    ),
    "complaints": (
        ("complaint_rate",),
        "SELECT received_at, hashtext(ROW(kind, state)::text)::bigint FROM engagement_legalrequest"
        " WHERE received_at >= %(start)s AND received_at < %(end)s",
    ),
}
MARKS = """
SELECT source, date_trunc('week', at AT TIME ZONE %(zone)s)::date::text, count(*), sum(mark) FROM ({rows}) said
 GROUP BY 1, 2
"""
ROWS = " UNION ALL ".join(
    f"SELECT '{name}' AS source, {name}.* FROM ({query}) AS {name} (at, mark)"  # noqa: S608  nothing of this is asked for
    for name, (_, query) in SOURCES.items()
)


def of_weeks(start: datetime, end: datetime) -> Marks:
    """The marks of the weeks from one Monday up to before another: one query."""
    facts: dict[str, Any] = {"start": start, "end": end, "first": start.date(), "after": end.date()}
    with connection.cursor() as cursor:
        cursor.execute(MARKS.format(rows=ROWS), facts | {"zone": Town.here().zone})
        rows = cursor.fetchall()
    found: Marks = {}
    for source, monday, count, mark in rows:
        found.setdefault(monday, {})[source] = f"{count} {mark}"
    return found


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The measures whose rows of a week are not the same any more."""
    return {name for source, (names, _) in SOURCES.items() if before.get(source) != after.get(source) for name in names}
