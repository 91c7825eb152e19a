"""Saying what answers end with on one channel."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from channels_app import sign_offs
from channels_app.forms import SignOffForm
from channels_app.models import Channel


@allow("connect_channel")
@require_POST
def set_sign_off(request: HttpRequest, key: UUID) -> HttpResponse:
    """What public answers end with here."""
    now = request.now  # type: ignore[attr-defined]
    channel = get_object_or_404(Channel.objects.visible_to(person(request), now, "connect_channel"), key=key)
    form = SignOffForm(request.POST, channel=channel)
    if not form.is_valid():
        raise Invalid("Choose what answers end with here.")
    sign_offs.choose(channel, form.cleaned_data["sign_off"], by=person(request), now=now)
    messages.success(request, f"Saved. Answers on {channel} end with {sign_offs.WORDS[sign_offs.of(channel)]}.")
    return redirect("channels:channel", key=key)
