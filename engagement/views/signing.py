"""Answers in the sign-off queue: what was asked, what is to be said, and what the checks and their writer say to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.access import may, person
from engagement import checking, signing, wording
from engagement.models import Message, Reply
from engagement.views.asking import now_of
from policy import judging, setting
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


def waiting(request: HttpRequest) -> dict[str, object]:
    """The answers this person may sign, and those they asked for."""
    user, now = person(request), now_of(request)
    rows, mine = signing.queue(user, now), signing.asked_by(user, now)
    here = setting.at(now, request.town) if rows else None  # type: ignore[attr-defined]
    return {
        "answers": [_dressed(request, one, here) for one in rows if here],
        "may_sign_answers": may(user, signing.SIGNER, now),
        "my_answers": [(one, signing.second_look(one, now), [signing.seal(one)]) for one in mine],
    }


def _dressed(request: HttpRequest, reply: Reply, here: Setting) -> Waiting:
    now, parent = now_of(request), reply.parent
    checked = checking.look(parent, reply.text, reply.situation, reply=reply, by=reply.author, now=now, here=here)
    told = [judging.shown(row, "", "", here.links) for row in checked.rows]
    steps = signing.steps_for(reply, now)
    return Waiting(
        reply=reply,
        parent=parent,
        text=wording.signed(parent, reply.text, reply.author),
        seal=signing.seal(reply),
        rule=steps[0].words if steps else "It was asked for.",
        situation=checked.situation,
        findings=[one for one in told if not one["what"]],
        overrides=[one for one in told if one["what"] == "overridden"],
        own=reply.author_id == person(request).pk,
        look=signing.second_look(reply, now),
    )
