"""Settings, Acknowledgement: what each channel says by itself, and switching it on or off."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from channels_app.models import Channel
from engagement import acknowledging
from engagement.acknowledging import Wanted
from engagement.models import Acknowledged
from engagement.views.asking import now_of

FIRST = {
    "text": "Thank you, your message has reached us. A person will answer you.",
    "emergency": "In danger, call the emergency number, not this account.",
    "every_hours": 24,
}


class AcknowledgementForm(forms.Form):
    """The words, and when they are said. The label and the service hours are put in by Parley."""

    on = forms.BooleanField(label="Send it from now on", required=False)
    text = forms.CharField(
        label="What it says",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“Automatic message:” comes before it and your service hours after it.",
    )
    emergency = forms.CharField(
        label="Whom to call in danger", max_length=160, help_text="With the number, such as: In danger call 999."
    )
    every_hours = forms.IntegerField(
        label="Hours", help_text="A conversation gets at most one in this time.", min_value=1, max_value=720
    )
    private = forms.BooleanField(
        label="In private messages too",
        required=False,
        help_text="Never where somebody writes of law, money, safety or staff: a person answers there.",
    )


@allow("see_settings")
def show_all(request: HttpRequest) -> HttpResponse:
    """Every channel with what it says by itself, if anything."""
    channels = Channel.objects.living().exclude(remote_id="")
    town = request.town  # type: ignore[attr-defined]
    rows = []
    for channel in channels:
        row = acknowledging.in_force(channel)
        sent = Acknowledged.objects.filter(setting__channel=channel).count()
        said = acknowledging.words(row.text, row.emergency, town) if row else ""
        rows.append({"channel": channel, "row": row, "sent": sent, "said": said})
    context = {
        "here": "response",
        "rows": rows,
        "may_set": may(person(request), "set_acknowledgement", now_of(request)),
    }
    return render(request, "engagement/acknowledgements.html", context)


@allow("set_acknowledgement")
def set_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change it for one channel, or read first what it would say."""
    channel = get_object_or_404(Channel.objects.living().exclude(remote_id=""), key=key)
    row = acknowledging.in_force(channel)
    initial = {name: getattr(row, name) for name in AcknowledgementForm.base_fields} if row else FIRST
    form = AcknowledgementForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and "look" not in request.POST:
        try:
            set_ = acknowledging.set_for(channel, Wanted(**form.cleaned_data), by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            state = "on: you approved its words" if set_.on else "off"
            messages.success(request, f"The acknowledgement on {channel} is {state}.")
            return redirect("response:acknowledgements")
    values = form.cleaned_data if form.is_bound else initial
    text, emergency = str(values.get("text", "")), str(values.get("emergency", ""))
    said = acknowledging.words(text, emergency, request.town)  # type: ignore[attr-defined]
    context = {
        "here": "response",
        "channel": channel,
        "form": form,
        "said": said,
        "left": acknowledging.room(channel, said),
    }
    return render(request, "engagement/acknowledgement.html", context, status=422 if form.errors else 200)
