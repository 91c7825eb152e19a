"""Routes of the calendar: reads are GET, acts are POST."""

from __future__ import annotations

from django.urls import path

from calendar_app.views import (
    acts,
    composer,
    dates,
    deciding,
    month,
    moving,
    posts,
    register,
    rhythm,
    signing,
    versions,
)

app_name = "calendar"
urlpatterns = [
    path("", month.month, name="month"),
    path("day/<slug:day>/", month.day, name="day"),
    path("move/", moving.move_many, name="move-many"),
    path("moves/<uuid:key>/", moving.show_moving, name="moving"),
    path("moves/<uuid:key>/undo/", moving.undo_move, name="undo-move"),
    path("dates/", dates.dates, name="dates"),
    path("dates/add/", dates.add_date, name="add-date"),
    path("dates/holidays/", dates.take_over_holidays, name="take-over-holidays"),
    path("dates/<int:pk>/", dates.edit_date, name="edit-date"),
    path("dates/<int:pk>/remove/", dates.remove_date, name="remove-date"),
    path("rhythm/", rhythm.rhythm, name="rhythm"),
    path("rhythm/<uuid:key>/slots/", rhythm.add_slots, name="add-slots"),
    path("rhythm/<uuid:key>/slots/<int:pk>/remove/", rhythm.remove_slot, name="remove-slot"),
    path("rhythm/<uuid:key>/cadence/", rhythm.set_cadence, name="set-cadence"),
    path("topics/", register.topics, name="topics"),
    path("topics/new/", register.new_topic, name="new-topic"),
    path("topics/<int:pk>/", register.edit_topic, name="edit-topic"),
    path("balance/", register.show_balance, name="balance"),
    path("balance/limits/", register.set_limits, name="set-limits"),
    path("drafts/", posts.drafts, name="drafts"),
    path("posts/new/", composer.new_post, name="new-post"),
    path("posts/look/", composer.look, name="look"),
    path("posts/<uuid:key>/", posts.post, name="post"),
    path("posts/<uuid:key>/states/", posts.states, name="post-states"),
    path("posts/<uuid:key>/edit/", composer.edit_post, name="edit-post"),
    path("posts/<uuid:key>/versions/", versions.versions, name="versions"),
    path("posts/<uuid:key>/versions/<int:n>/use/", versions.use_version, name="use-version"),
    path("posts/<uuid:key>/publish/", acts.publish_post, name="publish-post"),
    path("posts/<uuid:key>/schedule/", acts.schedule_post, name="schedule-post"),
    path("posts/<uuid:key>/move/", moving.move_post, name="move-post"),
    path("posts/<uuid:key>/cancel/", acts.cancel_post, name="cancel-post"),
    path("posts/<uuid:key>/drop/", acts.drop_post, name="drop-post"),
    path("posts/<uuid:key>/take-up/", acts.take_up_post, name="take-up-post"),
    path("posts/<uuid:key>/withdraw/", acts.withdraw_post, name="withdraw-post"),
    path("posts/<uuid:key>/approve/", signing.approve_post, name="approve-post"),
    path("posts/<uuid:key>/look-again/", signing.look_again, name="look-again"),
    path("posts/<uuid:key>/send-back/", signing.send_back_post, name="send-back-post"),
    path("placements/<uuid:key>/decide/", deciding.decide, name="decide"),
    path("placements/<uuid:key>/send-again/", deciding.send_again, name="send-again"),
    path("placements/<uuid:key>/delete/", deciding.delete, name="delete-post"),
]
