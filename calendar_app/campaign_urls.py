"""Routes of campaigns, audiences and share kits."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import audiences, campaigns, kits

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.all_campaigns, name="all"),
    path("audiences/", audiences.audiences, name="audiences"),
    path("audiences/<uuid:key>/", audiences.reach, name="reach"),
    path("audiences/<uuid:key>/put-away/", audiences.put_away, name="put-audience-away"),
    path("<uuid:key>/", campaigns.campaign, name="campaign"),
    path("<uuid:key>/activities/", campaigns.add_activity, name="add-activity"),
    path("<uuid:key>/notices/", campaigns.add_notice, name="add-notice"),
    path("<uuid:key>/complete/", campaigns.complete, name="complete"),
    path("<uuid:key>/kits/new/", kits.new_kit, name="new-kit"),
    path("activities/<uuid:key>/settle/", campaigns.settle_activity, name="settle-activity"),
    path("notices/<uuid:key>/", campaigns.notice, name="notice"),
    path("notices/<uuid:key>/drop/", campaigns.drop_notice, name="drop-notice"),
    path("kits/<uuid:key>/", kits.kit, name="kit"),
    path("kits/<uuid:key>/give/", kits.give_kit, name="give-kit"),
]
