"""Routes of the media library."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import filming, library

app_name = "media"
urlpatterns = [
    path("", library.library, name="library"),
    path("add/", library.add, name="add"),
    path("<uuid:key>/", library.picture, name="picture"),
    path("<uuid:key>/consents/", library.add_consent, name="add-consent"),
    path("<uuid:key>/consents/<int:pk>/withdraw/", library.withdraw_consent, name="withdraw-consent"),
    path("<uuid:key>/captions/", filming.captions, name="captions"),
    path("<uuid:key>/captions/add/", filming.add_captions, name="add-captions"),
    path("<uuid:key>/captions/<uuid:captions>/read/", filming.note_read, name="note-captions-read"),
    path("<uuid:key>/put-away/", library.put_away, name="put-away"),
    path("<uuid:key>/take-up/", library.take_up, name="take-up"),
    path("<uuid:key>/put-into/", library.put_into, name="put-into"),
]
