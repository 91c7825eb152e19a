"""What is known around a conversation besides its messages: promises, issues, its kind, how hot it is, who helped.

It is read with the conversation where that is shown, in its own query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db.models import QuerySet

from engagement import aside, sorting
from engagement.models import Conversation, Heat, Message, Triage
from engagement.sorting import Suggested
from engagement.statutory import pending
from policy.requests import KINDS

MOST = 8
TOLD = {
    "promises": """ARRAY(SELECT jsonb_build_object('key', p.key, 'what', p.what, 'state', p.state, 'due_on', p.due_on,
        'ended_on', p.ended_on) FROM engagement_promisereport r JOIN engagement_promise p ON p.id = r.promise_id
      WHERE r.conversation_id = engagement_conversation.id ORDER BY p.made_at DESC LIMIT {most})""",
    "issues": """ARRAY(SELECT jsonb_build_object('key', i.key, 'title', i.title, 'status', i.status)
       FROM engagement_issuemember m JOIN engagement_issue i ON i.id = m.issue_id
      WHERE m.conversation_id = engagement_conversation.id AND m.out_at IS NULL
      ORDER BY i.last_at DESC LIMIT {most})""",
    "heat": """(SELECT jsonb_build_object('comments', comments, 'people', people, 'posture', posture, 'since', since)
       FROM engagement_heat h WHERE h.channel_id = engagement_conversation.channel_id
        AND h.root_id = engagement_conversation.root_id AND h.state = 'hot'
      ORDER BY h.since DESC, h.id DESC LIMIT 1)""",
    "kind": "(SELECT t.kind FROM engagement_triage t WHERE t.conversation_id = engagement_conversation.id)",
    "legal": pending.BESIDE,
    "first": """(SELECT m.text FROM engagement_message m WHERE m.conversation_id = engagement_conversation.id
        AND NOT m.ours AND m.kind <> 'post' ORDER BY m.at, m.id LIMIT 1)""",
    "defences": """ARRAY(SELECT jsonb_build_object('pk', d.message_id, 'kind', d.kind) FROM engagement_message m
       JOIN engagement_defence d ON d.message_id = m.id WHERE m.conversation_id = engagement_conversation.id)""",
}


class Entry(Protocol):
    """What of a thread's entry is looked at here."""

    @property
    def message(self) -> Message | None: ...


@dataclass(frozen=True)
class Promised:
    """A promise in a line: its state in words and the day that goes with it."""

    key: UUID
    what: str
    state_words: str
    day: date | None


@dataclass(frozen=True)
class Around:
    """Everything that stands beside one conversation.

    `issues` and `hot` are plain data for the template; `kind` is what a person confirmed, `suggested` what the words of
    its first message suggest. `defences` are the kinds of marked messages by their row ids.
    """

    promises: list[Promised]
    issues: list[dict[str, Any]]
    hot: dict[str, Any] | None
    kind: str
    suggested: Suggested | None
    defences: dict[int, str]
    legal: list[dict[str, Any]] = field(default_factory=list)
    legal_kinds: ClassVar = tuple(KINDS.items())

    @property
    def kind_name(self) -> str:
        return sorting.NAMES.get(self.kind, "")

    @property
    def ways(self) -> list[str]:
        """What to do with one of this kind, in words."""
        return [sorting.WAY_WORDS[way] for way in sorting.WAYS.get(self.kind, ())]

    @property
    def others(self) -> list[tuple[str, str]]:
        """The kinds it could be instead."""
        known = {self.kind, self.suggested.kind if self.suggested and not self.kind else ""}
        return [(kind, name) for kind, name in sorting.NAMES.items() if kind not in known]


def annotated(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Conversations with what is known around them, for one that is shown."""
    return rows.annotate(told_around=aside.of(TOLD, most=MOST, legal=pending.SHOWN))


def of(conversation: Conversation, today: date) -> Around:
    """From a row fetched `annotated`; another one is asked for now. `today` is the town's day."""
    row: Any = conversation
    if not hasattr(row, "told_around"):
        row = annotated(Conversation.objects.filter(pk=conversation.pk)).only("key").get()
    known: dict[str, Any] = row.told_around
    return Around(
        promises=[_promised(one) for one in known["promises"]],
        issues=known["issues"],
        hot=_hot(known["heat"]),
        kind=known["kind"] or "",
        suggested=sorting.suggested(known["first"] or ""),
        defences={one["pk"]: one["kind"] for one in known["defences"]},
        legal=pending.told(known["legal"], today),
    )


def kind_of(conversation: Conversation) -> str:
    """The name of the kind that a person confirmed, or ""."""
    row: Any = conversation
    if hasattr(row, "told_around"):
        return sorting.NAMES.get(row.told_around["kind"] or "", "")
    kind = Triage.objects.filter(conversation=conversation).values_list("kind", flat=True).first()
    return sorting.NAMES.get(kind or "", "")


def beside(conversation: Conversation, entries: Iterable[Entry], today: date) -> Around:
    """What stands beside the conversation; each message among the entries carries its mark as `marked`."""
    found = of(conversation, today)
    for entry in entries:
        if entry.message is not None:
            entry.message.marked = found.defences.get(entry.message.pk, "")  # type: ignore[attr-defined]
    return found


def _hot(known: dict[str, Any] | None) -> dict[str, Any] | None:
    return known and known | {"name": dict(Heat.POSTURES)[known["posture"]]}


def _promised(known: dict[str, Any]) -> Promised:
    words = {"open": "by", "kept": "kept on", "broken": "broken on", "withdrawn": "withdrawn on"}[known["state"]]
    day = known["ended_on"] or known["due_on"]
    return Promised(UUID(str(known["key"])), known["what"], words, date.fromisoformat(day) if day else None)
