"""Every route of the desk. Each app has its own urls.py; pages over siblings are in desk.py."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("config.desk_urls")),
    path("", include("accounts.urls")),
    path("channels/", include("channels_app.urls")),
    path("calendar/", include("calendar_app.urls")),
    path("inbox/", include("engagement.urls")),
    path("objectives/", include("metrics.urls")),
]
