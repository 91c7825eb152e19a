"""How one is mailed about what: event by event, with letters once a day or a week for what can wait."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import events, mailing, notifications
from accounts.access import person
from accounts.models import NotificationChoice
from accounts.refusals import Invalid

LETTERS = {"day": "the daily letter", "week": "the weekly letter"}


def mail_choices(request: HttpRequest) -> HttpResponse:
    """Show and change the choices; a link in a letter leads here to stop it, which is still the person's own act."""
    me = person(request)
    if request.method == "POST":
        stop = request.POST.get("stop", "")
        if stop in LETTERS:
            notifications.stop_letters(me, stop)
            messages.success(request, f"You get {LETTERS[stop]} no more. Everything is still told here in the app.")
        else:
            notifications.choose(me, _wanted(request))
            messages.success(request, "Your choices are saved.")
        return redirect("accounts:mail-choices")
    now = notifications.choices_of(me)
    rows = [
        {"name": f"how-{n}", "event": event, "how": now[event.start], "fixed": events.is_fixed(event.start)}
        for n, event in enumerate(events.EVENTS)
    ]
    groups = [(group, list(found)) for group, found in groupby(rows, key=lambda row: row["event"].group)]  # type: ignore[attr-defined]
    stop = request.GET.get("stop", "")
    context = {
        "groups": groups,
        "hows": NotificationChoice.HOW,
        "stop": stop if stop in LETTERS else "",
        "letter": LETTERS.get(stop, ""),
        "mail_on": mailing.is_on(),
        "here": "mail-choices",
    }
    return render(request, "accounts/mail_choices.html", context)


def _wanted(request: HttpRequest) -> dict[str, str]:
    known = dict(NotificationChoice.HOW)
    wanted = {}
    for n, event in enumerate(events.EVENTS):
        how = request.POST.get(f"how-{n}", event.how)
        if how not in known:
            raise Invalid("Choose one of the ways offered.")
        wanted[event.start] = how
    return wanted
