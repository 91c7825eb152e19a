"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from metrics import figure_views, outside_views, views
from metrics.gathered_urls import GATHERED

app_name = "measures"
urlpatterns = [
    path("", views.objectives, name="objectives"),
    path("new/", views.set_objective, name="new-objective"),
    path("measures/", figure_views.measures, name="measures"),
    path("measures/<slug:name>/", figure_views.figure, name="figure"),
    path("measures/<slug:name>.csv", figure_views.figure_csv, name="figure-rows"),
    path("coverage/", figure_views.covered, name="coverage"),
    path("costs/", figure_views.unit_costs, name="costs"),
    path("costs/settle/", figure_views.settle_cost, name="settle-cost"),
    path("outside/", outside_views.outside, name="outside"),
    path("outside/take/", outside_views.take, name="take-outside"),
    path("outside/<uuid:key>/", outside_views.one, name="outside-file"),
    path("outside/<uuid:key>/set-up/", outside_views.set_up, name="set-up-outside"),
    path("outside/<uuid:key>/bring-in/", outside_views.bring_in, name="bring-in-outside"),
    path("outside/<uuid:key>/take-back/", outside_views.take_back, name="take-back-outside"),
    path("outside/<uuid:key>/discard/", outside_views.discard, name="discard-outside"),
    path("outside/<slug:kind>/", outside_views.figures, name="outside-figures"),
    path("outside/<slug:kind>.csv", outside_views.figures_csv, name="outside-figures-table"),
    *GATHERED,
    path("<uuid:key>/", views.objective, name="objective"),
    path("<uuid:key>/change/", views.set_objective, name="set-objective"),
    path("<uuid:key>/weeks.csv", views.weeks_csv, name="objective-weeks"),
]
