"""The rows of conversations by the turns that both sides took in them: one query."""

from __future__ import annotations

from django.db import connection

from metrics.measures.from_inbox import names
from metrics.measures.shape import Span
from metrics.measures.turns import DepthRow

TURNS = """
WITH said AS (
  SELECT m.conversation_id, m.at, m.ours,
         lag(m.ours) OVER (PARTITION BY m.conversation_id ORDER BY m.at, m.id) AS before
    FROM engagement_message m
   WHERE m.conversation_id IS NOT NULL AND m.at >= %(start)s AND m.at < %(until)s
     AND NOT EXISTS (
           SELECT FROM channels_app_delivery d WHERE d.id = m.delivery_id AND d.origin = 'acknowledgement'))
SELECT c.key, c.channel_id, min(s.at), count(*) FILTER (WHERE s.ours IS DISTINCT FROM s.before), count(*)
  FROM said s JOIN engagement_conversation c ON c.id = s.conversation_id
 GROUP BY c.id HAVING bool_or(s.ours) AND NOT bool_and(s.ours) ORDER BY min(s.at), c.id
"""


def depths(span: Span) -> list[DepthRow]:
    """Every conversation in which a resident and a person of the town spoke in the span."""
    called = names()
    with connection.cursor() as cursor:
        cursor.execute(TURNS, {"start": span.start, "until": span.until})
        rows = cursor.fetchall()
    return [
        DepthRow(str(key), called[channel].words, at, turns, messages, channel_key=called[channel].key)
        for key, channel, at, turns, messages in rows
    ]
