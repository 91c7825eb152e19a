"""A platform that takes things late and answers later, and what must hold of the outbox that meets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from channels_app.models.deliveries import LEASED
from channels_app.platforms.base import Account, Candidate, Lookup, Outgoing, Receipt
from tests.factories import NOON
from tests.stage import CONTENT, LATER, LIMIT, PERMISSION, SILENCE, Stage

SLOWEST = 200  # seconds after which this platform has taken what it was sent, or never will
ENDS = {"published", "failed", "cancelled", "removed"}
FOR_PEOPLE = {"needs_attention", "blocked", "missed"}

BEGUN = """
SELECT d.state, d.fence, d.due_at, d.content_hash, p.hash, p.withdrawn_at IS NULL, a.event, a.fence, a.request_hash
  FROM channels_app_delivery d JOIN policy_approval p ON p.id = d.approval_id
  LEFT JOIN LATERAL (SELECT * FROM channels_app_attempt a WHERE a.delivery_id = d.id ORDER BY id DESC LIMIT 1) a ON true
 WHERE d.payload->>'text' = %s
"""
ROWS = """
SELECT d.payload->>'text', d.channel_id, d.state, d.remote_id, d.stated_by_id, d.next_action_at, d.lease_until,
       d.content_hash = p.hash,
       (SELECT a.event FROM channels_app_attempt a WHERE a.delivery_id = d.id ORDER BY id DESC LIMIT 1)
  FROM channels_app_delivery d JOIN policy_approval p ON p.id = d.approval_id
"""
UNPROVEN = """
SELECT delivery_id FROM (
  SELECT delivery_id, event, lag(event) OVER (PARTITION BY delivery_id ORDER BY id) AS before
    FROM channels_app_attempt
   WHERE event IN ('intent', 'proven_rejected', 'proven_absent', 'resend_is_safe', 'stated_absent')) AS sends
 WHERE event = 'intent' AND before = 'intent'
"""
WRITTEN = """
SELECT count(*) FILTER (WHERE old), md5(string_agg(line, ' ' ORDER BY id) FILTER (WHERE old)),
       count(*), md5(string_agg(line, ' ' ORDER BY id)), coalesce(max(id), 0)
  FROM (SELECT id, id <= %s AS old, a::text AS line FROM channels_app_attempt a) AS lines
"""
NEXT = """
SELECT least(
  (SELECT min(next_action_at) FROM channels_app_delivery WHERE next_action_at > %(now)s),
  (SELECT min(lease_until) FROM channels_app_delivery WHERE lease_until > %(now)s),
  (SELECT min(next_send_at) FROM channels_app_channel WHERE next_send_at > %(now)s))
