"""The town's pack with everything in it: what holds today, where it is from, and when somebody last looked at it."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.models import Town
from accounts.walltime import to_wall
from policy import pack_rules, packs
from policy.models import PackReview
from policy.views.handbook import now_of

YEARLY = timedelta(days=365)


class ReviewForm(forms.Form):
    note = forms.CharField(label="Who advised, and what was found", max_length=300)


class ChoiceForm(forms.Form):
    pack = forms.ChoiceField(label="Pack", choices=lambda: list(packs.names().items()))


@allow("see_policy")
def pack(request: HttpRequest) -> HttpResponse:
    """The pack the town chose, or the one the address names, as it holds on a day."""
    return _page(request)


def _page(request: HttpRequest, form: ReviewForm | None = None) -> HttpResponse:
    now, town = now_of(request), Town.here()
    today = to_wall(now, town.zone).date()
    on = _day(request.GET.get("on", "")) or today
    asked = request.GET.get("pack", "")
    whole = packs.read(asked if asked in packs.names() else town.pack)
    reviews = PackReview.objects.filter(pack=whole.key).select_related("by")
    last = reviews.first()
    looked = max(filter(None, [whole.checked_on, to_wall(last.at, town.zone).date() if last else None]), default=None)
    context = {
        "here": "pack",
        "pack": whole,
        "own": whole.key == packs.read(town.pack).key,
        "on": on,
        "is_today": on == today,
        "families": [(words, _rules(whole.key, family, on)) for family, words in pack_rules.FAMILIES.items()],
        "holidays": packs.holidays(whole.key, on.year),
        "accessible": pack_rules.accessible_by(whole.key, town.population, on),
        "by_size": pack_rules.depends_on_size(whole.key, on),
        "population": town.population,
        "looked": looked,
        "stale": looked is None or today - looked > YEARLY,
        "reviews": reviews[:10],
        "choices": packs.names(),
        "review_form": form or ReviewForm(),
        "may_review": may(person(request), "review_pack", now),
        "may_choose": may(person(request), "change_settings", now),
    }
    return render(request, "policy/pack.html", context, status=422 if form else 200)


def _rules(key: str, family: str, on: date) -> list[tuple[pack_rules.Rule, date | None]]:
    """Each rule of the family, a clock with the day it would run out for what comes in that day."""
    found = pack_rules.rules(key, family, on)
    return [(rule, pack_rules.due_on(rule, on) if family == "clock" else None) for rule in found]


def _day(words: str) -> date | None:
    try:
        found = parse_date(words)
    except ValueError:
        return None
    return found if found and 1990 <= found.year <= 2100 else None


@allow("review_pack")
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """Somebody went through it with whoever advises the town; ends the yearly reminder."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    key, by, now = packs.read(Town.here().pack).key, person(request), now_of(request)
    with transaction.atomic():
        row = PackReview.objects.create(pack=key, at=now, by=by, note=form.cleaned_data["note"])
        audit.record("reviewed_pack", row, by=by, now=now, note=row.note)
    messages.success(request, "Noted. Parley reminds you again in a year.")
    return redirect("policy:pack")
