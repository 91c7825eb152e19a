"""Choosing conversations under one post and answering them all at once, in one comment under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.refusals import Invalid
from engagement import checking, handling, replies, together, wording
from engagement.models import Conversation, Message, Reply, Together
from engagement.replies import Sending
from policy.moves import move

FEWEST, MOST = 2, 60


def post_of(conversation: Conversation) -> Message | None:
    """The post of ours that it stands under and that is still there."""
    if not conversation.root_id or conversation.private:
        return None
    rows = Message.objects.filter(channel=conversation.channel, remote_id=conversation.root_id, kind="post")
    return rows.filter(gone_at=None).select_related("channel__scope", "person").first()


def alike(conversation: Conversation, user: User, now: datetime) -> list[Conversation]:
    """The conversations under the same post that still wait for an answer, this one first."""
    rows = Conversation.objects.visible_to(user, now, "answer").filter(
        channel=conversation.channel, root_id=conversation.root_id, private=False, unanswered_since__isnull=False
    )
    found = list(rows.exclude(state="closed").select_related("person").order_by("unanswered_since", "pk")[:MOST])
    return sorted(found, key=lambda one: one.pk != conversation.pk)


def named(chosen: Sequence[Conversation]) -> str:
    """Those chosen, to be put before the words, each once: by handle, or by name where the platform has none."""
    people = [one.person for one in chosen if one.person is not None]
    handles = [f"@{one.handle.removeprefix('@')}" for one in people if one.handle]
    by_name = ", ".join(dict.fromkeys(one.name for one in people if not one.handle and one.name))
    return " ".join([*dict.fromkeys(handles), *([f"{by_name}:"] if by_name else [])])


def send(lead: Conversation, chosen: Sequence[Conversation], sending: Sending, *, by: User, now: datetime) -> Reply:
    """One answer under the post for all of these. Sent twice it is one; raises Invalid, LostRace."""
    post = post_of(lead)
    if post is None:
        raise Invalid("The post they stand under is not there any more.", next_step="Answer each of them.")
    if not FEWEST <= len(chosen) <= MOST:
        raise Invalid(f"Choose between {FEWEST} and {MOST} conversations; for one, answer it by itself.")
    if not sending.text.strip():
        raise Invalid("Write the answer first.")
    replies.refuse_one_way(lead)
    wording.check(post, sending.text, by)
    with transaction.atomic():
        earlier = Reply.objects.filter(form_key=sending.form_key).exclude(form_key="").exclude(state="draft").first()
        if earlier:
            return earlier
        held = [handling.hold(one) for one in sorted(chosen, key=lambda one: one.pk)]
        for one in held:
            if one.root_id != lead.root_id or one.channel_id != lead.channel_id or one.private:
                raise Invalid("Only conversations under the same post are answered together.")
            replies.refuse_second_answer(one, Sending(sending.text))
        for before in Reply.objects.filter(author=by, state="draft", parent=post, conversation__in=held):
            move(before, "dropped", now=now, version=F("version") + 1)
        draft = Reply.objects.create(
            conversation=next(one for one in held if one.pk == (lead.pk if lead in held else held[0].pk)),
            parent=post,
            text=sending.text.strip()[: wording.MOST],
            visibility=wording.visibility_for(post),
            author=by,
            at=now,
            language=sending.language or "",
        )
        Together.objects.bulk_create(Together(reply=draft, conversation=one) for one in held)
        replies.stop(draft, by, now)
        replies.go_out(draft, sending, by=by, now=now)
        for one in held:
            handling.take_up(one, by=by, now=now)
    return draft


def told(post: Message, text: str, chosen: Sequence[Conversation], *, by: User, now: datetime) -> dict[str, object]:
    """What stands beside the words: their length, the findings, who is named."""
    measured = wording.measure(post, text, by)
    checked = checking.look(post, text, "", reply=None, by=by, now=now)
    return {
        "used": measured.used,
        "limit": measured.limit,
        "findings": [row.finding for row in checked.rows],
        "named": [one for one in chosen if together.names(text, one.person)],
        "signed": wording.mark_of(post, by),
    }
