"""Routes of the queue: many at once, saved views, and where one conversation stands in it."""

from __future__ import annotations

from django.urls import path

from engagement.views import many, queueing, saving

urlpatterns = [
    path("many/", many.many, name="many"),
    path("views/", saving.show_views, name="views"),
    path("views/save/", saving.save_view, name="save-view"),
    path("views/<uuid:key>/change/", saving.change_view, name="change-view"),
    path("views/<uuid:key>/delete/", saving.delete_view, name="delete-view"),
    path("<uuid:key>/rank/", queueing.rank, name="rank"),
    path("<uuid:key>/entrust/", queueing.entrust, name="entrust"),
    path("<uuid:key>/snooze/", queueing.snooze, name="snooze"),
    path("<uuid:key>/end-snooze/", queueing.end_snooze, name="end-snooze"),
    path("<uuid:key>/merge/", queueing.merge, name="merge"),
    path("<uuid:key>/split/", queueing.split, name="split"),
    path("<uuid:key>/take-apart/<uuid:move>/", queueing.take_apart, name="take-apart"),
    path("<uuid:key>/attend/", queueing.attend, name="attend"),
]
