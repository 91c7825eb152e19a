"""Saying what kind of conversation it is, and marking residents who correct or stand up for the town.

A kind is suggested by words and confirmed by a person. Those who defend the town are thanked, never used: nothing is
kept of them but the mark on what they wrote.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from engagement import handling, sorting, threads
from engagement.models import Conversation, Defence, Message, Triage


@transaction.atomic
def confirm(conversation: Conversation, kind: str, *, by: User, now: datetime) -> Triage:
    """This is what it is; confirming the same again changes nothing."""
    require(by, "note", now, conversation.channel.scope)
    if kind not in sorting.NAMES:
        raise Invalid("Choose one of the kinds.")
    fresh = handling.hold(conversation)
    before = Triage.objects.filter(conversation=fresh).first()
    if before and before.kind == kind:
        return before
    first = Message.objects.filter(conversation=fresh, ours=False).order_by("at", "id").first()
    suggested = sorting.suggested(first.text) if first else None
    fields = {"kind": kind, "suggested": suggested.kind if suggested else "", "by": by, "at": now}
    row, _ = Triage.objects.update_or_create(conversation=fresh, defaults=fields)
    audit.record("sorted", fresh, by=by, now=now, was=before.kind if before else "", became=kind)
    _changed(fresh)
    return row


@transaction.atomic
def mark(message: Message, kind: str, *, by: User, now: datetime) -> None:
    """A resident corrects what is wrong, or supports; an empty kind takes the mark away."""
    home = message.conversation
    if message.ours or home is None or home.private:
        raise NotAllowed("Only what residents wrote in public can be marked.")
    require(by, "note", now, home.channel.scope)
    if kind and kind not in dict(Defence.KINDS):
        raise Invalid("Say whether it corrects or supports.")
    before = Defence.objects.filter(message=message).first()
    if (before.kind if before else "") == kind:
        return
    if kind:
        Defence.objects.update_or_create(message=message, defaults={"kind": kind, "by": by, "at": now})
    else:
        Defence.objects.filter(message=message).delete()
    audit.record("marked_defence", home, by=by, now=now, was=before.kind if before else "", became=kind)
    _changed(home)


def support(channels: list[int], since: datetime, until: datetime) -> tuple[int, int]:
    """Critical threads that began in this time and in which a resident corrected or supported, and all critical ones.

    Critical are those a person said are criticism, misinformed, a rant, a failure or abuse. A thread under a post of
    ours counts as supported also where the support stands beside it under the same post.
    """
    critical = Conversation.objects.filter(
        channel__in=channels,
        private=False,
        opened_at__gte=since,
        opened_at__lt=until,
        triage__kind__in=sorting.CRITICAL,
    )
    beside = Q(conversation=OuterRef("pk")) | Q(channel=OuterRef("channel"), root_id=OuterRef("root_id")) & ~Q(
        root_id=""
    )
    supported = critical.filter(Exists(Message.objects.filter(beside, ours=False, defence__isnull=False)))
    return supported.count(), critical.count()


def _changed(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    threads.beat(conversation.channel)
