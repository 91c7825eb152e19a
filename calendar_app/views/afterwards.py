"""What a post's page shows besides its states: receipts, remarks, corrections, and what was signed too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.access import may
from accounts.models import User
from calendar_app import receipts, releasing, remarks
from calendar_app.models import Correction, Idea, LinkClaim, Placement, Post, Readback
from calendar_app.views.standing import Standing
from channels_app.publishing import attaching
from policy.comparing import parts


@dataclass(frozen=True)
class Receipt:
    """One channel's receipt: the row, where it stands, and the words as they arrived beside those that were sent."""

    row: Readback
    standing: str
    parts: list[dict[str, str]]
    may_decide: bool


def beside(found: Post, rows: list[Standing], user: User, now: datetime) -> dict[str, object]:
    """Everything of it, in a fixed number of queries."""
    placements = [one.placement for one in rows]
    late = [one for one in placements if _is_late(one, user, now)]
    noted = Correction.objects.filter(of=found).select_related("post", "by").prefetch_related("takedowns__by")
    return {
        "receipts": _receipts(placements, user, now),
        "workarounds": Readback.WORKAROUNDS,
        "thread": list(found.remarks.select_related("by")),
        "changes": remarks.changes(found),
        "may_remark": may(user, "remark_on_post", now),
        "may_correct": any(one.delivery and _may_correct(one.placement, user, now) for one in rows),
        "late": late,
        "corrections": list(noted),
        "corrects": Correction.objects.filter(post=found).select_related("of").first(),
        "idea": Idea.objects.visible_to(user, now).filter(post=found).select_related("by").first(),
        "claims": _claims(placements),
    }


def _receipts(placements: list[Placement], user: User, now: datetime) -> list[Receipt]:
    out = {one.delivery_id: one for one in placements if one.delivery_id and one.state == "approved"}
    found = Readback.objects.filter(delivery__in=out).select_related("delivery__channel__scope", "workaround_by")
    told = []
    for row in found.order_by("delivery__channel__name"):
        was = next((one["was"] for one in row.lost if one["what"] in {"text", "capitals"}), "")
        row.placement = out[row.delivery_id]
        decides = may(user, "decide_delivery", now, row.delivery.channel.scope)
        told.append(Receipt(row, receipts.standing(row), parts(was, row.text) if was else [], decides))
    return told


def _claims(placements: list[Placement]) -> list[LinkClaim]:
    """The newest link pasted for each one whose fate is still open."""
    open_ones = [one for one in placements if one.shown_state in attaching.OPEN]
    if not open_ones:
        return []
    rows = LinkClaim.objects.filter(placement__in=open_ones).order_by("pk").select_related("placement__channel", "by")
    return list({one.placement_id: one for one in rows}.values())


def _is_late(one: Placement, user: User, now: datetime) -> bool:
    """Signed after its moment, and this person's to say when it goes out."""
    passed = one.due_at is not None and one.due_at <= now
    if not passed or one.delivery_id or not releasing.approval_holds(one):
        return False
    return one.asked_by_id == user.pk or may(user, "schedule_post", now, one.channel.scope)


def _may_correct(one: Placement, user: User, now: datetime) -> bool:
    return one.shown_state in {"published", "removed"} and may(user, "correct_post", now, one.channel.scope)
