"""Routes of elections and mourning; the emergency has its own."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import modes, names

app_name = "modes"
urlpatterns = [
    path("", modes.all_modes, name="all"),
    path("plan/", modes.plan, name="plan"),
    path("names/", names.names, name="names"),
    path("names/add/", names.add_name, name="add-name"),
    path("names/<uuid:key>/put-away/", names.put_name_away, name="put-name-away"),
    path("names/<uuid:key>/pictures/", names.mark_picture, name="mark-picture"),
    path("<uuid:key>/", modes.mode, name="mode"),
    path("<uuid:key>/rules/", modes.set_rules, name="set-rules"),
    path("<uuid:key>/end/", modes.end, name="end"),
    path("<uuid:key>/exempt/", modes.exempt, name="exempt"),
    path("<uuid:key>/exemptions/<int:pk>/withdraw/", modes.withdraw, name="withdraw"),
    path("<uuid:key>/tasks/<int:pk>/", modes.do_task, name="do-task"),
]
