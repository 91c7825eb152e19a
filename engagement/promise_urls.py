"""Routes of promises."""

from __future__ import annotations

from django.urls import path

from engagement.views import promises, promising

app_name = "promises"
urlpatterns = [
    path("", promises.show_promises, name="all"),
    path("promises.csv", promises.table, name="table"),
    path("in/<uuid:key>/catch/", promising.catch, name="catch"),
    path("in/<uuid:key>/decline/", promising.decline, name="decline"),
    path("in/<uuid:key>/new/", promising.promise, name="new"),
    path("in/<uuid:key>/join/", promising.join, name="join"),
    path("<uuid:key>/", promises.show_promise, name="promise"),
    path("<uuid:key>/re-date/", promises.re_date, name="re-date"),
    path("<uuid:key>/hand-over/", promises.hand_over, name="hand-over"),
    path("<uuid:key>/keep/", promises.keep, name="keep"),
    path("<uuid:key>/break/", promises.break_promise, name="break"),
    path("<uuid:key>/withdraw/", promises.withdraw, name="withdraw"),
    path("<uuid:key>/leave/", promises.leave, name="leave"),
    path("<uuid:key>/draft/", promises.draft, name="draft"),
    path("<uuid:key>/send/", promises.send, name="send"),
]
