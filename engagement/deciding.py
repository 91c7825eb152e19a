"""From the question to the decision: whom it lies with, when it moves on, and what became of it.

A question about an answer is never decided by time passing: at its limit it moves to the next one in the line of the
final-say register, and when nobody is left in it to every approver of the channel. Each step is kept with the words as
they were; the whole is one record. Whoever calls holds the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.urls import reverse

from accounts.access import who_may
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import NotAllowed
from channels_app.models import Delivery
from engagement import recording, threads
from engagement.models import Conversation, Decision, DecisionStep, Reply
from policy import finalsay
from policy.approvals import Step
from policy.finalsay import Answer
from policy.models import PolicyChoices
from policy.moves import move

SIGNER = "approve_reply"
SHORTEST = timedelta(minutes=15)  # what the next one in the line has at least
EVERYBODY = "Nobody who is named can decide now: any approver of the channel may."


@dataclass(frozen=True)
class Question:
    """What is asked and by when; `reason` and `subject` are empty where a rule alone wants a signature."""

    reason: str = ""
    words: str = ""
    subject: str = ""
    clause: str = ""
    due_at: datetime | None = None


def ask(reply: Reply, question: Question, steps: Sequence[Step], *, by: User, now: datetime) -> Decision:
    """Put the question; it lies with whoever the register names, or with every approver where it was not escalated."""
    named = line(question.subject, reply, now) if question.reason else None
    due_at = question.due_at or now + timedelta(hours=PolicyChoices.here().sign_hours)
    decision = Decision.objects.create(
        conversation_id=reply.conversation_id,
        reply=reply,
        reason=question.reason,
        words=question.words,
        subject=question.subject,
        clause=question.clause,
        rule=steps[0].words[:200] if steps else "",
        asked_by=by,
        asked_at=now,
        due_at=due_at,
        holder=named.holder if named else None,
        why=_why(named) if named else "",
        limit_at=due_at,
    )
    note(decision, "asked", now, by=by, to=decision.holder, why=question.words or decision.rule)
    if decision.escalated:
        _flag(decision.conversation)
    what = "decision on" if decision.escalated else "sign-off of"
    _tell_next(decision, f"{by.name} asks for your {what} an answer", now)
    return decision


def line(subject: str, reply: Reply, now: datetime) -> Answer:
    """Who could decide on this answer at this moment, in order: who asked and who may not sign there are passed by."""
    row = finalsay.who(subject, now).row
    named = {row.holder_id, row.deputy_id, row.second_id, row.after_hours_id} if row else set()
    channel = reply.parent.channel
    able = set(who_may(SIGNER, now, channel.scope).values_list("pk", flat=True))
    unfit = {pk: f"may not sign answers on {channel}" for pk in named - able if pk is not None}
    return finalsay.who(subject, now, unfit | {reply.author_id: "asked for it"})


def of(reply: Reply) -> Decision | None:
    """The question that is open about this answer."""
    return Decision.objects.open().filter(reply=reply).select_related("holder", "asked_by").first()


def last_seen(reply: Reply) -> str:
    """The words of this answer when it was last decided about; "" where it never was."""
    rows = Decision.objects.filter(reply=reply).exclude(state="open").order_by("-decided_at", "-id")
    return rows.values_list("said", flat=True).first() or ""


def open_on(conversation: Conversation) -> list[Decision]:
    """The questions that wait for a decision here, an escalated one first."""
    rows = Decision.objects.open().filter(conversation=conversation).select_related("holder", "asked_by")
    return sorted(rows, key=lambda one: not one.escalated)


def require_say(decision: Decision | None, reply: Reply, by: User, now: datetime) -> None:
    """Raise where an escalated answer is not this person's to decide at this moment."""
    if decision is None or not decision.escalated or by.pk in may_decide(decision, reply, now):
        return
    whose = decision.holder.name if decision.holder else "an approver"
    raise NotAllowed(
        f"{whose} decides on this. {decision.why}".strip(),
        next_step="It stays in their queue; the register says who stands in.",
        rule="final_say",
    )


def may_decide(decision: Decision, reply: Reply, now: datetime) -> set[int]:
    """Those an escalated question is for now, by row id: whom it lies with while they can, and whoever the register
    names at this hour; any approver where nobody of the register can."""
    named = line(decision.subject, reply, now)
    able = {user.pk for user in named.line}
    if decision.holder_id is None or not able:
        people = who_may(SIGNER, now, reply.parent.channel.scope).values_list("pk", flat=True)
        return set(people) - {reply.author_id}
    return able & {decision.holder_id, named.holder.pk if named.holder else decision.holder_id}


def deputy(decision: Decision, reply: Reply, now: datetime) -> User | None:
    """Who is asked when the limit passes."""
    if not decision.escalated:
        return _general_deputy(decision, reply, now)
    return _next(decision, line(decision.subject, reply, now))


def over_limit(now: datetime) -> list[int]:
    """Open questions to look at: those over their limit, and those whose holder may have become unable."""
    late = Decision.objects.over_limit(now).values_list("pk", flat=True)
    held = Decision.objects.open().filter(holder__isnull=False).values_list("pk", flat=True)
    return list(dict.fromkeys([*late.order_by("limit_at")[:200], *held.order_by("pk")[:200]]))


def move_on(decision: Decision, now: datetime) -> Decision | None:
    """To the next one where the limit has passed or its holder cannot any more; both are told. None: it stays."""
    if decision.state != "open":
        return None
    late = decision.limit_at is not None and decision.limit_at <= now
    if not decision.escalated:
        return _ask_deputy(decision, now) if late else None
    named = line(decision.subject, decision.reply, now)
    unable = decision.holder is not None and decision.holder not in named.line
    if not (late or unable):
        return None
    return _hand(decision, _next(decision, named), named, "" if late else "cannot decide any more", now)


