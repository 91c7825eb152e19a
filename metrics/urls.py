"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from metrics import views

app_name = "measures"
urlpatterns = [
    path("", views.objectives, name="objectives"),
    path("new/", views.set_objective, name="new-objective"),
    path("<uuid:key>/", views.objective, name="objective"),
    path("<uuid:key>/change/", views.set_objective, name="set-objective"),
    path("<uuid:key>/weeks.csv", views.weeks_csv, name="objective-weeks"),
]
