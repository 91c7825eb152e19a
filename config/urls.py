"""Every route of the desk. Each app has its own urls.py; pages over siblings are in desk.py."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
