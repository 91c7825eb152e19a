"""Acts on one channel of a post after its release: decide, send again, delete."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from calendar_app import corrections, deciding, releasing, scheduling
from calendar_app.correct_forms import TakedownForm
from calendar_app.forms import DecideForm
from calendar_app.models import Placement
from calendar_app.views.finding import find_placement, now_of, town_of
from calendar_app.wording import place
from channels_app import outbox
from channels_app.publishing import attaching

DONE = {
    "it_is_there": "Noted as published, on your word.",
    "send": "It is sent now.",
    "reschedule": "It has a new time.",
    "drop": "Dropped; it will not be sent.",
}


@allow("decide_delivery")
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of it, what can be decided, and the decision with its reason."""
    placement = find_placement(request, key)
    form = DecideForm(request.POST or None, initial={"version": placement.delivery and placement.delivery.version})
    if request.method == "POST":
        if form.is_valid():
            try:
                return _decided(request, placement, form)
            except Invalid as why:
                form.add_error(_field(form), f"{why.words} {why.next_step}".strip())
        return _page(request, placement, form, 422)
    return _page(request, placement, form, 200)


def _decided(request: HttpRequest, placement: Placement, form: DecideForm) -> HttpResponse:
    data, now = form.cleaned_data, now_of(request)
    due_at = None
    if data["decision"] == "reschedule":
        if data["at"] is None:
            raise Invalid("Choose a day and a time first.")
        due_at = releasing.moment(data["at"], town_of(request).zone, None, now).due_at
    deciding.decide(
        placement,
        data["decision"],
        by=person(request),
        now=now,
        version=data["version"],
        reason=data["reason"],
        url=data["url"],
        due_at=due_at,
    )
    messages.success(request, DONE[data["decision"]])
    return redirect("calendar:post", key=placement.post.key)


def _field(form: DecideForm) -> str:
    """The field a refusal is about."""
    decision = form.cleaned_data["decision"]
    if not form.cleaned_data["reason"].strip():
        return "reason"
    return {"it_is_there": "url", "reschedule": "at"}.get(decision, "reason")


def _page(request: HttpRequest, placement: Placement, form: DecideForm, status: int) -> HttpResponse:
    delivery = placement.delivery
    form.fields["at"].help_text = f"On the clocks of {town_of(request).zone}"
    free_from = outbox.settled_at(delivery) if delivery else None
    by_hand = delivery is not None and outbox.waits_for_a_hand(delivery)
    if by_hand:
        form.fields["reason"].label = "Why?"
    context = {
        "placement": placement,
        "post": placement.post,
        "delivery": delivery,
        "words": outbox.words_for(delivery, now_of(request)) if delivery else None,
        "form": form,
        "open": placement.shown_state in deciding.FOR_A_PERSON,
        "maybe_out": bool(delivery and delivery.may_be_out),
        "by_hand": by_hand,
        "can_attach": placement.shown_state in attaching.OPEN and not by_hand,
        "send_from": free_from if free_from and free_from > now_of(request) else None,
    }
    return render(request, "calendar_app/decide.html", context, status=status)


@allow("schedule_post")
@require_POST
def send_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """A failed one, of which it is proven that nothing went out, once more: a new delivery of the same words."""
    placement = find_placement(request, key)
    if placement.shown_state != "failed":
        raise Invalid("Only what failed and was not sent can be sent again.", next_step="Look at what became of it.")
    zone = town_of(request).zone
    scheduling.publish(placement.post, [placement], zone=zone, by=person(request), now=now_of(request))
    messages.success(request, f"{place(placement.channel)} is tried again now.")
    return redirect("calendar:post", key=placement.post.key)


@allow("delete_post")
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """First what is deleted and where, and why; what was wrong is put right first. Then the button that does it."""
    placement = find_placement(request, key)
    form = TakedownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, where = form.cleaned_data, place(placement.channel)
        try:
            deciding.delete(placement, data["ground"], data["reason"], by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("ground", f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, f"It is being deleted on {where}. What it said stays on record.")
            return redirect("calendar:post", key=placement.post.key)
    context = {
        "placement": placement,
        "post": placement.post,
        "delivery": placement.delivery,
        "form": form,
        "correction": corrections.covering(placement),
    }
    return render(request, "calendar_app/delete.html", context, status=422 if form.errors else 200)
