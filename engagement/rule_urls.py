"""Routes of the inbox's rules."""

from __future__ import annotations

from django.urls import path

from engagement.views import rules

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new_rule, name="new-rule"),
    path("rules/<uuid:key>/", rules.rule, name="rule"),
    path("rules/<uuid:key>/edit/", rules.edit_rule, name="edit-rule"),
    path("rules/<uuid:key>/try/", rules.try_rule, name="try-rule"),
    path("rules/<uuid:key>/switch/", rules.switch_rule, name="switch-rule"),
    path("rules/<uuid:key>/move/", rules.move_rule, name="move-rule"),
    path("rules/<uuid:key>/drop/", rules.drop_rule, name="drop-rule"),
    path("<uuid:key>/undo/<uuid:firing>/", rules.undo_firing, name="undo-firing"),
]
