"""Whether it arrived: alt text and hashtags as they were sent, beside what was read back from the network.

Only what a network tells can be compared. Who finds something lost mends it there, and writes down how: that is kept
as the override of the check, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person, require
from accounts.models import User
from accounts.refusals import Refusal
from calendar_app import checking
from calendar_app.models import Post, Readback
from channels_app.models import Channel, Delivery
from engagement.models import Message
from policy import checks, judging, profile, setting
from policy.checks import Context, Receipt
from policy.judging import Judged

DAYS, MOST = 30, 200
# What they give back of a picture has its alt text with it.
TELLS_ALT = frozenset({"bluesky", "linkedin", "mastodon", "x"})


@dataclass(frozen=True)
class Arrival:
    """One published delivery of a post: `lost` is the finding where something was not kept."""

    delivery: Delivery
    post: Post
    state: str  # whole, lost, settled, unread, untold
    lost: Judged | None = None


def arrivals(user: User, now: datetime, only: str = "") -> list[Arrival]:
    """The last posts on the channels this person sees, the newest first."""
    seen = Channel.objects.visible_to(user, now, "see_calendar")
    rows = Delivery.objects.filter(kind="post", state="published", channel__in=seen, release__isnull=False)
    rows = rows.filter(published_at__gte=now - timedelta(days=DAYS))
    rows = rows.filter(pk=only) if only else rows
    found = list(rows.select_related("channel", "release__placement__post").order_by("-published_at", "-pk")[:MOST])
    back = {one.delivery_id: one for one in Message.objects.filter(delivery__in=found, ours=True).order_by("pk")}
    context = setting.at(now).context(profile.POST)
    return [_arrival(one, back.get(one.pk), context) for one in found]


def _arrival(delivery: Delivery, message: Message | None, context: Context) -> Arrival:
    post, alts = delivery.release.placement.post, _alts(delivery.payload.get("pictures", ()))
    if message is None:
        return Arrival(delivery, post, "unread")
    told = delivery.channel.platform in TELLS_ALT
    captions, captions_back = _captions(delivery)
    receipt = Receipt(
        text=delivery.payload["text"],
        text_back=message.text,
        alts=alts,
        alts_back=_alts(message.pictures) if told else None,
        captions=captions,
        captions_back=captions_back,
    )
    lost = checks.arrived(receipt, replace(context, place=str(delivery.channel)))
    if not lost:
        return Arrival(delivery, post, "whole" if told or not any(alts) else "untold")
    judged = judging.judged([replace(lost[0], level="must")], judging.judgements("post", post.key))[0]
    return Arrival(delivery, post, "lost" if judged.stops else "settled", judged)


def _captions(delivery: Delivery) -> tuple[bool, bool | None]:
    """Whether captions were sent, and whether the network shows any; None where it does not tell."""
    sent = bool((delivery.payload.get("video") or {}).get("captions"))
    row = Readback.objects.filter(delivery=delivery).first() if sent else None
    shown = (row.video or {}).get("captions") if row else None
    return sent, None if shown is None else bool(shown)


def _alts(pictures: Iterable[dict[str, str]]) -> tuple[str, ...]:
    return tuple(one.get("alt", "") for one in pictures)


@allow("see_policy")
def page(request: HttpRequest) -> HttpResponse:
    user, now = person(request), request.now  # type: ignore[attr-defined]
    rows = arrivals(user, now)
    context = {
        "here": "arrived",
        "lost": [one for one in rows if one.state == "lost"],
        "settled": [one for one in rows if one.state == "settled"],
        "n": {state: sum(one.state == state for one in rows) for state in ("whole", "unread", "untold")},
        "total": len(rows),
        "days": DAYS,
        "may_settle": may(user, "override_check", now),
    }
    return render(request, "policy/arrived.html", context)


@require_POST
@allow("override_check")
def way_round(request: HttpRequest) -> HttpResponse:
    """How it was put right on the network; the reason is kept with the post."""
    user, now, asked = person(request), request.now, request.POST.get("delivery", "")  # type: ignore[attr-defined]
    row = next(iter(arrivals(user, now, asked) if asked.isdecimal() else ()), None)
    if row is None or row.lost is None:
        messages.error(request, "Nothing is missing there any more.")
        return redirect("desk:arrived")
    require(user, "override_check", now, row.delivery.channel.scope)
    try:
        judging.override(
            checking.about_post(row.post), row.lost.finding, request.POST.get("reason", ""), by=user, now=now
        )
        messages.success(request, "Written down, and kept with the post.")
    except Refusal as why:
        messages.error(request, f"{why.words} {why.next_step}".strip())
    return redirect("desk:arrived")