"""


def asked(question: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, named or values)
        return list(cursor.fetchall())


def nothing() -> None:
    """What happens meanwhile, mostly."""


class Row(NamedTuple):
    """A delivery as the invariants look at it; `event` is the last line written about it."""

    text: str
    channel: int
    state: str
    remote_id: str
    stated_by: int | None
    next_action_at: datetime | None
    lease_until: datetime | None
    as_approved: bool
    event: str | None


class Slow(Stage):
    """A platform that may take things late, answer later still, and be unreadable for a while."""

    refusals = {"later": LATER, "limit": LIMIT, "content": CONTENT, "permission": PERMISSION, "silence": SILENCE}

    def begin(self, *, keyed: bool, uploads: bool) -> None:
        """A new world: nothing was ever sent."""
        self.now = NOON
        self.arrivals: dict[str, tuple[datetime, Candidate]] = {}
        self.sent = []
        self.faults: list[str] = []  # sends that must not have begun
        self.answer, self.readable = "well", True
        self.meanwhile: Callable[[], None] | None = None  # what the world does before an answer arrives
        self.KEYED, self.step_names = keyed, ("upload",) if uploads else ()
        self.depth = len(connection.savepoint_ids)

    def seconds(self) -> float:
        """The monotonic clock of this world."""
        return (self.now - NOON).total_seconds()

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        self.look_at_the_books(outgoing)
        self.sent.append(outgoing)
        answer, self.answer = self.answer, "well"
        meanwhile, self.meanwhile = self.meanwhile or nothing, None
        if answer in self.refusals:
            meanwhile()
            raise self.refusals[answer]
        wait = SLOWEST if answer == "late" else 0
        found = self.take(outgoing, self.now + timedelta(seconds=wait))
        meanwhile()
        if answer in {"late", "unseen"}:
            raise SILENCE
        return Receipt(found.remote_id, found.url)

    def look_at_the_books(self, outgoing: Outgoing) -> None:
        """Before the first byte: the intent is committed, for approved words, in time, and nothing is held open."""
        ((state, fence, due_at, content, approved, holds, event, of, request),) = asked(BEGUN, outgoing.text)
        self.expect(state == "sending" and (event, of) == ("intent", fence), f"a send without an intent: {outgoing}")
        self.expect(request == content == approved, f"other words than were approved: {outgoing}")
        self.expect(holds, f"a send after the approval was withdrawn: {outgoing}")
        self.expect(due_at <= self.now, f"a send before its time: {outgoing}")
        self.expect(len(connection.savepoint_ids) == self.depth, f"a transaction open during a call: {outgoing}")

    def expect(self, holds: bool, words: str) -> None:
        """Kept, not raised: what a platform module raises is an answer like any other."""
        if not holds:
            self.faults.append(words)

    def take(self, outgoing: Outgoing, when: datetime) -> Candidate:
        """What arrives twice under one key is one thing, where keys are honoured."""
        key = outgoing.idem_key if self.KEYED else f"{outgoing.idem_key} {len(self.arrivals)}"
        if key not in self.arrivals:
            name = f"ours-{len(self.arrivals)}"
            found = Candidate(name, f"https://stage.example/{name}", outgoing.text, when, 0)
            self.arrivals[key] = (when, found)
        return self.arrivals[key][1]

    def seen(self) -> list[Candidate]:
        return [one for when, one in self.arrivals.values() if when <= self.now]

    def look_up(self, account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
        if not self.readable:
            raise LATER
        return Lookup([one for one in self.seen() if one.text == outgoing.text])


class Books:
    """What must hold of the outbox after every single step."""

    def __init__(self, slow: Slow) -> None:
        self.slow = slow
        self.written: tuple[int, str | None, int] = (0, None, 0)

    def check(self) -> None:
        rows = [Row(*row) for row in asked(ROWS)]
        out = {one.text for _, one in self.slow.arrivals.values()}
        assert not self.slow.faults, self.slow.faults
        self.nothing_is_out_twice()
        self.no_second_send_without_a_proof()
        self.lines_written_stay_as_they_are()
        self.one_at_work_on_each_channel(rows)
        for row in rows:
            self.nothing_waits_in_silence(row)
            self.what_a_state_says_is_true(row, out)
            assert row.as_approved, row

    def nothing_is_out_twice(self) -> None:
        often = Counter(one.text for _, one in self.slow.arrivals.values())
        assert not [text for text, times in often.items() if times > 1], often

    def no_second_send_without_a_proof(self) -> None:
        assert not asked(UNPROVEN)

    def lines_written_stay_as_they_are(self) -> None:
        *before, last = self.written
        ((count, digest, *now),) = asked(WRITTEN, last)
        assert [count, digest] == before
        self.written = (now[0], now[1], now[2])

    def one_at_work_on_each_channel(self, rows: list[Row]) -> None:
        working = Counter(row.channel for row in rows if row.state in LEASED)
        assert max(working.values(), default=0) <= 1, working

    def nothing_waits_in_silence(self, row: Row) -> None:
        """Every row has an end, a lease, a next look, or a person who is asked."""
        if row.state in LEASED:
            assert row.lease_until is not None, row
        elif row.state not in ENDS | FOR_PEOPLE:
            assert row.next_action_at is not None, row

    def what_a_state_says_is_true(self, row: Row, out: set[str]) -> None:
        if row.state == "published":
            assert row.text in out, row
            assert row.remote_id or row.stated_by, row
        if row.state in {"failed", "missed"}:
            assert row.text not in out, row
        if row.state == "failed":
            assert row.event in {"proven_rejected", "not_sent_failed"}, row
