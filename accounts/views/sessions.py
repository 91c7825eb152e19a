"""Ending somebody else's sessions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts import audit, sessions
from accounts.access import allow, person
from accounts.models import User
from accounts.reentry import after_password


@allow("end_sessions")
@require_POST
@after_password
def end_sessions(request: HttpRequest, key: UUID) -> HttpResponse:
    """End every session of a person, the one at hand excepted; they can sign in again."""
    him = get_object_or_404(User, key=key)
    here = request.session.session_key or ""
    ended = sessions.end_all(him, besides=here if him == person(request) else "")
    audit.record("ended_sessions", him, by=person(request), now=request.now, sessions=ended)  # type: ignore[attr-defined]
    messages.success(request, f"{ended} sessions of {him.name} are ended.")
    return redirect("accounts:person", key=key)
