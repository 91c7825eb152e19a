"""Routes of legal requests."""

from __future__ import annotations

from django.urls import path

from engagement.views import statutory

urlpatterns = [
    path("legal/", statutory.show_all, name="legal-requests"),
    path("legal/<uuid:key>/", statutory.show_one, name="legal-request"),
    path("legal/<uuid:key>/confirm/", statutory.confirm, name="confirm-request"),
    path("legal/<uuid:key>/decline/", statutory.decline, name="decline-request"),
    path("legal/<uuid:key>/hand/", statutory.hand, name="hand-request"),
    path("legal/<uuid:key>/settle/", statutory.settle, name="settle-request"),
    path("legal/<uuid:key>/receipt/", statutory.put_receipt, name="put-receipt"),
    path("<uuid:key>/legal/", statutory.note_request, name="note-request"),
]
