"""Routes of the settings of response: promises, closed days, and the automatic acknowledgement."""

from __future__ import annotations

from django.urls import path

from engagement.views import acknowledging, response

app_name = "response"
urlpatterns = [
    path("", response.show_promises, name="promises"),
    path("set/", response.set_promise, name="set-promise"),
    path("close-day/", response.close_day, name="close-day"),
    path("days/<int:pk>/open/", response.open_day, name="open-day"),
    path("acknowledgements/", acknowledging.show_all, name="acknowledgements"),
    path("acknowledgements/<uuid:key>/", acknowledging.set_one, name="set-acknowledgement"),
]
