"""Telling everybody who reported something what came of it: one drafted answer each, never two.

A row (of a promise or of an issue) holds its closing answer; rows are locked while they are filled, so that two people
or a second try after a fault find what is there. An answer is sent as every other one is: checked, signed where that is
needed, by the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.access import may
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed, Refusal
from channels_app import platforms
from engagement import handling, replies, wording
from engagement.models import Conversation, IssueMember, PromiseReport, Reply
from engagement.replies import Sending

Row = PromiseReport | IssueMember
Rows = QuerySet[PromiseReport] | QuerySet[IssueMember]
SAME_PERSON = "The same person hears it in another conversation."


@transaction.atomic
def draft(rows: Rows, text: str, *, by: User, now: datetime) -> int:
    """Draft these words for each row without an answer, in this person's name; returns how many were drafted.

    What keeps one from being drafted is noted at its row, and the others go on.
    """
    held = rows.select_for_update(of=("self",)).select_related("reply").order_by("conversation_id")
    locked: list[Row] = [*held]
    told = {row.reply.conversation.person_id for row in locked if _has(row) and row.reply}
    made = 0
    for row in locked:
        if _has(row):
            continue
        conversation = handling.hold(row.conversation)
        try:
            with transaction.atomic():
                reply = _one(conversation, text, told, by, now)
        except Refusal as refusal:
            row.why = f"{refusal.words} {refusal.next_step}".strip()[:300]
        else:
            row.reply, row.why = reply, ""
            told.add(conversation.person_id)
            made += 1
        row.save(update_fields=["reply", "why"])
    return made


def send(rows: Iterable[Row], *, by: User, now: datetime) -> tuple[int, list[str]]:
    """Send the drafted answers of this person; how many went to the outbox or to be signed, and what held the others.

    Pressed twice, each is sent once: an answer carries the same form's key both times.
    """
    sent, held = 0, []
    for row in rows:
        reply = Reply.objects.filter(pk=row.reply_id or 0).select_related("conversation").first()
        if reply is None or reply.state != "draft" or reply.author_id != by.pk:
            continue
        sending = Sending(reply.text, form_key=f"told-{reply.key.hex}", close_after=True)
        try:
            replies.release(reply.conversation, sending, by=by, now=now)
        except Refusal as refusal:
            held.append(f"{reply.conversation.person or reply.conversation.channel}: {refusal.words}")
        else:
            sent += 1
    return sent, held


def _has(row: Row) -> bool:
    """An answer that was dropped was never said, so its place is free again."""
    return row.reply is not None and row.reply.state != "dropped"


def _one(conversation: Conversation, text: str, told: set[int | None], by: User, now: datetime) -> Reply:
    if conversation.person_id is not None and conversation.person_id in told:
        raise Invalid(SAME_PERSON)
    if not may(by, "answer", now, conversation.channel.scope):
        raise NotAllowed(f"You do not answer on {conversation.channel}.", next_step="A colleague who does drafts it.")
    if "reply" not in platforms.get(conversation.channel.platform).CAN:
        raise Invalid(f"{conversation.channel.get_platform_display()} does not let us answer here.")
    if wording.draft_of(conversation, by) is not None:
        raise Invalid("You have a draft of your own there.", next_step="Send or empty it, then draft the rest.")
    drafted = wording.save(conversation, text, by=by, now=now)
    if drafted is None:
        raise Invalid("There are no words to draft.")
    return drafted
