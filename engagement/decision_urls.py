"""Routes of escalation and of decisions; part of the inbox's."""

from __future__ import annotations

from django.urls import path

from engagement.views import decisions, escalating

urlpatterns = [
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<uuid:key>/", decisions.decision, name="decision"),
    path("<uuid:key>/escalate/", escalating.escalate, name="escalate"),
    path("<uuid:key>/choose/", escalating.choose, name="choose-answer"),
    path("<uuid:key>/edit-and-approve/", escalating.edit_and_approve_reply, name="edit-and-approve-reply"),
]
