"""A post that goes out by hand: what to copy, and saying that it is out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, person
from accounts.refusals import Invalid
from accounts.walltime import SECOND, from_wall, to_wall
from calendar_app import deciding
from calendar_app.hand_forms import ByHandForm
from calendar_app.models import Placement
from calendar_app.views.finding import find_placement, now_of, town_of
from channels_app import media, outbox
from channels_app.models import Channel, Delivery, Media


@allow("decide_delivery")
def post_by_hand(request: HttpRequest, key: UUID) -> HttpResponse:
    """The exact words, pictures and link to copy; then the address of what was posted."""
    placement = find_placement(request, key)
    now, zone = now_of(request), town_of(request).zone
    initial = {"version": placement.delivery and placement.delivery.version, "at": to_wall(now, zone)}
    form = ByHandForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            at = _moment(data["at"], zone, now)
            deciding.posted(placement, data["url"], at, by=person(request), now=now, version=data["version"])
        except Invalid as why:
            form.add_error("at" if "moment" in why.words or "before" in why.words else "url", _said(why))
        else:
            messages.success(request, f"Noted as published on {placement.channel.name}, at the address you gave.")
            return redirect("calendar:post", key=placement.post.key)
    return render(request, "calendar_app/by_hand.html", _about(request, placement, form), status=_status(form))


def _moment(wall: datetime, zone: str, now: datetime) -> datetime:
    """When it was posted; of a time that came twice, the last one that is over."""
    second = from_wall(wall, zone, SECOND)
    return second if second <= now else from_wall(wall, zone, 0)


def _said(why: Invalid) -> str:
    return f"{why.words} {why.next_step}".strip()


def _status(form: ByHandForm) -> int:
    return 422 if form.errors else 200


def _about(request: HttpRequest, placement: Placement, form: ByHandForm) -> dict[str, object]:
    delivery, now = placement.delivery, now_of(request)
    form.fields["at"].help_text = f"On the clocks of {town_of(request).zone}"
    waits = delivery is not None and placement.shown_state == delivery.state and outbox.waits_for_a_hand(delivery)
    return {
        "placement": placement,
        "post": placement.post,
        "delivery": delivery,
        "words": outbox.words_for(delivery, now) if delivery else None,
        "waits": waits,
        "said": outbox.sent_words(delivery) if delivery else "",
        "pictures": _pictures(delivery, now) if delivery else [],
        "profile": _profile(placement.channel),
        "form": form,
    }


def _pictures(delivery: Delivery, now: datetime) -> list[tuple[Media, str, str, str]]:
    """Each picture with its alt text, a small one to see and the whole one to save."""
    entries = delivery.payload.get("pictures") or ()
    known = {str(one.key): one for one in Media.objects.filter(key__in=[one["media"] for one in entries])}
    found = [(known[one["media"]], one.get("alt", "")) for one in entries if one["media"] in known]
    return [(one, alt, media.link(one, now, small=True), media.link(one, now)) for one, alt in found]


def _profile(channel: Channel) -> str:
    return channel.url if channel.url.startswith("https://") else ""
