"""An inbox of any size in a few statements: residents, conversations, labels, and threads to open.

Every number is drawn from the row's own number, so that a town of one size is always the same. Conversations come one
by one and end as old ones; the newest are open, and a few of every age.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import Scope
from config.bench.town import Desk

OPEN, WAITING = 5_000, 800


def dice(seed: int, number: str = "g") -> str:
    """A fraction from 0 to 1, drawn from the row's number."""
    return f"((hashint8extended({number}, {seed}) & 65535) / 65536.0)"


def one_of(array: str, seed: int, skew: float = 1) -> str:
    """One element of an array parameter; the larger the skew, the more often an early one."""
    many = f"cardinality(%({array})s::bigint[])"
    return f"(%({array})s::bigint[])[1 + floor({many} * power({dice(seed)}, {skew}))]"


PEOPLE = f"""
INSERT INTO engagement_person (channel_id, remote_id, handle, name, first_seen_at)
SELECT {one_of("channels", 1, 2.2)}, 'r' || g, '@resident' || g,
       (ARRAY['Ada','Ben','Chloe','Dev','Elif','Femi','Grace','Hassan'])[1 + g %% 8] || ' ' || initcap(left(md5(g::text), 7)),
       %(now)s - g * interval '5 minutes'
  FROM generate_series(1, %(people)s) g
"""

CONVERSATIONS = f"""
INSERT INTO engagement_conversation
  (key, channel_id, person_id, private, kind, state, outcome, root_id, excerpt, assignee_id, opened_at, last_at,
   unanswered_since, due_at, service_due_at, clock, nudged, nudge_at, version, language, priority, department_id,
   escalated, snoozed_until)
SELECT gen_random_uuid(), p.channel_id, p.id, {dice(2)} < 0.15,
       (ARRAY['mention','comment','direct'])[1 + floor(3 * {dice(3)})], s.state,
       CASE s.state WHEN 'closed' THEN
         (ARRAY['answered','answered','answered','thanks','elsewhere','not_for_us'])[1 + floor(6 * {dice(4)})]
       ELSE '' END, '',
       'When does the council look at the ' || (ARRAY['bins','lights','crossing','trees','school run'])[1 + g %% 5]
         || ' in ' || initcap(left(md5(g::text), 9)) || ' Road? We wrote twice and nobody came, number ' || g,
       CASE WHEN s.state = 'open' AND {dice(5)} < 0.4 THEN NULL ELSE {one_of("people_ids", 6, 1.4)} END,
       t.at - interval '1 hour', t.at, CASE WHEN s.owed THEN t.at END,
       CASE WHEN s.owed THEN %(now)s + (({dice(7)} - 0.4) * 40) * interval '1 hour' END,
       CASE WHEN s.owed THEN %(now)s + (({dice(7)} - 0.6) * 40) * interval '1 hour' END,
       CASE WHEN s.owed THEN 'running' WHEN s.state = 'closed' THEN 'answered' ELSE 'none' END, 0,
       CASE WHEN s.owed THEN %(now)s + interval '1 hour' END, 1,
       CASE WHEN {dice(11)} < 0.03 THEN 'cy' WHEN {dice(11)} < 0.1 THEN 'pl' WHEN {dice(11)} < 0.8 THEN 'en' ELSE '' END,
       CASE WHEN {dice(12)} < 0.02 THEN 30 WHEN {dice(12)} < 0.1 THEN 20 ELSE 10 END,
       CASE WHEN {dice(13)} < 0.1 THEN %(department)s::bigint END, s.owed AND {dice(14)} < 0.02,
       CASE WHEN s.owed AND {dice(15)} < 0.03 THEN %(now)s + interval '1 day' END
  FROM generate_series(1, %(many)s) g
 CROSS JOIN LATERAL (SELECT %(now)s - (%(many)s - g) * %(every)s AS at) t
 CROSS JOIN LATERAL (SELECT CASE
        WHEN g > %(many)s - %(open)s * 4 / 5 OR g %% %(open_each)s = 0 THEN 'open'
        WHEN g %% %(waiting_each)s = 1 THEN 'waiting' ELSE 'closed' END AS word) w
 CROSS JOIN LATERAL (SELECT w.word AS state, w.word = 'open' AND {dice(8)} < 0.9 AS owed) s
  JOIN engagement_person p ON p.id = %(first_person)s + (g::bigint * 7919) %% %(people)s
 ORDER BY g
"""

LABELLED = f"""
INSERT INTO engagement_conversation_labels (conversation_id, label_id)
SELECT g, {one_of("labels", 9, 2)} FROM engagement_conversation c CROSS JOIN LATERAL (SELECT c.id AS g) n
 WHERE {dice(10)} < 0.35
 UNION ALL
SELECT id, %(rare)s FROM engagement_conversation WHERE id %% %(rare_each)s = 5
"""


