"""Routes of series."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import series

app_name = "series"
urlpatterns = [
    path("", series.list_series, name="list"),
    path("<uuid:key>/", series.one_series, name="series"),
    path("<uuid:key>/stop/", series.stop_series, name="stop"),
    path("<uuid:key>/schedule/", series.schedule_series, name="schedule"),
    path("of/<uuid:key>/new/", series.new_series, name="new"),
    path("of/<uuid:key>/carry/", series.carry_change, name="carry"),
    path("of/<uuid:key>/link/", series.link_part, name="link"),
]
