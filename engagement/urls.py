"""Routes of the inbox."""

from __future__ import annotations

from django.urls import include, path

from engagement import decision_urls, urls_queue
from engagement.views import acts, answering, conversation, kept, liking, lists

app_name = "inbox"
urlpatterns = [
    path("", lists.show_queue, name="queue"),
    path("kept/", kept.show_week, name="kept"),
    path("kept/table.csv", kept.table, name="kept-table"),
    path("<uuid:key>/explain/", kept.explain, name="explain"),
    path("", include("engagement.reply_urls")),
    path("", include("engagement.statutory_urls")),
    path("people/", include("engagement.people_urls")),
    path("<uuid:key>/", conversation.show_conversation, name="conversation"),
    path("<uuid:key>/reply/", answering.reply, name="reply"),
    path("<uuid:key>/draft/", answering.draft, name="draft"),
    path("<uuid:key>/withdraw/", answering.withdraw, name="withdraw"),
    path("<uuid:key>/approve/", answering.approve_reply, name="approve-reply"),
    path("<uuid:key>/look-again/", answering.look_again, name="look-again"),
    path("<uuid:key>/send-back/", answering.send_back_reply, name="send-back-reply"),
    path("<uuid:key>/decide/", acts.decide, name="decide"),
    path("<uuid:key>/take/", acts.take, name="take"),
    path("<uuid:key>/assign/", acts.assign, name="assign"),
    path("<uuid:key>/close/", acts.close, name="close"),
    path("<uuid:key>/reopen/", acts.reopen, name="reopen"),
    path("<uuid:key>/wait/", acts.wait, name="wait"),
    path("<uuid:key>/label/", acts.label, name="label"),
    path("<uuid:key>/note/", acts.note, name="note"),
    path("<uuid:key>/like/", liking.like, name="like"),
    path("<uuid:key>/unlike/", liking.unlike, name="unlike"),
    *urls_queue.urlpatterns,
    *decision_urls.urlpatterns,
    path("", include("engagement.rule_urls")),
]
