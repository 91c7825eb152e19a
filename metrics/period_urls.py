"""Routes of the figures of a time: of the town and its parts, what resonates, and the case for resources."""

from __future__ import annotations

from django.urls import path

from metrics import case_views, period_views, resonance_views

app_name = "figures"
urlpatterns = [
    path("", period_views.overview, name="overview"),
    path("table.csv", period_views.table_csv, name="table"),
    path("series/<slug:name>.csv", period_views.series_csv, name="series"),
    path("channels/<uuid:key>/", period_views.channel, name="channel"),
    path("campaigns/<uuid:key>/", period_views.campaign, name="campaign"),
    path("objectives/<uuid:key>/", period_views.objective, name="objective"),
    path("resonance/", resonance_views.page, name="resonance"),
    path("resonance/comparisons.csv", resonance_views.table_csv, name="resonance-table"),
    path("resonance/posts.csv", resonance_views.rows_csv, name="resonance-rows"),
    path("case/", case_views.page, name="case"),
    path("case/table.csv", case_views.table_csv, name="case-table"),
]
