"""Finding conversations by words: what was said in them, and the names of those who wrote."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from django.db import connection
from django.db.models import Q

from engagement.models import BLOCK

MOST = 300  # the newest messages with the words, among those of a tab; as many people of that name
SAMPLE, OFTEN = (
    1_000,
    30,
)  # of the newest messages; words met so often among them are found walking back from the newest
NEWEST = 10_000  # messages walked back through
FURTHER = 1.5  # how many more blocks than those in which enough should be, as often as the words were met in the sample
APART = 64  # more blocks than these are not asked for one by one: the index is asked for all places at once
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
  WHERE {tab} AND upper(m.text) LIKE upper(%(like)s) AND (SELECT n FROM met) >= %(often)s
  ORDER BY m.id DESC LIMIT %(most)s"""
# The index over parts of words keeps the places of each block of messages by itself: those of the newest blocks are
# found without those of all years. Asked block by block, for else the planner may leave the block to be looked at last.
# Whether a conversation is done is looked up from the newest on.
SAID = "SELECT id, conversation_id FROM engagement_message WHERE upper(text) LIKE upper(%(like)s)"
IN_BLOCKS = f"""SELECT said.* FROM unnest(%(blocks)s::bigint[]) AS block
  CROSS JOIN LATERAL ({SAID} AND id >> {BLOCK} = block OFFSET 0) said"""  # noqa: S608 - constants
EVER = """SELECT m.conversation_id FROM (SELECT id + 0 AS place, conversation_id FROM ({said}) s ORDER BY place DESC) m
  JOIN engagement_conversation c ON c.id = m.conversation_id
  WHERE {tab} ORDER BY m.place DESC LIMIT %(most)s"""
CALLED = "SELECT id FROM engagement_person WHERE upper(name) LIKE upper(%(like)s) LIMIT %(most)s"
FOUND = "SELECT ARRAY({said}), ARRAY({called})"
FOUND_DONE = f"""WITH met AS (
    SELECT count(*) AS n FROM (SELECT text FROM engagement_message ORDER BY id DESC LIMIT %(sample)s) s
     WHERE upper(s.text) LIKE upper(%(like)s))
  {FOUND}, (SELECT n FROM met), coalesce((SELECT max(id) >> {BLOCK} FROM engagement_message), 0)"""  # noqa: S608 - constants


def saying(words: str, tab: str) -> Q:
    """The conversations of a tab in which somebody said these words, or whose person is called so."""
    like, where = f"%{connection.ops.prep_for_like_query(words)}%", TABS.get(tab, OPEN)
    facts: dict[str, str | int] = {"like": like, "most": MOST, "sample": SAMPLE, "often": OFTEN, "newest": NEWEST}
    with connection.cursor() as cursor:
        if tab != "done":
            cursor.execute(FOUND.format(said=AMONG.format(tab=where), called=CALLED), facts)
            talks, people = cursor.fetchone()
        else:
            cursor.execute(FOUND_DONE.format(said=LATELY.format(tab=where), called=CALLED), facts)
            talks, people, met, newest = cursor.fetchone()
            for blocks in further(met, newest):
                if len(talks) >= MOST:
                    break
                cursor.execute(EVER.format(tab=where, said=IN_BLOCKS if blocks else SAID), facts | {"blocks": blocks})
                talks = [row[0] for row in cursor.fetchall()]
    return Q(pk__in=set(talks)) | Q(person__in=people)


def further(met: int, newest: int) -> Iterator[list[int]]:
    """The blocks in which there should be enough of words met so often in the sample; then all, as an empty list."""
    likely = ceil(MOST / met * SAMPLE / 2**BLOCK * FURTHER) + 1 if met else newest + 1
    if likely <= min(APART, newest):
        yield list(range(newest - likely + 1, newest + 1))
    yield []
