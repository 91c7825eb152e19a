"""Telling people: once, in the app first; and mails that a dead server delays but never loses."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock, mailbox, mailing, notifications, tasks
from accounts.models import Mail, Notification
from channels_app.models import Heartbeat
from tests.factories import NOON, make_channel, make_user

MINUTE = timedelta(minutes=1)
DOWN: list[BaseException] = []


class Moody(EmailBackend):
    """A mail server with the faults of DOWN, one a mail, and well after."""

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        if DOWN:
            raise DOWN.pop(0)
        return int(super().send_messages(messages))


@pytest.fixture(autouse=True)
def moody(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    DOWN.clear()


def queued(**facts: str) -> Mail:
    words = {"to": "rosa@fernhill.example", "subject": "Hello", "text": "Come at nine.", "kind": "test"} | facts
    return mailing.post(**words, now=NOON)


def test_the_same_event_is_told_once(db: None) -> None:
    user, other = make_user("officer"), make_user("officer")
    first = notifications.tell(user, "assigned", "Yours now.", "/inbox/", now=NOON, once="assigned-7")
    assert first
    assert notifications.tell(user, "assigned", "Yours now.", "/inbox/", now=NOON, once="assigned-7") is None
    assert notifications.tell(other, "assigned", "Yours now.", now=NOON, once="assigned-7")
    assert (notifications.unread_count(user), Mail.objects.filter(user=user).count()) == (1, 1)


def test_an_event_without_a_name_is_told_every_time(db: None) -> None:
    user = make_user()
    assert notifications.tell(user, "note", "One.", now=NOON)
    assert notifications.tell(user, "note", "One.", now=NOON)


def test_a_role_is_told_over_a_channel_and_nobody_else(db: None) -> None:
    pool, library = make_channel().scope, make_channel().scope
    everywhere, here, there = (
        make_user("publisher"),
        make_user("publisher", scope=pool),
        make_user("publisher", scope=library),
    )
    gone, officer = make_user("publisher", is_active=False), make_user("officer")
    notifications.tell_role("decide_delivery", pool, "attention", "Decide.", now=NOON, besides=[everywhere])
    told = {note.user for note in Notification.objects.all()}
    assert told == {here}
    assert not told & {there, gone, officer}
    notifications.tell_role("officer", None, "news", "News.", now=NOON, mail=False)
    assert set(Notification.objects.filter(event="news").values_list("user", flat=True)) == {officer.pk}
    with pytest.raises(KeyError):
        notifications.tell_role("no such act", pool, "x", "x", now=NOON)


def test_nobody_switched_off_is_told(db: None) -> None:
    assert notifications.tell(make_user(is_active=False), "note", "Hello.", now=NOON) is None
    assert not Mail.objects.exists()


def test_a_notification_is_there_also_when_no_mail_can_go_out(db: None, settings: Settings) -> None:
    settings.PRACTICE, settings.EMAIL_HOST = False, ""
    assert notifications.tell(make_user(), "note", "Hello.", now=NOON)
    assert not Mail.objects.exists()


def test_reading_marks_ones_own_notifications_only(db: None, client: Client) -> None:
    user, other = make_user("officer"), make_user("officer")
    mine = notifications.tell(user, "note", "Look at this.", "/me/", now=NOON)
    theirs = notifications.tell(other, "note", "And this.", now=NOON)
    assert mine
    assert theirs
    client.force_login(user)
    page = client.get("/notifications/").content.decode()
    assert "Look at this." in page
    assert "And this." not in page
    assert client.post(f"/notifications/{theirs.pk}/open/").status_code == 404
    assert client.post(f"/notifications/{mine.pk}/open/")["Location"] == "/me/"
    assert (notifications.unread_count(user), notifications.unread_count(other)) == (0, 1)


def test_a_notification_never_leads_out_of_parley(db: None, client: Client) -> None:
    user = make_user("officer")
    client.force_login(user)
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        note = notifications.tell(user, "note", "Look.", url, now=NOON)
        assert note
        assert client.post(f"/notifications/{note.pk}/open/")["Location"] == "/notifications/"


def test_all_can_be_marked_as_read(db: None, client: Client) -> None:
    user = make_user("officer")
    for n in range(3):
        notifications.tell(user, "note", f"Number {n}.", now=NOON)
    client.force_login(user)
    client.post("/notifications/read/")
    assert notifications.unread_count(user) == 0


def test_a_mail_is_sent_once_and_its_text_forgotten(db: None) -> None:
    row = queued()
    assert "Come at nine." not in str(Mail.objects.values())
    assert (mailing.send_due(NOON), mailing.send_due(NOON + timedelta(days=1))) == (1, 0)
    (letter,) = mail.outbox
    assert (letter.subject, letter.body, letter.to) == ("Hello", "Come at nine.", ["rosa@fernhill.example"])
    row.refresh_from_db()
    assert (row.state, row.sealed, row.sent_at) == ("sent", "", NOON)


def test_a_mail_server_that_is_down_loses_nothing(db: None) -> None:
    row = queued()
    at, tries = NOON, []
    for _ in range(6):
        DOWN.append(ConnectionRefusedError(111, "refused"))
        assert mailing.send_due(at) == 0
        row.refresh_from_db()
        tries.append(row.next_at - at)
        assert (row.state, row.why) == ("due", "The mail server could not be reached: ConnectionRefusedError.")
        assert mailing.send_due(row.next_at - MINUTE / 2) == 0
        at = row.next_at
    assert tries == [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE]
    assert mailing.send_due(at) == 1
    assert len(mail.outbox) == 1


def test_one_dead_server_is_asked_once_in_a_cycle_not_once_a_mail(db: None) -> None:
    for n in range(20):
        queued(subject=f"Number {n}")
    DOWN.extend([TimeoutError(), TimeoutError()])
    assert mailing.send_due(NOON) == 0
    assert len(DOWN) == 1


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"r": (550, b"No such user here")}), "failed", "550: No such user here"),
        (smtplib.SMTPRecipientsRefused({"r": (450, b"Greylisted")}), "due", "450: Greylisted"),
        (smtplib.SMTPAuthenticationError(535, b"Bad credentials"), "due", "535: Bad credentials"),
        (smtplib.SMTPServerDisconnected("gone"), "due", "could not be reached"),
    ],
)
def test_what_the_mail_server_says_is_kept(fault: BaseException, state: str, words: str, db: None) -> None:
    row = queued()
    DOWN.append(fault)
    assert mailing.send_due(NOON) == 0
    row.refresh_from_db()
    assert row.state == state
    assert words in row.why
    assert "Come at nine" not in row.why


def test_a_mail_nobody_takes_for_three_days_is_given_up_and_said_so(db: None) -> None:
    row = queued()
    DOWN.append(TimeoutError())
    mailing.send_due(NOON + timedelta(days=3, seconds=1))
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_worker_that_dies_while_sending_leaves_the_mail_to_the_next(db: None) -> None:
    queued()
    assert mailing.claim(NOON)
    assert mailing.claim(NOON + MINUTE) is None
    assert mailing.send_due(NOON + mailing.LEASE) == 1


def test_the_mail_task_says_that_it_is_alive(db: None) -> None:
    mailing.post("rosa@fernhill.example", "Hello", "x", "test", now=NOON)
    tasks.send_mail_due()
    assert len(mail.outbox) == 1
    assert clock.now() - Heartbeat.objects.get(role="mailer").at < MINUTE


def test_workers_side_by_side_send_each_mail_once(transactional_db: str) -> None:
    now = clock.now()
    for n in range(40):
        mailing.post("rosa@fernhill.example", f"Number {n}", "x", "test", now=now)

    def work() -> None:
        mailing.send_due(now)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.subject for letter in mail.outbox) == sorted(f"Number {n}" for n in range(40))
    assert set(Mail.objects.values_list("state", "tries")) == {("sent", 1)}


def test_a_text_copied_to_another_row_does_not_open(db: None) -> None:
    one, other = queued(text="For Rosa only"), queued(to="sam@fernhill.example")
    Mail.objects.filter(pk=other.pk).update(sealed=one.sealed)
    mailing.send_due(NOON)
    other.refresh_from_db()
    assert other.state == "failed"
    assert [letter.to for letter in mail.outbox] == [["rosa@fernhill.example"]]


def test_a_sent_mail_keeps_no_text_by_constraint(db: None) -> None:
    row = queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=row.pk).update(state="sent", sent_at=NOON)


def test_a_subject_cannot_smuggle_a_header(db: None) -> None:
    queued(subject="Hello\r\nBcc: everybody@fernhill.example")
    mailing.send_due(NOON)
    assert mail.outbox[0].subject == "Hello Bcc: everybody@fernhill.example"
    assert not mail.outbox[0].bcc


def test_the_practice_mailbox_shows_what_would_have_been_sent(
    db: None, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH, settings.MAIL_FOLDER = str(tmp_path), tmp_path
    queued(subject="Grüße aus Fernhill", text="Open https://fernhill.example/x/ today.")
    mailing.send_due(NOON)
    (letter,) = mailbox.letters(tmp_path)
    assert (letter.subject, letter.to, letter.text) == (
        "Grüße aus Fernhill",
        "rosa@fernhill.example",
        "Open https://fernhill.example/x/ today.",
    )
    client.force_login(make_user("officer"))
    assert 'href="https://fernhill.example/x/"' in client.get("/mailbox/").content.decode()
    settings.PRACTICE = False
    assert client.get("/mailbox/").status_code == 404


def test_the_test_button_goes_through_the_queue_and_says_what_happened(db: None, client: Client) -> None:
    admin = make_user("administrator")
    client.force_login(admin)
    assert client.post("/settings/mail/test/")["Location"] == "/settings/mail/"
    assert not mail.outbox
    assert "On its way" in client.get("/settings/mail/").content.decode()
    DOWN.append(smtplib.SMTPAuthenticationError(535, b"Bad credentials"))
    mailing.send_due(clock.now())
    assert "535: Bad credentials" in client.get("/settings/mail/tests/").content.decode()
    Mail.objects.update(next_at=NOON)
    mailing.send_due(clock.now())
    page = client.get("/settings/mail/tests/").content.decode()
    assert "Sent" in page
    assert "hx-get" not in page
    assert [letter.to for letter in mail.outbox] == [[admin.email]]
