"""Routes of issues, of the places they are about, and of what is hot."""

from __future__ import annotations

from django.urls import path

from engagement.views import issues, places, triage

app_name = "issues"
urlpatterns = [
    path("", issues.show_issues, name="all"),
    path("thresholds/", places.set_thresholds, name="set-thresholds"),
    path("places/", places.show_places, name="places"),
    path("places/add/", places.add_place, name="add-place"),
    path("places/import/", places.import_places, name="import-places"),
    path("places/<uuid:key>/", places.edit_place, name="edit-place"),
    path("places/<uuid:key>/put-away/", places.put_away, name="put-away-place"),
    path("in/<uuid:key>/sort/", triage.sort, name="sort"),
    path("in/<uuid:key>/mark/", triage.mark, name="mark"),
    path("in/<uuid:key>/add/", issues.add, name="add"),
    path("<uuid:key>/", issues.show_issue, name="issue"),
    path("<uuid:key>/say/", issues.say, name="say"),
    path("<uuid:key>/take-out/", issues.take_out, name="take-out"),
    path("<uuid:key>/promise/", issues.promise, name="promise"),
    path("<uuid:key>/close/", issues.close, name="close"),
    path("<uuid:key>/draft/", issues.draft, name="draft"),
    path("<uuid:key>/send/", issues.send, name="send"),
]
