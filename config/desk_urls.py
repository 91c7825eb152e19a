"""Routes of the pages over siblings."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import signing
from config import desk, frame, search

app_name = "desk"
urlpatterns = [
    path("", desk.today, name="today"),
    path("search/", search.search, name="search"),
    path("frame/", frame.live, name="frame"),
    path("sign-off/", signing.queue, name="sign-off"),
]
