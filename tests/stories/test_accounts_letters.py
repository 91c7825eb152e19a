"""Who is mailed about what, and when: always in the app, by mail as the person wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts import digests, events, keyring, notifications
from accounts.models import Mail, Notification, User
from tests.factories import NOON, make_town, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters(user: User) -> list[str]:
    return [keyring.open_(mail.sealed, f"v1|mail|{mail.key}") for mail in Mail.objects.filter(user=user).order_by("pk")]


def tell(user: User, event: str, words: str, now: datetime = NOON) -> None:
    assert notifications.tell(user, event, words, "/inbox/", now=now)


@pytest.mark.parametrize(("how", "mails"), [("now", 1), ("day", 0), ("week", 0), ("off", 0)])
def test_the_app_tells_always_and_mail_as_chosen(how: str, mails: int) -> None:
    user = make_user("officer")
    notifications.choose(user, {"inbox.assigned": how})
    tell(user, "inbox.assigned", "Amara gave you a conversation.")
    assert Notification.objects.filter(user=user).count() == 1
    assert Mail.objects.filter(user=user).count() == mails


def test_mails_about_the_own_account_cannot_be_switched_off() -> None:
    user = make_user("officer")
    notifications.choose(user, dict.fromkeys(events.STARTS, "off"))
    tell(user, "reset_link", "Somebody made a link with which your password can be reset.")
    tell(user, "emergency.overdue", "The next update is due.")
    tell(user, "inbox.assigned", "A conversation.")
    assert Mail.objects.filter(user=user).count() == 2


def test_a_daily_letter_goes_at_half_past_seven_of_the_town_and_tells_each_thing_once() -> None:
    make_town(zone="America/New_York")
    user = make_user("officer")
    notifications.choose(user, {"inbox.assigned": "day"})
    tell(user, "inbox.assigned", "First thing.", datetime(2026, 11, 18, 20, tzinfo=UTC))
    tell(user, "inbox.assigned", "Second thing.", datetime(2026, 11, 19, 2, tzinfo=UTC))
    assert digests.post_due(datetime(2026, 11, 19, 12, 29, tzinfo=UTC)) == 0
    assert digests.post_due(datetime(2026, 11, 19, 12, 30, tzinfo=UTC)) == 1
    tell(user, "inbox.assigned", "Third thing.", datetime(2026, 11, 19, 13, tzinfo=UTC))
    assert digests.post_due(datetime(2026, 11, 19, 18, tzinfo=UTC)) == 0
    assert digests.post_due(datetime(2026, 11, 20, 12, 31, tzinfo=UTC)) == 1
    first, second = letters(user)
    assert first.index("First thing.") < first.index("Second thing.")
    assert "Third thing." not in first
    assert "First thing." not in second
    assert "/me/mail/?stop=day" in first


def test_what_was_read_meanwhile_is_left_out_and_an_empty_letter_is_not_sent() -> None:
    make_town(zone="UTC")
    user = make_user("officer")
    notifications.choose(user, {"inbox.assigned": "day"})
    tell(user, "inbox.assigned", "Seen already.", NOON)
    notifications.mark_read(user, NOON)
    assert digests.post_due(NOON + DAY) == 0
    assert not Mail.objects.exists()
    assert not Notification.objects.exclude(digest="").exists()


@pytest.mark.parametrize(
    ("zone", "now", "day", "week"),
    [
        ("Europe/London", "2026-03-29T06:29", "2026-03-28T07:30", "2026-03-23T07:30"),
        ("Europe/London", "2026-03-29T06:30", "2026-03-29T06:30", "2026-03-23T07:30"),
        ("Europe/London", "2026-10-26T07:30", "2026-10-26T07:30", "2026-10-26T07:30"),
        ("Pacific/Auckland", "2026-11-22T18:30", "2026-11-22T18:30", "2026-11-22T18:30"),
        ("America/New_York", "2026-11-23T12:29", "2026-11-22T12:30", "2026-11-16T12:30"),
    ],
)
def test_half_past_seven_is_the_towns_in_summer_and_winter(zone: str, now: str, day: str, week: str) -> None:
    moment = datetime.fromisoformat(f"{now}+00:00")
    assert digests.last("day", zone, moment).isoformat()[:16] == day
    assert digests.last("week", zone, moment).isoformat()[:16] == week


def test_a_link_in_a_letter_stops_it_only_for_the_person_signed_in(client: Client) -> None:
    user, other = make_user("officer"), make_user("officer")
    notifications.choose(user, {"inbox.assigned": "day"})
    notifications.choose(other, {"inbox.assigned": "day"})
    assert client.get("/me/mail/?stop=day")["Location"].startswith("/account/login/")
    client.force_login(user)
    assert "stop the daily letter" in client.get("/me/mail/?stop=day").content.decode()
    assert notifications.how_for(user, "inbox.assigned") == "day"
    client.post("/me/mail/", {"stop": "day"})
    assert notifications.how_for(user, "inbox.assigned") == "off"
    assert notifications.how_for(user, "inbox.overdue") == "now"
    assert notifications.how_for(other, "inbox.assigned") == "day"


def test_choices_are_made_on_the_page_and_only_what_differs_is_kept(client: Client) -> None:
    user = make_user("officer")
    client.force_login(user)
    page = client.get("/me/mail/")
    assert page.status_code == 200
    place = next(n for n, event in enumerate(events.EVENTS) if event.start == "post.to_sign")
    client.post("/me/mail/", {f"how-{place}": "week"})
    assert list(user.notification_choices.values_list("event", "how")) == [("post.to_sign", "week")]
    assert client.post("/me/mail/", {f"how-{place}": "pigeon"}).status_code == 422


def test_every_event_has_a_line_of_its_own_or_a_line_for_the_rest() -> None:
    assert events.of("inbox.assigned").words == "A conversation is given to me"
    assert events.of("inbox.new").start == "inbox."
    assert events.of("something").start == ""
    assert len(events.STARTS) == len(events.EVENTS)
