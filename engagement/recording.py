"""The record of one decision: what was asked, of whom and why that person, every step with its words, what was sent."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Town
from accounts.walltime import to_wall
from engagement.models import Decision, DecisionStep, Message
from policy import guides, records
from policy.guides import ClauseRef
from policy.models import Record

KIND = "decision"


def keep(decision: Decision, now: datetime) -> Record:
    """Keep the decision as it is now. What comes later, such as the receipt, is kept as a further version of it."""
    subject = f"{decision.get_state_display()}: {decision}"
    return records.keep(KIND, str(decision.key), subject, payload(decision), decision.decided_at or now, now)


def kept(decision: Decision) -> list[Record]:
    """Its records with their seals and bodies, the first one first."""
    rows = Record.objects.filter(kind=KIND, ref=str(decision.key)).select_related("seal", "body")
    return list(rows.order_by("id"))


def payload(decision: Decision) -> dict[str, object]:
    """The whole decision as plain data."""
    reply = decision.reply
    steps = decision.steps.select_related("by", "to")
    return {
        "question": {
            "asked_by": decision.asked_by.name,
            "asked_at": decision.asked_at,
            "reason": decision.get_reason_display() if decision.reason else "",
            "words": decision.words,
            "subject": decision.subject,
            "clause": _clause_words(decision),
            "rule": decision.rule,
            "by": decision.due_at,
        },
        "message": _message(reply.parent),
        "steps": [_step(one) for one in steps],
        "decision": {
            "state": decision.get_state_display(),
            "by": decision.decided_by.name if decision.decided_by else "",
            "at": decision.decided_at,
            "reason": decision.remark,
            "words": decision.said,
        },
        "sent": _sent(decision),
        "links": {"conversation": f"/inbox/{reply.conversation.key}/", "decision": f"/inbox/decisions/{decision.key}/"},
    }


def clause_of(decision: Decision) -> ClauseRef | None:
    """The clause it rests on, as it stands now; None where none was named or it is gone."""
    guide, _, anchor = decision.clause.partition(":")
    found = guides.find(guide, anchor) if guide in guides.NAMES else None
    return guides.ref(guide, found) if found else None


def clock(moment: datetime) -> str:
    """14:05 on 3 May, by the town's clocks"""
    return f"{to_wall(moment, Town.here().zone):%H:%M on %-d %B}"


def _clause_words(decision: Decision) -> str:
    found = clause_of(decision)
    return f"{found.label}: {found.title}" if found else ""


def _message(asked: Message) -> dict[str, object]:
    return {
        "by": str(asked.person or ""),
        "at": asked.at,
        "words": asked.text,
        "on": asked.channel.name,
        "remote_id": asked.remote_id,
        "url": asked.url,
        "visibility": asked.visibility,
    }


def _step(one: DecisionStep) -> dict[str, object]:
    return {
        "n": one.n,
        "what": one.get_what_display(),
        "by": one.by.name if one.by else "",
        "to": one.to.name if one.to else "",
        "at": one.at,
        "why": one.why,
        "words": one.words,
        "limit": one.limit_at,
    }


def _sent(decision: Decision) -> dict[str, object]:
    delivery = decision.delivery
    if delivery is None:
        return {}
    return {
        "payload": delivery.payload,
        "hash": delivery.content_hash,
        "approved_hash": delivery.approval.hash,
        "rule": delivery.approval.rule_words,
        "state": delivery.state,
        "published_at": delivery.published_at,
        "url": delivery.remote_url,
        "remote_id": delivery.remote_id,
    }
