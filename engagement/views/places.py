"""The town's list of places, and when an alert is raised."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import LostRace
from engagement import gathering, naming, offering
from engagement.issue_forms import ImportForm, PlaceForm, ThresholdForm
from engagement.models import AlertRule, Place
from engagement.views.asking import now_of

PAGE = 60


@allow("see_inbox")
def show_places(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    form: PlaceForm | None = None,
    read: ImportForm | None = None,
    rule: ThresholdForm | None = None,
) -> HttpResponse:
    words = request.GET.get("q", "")[:80].strip()
    rows = Place.objects.filter(active=True)
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(other_names__icontains=words)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "q": words,
        "form": form or PlaceForm(),
        "read": read or ImportForm(),
        "rule": rule or ThresholdForm(instance=gathering.rule_now()),
        "may_change": may(person(request), "change_lists", now_of(request)),
        "watched": offering.places_of_watches(person(request), now_of(request)),
        "may_keep": may(person(request), "keep_watch", now_of(request)),
    }
    refused = any(one is not None for one in (form, read, rule))
    return render(request, "engagement/issues/places.html", context, status=422 if refused else 200)


@allow("change_lists")
@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    place = naming.add(form.cleaned_data["name"], form.cleaned_data["others"], by=person(request), now=now_of(request))
    messages.success(request, f"{place} is looked for from now on.")
    return redirect("issues:places")


@allow("change_lists")
@require_POST
def import_places(request: HttpRequest) -> HttpResponse:
    """Read a table; what is known already gets the other names as well."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, read=form)
    new, more = naming.read_in(form.cleaned_data["table"], by=person(request), now=now_of(request))
    messages.success(request, f"{new} new, {more} with more names.")
    return redirect("issues:places")


@allow("change_lists")
def edit_place(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a name or what people also write."""
    place = get_object_or_404(Place, key=key)
    initial = {"name": place.name, "others": "\n".join(place.other_names), "version": place.version}
    form = PlaceForm(request.POST if request.method == "POST" else None, place=place, initial=initial)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            naming.change(
                place, facts["name"], facts["others"], facts["version"], by=person(request), now=now_of(request)
            )
        except LostRace as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}")
        else:
            messages.success(request, "Saved.")
            return redirect("issues:places")
    status = 422 if request.method == "POST" else 200
    return render(request, "engagement/issues/place.html", {"place": place, "form": form}, status=status)


@allow("change_lists")
@require_POST
def put_away(request: HttpRequest, key: UUID) -> HttpResponse:
    place = get_object_or_404(Place, key=key)
    naming.put_away(place, by=person(request), now=now_of(request))
    messages.success(request, f"{place} is looked for no more.")
    return redirect("issues:places")


@allow("change_lists")
@require_POST
def set_thresholds(request: HttpRequest) -> HttpResponse:
    """How many reports or comments, in how long, raise an alert."""
    form = ThresholdForm(request.POST, instance=AlertRule(pk=1))
    if not form.is_valid():
        return _page(request, rule=form)
    naming.set_thresholds(form.instance, by=person(request), now=now_of(request))
    messages.success(request, "Saved. It holds from now on.")
    return redirect("issues:places")
