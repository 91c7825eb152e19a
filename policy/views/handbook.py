"""The handbook: what the town decided about how it speaks, to be read by everybody who works here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow


@allow("see_policy")
def handbook(request: HttpRequest) -> HttpResponse:
    """The way in: both guides and everything that hangs beside them."""
    return render(request, "policy/handbook.html", {"here": "handbook"})