def seed(desk: Desk, many: int, now: datetime, still_open: int = OPEN, every: timedelta = timedelta(minutes=2)) -> None:
    """So many conversations, of which `still_open` are open and a few hundred wait for the resident."""
    still_open = min(still_open, many // 2)
    people = max(10, many // 3)
    older = many - still_open * 4 // 5
    facts: dict[str, Any] = {
        "now": now,
        "many": many,
        "every": every,
        "open": still_open,
        "people": people,
        "channels": [channel.pk for channel in desk.channels],
        "people_ids": [person.pk for person in desk.people],
        "labels": [label.pk for label in desk.labels[:-1]],
        "rare": desk.labels[-1].pk,
        "department": Scope.objects.get_or_create(kind="department", name="Parks")[0].pk,
        "rare_each": max(7, many // 40),
        "open_each": max(2, older // max(1, still_open // 5)),
        "waiting_each": max(3, older // WAITING),
    }
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, facts)
        cursor.execute("SELECT min(id) FROM engagement_person")
        facts["first_person"] = cursor.fetchone()[0]
        cursor.execute(CONVERSATIONS, facts)
        cursor.execute(LABELLED, facts)


MESSAGES = """
WITH said AS (
  INSERT INTO engagement_message
    (channel_id, kind, remote_id, conversation_id, person_id, ours, text, language, visibility, parent_id, root_id, url,
     pictures, at, at_doubtful, ingested_at, hidden)
  SELECT c.channel_id, 'mention', 'm' || c.id || '-' || n, c.id, c.person_id, false, c.excerpt || ' (' || n || ')',
         'en', CASE WHEN c.private THEN 'direct' ELSE 'public' END, '', '', '', '[]', c.opened_at + n * interval '1 minute',
         false, c.opened_at + n * interval '1 minute', false
    FROM engagement_conversation c CROSS JOIN generate_series(1, %(each)s) n
  RETURNING id, text, at, conversation_id),
versions AS (
  INSERT INTO engagement_messageversion (message_id, n, text, seen_at) SELECT id, 1, text, at FROM said)
INSERT INTO engagement_clockevent (conversation_id, kind, at, noted_at, reason, message_id)
SELECT conversation_id, 'started', at, at, '', id FROM said
"""

WORDS = """
INSERT INTO engagement_message
  (channel_id, kind, remote_id, conversation_id, person_id, ours, text, language, visibility, parent_id, root_id, url,
   pictures, at, at_doubtful, ingested_at, hidden)
SELECT channel_id, 'mention', 'm' || id, id, person_id, false, excerpt, language,
       CASE WHEN private THEN 'direct' ELSE 'public' END, '', '', '', '[]', last_at, false, last_at, false
  FROM engagement_conversation ORDER BY id
"""

LONG_THREAD = """
WITH said AS (
  INSERT INTO engagement_message
    (channel_id, kind, remote_id, conversation_id, person_id, ours, text, language, visibility, parent_id, root_id, url,
     pictures, at, at_doubtful, ingested_at, hidden)
  SELECT c.channel_id, 'mention', 'long-' || n, c.id, CASE WHEN n %% 3 > 0 THEN c.person_id END, n %% 3 = 0,
         'Part ' || n || ' of a long talk about the crossing: https://fernhill.example/' || n || ' says otherwise.',
         'en', 'public', '', '', 'https://social.fernhill.example/' || n, '[]', %(now)s - (%(many)s - n) * interval '7 minutes',
         false, %(now)s, false
    FROM engagement_conversation c CROSS JOIN generate_series(1, %(many)s) n WHERE c.id = %(conversation)s
  RETURNING id, text, at, conversation_id, ours),
versions AS (
  INSERT INTO engagement_messageversion (message_id, n, text, seen_at) SELECT id, 1, text, at FROM said)
INSERT INTO engagement_clockevent (conversation_id, kind, at, noted_at, reason, message_id)
SELECT conversation_id, CASE WHEN ours THEN 'answered' ELSE 'started' END, at, at, '', id FROM said ORDER BY id
"""

TALK = """
INSERT INTO engagement_note (conversation_id, author_id, text, at)
SELECT %(conversation)s, %(person)s, 'Checked with the depot, note ' || n, %(now)s - n * interval '1 hour'
  FROM generate_series(1, 20) n;
INSERT INTO accounts_auditentry (at, actor_id, actor_words, act, kind, ref, subject, data)
SELECT %(now)s - n * interval '50 minutes', %(person)s, 'Officer 0', 'labelled', 'conversation', c.key::text, 'Crossing',
       '{"became": ["Roads"]}'
  FROM engagement_conversation c CROSS JOIN generate_series(1, 20) n WHERE c.id = %(conversation)s
"""


def seed_messages(each: int) -> None:
    """So many messages in every conversation there is, with their versions and clock events."""
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, {"each": each})


def seed_words() -> None:
    """What was said in every conversation, to be searched; with nothing around it."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS)


def seed_thread(conversation: int, desk: Desk, many: int, now: datetime) -> None:
    """One long thread: residents and the town in turn, notes and acts among them."""
    facts: dict[str, Any] = {"conversation": conversation, "many": many, "now": now, "person": desk.everywhere.pk}
    with connection.cursor() as cursor:
        cursor.execute(LONG_THREAD, facts)
        cursor.execute(TALK, facts)
