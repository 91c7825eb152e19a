"""Routes of the calendar: reads are GET, acts are POST."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import acts, beside, composer, deciding, further, month, posts, signing, versions

app_name = "calendar"
urlpatterns = [
    path("", month.month, name="month"),
    path("day/<slug:day>/", month.day, name="day"),
    path("drafts/", posts.drafts, name="drafts"),
    path("posts/new/", composer.new_post, name="new-post"),
    path("posts/look/", composer.look, name="look"),
    path("posts/<uuid:key>/", posts.post, name="post"),
    path("posts/<uuid:key>/states/", posts.states, name="post-states"),
    path("posts/<uuid:key>/edit/", composer.edit_post, name="edit-post"),
    path("posts/<uuid:key>/attend/", beside.attend, name="attend"),
    path("posts/pictures/", beside.pick_picture, name="pick-picture"),
    path("posts/<uuid:key>/versions/", versions.versions, name="versions"),
    path("posts/<uuid:key>/versions/<int:n>/use/", versions.use_version, name="use-version"),
    path("posts/<uuid:key>/publish/", acts.publish_post, name="publish-post"),
    path("posts/<uuid:key>/schedule/", acts.schedule_post, name="schedule-post"),
    path("posts/<uuid:key>/move/", acts.move_post, name="move-post"),
    path("posts/<uuid:key>/cancel/", acts.cancel_post, name="cancel-post"),
    path("posts/<uuid:key>/drop/", acts.drop_post, name="drop-post"),
    path("posts/<uuid:key>/take-up/", acts.take_up_post, name="take-up-post"),
    path("posts/<uuid:key>/withdraw/", acts.withdraw_post, name="withdraw-post"),
    path("posts/<uuid:key>/approve/", signing.approve_post, name="approve-post"),
    path("posts/<uuid:key>/look-again/", signing.look_again, name="look-again"),
    path("posts/<uuid:key>/send-back/", signing.send_back_post, name="send-back-post"),
    path("placements/<uuid:key>/decide/", deciding.decide, name="decide"),
    path("placements/<uuid:key>/parts/<int:n>/decide/", further.decide_part, name="decide-part"),
    path("placements/<uuid:key>/parts/<int:n>/send-again/", further.send_part_again, name="send-part-again"),
    path("placements/<uuid:key>/send-again/", deciding.send_again, name="send-again"),
    path("placements/<uuid:key>/delete/", deciding.delete, name="delete-post"),
]
