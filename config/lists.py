"""Settings, Lists: topics, campaigns and labels to choose from, and the pack whose holidays the calendar shows.

Pages over siblings: the lists live in policy, calendar and inbox. A word in use is put away, never deleted.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.models import Town
from calendar_app.models import Campaign
from engagement.models import Label
from policy import packs
from policy.models import Topic


class TopicForm(forms.ModelForm):
    """A topic has a name, says whether it is a niche, and whom it is for."""

    class Meta:
        model = Topic
        fields = ("name", "audience", "niche")
        labels = {"name": "Topic", "audience": "Whom it is for", "niche": "Niche: for a small group that cares a lot"}


class CampaignForm(forms.ModelForm):
    """A campaign has a name and one of the calendar's colours."""

    class Meta:
        model = Campaign
        fields = ("name", "colour")
        labels = {"name": "Campaign", "colour": "Colour in the calendar"}


class LabelForm(forms.ModelForm):
    """A label is one short word or two."""

    class Meta:
        model = Label
        fields = ("name",)
        labels = {"name": "Label"}


class PackForm(forms.Form):
    """The jurisdiction whose public holidays count."""

    pack = forms.ChoiceField(label="Public holidays of", choices=lambda: list(packs.names().items()))


FORMS: dict[str, type[forms.ModelForm]] = {"topic": TopicForm, "campaign": CampaignForm, "label": LabelForm}


@allow("see_settings")
def show_lists(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@allow("change_lists")
def add_to_list(request: HttpRequest, name: str) -> HttpResponse:
    """Add a word to a list; one that is there already is named."""
    kind = FORMS.get(name)
    if kind is None:
        raise Http404
    form = kind(request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, form, status=422)
    with transaction.atomic():
        thing = form.save()
        audit.record(f"added {name}", thing, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"“{thing}” can be chosen now.")
    return redirect("desk:lists")


@require_POST
@allow("change_lists")
def put_away(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Offer a topic or campaign no longer, or again; what carries it keeps it."""
    models: dict[str, type[Topic] | type[Campaign]] = {"topic": Topic, "campaign": Campaign}
    if name not in models:
        raise Http404
    thing: Any = get_object_or_404(models[name], pk=pk)
    thing.active = not thing.active
    with transaction.atomic():
        thing.save(update_fields=["active"])
        act = f"{'took up' if thing.active else 'put away'} {name}"
        audit.record(act, thing, by=person(request), now=request.now)  # type: ignore[attr-defined]
    return redirect("desk:lists")


@require_POST
@allow("change_settings")
def choose_pack(request: HttpRequest) -> HttpResponse:
    """Say whose holidays count, in the calendar and in service hours."""
    form = PackForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    town = Town.here()
    was, town.pack = town.pack, form.cleaned_data["pack"]
    with transaction.atomic():
        town.save(update_fields=["pack"])
        audit.record("chose pack", town, by=person(request), now=request.now, was=was, became=town.pack)  # type: ignore[attr-defined]
    messages.success(request, "Saved.")
    return redirect("desk:lists")


def _page(request: HttpRequest, wrong: forms.BaseForm | None = None, status: int = 200) -> HttpResponse:
    town, now, user = Town.here(), request.now, person(request)  # type: ignore[attr-defined]
    shown: dict[str, forms.BaseForm] = {f"{name}_form": kind(prefix=name) for name, kind in FORMS.items()}
    shown["pack_form"] = PackForm(initial={"pack": packs.read(town.pack).key})
    for name, form in shown.items():
        if wrong is not None and type(form) is type(wrong):
            shown[name] = wrong
    context = shown | {
        "here": "lists",
        "wrong": wrong,
        "pack": packs.read(town.pack),
        "topics": Topic.objects.order_by("-active", "name"),
        "campaigns": Campaign.objects.order_by("-active", "name"),
        "labels": Label.objects.all(),
        "may_change": may(user, "change_lists", now),
        "may_choose_pack": may(user, "change_settings", now),
    }
    return render(request, "desk/lists.html", context, status=status)
