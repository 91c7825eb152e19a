"""Two answers that wait for one conversation: one is chosen, and until then none of them goes out.

An answer that waits for a signature stands beside every other one that somebody has written there. Which one goes out
is a person's choice; the others are dropped with their words kept, and whoever wrote them is told. All of it happens
while the conversation is held, as every other act that writes or sends an answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace
from engagement import deciding, handling, threads
from engagement.models import Conversation, Reply
from policy.moves import move

SAME_MOMENT = timedelta(seconds=2)


def pending(conversation: Conversation) -> list[Reply]:
    """The answers one has to choose from, the earliest first; none where nothing stands against anything."""
    rows = Reply.objects.filter(conversation=conversation, state__in=["draft", "in_review"]).exclude(
        state="draft", text=""
    )
    found = list(rows.select_related("author", "parent__channel__scope", "parent__person", "conversation"))
    asked = any(one.state == "in_review" for one in found)
    return sorted(found, key=lambda one: (one.state != "in_review", one.at)) if asked and len(found) > 1 else []


def refuse_undecided(reply: Reply, now: datetime) -> None:
    """Raise where another answer waits beside this one; the caller holds the conversation.

    A draft put down in the very moment in which this one is signed came too late to stand against it.
    """
    others = [one for one in pending(reply.conversation) if one.pk != reply.pk]
    others = [one for one in others if one.state == "in_review" or one.at <= now - SAME_MOMENT]
    if not others:
        return
    names = " and ".join(dict.fromkeys(one.author.name for one in others))
    raise LostRace(
        f"{names} {'has an answer' if len(others) == 1 else 'have answers'} waiting here too, so none goes out yet.",
        next_step="Open “Choose one” in the conversation: the others are dropped, their words are kept.",
        rule="one_at_a_time",
    )


@transaction.atomic
def choose(conversation: Conversation, chosen: str, *, by: User, now: datetime) -> Reply:
    """Keep the answer with this key and drop the others. An escalated one is dropped only by who decides on it, or by
    whoever asked."""
    fresh = handling.hold(conversation)
    require(by, "choose_answer", now, fresh.channel.scope)
    rows = pending(fresh)
    if not rows:
        raise LostRace("There is only one answer left here.", next_step="Load the page again.")
    kept = next((one for one in rows if str(one.key) == chosen), None)
    if kept is None:
        raise Invalid("Choose one of the answers.")
    others = [one for one in rows if one.pk != kept.pk]
    for one in others:
        _drop(one, kept, by, now)
    was = [f"{one.author.name}: {one.text}" for one in others]
    audit.record("chose_answer", fresh, by=by, now=now, was=was, became=kept.author.name)
    threads.beat(fresh.channel)
    return kept


def _drop(reply: Reply, kept: Reply, by: User, now: datetime) -> None:
    if by.pk != reply.author_id:
        deciding.require_say(deciding.of(reply), reply, by, now)
    why = f"{by.name} chose the answer of {kept.author.name}."
    deciding.end(reply, "dropped", by=by, now=now, remark=why)
    move(reply, "dropped", now=now, by=by, reason=why, version=F("version") + 1, why=why[:300], form_key="")
    if reply.author_id != by.pk:
        words = f"{why} Yours is not sent; its words are kept: “{reply}”"
        tell(reply.author, "reply.sent_back", words, handling.address(reply.conversation), now=now)