def note(
    decision: Decision, what: str, now: datetime, *, by: User | None = None, to: User | None = None, why: str = ""
) -> DecisionStep:
    """Write one step down, with the words as they are now."""
    n = DecisionStep.objects.filter(decision=decision).count() + 1
    words, limit = decision.reply.text, decision.limit_at
    return DecisionStep.objects.create(
        decision=decision, n=n, what=what, by=by, to=to, at=now, why=why, words=words, limit_at=limit
    )


def changed(reply: Reply, *, by: User, now: datetime) -> None:
    """Whoever decides has changed the words."""
    decision = of(reply)
    if decision is not None:
        decision.reply = reply
        note(decision, "edited", now, by=by)


def end(
    reply: Reply, state: str, *, by: User, now: datetime, remark: str = "", delivery: Delivery | None = None
) -> None:
    """The question about this answer is settled, and kept as a record; nothing where none was open."""
    decision = of(reply)
    if decision is None:
        return
    decision.reply = reply
    note(decision, state, now, by=by, why=remark)
    move(
        decision,
        state,
        now=now,
        by=by,
        reason=remark[:500],
        limit_at=None,
        decided_by=by,
        decided_at=now,
        remark=remark,
        said=reply.text,
        delivery=delivery,
    )
    if decision.escalated:
        _flag(decision.conversation)
    recording.keep(decision, now)


def sent(delivery: Delivery, now: datetime) -> None:
    """What became of the words that were approved; told once for each end."""
    what = "sent" if delivery.state == "published" else "not_sent" if delivery.state in {"failed", "cancelled"} else ""
    decision = Decision.objects.filter(delivery=delivery).select_related("reply", "conversation").first()
    if not what or decision is None or decision.steps.filter(what=what).exists():
        return
    note(decision, what, now, why=delivery.remote_url if what == "sent" else delivery.why_words)
    recording.keep(decision, now)


def address(decision: Decision) -> str:
    return reverse("inbox:decision", args=[decision.key])


def _next(decision: Decision, named: Answer) -> User | None:
    """The first in the line with whom it has not been yet."""
    asked = set(decision.steps.filter(to__isnull=False).values_list("to", flat=True))
    return next((user for user in named.line if user.pk not in asked), None)


def _hand(decision: Decision, to: User | None, named: Answer, unable: str, now: datetime) -> Decision:
    was, given = decision.holder, max(decision.due_at - decision.asked_at, SHORTEST)
    before = was.name if was else "It"
    decision.holder, decision.limit_at = to, now + given if to else None
    late = f"{'had not' if was else 'was not'} decided by {recording.clock(now)}"
    following = f"{to.name} is next in the register." if to else EVERYBODY
    decision.why = f"{before} {unable or late}. {following}"[:500]
    decision.save(update_fields=["holder", "limit_at", "why"])
    note(decision, "handed", now, to=to, why=decision.why)
    _tell_next(decision, "It has come to you to decide on an answer", now)
    for user in {one for one in (was, decision.asked_by) if one is not None and one != to}:
        words = f"It has moved to {to.name if to else 'every approver'}: {decision}"
        tell(user, "reply.moved_on", words, address(decision), now=now)
    if to is None:
        tell_role("manager", decision.reply.parent.channel.scope, "reply.moved_on",
                  f"Nobody named has decided: {decision}", address(decision), now=now)  # fmt: skip
    threads.beat(decision.reply.parent.channel)
    return decision


def _ask_deputy(decision: Decision, now: datetime) -> Decision:
    """A signature that is late: those who may give it are told once more, and the town's deputy with them."""
    to = _general_deputy(decision, decision.reply, now)
    decision.limit_at = None
    asked = f"; {to.name} is asked as deputy" if to else ""
    decision.why = f"Not signed by {recording.clock(now)}{asked}."
    decision.save(update_fields=["limit_at", "why"])
    note(decision, "handed", now, to=to, why=decision.why)
    _tell_next(decision, "Still to be signed is an answer", now)
    tell(decision.asked_by, "reply.moved_on", f"{decision.why} {decision}", address(decision), now=now)
    return decision


def _general_deputy(decision: Decision, reply: Reply, now: datetime) -> User | None:
    chosen = PolicyChoices.here().sign_deputy
    able = who_may(SIGNER, now, reply.parent.channel.scope).exclude(pk=reply.author_id)
    return chosen if chosen and able.filter(pk=chosen.pk).exists() else None


def _tell_next(decision: Decision, lead: str, now: datetime) -> None:
    """Whom it lies with hears of it; where that is nobody, everybody who may sign there."""
    words, url = f"{lead} on {decision.reply.parent.channel}: “{decision.reply}”.", reverse("desk:sign-off")
    once = f"decision:{decision.key}:{decision.steps.count()}"
    if decision.holder is not None:
        tell(decision.holder, "reply.to_sign", words, url, now=now, once=once)
        return
    scope = decision.reply.parent.channel.scope
    tell_role(SIGNER, scope, "reply.to_sign", words, url, now=now, once=once, besides=[decision.asked_by])


def _why(named: Answer) -> str:
    went_by = f" Passed by: {'; '.join(named.passed)}." if named.passed else ""
    return (f"{named.why}{went_by}" if named.holder else f"{named.why} {EVERYBODY}")[:500]


def _flag(conversation: Conversation) -> None:
    """Whether something about it is escalated, where the queue looks for it."""
    there = Decision.objects.open().escalated().filter(conversation=conversation).exists()
    Conversation.objects.filter(pk=conversation.pk).update(escalated=there, version=F("version") + 1)
    threads.beat(conversation.channel)
