"""Routes of the voice: the profile, the lists, the checks and the approved positions."""

from __future__ import annotations

from django.urls import path

from policy.views import positions, rules, voice, words

app_name = "voice"
urlpatterns = [
    path("voice/", voice.profile, name="profile"),
    path("voice/change/", voice.change_profile, name="change-profile"),
    path("voice/versions/", voice.versions, name="versions"),
    path("words/", words.lists, name="lists"),
    path("words/export.txt", words.export_lists, name="export-lists"),
    path("words/import/", words.import_lists, name="import-lists"),
    path("words/<slug:name>/", words.show_list, name="list"),
    path("words/<slug:name>/change/", words.change_list, name="change-list"),
    path("checks/", rules.catalogue, name="checks"),
    path("checks/try/", rules.try_checks, name="try-checks"),
    path("checks/<slug:rule>/", rules.change_rule, name="change-rule"),
    path("positions/", positions.positions, name="positions"),
    path("positions/new/", positions.change_position, name="new-position"),
    path("positions/<uuid:key>/", positions.change_position, name="change-position"),
    path("positions/<uuid:key>/end/", positions.end_position, name="end-position"),
]
