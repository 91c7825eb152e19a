"""The decisions: the list, and one of them from the question to what was sent, with the proof of its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import allow, person
from engagement import deciding, recording
from engagement.models import Conversation, Decision, DecisionStep
from engagement.views.asking import now_of
from policy import comparing, records
from policy.models import Record

MOST = 100
SHOWS = {"all": "All", "open": "Waiting", "escalated": "Escalated"}
ICONS = {
    "asked": "message-circle", "handed": "arrow-right", "edited": "pencil", "approved": "badge-check",
    "sent_back": "undo-2", "withdrawn": "undo-2", "dropped": "x", "sent": "send", "not_sent": "circle-x",
}  # fmt: skip
TONES = {"approved": "good", "sent": "good", "handed": "warn", "sent_back": "warn", "not_sent": "alarm"}


@dataclass(frozen=True)
class Proof:
    """One record of a decision: its link in the chain, and whether what is kept still has the hash it was kept with."""

    record: Record
    whole: bool


def seen_by(request: HttpRequest) -> QuerySet[Decision]:
    """The decisions on conversations this person sees."""
    seen = Conversation.objects.visible_to(person(request), now_of(request))
    rows = Decision.objects.filter(conversation__in=seen)
    return rows.select_related(
        "conversation__channel", "reply__parent__channel__scope", "reply__parent__person", "reply__conversation",
        "asked_by", "holder", "decided_by", "delivery__approval",
    )  # fmt: skip


@allow("see_inbox")
def decisions(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "all"
    rows = seen_by(request)
    rows = rows.filter(state="open") if show == "open" else rows.exclude(reason="") if show == "escalated" else rows
    tabs = [{"name": words, "url": f"?show={name}", "active": name == show} for name, words in SHOWS.items()]
    return render(request, "engagement/decisions.html", {"rows": rows[:MOST], "tabs": tabs, "most": MOST})


@allow("see_inbox")
def decision(request: HttpRequest, key: UUID) -> HttpResponse:
    """One decision as it was made. Printed, it stands for itself."""
    row, now = get_object_or_404(seen_by(request), key=key), now_of(request)
    steps = list(row.steps.select_related("by", "to"))
    context = {
        "row": row,
        "story": [_line(steps, number) for number in range(len(steps))],
        "clause": recording.clause_of(row),
        "deputy": deciding.deputy(row, row.reply, now) if row.state == "open" else None,
        "proofs": [Proof(one, _fits(one)) for one in recording.kept(row)],
        "sent": row.delivery.payload if row.delivery else None,
        "same": bool(row.delivery and row.delivery.approval.hash == row.delivery.content_hash),
    }
    return render(request, "engagement/decision.html", context)


def _line(steps: Sequence[DecisionStep], number: int) -> dict[str, object]:
    """One step in words, with what it changed in the words of the answer."""
    one, before = steps[number], steps[number - 1] if number else None
    who = one.by.name if one.by else "Parley"
    to = f", to {one.to.name}" if one.to else ""
    changed = before is not None and before.words != one.words
    return {
        "step": one,
        "words": f"{one.get_what_display()} by {who}{to}" if one.what != "handed" else f"{one.get_what_display()}{to}",
        "icon": ICONS[one.what],
        "tone": TONES.get(one.what, "plain"),
        "parts": comparing.parts(before.words, one.words) if before is not None and changed else [],
    }


def _fits(record: Record) -> bool:
    """Whether its seal is of what it says, and its body is what was kept."""
    seal, body = getattr(record, "seal", None), getattr(record, "body", None)
    sealed = seal is not None and seal.hash == records.digest(seal.prev, record)
    return sealed and body is not None and records.payload_hash(body.payload) == record.payload_hash
