"""Finding conversations by words: what was said in them, and the names of those who wrote."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

MOST = 300  # the newest messages with the words, among those of a tab; as many people of that name
NEWEST = 10_000  # messages that are looked through one by one: a word that everybody uses is found among these
FURTHER = 4  # times as many for one that is met often, of which the index would know thousands of places
SAMPLE, RARE = 1_000, 8  # words met less often than so in the newest of all: the index knows their few places at once
TABS = {
    "done": "c.state = 'closed'",
    "waiting": "c.state = 'waiting'",
    "escalated": "c.escalated",
    "mentions": "c.state = 'open' AND c.kind = 'mention'",
}
OPEN = "c.state = 'open'"
# The open ones are few: their messages are looked through, one conversation after the other.
AMONG = """SELECT m.conversation_id FROM engagement_conversation c CROSS JOIN LATERAL (
    SELECT id, conversation_id FROM engagement_message
     WHERE conversation_id = c.id AND upper(text) LIKE upper(%(like)s) OFFSET 0) m
  WHERE {tab} ORDER BY m.id DESC LIMIT %(most)s"""
# Those that are done are many, most of them with one message.
LATELY = """SELECT m.conversation_id FROM (
    SELECT id, conversation_id, text FROM engagement_message ORDER BY id DESC LIMIT %(newest)s) m
  JOIN engagement_conversation c ON c.id = m.conversation_id
  WHERE {tab} AND upper(m.text) LIKE upper(%(like)s) ORDER BY m.id DESC LIMIT %(most)s"""
OFTEN = """(SELECT count(*) FROM (SELECT text FROM engagement_message ORDER BY id DESC LIMIT %(sample)s) s
  WHERE upper(s.text) LIKE upper(%(like)s)) >= %(rare)s"""
# The index over parts of words knows all places at once; walking back by id until there are enough takes long. Whether
# a conversation is done is looked up from the newest on, and no further than needed.
EVER = """SELECT m.conversation_id FROM (
    SELECT id + 0 AS place, conversation_id FROM engagement_message
     WHERE upper(text) LIKE upper(%(like)s) ORDER BY place DESC) m
  JOIN engagement_conversation c ON c.id = m.conversation_id
  WHERE {tab} ORDER BY m.place DESC LIMIT %(most)s"""
CALLED = "SELECT id FROM engagement_person WHERE upper(name) LIKE upper(%(like)s) LIMIT %(most)s"
FOUND = "SELECT ARRAY({said}), ARRAY({called})"


def saying(words: str, tab: str) -> Q:
    """The conversations of a tab in which somebody said these words, or whose person is called so."""
    where = TABS.get(tab, OPEN)
    facts: dict[str, str | int] = {
        "like": f"%{connection.ops.prep_for_like_query(words)}%",
        "most": MOST,
        "newest": NEWEST,
        "sample": SAMPLE,
        "rare": RARE,
    }
    said = LATELY.format(tab=f"{where} AND {OFTEN}") if tab == "done" else AMONG.format(tab=where)
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(said=said, called=CALLED), facts)
        talks, people = cursor.fetchone()
        often, facts["newest"] = len(talks) * FURTHER > MOST, NEWEST * FURTHER
        for further in (LATELY, EVER) if often else (EVER,):
            if tab != "done" or len(talks) >= MOST:
                break
            cursor.execute(further.format(tab=where), facts)
            talks = [row[0] for row in cursor.fetchall()]
    return Q(pk__in=set(talks)) | Q(person__in=people)
