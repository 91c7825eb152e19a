"""Routes of what people gather by hand; `urls` takes them into its room."""

from __future__ import annotations

from django.urls import path

from metrics import audience_views, campaign_views, paid_views, sample_views

GATHERED = [
    path("samples/", sample_views.samples, name="samples"),
    path("samples/draw/", sample_views.draw, name="draw-sample"),
    path("samples/<uuid:key>/", sample_views.sample, name="sample"),
    path("samples/<uuid:key>/table.csv", sample_views.table, name="sample-table"),
    path("samples/<uuid:key>/read/", sample_views.read, name="read-sample"),
    path("samples/<uuid:key>/take-back/", sample_views.take_back, name="take-back-reading"),
    path("samples/<uuid:key>/finish/", sample_views.finish, name="finish-sample"),
    path("samples/<uuid:key>/drop/", sample_views.drop, name="drop-sample"),
    path("campaigns/", campaign_views.effects, name="effects"),
    path("campaigns/<uuid:key>/", campaign_views.effect, name="effect"),
    path("campaigns/<uuid:key>/weeks.csv", campaign_views.weeks_csv, name="effect-weeks"),
    path("campaigns/<uuid:key>/goal/", campaign_views.set_goal, name="set-goal"),
    path("campaigns/<uuid:key>/count/", campaign_views.write_down, name="write-down-count"),
    path("campaigns/<uuid:key>/asked/", campaign_views.note_recall, name="note-recall"),
    path("asked/<uuid:key>/take-back/", campaign_views.take_back_recall, name="take-back-recall"),
    path("paid/", paid_views.register, name="paid"),
    path("paid/register.csv", paid_views.register_table, name="paid-table"),
    path("paid/new/", paid_views.put_down, name="new-paid"),
    path("paid/<uuid:key>/", paid_views.one, name="paid-one"),
    path("paid/<uuid:key>/change/", paid_views.put_down, name="change-paid"),
    path("paid/<uuid:key>/permit/", paid_views.permit, name="permit-paid"),
    path("paid/<uuid:key>/start/", paid_views.start, name="start-paid"),
    path("paid/<uuid:key>/end/", paid_views.end, name="end-paid"),
    path("paid/<uuid:key>/drop/", paid_views.drop, name="drop-paid"),
    path("paid/<uuid:key>/add/", paid_views.add, name="add-paid"),
    path("paid/entries/<uuid:key>/take-back/", paid_views.take_back, name="take-back-paid"),
    path("audiences/", audience_views.cards, name="audience-cards"),
    path("audiences/<uuid:key>/", audience_views.card, name="audience-card"),
    path("audiences/<uuid:key>/claim/", audience_views.claim, name="claim"),
    path("audiences/claims/<uuid:key>/withdraw/", audience_views.withdraw, name="withdraw-claim"),
]
