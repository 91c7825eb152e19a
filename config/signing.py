"""The sign-off page: posts and answers that wait for a signature, those of the calendar and of the inbox together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow
from calendar_app.views import signing as posts
from engagement.views import signing as answers


@allow("see_signoff")
def queue(request: HttpRequest) -> HttpResponse:
    """What is mine to sign, answers first: somebody waits for them; then what I asked others to sign."""
    return render(request, "desk/signoff.html", posts.waiting(request) | answers.waiting(request))
