"""Routes of asking people and of working with organisations, a part of the inbox."""

from __future__ import annotations

from django.urls import path

from engagement.views import calls, kickstarts, suggestions

urlpatterns = [
    path("kick-starters/", kickstarts.kickstarters, name="kickstarters"),
    path("kick-starters/ask/", kickstarts.ask_kickstarter, name="ask-kickstarter"),
    path("kick-starters/<uuid:key>/", kickstarts.kickstarter, name="kickstarter"),
    path("kick-starters/<uuid:key>/table.csv", kickstarts.kickstarter_table, name="kickstarter-table"),
    path("kick-starters/<uuid:key>/close/", kickstarts.close_kickstarter, name="close-kickstarter"),
    path("kick-starters/<uuid:key>/read/", kickstarts.read_reply, name="read-reply"),
    path("calls/", calls.input_calls, name="calls"),
    path("calls/new/", calls.new_call, name="new-call"),
    path("calls/<uuid:key>/", calls.call, name="call"),
    path("calls/<uuid:key>/change/", calls.change_call, name="change-call"),
    path("calls/<uuid:key>/open/", calls.open_call, name="open-call"),
    path("calls/<uuid:key>/drop/", calls.drop_call, name="drop-call"),
    path("calls/<uuid:key>/themes/", calls.add_theme, name="add-theme"),
    path("calls/<uuid:key>/group/", calls.group_replies, name="group-replies"),
    path("calls/<uuid:key>/heard/", calls.say_heard, name="say-heard"),
    path("calls/<uuid:key>/give-back/", calls.give_back, name="give-back"),
    path("calls/<uuid:key>/close/", calls.close_call, name="close-call"),
    path("calls/<uuid:key>/table.csv", calls.call_table, name="call-table"),
    path("themes/<uuid:key>/settle/", calls.settle_theme, name="settle-theme"),
    path("idea-box/", suggestions.idea_box, name="idea-box"),
    path("idea-box/<uuid:key>/", suggestions.change_suggestion, name="change-suggestion"),
    path("conversations/<uuid:key>/idea/", suggestions.mark_idea, name="mark-idea"),
]
