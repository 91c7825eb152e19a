"""Answers in the sign-off queue: what was asked, what is to be said, and what the checks and their writer say to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.access import may, person
from accounts.models import User
from engagement import checking, choosing, deciding, recording, signing, wording
from engagement.models import Decision, Message, Reply
from engagement.views.asking import now_of
from engagement.words import Pill
from engagement.words import until as pill_of
from policy import comparing, judging, setting
from policy.guides import ClauseRef
from policy.second_looks import SecondLook
from policy.setting import Setting


@dataclass(frozen=True)
class Waiting:
    """One answer in the queue, with the words it answers and the seal of exactly what would go out."""

    reply: Reply
    parent: Message
    text: str
    seal: str
    rule: str
    situation: str
    findings: list[dict[str, object]]
    overrides: list[dict[str, object]]
    own: bool
    look: SecondLook | None
    decision: Decision | None
    mine: bool
    deputy: User | None
    clause: ClauseRef | None
    limit: Pill | None
    changed: list[dict[str, str]]
    rivals: list[str]


def waiting(request: HttpRequest) -> dict[str, object]:
    """The answers this person may sign, and those they asked for."""
    user, now = person(request), now_of(request)
    rows, mine = signing.queue(user, now), signing.asked_by(user, now)
    here = setting.at(now, request.town) if rows else None  # type: ignore[attr-defined]
    return {
        "answers": _in_order([dressed(request, one, here) for one in rows if here]),
        "may_sign_answers": may(user, signing.SIGNER, now),
        "my_answers": [(one, signing.second_look(one, now), [signing.seal(one)], deciding.of(one)) for one in mine],
    }


def _in_order(rows: list[Waiting]) -> list[Waiting]:
    """What is this person's to decide first, by its limit; then what others decide on."""
    return sorted(rows, key=lambda one: (not one.mine, one.decision.due_at if one.decision else one.reply.asked_at))


def dressed(request: HttpRequest, reply: Reply, here: Setting) -> Waiting:
    """All that somebody who signs wants to know of one answer."""
    now, parent, user = now_of(request), reply.parent, person(request)
    decision = deciding.of(reply)
    escalated = decision is not None and decision.escalated
    before = deciding.last_seen(reply)
    checked = checking.look(parent, reply.text, reply.situation, reply=reply, by=reply.author, now=now, here=here)
    told = [judging.shown(row, "", "", here.links) for row in checked.rows]
    steps = signing.shown_steps(reply, now)
    return Waiting(
        reply=reply,
        parent=parent,
        text=wording.signed(parent, reply.text, reply.author),
        seal=signing.seal(reply),
        rule=steps[0].words if steps else "It was asked for.",
        situation=checked.situation,
        findings=[one for one in told if not one["what"]],
        overrides=[one for one in told if one["what"] == "overridden"],
        own=reply.author_id == user.pk,
        look=signing.second_look(reply, now),
        decision=decision,
        mine=not (decision and escalated) or user.pk in deciding.may_decide(decision, reply, now),
        deputy=deciding.deputy(decision, reply, now) if decision else None,
        clause=recording.clause_of(decision) if decision else None,
        limit=pill_of(decision.limit_at or decision.due_at, decision.asked_at, now) if decision else None,
        changed=comparing.parts(before, reply.text) if before and before != reply.text else [],
        rivals=[one.author.name for one in choosing.pending(reply.conversation) if one.pk != reply.pk],
    )
