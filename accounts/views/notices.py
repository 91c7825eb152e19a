"""What one has been told."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import notifications
from accounts.access import allow, person
from accounts.models import Notification

A_PAGE = 50


@allow("see_notifications")
def list_notifications(request: HttpRequest) -> HttpResponse:
    """The newest first, fifty a page."""
    notes = Notification.objects.filter(user=person(request))
    page = Paginator(notes, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/notifications.html", {"page": page})


@allow("see_notifications")
@require_POST
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    note = get_object_or_404(Notification, user=person(request), pk=pk)
    notifications.mark_read(person(request), request.now, pk=note.pk)  # type: ignore[attr-defined]
    inside = note.url and url_has_allowed_host_and_scheme(note.url, allowed_hosts=None)
    return redirect(note.url if inside else "accounts:notifications")


@allow("see_notifications")
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    notifications.mark_read(person(request), request.now)  # type: ignore[attr-defined]
    return redirect("accounts:notifications")
