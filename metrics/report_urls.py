"""Routes of the weekly reports."""

from __future__ import annotations

from django.urls import path

from metrics import report_views, reputation_views, shift_views

app_name = "reports"
urlpatterns = [
    path("", report_views.all_reports, name="all"),
    path("changes/", shift_views.changes, name="changes"),
    path("changes/decide/", shift_views.decide, name="decide-change"),
    path("changes/<uuid:key>/review/", shift_views.review, name="review-change"),
    path("reputation/", reputation_views.panel, name="reputation"),
    path("reputation/table.csv", reputation_views.panel_table, name="reputation-table"),
    path("<slug:week>/", report_views.report, name="report"),
    path("<slug:week>/paper.pdf", report_views.report_paper, name="report-paper"),
    path("<slug:week>/table.csv", report_views.report_table, name="report-table"),
    path("<slug:week>/sign/", report_views.sign, name="sign-report"),
]
