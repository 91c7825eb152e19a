"""Acts on one further part of a post after its release."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from calendar_app import deciding, further, releasing
from calendar_app.forms import DecideForm
from calendar_app.models import Placement
from calendar_app.views.deciding import DONE
from calendar_app.views.finding import find_placement, now_of, town_of
from channels_app import outbox


@allow("decide_delivery")
def decide_part(request: HttpRequest, key: UUID, n: int) -> HttpResponse:
    """What became of one part, what can be decided, and the decision with its reason."""
    placement = find_placement(request, key)
    delivery = further.find(placement, n)
    form = DecideForm(request.POST or None, initial={"version": delivery.version})
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, placement, n, form)
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
    form.fields["at"].help_text = f"On the clocks of {town_of(request).zone}"
    free_from = outbox.settled_at(delivery)
    context = {
        "placement": placement,
        "post": placement.post,
        "delivery": delivery,
        "text": outbox.text_of(delivery),
        "words": outbox.words_for(delivery, now_of(request)),
        "form": form,
        "open": delivery.state in deciding.FOR_A_PERSON,
        "maybe_out": delivery.may_be_out,
        "send_from": free_from if free_from and free_from > now_of(request) else None,
    }
    return render(request, "calendar_app/decide.html", context, status=422 if form.is_bound else 200)


def _decided(request: HttpRequest, placement: Placement, n: int, form: DecideForm) -> HttpResponse:
    data, now = form.cleaned_data, now_of(request)
    due_at = releasing.moment(data["at"], town_of(request).zone, None, now).due_at if data["at"] else None
    if data["decision"] == "reschedule" and due_at is None:
        raise Invalid("Choose a day and a time first.")
    said = {"version": data["version"], "reason": data["reason"], "url": data["url"], "due_at": due_at}
    further.decide(placement, n, data["decision"], by=person(request), now=now, **said)
    messages.success(request, DONE[data["decision"]])
    return redirect("calendar:post", key=placement.post.key)


@allow("schedule_post")
@require_POST
def send_part_again(request: HttpRequest, key: UUID, n: int) -> HttpResponse:
    """A part of which it is proven that it is not out, and what follows it, once more."""
    placement = find_placement(request, key)
    further.send_again(placement, n, by=person(request), now=now_of(request))
    messages.success(request, "The part is tried again now.")
    return redirect("calendar:post", key=placement.post.key)
