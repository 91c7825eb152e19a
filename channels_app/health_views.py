"""The health page: every channel before anything fails, and what platforms charge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from channels_app import caring, platforms, prices, unheard, withheld
from channels_app.health_forms import PriceForm
from channels_app.models import Channel, UnheardMention, WithheldComments

ORDER = ("alarm", "warn", "good")  # what wants somebody stands first


@allow("see_channels")
def show_health(request: HttpRequest) -> HttpResponse:
    """Each channel this person sees, the one that wants somebody first."""
    return _page(request)


@allow("enter_price")
@require_POST
def enter_price(request: HttpRequest) -> HttpResponse:
    """A price the town has in writing; a form that is wrong keeps what was entered."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    prices.enter(**form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "The price is noted. It counts from the day you gave.")
    return redirect("channels:health")


@allow("look_at_mention")
@require_POST
def look_at_mention(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Somebody has looked on the platform at a mention that could not be read here."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    seen = Channel.objects.visible_to(me, now, "look_at_mention").filter(key=key)
    unheard.look_at(get_object_or_404(UnheardMention.objects.filter(channel__in=seen), pk=pk), by=me, now=now)
    messages.success(request, "It is noted that you have looked at it.")
    return redirect("channels:channel", key=key)


@allow("look_at_mention")
@require_POST
def look_at_comments(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Somebody has looked on the platform whether people write under the posts there."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    seen = Channel.objects.visible_to(me, now, "look_at_mention").filter(key=key)
    withheld.look_at(get_object_or_404(WithheldComments.objects.filter(channel__in=seen), pk=pk), by=me, now=now)
    messages.success(request, "It is noted that you have looked. What is missing by now is not told again.")
    return redirect("channels:channel", key=key)


def _page(request: HttpRequest, form: PriceForm | None = None) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    seen = list(Channel.objects.visible_to(me, now).living().select_related("scope"))
    cares = sorted((caring.of(channel, now) for channel in seen), key=lambda one: ORDER.index(one.worst))
    charging = [channel for channel in seen if prices.charges(channel.platform)]
    shown = sorted({channel.platform for channel in charging})
    context = {
        "cares": cares,
        "costs": [(channel, caring.money(channel, now)) for channel in charging],
        "tables": [(platforms.get(one).LABEL, _rates(one, now)) for one in shown],
        "may_price": may(me, "enter_price", now) and bool(charging),
        "form": form or PriceForm(initial={"currency": "USD", "good_from": now.date()}),
        "may_look": may(me, "look_at_mention", now),
        "now": now,
    }
    return render(request, "channels_app/health.html", context, status=422 if form else 200)


def _rates(platform: str, now: datetime) -> list[tuple[prices.Rate, str]]:
    found = prices.on(prices.history(platform), now.date())
    return [(rate, prices.money(rate.amount, rate.currency)) for rate in found.values()]
