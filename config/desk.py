"""Pages over siblings: Today, which draws on calendar, inbox, channels and readings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow


@allow("see_today")
def today(request: HttpRequest) -> HttpResponse:
    """What must I do, what goes out, is anything broken, how is the week going."""
    return render(request, "desk/today.html", {})
