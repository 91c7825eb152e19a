"""What the public may read: the version in force, where the town has chosen to show it. Nothing else, no sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from policy import guides
from policy.models import PolicyChoices
from policy.views.handbook import chapters, known


@login_not_required
def public(request: HttpRequest, guide: str) -> HttpResponse:
    """The approved version; 404 while the town shows none."""
    known(guide)
    choices, held = PolicyChoices.here(), guides.current(guide)
    shown = {name: getattr(choices, f"public_{name}") for name in guides.NAMES}
    if held is None or not shown[guide]:
        raise Http404
    others = [(name, guides.NAMES[name]) for name in guides.NAMES if name != guide and shown[name]]
    context = {
        "version": held,
        "name": guides.NAMES[guide],
        "chapters": chapters(guides.words_of(held)),
        "others": others,
    }
    response = render(request, "policy/public.html", context)
    response["Cache-Control"] = "no-cache"
    return response
