"""The page “Conversation”: how much of what goes out has to be more than telling, in general and on one channel."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import Scope
from accounts.refusals import Invalid
from policy import floors
from policy.models import ConversationFloor
from policy.views.handbook import now_of

SHOWN = 30  # what was settled before


class FloorForm(forms.Form):
    """A floor, for the town or for a channel."""

    scope = forms.ModelChoiceField(
        Scope.objects.filter(kind="channel", closed_at=None),
        label="Channel",
        required=False,
        empty_label="Every channel without a floor of its own",
    )
    share = forms.IntegerField(
        label="Conversation, at least (%)",
        min_value=1,
        max_value=100,
        required=False,
        help_text="Empty: nothing is asked any more; of a channel no more than of every other one.",
    )
    why = forms.CharField(label="Why", max_length=160)


@allow("see_policy")
def show(request: HttpRequest) -> HttpResponse:
    """What is asked, and what was settled before; whoever may, settles it."""
    return _page(request, FloorForm())


def _page(request: HttpRequest, form: FloorForm) -> HttpResponse:
    now = now_of(request)
    held = floors.at(now)
    scopes = Scope.objects.filter(pk__in=held.own, closed_at=None)
    rows = ConversationFloor.objects.select_related("scope", "by").order_by("-at", "-pk")
    context = {
        "here": "floors",
        "share": held.town,
        "own": [(scope, held.own[scope.pk]) for scope in scopes],
        "rows": rows[:SHOWN],
        "form": form,
        "may_change": may(person(request), floors.ACT, now),
    }
    return render(request, "policy/floors.html", context, status=422 if form.errors else 200)


@allow("write_policy")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """A floor that holds from now on."""
    form = FloorForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            floors.settle(said["share"], said["scope"], said["why"], by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
    if form.errors:
        return _page(request, form)
    messages.success(request, "It holds from now on. Figures of the past are held against what was asked then.")
    return redirect("policy:floors")
