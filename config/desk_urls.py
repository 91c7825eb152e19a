"""Routes of the pages over siblings."""

from __future__ import annotations

from django.urls import path

from config import (
    arrived,
    closing_comments,
    desk,
    drift,
    fired,
    fixing,
    frame,
    help,
    lists,
    reviewing,
    search,
    set_up,
    signing,
    trust,
    working,
)

app_name = "desk"
urlpatterns = [
    path("", desk.today, name="today"),
    path("search/", search.search, name="search"),
    path("working/", working.page, name="working"),
    path("help/", help.index, name="help"),
    path("help/running/<slug:name>/", help.running, name="help-running"),
    path("help/<slug:name>/", help.page, name="help-page"),
    path("working/<int:pk>/take-down/", working.take_down, name="take-down"),
    path("frame/", frame.live, name="frame"),
    path("settings/lists/", lists.show_lists, name="lists"),
    path("settings/lists/holidays/", lists.choose_pack, name="choose-pack"),
    path("settings/lists/<slug:name>/add/", lists.add_to_list, name="add-to-list"),
    path("settings/lists/<slug:name>/<int:pk>/put-away/", lists.put_away, name="put-away"),
    path("policy/month/", fired.month, name="checks-month"),
    path("policy/month.csv", fired.month_csv, name="checks-month-csv"),
    path("policy/drift/", drift.drift_page, name="drift"),
    path("policy/my-writing/", drift.my_writing, name="my-writing"),
    path("policy/trust/", trust.trust, name="trust"),
    path("policy/arrived/", arrived.page, name="arrived"),
    path("policy/arrived/settle/", arrived.way_round, name="way-round"),
    path("set-up/", set_up.set_up, name="set-up"),
    path("set-up/end/", set_up.end, name="set-up-end"),
    path("set-up/mail/test/", set_up.send_test, name="set-up-mail-test"),
    path("set-up/<slug:name>/", set_up.step, name="set-up-step"),
    path("calendar/placements/<uuid:key>/comments/close/", closing_comments.close_comments, name="close-comments"),
    path("promises/<uuid:key>/post/", fixing.post_the_fix, name="post-the-fix"),
    path("inbox/issues/<uuid:key>/post/", fixing.post_the_end, name="post-the-end"),
    path("channels/review/", reviewing.review, name="review-channels"),
    path("channels/<uuid:key>/review/", reviewing.decide, name="decide-channel"),
    path("sign-off/", signing.queue, name="sign-off"),
]
