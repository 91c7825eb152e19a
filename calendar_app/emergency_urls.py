"""Routes of an emergency: few, short, and easy to find in a hurry."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import alerting, emergency, planning

app_name = "emergency"
urlpatterns = [
    path("", emergency.now, name="now"),
    path("switch-on/", emergency.switch_on, name="switch-on"),
    path("switch-off/", emergency.switch_off, name="switch-off"),
    path("messages/new/", alerting.write, name="write"),
    path("messages/<uuid:key>/", alerting.message, name="message"),
    path("messages/<uuid:key>/cap/", alerting.as_cap, name="cap"),
    path("frozen/", emergency.frozen, name="frozen"),
    path("frozen/<uuid:key>/decide/", emergency.decide, name="decide"),
    path("rumours/", emergency.rumours, name="rumours"),
    path("rumours/note/", emergency.note_rumour, name="note-rumour"),
    path("rumours/<uuid:key>/settle/", emergency.settle_rumour, name="settle-rumour"),
    path("alerts/", planning.alerts, name="alerts"),
    path("alerts/take/", planning.take_alert, name="take-alert"),
    path("plan/", planning.plan, name="plan"),
    path("plan/set/", planning.set_plan, name="set-plan"),
    path("plan/issuers/add/", planning.add_issuer, name="add-issuer"),
    path("plan/issuers/<int:pk>/end/", planning.end_issuer, name="end-issuer"),
    path("<uuid:key>/", emergency.chronology, name="chronology"),
]
