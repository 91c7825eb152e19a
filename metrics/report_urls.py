"""Routes of the weekly reports."""

from __future__ import annotations

from django.urls import path

from metrics import report_views

app_name = "reports"
urlpatterns = [
    path("", report_views.all_reports, name="all"),
    path("<slug:week>/", report_views.report, name="report"),
    path("<slug:week>/table.csv", report_views.report_table, name="report-table"),
    path("<slug:week>/sign/", report_views.sign, name="sign-report"),
]
