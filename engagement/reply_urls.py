"""Routes around answers: words that are used again, guided forms, departments, one answer for many."""

from __future__ import annotations

from django.urls import path

from engagement.views import answers, considering, handing, picking, saved, together

urlpatterns = [
    path("saved/", saved.show_saved, name="saved-replies"),
    path("saved/new/", saved.edit_saved, name="new-saved-reply"),
    path("saved/<uuid:ref>/", saved.edit_saved, name="edit-saved-reply"),
    path("saved/<uuid:ref>/put-away/", saved.put_saved_away, name="put-saved-reply-away"),
    path("answers/", answers.show_answers, name="answers"),
    path("answers/<uuid:ref>/", answers.show_answer, name="answer"),
    path("answers/<uuid:ref>/edit/", answers.edit_answer, name="edit-answer"),
    path("answers/<uuid:ref>/ask/", answers.ask_for_answer, name="ask-for-answer"),
    path("answers/<uuid:ref>/approve/", answers.approve_answer, name="approve-answer"),
    path("answers/<uuid:ref>/send-back/", answers.send_answer_back, name="send-answer-back"),
    path("answers/<uuid:ref>/renew/", answers.renew_answer, name="renew-answer"),
    path("answers/<uuid:ref>/retire/", answers.retire_answer, name="retire-answer"),
    path("reasons/", considering.show_reasons, name="reasons"),
    path("handed/", handing.show_all, name="all-handed"),
    path("handed/<uuid:ref>/", handing.show_handed, name="handed"),
    path("handed/<uuid:ref>/answer/", handing.answer_handed, name="answer-handed"),
    path("handed/<uuid:ref>/again/", handing.ask_again, name="ask-again"),
    path("handed/<uuid:ref>/finish/", handing.finish_handed, name="finish-handed"),
    path("handed/<uuid:ref>/take-back/", handing.take_handed_back, name="take-handed-back"),
    path("<uuid:key>/pick/", picking.pick, name="pick"),
    path("<uuid:key>/put/", picking.put, name="put"),
    path("<uuid:key>/reusable/", answers.make_reusable, name="make-reusable"),
    path("<uuid:key>/fix/", considering.promise_a_fix, name="promise-a-fix"),
    path("<uuid:key>/no/", considering.say_no, name="say-no"),
    path("<uuid:key>/drop-form/", considering.drop_form, name="drop-form"),
    path("<uuid:key>/hand/", handing.hand, name="hand"),
    path("<uuid:key>/together/", together.answer_together, name="answer-together"),
    path("<uuid:key>/reference/", picking.give_reference, name="give-reference"),
]
