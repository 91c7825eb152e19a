"""Row `month`: two thousand placements in view, of two hundred thousand."""

from __future__ import annotations

from datetime import datetime, time
from statistics import median
from typing import Any

from django.db import connection
from django.urls import reverse

from accounts import clock
from accounts.models import Town
from accounts.walltime import to_wall
from calendar_app import month as grid
from calendar_app.models import Cadence, Campaign, Placement, Slot
from config.bench import town
from config.bench.asking import often, sign_in
from config.bench.conversations import dice, one_of
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, settle
from config.bench.town import Desk
from policy.models import Topic

PLACEMENTS, IN_VIEW = 200_000, 2_000
TIMES = 40
TABLES = (
    "calendar_app_post",
    "calendar_app_placement",
    "calendar_app_release",
    "channels_app_delivery",
    "policy_approval",
)

# Two channels to a post. Post number g lies g steps before the end of the month in view; the past is published.
POSTS = f"""
INSERT INTO calendar_app_post
  (key, text, link, kind, topic_id, campaign_id, unplanned, benefit, language, author_id, version, created_at, changed_at)
SELECT gen_random_uuid(), 'Road works in ' || initcap(left(md5(g::text), 8)) || ' Road begin on Monday, notice ' || g,
       '', 'news', {one_of("topics", 1)}, CASE WHEN {dice(2)} < 0.3 THEN {one_of("campaigns", 3)} END, false, 'safety', 'en',
       {one_of("people", 4)}, 1, %(now)s, %(now)s - g * interval '1 minute'
  FROM generate_series(1, %(posts)s) g ORDER BY g
"""
APPROVED = """
INSERT INTO policy_approval (hash, rule, rule_words, at, remark)
SELECT md5(p.id || '-' || n) || md5('x'), 'own_post', 'No sign-off needed.', %(now)s, ''
  FROM calendar_app_post p CROSS JOIN generate_series(0, 1) n ORDER BY p.id, n
"""
DELIVERED = """
INSERT INTO channels_app_delivery
  (key, kind, origin, payload, content_hash, text_hash, state, version, due_at, next_action_at, priority, late, part,
   fence, owner, sends, crashes, prepared, why, why_words, remote_id, remote_url, published_at, intent_at, via,
   taken_up, created_at, approval_id, channel_id)
SELECT gen_random_uuid(), 'post', 'post', '{}', a.hash, '', s.word, 1, t.at, CASE s.word WHEN 'scheduled' THEN t.at END,
       0, false, 0, 1, '', 1, 0, '{}', '', '', CASE s.word WHEN 'published' THEN 'r' || a.id ELSE '' END, '',
       CASE s.word WHEN 'published' THEN t.at END, CASE s.word WHEN 'published' THEN t.at END, 'answer', true,
       %(now)s, a.id, (%(channels)s::bigint[])[1 + (a.id * 7 + a.id %% 2) %% cardinality(%(channels)s::bigint[])]
  FROM policy_approval a
 CROSS JOIN LATERAL (SELECT %(end)s - ((a.id - %(first)s) / 2 + 0.5) * %(step)s AS at) t
 CROSS JOIN LATERAL (SELECT CASE WHEN t.at > %(now)s THEN 'scheduled' ELSE 'published' END AS word) s
 ORDER BY a.id
"""
PLACED = """
INSERT INTO calendar_app_placement
  (key, text, state, asked_at, wall_at, zone, due_at, approval_id, asked_by_id, channel_id, delivery_id, post_id)
SELECT gen_random_uuid(), '', 'approved', %(now)s, d.due_at, 'Europe/London', d.due_at, d.approval_id,
       %(author)s, d.channel_id, d.id, %(first_post)s + (d.approval_id - %(first)s) / 2
  FROM channels_app_delivery d
"""

RELEASED = """
INSERT INTO calendar_app_release (placement_id, delivery_id, at) SELECT id, delivery_id, %(now)s FROM calendar_app_placement
"""


def month(ground: Ground) -> list[Figure]:
    """The month as a grid and as an agenda, and a week of it."""
    now = clock.now()
    name = ground.database()
    desk = town.found(20, now)
    start, end = _in_view(now)
    seed(desk, ground.sized(PLACEMENTS), start, end, now)
    Cadence.objects.bulk_create(Cadence(channel=channel, least=3, most=20) for channel in desk.channels)
    Slot.objects.bulk_create(
        Slot(channel=channel, weekday=weekday, at=time(10, 0)) for channel in desk.channels for weekday in range(5)
    )
    settle(*TABLES)
    shown = Placement.objects.filter(due_at__gte=start, due_at__lt=end).count()
    client, path = sign_in(desk.everywhere), reverse("calendar:month")
    asked = often(client, path, TIMES)
    agenda = often(client, f"{path}?view=agenda", TIMES)
    week = often(client, f"{path}?view=week", TIMES)
    size = f"{shown:,} placements in view of {Placement.objects.count():,}"
    ground.drop(name)
    return [
        Figure("month", size, p95(asked.times), "ms p95", 120, median(asked.bare), f"the grid; {asked.told}"),
        Figure("month", size, p95(agenda.times), "ms p95", 120, median(agenda.bare), f"the agenda; {agenda.told}"),
        Figure("month", size, p95(week.times), "ms p95", 120, median(week.bare), f"the week; {week.told}"),
        Figure("month", size, max(len(one.statements) for one in (asked, agenda, week)), "queries", 12),
    ]


def _in_view(now: datetime) -> tuple[datetime, datetime]:
    zone = Town.here().zone
    today = to_wall(now, zone).date()
    weeks = grid.weeks(today.year, today.month)
    return grid.bounds(weeks[0][0].date, weeks[-1][-1].date, zone)


def seed(desk: Desk, many: int, start: datetime, end: datetime, now: datetime, in_view: int = IN_VIEW) -> None:
    """So many placements, two to a post, of which `in_view` lie between start and end and the others before."""
    facts: dict[str, Any] = {
        "now": now,
        "posts": many // 2,
        "end": end,
        "step": (end - start) / (in_view / 2),
        "author": desk.everywhere.pk,
        "people": [person.pk for person in desk.people],
        "channels": [channel.pk for channel in desk.channels],
        "topics": list(Topic.objects.values_list("pk", flat=True)),
        "campaigns": list(Campaign.objects.values_list("pk", flat=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(POSTS, facts)
        cursor.execute("SELECT min(id) FROM calendar_app_post")
        facts["first_post"] = cursor.fetchone()[0]
        cursor.execute(APPROVED, facts)
        cursor.execute("SELECT min(id) FROM policy_approval")
        facts["first"] = cursor.fetchone()[0]
        cursor.execute(DELIVERED, facts)
        cursor.execute(PLACED, facts)
        cursor.execute(RELEASED, facts)
