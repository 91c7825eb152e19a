"""Routes of people and the town."""

from __future__ import annotations

from django.urls import path

from accounts.views import (
    joining,
    leaving,
    mail_choices,
    notices,
    people,
    practice,
    profile,
    sessions,
    settings,
    skills,
    training,
    training_editing,
)

app_name = "accounts"
urlpatterns = [
    path("invitation/<uuid:key>/<str:secret>/", joining.accept_invitation, name="accept-invitation"),
    path("me/", profile.profile, name="profile"),
    path("me/mail/", mail_choices.mail_choices, name="mail-choices"),
    path("me/theme/", profile.theme, name="theme"),
    path("notifications/", notices.list_notifications, name="notifications"),
    path("notifications/read/", notices.mark_all_read, name="read-notifications"),
    path("notifications/<int:pk>/open/", notices.open_notification, name="open-notification"),
    path("training/", training.own_training, name="training"),
    path("training/<uuid:key>/", training.take_training, name="take-training"),
    path("training/attempts/<uuid:key>/", training.training_attempt, name="training-attempt"),
    path("mailbox/", practice.list_mails, name="mailbox"),
    path("settings/", settings.town_settings, name="settings"),
    path("settings/mail/", settings.mail_settings, name="mail-settings"),
    path("settings/mail/tests/", settings.mail_tests, name="mail-tests"),
    path("settings/mail/test/", settings.send_test_mail, name="send-test-mail"),
    path("settings/training/", skills.skills_page, name="skills"),
    path("settings/training/people.csv", skills.skills_table, name="skills-table"),
    path("settings/training/modules/", skills.modules_page, name="modules"),
    path("settings/training/modules/new/", training_editing.new_training, name="new-training"),
    path("settings/training/modules/add/", skills.ship_training, name="ship-training"),
    path("settings/training/modules/<uuid:key>/", training_editing.edit_training, name="edit-training"),
    path("settings/training/modules/<uuid:key>/put-away/", skills.put_away_training, name="put-away-training"),
    path("settings/training/practice/", skills.set_practice_desk, name="set-practice-desk"),
    path("settings/people/", people.list_people, name="people"),
    path("settings/people/invite/", people.invite_person, name="invite"),
    path("settings/people/invitations/<uuid:key>/take-back/", people.take_back_invitation, name="take-back-invitation"),
    path("settings/people/<uuid:key>/", people.show_person, name="person"),
    path("settings/people/<uuid:key>/grant/", people.grant_role, name="grant-role"),
    path("settings/people/<uuid:key>/grants/<int:pk>/end/", people.end_grant, name="end-grant"),
    path("settings/people/<uuid:key>/reset-link/", people.make_reset_link, name="make-reset-link"),
    path("settings/people/<uuid:key>/sessions/end/", sessions.end_sessions, name="end-sessions"),
    path("settings/people/<uuid:key>/native/add/", leaving.add_native_role, name="add-native-role"),
    path("settings/people/<uuid:key>/native/<uuid:role>/end/", leaving.end_native_role, name="end-native-role"),
    path("settings/leavers/", leaving.departures, name="departures"),
    path("settings/leavers/rehearse/", leaving.rehearse, name="rehearse"),
    path("settings/leavers/<uuid:key>/", leaving.departure, name="departure"),
    path("settings/leavers/<uuid:key>/tasks/<int:pk>/", leaving.tick_departure, name="tick-departure"),
    path("settings/people/<uuid:key>/disable/", people.disable_person, name="disable-person"),
    path("settings/people/<uuid:key>/enable/", people.enable_person, name="enable-person"),
]
