"""Pages over siblings: Today, which draws on calendar, inbox, channels and readings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, may, person
from accounts.models import Town
from channels_app import profiles
from config import lights, set_up
from config import today as blocks
from engagement import awaiting, calls, relations

MAY = {"inbox": "see_inbox", "channels": "see_channels", "calendar": "see_calendar", "objectives": "see_objectives"}


@allow("see_today")
def today(request: HttpRequest) -> HttpResponse:
    """What must I do, what goes out, is anything broken, how is the week going."""
    user, now, town = person(request), request.now, Town.here()  # type: ignore[attr-defined]
    if set_up.needed(now, user):
        return redirect("desk:set-up")
    moment = now.astimezone(town.tz)
    due = blocks.due(user, now, town)
    decisions = awaiting.waiting_for(user, now)
    going = blocks.going_out(user, now, town.tz)
    week = blocks.this_week(user, now, town)
    context = {
        "greeting": blocks.greeting(moment),
        "moment": moment,
        "summary": blocks.summary(due, going, len(decisions)),
        "decisions": decisions,
        "due": due,
        "follow_ups": relations.due_follow_ups(user, moment.date()) if may(user, "see_inbox", now) else [],
        "late_calls": calls.overdue(moment.date()) if may(user, "see_inbox", now) else [],
        "going": going,
        "lights": lights.health(user, now),
        "profiles_due": profiles.due(user, now, town),
        "week": week,
        "empty_words": ", ".join(f"{day:%A}" for day in week.empty_days) or "every working day ahead has something",
        "empty_tone": "warn" if week.empty_days else "good",
    } | {f"may_{name}": may(user, act, now) for name, act in MAY.items()}
    return render(request, "desk/today.html", context)
