"""Routes of the production board."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import production

app_name = "production"
urlpatterns = [
    path("", production.board, name="board"),
    path("new/", production.new_asset, name="new-asset"),
    path("<uuid:key>/", production.asset, name="asset"),
    path("<uuid:key>/move/", production.move_asset, name="move-asset"),
]
