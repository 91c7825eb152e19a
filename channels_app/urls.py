"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from channels_app import media_views

app_name = "channels"
urlpatterns = [
    path("media/<uuid:key>/<str:kind>/<str:seal>/", media_views.media_file, name="media-file"),
]
