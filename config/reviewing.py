"""The review of the channels each quarter: thin or strong, which network fits, and what was decided."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from channels_app.models import Channel
from metrics import fit, presence
from metrics.models import Review


class ReviewForm(forms.Form):
    """What becomes of a channel, and why."""

    decision = forms.ChoiceField(label="What becomes of it", choices=Review.ENDS)
    why = forms.CharField(label="Why", max_length=300, error_messages={"required": "Say in a sentence why."})

    def __init__(self, channel: Channel, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id=f"c{channel.pk}-%s", **kwargs)  # type: ignore[misc, arg-type]


@allow("see_channels")
def review(request: HttpRequest) -> HttpResponse:
    """The numbers of thirteen weeks, what they propose, and what was decided this quarter."""
    return _page(request)


@allow("review_channels")
@require_POST
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """The town's word on one channel."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    channel = get_object_or_404(Channel.objects.visible_to(me, now, "review_channels").living(), key=key)
    form = ReviewForm(channel, request.POST)
    if not form.is_valid():
        return _page(request, channel, form)
    proposal = presence.proposals([channel], now)[0]
    presence.decide(proposal, **form.cleaned_data, by=me, now=now)
    messages.success(request, f"Noted for {channel}.")
    return redirect("desk:review-channels")


def _page(request: HttpRequest, wrong: Channel | None = None, form: ReviewForm | None = None) -> HttpResponse:
    me, now, town = person(request), request.now, request.town  # type: ignore[attr-defined]
    seen = Channel.objects.visible_to(me, now).filter(state__in=Channel.READ).speaking()
    channels = list(seen.select_related("scope"))
    rows = presence.proposals(channels, now)
    quarter = presence.quarter_of(now.astimezone(town.tz).date())
    decided, decides = presence.reviews(quarter), may(me, "review_channels", now)
    context = {
        "rows": [(row, decided.get(row.channel.pk), _form(row, wrong, form) if decides else None) for row in rows],
        "fits": fit.table(channels, {row.channel.pk: row.numbers for row in rows}, now),
        "weights": [(fit.NAMES[name], weight) for name, weight in fit.WEIGHTS.items()],
        "quarter": quarter,
        "wrong": form,
        "weeks": presence.WEEKS,
        "target": presence.TARGET,
    }
    return render(request, "desk/review_channels.html", context, status=422 if form else 200)


def _form(row: presence.Proposal, wrong: Channel | None, form: ReviewForm | None) -> ReviewForm:
    if form is not None and wrong is not None and wrong.pk == row.channel.pk:
        return form
    return ReviewForm(row.channel, initial={"decision": row.end})
