"""Routes of listening."""

from __future__ import annotations

from django.urls import path

from engagement.views import hearing, listening

app_name = "listening"
urlpatterns = [
    path("", listening.listening, name="all"),
    path("new/", listening.new_watch, name="new-watch"),
    path("about-me/", hearing.about_me, name="about-me"),
    path("about-me/agree/", hearing.agree, name="agree"),
    path("about-me/withdraw/", hearing.withdraw, name="withdraw"),
    path("voices/", hearing.voices, name="voices"),
    path("voices/add/", hearing.add_voice, name="add-voice"),
    path("voices/<uuid:key>/end/", hearing.end_voice, name="end-voice"),
    path("limits/", hearing.set_limits, name="set-limits"),
    path("heard/<uuid:key>/take/", hearing.take_hit, name="take-hit"),
    path("heard/<uuid:key>/hold/", hearing.hold_hit, name="hold-hit"),
    path("heard/<uuid:key>/release/", hearing.release_hit, name="release-hit"),
    path("heard/<uuid:key>/aside/", hearing.set_hit_aside, name="set-hit-aside"),
    path("heard/<uuid:key>/author/", hearing.author, name="author"),
    path("<uuid:key>/", listening.watch, name="watch"),
    path("<uuid:key>/edit/", listening.edit_watch, name="edit-watch"),
    path("<uuid:key>/end/", listening.end_watch, name="end-watch"),
    path("<uuid:key>/days.csv", listening.days, name="days"),
]
