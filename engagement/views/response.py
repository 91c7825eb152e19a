"""Settings, Response promises: what is promised where, what was, setting another one, and the desk's closed days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import Town
from accounts.refusals import Invalid
from accounts.walltime import from_wall
from channels_app.models import Channel
from engagement import response, timing
from engagement.models import Closing, ResponsePromise
from engagement.response import Preview, Wanted
from engagement.views.asking import now_of
from policy.views.incidents import WallField

SHOWN = 50  # promises of the past


class LaterField(WallField):
    """A time on the town's clocks, or nothing."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value else None


class PromiseForm(forms.Form):
    """What is to be promised. `from_at` is entered on the town's clocks; empty is now."""

    channel = forms.ModelChoiceField(
        Channel.objects.living(), required=False, to_field_name="key", empty_label="Every channel without its own"
    )
    priority = forms.ChoiceField(
        required=False, choices=[("", "Every priority without its own"), *ResponsePromise.PRIORITIES]
    )
    hours = forms.FloatField(
        label="Hours", required=False, help_text="From when the resident wrote, by the clock. This is the promise."
    )
    service_hours = forms.FloatField(
        label="Service hours", required=False, help_text="Shown beside it: only time within your service hours counts."
    )
    from_at = LaterField(label="From", required=False, help_text="By the town's clocks; empty is at once.")
    ends = forms.BooleanField(
        label="No promise of its own here any more",
        required=False,
        help_text="The more general promise holds then. Leave the hours empty.",
    )
    why = forms.CharField(label="Why", max_length=300, help_text="Stands in the history.")

    def wanted(self, now: Any) -> Wanted:
        """What the form asks for; raises Invalid for a time that the town's clocks do not show."""
        data = self.cleaned_data
        wall = data.get("from_at")
        return Wanted(
            channel=data["channel"],
            priority=data["priority"],
            hours=data["hours"],
            service_hours=data["service_hours"],
            from_at=from_wall(wall, Town.here().zone) if wall else now,
            ends=data["ends"],
            why=data["why"],
        )


class ClosingForm(forms.Form):
    """One day without service hours."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="Why", max_length=120, help_text="Such as: staff day, the hall is flooded.")


@allow("see_settings")
def show_promises(request: HttpRequest) -> HttpResponse:
    """What holds now, what was promised before, and the form for another one."""
    asked = {name: request.GET[name] for name in ("channel", "priority") if name in request.GET}
    return _page(request, PromiseForm(initial={"hours": 24, "service_hours": 8} | asked), ClosingForm())


def _page(
    request: HttpRequest, form: PromiseForm, closing: ClosingForm, preview: Preview | None = None, described: str = ""
) -> HttpResponse:
    now = now_of(request)
    channels = list(Channel.objects.living().exclude(remote_id=""))
    rows = response.history()
    context = {
        "here": "response",
        "priorities": list(response.PRIORITIES.items()),
        "table": response.in_force(channels, now),
        "history": [(row, response.described(row), row.from_at > now) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "closings": Closing.objects.filter(ended_at=None, day__gte=timing.today(now)).select_related("by"),
        "form": form,
        "closing_form": closing,
        "preview": preview,
        "described": described,
        "may_set": may(person(request), "set_response_promise", now),
    }
    wrong = form.errors or closing.errors
    return render(request, "engagement/response_promises.html", context, status=422 if wrong else 200)


@allow("set_response_promise")
@require_POST
def set_promise(request: HttpRequest) -> HttpResponse:
    """Promise it, or show first what it would have meant."""
    now, form = now_of(request), PromiseForm(request.POST)
    if form.is_valid():
        try:
            wanted = form.wanted(now)
            response.check(wanted, now)
            if "look" in request.POST:
                return _page(request, form, ClosingForm(), response.preview(wanted, now), response.described(wanted))
            row = response.set_promise(wanted, by=person(request), now=now)
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, f"{response.described(row)}: {'ended' if row.ends else 'promised'}.")
            return redirect("response:promises")
    return _page(request, form, ClosingForm())


@allow("set_response_promise")
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            response.close_day(
                form.cleaned_data["day"], form.cleaned_data["reason"], by=person(request), now=now_of(request)
            )
        except Invalid as why:
            form.add_error("day", f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "The desk is closed that day: no service hours count.")
            return redirect("response:promises")
    return _page(request, PromiseForm(initial={"hours": 24, "service_hours": 8}), form)


@allow("set_response_promise")
@require_POST
def open_day(request: HttpRequest, pk: int) -> HttpResponse:
    response.open_day(get_object_or_404(Closing, pk=pk), by=person(request), now=now_of(request))
    messages.success(request, "That day has its usual hours again.")
    return redirect("response:promises")
