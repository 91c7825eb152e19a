"""Somebody leaves: everything here ends at once, their work is handed on, and what is left outside is ticked off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import clock, invitations, leaving
from accounts.models import AuditEntry, Departure, DepartureTask, Identity, Invitation, NativeRole, Notification, User
from accounts.refusals import Invalid, LostRace, Refusal
from channels_app.models import Channel
from channels_app.publishing import obstacles
from engagement.models import Conversation
from policy.models import FinalSay
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.factories_inbox import make_conversation
from tests.factories_people import WORDS, is_in, make_departure_task, make_native_role, sign_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def taken_by(user: User, channel: Channel | None = None) -> Conversation:
    conversation = make_conversation(channel or make_channel())
    Conversation.objects.filter(pk=conversation.pk).update(assignee=user)
    return conversation


def test_one_click_ends_everything_here_and_lists_what_is_left(client: Client) -> None:
    channel, admin, leaver = (
        make_channel("facebook", name="Fernhill Council"),
        make_user("administrator"),
        make_user("publisher", password=WORDS, name="Petra Lind"),
    )
    conversation = taken_by(leaver, channel)
    make_native_role(leaver, network="Vimeo", handle="fernhill-films", kind="owner")
    Identity.objects.create(user=leaver, issuer="https://login.example", subject="7", linked_at=NOON)
    made, _ = invitations.invite("friend@fernhill.example", "officer", by=leaver, now=clock.now())
    phone, laptop = Client(), Client()
    sign_in(phone, leaver)
    sign_in(laptop, leaver)
    client.force_login(admin)
    answer = client.post(f"/settings/people/{leaver.key}/disable/", follow=True)
    page = answer.content.decode()
    assert not is_in(phone)
    assert not is_in(laptop)
    poll = phone.get("/frame/", headers={"X-Parley-Poll": "1", "HX-Request": "true"})
    assert poll.status_code == 401
    assert poll.headers["HX-Redirect"].startswith("/account/login/")
    made.refresh_from_db()
    assert made.expires_at <= clock.now()
    conversation.refresh_from_db()
    assert conversation.assignee is None
    for words in (
        "Move the ownership of fernhill-films on Vimeo from Petra Lind to somebody who stays.",
        "Look on Facebook who manages Fernhill Council: is Petra Lind among them?",
        "Close the account of Petra Lind at the sign-in of",
        "1 conversation of theirs goes back to everybody",
    ):
        assert words in page.replace("&#x27;", "'"), words
    assert sign_in(Client(), leaver) == 302
    assert not is_in(phone)


def test_what_they_had_asked_to_be_sent_waits_for_somebody_elses_decision() -> None:
    leaver, admin = make_user("publisher"), make_user("administrator")
    delivery = make_delivery(asked_by=leaver)
    assert obstacles._rights(delivery, NOON) is None
    departure = leaving.leave(leaver, by=admin, now=NOON)
    delivery.refresh_from_db()
    found = obstacles._rights(delivery, NOON)
    assert found is not None
    assert (found.to, found.why) == ("blocked", "rights")
    assert any("1 delivery they asked for waits" in words for words in departure.done_here)


def test_deputies_are_told_and_an_empty_chair_is_named() -> None:
    leaver, deputy, admin = make_user("approver", name="Ruth"), make_user("approver"), make_user("administrator")
    FinalSay.objects.create(subject="Planning", holder=leaver, deputy=deputy, starts_at=NOON - DAY)
    FinalSay.objects.create(subject="Money", holder=leaver, starts_at=NOON - DAY)
    departure = leaving.leave(leaver, by=admin, now=NOON)
    assert Notification.objects.get(user=deputy).words == "Ruth has left: you have the final say on Planning now."
    words = " ".join(departure.tasks.values_list("words", flat=True))
    assert "Name somebody who has the final say on Money: it was Ruth, without a deputy." in words
    assert "Name who has the final say on Planning from now on" in words


def test_a_thing_is_ticked_off_once_by_a_named_person_with_evidence() -> None:
    task, admin = make_departure_task(), make_user("administrator")
    with pytest.raises(Invalid, match="what proves it"):
        leaving.tick(task, "  ", by=admin, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartureTask.objects.filter(pk=task.pk).update(done_at=NOON, done_by=admin)
    leaving.tick(task, "Screenshot 12 in the key folder", by=admin, now=NOON)
    with pytest.raises(LostRace):
        leaving.tick(task, "Again", by=admin, now=NOON)
    task.refresh_from_db()
    assert (task.done_by, task.evidence) == (admin, "Screenshot 12 in the key folder")
    assert Departure.objects.get().finished_at == NOON
    assert AuditEntry.objects.filter(act="ticked_off").get().data["evidence"] == "Screenshot 12 in the key folder"


def test_a_native_role_ends_when_it_is_ticked_off_and_not_in_a_rehearsal() -> None:
    leaver, admin = make_user("officer"), make_user("administrator")
    role = make_native_role(leaver)
    drill = leaving.rehearse(leaver, by=admin, now=NOON)
    leaving.tick(drill.tasks.get(native_role=role), "We know how", by=admin, now=NOON)
    assert NativeRole.objects.held().filter(pk=role.pk).exists()
    assert User.objects.get(pk=leaver.pk).is_active
    left = leaving.leave(leaver, by=admin, now=NOON)
    leaving.tick(left.tasks.get(native_role=role), "Removed", by=admin, now=NOON)
    assert not NativeRole.objects.held().filter(pk=role.pk).exists()


def test_a_rehearsal_switches_nothing_off_and_hands_nothing_on() -> None:
    worker, admin = make_user("officer", password=WORDS), make_user("administrator")
    conversation = taken_by(worker)
    browser = Client()
    sign_in(browser, worker)
    drill = leaving.rehearse(worker, by=admin, now=NOON)
    conversation.refresh_from_db()
    assert conversation.assignee == worker
    assert is_in(browser)
    assert drill.tasks.count() >= 3


def test_what_is_overdue_is_told_every_day_until_it_is_done() -> None:
    admin = make_user("administrator", joined_at=NOON)
    task = make_departure_task()
    admins = {admin, task.departure.by}
    for day in range(3):
        leaving.nag(NOON + day * DAY)
        leaving.nag(NOON + day * DAY + timedelta(hours=2))
    assert Notification.objects.filter(user=admin).count() == 3
    assert {note.user for note in Notification.objects.all()} == admins
    leaving.tick(task, "Done at last", by=admin, now=NOON)
    leaving.nag(NOON + 5 * DAY)
    assert Notification.objects.filter(user=admin).count() == 3


def test_a_drill_is_asked_for_once_a_quarter() -> None:
    admin = make_user("administrator", joined_at=NOON - 100 * DAY)
    leaving.nag(NOON)
    leaving.nag(NOON + DAY)
    assert [note.event for note in Notification.objects.filter(user=admin)] == ["leaver.drill"]
    leaving.rehearse(make_user("officer"), by=admin, now=NOON + DAY)
    assert leaving.drill_is_due(NOON + 2 * DAY) is None
    assert leaving.drill_is_due(NOON + 94 * DAY)


def test_the_last_administrator_cannot_be_switched_off_and_nothing_is_half_done() -> None:
    last, other = make_user("administrator"), make_user("administrator")
    conversation = taken_by(other)
    leaving.leave(other, by=last, now=NOON)
    with pytest.raises(Refusal, match="at least one administrator"):
        leaving.leave(last, by=other, now=NOON)
    assert Departure.objects.count() == 1
    conversation.refresh_from_db()
    assert conversation.assignee is None


def test_an_administrator_ends_the_sessions_of_a_lost_phone(client: Client) -> None:
    worker, phone = make_user("officer", password=WORDS), Client()
    sign_in(phone, worker)
    client.force_login(make_user("administrator"))
    client.post(f"/settings/people/{worker.key}/sessions/end/")
    assert not is_in(phone)
    assert sign_in(Client(), worker) == 302
    assert AuditEntry.objects.get(act="ended_sessions").data == {"sessions": 1}


def test_ticking_off_on_the_page_keeps_what_was_typed(client: Client) -> None:
    task = make_departure_task()
    client.force_login(make_user("administrator"))
    page = f"/settings/leavers/{task.departure.key}/"
    assert "Overdue" in client.get(page).content.decode()
    wrong = client.post(f"{page}tasks/{task.pk}/", {"evidence": "x"})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.content.decode()
    right = client.post(f"{page}tasks/{task.pk}/", {"evidence": "Photo in folder 3"})
    assert right["Location"] == f"{page}#task-{task.pk}"
    assert "Photo in folder 3" in client.get(page).content.decode()
    manager = Client()
    manager.force_login(make_user("manager"))
    assert "What proves it" not in manager.get(page).content.decode()


def test_native_roles_are_kept_on_the_persons_page(client: Client) -> None:
    him, admin = make_user("officer"), make_user("administrator")
    client.force_login(admin)
    page = f"/settings/people/{him.key}/"
    form = {"network": "YouTube", "handle": "Fernhill TV", "kind": "owner"}
    client.post(f"{page}native/add/", form)
    assert "Fernhill TV" in client.get(page).content.decode()
    assert client.post(f"{page}native/add/", form).status_code == 422
    assert client.post(f"{page}native/add/", {"network": "YouTube"}).status_code == 422
    role = NativeRole.objects.get()
    client.post(f"{page}native/{role.key}/end/")
    assert not NativeRole.objects.held().exists()
    assert client.post(f"{page}native/{role.key}/end/").status_code == 404


def test_nobody_is_invited_in_the_name_of_somebody_who_left() -> None:
    leaver, admin = make_user("administrator"), make_user("administrator")
    invitation, path = invitations.invite("x@fernhill.example", "administrator", by=leaver, now=clock.now())
    leaving.leave(leaver, by=admin, now=clock.now())
    assert Invitation.objects.get(pk=invitation.pk).expires_at <= clock.now()
    assert Client().get(path).status_code == 410
