"""Every route of the desk. Each app has its own urls.py; pages over siblings are in desk.py."""

from __future__ import annotations

from django.urls import include, path

from calendar_app.views.kits import open_kit
from calendar_app.views.news import news_feed, news_picture
from channels_app.hook_views import webhook
from channels_app.link_views import go
from config import health, styleguide, working

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("health/deep", working.deep, name="health-deep"),
    path("health/metrics", working.metrics, name="health-metrics"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("styleguide/<slug:name>/", styleguide.page, name="styleguide-page"),
    path("account/", include("accounts.account_urls")),
    path("", include("config.desk_urls")),
    path("", include("accounts.urls")),
    path("channels/", include("channels_app.urls")),
    path("calendar/plan/", include("calendar_app.transfer_urls")),
    path("calendar/series/", include("calendar_app.series_urls")),
    path("go/<slug:code>", go, name="short-link"),
    path("news.atom", news_feed, name="news-feed"),
    path("news/pictures/<uuid:key>/", news_picture, name="news-picture"),
    path("hooks/<slug:platform>/", webhook, name="webhook"),
    path("kits/<uuid:key>/<str:seal>/", open_kit, name="open-kit"),
    path("media/", include("calendar_app.media_urls")),
    path("calendar/campaigns/", include("calendar_app.campaign_urls")),
    path("calendar/production/", include("calendar_app.production_urls")),
    path("calendar/links/", include("calendar_app.link_urls")),
    path("calendar/", include("calendar_app.urls")),
    path("emergency/", include("calendar_app.emergency_urls")),
    path("policy/modes/", include("calendar_app.mode_urls")),
    path("settings/response/", include("engagement.response_urls")),
    path("inbox/issues/", include("engagement.issue_urls")),
    path("inbox/", include("engagement.urls")),
    path("promises/", include("engagement.promise_urls")),
    path("listening/", include("engagement.listening_urls")),
    path("objectives/", include("metrics.urls")),
    path("reports/figures/", include("metrics.period_urls")),
    path("reports/", include("metrics.report_urls")),
    path("policy/", include("policy.voice_urls")),
    path("policy/", include("policy.urls")),
]
