"""Saved views: kept from the queue, and looked after on a page of their own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from engagement import saved_views
from engagement.models import SavedView
from engagement.views.asking import now_of


@allow("see_inbox")
def show_views(request: HttpRequest) -> HttpResponse:
    """One's own, to rename, share and delete; and what colleagues share."""
    rows = list(saved_views.seen_by(person(request)))
    own = [one for one in rows if one.owner_id == person(request).pk]
    shared = [one for one in rows if one.owner_id != person(request).pk]
    return render(request, "engagement/views.html", {"own": own, "shared": shared})


@allow("see_inbox")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the queue as they are."""
    asked = request.POST
    view = saved_views.save(
        asked.get("name", ""),
        asked.get("query", "")[:1000],
        shared="shared" in asked,
        by=person(request),
        now=now_of(request),
    )
    messages.success(request, f"Saved as “{view}”.")
    return redirect(f"{reverse('inbox:queue')}?{view.query}")


@allow("see_inbox")
@require_POST
def change_view(request: HttpRequest, key: UUID) -> HttpResponse:
    view, asked = _own(request, key), request.POST
    saved_views.change(view, asked.get("name", ""), shared="shared" in asked, by=person(request), now=now_of(request))
    messages.success(request, "Saved.")
    return redirect("inbox:views")


@allow("see_inbox")
@require_POST
def delete_view(request: HttpRequest, key: UUID) -> HttpResponse:
    saved_views.delete(_own(request, key), by=person(request), now=now_of(request))
    messages.success(request, "Deleted.")
    return redirect("inbox:views")


def _own(request: HttpRequest, key: UUID) -> SavedView:
    return get_object_or_404(SavedView, key=key, owner=person(request))
