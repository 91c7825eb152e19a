"""What is known around a conversation besides its messages: promises, issues, its kind, how hot it is, who helped.

It is read with the conversation where that is shown, in its own query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from engagement import sorting
from engagement.models import Conversation, Defence, Heat, Issue, Message, Promise, Triage
from engagement.sorting import Suggested
from engagement.statutory import pending
from policy.requests import KINDS

MOST = 8


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
    here = OuterRef("pk")
    promises = Promise.objects.filter(reports__conversation=here).order_by("-made_at")
    issues = Issue.objects.filter(members__conversation=here, members__out_at=None).order_by("-last_at")
    hot = Heat.objects.filter(channel=OuterRef("channel"), root_id=OuterRef("root_id"), state="hot")
    first = Message.objects.filter(conversation=here, ours=False).exclude(kind="post").order_by("at", "id")
    told = JSONObject(key="key", what="what", state="state", due_on="due_on", ended_on="ended_on")
    figures = JSONObject(comments="comments", people="people", posture="posture", since="since")
    return rows.annotate(
        told_promises=ArraySubquery(promises.values(one=told)[:MOST]),
        told_issues=ArraySubquery(issues.values(one=JSONObject(key="key", title="title", status="status"))[:MOST]),
        told_heat=ArraySubquery(hot.values(one=figures)[:1]),
        told_kind=Subquery(Triage.objects.filter(conversation=here).values("kind")),
        told_legal=pending.beside(),
        told_first=Subquery(first.values("text")[:1]),
        told_defences=ArraySubquery(
            Defence.objects.filter(message__conversation=here).values(one=JSONObject(pk="message_id", kind="kind"))
        ),
    )


def of(conversation: Conversation, today: date) -> Around:
    """From a row fetched `annotated`; another one is asked for now. `today` is the town's day."""
    row: Any = conversation
    if not hasattr(row, "told_promises"):
        row = annotated(Conversation.objects.filter(pk=conversation.pk)).only("key").get()
    return Around(
        promises=[_promised(one) for one in row.told_promises],
        issues=row.told_issues,
        hot=_hot(row.told_heat),
        kind=row.told_kind or "",
        suggested=sorting.suggested(row.told_first or ""),
        defences={one["pk"]: one["kind"] for one in row.told_defences},
        legal=pending.told(row.told_legal, today),
    )


def kind_of(conversation: Conversation) -> str:
    """The name of the kind that a person confirmed, or ""."""
    row: Any = conversation
    if hasattr(row, "told_kind"):
        return sorting.NAMES.get(row.told_kind or "", "")
    kind = Triage.objects.filter(conversation=conversation).values_list("kind", flat=True).first()
    return sorting.NAMES.get(kind or "", "")


def beside(conversation: Conversation, entries: Iterable[Entry], today: date) -> Around:
    """What stands beside the conversation; each message among the entries carries its mark as `marked`."""
    found = of(conversation, today)
    for entry in entries:
        if entry.message is not None:
            entry.message.marked = found.defences.get(entry.message.pk, "")  # type: ignore[attr-defined]
    return found


def _hot(told: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not told:
        return None
    return told[0] | {"name": dict(Heat.POSTURES)[told[0]["posture"]]}


def _promised(told: dict[str, Any]) -> Promised:
    words = {"open": "by", "kept": "kept on", "broken": "broken on", "withdrawn": "withdrawn on"}[told["state"]]
    day = told["ended_on"] or told["due_on"]
    return Promised(UUID(str(told["key"])), told["what"], words, date.fromisoformat(day) if day else None)
