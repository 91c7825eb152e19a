"""Routes of the inbox."""

from __future__ import annotations

from django.urls import path

from engagement.views import acts, conversation, lists

app_name = "inbox"
urlpatterns = [
    path("", lists.show_queue, name="queue"),
    path("<uuid:key>/", conversation.show_conversation, name="conversation"),
    path("<uuid:key>/reply/", acts.reply, name="reply"),
    path("<uuid:key>/draft/", acts.draft, name="draft"),
    path("<uuid:key>/withdraw/", acts.withdraw, name="withdraw"),
    path("<uuid:key>/decide/", acts.decide, name="decide"),
    path("<uuid:key>/take/", acts.take, name="take"),
    path("<uuid:key>/assign/", acts.assign, name="assign"),
    path("<uuid:key>/close/", acts.close, name="close"),
    path("<uuid:key>/reopen/", acts.reopen, name="reopen"),
    path("<uuid:key>/wait/", acts.wait, name="wait"),
    path("<uuid:key>/label/", acts.label, name="label"),
    path("<uuid:key>/note/", acts.note, name="note"),
]
