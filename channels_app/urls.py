"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from channels_app import (
    health_views,
    joining_views,
    media_views,
    papers_views,
    profile_views,
    register_views,
    sign_off_views,
    views,
)

app_name = "channels"
urlpatterns = [
    path("", views.list_channels, name="list"),
    path("stop/", views.stop_publishing, name="stop-publishing"),
    path("resume/", views.resume_publishing, name="resume-publishing"),
    path("health/", health_views.show_health, name="health"),
    path("health/price/", health_views.enter_price, name="enter-price"),
    path("<uuid:key>/mentions/<int:pk>/look-at/", health_views.look_at_mention, name="look-at-mention"),
    path("<uuid:key>/comments/<int:pk>/look-at/", health_views.look_at_comments, name="look-at-comments"),
    path("keys/", register_views.show_keys, name="keys"),
    path("keys/table.csv", register_views.keys_table, name="keys-table"),
    path("<uuid:key>/keys/", register_views.keep_keys, name="keep-keys"),
    path("<uuid:key>/keys/administrator/", register_views.add_administrator, name="add-administrator"),
    path("<uuid:key>/case/", papers_views.show_case, name="case"),
    path("<uuid:key>/case/write/", papers_views.write_case, name="write-case"),
    path("<uuid:key>/case/text.md", papers_views.case_text, name="case-text"),
    path("<uuid:key>/case/kit/", papers_views.tick_kit, name="tick-kit"),
    path("<uuid:key>/open/", papers_views.open_channel, name="open-channel"),
    path("connect/", views.choose_platform, name="choose-platform"),
    path("connect/back/", joining_views.come_back, name="come-back"),
    path("connect/going/<uuid:key>/", joining_views.going, name="going"),
    path("connect/pick/<uuid:key>/", joining_views.pick_account, name="pick-account"),
    path("connect/<slug:platform>/", views.connect_channel, name="connect-channel"),
    path("connect/<slug:platform>/app/", joining_views.app_keys_page, name="app-keys"),
    path("connect/<slug:platform>/let-in/", joining_views.let_in, name="let-in"),
    path("<uuid:key>/let-in/", joining_views.let_in_again, name="let-in-again"),
    path("<uuid:key>/access/", joining_views.show_access, name="access"),
    path("<uuid:key>/", views.show_channel, name="channel"),
    path("<uuid:key>/trial/", views.show_trial, name="trial"),
    path("<uuid:key>/reconnect/", views.reconnect_channel, name="reconnect-channel"),
    path("<uuid:key>/try/", views.try_channel, name="try-channel"),
    path("<uuid:key>/pause/", views.pause_channel, name="pause-channel"),
    path("<uuid:key>/resume/", views.resume_channel, name="resume-channel"),
    path("<uuid:key>/purpose/", views.set_purpose, name="set-purpose"),
    path("<uuid:key>/sign-off/", sign_off_views.set_sign_off, name="set-sign-off"),
    path("<uuid:key>/outside-editors/", views.set_outside_editors, name="outside-editors"),
    path("<uuid:key>/disconnect/", views.disconnect_channel, name="disconnect-channel"),
    path("<uuid:key>/profile/", profile_views.profile, name="profile"),
    path("<uuid:key>/profile/look/", profile_views.look_at_profile, name="look-at-profile"),
    path("media/<uuid:key>/<str:kind>/<str:seal>/", media_views.media_file, name="media-file"),
]
