"""What stands beside the reply box: answers of departments, an answer for many, a guided form, the reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from engagement import aside, filling, linking, words
from engagement.models import Considered, Conversation
from engagement.storyline import Story

Told = dict[str, Any]
# What is told beside the reply box; see `Beside`. Whose answer did not go out and whose form it is are asked for.
TOLD = {
    "handed": """ARRAY(SELECT jsonb_build_object('key', h.key, 'question', h.question, 'answer', h.answer,
        'state', h.state, 'due_at', h.due_at, 'answered_at', h.answered_at,
        'department', (SELECT name FROM accounts_scope WHERE id = h.department_id),
        'by', (SELECT name FROM accounts_user WHERE id = h.answered_by_id))
       FROM engagement_handed h WHERE h.conversation_id = engagement_conversation.id
        AND h.state IN ('asked', 'answered') ORDER BY h.asked_at)""",
    "together": """ARRAY(SELECT jsonb_build_object('named', t.named, 'at', t.settled_at,
        'url', (SELECT remote_url FROM channels_app_delivery WHERE id = r.delivery_id),
        'by', (SELECT name FROM accounts_user WHERE id = r.author_id),
        'lead', (SELECT lead.key FROM engagement_conversation lead WHERE lead.id = r.conversation_id))
       FROM engagement_together t JOIN engagement_reply r ON r.id = t.reply_id
      WHERE t.conversation_id = engagement_conversation.id AND t.settled_at IS NOT NULL ORDER BY t.settled_at)""",
    "failed": """(SELECT r.why FROM engagement_together t JOIN engagement_reply r ON r.id = t.reply_id
      WHERE t.conversation_id = engagement_conversation.id AND r.author_id = %s AND r.state = 'draft'
      ORDER BY t.id DESC LIMIT 1)""",
    "form": """(SELECT c.kind FROM engagement_considered c JOIN engagement_reply r ON r.id = c.reply_id
      WHERE r.conversation_id = engagement_conversation.id AND r.author_id = %s AND r.state = 'draft' LIMIT 1)""",
    "clicks": """(SELECT count(*) FROM engagement_reply r
       JOIN channels_app_link l ON l.origin = '{links}' AND l.ref = r.key
       JOIN channels_app_click k ON k.link_id = l.id
      WHERE r.conversation_id = engagement_conversation.id AND r.delivery_id IS NOT NULL)""",
    "reference": """(SELECT number FROM engagement_casereference
      WHERE conversation_id = engagement_conversation.id LIMIT 1)""",
}


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
    return rows.annotate(told_ours=aside.of(TOLD, [user.pk, user.pk], links=linking.ORIGIN))


def of(conversation: Conversation, story: Story, user: User, now: datetime) -> Beside:
    """For this person, from a row fetched `with_ours`; another one is asked for now."""
    row: Any = conversation
    if not hasattr(row, "told_ours"):
        row = with_ours(Conversation.objects.filter(pk=conversation.pk), user).only("pk").get()
    told: Told = row.told_ours
    sent = [one.reply for one in story.entries if one.reply is not None and one.reply.state == "published"]
    return Beside(
        handed=[_handed(one, now) for one in told["handed"]],
        together=[one | {"at_words": words.when(_moment(one["at"]), now)} for one in told["together"]],
        failed=told["failed"] or "",
        form=dict(Considered.KINDS).get(told["form"] or "", ""),
        reference=told["reference"] or "",
        gaps=filling.left_in(story.draft.text) if story.draft else [],
        many=bool(conversation.root_id) and not conversation.private,
        reusable=str(sent[-1].key) if sent else "",
        clicks=told["clicks"] or 0,
    )


def _handed(told: Told, now: datetime) -> Told:
    due = _moment(told["due_at"])
    answered = words.when(_moment(told["answered_at"]), now) if told["answered_at"] else ""
    late = told["state"] == "asked" and due < now
    return told | {"due_words": words.when(due, now), "late": late, "answered_words": answered}


def _moment(given: str) -> datetime:
    return datetime.fromisoformat(given)
