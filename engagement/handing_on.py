"""What somebody who leaves had in the inbox, thing by thing: to whom it goes now, or who has to be found for it.

Each function says it in sentences for the list that is kept, and does it only where it is `real`; a rehearsal says the
same. Nothing stays with somebody who is gone: what finds nobody is a thing to be done, and nagged about until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts import audit
from accounts.access import may, who_may
from accounts.leaving import Part
from accounts.models import Scope, User
from accounts.notifications import tell
from engagement import deciding, handing, handling, promising, signing
from engagement.deciding import SIGNER
from engagement.models import Conversation, Decision, Handed, Note, Promise, Reply

LONGEST = 90  # characters of a thing that is named in a list


@dataclass(frozen=True)
class Leaver:
    """Who leaves, who says so, when, and whether it is so."""

    user: User
    by: User
    now: datetime
    real: bool

    def heir(self, act: str, scope: Scope, *first: User | None) -> User | None:
        """Who takes something over there: the first of these who may, else somebody who may, managers before others."""
        for one in first:
            if one is not None and one.pk != self.user.pk and one.is_active and may(one, act, self.now, scope):
                return one
        others = who_may(act, self.now, scope).exclude(pk=self.user.pk)
        managers = who_may("manager", self.now, scope).values("pk")
        return others.filter(pk__in=managers).order_by("name", "pk").first() or others.order_by("name", "pk").first()


def conversations(leaver: Leaver) -> Part:
    """They go back to everybody; done ones too, should the resident write again (see `threads.wake`)."""
    held = list(Conversation.objects.filter(assignee=leaver.user).exclude(state="closed").select_related("channel"))
    for one in held if leaver.real else ():
        handling.assign(one, None, by=leaver.by, now=leaver.now)
    if not held:
        return Part()
    things = "1 conversation of theirs goes" if len(held) == 1 else f"{len(held)} conversations of theirs go"
    named = [f"Back to everybody, on {one.channel}: {_short(one)}" for one in held]
    return Part([f"{things} back to everybody, to be taken by a colleague.", *named])


def drafts(leaver: Leaver) -> Part:
    """What they had begun to answer is put beside the conversation, where colleagues can read it."""
    rows = Reply.objects.filter(author=leaver.user, state="draft").exclude(text="")
    found = list(rows.exclude(conversation__state="closed").select_related("conversation__channel__scope"))
    for one in found if leaver.real else ():
        text = f"{leaver.user.name}, who has left, had begun to answer: {one.text}"
        Note.objects.create(conversation=one.conversation, author=leaver.by, text=text[:5000], at=leaver.now)
        handling.touch(handling.hold(one.conversation))
    return Part([f"What they had begun to answer is a note now: {_short(one)}" for one in found])


def promises(leaver: Leaver) -> Part:
    """What they promised stays promised, and is somebody else's to see to; they are told."""
    found = Part()
    rows = Promise.objects.filter(owner=leaver.user, state="open")
    for row in rows.select_related("conversation__channel__scope", "conversation__assignee", "owner"):
        heir = leaver.heir("assign", row.conversation.channel.scope, row.conversation.assignee)
        due = f"due {row.due_on.day} {row.due_on:%B}"
        if heir is None:
            found.to_do.append(f"Find somebody who keeps this promise, {due}: {_short(row)}")
            continue
        if leaver.real:
            promising.pass_on(row, heir, by=leaver.by, now=leaver.now)
        found.done.append(f"{heir.name} sees to this promise now, {due}: {_short(row)}")
    return found


def questions(leaver: Leaver) -> Part:
    """What departments answer comes back to somebody who is there."""
    found = Part()
    rows = Handed.objects.filter(back_to=leaver.user, state__in=["asked", "answered"])
    for row in rows.select_related("conversation__channel__scope", "conversation__assignee", "department", "asked_by"):
        home = row.conversation
        heir = leaver.heir("answer", home.channel.scope, home.assignee, row.asked_by)
        if heir is None:
            found.to_do.append(f"Find somebody to whom the answer of {row.department} comes back: {_short(row)}")
            continue
        if leaver.real:
            Handed.objects.filter(pk=row.pk).update(back_to=heir, version=row.version + 1)
            audit.record(
                "passed_question_on", home, by=leaver.by, now=leaver.now, was=leaver.user.name, became=heir.name
            )
            words = f"{leaver.user.name} has left: what {row.department} was asked comes back to you: “{row}”"
            tell(heir, "inbox.handed_back", words, handing.address(row), now=leaver.now, once=f"left:{row.key}")
        found.done.append(f"What {row.department} was asked comes back to {heir.name}: {_short(row)}")
    return found


def departments(leaver: Leaver) -> Part:
    """Who is left in a department of theirs to answer what the desk asks."""
    found = Part()
    ended = Q(grants__ends_at=None) | Q(grants__ends_at__gte=leaver.now)
    for one in Scope.objects.filter(ended, kind="department", closed_at=None, grants__user=leaver.user).distinct():
        there = handing.people_of(one, leaver.now).exclude(pk=leaver.user.pk)
        asked = list(Handed.objects.filter(department=one, state="asked"))
        if not there.exists():
            waits = f" {len(asked)} of the desk's questions wait there: {_short(asked[0])}" if asked else ""
            found.to_do.append(f"Give somebody a right over {one}: nobody is left there to answer the desk.{waits}")
        elif asked:
            names = ", ".join(there.values_list("name", flat=True)[:5])
            found.done += [f"This question to {one} is answered by {names}: {_short(row)}" for row in asked]
    return found


def decisions(leaver: Leaver) -> Part:
    """What lay with them to decide moves on in the register at once; what they asked needs another asker."""
    found = Part()
    waiting = Decision.objects.open().select_related("holder", "reply__author", "reply__parent__channel__scope")
    for row in waiting.filter(holder=leaver.user):
        if leaver.real:
            moved = signing.move_on(row.pk, leaver.now)
            heir = moved.holder if moved else row.holder
        else:
            heir = deciding.deputy(row, row.reply, leaver.now)
        channel = row.reply.parent.channel
        others = who_may(SIGNER, leaver.now, channel.scope).exclude(pk__in=[leaver.user.pk, row.reply.author_id])
        if heir is None and not others.exists():
            found.to_do.append(f"Find somebody who may sign answers on {channel}; this waits: {_short(row)}")
        else:
            found.done.append(f"{heir.name if heir else 'Any approver there'} decides on this now: {_short(row)}")
    for row in waiting.filter(reply__author=leaver.user, reply__state="in_review"):
        whose = row.holder.name if row.holder and row.holder != leaver.user else "an approver"
        found.to_do.append(f"Ask in your own name what they asked {whose}; signed, it would not go out: {_short(row)}")
    return found


def joined(parts: Iterable[Part]) -> Part:
    whole = Part()
    for one in parts:
        whole.done += one.done
        whole.to_do += one.to_do
    return whole


def _short(thing: object) -> str:
    said = " ".join(str(thing).split())
    return f"“{said if len(said) <= LONGEST else said[: LONGEST - 1] + '…'}”"
