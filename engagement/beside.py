"""What stands beside the reply box: answers of departments, an answer for many, a guided form, the reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from channels_app.models import Click
from engagement import filling, linking, words
from engagement.models import CaseReference, Considered, Conversation, Handed, Reply, Together
from engagement.storyline import Story

Told = dict[str, Any]
OPEN = ("asked", "answered")


@dataclass(frozen=True)
class Beside:
    """`handed`: questions that wait or came back; `together`: answers under the post that answered this one as well;
    `failed`: why an answer for many of this person's did not go out; `form`: the guided form of the draft."""

    handed: list[Told] = field(default_factory=list)
    together: list[Told] = field(default_factory=list)
    failed: str = ""
    form: str = ""
    reference: str = ""
    gaps: list[str] = field(default_factory=list)
    many: bool = False
    reusable: str = ""
    clicks: int = 0


def with_ours(rows: QuerySet[Conversation], user: User) -> QuerySet[Conversation]:
    """Conversations with what stands beside their reply box, in the query that fetches them."""
    here = OuterRef("pk")
    handed = Handed.objects.filter(conversation=here, state__in=OPEN).order_by("asked_at")
    done = Together.objects.filter(conversation=here, settled_at__isnull=False).order_by("settled_at")
    failed = Together.objects.filter(conversation=here, reply__state="draft", reply__author=user).order_by("-pk")
    forms = Considered.objects.filter(reply__conversation=here, reply__state="draft", reply__author=user)
    keys = Reply.objects.filter(conversation=OuterRef(here), delivery__isnull=False).values("key")
    clicks = Click.objects.filter(link__origin=linking.ORIGIN, link__ref__in=keys).order_by().values("link__origin")
    told = {
        "key": "key", "department": "department__name", "question": "question", "answer": "answer", "state": "state",
        "due_at": "due_at", "by": "answered_by__name", "answered_at": "answered_at",
    }  # fmt: skip
    with_them = {"url": "reply__delivery__remote_url", "by": "reply__author__name", "named": "named"}
    return rows.annotate(
        ours_handed=ArraySubquery(handed.values(one=JSONObject(**told))),
        ours_together=ArraySubquery(
            done.values(one=JSONObject(**with_them, at="settled_at", lead="reply__conversation__key"))
        ),
        ours_failed=Subquery(failed.values("reply__why")[:1]),
        ours_form=Subquery(forms.values("kind")[:1]),
        ours_clicks=Subquery(clicks.annotate(n=Count("pk")).values("n")),
        ours_reference=Subquery(CaseReference.objects.filter(conversation=here).values("number")[:1]),
    )


def of(conversation: Conversation, story: Story, user: User, now: datetime) -> Beside:
    """For this person, from a row fetched `with_ours`; another one is asked for now."""
    row: Any = conversation
    if not hasattr(row, "ours_handed"):
        row = with_ours(Conversation.objects.filter(pk=conversation.pk), user).only("pk").get()
    sent = [one.reply for one in story.entries if one.reply is not None and one.reply.state == "published"]
    return Beside(
        handed=[_handed(one, now) for one in row.ours_handed],
        together=[one | {"at_words": words.when(_moment(one["at"]), now)} for one in row.ours_together],
        failed=row.ours_failed or "",
        form=dict(Considered.KINDS).get(row.ours_form or "", ""),
        reference=row.ours_reference or "",
        gaps=filling.left_in(story.draft.text) if story.draft else [],
        many=bool(conversation.root_id) and not conversation.private,
        reusable=str(sent[-1].key) if sent else "",
        clicks=row.ours_clicks or 0,
    )


def _handed(told: Told, now: datetime) -> Told:
    due = _moment(told["due_at"])
    answered = words.when(_moment(told["answered_at"]), now) if told["answered_at"] else ""
    late = told["state"] == "asked" and due < now
    return told | {"due_words": words.when(due, now), "late": late, "answered_words": answered}


def _moment(given: str) -> datetime:
    return datetime.fromisoformat(given)
